import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, complaint, controlOf, draftOf, Raw, valueOf } from "../../www/src/model/fields.js";
import { anyOf, draftOfParams, othersOf, paramsOf, readJson, writeJson } from "../../www/src/model/form.js";
import { actionNamed, catalogue } from "./catalogue.js";

const text = { name: "a", type: "string" };
const integer = { name: "a", type: "integer" };
const list = { name: "a", type: "array", items: "string" };
const objects = { name: "a", type: "array", items: "object", fields: [text, { name: "n", type: "integer" }] };

test("an empty form sends nothing, whatever the action", () => {
  for (const action of catalogue.actions.values()) {
    assert.deepEqual(paramsOf(action, {}), {});
    const untouched = Object.fromEntries(action.parameters.map((field) => [field.name, blank(field)]));
    assert.deepEqual(paramsOf(action, untouched), {}, action.name);
  }
});

test("text becomes the type that the field has", () => {
  assert.equal(valueOf(integer, "12"), 12);
  assert.equal(valueOf({ ...integer, type: "number" }, "1.5"), 1.5);
  assert.equal(valueOf({ ...integer, type: "boolean" }, "false"), false);
  assert.deepEqual(valueOf({ name: "a", type: "json" }, '{"b":[1]}'), { b: [1] });
});

test("what is not of the type is sent as it stands, with a complaint", () => {
  assert.equal(valueOf(integer, "two"), "two");
  assert.equal(complaint(integer, "two"), "notInteger");
  assert.equal(valueOf(integer, "9007199254740993"), "9007199254740993");
  assert.equal(complaint(integer, "9007199254740993"), undefined);
  assert.equal(valueOf({ name: "a", type: "number" }, "1e3"), "1e3");
  assert.equal(valueOf({ name: "a", type: "json" }, "{broken"), "{broken");
  assert.equal(complaint({ name: "a", type: "json" }, "{broken"), "notJson");
  assert.equal(complaint({ name: "a", type: "timestamp" }, "2013-08-27"), "notTimestamp");
});

test("blank rows of a list are not sent", () => {
  assert.deepEqual(valueOf(list, ["i-1", "", "i-2"]), ["i-1", "i-2"]);
  assert.equal(valueOf(list, ["", ""]), undefined);
  assert.deepEqual(valueOf(objects, [{ a: "x", n: "3" }, {}]), [{ a: "x", n: 3 }]);
});

test("parameters go into the form and come out the same", () => {
  const cases = [
    ["RunInstances", { image_id: "centos64x86a", count: 2, login_mode: "passwd", login_passwd: "secret", vxnets: ["vxnet-0"] }],
    ["DescribeInstances", { status: ["running", "a-new-status"], limit: 10 }],
    ["AddProjectMember", { project_id: "pj-1", project_members: [{ project_member_name: "Ada", role: "gr-1" }] }],
    ["AddProjectMember", { project_id: "pj-1", project_members: '[{"project_member_name":"Ada"}]' }],
    ["AddGroupRoleRules", { group_role: "gr-1", policy: "all.describe", principle: "", project_id: "pj-1" }],
    ["AddGroupRoleRules", { group_role: "gr-1", policy: "action", principle: [{ resource_type: "instance", actions: ["RunInstances"] }], project_id: "pj-1" }],
    ["CreateProject", { project_name: "", selected: true }],
    ["CreateProject", { selected: "yes", meta: [{ unknown: [1, 2] }] }],
    ["DescribeInstances", { "status.1": "running", instances: [], nested: { deep: [null, 1] } }],
    ["NotInTheCatalogue", { list: ["a"], text: "b", number: 3 }],
  ];
  for (const [name, params] of cases) {
    const action = actionNamed(name);
    assert.deepEqual(paramsOf(action, draftOfParams(action, params)), params, name);
  }
});

test("a number in a text field stands there as its digits", () => {
  assert.deepEqual(paramsOf(actionNamed("CreateProject"), draftOfParams(actionNamed("CreateProject"), { project_name: 5 })), { project_name: "5" });
});

test("a value that the field cannot hold is kept as it was given", () => {
  assert.deepEqual(draftOf(list, "i-1,i-2"), new Raw("i-1,i-2"));
  assert.equal(valueOf(list, new Raw("i-1,i-2")), "i-1,i-2");
});

test("every field of the catalogue has a control, down to the parts of items", () => {
  const controls = new Set(["text", "integer", "number", "boolean", "json", "list", "object"]);
  const check = (field) => {
    assert.ok(controls.has(controlOf(field)), field.name);
    field.fields?.forEach(check);
  };
  for (const action of catalogue.actions.values()) action.parameters.forEach(check);
});

test("parameters that the catalogue does not know stand behind those it does", () => {
  const action = actionNamed("DescribeInstances");
  const draft = draftOfParams(action, { new_filter: "x", limit: 1 });
  assert.deepEqual(othersOf(action, draft), ["new_filter"]);
  assert.deepEqual(Object.keys(paramsOf(action, draft)), ["limit", "new_filter"]);
});

test("any field takes JSON lists and objects, and leaves all other text alone", () => {
  assert.deepEqual(anyOf('["a"]'), ["a"]);
  assert.equal(anyOf("12"), "12");
  assert.equal(anyOf("[broken"), "[broken");
});

test("the JSON form says what is wrong with its text", () => {
  assert.deepEqual(readJson(writeJson({ a: [1] })), { params: { a: [1] } });
  assert.deepEqual(readJson("  "), { params: {} });
  assert.equal(readJson("{").problem, "jsonBroken");
  assert.equal(readJson("[1]").problem, "jsonNotObject");
  assert.equal(readJson("null").problem, "jsonNotObject");
  assert.deepEqual(readJson('{"id": 9007199254740993}'), { problem: "jsonUnsafeNumber", detail: "9007199254740992" });
});

test("a parameter called __proto__ is a parameter", () => {
  const { params } = readJson('{"__proto__": "x"}');
  const action = actionNamed("DescribeInstances");
  assert.deepEqual(Object.entries(paramsOf(action, draftOfParams(action, params))), [["__proto__", "x"]]);
});
