// What both signers share: the fixed fields in front of the parameters, and the steps of a signature.

import { QingCloudError } from "./error.js";
import { LONE_SURROGATE } from "./tree.js";

/** The options of everything that signs. */
export const SIGN_OPTIONS = new Set(["method", "zone", "expiresInSeconds", "requestId"]);

function refuse(owner, problem, cause) {
  return new QingCloudError({ kind: "options", message: `${owner}: ${problem}`, cause });
}

/** What an options object holds, lists copied: known names only, each getter run once. */
export function readOptions(owner, options, known) {
  if (typeof options !== "object" || options === null) throw refuse(owner, "the options must be an object");
  let values;
  try {
    values = { ...options };
    for (const [name, value] of Object.entries(values)) if (Array.isArray(value)) values[name] = [...value];
  } catch (cause) {
    throw refuse(owner, "the options cannot be read: a getter among them threw", cause);
  }
  for (const name of Object.keys(values)) {
    if (!known.has(name)) throw refuse(owner, `unknown option ${JSON.stringify(name)}; known are ${[...known].join(", ")}`);
  }
  return values;
}

/**
 * Writes action, zone, req_id, method, expires and parameters, in the order `Call::read` reads. Gives the options as
 * they are now, undefined where there are none.
 */
export function writeCall(writer, action, params, options, known) {
  if (typeof action !== "string" || action === "") {
    throw new QingCloudError({ kind: "parameters", message: "the action must be a non-empty string such as \"DescribeInstances\"" });
  }
  writer.text(action, "action");
  let values;
  if (options === undefined || options === null) {
    writer.nulls(4);
  } else {
    values = readOptions(action, options, known);
    const { zone, requestId, method, expiresInSeconds } = values;
    if (method !== undefined && method !== "GET" && method !== "POST") throw refuse(action, "\"method\" must be \"GET\" or \"POST\"");
    writeText(writer, action, "zone", zone);
    writeText(writer, action, "requestId", requestId);
    writeText(writer, action, "method", method);
    writeCount(writer, action, "expiresInSeconds", expiresInSeconds);
  }
  writer.parameters(params);
  return values;
}

/** Writes the option `name`, a text, or null where it is left out. */
export function writeText(writer, owner, name, value) {
  if (value === undefined) {
    writer.nulls(1);
  } else if (typeof value !== "string" || value === "" || LONE_SURROGATE.test(value)) {
    throw refuse(owner, `"${name}" must be a non-empty, well-formed string`);
  } else {
    writer.text(value, name);
  }
}

/** Writes the option `name`, a whole number from 1 on, or null where it is left out. */
export function writeCount(writer, owner, name, value) {
  if (value === undefined) {
    writer.nulls(1);
  } else if (!Number.isInteger(value) || value < 1 || value > 0xffffffff) {
    throw refuse(owner, `"${name}" must be a whole number from 1 to 4294967295`);
  } else {
    writer.number(value);
  }
}

/** The signed request that `text` is: a URL for GET, a form body for POST. */
export function signedRequest(text, isPost, module) {
  return isPost
    ? { method: "POST", url: module.url(), headers: { "content-type": "application/x-www-form-urlencoded" }, body: text }
    : { method: "GET", url: text, headers: {} };
}

/** Every step of a signature, read off the signed text: what was signed is what is sent. */
export function explanation(text, isPost, module) {
  const { method, url, body } = signedRequest(text, isPost, module);
  const endpointUrl = module.url();
  const path = endpointUrl.slice(endpointUrl.indexOf("/", endpointUrl.indexOf("://") + 3));
  const query = isPost ? text : text.slice(endpointUrl.length + 1);
  const end = query.lastIndexOf("&signature=");
  const canonicalQuery = query.slice(0, end);
  const parameters = canonicalQuery.split("&").map((pair) => pair.split("=").map(decodeURIComponent));
  const steps = {
    method,
    path,
    parameters,
    canonicalQuery,
    stringToSign: `${method}\n${path}\n${canonicalQuery}`,
    signature: decodeURIComponent(query.slice(end + "&signature=".length)),
    url,
  };
  return isPost ? { ...steps, body } : steps;
}
