// What a form field holds, and what it becomes in the parameters. A draft is what stands in the form: text, lists and
// objects of drafts. Whatever a field cannot hold (a string for a list, say) stays as it was given, in a `Raw`.

/** A value as it was given, because the field has no place for it. */
export class Raw {
  constructor(value) {
    this.value = value;
  }
}

/** Which control edits this field: text, integer, number, boolean, json, list or object. */
export function controlOf(field) {
  if (field.type === "array") return "list";
  if (field.type === "json") return "json";
  if (field.type === "object") return field.fields ? "object" : "json";
  if (field.type === "integer" || field.type === "number" || field.type === "boolean") return field.type;
  return "text";
}

/** The field that edits one item of a list. */
export function itemOf(field) {
  return field.fields
    ? { name: field.name, type: "object", fields: field.fields }
    : { name: field.name, type: field.items ?? "string", choices: field.choices, secret: field.secret };
}

/** The draft of a field that nobody has filled in. */
export function blank(field) {
  return { list: [], object: {} }[controlOf(field)] ?? "";
}

/** The value to send for `draft`; undefined when there is none. */
export function valueOf(field, draft) {
  if (draft instanceof Raw) return draft.value;
  switch (controlOf(field)) {
    case "list":
      return filled(draft.map((item) => valueOf(itemOf(field), item)).filter((value) => value !== undefined));
    case "object":
      return objectOf(field, draft);
    case "json":
      return jsonOf(draft);
    case "integer":
      return /^-?\d+$/.test(draft) && Number.isSafeInteger(Number(draft)) ? Number(draft) : textOf(draft);
    case "number":
      return draft.trim() !== "" && String(Number(draft)) === draft ? Number(draft) : textOf(draft);
    case "boolean":
      return draft === "" ? undefined : draft === "true";
    default:
      return textOf(draft);
  }
}

/** The draft that gives `value` back. */
export function draftOf(field, value) {
  switch (controlOf(field)) {
    case "list":
      // An empty list in the form means "not sent".
      return Array.isArray(value) && value.length > 0 ? value.map((item) => draftOf(itemOf(field), item)) : new Raw(value);
    case "object":
      return isPlain(value) ? draftOfObject(field, value) : new Raw(value);
    case "json":
      if (typeof value !== "string") return JSON.stringify(value);
      return value !== "" && jsonOf(value) === value ? value : new Raw(value);
    case "boolean":
      return typeof value === "boolean" ? String(value) : new Raw(value);
    case "integer":
    case "number":
      return isScalar(value) ? String(value) : new Raw(value);
    default:
      // An empty text in the form means "not sent".
      return isScalar(value) && value !== "" ? String(value) : new Raw(value);
  }
}

/** What is wrong with what stands in the field, as the name of a message; undefined when nothing is. */
export function complaint(field, draft) {
  if (draft instanceof Raw || draft === "") return undefined;
  switch (controlOf(field)) {
    case "integer":
      return /^-?\d+$/.test(draft) ? undefined : "notInteger";
    case "number":
      return Number.isFinite(Number(draft)) && draft.trim() !== "" ? undefined : "notNumber";
    case "json":
      return isJson(draft) ? undefined : "notJson";
    case "text":
      return field.type === "timestamp" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(draft) ? "notTimestamp" : undefined;
    default:
      return undefined;
  }
}

function objectOf(field, draft) {
  const parts = field.fields.map((part) => [part.name, valueOf(part, draft[part.name] ?? blank(part))]);
  const others = Object.entries(draft).filter(([name, extra]) => extra instanceof Raw && !field.fields.some((part) => part.name === name));
  const entries = [...parts, ...others.map(([name, { value }]) => [name, value])].filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function draftOfObject(field, value) {
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const part = field.fields.find((known) => known.name === name);
      return [name, part ? draftOf(part, inner) : new Raw(inner)];
    }),
  );
}

function textOf(draft) {
  return draft === "" ? undefined : draft;
}

function filled(list) {
  return list.length === 0 ? undefined : list;
}

/** Text that looks like a JSON list, object or string is one; anything else is sent as it stands. */
function jsonOf(draft) {
  if (draft.trim() === "") return undefined;
  return /^\s*[[{"]/.test(draft) && isJson(draft) ? JSON.parse(draft) : draft;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// A number and its digits are the same thing once they are sent.
function isScalar(value) {
  return typeof value === "string" || typeof value === "number";
}

function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
