// Every code block of the documents runs, or says why it cannot. See blocks.js for the words that a document uses.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { blocksIn, problemOf } from "./blocks.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const modules = join(root, "js-tests/node_modules");
const surroundings = pathToFileURL(fileURLToPath(new URL("surroundings.js", import.meta.url))).href;

/** The key that the API guide's samples use. */
const KEY = { QINGCLOUD_ACCESS_KEY_ID: "QYACCESSKEYIDEXAMPLE", QINGCLOUD_SECRET_ACCESS_KEY: "SECRETACCESSKEY", QINGCLOUD_ZONE: "pek3a" };
const TIME_LIMIT_MS = 60_000;

const documents = ["README.md", "README.zh-CN.md", ...(await readdir(join(root, "docs"))).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith(".md") && existsSync(join(root, name)))
  .sort();

let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "qingcloud-docs-"));
  await mkdir(join(folder, "node_modules"));
  await mkdir(join(folder, "bin"));
  for (const name of ["qingcloud-wasm", "undici", "express", "@types"]) await symlink(join(modules, name), join(folder, "node_modules", name));
  await writeFile(join(folder, "bin/qingcloud"), `#!/bin/sh\nexec "${process.execPath}" "${join(modules, "qingcloud-wasm/cli.js")}" "$@"\n`);
  await chmod(join(folder, "bin/qingcloud"), 0o755);
});
after(() => rm(folder, { recursive: true, force: true }));

for (const document of documents) {
  const blocks = blocksIn(await readFile(join(root, document), "utf8"));
  for (const block of blocks) {
    const name = `${document}:${block.line} (${block.language || "no language"})`;
    const problem = problemOf(block);
    if (problem !== undefined) test(`${name} can be run`, () => assert.fail(`this block ${problem}`));
    else if (block.reason === undefined && RUN[block.language]) test(`${name} runs`, () => check(block, RUN[block.language]));
  }
  test(`${document} leads nowhere that is not there`, async () => {
    const links = (await readFile(join(root, document), "utf8")).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
    const missing = [...links].map(([, link]) => link).filter((link) => !existsSync(join(root, dirname(document), link)));
    assert.deepEqual(missing, []);
  });
}
