// A cold start: what importing and signing for the first time costs, in a fresh process each time.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { shuffled } from "./harness.js";

const KEY = `{ accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3" }`;
const SIGNED = `"DescribeInstances", { status: ["running"], limit: 20 }`;
export const MEASURE = "node:crypto + first HMAC";
const dist = new URL("../../pkg/dist/", import.meta.url);
const compiling = (name) => `import { readFileSync } from "node:fs"; new WebAssembly.Module(readFileSync(new URL(${JSON.stringify(new URL(name, dist))})));`;
/** Files that do part of what the classes do: no less time than theirs is to be had. */
const FILES = {
  "an empty file": "",
  "a file that compiles sign-simd.wasm": compiling("sign-simd.wasm"),
  "a file that compiles client-simd.wasm": compiling("client-simd.wasm"),
};
/** What each process does. */
const WORK = {
  nothing: "",
  [MEASURE]: `const { createHmac } = await import("node:crypto"); createHmac("sha256", "SECRETACCESSKEY").update("GET").digest("base64");`,
  Signer: `const { Signer } = await import("qingcloud-wasm/sign"); new Signer(${KEY}).signUrl(${SIGNED});`,
  QingCloudClient: `const { QingCloudClient } = await import("qingcloud-wasm"); new QingCloudClient(${KEY}).signUrl(${SIGNED});`,
};

const program = (work) => `
const start = process.cpuUsage(), began = performance.now();
${work}
const wall = (performance.now() - began) * 1000;
const { user, system } = process.cpuUsage(start);
const whole = process.cpuUsage();
process.stdout.write(JSON.stringify({ work: user + system, wall, whole: whole.user + whole.system }));`;

/**
 * Runs each once a round. Gives for each name, by round, in µs: processor time of the `work` with all threads, its `wall`
 * time, and processor time of the `whole` process up to then.
 */
export function coldStarts(rounds) {
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "cold-"));
  const work = { ...WORK };
  for (const [name, source] of Object.entries(FILES)) {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, source);
    work[name] = `await import(${JSON.stringify(pathToFileURL(file))});`;
  }
  const names = Object.keys(work);
  const taken = Object.fromEntries(names.map((name) => [name, { work: [], wall: [], whole: [] }]));
  // The first rounds bring the files into memory.
  for (let round = -2; round < rounds; round += 1) {
    for (const name of shuffled(names)) {
      const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program(work[name])], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      if (status !== 0) throw new Error(`${name}: the process ended with ${status}`);
      if (round < 0) continue;
      for (const [field, time] of Object.entries(JSON.parse(stdout))) taken[name][field].push(time);
    }
  }
  rmSync(folder, { recursive: true });
  return taken;
}
