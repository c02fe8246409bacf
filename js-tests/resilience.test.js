// Every fault, before and after the action was carried out, on every kind of action: nothing is done twice that must
// not be, every promise settles in time, every failure says what is known.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { callUnder, clientFor, combinations, inParallel, isCurable, ACTIONS } from "./faults.js";
import { faultServer } from "./fault-server.js";

let service;
const stray = [];
const collectStray = (reason) => stray.push(reason);
before(async () => {
  service = await faultServer();
  process.on("unhandledRejection", collectStray);
});
after(async () => {
  await service.close();
  process.off("unhandledRejection", collectStray);
  assert.deepEqual(stray, [], "unhandled rejections");
});

/** A client each: where every call meets a fault, one client soon has spent what it may on retries, as in an outage. */
async function alone(combination, patience) {
  const client = clientFor(service, patience);
  const result = await callUnder(service, client, combination, patience);
  client.free();
  return result;
}

test("a fault that passes is cured where a repetition is harmless, and told where it is not", async () => {
  const all = combinations();
  // Long enough for a busy machine to come to a second reply.
  const patience = { timeoutMs: 1500, deadlineMs: 7500 };
  const results = await inParallel(all, 24, (combination) => alone(combination, patience));
  const curable = all.map(({ row, kind }, index) => isCurable(row, ACTIONS[kind]) && results[index]).filter(Boolean);
  const cured = curable.filter((result) => result === "cured").length;
  assert.ok(cured >= 0.99 * curable.length, `${cured} of ${curable.length} cured`);
  assert.equal(service.timesAsked(undefined), 0, "a redirect was followed");
});

test("a fault that stays ends in time, with an error that says what is known", async () => {
  const all = combinations().filter(({ method }) => method === "GET").map((combination) => ({ ...combination, times: Infinity }));
  const results = await inParallel(all, 24, (combination) => alone(combination));
  assert.ok(!results.includes("cured"));
});

test("a caller may say that a repetition is harmless, or that it is not", async () => {
  const client = clientFor(service);
  const run = async (kind, fault, idempotent) => {
    const { action, params } = ACTIONS[kind];
    const requestId = `${kind[0]}${fault.replace(/\W/g, "")}${idempotent}`;
    service.fail(requestId, fault, { after: true });
    const ended = await client.call(action, params, { requestId, idempotent }).then(() => "well", ({ outcome }) => outcome);
    return [ended, service.timesDone(requestId)];
  };
  assert.deepEqual(await run("create", "reset", true), ["well", 2]);
  assert.deepEqual(await run("create", "reset", false), ["unknown", 1]);
  assert.deepEqual(await run("repeatable change", "ret_code 5100", undefined), ["well", 2]);
  assert.deepEqual(await run("repeatable change", "ret_code 5100", false), ["unknown", 1]);
  client.free();
});

test("where nobody listens, nothing was sent, and every kind of action is tried again", async () => {
  const closed = await faultServer();
  await closed.close();
  for (const { action, params } of Object.values(ACTIONS)) {
    const client = clientFor(closed);
    await assert.rejects(client.call(action, params), { kind: "network", outcome: "not-executed", attempts: 3, retryable: true });
    client.free();
  }
});

test("each row of the table is told as a kind of its own", async () => {
  const client = clientFor(service, { maxAttempts: 1 });
  const kinds = {
    reset: "network", hang: "timeout", "head, then hang": "timeout", drip: "timeout", "status 503": "http", "redirect 302": "http",
    HTML: "response", empty: "response", "a list": "response", "cut body": "network", "ret_code 2100": "api",
  };
  for (const [fault, kind] of Object.entries(kinds)) {
    service.fail(fault.replace(/\W/g, ""), fault);
    await assert.rejects(client.call("DescribeInstances", {}, { requestId: fault.replace(/\W/g, "") }), { kind }, fault);
  }
  client.free();
});

test("during an outage a thousand calls send a tenth more requests than there are calls", async () => {
  for (const fault of ["status 503", "reset"]) {
    service.failAll(fault);
    const { requests } = service;
    const client = clientFor(service, { deadlineMs: 30_000, timeoutMs: 10_000 });
    const results = await Promise.allSettled(Array.from({ length: 1000 }, () => client.call("DescribeInstances")));
    service.failAll();
    assert.ok(results.every(({ status }) => status === "rejected"));
    const sent = service.requests - requests;
    assert.ok(sent <= 1100, `${sent} requests`);
    client.free();
  }
});

test("after an outage the first success is followed by others at once", async () => {
  const client = clientFor(service, { deadlineMs: 30_000, timeoutMs: 10_000 });
  service.failAll("status 503");
  await Promise.allSettled(Array.from({ length: 100 }, () => client.call("DescribeInstances")));
  service.failAll();
  const startedMs = performance.now();
  for (let count = 0; count < 20; count += 1) await client.call("DescribeInstances");
  assert.ok(performance.now() - startedMs < 5000);
  // What an outage used up comes back with success: a fault is cured again.
  for (let count = 0; count < 20; count += 1) await client.call("DescribeInstances");
  service.fail("again", "reset");
  await client.call("DescribeInstances", {}, { requestId: "again" });
  client.free();
});

