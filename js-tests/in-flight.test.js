import assert from "node:assert/strict";
import { test } from "node:test";
import { stubClient } from "./stub.js";

const COUNT = 1_000;

test("a thousand calls in flight at once each get their own answer", async () => {
  let arrived = 0;
  let release;
  const all = new Promise((resolve) => {
    release = resolve;
  });
  const { client } = stubClient(
    async ({ "instances.1": id }) => {
      arrived += 1;
      if (arrived === COUNT) release();
      await all;
      return { ret_code: 0, instance_set: [{ instance_id: id }] };
    },
    { maxConcurrency: COUNT },
  );
  const ids = Array.from({ length: COUNT }, (_, number) => `i-${number}`);
  const answers = await Promise.all(ids.map((id) => client.call("DescribeInstances", { instances: [id] })));
  assert.deepEqual(answers.map(({ instance_set: [{ instance_id: id }] }) => id), ids);
  client.free();
});

test("a thousand calls through the usual 32 places each get their own answer", async () => {
  let inFlight = 0;
  let most = 0;
  const { client } = stubClient(async ({ "instances.1": id }) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    return { ret_code: 0, instance_set: [{ instance_id: id }] };
  });
  const ids = Array.from({ length: COUNT }, (_, number) => `i-${number}`);
  const answers = await Promise.all(ids.map((id) => client.call("DescribeInstances", { instances: [id] })));
  assert.deepEqual(answers.map(({ instance_set: [{ instance_id: id }] }) => id), ids);
  assert.equal(most, 32);
  client.free();
});
