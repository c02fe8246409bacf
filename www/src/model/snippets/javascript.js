// The call as a program for Node.js, with this package.

import { Hidden } from "../secrets.js";
import { environmentName } from "./names.js";

const LOOP_BACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** @param {import("./index.js").Request} request */
export function javascript(request) {
  return program(request, `const answer = await client.call(${call(request)});`);
}

/** The same, typed: the answer's fields are known to the compiler. */
export function typescript(request) {
  const lines = [`const answer = await client.call(${call(request, (name) => `${name} ?? ""`)});`];
  return program(request, lines.join("\n"));
}

function program({ zone, endpoint, signatureMethod }, work) {
  const options = ["...fromEnv()"];
  if (zone) options.push(`zone: ${JSON.stringify(zone)}`);
  if (endpoint) options.push(`endpoint: ${JSON.stringify(endpoint)}`);
  // The client wants it said that what is sent can be read on the way.
  if (endpoint && /^http:/i.test(endpoint) && !LOOP_BACK.test(new URL(endpoint).hostname)) options.push("allowInsecureHttp: true");
  if (signatureMethod) options.push(`signatureMethod: ${JSON.stringify(signatureMethod)}`);
  const given = options.length === 1 ? "fromEnv()" : `{ ${options.join(", ")} }`;
  return `import { QingCloudClient } from "qingcloud-wasm";
import { fromEnv } from "qingcloud-wasm/node";

// The key is read from QINGCLOUD_ACCESS_KEY_ID and QINGCLOUD_SECRET_ACCESS_KEY.
const client = new QingCloudClient(${given});
${work}
console.log(answer);
client.free();
`;
}

function call({ action, params, method, expiresInSeconds }, secret = (name) => name) {
  const options = [];
  if (method) options.push(`method: ${JSON.stringify(method)}`);
  if (expiresInSeconds) options.push(`expiresInSeconds: ${expiresInSeconds}`);
  const parts = [JSON.stringify(action)];
  const isEmpty = Object.keys(params).length === 0;
  if (!isEmpty || options.length > 0) parts.push(isEmpty ? "{}" : literal(params, "", secret));
  if (options.length > 0) parts.push(`{ ${options.join(", ")} }`);
  return parts.join(", ");
}

function literal(value, indent, secret) {
  if (value instanceof Hidden) return secret(`process.env.${environmentName(value.name)}`);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Array.isArray(value)
    ? value.map((item) => literal(item, `${indent}  `, secret))
    : Object.entries(value).map(([name, inner]) => `${key(name)}: ${literal(inner, `${indent}  `, secret)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return open + close;
  const line = Array.isArray(value) ? `[${entries.join(", ")}]` : `{ ${entries.join(", ")} }`;
  // The parameters themselves stand one on a line, however short.
  if (indent !== "" && line.length + indent.length <= 80 && !line.includes("\n")) return line;
  return `${open}\n${entries.map((entry) => `${indent}  ${entry},\n`).join("")}${indent}${close}`;
}

function key(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__" ? name : name === "__proto__" ? '["__proto__"]' : JSON.stringify(name);
}
