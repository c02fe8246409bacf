// Signs random requests with each class over each of its modules and with a few lines on node:crypto, and compares what would be sent.
//
//     node prove/node-crypto.mjs [count] [seed]

import { CLASSES } from "../classes.js";
import { compare } from "./independent.js";

const [count = 1_000_000, seed = Date.now() % 2 ** 32] = process.argv.slice(2).map(Number);
for (const [name, Class] of Object.entries(CLASSES)) {
  const start = performance.now();
  compare(Class, count, seed);
  console.log(`${name}: ${count} requests, seed ${seed}, no differences (${((performance.now() - start) / 1000).toFixed(0)} s).`);
}
