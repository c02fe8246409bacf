// An abort ends a call in whatever it is doing: with the caller's own reason, at once, leaving nothing behind.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import { QingCloudClient, QingCloudError } from "qingcloud-wasm";
import { clientFor } from "./faults.js";
import { faultServer, KEY } from "./fault-server.js";
import { collect, stubClient } from "./stub.js";

const TIMES = 50;
const LIMIT_MS = 50;

let service;
before(async () => {
  service = await faultServer();
});
after(() => service.close());
afterEach(() => service.failAll());

const patient = { timeoutMs: 60_000, deadlineMs: 60_000 };
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Timers that run. Those of Node.js's own fetch come and go as they like, and are left out.
const timers = new Set();
let timersSet = 0;
const { setTimeout: set, clearTimeout: clear } = globalThis;
globalThis.setTimeout = (work, ms) => {
  const timer = set(() => {
    timers.delete(timer);
    work();
  }, ms);
  if (!new Error().stack.includes("node:internal/deps/undici")) {
    timers.add(timer);
    timersSet += 1;
  }
  return timer;
};
globalThis.clearTimeout = (timer) => {
  timers.delete(timer);
  clear(timer);
};

/**
 * Starts `work(signal)` fifty times and aborts each at a moment of its own. Each has to end before the event loop has
 * turned three times, so that no timer can lie in between; a busy machine may make five of them look late.
 */
async function abortAtRandom(work) {
  const [left, before] = [timers.size, timersSet];
  const tookMs = await Promise.all(Array.from({ length: TIMES }, async (_, index) => {
    const controller = new AbortController();
    const reason = { why: index };
    let endedMs;
    const ended = work(controller.signal).then(() => assert.fail("it ended by itself"), (thrown) => {
      endedMs = performance.now();
      return thrown;
    });
    await sleep(Math.random() * 60);
    const abortedMs = performance.now();
    controller.abort(reason);
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    assert.notEqual(endedMs, undefined, "it has not ended yet");
    assert.equal(await ended, reason);
    return endedMs - abortedMs;
  }));
  const late = tookMs.filter((ms) => ms > LIMIT_MS);
  assert.ok(late.length <= 5, `ended late: ${late.join(", ")} ms`);
  assert.ok(timersSet - before > TIMES, "the client's own timers are not seen");
  assert.equal(timers.size, left, "timers are left");
}

/** Waits until the service has no connection of a request left. */
async function assertNothingInFlight() {
  for (let turn = 0; service.open > 0; turn += 1) {
    assert.ok(turn < 100, `${service.open} requests are left`);
    await sleep(10);
  }
}

/** Aborts in a phase that a fault of the service makes last. */
async function abortUnder(fault, options, params) {
  service.failAll(fault);
  const client = clientFor(service, { ...patient, maxConcurrency: TIMES, ...options });
  await abortAtRandom((signal) => client.call("DescribeInstances", params, { signal }));
  client.free();
  await assertNothingInFlight();
  service.failAll();
}

test("aborted before it starts, a call sends nothing", async () => {
  const { requests } = service;
  const client = clientFor(service);
  const reason = new Error("too late");
  const signal = AbortSignal.abort(reason);
  for (const work of [
    () => client.call("DescribeInstances", {}, { signal }),
    () => collect(client.paginate("DescribeInstances", {}, { signal })),
    () => client.waitForJobs("j-1", { signal }),
    () => client.waitFor("DescribeInstances", {}, { status: "running", signal }),
    () => client.callAndWait("StopInstances", { instances: ["i-00000001"] }, { signal }),
  ]) {
    await assert.rejects(work, (thrown) => thrown === reason, String(work));
  }
  await sleep(20);
  assert.equal(service.requests, requests);
  client.free();
});

test("while a key is fetched", async () => {
  const client = clientFor(service, { ...patient, accessKeyId: undefined, secretAccessKey: undefined, credentials: () => new Promise(() => {}) });
  await abortAtRandom((signal) => client.call("DescribeInstances", {}, { signal }));
  client.free();
});

test("while a signer function signs", async () => {
  const client = clientFor(service, { ...patient, accessKeyId: undefined, secretAccessKey: undefined, signer: () => new Promise(() => {}) });
  await abortAtRandom((signal) => client.call("DescribeInstances", {}, { signal }));
  client.free();
});

test("in flight", () => abortUnder("hang"));

test("while the body comes", () => abortUnder("drip"));

test("between the head and the body", () => abortUnder("head, then hang"));

test("in the pause between attempts", async () => {
  const hold = ({ res }) => res.writeHead(503, { "retry-after": "30" }).end();
  service.failAll(hold);
  const client = clientFor(service, { ...patient, maxConcurrency: TIMES });
  await abortAtRandom((signal) => client.call("DescribeInstances", {}, { signal }));
  service.failAll();
  client.free();
});

test("in line for a place among the requests in flight", async () => {
  service.failAll("hang");
  service.log = [];
  // A zone of its own, because requests that other tests have aborted may be accepted only now.
  const zone = "in-line";
  const own = () => service.log.filter((parameters) => parameters.zone === zone).length;
  const client = clientFor(service, { ...patient, maxConcurrency: 1, zone });
  const first = client.call("DescribeInstances").catch(() => {});
  while (own() === 0) await sleep(5);
  await abortAtRandom((signal) => client.call("DescribeInstances", {}, { signal }));
  client.free();
  await first;
  service.failAll();
  await assertNothingInFlight();
  assert.equal(own(), 1);
  service.log = undefined;
});

test("waiting for the hour's quota", async () => {
  const client = clientFor(service, { ...patient, deadlineMs: 7_200_000, callsPerHour: 1 });
  await client.call("DescribeInstances");
  await abortAtRandom((signal) => client.call("DescribeInstances", {}, { signal }));
  client.free();
});

const working = ({ action }) => action === "DescribeJobs"
  ? { ret_code: 0, job_set: [{ job_id: "j-1", status: "working" }], total_count: 1 }
  : { ret_code: 0, job_id: "j-1", instance_set: [{ instance_id: "i-1", status: "pending", transition_status: "creating" }], total_count: 1 };

test("waiting for jobs", async () => {
  const { client } = stubClient(working);
  await abortAtRandom((signal) => client.waitForJobs("j-1", { signal, minIntervalMs: 5, maxIntervalMs: 20 }));
  await abortAtRandom((signal) => client.callAndWait("StopInstances", { instances: ["i-1"] }, { signal, minIntervalMs: 5, maxIntervalMs: 20 }));
  client.free();
});

test("waiting for jobs whose poll hangs", async () => {
  service.failAll("hang");
  const client = clientFor(service, patient);
  await abortAtRandom((signal) => client.waitForJobs("j-1", { signal }));
  client.free();
  await assertNothingInFlight();
  service.failAll();
});

test("waiting for a resource", async () => {
  const { client } = stubClient(working);
  await abortAtRandom((signal) => client.waitFor("DescribeInstances", { instances: ["i-1"] }, { status: "running", signal, minIntervalMs: 5, maxIntervalMs: 20 }));
  client.free();
});

test("while pages are read", async () => {
  const { client } = stubClient(async ({ offset }) => {
    await new Promise(setImmediate);
    return { ret_code: 0, instance_set: [{ instance_id: `i-${offset}` }], total_count: 1_000_000 };
  });
  await abortAtRandom((signal) => collect(client.paginate("DescribeInstances", { limit: 1 }, { signal })));
  client.free();
});

test("an abort after the end changes nothing, and no listener is left on the signal", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  for (const [name, step] of [["addEventListener", 1], ["removeEventListener", -1]]) {
    const original = signal[name];
    signal[name] = (...given) => {
      listeners += step;
      return original.apply(signal, given);
    };
  }
  const client = clientFor(service);
  for (let count = 0; count < 5; count += 1) await client.call("DescribeInstances", {}, { signal });
  await assert.rejects(client.call("DescribeInstances", { limit: {} }, { signal, timeoutMs: 0 }));
  await collect(client.paginate("DescribeInstances", {}, { signal }));
  client.free();
  await sleep(0);
  assert.equal(listeners, 0);
  controller.abort();
});

test("many calls share one listener on a signal", async () => {
  const controller = new AbortController();
  let added = 0;
  const add = controller.signal.addEventListener;
  controller.signal.addEventListener = (...given) => {
    added += 1;
    return add.apply(controller.signal, given);
  };
  const client = new QingCloudClient({ ...KEY, fetch: () => new Promise(() => {}) });
  const calls = Array.from({ length: 30 }, () => client.call("DescribeZones", {}, { signal: controller.signal }));
  await sleep(5);
  assert.equal(added, 1);
  controller.abort("enough");
  for (const { reason } of await Promise.allSettled(calls)) assert.equal(reason, "enough");
  client.free();
});

test("a signal need not tell whose event it is", async () => {
  const client = new QingCloudClient({ ...KEY, fetch: () => new Promise(() => {}) });
  const controller = new AbortController();
  const proxy = new Proxy(controller.signal, {
    get: (target, name) => (typeof target[name] === "function" ? target[name].bind(target) : target[name]),
  });
  const listeners = [];
  const replaced = { aborted: false, reason: "enough", addEventListener: (_, listener) => listeners.push(listener), removeEventListener() {} };
  const calls = [proxy, replaced].map((signal) => client.call("DescribeZones", {}, { signal }));
  await sleep(5);
  controller.abort("enough");
  for (const listener of listeners) listener();
  for (const { reason } of await Promise.allSettled(calls)) assert.equal(reason, "enough");
  client.free();
});

test("an abort by the listener that is told of a request keeps it from being sent", async () => {
  const controller = new AbortController();
  let sent = 0;
  const client = new QingCloudClient({
    ...KEY,
    fetch: async () => Response.json({ ret_code: (sent += 1) }),
    onEvent: ({ type }) => type === "request" && controller.abort("no"),
  });
  await assert.rejects(client.call("DescribeZones", {}, { signal: controller.signal }), (reason) => reason === "no");
  assert.equal(sent, 0);
  client.free();
});

test("what only looks like a signal is an error, and what throws in one harms nobody", async () => {
  const client = new QingCloudClient({ ...KEY, fetch: async () => Response.json({ ret_code: 0 }) });
  const signal = { aborted: false, addEventListener() {}, removeEventListener() { throw new Error("no"); } };
  await client.call("DescribeZones", {}, { signal });
  const { removeEventListener, ...half } = signal;
  const broken = { addEventListener() {}, removeEventListener() {}, get aborted() { throw new Error("no"); } };
  for (const signal of [half, broken]) await assert.rejects(client.call("DescribeZones", {}, { signal }), { kind: "options" });
  client.free();
});

test("a process whose calls were aborted ends by itself", async () => {
  service.failAll("hang");
  const program = `
    import { QingCloudClient, QingCloudError } from "qingcloud-wasm";
    const client = new QingCloudClient(${JSON.stringify({ ...KEY, zone: "pek3", endpoint: service.url })});
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 50);
    await client.call("DescribeInstances", {}, { signal: controller.signal }).catch(console.log);
    setTimeout(() => process.exit(1), 10_000).unref();
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { cwd: import.meta.dirname ?? new URL(".", import.meta.url).pathname, stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data) => {
    printed += data;
  });
  const [code] = await once(child, "close");
  service.failAll();
  assert.deepEqual([code, printed], [0, "enough\n"]);
});

test("a client that is freed by whoever is told of the request sends none", async () => {
  for (const action of ["DescribeInstances", "StopInstances"]) {
    const { client, sent } = stubClient(() => ({ ret_code: 0 }), { onEvent: ({ type }) => type === "request" && client.free() });
    await assert.rejects(client.call(action, { instances: ["i-1"] }), { kind: "options", outcome: "not-executed", attempts: 0, action });
    assert.equal(sent.length, 0);
  }
});

test("a reason that is an error of ours is rejected with as it is", async () => {
  const reason = new QingCloudError({ kind: "api", message: "another call failed" });
  const controllers = [];
  const abort = () => controllers.forEach((controller) => controller.abort(reason));
  const signal = () => {
    controllers.push(new AbortController());
    return controllers.at(-1).signal;
  };
  let sent = 0;
  // The second request meets an earlier one that may have been carried out; the third accepts, and its job never ends.
  const { client } = stubClient(({ action }) => {
    sent += 1;
    if (action === "DescribeJobs") abort();
    if (action !== "StopInstances") return { ret_code: 0, job_id: "j-1", job_set: [] };
    if (sent === 1) throw new TypeError("reset");
    abort();
    return new Promise(() => {});
  });
  const isReason = (thrown) => thrown === reason;
  await assert.rejects(client.call("StopInstances", { instances: ["i-1"] }, { idempotent: true, signal: signal() }), isReason);
  assert.equal(sent, 2);
  controllers.length = 0;
  await assert.rejects(client.callAndWait("StartInstances", { instances: ["i-1"] }, { signal: signal() }), isReason);
  client.free();
});

test("a body is not read on after the time for it is over", async () => {
  let pulls = 0;
  let cancelled = false;
  const body = () => new ReadableStream({
    async pull(controller) {
      pulls += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
      controller.enqueue(new Uint8Array(10));
    },
    cancel() {
      cancelled = true;
    },
  });
  const { client } = stubClient(undefined, { fetch: async () => new Response(body()), timeoutMs: 50, maxAttempts: 1 });
  await assert.rejects(client.call("DescribeInstances"), { kind: "timeout" });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const settled = pulls;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(pulls, settled);
  assert.ok(cancelled);
});
