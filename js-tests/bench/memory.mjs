// What a long life leaves behind.
//
// Usage: node bench/memory.mjs

import { GROWTH_MB } from "./bounds.js";
import { table } from "./harness.js";
import { calls, dropped, freed, signatures } from "./memory.js";

const mb = (bytes) => (bytes / 1e6).toFixed(2);
const rows = [];
for (const [name, measure] of [
  ["a million signatures (each of client and signer)", () => signatures(1_000_000)],
  ["100,000 calls over a stubbed fetch", () => calls(100_000)],
]) {
  const { heap, modules } = await measure();
  rows.push([name, mb(heap), `< ${GROWTH_MB}`, mb(modules), "0"]);
}
for (const [name, measure] of [
  ["100,000 clients and signers freed", () => freed(100_000)],
  ["100,000 clients and signers left to the collector", () => dropped(100_000)],
]) {
  const { heap, modules } = await measure();
  rows.push([name, mb(heap), "", mb(modules), `< ${GROWTH_MB} together`]);
}
table("Growth after the first thousand, in MB", ["", "heap", "must be", "WebAssembly memory", "must be"], rows);
