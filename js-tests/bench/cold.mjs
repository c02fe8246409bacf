// A cold start: what importing and signing for the first time costs, in a fresh process each time.
//
// Usage: node bench/cold.mjs [rounds]

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median, ratio, shuffled, table } from "./harness.js";

const KEY = `{ accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY", zone: "pek3" }`;
const SIGNED = `"DescribeInstances", { status: ["running"], limit: 20 }`;
/** What each process does; the first is the measure. */
const WORK = {
  nothing: "",
  "node:crypto + first HMAC": `const { createHmac } = await import("node:crypto"); createHmac("sha256", "SECRETACCESSKEY").update("GET").digest("base64");`,
  Signer: `const { Signer } = await import("qingcloud-wasm/sign"); new Signer(${KEY}).signUrl(${SIGNED});`,
  QingCloudClient: `const { QingCloudClient } = await import("qingcloud-wasm"); new QingCloudClient(${KEY}).signUrl(${SIGNED});`,
};
const BOUNDS = { Signer: "≤ 1.5", QingCloudClient: "≤ 2.5" };

// The wall clock stands beside the processor's, because the engine compiles on other threads.
const program = (work) => `
const start = process.cpuUsage(), began = performance.now();
${work}
const wall = (performance.now() - began) * 1000;
const { user, system } = process.cpuUsage(start);
const all = process.cpuUsage();
process.stdout.write(JSON.stringify({ work: user + system, wall, process: all.user + all.system }));`;

/** Runs each once a round, and gives for each name its samples, by round. */
function samples(rounds) {
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const taken = Object.fromEntries(Object.keys(WORK).map((name) => [name, []]));
  for (let round = -2; round < rounds; round += 1) {
    for (const name of shuffled(Object.keys(WORK))) {
      const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", program(WORK[name])], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      if (status !== 0) throw new Error(`${name}: the process ended with ${status}`);
      if (round >= 0) taken[name].push(JSON.parse(stdout));
    }
  }
  return taken;
}

const taken = samples(Number(process.argv[2] ?? 41));
const column = (name, field) => taken[name].map((sample) => sample[field]);
const ms = (name, field) => (median(column(name, field)) / 1000).toFixed(1);
const compared = (name, field) => ratio(column(name, field), column("node:crypto + first HMAC", field)).toFixed(2);
table(
  "Import and first signature, a fresh process each time",
  ["", "processor ms", "ratio", "must be", "wall ms", "whole process, processor ms", "ratio"],
  Object.keys(WORK).map((name) => [name, ms(name, "work"), compared(name, "work"), BOUNDS[name] ?? "", ms(name, "wall"), ms(name, "process"), compared(name, "process")]),
);
