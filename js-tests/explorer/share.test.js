import assert from "node:assert/strict";
import { test } from "node:test";
import { hashOf, readHash } from "../../www/src/model/share.js";
import { actionNamed } from "./catalogue.js";

const run = actionNamed("RunInstances");
const EMPTY = { zone: "", method: "", signatureMethod: "", expiresInSeconds: "", time: "" };

test("a link gives back what it was made of", () => {
  const params = { image_id: "a b&c=d#?%", vxnets: ["vxnet-0"], name: "青云" };
  const request = { zone: "pek3a", method: "POST", signatureMethod: "HmacSHA1", expiresInSeconds: "120", time: "2013-08-27T14:30:10Z" };
  const hash = hashOf({ view: "explore", action: run, params, request });
  assert.deepEqual(readHash(hash), { view: "explore", action: "RunInstances", params, request });
  assert.deepEqual(readHash(new URL(hash, "http://127.0.0.1/").hash), { view: "explore", action: "RunInstances", params, request });
});

test("no secret gets into a link", () => {
  const hash = hashOf({ view: "explore", action: run, params: { login_passwd: "hunter2-1", userdata_value: "hunter2-2", nested: { db_password: "hunter2-3", list: [{ private_key: "hunter2-4" }] }, token: "hunter2-5" } });
  assert.ok(!hash.includes("hunter2"), hash);
});

test("a link cannot say where to send, or with which key", () => {
  const said = readHash("#/RunInstances?params={}&endpoint=https://evil.example/&target=local&localUrl=http://evil.example&accessKeyId=x&zone=pek3a");
  assert.deepEqual(said, { view: "explore", action: "RunInstances", params: {}, request: { ...EMPTY, zone: "pek3a" } });
});

test("the views have addresses of their own", () => {
  assert.equal(hashOf({ view: "doctor" }), "#/doctor");
  assert.deepEqual(readHash("#/tour"), { view: "tour" });
  assert.deepEqual(readHash(""), { view: "explore", action: undefined });
  assert.deepEqual(readHash("#/DescribeZones"), { view: "explore", action: "DescribeZones" });
});

test("a broken link opens what can be read of it", () => {
  assert.deepEqual(readHash("#/RunInstances?params={broken&zone=%zz&time=yesterday&method=PUT&expiresInSeconds=-1"), { view: "explore", action: "RunInstances", params: {}, request: EMPTY });
  assert.deepEqual(readHash("#/%zz?params=[1]"), { view: "explore", action: undefined, params: {}, request: EMPTY });
});
