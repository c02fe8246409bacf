// What a long life costs: the modules' own memory, and the heap.
// Shared by the test and `cargo xtask bench`.

import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { memories } from "../memories.js";

const { QingCloudClient } = await import("qingcloud-wasm");
const { Signer } = await import("qingcloud-wasm/sign");

const OPTIONS = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3" };
const ANSWER = JSON.stringify({ ret_code: 0, instance_set: [{ instance_id: "i-6ycjxrnw" }], total_count: 1 });

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

/** Collects until registries' callbacks, which run as tasks of their own, have had their turn. */
async function settle() {
  for (let turn = 0; turn < 4; turn += 1) {
    collect();
    await setImmediate();
  }
}

function modules() {
  if (memories.length === 0) throw new Error("no module was seen to start: it is not made with WebAssembly.Instance any more");
  return memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
}

async function heap() {
  await settle();
  return process.memoryUsage().heapUsed;
}

/**
 * Does `work(number)` a thousand times, then `count` times: the bytes by which the heap and the modules' memories have grown
 * since the first thousand, in the end.
 */
async function growth(count, work) {
  await repeat(1_000, work);
  const before = { heap: await heap(), modules: modules() };
  await repeat(count, work);
  return { heap: (await heap()) - before.heap, modules: modules() - before.modules };
}

/** Waits only where there is something to wait for, so that calls pile up in both stretches alike. */
async function repeat(count, work) {
  for (let number = 0; number < count; number += 1) {
    const pending = work(number);
    if (pending) await pending;
  }
}

const parameters = (number) => ({ instances: [`i-${number}`], status: ["running"], search_word: "中文", limit: 100 });

/** `count` signatures by the client and as many by the signer. */
export async function signatures(count) {
  const signers = [new QingCloudClient(OPTIONS), new Signer(OPTIONS)];
  const grown = await growth(count, (number) => {
    for (const signer of signers) signer.signUrl("DescribeInstances", parameters(number));
  });
  signers.forEach((signer) => signer.free());
  return grown;
}

/** `count` calls over a stubbed `fetch`, a hundred at a time. */
export async function calls(count) {
  const reply = { status: 200, headers: new Headers({ "content-type": "application/json" }), text: async () => ANSWER };
  const client = new QingCloudClient({ ...OPTIONS, fetch: async () => reply });
  let batch = [];
  const grown = await growth(count, (number) => {
    batch.push(client.call("DescribeInstances", parameters(number)));
    if (batch.length < 100) return undefined;
    const whole = Promise.all(batch);
    batch = [];
    return whole;
  });
  client.free();
  return grown;
}

/** `count` clients and as many signers, each used once and freed. */
export const freed = (count) =>
  growth(count, () => {
    for (const signer of [new QingCloudClient(OPTIONS), new Signer(OPTIONS)]) {
      signer.signUrl("DescribeZones");
      signer.free();
    }
  });

/** The same, but left to the collector, which runs when it sees fit. Registries' callbacks get a turn every hundred. */
export const dropped = (count) =>
  growth(count, (number) => {
    for (const signer of [new QingCloudClient(OPTIONS), new Signer(OPTIONS)]) signer.signUrl("DescribeZones");
    return number % 100 === 0 ? setImmediate() : undefined;
  });
