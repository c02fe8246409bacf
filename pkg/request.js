// What both signers share: the fixed fields in front of the parameters, and the steps of a signature.

import { QingCloudError } from "./error.js";

/** The options of everything that signs. */
export const SIGN_OPTIONS = new Set(["method", "zone", "expiresInSeconds", "requestId"]);

function refuse(message, cause) {
  return new QingCloudError({ kind: "options", message, cause });
}

/** Reads the options that are signed, and looks for unknown ones. */
function readOptions(action, options, known) {
  let unknown;
  let read;
  try {
    unknown = Object.keys(options).find((name) => !known.has(name));
    const { zone, requestId, method, expiresInSeconds } = options;
    read = { zone, requestId, method, expiresInSeconds };
  } catch (cause) {
    throw refuse(`${action}: the options cannot be read: a getter or a proxy among them threw`, cause);
  }
  if (unknown !== undefined) throw refuse(`${action}: unknown option ${JSON.stringify(unknown)}; known are ${[...known].join(", ")}`);
  return read;
}

/** Writes action, zone, req_id, method, expires and parameters, in the order `Call::read` reads. */
export function writeCall(writer, action, params, options, known) {
  if (typeof action !== "string" || action === "") {
    throw new QingCloudError({ kind: "parameters", message: "the action must be a non-empty string such as \"DescribeInstances\"" });
  }
  writer.text(action, "action");
  if (options === undefined || options === null) {
    writer.null();
    writer.null();
    writer.null();
    writer.null();
  } else {
    if (typeof options !== "object") throw refuse(`${action}: the options must be an object`);
    const { zone, requestId, method, expiresInSeconds } = readOptions(action, options, known);
    optionalText(writer, action, "zone", zone);
    optionalText(writer, action, "requestId", requestId);
    if (method !== undefined && method !== "GET" && method !== "POST") throw refuse(`${action}: "method" must be "GET" or "POST"`);
    optionalText(writer, action, "method", method);
    if (expiresInSeconds === undefined) {
      writer.null();
    } else {
      if (!Number.isInteger(expiresInSeconds) || expiresInSeconds < 1 || expiresInSeconds > 0xffffffff) {
        throw refuse(`${action}: "expiresInSeconds" must be a whole number of at least 1`);
      }
      writer.number(expiresInSeconds);
    }
  }
  writer.parameters(params);
}

function optionalText(writer, action, name, value) {
  if (value === undefined) {
    writer.null();
  } else if (typeof value !== "string" || value === "") {
    throw refuse(`${action}: "${name}" must be a non-empty string`);
  } else {
    writer.text(value, name);
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
