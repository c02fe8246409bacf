// The typings: right calls compile and wrong ones do not, however TypeScript is set up.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const types = join(dirname(fileURLToPath(import.meta.url)), "types");
const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
const tsc = join(dirname(typescript), "bin/tsc");

function check(project) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "--project", join(types, `${project}.json`)], { encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
  return performance.now() - started;
}

test("the typings hold under nodenext, imported and required", () => {
  check("nodenext");
});

test("the typings hold under a bundler's resolution", () => {
  check("bundler");
});

test("the typings need neither the DOM's types nor node's", () => {
  check("bare");
});

test("a file that uses fifty actions is checked within three seconds, declarations included", () => {
  // Others may be using the machine: the quickest of three counts.
  const quickest = Math.min(check("many"), check("many"), check("many"));
  assert.ok(quickest < 3000, `${Math.round(quickest)} ms`);
});
