// The address of what the page shows, in the part behind "#": it goes to no server, and holds no key and no secret.
//
// Where a request is sent is not in it either: a link must not be able to send what others sign to a place of its own.

import { withoutSecrets } from "./secrets.js";

export const VIEWS = ["explore", "doctor", "tour"];

const METHODS = ["GET", "POST"];
const SIGNATURES = ["HmacSHA256", "HmacSHA1"];

/** @returns a text that starts with "#/" */
export function hashOf({ view, action, params, request = {} }) {
  if (view !== "explore") return `#/${view}`;
  if (!action) return "#/";
  const query = [];
  const shared = withoutSecrets(action, params ?? {});
  if (Object.keys(shared).length > 0) query.push(["params", JSON.stringify(shared)]);
  for (const name of ["zone", "method", "signatureMethod", "expiresInSeconds", "time"]) {
    if (request[name]) query.push([name, String(request[name])]);
  }
  const text = query.map(([name, value]) => `${name}=${readable(value)}`).join("&");
  return `#/${encodeURIComponent(action.name)}${text && `?${text}`}`;
}

/** What a hash says; nothing in it is trusted. `params` and `request` are missing when it only names an action. */
export function readHash(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split(/\?(.*)/s);
  if (VIEWS.includes(path) && path !== "explore") return { view: path };
  const action = decode(path) || undefined;
  if (query === "") return { view: "explore", action };
  const fields = new Map(query.split("&").map((pair) => pair.split(/=(.*)/s).slice(0, 2).map((text = "") => decode(text))));
  const request = {
    zone: short(fields.get("zone")),
    method: METHODS.find((name) => name === fields.get("method")) ?? "",
    signatureMethod: SIGNATURES.find((name) => name === fields.get("signatureMethod")) ?? "",
    expiresInSeconds: /^\d{1,9}$/.test(fields.get("expiresInSeconds")) ? fields.get("expiresInSeconds") : "",
    time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(fields.get("time")) ? fields.get("time") : "",
  };
  return { view: "explore", action, params: parameters(fields.get("params")), request };
}

function parameters(text = "{}") {
  try {
    const params = JSON.parse(text);
    return typeof params === "object" && params !== null && !Array.isArray(params) ? params : {};
  } catch {
    return {};
  }
}

function short(text = "") {
  return text.length <= 64 ? text : "";
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** The rest of the encoding is what the reading side and mail programs need. */
function readable(text) {
  return encodeURIComponent(text).replace(/%(2C|3A|2F)/g, decodeURIComponent);
}
