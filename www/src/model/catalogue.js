// The catalogue as the page uses it: actions by name and by service, structures resolved, texts by language.
// The only file that knows the shape of catalogue.json.

import { titleOf } from "../words/titles.js";

/**
 * @param {object} json what `qingcloud-wasm/catalogue.json` holds
 * @returns the index that everything else reads
 */
export function readCatalogue(json) {
  const actions = new Map();
  for (const [name, raw] of Object.entries(json.actions)) {
    actions.set(name, {
      name,
      service: raw.service,
      class: raw.class,
      method: raw.method ?? "GET",
      hasJob: raw.job !== undefined,
      isList: raw.list !== undefined,
      description: raw.description,
      parameters: raw.parameters
        .filter((parameter) => !parameter.common)
        .map((parameter) => field(parameter, json.structures))
        .sort((a, b) => weight(a) - weight(b)),
      zone: zoneOf(raw.parameters.find((parameter) => parameter.common)),
    });
  }
  return {
    actions,
    services: Object.entries(json.services).map(([id, { title, actions: names }]) => ({ id, title, actions: names.map((name) => actions.get(name)) })),
    codes: new Map(json.codes.map((code) => [code.code, code])),
    zones: json.zones.filter(({ current }) => current).map(({ id }) => id),
  };
}

/** The zone, where an action takes one: whether it has to be given. */
function zoneOf(parameter) {
  return parameter && { required: parameter.required ?? "no" };
}

/** A parameter, or a field inside one, with its item's fields at hand. */
function field({ name, type, items, values: choices, default: preset, max, required, secret, fields, itemRequired: demanded = [], encoding, description }, structures) {
  const inner = fields ?? structures[items];
  return {
    name,
    type,
    items: inner ? "object" : items,
    choices,
    preset,
    max,
    required: required ?? "no",
    secret: secret === true,
    encoding,
    description,
    fields: inner?.map((part) => ({ ...field(part, structures), required: demanded.includes(part.name) ? "documented" : "no" })),
  };
}

// They are on many lists and mean the same on all of them.
const PAGING = ["search_word", "limit", "offset", "sort_key", "reverse", "verbose"];

/** Where a parameter stands in the form: what is described first, what only turns pages last. */
function weight({ name, description }) {
  return PAGING.includes(name) ? 2 + PAGING.indexOf(name) : description ? 0 : 1;
}

/** What an action is called in `language`: the catalogue's own sentence where it has one. */
export function describe(action, language) {
  return action.description?.[language] ?? titleOf(action.name, language);
}

/** The name of a service in `language`. */
export function serviceName(service, language) {
  return service.title[language] ?? service.id;
}

/** What a return code means: `{ code, name, cause, mend, retryable }` in `language`; undefined for an unknown one. */
export function returnCode(catalogue, code, language) {
  const found = catalogue.codes.get(code);
  return found && { code, name: found.name, cause: found.cause?.[language], mend: found.mend?.[language], retryable: found.retryable };
}
