// signUrl against what a user would pick instead, in one run.
//
// Usage: node bench/sign.mjs [rounds]

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { QingCloudClient } from "qingcloud-wasm";
import { SIGNING } from "./bounds.js";
import { atOnce, compare, table } from "./harness.js";
import { PEERS } from "./peers.js";
import { plainSigner } from "./plain.js";
import { OPTIONS, portableCandidates } from "./portable.js";
import { pythonCandidate, REQUEST_ID } from "./python.js";
import { SETS } from "./sets.js";

const plain = plainSigner(OPTIONS, (text) => createHmac("sha256", OPTIONS.secretAccessKey).update(text).digest("base64"));
const same = { "plain JS + node:crypto": atOnce(plain), ...(await portableCandidates()) };
const python = pythonCandidate(`${new Date(OPTIONS.now()).toISOString().slice(0, 19)}Z`);
const candidates = { ...same, ...PEERS, ...(python && { "official Python SDK (own process)": python }) };
if (!python) console.log("There is no Python 3 here: the official SDK is left out.");

/** Whoever makes the same signature must make the same URL. */
async function checkEqual(set) {
  const inputs = Array.from({ length: 1000 }, (_, number) => set(number));
  const client = new QingCloudClient(OPTIONS);
  const identified = inputs.map(([action, params]) => client.signUrl(action, params, { requestId: REQUEST_ID }));
  client.free();
  const expected = inputs.map(([action, params]) => plain(action, params));
  for (const [name, { sign }] of Object.entries(same)) {
    for (const [at, [action, params]] of inputs.entries()) assert.equal(await sign(action, params), expected[at], name);
  }
  if (python) assert.deepEqual(await python.urls(inputs), identified, "the official Python SDK");
}

const rounds = Number(process.argv[2] ?? 41);
const results = {};
for (const [name, set] of Object.entries(SETS)) {
  await checkEqual(set);
  results[name] = await compare(candidates, set, { rounds });
}
python?.end();

const sets = Object.keys(SETS);
table(
  "Signing, processor time as a ratio to plain JS + node:crypto (µs a signature)",
  ["", ...sets.flatMap((name) => [name, "must be"])],
  Object.keys(candidates).map((name) => [
    name,
    ...sets.flatMap((set) => {
      const { ratio, microseconds } = results[set][name];
      return [`${ratio.toFixed(2)} (${microseconds.toFixed(1)})`, SIGNING[name] ? `≤ ${SIGNING[name][set].toFixed(2)}` : ""];
    }),
  ]),
);
