import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";

const published = JSON.parse(await readFile(new URL("../src/sign/vectors/published.json", import.meta.url), "utf8"));
const sample = (id) => published.vectors.find((vector) => vector.id === id);

test("the demonstration signs both published samples and gets an answer from the emulator", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["demo.mjs"], { cwd: new URL("../pkg/", import.meta.url) });
  const lines = stdout.split("\n");
  assert.ok(lines.includes(sample("manual-RunInstances-pek3a").url));
  const overview = `https://api.qingcloud.com/iaas/?${sample("manual-overview-DescribeInstances").canonical_query}&signature=`;
  assert.equal(lines.filter((line) => line.startsWith(overview)).length, 1);
  const answer = JSON.parse(stdout.slice(stdout.indexOf("\n{\n")));
  assert.equal(answer.ret_code, 0);
  assert.equal(answer.project_set.length, 1);
});
