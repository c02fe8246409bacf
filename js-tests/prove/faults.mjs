// The long form of the fault tests: every fault before and after the action was carried out, on every kind of action,
// 25 times; then 100,000 mixed calls, 64 at a time, every fifth under a fault; the pauses' spread; recovery after an
// outage. Prints its figures, and fails where one is not as it has to be.
//
//     node prove/faults.mjs [repetitions] [calls]

import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { QingCloudClient, isQingCloudError } from "qingcloud-wasm";
import { ACTIONS, callUnder, clientFor, combinations, inParallel, isCurable } from "../faults.js";
import { FAULTS, faultServer, WELL } from "../fault-server.js";

const [repetitions = 25, calls = 100_000] = process.argv.slice(2).map(Number);
const WIDTH = 64;
/** Longer than in the quick form, so that this machine's own pauses are no faults. */
const PATIENCE = { timeoutMs: 4000, deadlineMs: 20_000, maxConcurrency: WIDTH };

const stray = [];
process.on("unhandledRejection", (reason) => stray.push(reason));
const service = await faultServer();
const seconds = (sinceMs) => `${((performance.now() - sinceMs) / 1000).toFixed(0)} s`;

/**
 * Counts how calls under these combinations end; an assertion in one of them ends the run. Without `shared`, each has a
 * client of its own: where every call meets a fault, one client soon has spent what it may on retries.
 */
async function run(name, all, shared) {
  const startedMs = performance.now();
  const results = await inParallel(all, WIDTH, async (combination) => {
    const client = shared ?? clientFor(service, PATIENCE);
    const result = await (combination.fault === undefined ? callWell(client, combination) : callUnder(service, client, combination, PATIENCE));
    if (client !== shared) client.free();
    return result;
  });
  const curable = results.filter((_, index) => all[index].fault !== undefined && isCurable(all[index].row, ACTIONS[all[index].kind]));
  const cured = curable.filter((result) => result === "cured").length;
  assert.ok(cured >= 0.99 * curable.length, `${cured} of ${curable.length} cured`);
  const broken = results.filter((result) => result === "broken").length;
  assert.ok(broken <= all.length / 1000, `${broken} calls without a fault broke`);
  const share = ((100 * cured) / curable.length).toFixed(2);
  console.log(`${name}: ${all.length} calls in ${seconds(startedMs)}; cured ${cured} of ${curable.length} (${share} %); broken by another's fault ${broken}; done twice 0, hung 0, untyped 0`);
}

/** A call without a fault of its own: that of another may still have broken the connection which it is sent on. */
async function callWell(client, { kind, method }) {
  const { action, params, isRepeatable } = ACTIONS[kind];
  const requestId = randomUUID().replaceAll("-", "");
  const ended = await client.call(action, params, { method, requestId }).then(() => "well", (error) => error);
  if (!isRepeatable) assert.ok(service.timesDone(requestId) <= 1, `${kind}: carried out ${service.timesDone(requestId)} times`);
  if (ended === "well") return ended;
  assert.ok(isQingCloudError(ended) && (ended.kind === "network" || ended.kind === "timeout"), String(ended));
  assert.equal(ended.outcome, kind === "read" ? "not-executed" : "unknown", ended.message);
  return "broken";
}

const every = combinations();
await run(`every combination, ${repetitions} times`, Array.from({ length: repetitions }, () => every).flat());

// The bomb and the large answer are work for this machine, not for the client: rare enough that the rest is not late.
const costly = new Set(["gzip bomb", "too large"]);
const faults = every.filter(({ fault }) => !costly.has(fault));
const rare = every.filter(({ fault }) => costly.has(fault));
const pick = (list) => list[randomInt(list.length)];
const mixed = Array.from({ length: calls }, () => {
  if (randomInt(5) === 0) return pick(randomInt(200) === 0 ? rare : faults);
  return { kind: pick(Object.keys(ACTIONS)), method: pick(["GET", "POST"]) };
});
const shared = clientFor(service, PATIENCE);
await run("mixed, 20 % faults", mixed, shared);
shared.free();

await pauses();
await recovery();
await service.close();
await new Promise((resolve) => setTimeout(resolve, 100));
assert.deepEqual(stray, [], "unhandled rejections");
assert.equal(service.timesAsked(undefined), 0, "a redirect was followed");
console.log(`unhandled rejections 0; redirects followed 0; faults known ${Object.keys(FAULTS).length}, of which ${Object.values(FAULTS).filter(([row]) => row === WELL).length} are answers after all`);

/** 10,000 pauses, as the client's own events tell them: within bounds, with the mean of an even spread. */
async function pauses() {
  const after = [[], [], []];
  for (let count = 0; count < 3334; count += 1) {
    const client = new QingCloudClient({
      accessKeyId: "a", secretAccessKey: "b", zone: "pek3", maxAttempts: 4,
      fetch: async () => new Response("", { status: 503 }),
      onEvent: ({ type, attempt, afterMs }) => type === "retry" && after[attempt - 1].push(afterMs),
    });
    await withoutWaiting(() => client.call("DescribeInstances").catch(() => {}));
    client.free();
  }
  for (const [index, all] of after.entries()) {
    const bound = 50 * 2 ** index;
    const mean = all.reduce((sum, ms) => sum + ms, 0) / all.length;
    assert.ok(all.every((ms) => ms >= 0 && ms <= bound) && Math.abs(mean - bound / 2) < bound * 0.02, `${mean} of ${bound}`);
    console.log(`pauses after attempt ${index + 1}: ${all.length}, all within 0 to ${bound} ms, mean ${mean.toFixed(1)} ms`);
  }
}

/** Timers fire at once while `work` goes on. */
async function withoutWaiting(work) {
  const { setTimeout: original } = globalThis;
  // The time limits are longer than any pause here, and have to stay.
  globalThis.setTimeout = (callback, ms, ...rest) => original(callback, ms <= 200 ? 0 : ms, ...rest);
  try {
    await work();
  } finally {
    globalThis.setTimeout = original;
  }
}

/** How long after an outage's end its victims are served again. */
async function recovery() {
  let worstMs = 0;
  for (const fault of ["status 503", "reset", "hang"]) {
    const client = clientFor(service, PATIENCE);
    service.failAll(fault);
    let isOver = false;
    let endedMs;
    const done = Promise.all(Array.from({ length: WIDTH }, async () => {
      for (;;) {
        const isWell = await client.call("DescribeInstances").then(() => true, () => false);
        if (isOver && isWell) return;
        if (!isWell) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    service.failAll();
    isOver = true;
    endedMs = performance.now();
    await done;
    worstMs = Math.max(worstMs, performance.now() - endedMs);
    client.free();
  }
  assert.ok(worstMs < 5000, `${worstMs} ms`);
  console.log(`recovery: all of ${WIDTH} callers served again ${worstMs.toFixed(0)} ms after an outage of 3 s at the latest`);
}
