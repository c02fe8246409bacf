// What holds for every input, tried on thousands of random ones and on the hostile ones that chance does not find.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { isQingCloudError, QingCloudClient, QingCloudError } from "qingcloud-wasm";
import { stubClient } from "./stub.js";

const SECRET = "SECRETACCESSKEY";
const client = new QingCloudClient({ accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: SECRET, now: () => 1_377_613_810_000 });

const PUBLIC = ["access_key_id", "action", "signature_method", "signature_version", "time_stamp", "version"];
const RESERVED = new Set([...PUBLIC, "signature", "token", "expires", "req_id", "zone"]);

const text = fc.string({ unit: "binary", maxLength: 24 });
const name = fc.oneof(fc.stringMatching(/^[a-z_]{1,8}$/), text.filter((name) => name !== "")).filter((name) => !RESERVED.has(name));
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt());
const scalar = fc.oneof(text, number, fc.boolean());
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.oneof(scalar, fc.constant(null)), fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(text, tie("value"), { maxKeys: 4 })),
})).value;
const item = fc.oneof(scalar, fc.dictionary(text, fc.oneof(json, fc.constant(undefined)), { maxKeys: 4 }));
const value = fc.oneof(scalar, fc.constantFrom(null, undefined), fc.array(item, { maxLength: 5 }));
// With a dot in a name, two parameters could flatten to one.
const parameters = fc.dictionary(name.filter((name) => !name.includes(".")), value, { maxKeys: 12 });

const RUNS = { numRuns: 2_000 };

/** Number text without an exponent, by BigInt arithmetic. */
function decimal(number) {
  const text = `${number}`;
  const found = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (found === null) return text;
  const [, sign, whole, fraction = "", exponent] = found;
  const shift = Number(exponent) - fraction.length;
  if (shift >= 0) return `${sign}${BigInt(whole + fraction) * 10n ** BigInt(shift)}`;
  const digits = (whole + fraction).padStart(1 - shift, "0");
  return `${sign}${digits.slice(0, shift)}.${digits.slice(shift)}`;
}

/** What a value is on the wire, outside lists. */
const scalarText = (value) => (typeof value === "boolean" ? `${Number(value)}` : typeof value === "string" ? value : decimal(value));

/** Compact JSON, keys sorted by code points, ASCII: written anew from the rules. */
function jsonText(value) {
  if (value === null || value === undefined || typeof value === "boolean") return `${value ?? null}`;
  if (typeof value === "number" || typeof value === "bigint") return decimal(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value === "string") return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const order = Object.keys(value).filter((key) => value[key] !== undefined).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${order.map((key) => `${jsonText(key)}:${jsonText(value[key])}`).join(",")}}`;
}

/** The names and texts that `params` goes out as. */
function flat(params) {
  const found = {};
  const put = (name, text) => Object.defineProperty(found, name, { value: text, enumerable: true });
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined) continue;
    if (!Array.isArray(value)) put(name, scalarText(value));
    else value.forEach((item, index) => {
      if (typeof item !== "object") return put(`${name}.${index + 1}`, scalarText(item));
      for (const [field, inner] of Object.entries(item)) {
        if (inner !== null && inner !== undefined) put(`${name}.${index + 1}.${field}`, typeof inner === "object" ? jsonText(inner) : scalarText(inner));
      }
    });
  }
  return found;
}

/** What a second parser, which is not ours, reads out of a signed URL or body. */
function parsed({ url, body }) {
  const found = {};
  const pairs = body === undefined ? new URL(url).searchParams : new URLSearchParams(body);
  for (const [name, text] of pairs) {
    assert.ok(!Object.hasOwn(found, name), "a name was sent twice");
    Object.defineProperty(found, name, { value: text, enumerable: true });
  }
  return found;
}

/** Whether node's own HMAC, over the bytes that are sent, gives the signature that is sent. */
function assertRightlySigned({ method, url, body }) {
  const { pathname, search } = new URL(url);
  const sent = body ?? search.slice(1);
  const end = sent.lastIndexOf("&signature=");
  const mac = createHmac("sha256", SECRET).update(`${method}\n${pathname}\n${sent.slice(0, end)}`).digest("base64");
  assert.equal(decodeURIComponent(sent.slice(end + "&signature=".length)), mac);
}

test("a second parse gives the parameters back, and no value reaches the wire changed", () => {
  fc.assert(fc.property(parameters, fc.constantFrom("GET", "POST"), (params, method) => {
    const signed = client.sign("NoSuchAction", params, { method });
    const { signature, ...rest } = parsed(signed);
    for (const name of PUBLIC) delete rest[name];
    assert.deepEqual(rest, flat(params));
    assertRightlySigned(signed);
  }), RUNS);
});

test("no URL parser repairs a signed URL", () => {
  fc.assert(fc.property(parameters, (params) => {
    const url = client.signUrl("NoSuchAction", params);
    assert.equal(new URL(url).href, url);
  }), RUNS);
});

test("any order of the parameters gives one signature", () => {
  const shuffled = parameters.chain((params) => {
    const entries = Object.entries(params);
    return fc.tuple(fc.constant(params), fc.shuffledSubarray(entries, { minLength: entries.length }).map(Object.fromEntries));
  });
  fc.assert(fc.property(shuffled, ([params, other]) => {
    assert.equal(client.signUrl("NoSuchAction", params), client.signUrl("NoSuchAction", other));
  }), RUNS);
});

test("the input is the same afterwards, and may be frozen", () => {
  fc.assert(fc.property(parameters, (params) => {
    const before = fc.stringify(params);
    client.sign("NoSuchAction", deepFreeze(params));
    assert.equal(fc.stringify(params), before);
  }), RUNS);
});

test("whatever JavaScript value stands anywhere, the result is a typed error or a right signature", () => {
  const anything = fc.anything({
    withBigInt: true, withDate: true, withMap: true, withSet: true, withObjectString: true, withNullPrototype: true,
    withTypedArray: true, withSparseArray: true, withBoxedValues: true, withUnicodeString: true,
  });
  fc.assert(fc.property(anything, (value) => {
    for (const params of [value, { a: value }, { a: [value] }, { a: [{ b: value }] }, { a: [{ b: [value] }] }]) assertTypedOrRight(() => params);
  }), RUNS);
});

test("explain and sign give the same bytes", () => {
  fc.assert(fc.property(parameters, fc.constantFrom("GET", "POST"), (params, method) => {
    const { url, body } = client.sign("NoSuchAction", params, { method });
    const steps = client.explain("NoSuchAction", params, { method });
    assert.deepEqual([steps.url, steps.body], [url, body]);
    assert.equal(steps.stringToSign, `${method}\n/iaas/\n${steps.canonicalQuery}`);
  }), RUNS);
});

function deepFreeze(value) {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** Signs what `make` gives; a refusal must be a QingCloudError whose message tells nothing of the values. */
function assertTypedOrRight(make, options) {
  let signed;
  try {
    signed = client.sign("NoSuchAction", make(), options);
  } catch (error) {
    assert.ok(isQingCloudError(error) && error instanceof QingCloudError, `a ${error?.constructor?.name} was thrown: ${error?.message}`);
    assert.ok(["parameters", "options"].includes(error.kind), error.kind);
    return error;
  }
  assertRightlySigned(signed);
  return undefined;
}

const throwing = () => { throw new Error("from a getter"); };
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const traps = (trap) => new Proxy({}, { [trap]: throwing });
const cycle = () => { const loop = { a: 1 }; loop.self = loop; return loop; };
const listCycle = () => { const loop = []; loop.push(loop); return loop; };
const nest = (depth) => { let inner = "x"; for (let level = 0; level < depth; level++) inner = { a: [inner] }; return inner; };
const longList = (length) => { const list = []; list.length = length; return list; };
const proto = (text) => JSON.parse(`{"__proto__":${text}}`);
const endless = () => { const made = {}; Object.defineProperty(made, "a", { enumerable: true, get: endless }); return made; };

// Each makes its value anew; `error` says that it cannot be sent, whatever it stands in.
const HOSTILE = {
  "a getter that throws": { make: () => ({ get a() { return throwing(); } }), error: true },
  "a getter that throws no Error": { make: () => ({ get a() { throw undefined; } }), error: true },
  "a getter that gives another object each time, without end": { make: endless, error: true },
  "a proxy": { make: () => new Proxy({ a: "x" }, {}) },
  "a proxy of a list": { make: () => new Proxy(["x"], {}) },
  "a proxy of a list that is endless": { make: () => new Proxy([], { get: (_, name) => (name === "length" ? Infinity : "x") }), error: true },
  "a list whose length is a symbol": { make: () => new Proxy([], { get: () => Symbol("length") }), error: true },
  "a proxy whose get throws": { make: () => new Proxy({ a: 1 }, { get: throwing }), error: true },
  "a proxy whose ownKeys throws": { make: () => traps("ownKeys"), error: true },
  "a proxy whose getPrototypeOf throws": { make: () => traps("getPrototypeOf"), error: true },
  "a proxy whose getOwnPropertyDescriptor throws": { make: () => new Proxy({ a: 1 }, { getOwnPropertyDescriptor: throwing }), error: true },
  "a revoked proxy": { make: () => revoked({}), error: true },
  "a revoked proxy of a list": { make: () => revoked([]), error: true },
  "a revoked proxy of a function": { make: () => revoked(() => {}), error: true },
  "a cycle": { make: cycle, error: true },
  "a list in itself": { make: listCycle, error: true },
  "200 levels": { make: () => nest(100), error: true },
  "100,000 levels": { make: () => nest(50_000), error: true },
  "the name __proto__": { make: () => proto("\"x\"") },
  "the name __proto__ over a map": { make: () => proto("{\"a\":\"x\"}") },
  "the names of Object.prototype": { make: () => ({ constructor: "a", toString: "b", hasOwnProperty: "c", valueOf: "d" }) },
  "a million names": { make: () => Object.fromEntries(Array.from({ length: 1e6 }, (_, index) => [index, ""])) },
  "a 10 MB string": { make: () => "x".repeat(10 * 1024 * 1024), error: true },
  "a 10 MB name": { make: () => ({ ["x".repeat(10 * 1024 * 1024)]: "x" }), error: true },
  "a 10 MB string of three-byte characters": { make: () => "青".repeat(10 * 1024 * 1024), error: true },
  "a sparse list": { make: () => [, "x"] },
  "a sparse list of 4,294,967,295 places": { make: () => longList(4_294_967_295), error: true },
  "half of a surrogate pair": { make: () => "a\ud800b", error: true },
  "half of a surrogate pair in a name": { make: () => ({ "\udc00": "x" }), error: true },
  "a symbol": { make: () => Symbol("x"), error: true },
  "a function": { make: () => () => {}, error: true },
  "NaN": { make: () => NaN, error: true },
  "Infinity": { make: () => -Infinity, error: true },
  "an invalid Date": { make: () => new Date(NaN), error: true },
  "a Date of the year 10000": { make: () => new Date(253_402_300_800_000), error: true },
  "something that only says it is a Date": { make: () => ({ [Symbol.toStringTag]: "Date" }) },
  "a Date whose methods are replaced": { make: () => Object.assign(new Date(0), { toISOString: throwing, getUTCFullYear: throwing }) },
  "a Map": { make: () => new Map([["a", 1]]), error: true },
  "a Set": { make: () => new Set([1]), error: true },
  "a Uint8Array": { make: () => new Uint8Array(3), error: true },
  "a boxed string": { make: () => new String("x"), error: true },
  "an instance": { make: () => new (class Thing { a = 1; })(), error: true },
  "an instance whose constructor throws": { make: () => Object.create({ get constructor() { return throwing(); } }), error: true },
  "a promise": { make: () => Promise.resolve(1), error: true },
  "an object without a prototype": { make: () => Object.assign(Object.create(null), { a: "x" }) },
  "a map of another realm": { make: () => runInNewContext("({ a: 'x' })") },
  "a list of another realm": { make: () => runInNewContext("['x']") },
  "a Date of another realm": { make: () => runInNewContext("new Date(0)") },
  "a Map of another realm": { make: () => runInNewContext("new Map()"), error: true },
  "a getter of another realm that throws": { make: () => runInNewContext("({ get a() { throw new TypeError('x') } })"), error: true },
};

for (const [what, { make, error }] of Object.entries(HOSTILE)) {
  test(`${what} gives a typed error or a right signature, in under a second, wherever it stands`, () => {
    const places = {
      "as the parameters": (value) => value,
      "as a value": (value) => ({ a: value }),
      "in a list": (value) => ({ a: [value] }),
      "in a map in a list": (value) => ({ a: [{ b: value }] }),
      "in JSON text": (value) => ({ a: [{ b: [value] }] }),
    };
    for (const [place, put] of Object.entries(places)) {
      const params = put(make());
      // The processor's time, because the machine may have other work.
      const start = process.cpuUsage();
      const refused = assertTypedOrRight(() => params);
      const { user, system } = process.cpuUsage(start);
      assert.ok(user + system < 1_000_000, `${place}: ${(user + system) / 1000} ms`);
      if (error) assert.ok(refused !== undefined, `${place}: it was signed`);
    }
    assertTypedOrRight(() => ({ a: "the same client signs on" }));
  });
}

test("hostile options give a typed error", () => {
  for (const options of [{ get zone() { return throwing(); } }, traps("ownKeys"), revoked({}), new Proxy({ zone: "x" }, { get: throwing }), "GET", 7, { zone: "\ud800" }, { method: "get" }, { expiresInSeconds: NaN }, { requestId: Symbol("x") }, { __proto__: null, nonsense: 1 }]) {
    assert.ok(assertTypedOrRight(() => ({}), options) !== undefined);
  }
});

const hostileCallOptions = [
  { get signal() { return throwing(); } }, { get timeoutMs() { return throwing(); } }, traps("ownKeys"), revoked({}),
  { signal: {} }, { signal: new Proxy({}, { get: throwing }) }, { timeoutMs: NaN }, { deadlineMs: "soon" }, { maxAttempts: 0.5 }, { idempotent: "yes" },
];

test("hostile options of a call reject with a typed error", async () => {
  const { client } = stubClient(() => ({ ret_code: 0, job_set: [{ job_id: "j-1", status: "successful" }] }));
  for (const options of hostileCallOptions) {
    for (const name of ["call", "callAndWait", "signAsync", "waitFor"]) {
      await assert.rejects(client[name]("DescribeInstances", {}, options), isQingCloudError, name);
    }
    await assert.rejects(client.waitForJobs("j-1", options), isQingCloudError);
  }
});

test("hostile options of a client throw a typed error", () => {
  const key = { accessKeyId: "ID", secretAccessKey: "secret" };
  for (const options of [
    undefined, null, "key", Symbol("x"), {}, traps("ownKeys"), revoked({}), new Proxy(key, { get: throwing }), { ...key, get zone() { return throwing(); } },
    { ...key, secretAccessKey: "\ud800" }, { ...key, secretAccessKey: revoked({}) }, { ...key, accessKeyId: {} }, { ...key, endpoint: revoked({}) },
    { ...key, fetch: 1 }, { ...key, maxAttempts: -1 }, { ...key, remote: cycle() }, { ...key, credentials: traps("get") },
  ]) {
    assert.throws(() => new QingCloudClient(options), isQingCloudError);
  }
});

test("a clock that throws or is no clock gives a typed error", () => {
  for (const now of [throwing, () => NaN, () => Symbol("x"), () => "noon", () => 1e300, () => ({ valueOf: throwing })]) {
    const client = new QingCloudClient({ accessKeyId: "ID", secretAccessKey: "secret", now });
    assert.throws(() => client.signUrl("DescribeZones"), isQingCloudError);
  }
});

test("a getter that signs with the same client meanwhile spoils neither signature", () => {
  let inner;
  const params = { a: "x".repeat(300), get b() { inner = client.sign("DescribeJobs", { jobs: ["j-1"], c: "y".repeat(100_000) }); return "z"; }, d: "w" };
  const outer = client.sign("NoSuchAction", params);
  assertRightlySigned(inner);
  assertRightlySigned(outer);
  const { a, b, d } = parsed(outer);
  assert.deepEqual([a, b, d], ["x".repeat(300), "z", "w"]);
});

test("a getter runs once", () => {
  let runs = 0;
  client.signUrl("NoSuchAction", { get a() { runs += 1; return [{ get b() { runs += 1; return [1]; } }]; } });
  assert.equal(runs, 2);
});
