// The entry without the module's bytes: what it takes for them, and what it says of anything else.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { init, isQingCloudError, QingCloudClient } from "qingcloud-wasm/slim";

const file = (name) => readFile(fileURLToPath(import.meta.resolve(`qingcloud-wasm/${name}`)));
const KEY = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY" };

test("what is not the client's module is refused in a sentence, and leaves nothing behind", async () => {
  const sign = await file("sign.wasm");
  const cut = (await file("client.wasm")).subarray(0, 1000);
  for (const given of [undefined, "client.wasm", {}, new Uint8Array(4), new ArrayBuffer(0), cut, sign, new WebAssembly.Module(sign)]) {
    assert.throws(() => init(given), (error) => {
      assert.ok(isQingCloudError(error), String(error));
      assert.equal(error.kind, "options");
      assert.match(error.message, /^init: .*qingcloud-wasm\/client\.wasm/);
      return true;
    });
  }
  assert.throws(() => init(new Uint8Array(4)), ({ cause }) => cause instanceof WebAssembly.CompileError);
  assert.throws(() => new QingCloudClient(KEY), { kind: "options", message: /call init/ });
});

test("the client's module is taken as bytes", async () => {
  init(await file("client.wasm"));
  const client = new QingCloudClient(KEY);
  assert.match(client.signUrl("DescribeZones"), /signature=/);
  client.free();
});
