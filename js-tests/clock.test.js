// A machine whose clock is wrong: the endpoint's Date puts it right, at the cost of one request.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clientFor } from "./faults.js";
import { faultServer } from "./fault-server.js";

const DAY_MS = 86_400_000;

let service;
before(async () => {
  service = await faultServer();
});
after(() => service.close());

test("a clock from a day behind to a day ahead costs one request more at most, and only once", async () => {
  for (let step = 0; step < 40; step += 1) {
    service.skewMs = -DAY_MS + (step * 2 * DAY_MS) / 39;
    const offsets = [];
    const client = clientFor(service, { onEvent: ({ type, offsetMs }) => type === "clock" && offsets.push(offsetMs) });
    const { requests } = service;
    await client.call("DescribeInstances");
    await client.call("RunInstances", { image_id: "centos64x86a" });
    const sent = service.requests - requests;
    assert.ok(sent <= 3, `${service.skewMs} ms: ${sent} requests for two calls`);
    assert.ok(offsets.length <= 1 && offsets.every((offset) => Math.abs(offset - service.skewMs) < 2000), `${service.skewMs} ms: learnt ${offsets}`);
    client.free();
  }
  service.skewMs = 0;
});

test("twenty calls that start with a wrong clock are all put right, each by its own answer", async () => {
  for (const skewMs of [-3_600_000, 3_600_000]) {
    service.skewMs = skewMs;
    const client = clientFor(service, { deadlineMs: 5000, timeoutMs: 2000 });
    const { requests } = service;
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.call(index % 2 ? "RunInstances" : "DescribeInstances", { image_id: "centos64x86a" })));
    assert.ok(service.requests - requests <= 40);
    client.free();
  }
  service.skewMs = 0;
});

test("a clock is mended without using up what a client may spend on retries", async () => {
  service.skewMs = 3_600_000;
  for (let count = 0; count < 50; count += 1) {
    const client = clientFor(service);
    await client.call("DescribeInstances");
    client.free();
  }
  service.skewMs = 0;
});

test("without a readable Date the error names the skew and the ways out", async () => {
  service.skewMs = 3_600_000;
  service.sendsDate = false;
  const client = clientFor(service);
  const { requests } = service;
  await assert.rejects(client.call("RunInstances", { image_id: "centos64x86a" }), (error) => {
    assert.deepEqual([error.kind, error.retCode, error.outcome, error.attempts], ["api", 1300, "not-executed", 1]);
    assert.match(error.message, /clocks differ .* set the clock, or pass "now"/);
    return true;
  });
  assert.equal(service.requests - requests, 1);
  client.free();
  service.sendsDate = true;
  service.skewMs = 0;
});

test("a request that came too late is signed again though no clock is wrong, once", async () => {
  const offsets = [];
  const client = clientFor(service, { onEvent: ({ type, offsetMs }) => type === "clock" && offsets.push(offsetMs) });
  const { requests } = service;
  service.fail("late", "ret_code 1300");
  await client.call("RunInstances", { image_id: "centos64x86a" }, { requestId: "late" });
  assert.equal(service.requests - requests, 2);
  service.fail("never", "ret_code 1300", { times: Infinity });
  await assert.rejects(client.call("RunInstances", { image_id: "centos64x86a" }, { requestId: "never" }), (error) => {
    assert.deepEqual([error.retCode, error.outcome, error.attempts], [1300, "not-executed", 2]);
    assert.match(error.message, /the signature is old/);
    return true;
  });
  assert.equal(service.requests - requests, 4);
  // What the reply's Date, cut to the second, says of a clock that is right.
  assert.ok(offsets.length === 2 && offsets.every((offset) => Math.abs(offset) < 2000), `learnt ${offsets}`);
  client.free();
});

test("a service that refuses every time stamp is asked twice, not for ever", async () => {
  service.skewMs = 3_600_000;
  const client = clientFor(service);
  service.fail("never", "ret_code 1300", { times: Infinity });
  await assert.rejects(client.call("DescribeInstances", {}, { requestId: "never" }), { retCode: 1300, attempts: 2 });
  client.free();
  service.skewMs = 0;
});

test("a clock of the caller's own is put right as well, and its time stamp left alone where the caller gave one", async () => {
  const client = clientFor(service, { now: () => Date.now() - DAY_MS });
  await client.call("DescribeInstances");
  await assert.rejects(client.call("DescribeInstances", { time_stamp: "2020-01-01T00:00:00Z" }), { retCode: 1300, attempts: 1 });
  client.free();
});

test("what was learnt goes into signatures that are made without a call, and into no other client", async () => {
  service.skewMs = DAY_MS;
  const [one, another] = [clientFor(service), clientFor(service)];
  await one.call("DescribeInstances");
  const stampOf = (client) => Date.parse(new URL(client.signUrl("DescribeInstances")).searchParams.get("time_stamp"));
  assert.ok(Math.abs(stampOf(one) - Date.now() - DAY_MS) < 5000);
  assert.ok(Math.abs(stampOf(another) - Date.now()) < 5000);
  one.free();
  another.free();
  service.skewMs = 0;
});
