// The handler as a boundary: a thousand requests of somebody who wants something signed that is not allowed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHandler } from "qingcloud-wasm/server";
import { stubClient } from "./stub.js";

const ADDRESS = "https://app.example.com/api/qingcloud";
const SESSION = "session-of-a-user";

const ALLOW = {
  DescribeInstances: {
    zones: ["pek3"],
    params: { status: { values: ["running"], maxItems: 3 }, limit: { min: 1, max: 100 }, instances: { pattern: /i-[0-9a-f]{8}/, maxItems: 5 }, search_word: { maxLength: 20 }, tags: (value) => Array.isArray(value) && value.every((tag) => tag === "t-1") },
  },
  StopInstances: { params: { instances: { values: ["i-00000001"], maxItems: 1 } } },
  DescribeZones: true,
};

/** A handler in each mode; whatever the client under it signs or calls is counted. */
function handlers(options) {
  const { client, sent } = stubClient(() => ({ ret_code: 0 }));
  const signed = [];
  const counted = {
    call: (...call) => client.call(...call),
    signAsync: (...call) => {
      signed.push(call);
      return client.signAsync(...call);
    },
  };
  const authorize = (request) => request.headers.get("cookie") === SESSION;
  const make = (mode) => createHandler({ client: counted, allow: ALLOW, authorize, mode, callsPerMinute: 1_000_000, ...options });
  return { handles: [make("proxy"), make("sign")], count: () => sent.length + signed.length };
}

const well = { action: "DescribeInstances", params: { limit: 20 }, zone: "pek3" };

function request(body, { method = "POST", headers = {}, type = "application/json", cookie = SESSION } = {}) {
  const all = new Headers(headers);
  if (type !== null) all.set("content-type", type);
  if (cookie !== null) all.set("cookie", cookie);
  const hasBody = method !== "GET" && method !== "HEAD";
  return new Request(ADDRESS, { method, headers: all, ...(hasBody ? { body: typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream ? body : JSON.stringify(body), duplex: "half" } : {}) });
}

const random = (() => {
  let state = 20_260_101;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
})();
const one = (list) => list[random(list.length)];
const word = () => Array.from({ length: 1 + random(12) }, () => String.fromCharCode(33 + random(90))).join("");

const ACTIONS = ["TerminateInstances", "RunInstances", "describeinstances", "DescribeInstances ", " DescribeInstances", "DescribeInstances\u0000", "DescribeInstances&action=RunInstances", "__proto__", "constructor", "toString", "hasOwnProperty", "", "*", "DescribeAccessKeys", "ResetLoginPasswd"];
const NAMES = ["signature", "signature_method", "signature_version", "access_key_id", "token", "time_stamp", "expires", "version", "req_id", "action", "verbose", "status.1", "limit.1", "instances.1", "Limit", " limit", "__proto__", "constructor", "prototype", "toString", "owner", "limit\u0000", "limit&x"];
const FIELDS = ["stringToSign", "string_to_sign", "query", "url", "body", "signature", "time_stamp", "timestamp", "now", "token", "accessKeyId", "endpoint", "headers", "expires", "version", "Action", "__proto__", "constructor", "signatureMethod", "idempotent", "signal", "validate"];

/** Kinds of hostile requests; each gives one, somewhat by chance. */
const KINDS = {
  "another action": () => request({ ...well, action: one([...ACTIONS, word()]) }),
  "an action that is no string": () => request({ ...well, action: one([null, 1, true, ["DescribeInstances"], { toString: "DescribeInstances" }]) }),
  "no action": () => request({ params: {} }),
  "an extra parameter": () => request(`{"action":"DescribeInstances","params":{"limit":20,${JSON.stringify(one([...NAMES, word()]))}:${JSON.stringify(one(["x", 1, ["x"], true, null]))}}}`),
  "a parameter of an action that takes none": () => request({ action: "DescribeZones", params: { [one([...NAMES, "status"])]: "x" } }),
  "a parameter out of bounds": () => request({ ...well, params: one([
    { limit: 101 }, { limit: 0 }, { limit: -1 }, { limit: "20" }, { limit: [20] }, { limit: { $gt: 1 } }, { limit: null }, { limit: true },
    { status: ["running", "stopped"] }, { status: Array(4).fill("running") }, { status: "" }, { status: [["running"]] }, { status: { 0: "running" } },
    { instances: ["i-00000001", "i-0000000g"] }, { instances: "i-00000001\ni-00000002" }, { instances: "xi-00000001" }, { instances: Array(6).fill("i-00000001") }, { instances: [] .concat([null]) },
    { search_word: "x".repeat(21) }, { search_word: {} }, { search_word: ["x"] }, { tags: ["t-2"] }, { tags: "t-1" },
  ]) }),
  "an infinite number": () => request("{\"action\":\"DescribeInstances\",\"params\":{\"limit\":1e999}}"),
  "a doubled parameter": () => request(one([
    "{\"action\":\"DescribeInstances\",\"params\":{\"limit\":20,\"limit\":20}}",
    "{\"action\":\"DescribeInstances\",\"params\":{\"limit\":20,\"l\\u0069mit\":20}}",
    "{\"action\":\"TerminateInstances\",\"action\":\"DescribeInstances\"}",
    "{\"action\":\"DescribeInstances\",\"params\":{\"instances\":[\"i-00000001\"]},\"params\":{}}",
    "{\"action\":\"DescribeInstances\",\"zone\":\"gd2\",\"zone\":\"pek3\"}",
    "{\"action\":\"DescribeInstances\",\"params\":{\"limit\":20,\"status\":[\"running\"],\"status\":\"running\"}}",
  ])),
  "another zone": () => request(one([
    { ...well, zone: one(["gd2", "PEK3", "pek3 ", "", "pek3&zone=gd2", "pek3a", word()]) },
    { action: "DescribeInstances", params: { zone: one(["gd2", "", "*", 3, ["pek3"]]) } },
    { action: "StopInstances", params: { instances: "i-00000001" }, zone: "pek3" },
    { ...well, params: { zone: "pek3" } },
    { ...well, zone: one([null, 3, ["pek3"], { zone: "pek3" }]) },
  ])),
  "a raw string": () => request(one([
    "GET\n/iaas/\naccess_key_id=X&action=RunInstances", "\"GET\\n/iaas/\\naction=RunInstances\"", "action=RunInstances&zone=pek3", "null", "[]", "[{\"action\":\"DescribeInstances\"}]", "1", "true", "", " ", "{", "{\"action\":\"DescribeInstances\"", "{\"action\":\"DescribeInstances\"}{}", "\u0000", word(),
  ])),
  "an unknown field": () => request(`{"action":"DescribeInstances",${JSON.stringify(one([...FIELDS, word()]))}:${JSON.stringify(one(["x", 1, {}, ["x"]]))}}`),
  "an old time, or one to come": () => request({ ...well, params: { [one(["time_stamp", "expires"])]: one(["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"]) } }),
  "a lifetime that is none": () => request({ ...well, expiresInSeconds: one([0, -1, 1.5, "60", null, true, [60], 1e308]) }),
  "a method that is none": () => request({ ...well, method: one(["DELETE", "get", "", null, "GET\n/iaas/", ["GET"], 1]) }),
  "a req_id that is none": () => request({ ...well, requestId: one(["", "x".repeat(65), "a&action=RunInstances", "a b", null, 7, ["x"], "a\n"]) }),
  "no session": () => request(well, { cookie: one([null, "", "session-of-nobody", `${SESSION}x`, SESSION.toUpperCase()]) }),
  "a wrong origin": () => request(well, { headers: { origin: one(["https://evil.example.com", "null", "http://app.example.com", "https://app.example.com:8443", "https://app.example.com.evil.example.com", "https://evilapp.example.com", "HTTPS://APP.EXAMPLE.COM/", "file://", ""]) } }),
  "a wrong type": () => request(well, { type: one([null, "text/plain", "text/plain;application/json", "application/x-www-form-urlencoded", "multipart/form-data", "application/json5", "application/jsonx", "application/json; charset=utf-16", "application/json, text/plain"]) }),
  "another method": () => request(well, { method: one(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"]) }),
  "a huge body": () => request(one([`{"action":"DescribeInstances","params":{"search_word":"${"x".repeat(70_000)}"}}`, `${" ".repeat(70_000)}${JSON.stringify(well)}`, new Uint8Array(70_000)])),
  "a huge body that hides its length": () => request(new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(32)),
  })),
  "a packed body": () => request(well, { headers: { "content-encoding": one(["gzip", "br", "identity"]) } }),
  "a body that breaks off": () => request(new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(JSON.stringify(well))),
    pull: (controller) => controller.error(new Error("gone")),
  })),
  "bytes that are no text": () => request(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  "a tower of lists": () => request(`{"action":"DescribeInstances","params":{"limit":${"[".repeat(20_000)}${"]".repeat(20_000)}}}`),
  "half a surrogate pair": () => request("{\"action\":\"DescribeInstances\",\"params\":{\"instances\":\"i-0000000\\ud800\"}}"),
  "parameters that are none": () => request({ ...well, params: one([null, [], "limit=20", 7, true, [{ limit: 20 }]]) }),
};

test("of a thousand hostile requests, and more, none is signed", async () => {
  const { handles, count } = handlers();
  const kinds = Object.entries(KINDS);
  const statuses = new Map();
  let sent = 0;
  while (sent < 1000) {
    for (const [kind, make] of kinds) {
      for (const handle of handles) {
        const response = await handle(make());
        sent += 1;
        assert.ok(response.status >= 400 && response.status < 500, `${kind}: status ${response.status}`);
        const text = await response.text();
        const { error } = JSON.parse(text);
        assert.ok(error.kind && error.message && error.httpStatus === response.status, `${kind}: ${text}`);
        assert.ok(!/SECRET|QYACCESSKEY/.test(text), kind);
        assert.equal(count(), 0, `${kind} was signed`);
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      }
    }
  }
  assert.deepEqual([...statuses.keys()].sort(), [400, 403, 405, 413, 415]);
});

test("the same handlers serve what is allowed, so that they do not just refuse everything", async () => {
  const { handles, count } = handlers();
  const requests = [
    well,
    { action: "DescribeInstances", params: { limit: 100, status: "running", search_word: "web", tags: ["t-1"] } },
    { action: "DescribeInstances", params: { zone: "pek3", instances: ["i-00000001", "i-0000000f"] }, method: "POST", requestId: "a.b-c_1", expiresInSeconds: 5 },
    { action: "StopInstances", params: { instances: ["i-00000001"] } },
    { action: "DescribeZones" },
  ];
  let served = 0;
  for (const handle of handles) {
    for (const body of requests) {
      for (const options of [{}, { headers: { origin: "https://app.example.com" } }, { type: "application/json; charset=utf-8" }]) {
        const response = await handle(request(body, options));
        assert.equal(response.status, 200, JSON.stringify(body));
        assert.equal(count(), ++served);
      }
    }
  }
});

test("a yes of authorize is a clear yes", async () => {
  const refused = [false, undefined, null, 0, 1, "", Number.NaN, Symbol("x"), () => true, new Response("no", { status: 401 }), Response.json({ ok: true }), new Error("no")];
  for (const answer of refused) {
    for (const authorize of [() => answer, async () => answer]) {
      const { handles, count } = handlers({ authorize });
      for (const handle of handles) assert.equal((await handle(request(well))).status, 403, String(answer));
      assert.equal(count(), 0);
    }
  }
  for (const authorize of [() => { throw new Error("x"); }, async () => { throw new Error("x"); }]) {
    const { handles } = handlers({ authorize });
    for (const handle of handles) assert.equal((await handle(request(well))).status, 403);
  }
  for (const answer of [true, "user", { id: 7 }, {}]) {
    const { handles } = handlers({ authorize: async () => answer });
    for (const handle of handles) assert.equal((await handle(request(well))).status, 200, String(answer));
  }
});

test("an authorize that reads the body is told by an error, not by a call without one", async () => {
  const { handles, count } = handlers({ authorize: async (incoming) => Boolean(await incoming.json()) });
  for (const handle of handles) assert.equal((await handle(request(well))).status, 500);
  assert.equal(count(), 0);
});

test("a bound that throws, or promises, refuses", async () => {
  for (const limit of [() => { throw new Error("x"); }, async () => true, () => "yes"]) {
    const { handles, count } = handlers({ allow: { DescribeInstances: { zones: ["pek3"], params: { limit } } } });
    for (const handle of handles) assert.equal((await handle(request(well))).status, 403);
    assert.equal(count(), 0);
  }
});

test("a change of the rules after they were given changes nothing", async () => {
  const allow = { DescribeInstances: { zones: ["pek3"], params: { limit: { max: 10 } } } };
  const { handles, count } = handlers({ allow });
  allow.RunInstances = true;
  allow.DescribeInstances.params.limit = true;
  allow.DescribeInstances.zones.push("gd2");
  for (const handle of handles) {
    for (const body of [{ action: "RunInstances" }, well, { ...well, params: {}, zone: "gd2" }]) assert.equal((await handle(request(body))).status, 403);
  }
  assert.equal(count(), 0);
});

test("a pattern matches as a whole, whatever its flags and anchors", async () => {
  for (const pattern of [/i-1|i-2/, /^i-1|i-2$/m, /i-[12]/g, /i-[12]/y]) {
    const { handles } = handlers({ allow: { DescribeInstances: { params: { instances: { pattern } } } } });
    for (const [instances, status] of [["i-1", 200], ["i-2", 200], ["i-1", 200], ["xi-2", 403], ["i-1x", 403], ["i-1\ni-2", 403], ["x\ni-2", 403]]) {
      assert.equal((await handles[0](request({ action: "DescribeInstances", params: { instances } }))).status, status, `${pattern} ${JSON.stringify(instances)}`);
    }
  }
});

test("a body that does not come is given up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { handles, count } = handlers();
  const pending = handles[0](request(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) })));
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  t.mock.timers.tick(10_000);
  assert.equal((await pending).status, 408);
  assert.equal(count(), 0);
});

test("a handler without client, authorize or rules is not made", () => {
  const { client } = stubClient(() => ({ ret_code: 0 }));
  const options = { client, allow: ALLOW, authorize: () => true };
  const wrong = [
    undefined, {}, { ...options, client: undefined }, { ...options, client: {} }, { ...options, authorize: undefined }, { ...options, authorize: true }, { ...options, allow: undefined }, { ...options, allow: {} },
    { ...options, allow: ["DescribeInstances"] }, { ...options, allow: "*" }, { ...options, allow: { DescribeInstances: false } }, { ...options, allow: { DescribeInstances: { zone: ["pek3"] } } },
    { ...options, allow: { DescribeInstances: { zones: "pek3" } } }, { ...options, allow: { DescribeInstances: { params: { limit: { maximum: 1 } } } } }, { ...options, allow: { DescribeInstances: { params: { limit: false } } } },
    { ...options, allow: { DescribeInstances: { params: { limit: { max: "100" } } } } }, { ...options, allow: { DescribeInstances: { params: { x: { pattern: "i-" } } } } }, { ...options, allow: { DescribeInstances: { params: { x: { values: "running" } } } } },
    ...["signature", "time_stamp", "expires", "zone", "access_key_id", "token", "action", "req_id", "version"].map((name) => ({ ...options, allow: { DescribeInstances: { params: { [name]: true } } } })),
    { ...options, mode: "raw" }, { ...options, origins: "*" }, { ...options, origins: ["*"] }, { ...options, origins: ["https://app.example.com/"] }, { ...options, origins: ["null"] }, { ...options, callsPerMinute: 0 }, { ...options, maxExpiresInSeconds: Infinity }, { ...options, typo: 1 },
  ];
  for (const [index, given] of wrong.entries()) assert.throws(() => createHandler(given), { kind: "options" }, `${index}`);
});
