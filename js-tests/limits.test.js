// What a client holds to: Retry-After, places, the hour's quota, reading only; and what ends with it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { QingCloudClient } from "qingcloud-wasm";
import { clientFor } from "./faults.js";
import { faultServer } from "./fault-server.js";
import { stubClient } from "./stub.js";

let service;
before(async () => {
  service = await faultServer();
});
after(() => service.close());

async function settle() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

/** A client over a fetch that replies in turn, and the moments at which it was asked, in ms of a clock that stands still. */
function timed(t, replies, options = {}) {
  const clock = { ms: 1_000_000_000_000 };
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => clock.ms);
  const asked = [];
  const { client } = stubClient(() => {}, {
    now: () => clock.ms,
    fetch: async () => {
      asked.push(clock.ms - 1_000_000_000_000);
      return (replies.length > 1 ? replies.shift() : replies[0])();
    },
    ...options,
  });
  const pass = async (ms) => {
    clock.ms += ms;
    t.mock.timers.tick(ms);
    await settle();
  };
  return { client, asked, pass };
}

const well = () => Response.json({ ret_code: 0, instance_set: [], total_count: 0 });

test("Retry-After is honoured in seconds and as a date", async (t) => {
  const date = (seconds) => new Date(1_000_000_000_000 + seconds * 1000).toUTCString();
  for (const headers of [{ "retry-after": "7" }, { date: date(0), "retry-after": date(7) }]) {
    for (const status of [429, 503]) {
      const { client, asked, pass } = timed(t, [() => new Response("", { status, headers }), well]);
      const call = client.call("DescribeInstances");
      await settle();
      await pass(6_900);
      assert.deepEqual(asked, [0]);
      await pass(100);
      await call;
      assert.deepEqual(asked, [0, 7_000]);
      t.mock.reset();
    }
  }
});

test("a Retry-After beyond the deadline ends the call at once", async (t) => {
  const { client, asked } = timed(t, [() => new Response("", { status: 429, headers: { "retry-after": "3600" } })]);
  await assert.rejects(client.call("StopInstances", { instances: ["i-1"] }, { deadlineMs: 60_000 }), { kind: "http", httpStatus: 429, outcome: "not-executed", retryable: true, attempts: 1 });
  assert.deepEqual(asked, [0]);
});

test("a Retry-After that is none is left out of account", async (t) => {
  t.mock.method(Math, "random", () => 0);
  for (const header of ["soon", "-5", "1e9", ""]) {
    const { client, asked, pass } = timed(t, [() => new Response("", { status: 503, headers: { "retry-after": header } }), well]);
    const call = client.call("DescribeInstances");
    await settle();
    await pass(1);
    await call;
    assert.equal(asked.length, 2, header);
    t.mock.timers.reset();
    performance.now.mock.restore();
  }
});

test("a resource that is not ready yet is asked again after two to ten seconds", async (t) => {
  const { client, asked, pass } = timed(t, [() => Response.json({ ret_code: 1400, message: "the resource is not ready yet" }), well]);
  const call = client.call("AttachVolumes", { instance: "i-1", volumes: ["vol-1"] });
  await settle();
  await pass(1_999);
  assert.deepEqual(asked, [0]);
  await pass(8_001);
  await call;
  assert.equal(asked.length, 2);
});

test("each attempt has a signature and a time stamp of its own, and all have one req_id", async (t) => {
  const urls = [];
  const { client, pass } = timed(t, [() => new Response("", { status: 503 })], { maxAttempts: 4 });
  const { client: spied } = stubClient(() => {}, { maxAttempts: 4, now: () => performance.now(), fetch: async (url) => {
    urls.push(new URL(url).searchParams);
    return new Response("", { status: 503 });
  } });
  client.free();
  const call = spied.call("DescribeInstances").catch((error) => error);
  for (let turn = 0; turn < 4; turn += 1) await pass(1_000);
  const error = await call;
  const distinct = (name) => new Set(urls.map((query) => query.get(name))).size;
  assert.deepEqual([error.attempts, urls.length, distinct("signature"), distinct("time_stamp"), distinct("req_id")], [4, 4, 4, 4, 1]);
  assert.equal(urls[0].get("req_id"), error.requestId);
});

test("no more requests are in flight than there are places, and all get their turn", async () => {
  const client = clientFor(service, { maxConcurrency: 4, timeoutMs: 10_000, deadlineMs: 10_000 });
  service.mostOpen = 0;
  service.failAll("slow, but whole");
  await Promise.all(Array.from({ length: 40 }, () => client.call("DescribeInstances")));
  service.failAll();
  assert.equal(service.mostOpen, 4);
  client.free();
});

test("a call in line when its deadline comes was not executed", async () => {
  const client = clientFor(service, { maxConcurrency: 1, timeoutMs: 5_000, deadlineMs: 5_000 });
  service.fail("in-front", "hang");
  const first = client.call("DescribeInstances", {}, { requestId: "in-front" }).catch(() => {});
  await assert.rejects(client.call("StopInstances", { instances: ["i-1"] }, { deadlineMs: 50 }), { kind: "timeout", outcome: "not-executed", attempts: 0, retryable: true });
  client.free();
  await first;
});

test("the hour's calls are counted, told and waited for", async (t) => {
  const events = [];
  const { client, asked, pass } = timed(t, [well], { callsPerHour: 3, deadlineMs: 3_700_000, onEvent: (event) => events.push(event) });
  assert.deepEqual([client.quota.used, client.quota.limit], [0, 3]);
  for (let count = 0; count < 3; count += 1) await client.call("DescribeInstances");
  assert.equal(client.quota.used, 3);
  assert.equal(client.quota.resetsAt.getTime(), 1_000_000_000_000 + 3_600_000);
  const fourth = client.call("DescribeInstances");
  await settle();
  const [quota] = events.filter(({ type }) => type === "quota");
  assert.deepEqual([quota.limit, quota.waitMs, quota.action], [3, 3_600_000, "DescribeInstances"]);
  await pass(3_599_000);
  assert.equal(asked.length, 3);
  await pass(1_000);
  await fourth;
  assert.equal(asked.length, 4);
  for (let count = 0; count < 2; count += 1) await client.call("DescribeInstances");
  const told = events.length;
  await assert.rejects(client.call("DescribeInstances", {}, { deadlineMs: 1_000 }), { kind: "timeout", reason: "api-quota", outcome: "not-executed", attempts: 0 });
  assert.equal(events.length, told, "a wait was told that there was none of");
});

test("in no hour more calls go out than were allowed", async (t) => {
  const { client, asked, pass } = timed(t, [well], { callsPerHour: 10, deadlineMs: 86_400_000 });
  const calls = Promise.all(Array.from({ length: 35 }, () => client.call("DescribeInstances")));
  for (let minute = 0; minute < 240; minute += 1) await pass(60_000);
  await calls;
  const most = asked.map((from) => asked.filter((at) => at >= from && at < from + 3_600_000).length);
  assert.deepEqual([asked.length, Math.max(...most)], [35, 10]);
  client.free();
});

test("a call that others gave their turn back for goes out at once", async () => {
  let refuse;
  const asked = [];
  const options = { accessKeyId: undefined, secretAccessKey: undefined, callsPerHour: 2, credentials: () => new Promise((_, reject) => { refuse ??= reject; }) };
  const { client } = stubClient(() => ({ ret_code: 0 }), options);
  const calls = [1, 2, 3].map(() => client.call("DescribeInstances").catch((error) => asked.push(error.kind)));
  await settle();
  assert.equal(client.quota.used, 2);
  refuse(new Error("no key"));
  await Promise.all(calls.slice(0, 2));
  await settle();
  // The third has one of their turns, and waits for a key as they did.
  assert.deepEqual([asked, client.quota.used], [["credentials", "credentials"], 1]);
  client.free();
  await calls[2];
});

test("a call that was given up in line does not count among the hour's", async () => {
  const { client, sent } = stubClient(() => new Promise(() => {}), { maxConcurrency: 1, callsPerHour: 5 });
  const controller = new AbortController();
  const first = client.call("DescribeInstances").catch(() => {});
  const second = client.call("DescribeInstances", {}, { signal: controller.signal });
  await settle();
  assert.equal(client.quota.used, 2);
  controller.abort();
  await assert.rejects(second, { name: "AbortError" });
  assert.equal(client.quota.used, 1);
  assert.equal(sent.length, 1);
  client.free();
  await first;
  // Neither does one that could not be signed.
  const keyless = stubClient(() => ({ ret_code: 0 }), { accessKeyId: undefined, secretAccessKey: undefined, credentials: async () => ({}), callsPerHour: 5 });
  await assert.rejects(keyless.client.call("DescribeInstances"), { kind: "credentials" });
  assert.deepEqual([keyless.client.quota.used, keyless.sent.length], [0, 0]);
});

test("without a limit nothing is counted", async () => {
  const { client } = stubClient(() => ({ ret_code: 0 }));
  await client.call("DescribeInstances");
  assert.equal(client.quota.limit, Infinity);
  assert.ok(client.quota.resetsAt instanceof Date);
});

test("a client that only reads signs no change, whichever way it is asked to", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0, instance_set: [], total_count: 0 }), { readOnly: true });
  await client.call("DescribeInstances");
  client.signUrl("GetMonitor", { resource: "i-1", meters: ["cpu"], step: "5m", start_time: new Date(0), end_time: new Date(60_000) });
  const changes = ["RunInstances", "StopInstances", "TerminateInstances", "ModifyInstanceAttributes", "SomethingNew"];
  const isRefusal = { kind: "options", outcome: "not-executed", message: /this client is readOnly/ };
  for (const action of changes) {
    await assert.rejects(client.call(action), isRefusal, action);
    await assert.rejects(client.callAndWait(action), isRefusal, action);
    await assert.rejects(client.signAsync(action), isRefusal, action);
    for (const method of ["signUrl", "sign", "explain"]) assert.throws(() => client[method](action), isRefusal, `${method} ${action}`);
  }
  assert.equal(sent.length, 1);
});

test("freeing a client ends its calls and waits, and says what is known of each", async () => {
  const client = clientFor(service, { timeoutMs: 30_000, deadlineMs: 30_000, maxConcurrency: 2 });
  service.failAll("hang");
  const { requests } = service;
  const calls = [client.call("DescribeInstances"), client.call("RunInstances"), client.call("RunInstances"), client.waitForJobs("j-1"), client.waitFor("DescribeInstances", {}, { status: "running" })];
  const ended = Promise.allSettled(calls);
  while (service.requests - requests < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  client.free();
  const errors = (await ended).map(({ reason }) => reason);
  service.failAll();
  assert.deepEqual(errors.map(({ kind }) => kind), Array(5).fill("options"));
  assert.deepEqual(errors.map(({ outcome }) => outcome), ["not-executed", "unknown", "not-executed", "not-executed", "not-executed"]);
  assert.ok(errors[1].safeAfter > Date.now());
  await assert.rejects(client.call("DescribeInstances"), { kind: "options", message: /freed/ });
  assert.throws(() => client.signUrl("DescribeInstances"), { kind: "options", message: /freed/ });
  client.free();
  for (let turn = 0; service.open > 0; turn += 1) {
    assert.ok(turn < 100);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

test("freeing inside of what a client calls is safe", async () => {
  const { client } = stubClient(() => ({ ret_code: 0 }), { onEvent: () => client.free() });
  await client.call("DescribeInstances").catch(() => {});
  const { client: other } = stubClient(() => ({ ret_code: 0 }), { now: () => {
    other.free();
    return Date.now();
  } });
  await other.call("DescribeInstances").catch(() => {});
});

test("a change in doubt stays in doubt, whatever a later attempt is answered", async () => {
  const client = clientFor(service);
  let isFirst = true;
  service.fail("in-doubt", ({ res }) => {
    if (isFirst) res.destroy();
    else res.writeHead(200).end(JSON.stringify({ ret_code: 2110, message: "it exists already" }));
    isFirst = false;
  }, { after: true, times: 2 });
  await assert.rejects(client.call("StopInstances", { instances: ["i-1"] }, { requestId: "in-doubt", idempotent: true }), (error) => {
    assert.deepEqual([error.kind, error.retCode, error.outcome, error.attempts], ["api", 2110, "unknown", 2]);
    return error.safeAfter instanceof Date;
  });
  client.free();
});

test("a plain http endpoint on another machine is refused by name of the option that allows it", () => {
  assert.throws(() => new QingCloudClient({ accessKeyId: "a", secretAccessKey: "b", endpoint: "http://api.example.com/iaas/" }), { kind: "options", message: /allowInsecureHttp/ });
});
