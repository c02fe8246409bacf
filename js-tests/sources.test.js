// Where signatures come from beside a key at hand: a provider of keys, a function that signs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { QingCloudClient, QingCloudError, isQingCloudError } from "qingcloud-wasm";
import { faultServer, KEY } from "./fault-server.js";
import { parametersOf } from "./stub.js";

const MINUTE_MS = 60_000;

let service;
before(async () => {
  service = await faultServer();
});
after(() => service.close());

/** A client over a provider, with a clock that is set by hand; `used` has the key id of each request. */
function provided(provider, options = {}) {
  const clock = { ms: 1_700_000_000_000 };
  const used = [];
  const client = new QingCloudClient({
    zone: "pek3",
    now: () => clock.ms,
    credentials: () => provider(clock),
    fetch: async (url, init) => {
      used.push(parametersOf(url, init).access_key_id);
      return Response.json({ ret_code: 0 });
    },
    ...options,
  });
  return { client, clock, used };
}

const key = (name, rest) => ({ accessKeyId: name, secretAccessKey: `secret of ${name}`, ...rest });

test("a provider is asked once for all calls that wait for its key", async () => {
  let asked = 0;
  const { client, used } = provided(async () => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 10));
    return key("one");
  });
  await Promise.all([...Array.from({ length: 20 }, () => client.call("DescribeInstances")), client.signAsync("DescribeInstances")]);
  await client.call("DescribeInstances");
  assert.equal(asked, 1);
  assert.equal(used.length, 21);
});

test("a key is renewed five minutes before its end, and used meanwhile", async () => {
  let asked = 0;
  let give;
  const { client, clock, used } = provided(({ ms }) => {
    asked += 1;
    if (asked === 1) return key("old", { expiresAt: ms + 60 * MINUTE_MS });
    return new Promise((resolve) => {
      give = () => resolve(key("new", { expiresAt: new Date(ms + 60 * MINUTE_MS) }));
    });
  });
  await client.call("DescribeInstances");
  clock.ms += 54 * MINUTE_MS;
  await client.call("DescribeInstances");
  assert.equal(asked, 1);
  clock.ms += 2 * MINUTE_MS;
  await Promise.all([client.call("DescribeInstances"), client.call("DescribeInstances")]);
  assert.deepEqual([asked, used], [2, ["old", "old", "old", "old"]]);
  give();
  await new Promise(setImmediate);
  await client.call("DescribeInstances");
  assert.deepEqual([asked, used.at(-1)], [2, "new"]);
});

test("a key that lives for minutes only is kept, and renewed in the second half of its life", async () => {
  let asked = 0;
  const { client, clock } = provided(({ ms }) => key(`key ${(asked += 1)}`, { expiresAt: ms + 4 * MINUTE_MS }));
  for (let count = 0; count < 5; count += 1) await client.call("DescribeInstances");
  assert.equal(asked, 1);
  clock.ms += 2.5 * MINUTE_MS;
  await client.call("DescribeInstances");
  await client.call("DescribeInstances");
  assert.equal(asked, 2);
});

test("a provider that never answers is asked again after half a minute", async (context) => {
  let asked = 0;
  const { client, used } = provided(() => ((asked += 1) === 1 ? new Promise(() => {}) : key("late")));
  await assert.rejects(client.call("DescribeInstances", {}, { deadlineMs: 20 }), { kind: "timeout" });
  await assert.rejects(client.call("DescribeInstances", {}, { deadlineMs: 20 }), { kind: "timeout" });
  assert.equal(asked, 1);
  const { now } = performance;
  context.mock.method(performance, "now", () => now.call(performance) + 31_000);
  await client.call("DescribeInstances");
  assert.deepEqual([asked, used], [2, ["late"]]);
});

test("a key that comes late does not replace one that was asked for after it", async (context) => {
  const gives = [];
  const { client, clock, used } = provided(() => new Promise((resolve) => gives.push(resolve)));
  const calls = [client.call("DescribeInstances")];
  while (gives.length < 1) await new Promise(setImmediate);
  const { now } = performance;
  context.mock.method(performance, "now", () => now.call(performance) + 31_000);
  calls.push(client.call("DescribeInstances"));
  while (gives.length < 2) await new Promise(setImmediate);
  gives[1](key("newer", { expiresAt: clock.ms + 60 * MINUTE_MS }));
  await calls[1];
  gives[0](key("older"));
  await calls[0];
  await client.call("DescribeInstances");
  assert.deepEqual(used, ["newer", "newer", "newer"]);
});

test("a renewal that fails leaves the old key in use, and is tried again", async () => {
  let asked = 0;
  const { client, clock, used } = provided(({ ms }) => {
    asked += 1;
    if (asked === 1 || asked === 4) return key(`key ${asked}`, { expiresAt: ms + 10 * MINUTE_MS });
    throw new Error("the vault is closed");
  });
  await client.call("DescribeInstances");
  clock.ms += 6 * MINUTE_MS;
  await client.call("DescribeInstances");
  await client.call("DescribeInstances");
  assert.deepEqual(used, ["key 1", "key 1", "key 1"]);
  clock.ms += 4 * MINUTE_MS;
  await client.call("DescribeInstances");
  assert.deepEqual([asked, used.at(-1)], [4, "key 4"]);
});

test("a key that has ended is used no more", async () => {
  let asked = 0;
  const { client, clock, used } = provided(({ ms }) => {
    asked += 1;
    if (asked > 1) throw new Error("the vault is closed");
    return key("one", { expiresAt: ms + MINUTE_MS });
  });
  await client.call("DescribeInstances");
  clock.ms += MINUTE_MS;
  await assert.rejects(client.call("DescribeInstances"), { kind: "credentials", message: "the credential provider failed", outcome: "not-executed", attempts: 0 });
  assert.equal(used.length, 1);
});

test("a provider that fails fails the call, and the next call asks again", async () => {
  const cause = new Error("the vault is closed");
  const gives = [() => { throw cause; }, () => Promise.reject(cause), () => key("one")];
  const { client } = provided(() => gives.shift()());
  for (let turn = 0; turn < 2; turn += 1) await assert.rejects(client.call("DescribeInstances"), (error) => error.kind === "credentials" && error.cause === cause);
  await client.call("DescribeInstances");
});

test("what is no key is told by what is missing", async () => {
  const gives = [undefined, null, 1, {}, { accessKeyId: "x" }, { accessKeyId: "x", secretAccessKey: 1 }, { accessKeyId: "", secretAccessKey: "x" }, { accessKeyId: "x", secretAccessKey: "" }, key("x", { expiresAt: "soon" }), key("x", { expiresAt: new Date(NaN) }), key("x", { token: 7 }), { get accessKeyId() { throw new Error("x"); } }];
  for (const [index, give] of gives.entries()) {
    const { client } = provided(() => give);
    await assert.rejects(client.call("DescribeInstances"), { kind: "credentials", message: /no usable key/ }, `${index}`);
  }
});

test("a key with a token makes requests of the version and path that it needs", async () => {
  const { client } = provided(() => key("one", { token: "token", expiresAt: Infinity }), { endpoint: "https://api.example.com/iaas" });
  const url = new URL((await client.signAsync("DescribeInstances")).url);
  assert.deepEqual([url.pathname, url.searchParams.get("token"), url.searchParams.get("signature_version")], ["/iam", "token", "2"]);
});

test("without a key at hand what signs at once points to what does not", () => {
  const { client } = provided(() => key("one"));
  for (const method of ["signUrl", "sign", "explain"]) assert.throws(() => client[method]("DescribeInstances"), { kind: "credentials", message: /signAsync/ });
});

/** A client whose signer is another client, as a vault would be. */
function signedElsewhere(wrap = (sign) => sign, options = {}) {
  const vault = new QingCloudClient({ ...KEY, endpoint: service.url });
  const requests = [];
  const sign = ({ action, params, ...rest }) => {
    requests.push({ action, params, ...rest });
    return vault.sign(action, params, rest);
  };
  const client = new QingCloudClient({ zone: "pek3", signer: wrap(sign), timeoutMs: 300, deadlineMs: 800, ...options });
  return { client, requests };
}

test("a function may sign, at once or later, anew for each attempt", async () => {
  for (const wrap of [(sign) => sign, (sign) => async (request) => sign(request)]) {
    const { client, requests } = signedElsewhere(wrap);
    service.fail(`signed-${wrap.name}${requests.length}`, "reset");
    await client.call("DescribeInstances", { status: ["running"], limit: 5 }, { requestId: `signed-${wrap.name}${requests.length}` });
    assert.equal(requests.length, 2);
    assert.deepEqual(requests[0].params, { limit: 5, status: ["running"] });
    assert.deepEqual([requests[0].zone, requests[0].requestId], ["pek3", requests[1].requestId]);
  }
});

test("a change goes to the signer with its lifetime, and is never signed twice after a lost reply", async () => {
  const { client, requests } = signedElsewhere();
  service.fail("signed-create", "reset", { after: true });
  await assert.rejects(client.call("RunInstances", { image_id: "x", instance_type: "small_b", login_mode: "keypair" }, { requestId: "signed-create" }), { outcome: "unknown" });
  assert.equal(requests.length, 1);
  assert.ok(requests[0].expiresInSeconds <= 6);
  assert.equal(service.timesDone("signed-create"), 1);
});

test("a signer that fails, or gives no signed request, is told as that, and nothing is sent", async () => {
  const cause = new Error("no");
  const { requests } = service;
  for (const signer of [() => { throw cause; }, async () => { throw cause; }]) {
    const { client } = signedElsewhere(() => signer);
    await assert.rejects(client.call("DescribeInstances"), (error) => error.kind === "credentials" && error.cause === cause && /signer function failed/.test(error.message));
  }
  for (const given of [undefined, null, {}, "https://api.qingcloud.com/", { method: "GET" }, { method: "PUT", url: service.url }, { method: "GET", url: "/iaas/" }, { method: "GET", url: "javascript:alert(1)" }, { method: "POST", url: service.url, body: 1 }, { method: "GET", url: service.url, headers: "x" }]) {
    const { client } = signedElsewhere(() => () => given);
    await assert.rejects(client.call("DescribeInstances"), { kind: "credentials" }, JSON.stringify(given));
  }
  assert.equal(service.requests, requests);
});

test("a source that never answers is given up in time", async () => {
  const never = () => new Promise(() => {});
  for (const source of [{ credentials: never }, { signer: never }]) {
    const client = new QingCloudClient({ zone: "pek3", deadlineMs: 100, ...source });
    await assert.rejects(client.call("RunInstances", { image_id: "x", instance_type: "small_b", login_mode: "keypair" }), { kind: "timeout", outcome: "not-executed", attempts: 0, message: /within 100 ms/ });
    await assert.rejects(client.signAsync("DescribeInstances"), { kind: "timeout" });
  }
});

test("sources exclude each other", () => {
  const sources = [{ ...KEY }, { credentials: () => {} }, { signer: () => {} }, { remote: { url: "https://app.example.com/api" } }];
  assert.throws(() => new QingCloudClient({ zone: "pek3" }), { kind: "options" });
  for (const one of sources) for (const another of sources) if (one !== another) assert.throws(() => new QingCloudClient({ ...one, ...another }), { kind: "options" });
});

test("a change in doubt stays in doubt where a later attempt cannot be signed", async () => {
  const thrown = [new Error("gone"), new QingCloudError({ kind: "credentials", message: "no key today" })];
  for (const cause of thrown) {
    let runs = 0;
    const client = new QingCloudClient({
      zone: "pek3",
      signer: ({ action }) => {
        runs += 1;
        if (runs > 1) throw cause;
        return { method: "GET", url: `https://api.qingcloud.com/iaas/?action=${action}`, headers: {} };
      },
      fetch: async () => {
        throw new TypeError("reset");
      },
    });
    await assert.rejects(client.call("StopInstances", { instances: ["i-1"] }, { idempotent: true, requestId: "r-1" }), (error) => {
      assert.ok(isQingCloudError(error));
      assert.deepEqual([error.kind, error.outcome, error.requestId, error.readBack?.action], ["credentials", "unknown", "r-1", "DescribeInstances"]);
      assert.ok(error.safeAfter instanceof Date);
      assert.match(error.message, cause.kind ? /no key today/ : /signer/);
      return true;
    });
    assert.equal(runs, 2);
  }
});

test("headers for a remote are read at each call, without a content type of their own", async () => {
  const sent = [];
  const headers = { "Content-Type": "text/plain", authorization: "one" };
  const fetch = async (url, init) => {
    sent.push(Object.entries(init.headers));
    return Response.json({ answer: { ret_code: 0 } });
  };
  const client = new QingCloudClient({ remote: { url: "https://example.com/api", headers }, fetch });
  await client.call("DescribeZones");
  headers.authorization = "two";
  await client.call("DescribeZones");
  assert.deepEqual(sent, ["one", "two"].map((authorization) => [["authorization", authorization], ["content-type", "application/json"]]));
  Object.defineProperty(headers, "authorization", { get: () => { throw new Error("no"); }, enumerable: true });
  await assert.rejects(client.call("DescribeZones"), { kind: "options" });
  assert.throws(() => new QingCloudClient({ remote: { url: "https://example.com/api", headers: new Headers({ authorization: "one" }) }, fetch }), { kind: "options" });
});

test("what throws when it is looked at is a failure like any other", async () => {
  const hostile = () => new Proxy({}, { get() { throw new Error("trap"); } });
  const date = new Proxy(new Date(), {});
  const sources = [
    { credentials: () => Promise.reject(hostile()) },
    { signer: () => Promise.reject(hostile()) },
    { credentials: () => ({ accessKeyId: "K", secretAccessKey: "S", expiresAt: date }) },
  ];
  for (const source of sources) {
    const client = new QingCloudClient({ ...source, zone: "pek3", maxConcurrency: 1, fetch: async () => Response.json({ ret_code: 0 }) });
    for (let turn = 0; turn < 2; turn += 1) await assert.rejects(client.call("DescribeInstances"), isQingCloudError);
    client.free();
  }
});

test("the end of a key may be a Date of another realm", async () => {
  const expiresAt = runInNewContext("new Date(Date.now() + 3_600_000)");
  const client = new QingCloudClient({ credentials: () => ({ accessKeyId: "K", secretAccessKey: "S", expiresAt }), zone: "pek3", fetch: async () => Response.json({ ret_code: 0 }) });
  assert.equal((await client.call("DescribeInstances")).ret_code, 0);
  client.free();
});

test("what a source fails with names the call, as every other error of it does", async () => {
  const fail = () => {
    throw new Error("no");
  };
  const ours = new QingCloudError({ kind: "credentials", message: "no key today", hint: "of its own" });
  const sources = [
    { credentials: fail }, { credentials: async () => ({}) }, { signer: fail }, { signer: () => ({}) },
    { credentials: () => Promise.reject(ours) }, { signer: () => Promise.reject(Object.freeze(ours)) },
  ];
  const action = "DescribeInstances";
  for (const [index, source] of sources.entries()) {
    const client = new QingCloudClient({ zone: "pek3", ...source });
    const ends = await Promise.allSettled(["call", "signAsync"].flatMap((method) => [
      client[method](action, {}, { requestId: "r-1" }),
      client[method](action, {}, { zone: "gd2", requestId: "r-2" }),
      client[method](action, { zone: "sh1a" }, { zone: "gd2" }),
    ]));
    const told = ends.map(({ reason }) => [reason.kind, reason.action, reason.zone, reason.requestId, reason.attempts]);
    const chosen = told[2][3];
    assert.match(chosen, /^[0-9a-f]{32}$/);
    const wanted = [["pek3", "r-1"], ["gd2", "r-2"], ["sh1a", chosen], ["pek3", "r-1"], ["gd2", "r-2"], ["sh1a", undefined]];
    assert.deepEqual(told, wanted.map(([zone, requestId]) => ["credentials", action, zone, requestId, 0]), `source ${index}`);
    for (const { reason } of ends) {
      assert.ok(!("requestId" in reason) || reason.requestId !== undefined);
      if (index >= 4) assert.deepEqual([reason.message, reason.hint], [ours.message, ours.hint]);
    }
    client.free();
  }
  assert.equal(ours.action, undefined);
});

test("an error of another call that a source makes stays that call's", async () => {
  const cause = new Error("beneath");
  const thrown = new QingCloudError({ kind: "api", message: "AssumeRole: no", action: "AssumeRole", zone: "sh1a", requestId: "r-role", retCode: 1400, retryable: true, cause });
  for (const source of [{ credentials: () => Promise.reject(thrown) }, { signer: () => Promise.reject(thrown) }]) {
    const client = new QingCloudClient({ zone: "pek3", ...source });
    for (const method of ["call", "signAsync"]) {
      await assert.rejects(client[method]("DescribeInstances"), ({ kind, action, zone, requestId, retCode, retryable, cause: beneath }) => {
        assert.deepEqual([kind, action, zone, requestId, retCode, retryable, beneath], ["api", "AssumeRole", "sh1a", "r-role", 1400, true, cause]);
        return true;
      });
    }
    client.free();
  }
});

test("an error whose source fails after a request says that one was sent", async () => {
  let asked = 0;
  const signer = () => {
    asked += 1;
    if (asked > 1) throw new Error("gone");
    return { method: "GET", url: "https://api.qingcloud.com/iaas/?signed", headers: {} };
  };
  const client = new QingCloudClient({ zone: "pek3", signer, fetch: async () => Response.json({ ret_code: 5300 }) });
  await assert.rejects(client.call("DescribeInstances"), { kind: "credentials", attempts: 1, outcome: "not-executed" });
});

test("an error of ours that throws when it is read ends the call all the same", async () => {
  const hostile = Object.defineProperty(new QingCloudError({ kind: "credentials", message: "no" }), "zone", { get: () => { throw new Error("trap"); } });
  for (const source of [{ credentials: () => Promise.reject(hostile) }, { signer: () => Promise.reject(hostile) }]) {
    const client = new QingCloudClient({ zone: "pek3", ...source });
    for (const method of ["call", "signAsync"]) await assert.rejects(client[method]("DescribeInstances"), { kind: "credentials", message: "no", zone: "pek3" });
    client.free();
  }
});

test("an error may come with any fields, whoever's class it is of", async () => {
  class Own extends QingCloudError {
    constructor(fields) {
      super(fields);
      Object.defineProperty(this, "name", { value: "Own", enumerable: true });
      this.detail = "of the vault";
    }
  }
  for (const fields of [{ kind: "credentials", message: "no" }, { kind: "credentials", message: Symbol("no") }]) {
    const client = new QingCloudClient({ zone: "pek3", credentials: () => Promise.reject(new Own(fields)) });
    await assert.rejects(client.call("DescribeInstances"), { name: "QingCloudError", kind: "credentials", zone: "pek3" });
    client.free();
  }
  const remote = { url: "https://app.example/api", mode: "sign" };
  const error = { kind: "api", message: "boo", name: "Error", stack: 1, constructor: null, toString: 5 };
  for (const mode of ["sign", "proxy"]) {
    const client = new QingCloudClient({ zone: "pek3", remote: { ...remote, mode }, fetch: async () => Response.json({ error }, { status: 400 }) });
    await assert.rejects(client.call("DescribeInstances"), (thrown) => isQingCloudError(thrown) && thrown.message === "boo" && `${thrown}` === "QingCloudError: boo");
    client.free();
  }
});

test("the end of a key is judged by the endpoint's clock once that is known", async () => {
  const HOUR_MS = 60 * MINUTE_MS;
  let asked = 0;
  const { client, clock } = provided(({ ms }) => {
    asked += 1;
    return key(`key ${asked}`, { expiresAt: ms + HOUR_MS + 30 * MINUTE_MS * (asked === 1 ? -1 : 9) });
  }, {
    fetch: async (url) => {
      // An hour ahead of the client.
      const isLate = Date.parse(new URL(url).searchParams.get("time_stamp")) < clock.ms + 59 * MINUTE_MS;
      return Response.json({ ret_code: isLate ? 1300 : 0 }, { headers: { date: new Date(clock.ms + HOUR_MS).toUTCString() } });
    },
  });
  await client.call("DescribeInstances");
  assert.equal(asked, 2);
  client.free();
});

test("a clock is put right only where this client stamps", async () => {
  let asked = 0;
  const events = [];
  const client = new QingCloudClient({
    zone: "pek3",
    signer: () => ({ method: "GET", url: "https://private.example:8443/iaas/?signature=x", headers: {} }),
    onEvent: (event) => events.push(event),
    fetch: async () => {
      asked += 1;
      return Response.json({ ret_code: 1300 }, { headers: { date: new Date(0).toUTCString() } });
    },
  });
  await assert.rejects(client.call("StopInstances", { instances: ["i-1"] }), { retCode: 1300, attempts: 1, message: /the clock of whoever signed it/ });
  assert.deepEqual([asked, events.map(({ type }) => type)], [1, ["request", "response"]]);
  assert.equal(events[0].host, "private.example:8443");
  client.free();
});

test("signAsync that is not ready in time may be asked again, as a call may", async () => {
  const client = new QingCloudClient({ zone: "pek3", credentials: () => new Promise(() => {}), deadlineMs: 20 });
  for (const method of ["call", "signAsync"]) {
    await assert.rejects(client[method]("DescribeInstances"), { kind: "timeout", retryable: true, outcome: "not-executed", message: "DescribeInstances: no request could be sent within 20 ms" });
  }
  client.free();
});

test("a signer's request lapses by when it was given, at the latest", async () => {
  const client = new QingCloudClient({
    zone: "pek3",
    deadlineMs: 1_000,
    timeoutMs: 900,
    signer: async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { method: "GET", url: "https://private.example/iaas/?signature=x", headers: {} };
    },
    fetch: () => Promise.reject(new TypeError("reset")),
  });
  const start = Date.now();
  await assert.rejects(client.call("StopInstances", { instances: ["i-1"] }), ({ outcome, safeAfter }) => outcome === "unknown" && safeAfter - start >= 5_300);
  client.free();
});

test("a path that a URL parser takes for another server is none", () => {
  for (const url of ["//evil.example/api", "/\\evil.example/api", "/\t/evil.example/api", "/\n/evil.example/api", "/a b"]) {
    assert.throws(() => new QingCloudClient({ remote: { url } }), { kind: "options", message: /remote: "url"/ }, JSON.stringify(url));
  }
});

test("a secret by another name is told the right one", () => {
  const wrong = (options) => assert.throws(() => new QingCloudClient({ accessKeyId: "id", ...options }), { kind: "options", message: /secretAccessKey/ });
  wrong({ secretAccesKey: "x" });
  wrong({ secret_key_of_mine: "x" });
});
