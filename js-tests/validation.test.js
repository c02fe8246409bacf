import assert from "node:assert/strict";
import { test } from "node:test";
import { stubClient } from "./stub.js";

const run = { image_id: "centos73x64", login_mode: "passwd" };

function refusal(work) {
  try {
    work();
  } catch (error) {
    return error;
  }
  return assert.fail("nothing was refused");
}

async function rejection(promise) {
  return promise.then(() => assert.fail("nothing was refused"), (error) => error);
}

test("a call is checked before anything is sent, and every violation is told at once", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0 }));
  const error = await rejection(client.call("RunInstances", { count: "two", vxnets: 7 }));
  assert.equal(error.kind, "parameters");
  assert.equal(error.outcome, "not-executed");
  assert.deepEqual(error.violations.map(({ path }) => path).sort(), ["count", "image_id", "login_mode", "vxnets"]);
  assert.equal(sent.length, 0);
});

test("lenient lets pass what the service may know and the catalogue does not", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0 }));
  await client.call("RunInstances", { ...run, count: "2", brand_new: 1, hypervisor: "xen" });
  await client.call("RunInstances", { ...run, "vxnets.1": "vxnet-0" });
  await client.call("SomethingBrandNew", { anything: [1] });
  assert.equal(sent.length, 3);
});

test("strict refuses those too, and says what may have been meant", async () => {
  const { client } = stubClient(() => ({ ret_code: 0 }), { validate: "strict" });
  const error = await rejection(client.call("RunInstances", { ...run, countt: 1, hypervisor: "xen" }));
  assert.deepEqual(error.violations.map(({ path }) => path).sort(), ["countt", "hypervisor"]);
  assert.equal(error.violations.find(({ path }) => path === "countt").suggestion, "count");
});

test("off checks nothing", async () => {
  const { client, sent } = stubClient(() => ({ ret_code: 0 }), { validate: "off" });
  await client.call("RunInstances", {});
  assert.equal(sent.length, 1);
});

test("a missing zone says where to set it, and a client's zone counts", async () => {
  const { client } = stubClient(() => ({ ret_code: 0 }), { zone: undefined });
  const error = await rejection(client.call("DescribeInstances", {}));
  assert.match(error.message, /zone/);
  assert.match(error.violations[0].expected, /client|call/);
  await client.call("DescribeInstances", {}, { zone: "pek3" });
  await client.call("DescribeInstances", { zone: "pek3" });
});

test("signing signs what it is given, unless validate is set", () => {
  const { client } = stubClient(() => ({}));
  assert.match(client.signUrl("RunInstances", { count: 1 }), /^https:/);
  const { client: strict } = stubClient(() => ({}), { validate: "lenient" });
  assert.equal(refusal(() => strict.signUrl("RunInstances", { count: 1 })).violations.length, 2);
});

test("no violation quotes a secret", async () => {
  const { client } = stubClient(() => ({ ret_code: 0 }), { validate: "strict" });
  const error = await rejection(client.call("RunInstances", { ...run, login_passwd: ["hunter2-hunter2"] }));
  assert.ok(!JSON.stringify([error.message, error.violations]).includes("hunter2"));
});
