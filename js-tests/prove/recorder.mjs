// Loaded before each test of `prove/secrets.mjs`: notes every QingCloudError that is made and every request that is
// sent, and writes them down when the test ends. What is printed is heard by who started the test.

import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import { inspect } from "node:util";

const errors = new Map();
const sent = [];
const LIMIT = 5_000;

// The class in the package extends whatever `Error` is when it is defined.
const { Error: Original } = globalThis;
globalThis.Error = new Proxy(Original, {
  construct(target, args, newTarget) {
    const error = Reflect.construct(target, args, newTarget);
    // Without the line numbers most of them are the same.
    if (newTarget.name === "QingCloudError" && errors.size < LIMIT) errors.set(`${error.message} ${errors.size < 500 ? errors.size : ""}`, error);
    return error;
  },
});

subscribe("undici:request:create", ({ request }) => {
  if (sent.length < LIMIT) sent.push(`${request.method} ${request.path} ${typeof request.body === "string" ? request.body : ""} ${JSON.stringify(request.headers)}`);
});

/** All that the package says; the service's answer and somebody else's error are handed on as they came. */
function shown(error) {
  const fields = {};
  for (const name of Reflect.ownKeys(error)) {
    if (name === "response" || name === "cause") continue;
    try {
      fields[name] = error[name];
    } catch {
      // A test's own getter, which throws on purpose.
    }
  }
  return [error.message, error.stack, inspect(fields, { depth: 20, showHidden: true })].join("\n");
}

process.on("exit", () => {
  const lines = [...[...errors.values()].map((error) => ["thrown", shown(error)]), ...sent.map((text) => ["sent", text])];
  appendFileSync(process.env.RECORDED, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
});
