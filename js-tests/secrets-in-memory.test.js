// After a key went in, the modules' whole memory holds no trace of the secret: only the HMAC state made of it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { memories } from "./memories.js";

const { CLASSES } = await import("./classes.js");
const { QingCloudClient } = CLASSES;
const { diagnose } = await import("qingcloud-wasm/emulator");

const SECRETS = {
  "an ASCII secret": "kT9vQ2xLm4Rz7WcYb1NfHs6JdPgUe3Aa",
  "a secret outside ASCII": "密钥不应留在内存里，一个字节也不行",
  "a secret of bytes": Uint8Array.from({ length: 40 }, (_, at) => (at * 73 + 11) % 256),
  "a secret longer than a block": "Zq".repeat(20) + "x8Lw3".repeat(30),
};

/**
 * What a careless signer leaves: the secret, its start, and both padded forms of its start, the last three also with
 * their words turned round. Of a secret longer than a block the hash stands for it (RFC 2104), so that is looked for too.
 */
function needles(secret) {
  const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
  const keys = [bytes];
  if (bytes.length > 64) for (const name of ["sha256", "sha1"]) keys.push(Uint8Array.from(createHash(name).update(bytes).digest()));
  return keys.flatMap(formsOf);
}

function formsOf(bytes) {
  const start = bytes.subarray(0, 16);
  const plain = [bytes, start, start.map((byte) => byte ^ 0x36), start.map((byte) => byte ^ 0x5c)];
  const turned = plain.slice(1).flatMap((needle) => [4, 8].map((width) => needle.map((_, at) => needle[at - (at % width) + (width - 1 - (at % width))])));
  return [...plain, ...turned].map((needle) => Buffer.from(needle));
}

function assertForgotten(secret, when) {
  for (const memory of memories) {
    const whole = Buffer.from(memory.buffer);
    needles(secret).forEach((needle, form) => assert.equal(whole.indexOf(needle), -1, `form ${form} of it is there ${when}`));
  }
}

const params = { status: ["running"], search_word: "a needle that stays: 中文", limit: 20 };

for (const [what, secretAccessKey] of Object.entries(SECRETS)) {
  for (const signatureMethod of ["HmacSHA256", "HmacSHA1"]) {
    test(`${what} is forgotten (${signatureMethod})`, async () => {
      const options = { accessKeyId: "ID", secretAccessKey, signatureMethod };
      const given = typeof secretAccessKey === "string" ? secretAccessKey : secretAccessKey.slice();
      // The second of each shares the key of the first.
      const signers = [...Object.values(CLASSES), ...Object.values(CLASSES)].map((Class) => new Class(options));
      assertForgotten(secretAccessKey, "after construction");
      for (let count = 0; count < 10_000; count += 1) for (const signer of signers) signer.signUrl("DescribeInstances", params);
      assertForgotten(secretAccessKey, "after 10,000 signatures");
      signers.forEach((signer) => signer.free());
      assertForgotten(secretAccessKey, "after free");
      assert.deepEqual(secretAccessKey, given, "the caller's own bytes are changed");
    });
  }
}

test("a provider's secret is forgotten", async () => {
  const secretAccessKey = "p".concat(SECRETS["an ASCII secret"].split("").reverse().join(""));
  const client = new QingCloudClient({ credentials: async () => ({ accessKeyId: "ID", secretAccessKey }) });
  for (let count = 0; count < 100; count += 1) await client.signAsync("DescribeInstances", params);
  assertForgotten(secretAccessKey, "after a hundred signatures");
  client.free();
});

test("a secret is forgotten when its client is refused", () => {
  const secretAccessKey = "r".concat(SECRETS["an ASCII secret"].slice(3), "refused");
  for (const Class of Object.values(CLASSES)) {
    assert.throws(() => new Class({ accessKeyId: "ID", secretAccessKey, endpoint: "nowhere" }), { kind: "options" });
  }
  assertForgotten(secretAccessKey, "after the refusal");
});

test("the search finds what is there", () => {
  for (const Class of Object.values(CLASSES)) {
    const signer = new Class({ accessKeyId: "ID", secretAccessKey: "another" });
    signer.signUrl("DescribeInstances", { search_word: "a needle that stays 0123456789" });
    signer.free();
  }
  assert.equal(memories.length, Object.keys(CLASSES).length);
  for (const memory of memories) assert.ok(Buffer.from(memory.buffer).includes("a needle that stays 0123456789"));
});

test("the doctor forgets the secret, and what it tried in its place", () => {
  for (const secretAccessKey of [...Object.values(SECRETS), " blanks around a secret ", "\"quotes around a secret\""]) {
    const url = "https://api.qingcloud.com/iaas/?access_key_id=ID&action=DescribeZones&signature=AAAA";
    assert.equal(diagnose({ url, secretAccessKey }).right, false);
    assertForgotten(secretAccessKey, "after a diagnosis");
    const text = Buffer.from(secretAccessKey).toString();
    for (const tried of [text.trim(), text.toUpperCase(), text.toLowerCase(), encodeURIComponent(text), Buffer.from(secretAccessKey).toString("base64"), `${text}&`]) {
      assertForgotten(tried, "after a diagnosis");
    }
  }
  assert.equal(memories.length, Object.keys(CLASSES).length + 1);
  assert.ok(Buffer.from(memories.at(-1).buffer).includes("action=DescribeZones"));
});

test("the bytes that a secret was made of are wiped, however the call ends", (t) => {
  const encode = TextEncoder.prototype.encode;
  const made = [];
  t.mock.method(TextEncoder.prototype, "encode", function (text) {
    const bytes = encode.call(this, text);
    if (text === "TOP SECRET") made.push(bytes);
    return bytes;
  });
  const key = { accessKeyId: "ID", secretAccessKey: "TOP SECRET" };
  for (const Class of Object.values(CLASSES)) {
    new Class(key).free();
    assert.throws(() => new Class({ ...key, endpoint: "nowhere" }), { kind: "options" });
  }
  assert.throws(() => new QingCloudClient({ ...key, timeoutMs: -1 }), { kind: "options" });
  diagnose({ url: "https://api.qingcloud.com/iaas/?action=DescribeZones&signature=AAAA", secretAccessKey: "TOP SECRET" });
  // One that is refused before its secret is looked at makes none.
  assert.ok(made.length > Object.keys(CLASSES).length * 2);
  for (const bytes of made) assert.ok(bytes.every((byte) => byte === 0));
});
