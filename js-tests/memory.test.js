// What a long life costs: the modules' own memory, seen by wrapping WebAssembly.Instance before they start.

import assert from "node:assert/strict";
import { test } from "node:test";

const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    memories.push(this.exports.memory);
  }
};
const { QingCloudClient } = await import("qingcloud-wasm");
const { Signer } = await import("qingcloud-wasm/sign");
const OPTIONS = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3" };
const sizes = () => memories.map((memory) => memory.buffer.byteLength);

test("a million signatures grow no module's memory after the first thousand", () => {
  const signers = [new QingCloudClient(OPTIONS), new Signer(OPTIONS)];
  assert.equal(memories.length, 2);
  const sign = (number) => {
    for (const signer of signers) signer.signUrl("DescribeInstances", { instances: [`i-${number}`], status: ["running"], search_word: "中文", limit: 100 });
  };
  for (let number = 0; number < 1_000; number += 1) sign(number);
  const before = sizes();
  for (let number = 0; number < 500_000; number += 1) sign(number);
  assert.deepEqual(sizes(), before);
  signers.forEach((signer) => signer.free());
});

test("clients that come and go leave nothing behind", () => {
  for (let count = 0; count < 1_000; count += 1) new QingCloudClient(OPTIONS).free();
  const before = sizes();
  for (let count = 0; count < 100_000; count += 1) {
    new QingCloudClient(OPTIONS).free();
    new Signer(OPTIONS).free();
  }
  assert.deepEqual(sizes(), before);
});
