// What a client tells its onEvent, and that a listener can change nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clientFor } from "./faults.js";
import { faultServer } from "./fault-server.js";
import { stubClient } from "./stub.js";

let service;
before(async () => {
  service = await faultServer();
});
after(() => service.close());

/** The names that each type of event may have: none of them for a URL, a body or a parameter. */
const NAMES = {
  request: ["type", "action", "zone", "requestId", "attempt", "method", "host", "undocumentedPost", "at"],
  response: ["type", "action", "zone", "requestId", "attempt", "status", "retCode", "durationMs", "at"],
  retry: ["type", "action", "zone", "requestId", "attempt", "afterMs", "at"],
  clock: ["type", "offsetMs", "at"],
  quota: ["type", "action", "limit", "waitMs", "at"],
  drift: ["type", "action", "differences", "at"],
  wait: ["type", "zone", "done", "total", "at"],
};

function listening() {
  const events = [];
  return { events, onEvent: (event) => events.push(event), types: () => events.map(({ type }) => type) };
}

test("a call tells its request, its reply and its retry, in order", async () => {
  const { events, onEvent, types } = listening();
  const client = clientFor(service, { onEvent });
  service.fail("told", "status 503");
  await client.call("DescribeInstances", {}, { requestId: "told" });
  assert.deepEqual(types().filter((type) => type !== "drift"), ["request", "response", "retry", "request", "response"]);
  const [request, response, retry, again, reply] = events;
  assert.deepEqual([request.action, request.zone, request.requestId, request.attempt, request.method, request.host, request.undocumentedPost], ["DescribeInstances", "pek3", "told", 1, "GET", new URL(service.url).host, false]);
  assert.deepEqual([response.status, response.retCode, response.attempt], [503, undefined, 1]);
  assert.ok(response.durationMs >= 0 && Math.abs(response.at - Date.now()) < 5000);
  assert.ok(retry.afterMs >= 0 && retry.afterMs <= 50);
  assert.equal(again.attempt, 2);
  assert.deepEqual([reply.status, reply.retCode], [200, 0]);
  client.free();
});

test("a req_id among the parameters is that of the events and the error", async () => {
  const told = [];
  const { client, sent } = stubClient(() => ({ ret_code: 1100 }), { onEvent: ({ requestId }) => told.push(requestId) });
  await assert.rejects(client.call("DescribeInstances", { req_id: "mine" }, { requestId: "of the option" }), { requestId: "mine" });
  assert.equal(sent[0].req_id, "mine");
  assert.deepEqual([...new Set(told)], ["mine"]);
});

test("every type of event comes, with no name but its own", async (t) => {
  const { events, onEvent } = listening();
  service.skewMs = 3_600_000;
  const client = clientFor(service, { onEvent, callsPerHour: 3, deadlineMs: 1000 });
  await client.call("DescribeInstances");
  service.fail("retried", "status 503");
  await client.call("DescribeInstances", {}, { requestId: "retried" }).catch(() => {});
  const inLine = client.call("DescribeInstances", {}, { deadlineMs: 3_700_000 }).catch(() => {});
  while (!events.some(({ type }) => type === "quota")) await new Promise(setImmediate);
  service.skewMs = 0;
  client.free();
  await inLine;
  const { client: waiting } = stubClient(() => ({ ret_code: 0, job_set: [{ job_id: "j-1", status: "successful", brand_new: 1 }], total_count: "1" }), { onEvent });
  await waiting.waitForJobs("j-1");
  for (const [type, names] of Object.entries(NAMES)) {
    const found = events.filter((event) => event.type === type);
    assert.ok(found.length > 0, `no ${type}`);
    for (const event of found) assert.deepEqual(Object.keys(event).filter((name) => !names.includes(name)), [], type);
  }
  assert.deepEqual(events.filter(({ type }) => !(type in NAMES)), []);
});

test("an answer that differs from the catalogue is told and not thrown", async () => {
  const { events, onEvent } = listening();
  const answer = { ret_code: 0, action: "DescribeInstancesResponse", total_count: "many", instance_set: [{ instance_id: 7, brand_new: true }], brand_new: [] };
  const { client } = stubClient(() => answer, { onEvent });
  assert.deepEqual(await client.call("DescribeInstances"), answer);
  const [{ differences }] = events.filter(({ type }) => type === "drift");
  for (const path of ["total_count", "brand_new", "instance_set[0].instance_id", "instance_set[0].brand_new"]) {
    assert.ok(differences.some((difference) => difference.startsWith(`${path} `)), `${path}: ${differences}`);
  }
  assert.ok(!differences.some((difference) => difference.includes("many")));
});

test("a listener that throws, frees or calls changes nothing", async () => {
  const inner = [];
  for (const onEvent of [() => { throw new Error("x"); }, () => Promise.reject(new Error("x")), () => ({ get then() { throw new Error("x"); } }), () => inner.length < 3 && inner.push(inside.client.call("DescribeInstances"))]) {
    inside.client = clientFor(service, { onEvent });
    assert.equal((await inside.client.call("DescribeInstances")).ret_code, 0);
    service.fail("listened", "status 503");
    await inside.client.call("DescribeInstances", {}, { requestId: "listened" });
  }
  await Promise.all(inner);
  const { client } = stubClient(() => ({ ret_code: 0, job_set: [{ job_id: "j-1", status: "successful" }], total_count: 1 }));
  for (const onProgress of [() => { throw new Error("x"); }, async () => { throw new Error("x"); }]) await client.waitForJobs("j-1", { onProgress });
  // A rejection that nobody takes would have ended this process by then.
  await new Promise(setImmediate);
});
const inside = {};

test("an event is the listener's own: what it does with it reaches nobody", async () => {
  const seen = [];
  const client = clientFor(service, { onEvent: (event) => {
    seen.push({ ...event });
    for (const name of Object.keys(event)) event[name] = "changed";
    Object.freeze(event);
  } });
  await client.call("DescribeInstances");
  await client.call("DescribeInstances");
  assert.ok(seen.every(({ action }) => action === "DescribeInstances"));
  client.free();
});

test("a URL that would be too long goes as a POST, and the event says that nobody documents it", async () => {
  const { events, onEvent } = listening();
  const client = clientFor(service, { onEvent });
  await client.call("DescribeInstances", { search_word: "x".repeat(9000) });
  const [{ method, undocumentedPost }] = events;
  assert.deepEqual([method, undocumentedPost], ["POST", true]);
  client.free();
});
