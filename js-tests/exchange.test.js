// What a replaced fetch is given, and what is made of what it gives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { stubClient } from "./stub.js";

const ANSWER = JSON.stringify({ ret_code: 0, instance_set: [], text: "青云".repeat(200) });
const clientOf = (fetch, options) => stubClient(() => {}, { fetch, maxAttempts: 1, ...options }).client;

/** A body in chunks of so many bytes each. */
function chunked(text, size, cancel) {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
    cancel,
  });
}

test("a body is read whole, whatever chunks it comes in", async () => {
  for (const size of [1, 2, 7, 100, 1000, 100_000]) {
    const client = clientOf(async () => new Response(chunked(ANSWER, size)));
    assert.deepEqual(await client.call("DescribeInstances"), JSON.parse(ANSWER), `chunks of ${size}`);
    client.free();
  }
});

test("fetch is given a signal that ends with the call, also in a copy of what it is given", async () => {
  const copies = [(init) => init, (init) => ({ ...init }), (init) => Object.assign({}, init), (init) => Object.create(init)];
  for (const copy of copies) {
    const controller = new AbortController();
    let given;
    const client = clientOf((_, init) => {
      given = copy(init);
      assert.ok(given.signal instanceof AbortSignal && !given.signal.aborted);
      assert.deepEqual([given.method, given.redirect], ["GET", "manual"]);
      return new Promise(() => {});
    });
    const call = client.call("DescribeInstances", {}, { signal: controller.signal });
    while (given === undefined) await new Promise(setImmediate);
    controller.abort(new Error("enough"));
    await assert.rejects(call, { message: "enough" });
    assert.ok(given.signal.aborted, String(copy));
    client.free();
  }
});

test("a signal that fetch looks at only after the call has ended is aborted", async () => {
  let given;
  const client = clientOf((_, init) => {
    given = init;
    return new Promise(() => {});
  });
  await assert.rejects(client.call("DescribeInstances", {}, { timeoutMs: 5 }), { kind: "timeout", attempts: 1 });
  assert.ok(given.signal.aborted);
  client.free();
});

test("a reply that comes after the call has ended is not read, but cancelled", async () => {
  let reply;
  let isCancelled = false;
  const client = clientOf(() => new Promise((resolve) => {
    reply = resolve;
  }));
  await assert.rejects(client.call("DescribeInstances", {}, { timeoutMs: 5 }), { kind: "timeout" });
  reply(new Response(chunked(ANSWER, 10, () => {
    isCancelled = true;
  })));
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  assert.ok(isCancelled);
  client.free();
});

test("a fetch that throws at once, or gives no response, is a broken connection", async () => {
  const cause = new Error("no");
  const throwing = clientOf(() => {
    throw cause;
  });
  await assert.rejects(throwing.call("DescribeInstances"), { kind: "network", attempts: 1, cause });
  for (const nothing of [undefined, null, "text", 200]) {
    await assert.rejects(clientOf(() => nothing).call("DescribeInstances"), ({ kind, cause: { message } }) => kind === "network" && message === "fetch gave no response");
  }
});
