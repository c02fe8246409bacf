// Signs random requests with both classes and with a few lines on node:crypto, and compares what would be sent.
//
//     node prove/node-crypto.mjs [count] [seed]

import { QingCloudClient } from "qingcloud-wasm";
import { Signer } from "qingcloud-wasm/sign";
import { compare } from "./independent.js";

const [count = 1_000_000, seed = Date.now() % 2 ** 32] = process.argv.slice(2).map(Number);
for (const Class of [QingCloudClient, Signer]) {
  const start = performance.now();
  compare(Class, count, seed);
  console.log(`${Class.name}: ${count} requests, seed ${seed}, no differences (${((performance.now() - start) / 1000).toFixed(0)} s).`);
}
