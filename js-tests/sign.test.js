// Both signing classes against answers that come from outside this project.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { QingCloudClient } from "qingcloud-wasm";
import { Signer } from "qingcloud-wasm/sign";
import { CLASSES } from "./classes.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../src/sign/vectors/${name}.json`, import.meta.url), "utf8"));
const { vectors } = read("signing");
const published = read("published");

/** `{"$bigint": "…"}` stands for an integer beyond 2^53. */
function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null) return value;
  if ("$bigint" in value) return BigInt(value.$bigint);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, revived(inner)]));
}

function assertAgrees(Class, vector, input, secretAccessKey = vector.secret_access_key) {
  const { action, ...params } = revived(input);
  const signer = new Class({
    accessKeyId: vector.access_key_id,
    secretAccessKey,
    token: vector.token ?? undefined,
    endpoint: `${vector.origin ?? "https://api.qingcloud.com"}${vector.path}`,
    signatureMethod: vector.signature_method,
    signatureVersion: vector.signature_version,
    now: () => Date.parse(vector.time_stamp),
  });
  const steps = signer.explain(action, params, { method: vector.method });
  assert.equal(steps.canonicalQuery, vector.canonical_query, vector.id);
  assert.equal(steps.stringToSign, vector.string_to_sign, vector.id);
  if (vector.signature !== undefined) {
    assert.equal(steps.signature, vector.signature, vector.id);
    if (vector.body === undefined) assert.equal(steps.url, vector.url, vector.id);
    else assert.equal(steps.body, vector.body, vector.id);
    const { method, url, body } = signer.sign(action, params, { method: vector.method });
    assert.deepEqual([method, url, body], [steps.method, steps.url, steps.body], vector.id);
  }
  signer.free();
}

for (const [name, Class] of Object.entries(CLASSES)) {
  test(`${name} agrees with every vector of the official SDK, from input and from flat`, () => {
    assert.equal(vectors.length, 120);
    for (const vector of vectors) {
      assertAgrees(Class, vector, vector.input);
      assertAgrees(Class, vector, vector.flat);
    }
  });

  test(`${name} gives the published samples`, () => {
    for (const vector of published.vectors) assertAgrees(Class, vector, vector.input, published.secret_access_key);
  });

  test(`${name} takes a secret as bytes`, () => {
    const [vector] = vectors;
    assertAgrees(Class, vector, vector.input, new TextEncoder().encode(vector.secret_access_key));
  });

  test(`${name}: of several with one key each ends alone, and none takes another's settings`, () => {
    const options = { accessKeyId: "ID", secretAccessKey: "SECRET", zone: "pek3", now: () => 0 };
    const [first, second] = [new Class(options), new Class(options)];
    const others = [{ zone: "sh1a" }, { secretAccessKey: "secret" }, { expiresInSeconds: 60 }, { signatureMethod: "HmacSHA1" }, { signatureVersion: 2 }, { token: "T" }].map(
      (change) => new Class({ ...options, ...change }),
    );
    const url = first.signUrl("DescribeZones");
    assert.equal(second.signUrl("DescribeZones"), url);
    const urls = others.map((other) => other.signUrl("DescribeZones"));
    assert.equal(new Set([url, ...urls]).size, 1 + others.length);
    first.free();
    first.free();
    assert.throws(() => first.signUrl("DescribeZones"), { kind: "options", message: /freed/ });
    assert.equal(second.signUrl("DescribeZones"), url);
    second.free();
    assert.deepEqual(
      others.map((other) => other.signUrl("DescribeZones")),
      urls,
    );
    others.forEach((other) => other.free());
  });

  test(`${name} ends with free, and says so`, () => {
    const signer = new Class({ accessKeyId: "ID", secretAccessKey: "secret" });
    signer[Symbol.dispose]();
    signer.free();
    assert.throws(() => signer.signUrl("DescribeZones"), { name: "QingCloudError", kind: "options", message: /freed/ });
  });

  test(`${name} sends what the catalogue calls a POST as one`, () => {
    const signer = new Class({ accessKeyId: "ID", secretAccessKey: "secret" });
    assert.equal(signer.sign("UploadUserDataAttachment", { attachment_content: "x" }).method, "POST");
    assert.throws(() => signer.signUrl("UploadUserDataAttachment", { attachment_content: "x" }), { kind: "parameters", message: /use sign/ });
  });
}

test("half a surrogate pair in an option is refused by name, and sent as nothing else", async () => {
  const key = { accessKeyId: "ID", secretAccessKey: "SECRET" };
  for (const [name, Class] of Object.entries(CLASSES)) {
    for (const option of ["accessKeyId", "token", "zone"]) {
      const refusal = { kind: "options", message: new RegExp(`"${option}" must be a non-empty, well-formed string`) };
      assert.throws(() => new Class({ ...key, [option]: "a\ud800" }), refusal, `${name}: ${option}`);
    }
    const signer = new Class({ ...key, zone: "\ufffd" });
    assert.equal(signer.explain("DescribeInstances").parameters.at(-1)[1], "\ufffd");
    assert.throws(() => signer.signUrl("DescribeInstances", {}, { zone: "\udc00" }), { kind: "options", message: /"zone"/ });
    assert.throws(() => signer.signUrl("DescribeInstances", { "a\ud800": 1 }), { kind: "parameters", message: /"a\\ud800"/ });
  }
  await assert.rejects(new QingCloudClient(key).waitForJobs("j\ud800"), { kind: "parameters", message: /well-formed/ });
});

test("signers are made however full the module's memory is", () => {
  const signers = [];
  for (const length of [1_000_000, ...Array.from({ length: 4_000 }, (_, number) => 40 + (number % 9))]) {
    const secretAccessKey = "s".repeat(length);
    signers.push(new Signer({ accessKeyId: `K${signers.length}`, secretAccessKey, zone: "pek3", now: () => 0 }));
  }
  const last = signers.at(-1);
  const client = new QingCloudClient({ accessKeyId: `K${signers.length - 1}`, secretAccessKey: "s".repeat(40 + (3_999 % 9)), zone: "pek3", now: () => 0 });
  assert.equal(last.signUrl("DescribeZones"), client.signUrl("DescribeZones"));
  for (const signer of [...signers, client]) signer.free();
});

test("a getter that frees its signer is told so", () => {
  const options = { accessKeyId: "K", secretAccessKey: "S", zone: "pek3" };
  for (const [Class, ways] of [[QingCloudClient, ["signUrl", "sign", "explain", "paginate"]], [Signer, ["signUrl", "sign"]]]) {
    for (const way of ways) {
      const signer = new Class(options);
      const params = { get limit() { signer.free(); return 1; } };
      assert.throws(() => signer[way]("DescribeInstances", params), { kind: "options", message: /was freed/ }, way);
    }
  }
});

test("a Date of a class with a toISOString of its own is signed in UTC, and what only calls itself one is named", () => {
  class Zoned extends Date {
    toISOString() {
      return "2024-01-01T08:00:00.000+08:00";
    }
  }
  for (const Class of Object.values(CLASSES)) {
    const signer = new Class({ accessKeyId: "ID", secretAccessKey: "SECRET" });
    const { parameters } = signer.explain("DescribeInstances", { a: new Zoned("2024-01-01T00:00:00Z") });
    assert.equal(Object.fromEntries(parameters).a, "2024-01-01T00:00:00Z");
    assert.throws(() => signer.signUrl("X", { a: { b: { [Symbol.toStringTag]: "Date" } } }), { kind: "parameters", message: /"a\.b"/ });
    assert.throws(() => signer.signUrl("X", { a: [new Proxy({}, { ownKeys: () => { throw new Error("no"); } })] }), { kind: "parameters", message: /"a\[0\]"/ });
    signer.free();
  }
});
