import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf, search } from "../../www/src/model/search.js";
import { titleOf } from "../../www/src/words/titles.js";
import { SYNONYMS } from "../../www/src/words/synonyms.js";
import { catalogue } from "./catalogue.js";

const index = indexOf(catalogue);
const names = (query) => search(index, query).map(({ action }) => action.name);

test("all 414 actions are there, each with words in both languages", () => {
  assert.equal(catalogue.actions.size, 414);
  for (const name of catalogue.actions.keys()) {
    assert.match(titleOf(name, "zh"), /\p{Script=Han}/u, name);
    assert.match(titleOf(name, "en"), /^[A-Z][A-Za-z0-9]*( [A-Za-z0-9]+)+$/, name);
  }
});

test("every service has other words to be found by", () => {
  const services = catalogue.services.map(({ id }) => id);
  assert.deepEqual(Object.keys(SYNONYMS).filter((id) => !services.includes(id)), []);
});

test("an action is found by its name, a part of it, and its initials", () => {
  assert.equal(names("RunInstances")[0], "RunInstances");
  assert.equal(names("runinst")[0], "RunInstances");
  assert.ok(names("instances").includes("TerminateInstances"));
  assert.equal(names("asgr")[0], "AddSecurityGroupRules");
});

test("words find actions in English and in Chinese", () => {
  assert.ok(names("virtual machine").includes("RunInstances"));
  assert.ok(names("create project").includes("CreateProject"));
  assert.equal(names("创建项目")[0], "CreateProject");
  assert.ok(names("公网IP").includes("AllocateEips"));
  assert.ok(names("公网 IP").includes("AllocateEips"));
  assert.ok(names("删除 主机").includes("TerminateInstances"));
  assert.ok(names("删除主机").includes("TerminateInstances"));
  assert.ok(names("防火墙").includes("CreateSecurityGroup"));
});

test("a parameter finds the actions that take it, and says so", () => {
  const hits = search(index, "login_keypair");
  assert.ok(hits.some(({ action, parameter }) => action.name === "RunInstances" && parameter === "login_keypair"));
});

test("all words must be met", () => {
  assert.deepEqual(names("describe zzz"), []);
  assert.ok(names("describe eip").every((name) => /^Describe/.test(name) || name.includes("Eip")));
});

test("no query, no hits", () => {
  assert.deepEqual(names(""), []);
  assert.deepEqual(names("   "), []);
});
