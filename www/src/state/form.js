// What stands in the forms: a draft for each action that was looked at, so that coming back loses nothing.

import { computed, signal } from "@preact/signals";
import { draftOfParams, paramsOf, readJson, writeJson } from "../model/form.js";
import { actionNamed } from "./catalogue.js";
import { actionName } from "./view.js";

const EMPTY = { mode: "form", draft: {}, text: "{}" };

/**
 * Action name → `{ mode, draft, text, cleared }`: the form, or JSON text where the mode is "json"; `cleared` is what stood in
 * a form that was emptied. Until the first change, what was given from outside stands as `{ mode, given }`: which fields it
 * goes into, the catalogue says, and that may still load.
 */
const forms = signal({});

/** The chosen action, of the catalogue or only named. */
export const action = computed(() => (actionName.value ? actionNamed(actionName.value) : undefined));

/** What stands in its form. */
export const form = computed(() => {
  const { mode, given, ...rest } = forms.value[actionName.value] ?? EMPTY;
  return given ? { mode, draft: draftOfParams(action.value, given), text: writeJson(given) } : { mode, ...rest };
});

/** `{ params }`, or `{ problem, detail }` where the JSON text is none. */
export const params = computed(() => {
  if (!action.value) return { params: {} };
  const { mode, draft, text } = form.value;
  return mode === "json" ? readJson(text) : { params: paramsOf(action.value, draft) };
});

export function setField(name, draft) {
  update({ draft: { ...form.value.draft, [name]: draft } });
}

export function removeField(name) {
  const { [name]: _, ...draft } = form.value.draft;
  update({ draft });
}

export function setText(text) {
  update({ text });
}

/** Changes between form and JSON; stays with JSON that cannot be read. */
export function setMode(mode) {
  if (mode === form.value.mode) return;
  if (mode === "json") {
    update({ mode, text: writeJson(params.value.params) });
  } else if (params.value.params) {
    update({ mode, draft: draftOfParams(action.value, params.value.params) });
  }
}

/** Fills the form of the action called `name`. */
export function setParams(name, given) {
  const { mode } = forms.value[name] ?? EMPTY;
  forms.value = { ...forms.value, [name]: { mode, given } };
}

/** Empties the form; what stood in it can be brought back until something else changes. */
export function clearForm() {
  const { cleared: _, ...before } = form.value;
  const isEmpty = params.value.params && Object.keys(params.value.params).length === 0;
  update({ draft: {}, text: "{}", cleared: isEmpty ? undefined : before });
}

export function restoreForm() {
  update(form.value.cleared);
}

function update(change) {
  forms.value = { ...forms.value, [actionName.value]: { ...form.value, cleared: undefined, ...change } };
}
