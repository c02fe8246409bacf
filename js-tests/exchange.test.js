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

test("where there is no fetch at all, nothing was sent", async () => {
  const { fetch } = globalThis;
  globalThis.fetch = undefined;
  try {
    const error = await clientOf(undefined).call("StopInstances", { instances: ["i-00000001"] }).catch((thrown) => thrown);
    assert.deepEqual([error.kind, error.outcome, error.cause.message.includes("no fetch")], ["network", "not-executed", true]);
  } finally {
    globalThis.fetch = fetch;
  }
});

test("a ret_code that no number holds exactly is no answer", async () => {
  for (const ret_code of ["9007199254740992", "-1e18", "1e300", "0.5"]) {
    const client = clientOf(async () => new Response(`{"ret_code":${ret_code}}`));
    await assert.rejects(client.call("DescribeZones"), { kind: "response" }, ret_code);
  }
});

test("a connection that breaks while it is used is not one that never was", async () => {
  const cases = [["connect", "not-executed"], [undefined, "not-executed"], ["read", "unknown"], ["write", "unknown"]];
  for (const [syscall, outcome] of cases) {
    let sent = 0;
    const fetch = async () => {
      sent += 1;
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "EHOSTUNREACH", syscall } });
    };
    const client = clientOf(fetch, { maxAttempts: 3 });
    await assert.rejects(client.call("RunInstances", { image_id: "centos73x64", login_mode: "passwd" }), { kind: "network", outcome });
    assert.equal(sent, outcome === "unknown" ? 1 : 3);
  }
});

test("a response whose status throws ends the call and gives its place back", async () => {
  const client = clientOf(async () => ({ get status() { throw new Error("no"); } }), { maxConcurrency: 1 });
  for (let count = 0; count < 2; count += 1) await assert.rejects(client.call("DescribeZones"), { kind: "network" });
});

test("what a response says is read once, so that nothing of it changes or throws the second time", async () => {
  for (const name of ["status", "headers", "body", "text"]) {
    const response = { status: 200, headers: new Headers(), body: undefined, text: async () => ANSWER };
    const value = response[name];
    let reads = 0;
    Object.defineProperty(response, name, {
      get() {
        reads += 1;
        if (reads > 1) throw new Error("no");
        return value;
      },
    });
    const client = clientOf(async () => response, { maxConcurrency: 1 });
    for (let count = 0; count < 2; count += 1) {
      reads = 0;
      assert.deepEqual(await client.call("DescribeInstances"), JSON.parse(ANSWER), name);
    }
    client.free();
  }
});

test("errors name the zone that was sent, the status of every reply, and the action", async () => {
  const client = clientOf(async () => new Response(null, { status: 204 }));
  await assert.rejects(client.call("DescribeInstances", { zone: "sh1a" }), { zone: "sh1a", httpStatus: 204, action: "DescribeInstances" });
  await assert.rejects(client.call("DescribeInstances", { limit: NaN }), { kind: "parameters", action: "DescribeInstances" });
  assert.throws(() => client.signUrl("DescribeInstances", { limit: NaN }), { kind: "parameters", action: "DescribeInstances" });
});

test("who follows readBack looks in the zone of the lost call, whichever client's that is", async () => {
  const zones = [];
  const { client } = stubClient(({ action, zone }) => {
    if (action !== "DescribeInstances") return { ret_code: 5000 };
    zones.push(zone);
    return { ret_code: 0, instance_set: [], total_count: 0 };
  });
  const calls = [[{}, {}], [{}, { zone: "pek3" }], [{}, { zone: "gd2" }], [{ zone: "sh1a" }, {}]];
  for (const [params, options] of calls) {
    const { zone, readBack } = await client.call("StopInstances", { instances: ["i-1"], ...params }, options).catch((error) => error);
    assert.deepEqual(readBack.params, { instances: ["i-1"], ...(zone !== "pek3" && { zone }) });
    await client.call(readBack.action, readBack.params);
  }
  assert.deepEqual(zones, ["pek3", "pek3", "gd2", "sh1a"]);
});

test("an error of wrong options names the call", async () => {
  const wrong = [{ timeoutMs: -1 }, { deadlineMs: 0 }, { maxAttempts: 0 }, { idempotent: 1 }, { signal: {} }];
  const wrongWait = [{ waitLimitMs: -1 }, { minIntervalMs: "1" }, { onProgress: 1 }];
  const action = "DescribeInstances";
  const { client } = stubClient(() => {});
  const places = [[{}, {}, "pek3"], [{}, { zone: "gd2" }, "gd2"], [{ zone: "sh1a" }, { zone: "gd2" }, "sh1a"]];
  for (const [params, rest, zone] of places) {
    const named = { kind: "options", action, zone, attempts: 0 };
    for (const options of wrong) {
      await assert.rejects(client.call(action, params, { ...rest, ...options, requestId: "r-1" }), { ...named, requestId: "r-1" });
      await assert.rejects(client.call(action, params, { ...rest, ...options }), (error) => !("requestId" in error));
      await assert.rejects(client.call(action, { ...params, req_id: "r-2" }, { ...rest, ...options, requestId: "r-1" }), { ...named, requestId: "r-2" });
      await assert.rejects(client.callAndWait(action, params, { ...rest, ...options }), named);
      assert.throws(() => client.paginate(action, params, { ...rest, ...options }), named);
    }
    for (const options of wrongWait) {
      await assert.rejects(client.callAndWait(action, params, { ...rest, ...options }), named);
      await assert.rejects(client.waitFor(action, params, { status: "running", ...rest, ...options }), named);
    }
    for (const options of [{ method: "PUT" }, { expiresInSeconds: 0 }, { bogus: 1 }]) {
      await assert.rejects(client.call(action, params, { ...rest, ...options, requestId: "r-1" }), { ...named, requestId: "r-1" });
      for (const sign of ["sign", "paginate"]) assert.throws(() => client[sign](action, params, { ...rest, ...options }), (error) => error.zone === zone && error.action === action && !("requestId" in error));
    }
    await assert.rejects(client.call(action, { ...params, limit: NaN }, rest), { ...named, kind: "parameters" });
    await assert.rejects(client.waitFor(action, params, { ...rest }), { ...named, kind: "parameters" });
    await assert.rejects(client.waitFor("RunInstances", params, { status: "running", ...rest }), { ...named, kind: "parameters", action: "RunInstances" });
  }
});

test("what is refused before it is sent or signed names the call", async () => {
  const { client } = stubClient(() => {}, { readOnly: true, validate: "strict" });
  for (const [action, params, kind] of [["StopInstances", { instances: ["i-1"] }, "options"], ["DescribeInstances", { limit: [] }, "parameters"]]) {
    for (const method of ["call", "signAsync"]) {
      await assert.rejects(client[method](action, params, { zone: "gd2", requestId: "r-1" }), { kind, action, zone: "gd2", requestId: "r-1" });
    }
    assert.throws(() => client.signUrl(action, params, { zone: "gd2", requestId: "r-1" }), { kind, action, zone: "gd2", requestId: "r-1" });
  }
});

test("a wrapper of fetch may put a signal of its own in place of ours", async () => {
  const client = clientOf((_, init) => {
    init.signal = AbortSignal.any([init.signal, new AbortController().signal]);
    assert.deepEqual(Object.keys({ ...init }).sort(), ["method", "redirect", "signal"]);
    return new Promise((_resolve, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
  });
  await assert.rejects(client.call("DescribeInstances", {}, { timeoutMs: 5 }), { kind: "timeout", attempts: 1 });
  client.free();
});

test("the code of what broke stands in the message, and nothing else of it", async () => {
  const beneath = Object.assign(new Error("connect failed to https://secret.example"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  const client = clientOf(() => Promise.reject(new TypeError("fetch failed", { cause: beneath })));
  await assert.rejects(client.call("DescribeZones"), { kind: "network", message: "DescribeZones: the connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)" });
  client.free();
});

test("an error's stack leads to whoever awaits the call", async () => {
  const { client } = stubClient(() => ({ ret_code: 1400, message: "no" }));
  const asked = {
    async call() { await client.call("StopInstances", { instances: ["i-1"] }); },
    async paginate() { for await (const _ of client.paginate("DescribeInstances")); },
    async waitForJobs() { await client.waitForJobs("j-1"); },
    async signUrl() { client.signUrl("DescribeInstances", { limit: NaN }); },
  };
  for (const [name, ask] of Object.entries(asked)) {
    await assert.rejects(ask(), ({ stack, message }) => {
      assert.ok(stack.startsWith(`QingCloudError: ${message}\n`), stack);
      assert.match(stack, new RegExp(`at (async )?(Object\\.)?${name} `));
      assert.doesNotMatch(stack, /wasm/);
      return true;
    });
  }
  client.free();
});

test("a reply that began was an answer to what went out, whatever its body fails with", async () => {
  for (const code of ["ECONNREFUSED", "ENOTFOUND", "UND_ERR_CONNECT_TIMEOUT"]) {
    const { client, sent } = stubClient(() => {});
    client.free();
    const body = () => new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"ret_code":0,"insta'));
        controller.error(Object.assign(new Error("gone"), { code }));
      },
    });
    let requests = 0;
    const cut = clientOf(async () => { requests += 1; return new Response(body()); }, { maxAttempts: 3 });
    await assert.rejects(cut.call("RunInstances", { image_id: "x", login_mode: "passwd" }), { kind: "network", outcome: "unknown", retryable: false });
    assert.deepEqual([requests, sent.length], [1, 0]);
    cut.free();
  }
});

test("a reason for aborting stays as it is, an error of ours too", async () => {
  const { client } = stubClient(() => new Promise(() => {}));
  const reason = await client.call("DescribeInstances", { limit: NaN }).catch((error) => error);
  const { stack } = reason;
  const controller = new AbortController();
  const call = client.call("DescribeInstances", {}, { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(call, (error) => error === reason && error.stack === stack);
  client.free();
});

test("numbers as public parameters are those of the error and the events, and lists are refused", async () => {
  const told = [];
  const { client, sent } = stubClient(() => ({ ret_code: 1100 }), { onEvent: ({ requestId, zone }) => told.push([requestId, zone]) });
  await assert.rejects(client.call("DescribeInstances", { req_id: 20261129, zone: 5 }), { requestId: "20261129", zone: "5" });
  assert.deepEqual([sent[0].req_id, sent[0].zone, told[0]], ["20261129", "5", ["20261129", "5"]]);
  for (const name of ["expires", "time_stamp", "req_id", "version"]) {
    for (const value of [[], ["x"], { a: 1 }]) {
      assert.throws(() => client.signUrl("DescribeInstances", { [name]: value }), { kind: "parameters", message: new RegExp(`"${name}"`) });
      await assert.rejects(client.call("StopInstances", { instances: ["i-1"], [name]: value }), { kind: "parameters" });
    }
  }
  assert.equal(sent.length, 1);
  client.free();
});

test("a signed request is left out of the cause, however it is kept there", async () => {
  const kept = [
    (url) => new Map([["u", url]]), (url) => new Set([url]), (url) => new Headers({ location: url }),
    (url) => new String(url), (url) => new URL(url).searchParams, (url) => Object.fromEntries(new URL(url).searchParams),
  ];
  for (const keep of kept) {
    const client = clientOf(async (url) => { throw Object.assign(new Error("x"), { kept: keep(url) }); });
    await assert.rejects(client.call("DescribeInstances"), ({ cause }) => cause.message === "the cause is left out: it held a signed request");
    client.free();
  }
  const plain = new Map([["a", new Set([1, "b"])]]);
  const client = clientOf(async () => { throw Object.assign(new Error("x"), { plain }); });
  await assert.rejects(client.call("DescribeInstances"), ({ cause }) => cause.plain === plain);
  client.free();
});
