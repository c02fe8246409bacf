// Which of the right-hand panels is on show, and what is shown in them.

import { signal } from "@preact/signals";

/** signing, code, answer or history. */
export const outputTab = signal("signing");

/** Whether the form is on show, where form and output share a column. */
export const isFormShown = signal(true);

/** The language of the snippet. */
export const codeLanguage = signal("javascript");

/** Whether secret values are shown. */
export const areSecretsShown = signal(false);

/** The parameter under the pointer: it lights up wherever it stands. */
export const pointedAt = signal();
