// What the emulator takes: processor time, memory, and nothing more the longer it runs. `cargo xtask prove emulator`
// is the long form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { alternate, ratio } from "./bench/harness.js";
import { CALLS, emulatorWith, soak, throughRound } from "./emulator-load.js";

const MOST_MEMORY_BYTES = 64_000_000;
const MOST_HEAP_GROWTH_BYTES = 2_000_000;

test("fetch takes no more processor time than parsing its answer and writing it again as JSON", async (t) => {
  // The bound is 8,000 calls a second on a machine that parses and writes that answer 8,000 times a second; here it is a
  // ratio, because the same machine has half its speed an hour later. prove/emulator.mjs gives both.
  const { emulator, urls } = await emulatorWith(20);
  const text = await CALLS["its text"](emulator, urls[0]);
  const times = await alternate({
    JSON: throughRound(urls, () => JSON.stringify(JSON.parse(text))),
    fetch: throughRound(urls, (url) => CALLS["the Response"](emulator, url)),
  }, { rounds: 15 });
  const share = ratio(times.fetch, times.JSON);
  t.diagnostic(share.toFixed(2));
  assert.ok(share <= 1, share.toFixed(2));
});

test(`10,000 instances take less than ${MOST_MEMORY_BYTES} bytes`, async (t) => {
  const { memoryBytes } = await emulatorWith(10_000);
  t.diagnostic(`${memoryBytes()} bytes`);
  assert.ok(memoryBytes() < MOST_MEMORY_BYTES, `${memoryBytes()} bytes`);
});

test("50,000 calls grow neither the module's memory nor Node's heap", async (t) => {
  const heaps = await soak(await emulatorWith(20), 50_000);
  const growth = heaps.at(-1) - heaps[0];
  t.diagnostic(`${growth} bytes of Node's heap from the first tenth to the last`);
  assert.ok(growth < MOST_HEAP_GROWTH_BYTES, heaps.join(" "));
});
