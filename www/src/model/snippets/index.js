// Programs that make the call the form describes. Keys and secret values come from the environment, never from the text.

import { Hidden, withoutSecrets } from "../secrets.js";
import { javascript, typescript } from "./javascript.js";
import { python } from "./python.js";

export { curl } from "./curl.js";
export { environmentName } from "./names.js";

/**
 * @typedef {object} Request
 * @property {string} action
 * @property {object} params secret values replaced by `Hidden`
 * @property {string} [zone]
 * @property {string} [endpoint] where it is not the default
 * @property {string} [method]
 * @property {string} [signatureMethod]
 * @property {number} [expiresInSeconds]
 * @property {(parameter: string) => string | undefined} encodingOf
 */

export const PROGRAMS = { javascript, typescript, python };

/** What the writers need, from an action of the catalogue (or just a name) and what the form says. */
export function requestOf(action, { params, zone, endpoint, method, signatureMethod, expiresInSeconds }) {
  return {
    action: action.name,
    params: withoutSecrets(action, params, (path) => new Hidden(path)),
    zone: zone || undefined,
    endpoint: endpoint || undefined,
    method: method || undefined,
    signatureMethod: signatureMethod || undefined,
    expiresInSeconds: expiresInSeconds ? Number(expiresInSeconds) : undefined,
    encodingOf: (name) => encodingIn(action, name, params),
  };
}

function encodingIn(action, name, params) {
  const field = action.parameters?.find((parameter) => parameter.name === name);
  if (field?.type === "boolean") return "boolean";
  if (field?.encoding === "json_in_project") return "project_id" in params ? "json" : "indexed";
  return field?.encoding;
}
