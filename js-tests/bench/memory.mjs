// What a long life leaves behind.
//
// Usage: node bench/memory.mjs

import { table } from "./harness.js";
import { calls, dropped, freed, signatures } from "./memory.js";

const mb = (bytes) => (bytes / 1e6).toFixed(2);
const rows = [];
for (const [name, measure, pagesMust] of [
  ["a million signatures (each of client and signer)", () => signatures(1_000_000), "0"],
  ["100,000 calls over a stubbed fetch", () => calls(100_000), "0"],
  ["100,000 clients and signers freed", () => freed(100_000), "< 5 together"],
  ["100,000 clients and signers left to the collector", () => dropped(100_000), "< 5 together"],
  ["the same, collected at every thousand", () => dropped(100_000, { isPrompt: true }), "< 5 together"],
]) {
  const { heap, modules } = await measure();
  rows.push([name, mb(heap), "< 5", mb(modules), pagesMust]);
}
table("Growth after the first thousand, in MB", ["", "heap", "must be", "WebAssembly memory", "must be"], rows);
