// Takes signed text apart for colouring, and never changes a character of it: joined, the parts are the text again.

import { isSecret } from "./secrets.js";

/** What every request carries; the rest is the call's own. */
export const PUBLIC = new Set(["access_key_id", "action", "expires", "req_id", "signature_method", "signature_version", "time_stamp", "token", "version", "zone"]);

/**
 * @typedef {{ kind: string, text: string, name?: string }} Part
 * `kind`: method, origin, path, mark, public-name, public-value, name, value, secret or signature;
 * `name` is the parameter that a name or a value belongs to.
 */

/** The parts of a signed URL. @returns {Part[]} */
export function urlParts(url, action) {
  const pathAt = url.indexOf("/", url.indexOf("://") + 3);
  const queryAt = url.indexOf("?");
  const pathEnd = queryAt < 0 ? url.length : queryAt;
  const parts = [
    { kind: "origin", text: url.slice(0, pathAt) },
    { kind: "path", text: url.slice(pathAt, pathEnd) },
  ];
  return queryAt < 0 ? parts : [...parts, { kind: "mark", text: "?" }, ...queryParts(url.slice(queryAt + 1), action)];
}

/** The parts of a query or a form body. @returns {Part[]} */
export function queryParts(query, action) {
  return query.split("&").flatMap((pair, at) => [...(at > 0 ? [{ kind: "mark", text: "&" }] : []), ...pairParts(pair, action)]);
}

/** The parts of a string to sign: method, path, query, each on a line. @returns {Part[]} */
export function stringToSignParts({ method, path, canonicalQuery }, action) {
  return [{ kind: "method", text: method }, { kind: "mark", text: "\n" }, { kind: "path", text: path }, { kind: "mark", text: "\n" }, ...queryParts(canonicalQuery, action)];
}

function pairParts(pair, action) {
  const at = pair.indexOf("=");
  const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
  const plain = decoded(name);
  const [nameKind, valueKind] = kindsOf(plain, action);
  const parts = [{ kind: nameKind, text: name, name: plain }];
  if (at >= 0) parts.push({ kind: "mark", text: "=" });
  if (value !== "") parts.push({ kind: valueKind, text: value, name: plain });
  return parts;
}

function kindsOf(name, action) {
  if (name === "signature") return ["public-name", "signature"];
  if (name === "token") return ["public-name", "secret"];
  if (PUBLIC.has(name)) return ["public-name", "public-value"];
  return ["name", isSecret(action, name) ? "secret" : "value"];
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
