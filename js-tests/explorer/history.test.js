import assert from "node:assert/strict";
import { test } from "node:test";
import { readHistory, remember } from "../../www/src/model/history.js";
import { jobIdsOf } from "../../www/src/model/jobs.js";
import { actionNamed } from "./catalogue.js";

const call = (id) => ({ id, at: 1000 + id, action: "RunInstances", params: { image_id: "a", login_passwd: "hunter2" }, zone: "pek3a", target: "emulator", durationMs: 1, retCode: 0, answer: { secret_access_key: "hunter2" } });

test("the history is newest first and holds no secret and no answer", () => {
  const list = remember(remember([], call(1), actionNamed("RunInstances")), call(2), actionNamed("RunInstances"));
  assert.deepEqual(list.map(({ id }) => id), [2, 1]);
  assert.deepEqual(list[0].params, { image_id: "a" });
  assert.ok(!JSON.stringify(list).includes("hunter2"));
  assert.deepEqual(readHistory(JSON.stringify(list)), JSON.parse(JSON.stringify(list)));
});

test("the history ends somewhere", () => {
  let list = [];
  for (let id = 0; id < 60; id += 1) list = remember(list, call(id), undefined);
  assert.deepEqual([list.length, list[0].id], [50, 59]);
});

test("what was kept and is no history is no history", () => {
  for (const text of ["", "{}", "null", '[1, null, {"action": 1}, {"action": "A", "params": null, "at": 1}]']) assert.deepEqual(readHistory(text), []);
});

test("job ids are found wherever the answer has them", () => {
  assert.deepEqual(jobIdsOf({ job_id: "j-1" }), ["j-1"]);
  assert.deepEqual(jobIdsOf({ job_ids: ["j-1", "j-2"] }), ["j-1", "j-2"]);
  assert.deepEqual(jobIdsOf({ job_id: "", global_job_id: "gj-1" }), ["gj-1"]);
  assert.deepEqual(jobIdsOf({ ret_code: 0 }), []);
});
