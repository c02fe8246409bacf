// `cargo xtask bench`: signUrl against the same work in plain JavaScript with node:crypto. Prints a table.

import assert from "node:assert/strict";
import { QingCloudClient } from "qingcloud-wasm";
import { Signer } from "qingcloud-wasm/sign";
import { compare } from "./harness.js";
import { plainSigner } from "./plain.js";
import { SETS } from "./sets.js";

const now = () => 1_700_000_000_000;
const options = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3", now };
const client = new QingCloudClient(options);
const signer = new Signer(options);
const candidates = {
  "plain JS + node:crypto": plainSigner(options),
  "QingCloudClient.signUrl": (action, params) => client.signUrl(action, params),
  "Signer.signUrl": (action, params) => signer.signUrl(action, params),
};

const rounds = Number(process.argv[2] ?? 41);
for (const [name, set] of Object.entries(SETS)) {
  for (let number = 0; number < 1000; number += 1) {
    const [expected, ...others] = Object.values(candidates).map((sign) => sign(...set(number)));
    for (const other of others) assert.equal(other, expected);
  }
  console.log(`\n${name}`.padEnd(34), "ratio".padStart(8), "µs".padStart(8));
  for (const { name: candidate, ratio, microseconds } of compare(candidates, set, { rounds })) {
    console.log(`  ${candidate.padEnd(30)}`, ratio.toFixed(2).padStart(8), microseconds.toFixed(2).padStart(8));
  }
}
