// Clients that were not made here: the official Python SDK and the official command line live a life on the emulator.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { findPython } from "./prove/python.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const python = findPython();
const run = promisify(execFile);
const ZONE = "pek3a";

/** Makes a virtual environment with the SDK and the command line in `target/`, unless it is there; gives its programs. */
function environment() {
  const folder = join(here, "../target/emulator-python");
  const requirements = join(here, "emulator-python/requirements.txt");
  const bin = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  const stamp = join(folder, "requirements.txt");
  if (!existsSync(stamp) || !readFileSync(stamp).equals(readFileSync(requirements))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    install(python, ["-m", "venv", folder], "Python's venv module is missing (on Debian: apt-get install python3-venv)");
    install(join(bin, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", requirements], "the official clients could not be installed");
    writeFileSync(stamp, readFileSync(requirements));
  }
  return { interpreter: join(bin, "python"), commandLine: join(bin, "qingcloud") };
}

function install(program, args, hint) {
  const { status } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(hint);
}

describe("the official Python clients", { skip: python === undefined && "there is no Python 3 here to run the official clients with" }, () => {
  let served;
  let programs;
  let folder;

  before(async () => {
    programs = environment();
    served = await serveEmulator({ jobDurationMs: 200 });
    folder = mkdtempSync(join(tmpdir(), "qingcloud-cli-"));
  });
  after(async () => {
    await served?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test("the SDK runs, waits, stops, starts, attaches, terminates, and is refused with a wrong secret", async () => {
    const { hostname, port } = new URL(served.url);
    const { accessKeyId, secretAccessKey } = served.emulator;
    const { stdout } = await run(programs.interpreter, ["-I", join(here, "emulator-python/scenario.py"), hostname, port, accessKeyId, secretAccessKey, ZONE]);
    assert.match(stdout, /^wrong secret: AuthFailure, signature not matched/);
    assert.match(stdout, /^done$/m);
  });

  /** One call of the command line; gives its answer. */
  async function call(...args) {
    const { stdout } = await run(programs.interpreter, ["-I", "-W", "ignore", programs.commandLine, "iaas", ...args]);
    return JSON.parse(stdout);
  }

  /** The configuration file of the command line, as its own documentation has it. */
  function configuration(secret) {
    const { hostname, port } = new URL(served.url);
    const file = join(folder, "config.yaml");
    const lines = { qy_access_key_id: served.emulator.accessKeyId, qy_secret_access_key: secret, zone: ZONE, host: hostname, port, protocol: "http" };
    writeFileSync(file, Object.entries(lines).map(([name, value]) => `${name}: ${name === "port" ? value : `'${value}'`}\n`).join(""));
    return ["-f", file];
  }

  test("the command line does the same, one process a call", async () => {
    const conf = configuration(served.emulator.secretAccessKey);
    const done = async (...args) => {
      const answer = await call(...args, ...conf);
      assert.equal(answer.ret_code, 0, JSON.stringify(answer));
      if (answer.job_id) served.emulator.advance(1000);
      return answer;
    };
    const status = async (id) => (await done("describe-instances", "-i", id)).instance_set[0].status;

    const { instances: [id] } = await done("run-instances", "-m", "centos7x64d", "-t", "c1m1", "-l", "passwd", "-p", "Aa12345678", "-n", "vxnet-0", "-N", "from the shell");
    assert.equal(await status(id), "running");
    await done("stop-instances", "-i", id);
    assert.equal(await status(id), "stopped");
    await done("start-instances", "-i", id);
    const { volumes: [volume] } = await done("create-volumes", "-s", "10");
    await done("attach-volumes", "-v", volume, "-i", id);
    assert.equal((await done("describe-volumes", "-v", volume)).volume_set[0].instance.instance_id, id);
    await done("detach-volumes", "-v", volume, "-i", id);
    await done("terminate-instances", "-i", id);
    assert.equal(await status(id), "terminated");
    const jobs = await done("describe-jobs", "-L", "100");
    assert.ok(jobs.job_set.every((job) => job.status === "successful"));
  });

  test("the command line is refused with a wrong secret", async () => {
    const answer = await call("describe-instances", ...configuration("wrong"));
    assert.equal(answer.ret_code, 1200);
  });
});
