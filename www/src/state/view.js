// Which view and action the page shows.

import { signal } from "@preact/signals";

/** explore, doctor or tour. */
export const view = signal("explore");

/** The chosen action's name; undefined before any was chosen. */
export const actionName = signal();
