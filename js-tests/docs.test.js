// Every code block of the documents runs, or says why it cannot. See docs/blocks.js for the words that a document uses.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { blocksIn, problemOf } from "./docs/blocks.js";
import { behind, withoutCertificates } from "./docs/network.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const modules = join(root, "js-tests/node_modules");
const surroundings = pathToFileURL(fileURLToPath(new URL("docs/surroundings.js", import.meta.url))).href;

/** The key that the API guide's samples use. */
const KEY = { QINGCLOUD_ACCESS_KEY_ID: "QYACCESSKEYIDEXAMPLE", QINGCLOUD_SECRET_ACCESS_KEY: "SECRETACCESSKEY", QINGCLOUD_ZONE: "pek3a" };
const ACCOUNT = { accessKeys: [{ accessKeyId: KEY.QINGCLOUD_ACCESS_KEY_ID, secretAccessKey: KEY.QINGCLOUD_SECRET_ACCESS_KEY }], jobDurationMs: 50 };
const TIME_LIMIT_MS = 60_000;

/** Files that the documents' shell blocks read: the parameters of the API guide's sample. */
const FILES = {
  "run.json": JSON.stringify({ image_id: "centos64x86a", instance_type: "small_b", instance_name: "demo", count: 1, login_mode: "passwd", login_passwd: "QingCloud20130712", vxnets: ["vxnet-0"] }),
};

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

/** How a block of each language is run; gives what it prints. */
const RUN = {
  async js({ code, emulator, network }, place) {
    const file = join(place, "block.mjs");
    await writeFile(file, code);
    if (network) return within(network, place, (env) => execute(process.execPath, [file], place, { ...KEY, ...env }));
    return execute(process.execPath, ["--import", surroundings, file], place, { ...KEY, ...(emulator && { EMULATOR_OPTIONS: JSON.stringify(emulator) }) });
  },

  async ts({ code }, place) {
    const file = join(place, "block.mts");
    await writeFile(file, code);
    return execute(join(modules, ".bin/tsc"), ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom,esnext.disposable", "--types", "node", file], place);
  },

  async sh({ code, emulator: options, network }, place) {
    const run = (env) => execute("bash", ["-euo", "pipefail", "-c", code], place, { ...KEY, ...env });
    if (network) return within(network, place, run);
    const { url, close } = await serveEmulator({ ...ACCOUNT, ...options });
    try {
      return await run({ QINGCLOUD_ENDPOINT: url });
    } finally {
      await close();
    }
  },
};

/** Runs a block behind a proxy or a private authority, in front of an emulator. */
async function within(network, place, run) {
  const { url, close } = await serveEmulator(ACCOUNT);
  try {
    return await behind[network](url, place, run);
  } finally {
    await close();
  }
}

/** Runs a program in a group of its own, so that what it leaves behind in the background can be ended. */
function execute(program, argv, cwd, env = {}) {
  const PATH = `${join(folder, "bin")}${delimiter}${process.env.PATH}`;
  const child = spawn(program, argv, { cwd, env: { ...process.env, ...env, PATH, HOME: cwd, LANG: "C.UTF-8" }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  const end = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The whole group has ended.
    }
  };
  const timer = setTimeout(end, TIME_LIMIT_MS);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    // Not "close": what runs in the background still holds the pipes.
    child.on("exit", (status) => {
      clearTimeout(timer);
      end();
      child.once("close", () => (status === 0 ? resolve(stdout) : reject(new Error(`status ${status}\n${stderr}${stdout}`))));
    });
  });
}

async function check(block) {
  const place = await mkdtemp(join(folder, "block-"));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(place, name), content);
  const ended = RUN[block.language](block, place);
  if (block.fails) {
    await assert.rejects(ended, block.fails);
    return;
  }
  const printed = await ended;
  if (block.prints !== undefined) assert.equal(printed.trimEnd(), block.prints.trimEnd());
}

for (const document of documents) {
  const blocks = blocksIn(await readFile(join(root, document), "utf8"));
  for (const block of blocks) {
    const name = `${document}:${block.line} (${block.language || "no language"})`;
    const problem = problemOf(block);
    if (problem !== undefined) test(`${name} can be run`, () => assert.fail(`this block ${problem}`));
    else if (block.reason === undefined && RUN[block.language]) test(`${name} runs`, { skip: block.network && withoutCertificates }, () => check(block));
  }
  test(`${document} leads nowhere that is not there`, async () => {
    const links = (await readFile(join(root, document), "utf8")).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g);
    const missing = [...links].map(([, link]) => link).filter((link) => !existsSync(join(root, dirname(document), link)));
    assert.deepEqual(missing, []);
  });
}
