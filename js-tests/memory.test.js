// What a long life costs: nothing may stay behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { GROWTH_MB } from "./bench/bounds.js";
import { calls, dropped, freed, signatures } from "./bench/memory.js";

const MAX_GROWTH = GROWTH_MB * 1e6;

test("a million signatures grow no module's memory after the first thousand, and the heap by less than 5 MB", async () => {
  const { heap, modules } = await signatures(1_000_000);
  assert.equal(modules, 0);
  assert.ok(heap < MAX_GROWTH, `${heap} bytes`);
});

test("100,000 calls grow no module's memory after the first thousand, and the heap by less than 5 MB", async () => {
  const { heap, modules } = await calls(100_000);
  assert.equal(modules, 0);
  assert.ok(heap < MAX_GROWTH, `${heap} bytes`);
});

test("100,000 clients that were freed leave less than 5 MB behind", async () => {
  const { heap, modules } = await freed(100_000);
  assert.ok(heap + modules < MAX_GROWTH, `${heap} and ${modules} bytes`);
});

test("100,000 clients left to the collector leave less than 5 MB behind", async () => {
  const { heap, modules } = await dropped(100_000);
  assert.ok(heap + modules < MAX_GROWTH, `${heap} and ${modules} bytes`);
});
