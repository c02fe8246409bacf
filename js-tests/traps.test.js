// Where the stack ends in the middle of the module, the call fails and the module stays whole: a trap is no end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { QingCloudClient, isQingCloudError } from "qingcloud-wasm";
import { Emulator, diagnose } from "qingcloud-wasm/emulator";
import { CLASSES } from "./classes.js";

const OPTIONS = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3", now: () => 1_700_000_000_000 };
const PARAMS = { instances: ["i-00000001"], search_word: "中文".repeat(200), tags: [{ a: [1, { b: 2 }] }] };

/** Runs `work` in `frames` frames from the deepest one up but for some, where there is less than it needs and then a little more. */
function atTheEdge(frames, work, skipped = 0) {
  let left = frames + skipped;
  const dive = () => {
    try {
      dive();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    if (left > 0) {
      left -= 1;
      if (left < frames) work();
    }
  };
  dive();
}

for (const [name, Class] of Object.entries(CLASSES)) {
  for (const method of ["signUrl", "sign", "explain"]) {
    test(`${name}.${method} works on after the stack has ended in it`, () => {
      const signer = new Class(OPTIONS);
      const right = JSON.stringify(signer[method]("DescribeInstances", PARAMS));
      let failed = 0;
      let odd;
      for (let round = 0; round < 20; round += 1) {
        atTheEdge(1500, () => {
          try {
            const made = signer[method]("DescribeInstances", PARAMS);
            if (JSON.stringify(made) !== right) odd ??= `gave ${JSON.stringify(made).slice(0, 80)}`;
          } catch (error) {
            failed += 1;
            if (!(error instanceof RangeError) && !isQingCloudError(error)) odd ??= String(error);
          }
        });
      }
      assert.equal(odd, undefined);
      assert.ok(failed > 100, `only ${failed} calls came to the stack's end`);
      assert.equal(JSON.stringify(signer[method]("DescribeInstances", PARAMS)), right);
      signer.free();
      const another = new Class(OPTIONS);
      assert.equal(JSON.stringify(another[method]("DescribeInstances", PARAMS)), right);
      another.free();
    });
  }

  test(`${name} can be made after the stack has ended in its making`, () => {
    const made = [];
    for (let round = 0; round < 20; round += 1) {
      atTheEdge(500, () => {
        try {
          made.push(new Class(OPTIONS));
        } catch (error) {
          if (!(error instanceof RangeError) && !isQingCloudError(error)) throw new Error(`a ${error?.constructor?.name} was thrown: ${error}`);
        }
      });
    }
    const right = new Class(OPTIONS).signUrl("DescribeInstances", PARAMS);
    for (const signer of made) {
      assert.equal(signer.signUrl("DescribeInstances", PARAMS), right);
      signer.free();
    }
  });
}

// A promise that is rejected in the very last frames makes Node.js itself stumble, so these begin a little further up.
const SOME = 150;

for (const method of ["call", "signAsync", "callAndWait", "waitForJobs", "paginate"]) {
  test(`QingCloudClient.${method} works on after the stack has ended in it`, { timeout: 60_000 }, async () => {
    const fetch = async () => new Response('{"ret_code":0,"job_set":[{"job_id":"j-1","status":"successful"}],"instance_set":[],"total_count":0}');
    const client = new QingCloudClient({ ...OPTIONS, now: undefined, fetch });
    const work = {
      waitForJobs: () => client.waitForJobs("j-1"),
      paginate: () => client.paginate("DescribeInstances", { instances: ["i-1"] }).pages().next(),
    }[method] ?? (() => client[method]("DescribeInstances", { instances: ["i-1"] }));
    const made = [];
    for (let round = 0; round < 3; round += 1) {
      atTheEdge(400, () => {
        try {
          made.push(work());
        } catch (error) {
          assert.ok(error instanceof RangeError || isQingCloudError(error), String(error));
        }
      }, SOME);
      for (const { reason } of await Promise.allSettled(made)) {
        if (reason !== undefined) assert.ok(reason instanceof RangeError || isQingCloudError(reason), String(reason));
      }
    }
    assert.ok(made.length > 500);
    await work();
    client.free();
  });
}

const emulator = new Emulator({ now: OPTIONS.now });
const LIST = new QingCloudClient({ ...OPTIONS, accessKeyId: emulator.accessKeyId, secretAccessKey: emulator.secretAccessKey }).signUrl("DescribeInstances");
const SNAPSHOT = emulator.snapshot();

for (const [name, work] of Object.entries({
  requests: () => emulator.requests,
  snapshot: () => emulator.snapshot(),
  restore: () => emulator.restore(SNAPSHOT),
  reset: () => emulator.reset(),
  diagnose: () => diagnose({ url: LIST, secretAccessKey: emulator.secretAccessKey, now: OPTIONS.now }),
  "new Emulator": () => new Emulator({ now: OPTIONS.now }).free(),
})) {
  test(`the stack never ends inside the emulator's module: ${name}`, () => {
    const errors = [];
    // The first dives are in frames so large that few of them fit into the room that the module needs.
    for (let round = 0; round < 3; round += 1) {
      atTheEdge(800, () => {
        try {
          work();
        } catch (error) {
          errors.push(error);
        }
      });
    }
    for (const error of errors) {
      assert.ok(error instanceof RangeError || isQingCloudError(error), String(error));
      assert.doesNotMatch(String((error.cause ?? error).stack), /wasm-function/);
    }
    assert.ok(errors.length > 100, `only ${errors.length} came to the stack's end`);
    work();
  });
}

test("the emulator answers after the stack has ended on the way into it", async () => {
  const pending = [];
  atTheEdge(400, () => pending.push(emulator.fetch(LIST)), SOME);
  const ends = await Promise.allSettled(pending);
  for (const { reason } of ends) if (reason !== undefined) assert.ok(reason instanceof RangeError || isQingCloudError(reason), String(reason));
  assert.ok(ends.some(({ status }) => status === "rejected"));
  assert.equal((await (await emulator.fetch(LIST)).json()).ret_code, 0);
});
