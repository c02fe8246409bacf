// What the emulator takes: processor time, memory, and nothing more the longer it runs. `cargo xtask prove emulator`
// is the long form.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CALLS, emulatorWith, soak, speed } from "./emulator-load.js";

const LEAST_CALLS_PER_SECOND = 8_000;
const MOST_MEMORY_BYTES = 64_000_000;
const MOST_HEAP_GROWTH_BYTES = 2_000_000;

test(`fetch answers at least ${LEAST_CALLS_PER_SECOND} calls in a second of processor time`, async (t) => {
  const figure = await speed(await emulatorWith(20), CALLS["the Response"], 7);
  t.diagnostic(`${Math.round(figure)} calls/s`);
  assert.ok(figure >= LEAST_CALLS_PER_SECOND, `${Math.round(figure)} calls/s`);
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
