// The long form of the emulator's figures in Node: calls a second by what is counted, the module's memory with 10,000
// instances, and a million calls without growth. Fails where a figure is not as it has to be.
//
//     node prove/emulator.mjs [calls of the soak]

import assert from "node:assert/strict";
import { alternate, median, ratio } from "../bench/harness.js";
import { CALLS, emulatorWith, SHOWN, soak, throughRound } from "../emulator-load.js";

const [calls = 1_000_000] = process.argv.slice(2).map(Number);
const LEAST_CALLS_PER_SECOND = 8_000;
const MOST_MEMORY_BYTES = 64_000_000;
const MOST_HEAP_GROWTH_BYTES = 2_000_000;
const perSecond = (microseconds, calls) => Math.round((calls / median(microseconds)) * 1e6);

const small = await emulatorWith(SHOWN);
const text = await CALLS["its text"](small.emulator, small.urls[0]);
console.log(`DescribeInstances of ${SHOWN} instances, ${text.length} characters, in a second of processor time:`);
const rounds = { "JSON.stringify(JSON.parse(text)) alone,": throughRound(small.urls, () => JSON.stringify(JSON.parse(text))) };
for (const [name, call] of Object.entries(CALLS)) rounds[`fetch, ${name} counted,`] = throughRound(small.urls, (url) => call(small.emulator, url));
const times = await alternate(rounds, { rounds: 15 });
const [json] = Object.values(times);
for (const [name, of] of Object.entries(times)) console.log(`  ${name} ${perSecond(of, 1_000)}, ${ratio(of, json).toFixed(2)} of the time`);
assert.ok(perSecond(times["fetch, the Response counted,"], 1_000) >= LEAST_CALLS_PER_SECOND);

const large = await emulatorWith(10_000);
console.log(`10,000 instances: ${(large.memoryBytes() / 1e6).toFixed(1)} MB of the module's memory`);
assert.ok(large.memoryBytes() < MOST_MEMORY_BYTES);
const slow = await alternate({ fetch: throughRound(large.urls, (url) => CALLS["the Response"](large.emulator, url), 500) }, { rounds: 5 });
console.log(`  fetch of ${SHOWN} of them, the Response counted, ${perSecond(slow.fetch, 500)}`);
large.emulator.free();

const start = process.cpuUsage();
const heaps = await soak(small, calls);
const { user, system } = process.cpuUsage(start);
const growth = heaps.at(-1) - heaps[0];
console.log(`${calls} calls, each body read as text, in ${((user + system) / 1e6).toFixed(0)} s of processor time:`);
console.log(`  the module's memory ${small.memoryBytes()} bytes after a tenth of them and at the end`);
console.log(`  Node's heap ${heaps[0]} bytes after a tenth, ${heaps.at(-1)} at the end`);
assert.ok(growth < MOST_HEAP_GROWTH_BYTES, heaps.join(" "));
