// From what stands in the form to the parameters of a call, and back; the form can also be one JSON text.

import { blank, draftOf, Raw, valueOf } from "./fields.js";

/** The parameters that `draft` (field name → draft) says. What the catalogue does not know stands behind what it does. */
export function paramsOf(action, draft) {
  const known = action.parameters.map((field) => [field.name, valueOf(field, draft[field.name] ?? blank(field))]);
  const others = othersOf(action, draft).map((name) => [name, draft[name].value]);
  // By entries, so that a parameter called __proto__ is one like all others.
  return Object.fromEntries([...known, ...others].filter(([, value]) => value !== undefined));
}

/** The draft that gives `params` back. */
export function draftOfParams(action, params) {
  const given = Object.entries(params).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const field = action.parameters.find((known) => known.name === name);
      return [name, field ? draftOf(field, value) : new Raw(value)];
    }),
  );
}

/** The names in `draft` that the action's fields do not show. */
export function othersOf(action, draft) {
  return Object.keys(draft).filter((name) => draft[name] instanceof Raw && !action.parameters.some((field) => field.name === name));
}

/** What a field for any value makes of `text`: a list or an object if it is one in JSON, otherwise the text. */
export function anyOf(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The text that such a field shows. */
export function textOfAny(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Reads the JSON form of the parameters.
 * @returns {{ params: object } | { problem: string, detail?: string }} `problem` names a message
 */
export function readJson(text) {
  if (text.trim() === "") return { params: {} };
  let params;
  let unsafe;
  try {
    params = JSON.parse(text, (_, value) => {
      // Such a number has lost digits by now.
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) unsafe = value;
      return value;
    });
  } catch (error) {
    return { problem: "jsonBroken", detail: error.message };
  }
  if (typeof params !== "object" || params === null || Array.isArray(params)) return { problem: "jsonNotObject" };
  return unsafe === undefined ? { params } : { problem: "jsonUnsafeNumber", detail: String(unsafe) };
}

/** The JSON form of the parameters. */
export function writeJson(params) {
  return JSON.stringify(params, null, 2);
}
