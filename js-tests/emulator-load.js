// The emulator under load: what the quick form of its figures (emulator-load.test.js) and the long one
// (prove/emulator.mjs) share. A call is `await emulator.fetch(url)`, and reading the body where that is said.

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memories } from "./memories.js";

/** Different URLs; they are sent over and over. */
const URLS = 1_000;
/** How many instances an answer holds. */
export const SHOWN = 20;
const NOW_MS = Date.UTC(2026, 0, 1);

const { QingCloudClient } = await import("qingcloud-wasm");
const { Emulator } = await import("qingcloud-wasm/emulator");

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** The ways to make a call, by what is counted. */
export const CALLS = {
  "the Response": (emulator, url) => emulator.fetch(url),
  "its text": async (emulator, url) => (await emulator.fetch(url)).text(),
  "its JSON": async (emulator, url) => (await emulator.fetch(url)).json(),
};

let memory;

/** An emulator with so many instances, URLs signed in advance that list 20 of them, and the module's memory in bytes. */
export async function emulatorWith(instances) {
  const emulator = new Emulator({ now: () => NOW_MS });
  // All emulators live in one module, and the first one has just started it.
  memory ??= memories.at(-1);
  const { accessKeyId, secretAccessKey, fetch } = emulator;
  const client = new QingCloudClient({ accessKeyId, secretAccessKey, fetch, zone: "pek3", now: () => NOW_MS });
  for (let left = instances; left > 0; left -= 100) {
    await client.call("RunInstances", {
      count: Math.min(left, 100),
      image_id: "centos73x64",
      instance_name: "web",
      instance_type: "c1m1",
      login_mode: "passwd",
      login_passwd: "Passw0rd-1",
      vxnets: ["vxnet-0"],
    });
  }
  const urls = Array.from({ length: URLS }, (_, number) => client.signUrl("DescribeInstances", { limit: SHOWN }, { requestId: `r${number}` }));
  client.free();
  // Their jobs are done; the URLs are not too old.
  emulator.advance(5_000);
  const answer = await (await fetch(urls[0])).json();
  assert.equal(answer.instance_set.length, SHOWN);
  assert.equal(answer.total_count, instances);
  assert.equal(answer.instance_set[0].status, "running");
  return { emulator, urls, memoryBytes: () => memory.buffer.byteLength };
}

/** A round for `alternate`: `call(url)` with one URL after the other. */
export const throughRound = (urls, call, calls = 1_000) => async () => {
  for (let number = 0; number < calls; number += 1) await call(urls[number % URLS]);
};

/**
 * Makes so many calls in ten parts and reads each body. The module's memory must not grow after the first part, in
 * which the log of requests fills; gives Node's heap in use after each part, garbage collected.
 */
export async function soak({ emulator, urls, memoryBytes }, calls) {
  const heaps = [];
  let settledBytes;
  for (let part = 0; part < 10; part += 1) {
    for (let number = 0; number < calls / 10; number += 1) {
      const response = await emulator.fetch(urls[number % URLS]);
      const body = await response.text();
      if (!body.endsWith('"ret_code":0}')) assert.fail(body);
    }
    collectGarbage();
    heaps.push(process.memoryUsage().heapUsed);
    settledBytes ??= memoryBytes();
    assert.equal(memoryBytes(), settledBytes, "the module's memory grew");
  }
  return heaps;
}
