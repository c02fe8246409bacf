import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { en } from "../../www/src/i18n/en.js";
import { zh } from "../../www/src/i18n/zh.js";

const source = new URL("../../www/src/", import.meta.url);
const files = (await readdir(source, { recursive: true })).filter((name) => /\.jsx?$/.test(name) && !name.startsWith("i18n"));
const texts = await Promise.all(files.map((name) => readFile(new URL(name, source), "utf8")));
const code = texts.join("\n");

test("English and Chinese say the same things", () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en)) {
    assert.equal(typeof zh[key], typeof en[key], key);
    if (typeof en[key] === "function") assert.equal(zh[key].length, en[key].length, key);
  }
});

test("every message that is asked for is there, and every one that is there is asked for", () => {
  const asked = new Set([...code.matchAll(/\bt\(\s*"(\w+)"/g)].map(([, key]) => key));
  // Keys that are put together: t(`kind_${kind}`).
  const prefixes = [...new Set([...code.matchAll(/\bt\(`(\w+_)\$\{/g)].map(([, prefix]) => prefix))];
  // Keys that are handed on by name, as problems are.
  const quoted = new Set([...code.matchAll(/"(\w+)"/g)].map(([, word]) => word));
  assert.deepEqual([...asked].filter((key) => !(key in en)), []);
  assert.deepEqual(Object.keys(en).filter((key) => !asked.has(key) && !quoted.has(key) && !prefixes.some((prefix) => key.startsWith(prefix))), []);
});
