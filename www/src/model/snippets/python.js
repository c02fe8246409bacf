// The call as a program for Python, with the official SDK (PyPI `qingcloud-sdk`). Its methods cover a part of the
// actions; `send_request`, which they all end in, takes any.

import { Hidden } from "../secrets.js";
import { environmentName } from "./names.js";

const DEFAULT_HOST = "api.qingcloud.com";

/** @param {import("./index.js").Request} request */
export function python(request) {
  const { action, params, zone, endpoint, method, encodingOf } = request;
  const address = new URL(endpoint || `https://${DEFAULT_HOST}/iaas/`);
  const entries = Object.entries(params).map(([name, value]) => `    ${text(name)}: ${argument(value, encodingOf(name))},\n`);
  const body = entries.length === 0 ? "{}" : `{\n${entries.join("")}}`;
  const extra = [];
  if (address.pathname !== "/iaas/") extra.push(`url=${text(address.pathname)}`);
  if (method === "POST") extra.push('verb="POST"');
  const send = `answer = conn.send_request(${[text(action), body, ...extra].join(", ")})`;
  const imports = ["import os"];
  if (entries.some((entry) => entry.includes("json.dumps("))) imports.unshift("import json");
  if (request.expiresInSeconds) imports.push("import time");
  return `${imports.join("\n")}

from qingcloud.iaas import APIConnection

conn = APIConnection(
    os.environ["QINGCLOUD_ACCESS_KEY_ID"],
    os.environ["QINGCLOUD_SECRET_ACCESS_KEY"],
${connection(address, zone)})
${expiry(request)}${send}
print(answer)
`;
}

function connection(address, zone) {
  const lines = [`zone=${zone ? text(zone) : "None"}`];
  const port = address.port || (address.protocol === "http:" ? "80" : "443");
  if (address.hostname !== DEFAULT_HOST) lines.push(`host=${text(address.hostname)}`);
  if (port !== "443") lines.push(`port=${port}`);
  if (address.protocol === "http:") lines.push('protocol="http"');
  return lines.map((line) => `    ${line},\n`).join("");
}

/** The SDK sends `expires` as it is given to it: a time, not a duration. */
function expiry({ expiresInSeconds }) {
  if (!expiresInSeconds) return "";
  return `conn.expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + ${expiresInSeconds}))\n`;
}

function argument(value, encoding) {
  if (typeof value === "boolean") return encoding === "boolean" ? `"${value}"` : value ? "1" : "0";
  if (typeof value === "object" && !(value instanceof Hidden) && (encoding === "json" || !Array.isArray(value))) {
    return `json.dumps(${literal(value)}, sort_keys=True)`;
  }
  // The SDK writes True into a query; the service knows 1 and 0.
  return literal(value, "1", "0");
}

function literal(value, yes = "True", no = "False") {
  if (value instanceof Hidden) return `os.environ["${environmentName(value.name)}"]`;
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? yes : no;
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, yes, no)).join(", ")}]`;
  return `{${Object.entries(value).map(([name, inner]) => `${text(name)}: ${literal(inner, yes, no)}`).join(", ")}}`;
}

/** A JSON text is a Python string too, once its surrogate pairs are written as what they are. */
function text(value) {
  return JSON.stringify(value).replace(/\u2028/g, "\\u2028").replace(/\u2029/g, "\\u2029");
}
