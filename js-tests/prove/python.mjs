// Signs random requests with this package and with the official Python SDK, and compares what would be sent.
//
// Usage: node prove/python.mjs [count] [seed]

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { QingCloudClient } from "qingcloud-wasm";
import { isMap, requests } from "./requests.js";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../target/prove/python");
const ORIGIN = "https://api.qingcloud.com";

/** The name under which this machine has Python 3, if it has. */
export function findPython() {
  return ["python3", "python"].find((name) => spawnSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]).status === 0);
}

/** Makes a virtual environment with the SDK in `target/`, unless it is there, and gives its interpreter. */
export function environment(python) {
  const wanted = readFileSync(join(here, "requirements.txt"));
  const stamp = join(folder, "requirements.txt");
  const interpreter = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  if (existsSync(stamp) && readFileSync(stamp).equals(wanted)) return interpreter;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run(python, ["-m", "venv", folder], "install Python's venv module (on Debian: apt-get install python3-venv)");
  run(interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", join(here, "requirements.txt")],
    "the official SDK could not be installed");
  writeFileSync(stamp, wanted);
  return interpreter;
}

function run(program, args, hint) {
  const { status, error } = spawnSync(program, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 3).join(" ")} failed${error ? ` (${error.message})` : ""}: ${hint}`);
}

/** Compares `count` requests. Gives how many were compared and the first differences, at most ten. */
export async function compare({ count, seed, python = findPython() }) {
  const peer = spawn(environment(python), ["-I", join(here, "python-peer.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(peer, "exit");
  const next = requests(seed);
  const ours = signer();
  const waiting = [];
  const differences = [];
  let compared = 0;

  const read = (async () => {
    for await (const line of createInterface({ input: peer.stdout })) {
      const [query, signature, path] = JSON.parse(line);
      const { request, signed } = waiting.shift();
      const theirs = request.method === "GET"
        ? { url: ORIGIN + path, body: undefined }
        : { url: ORIGIN + pathOf(request), body: `${query}&signature=${encodeURIComponent(signature)}` };
      compared += 1;
      if ((theirs.url !== signed.url || theirs.body !== signed.body) && differences.length < 10) differences.push({ request, signed, theirs });
    }
  })();

  for (let number = 0; number < count; number++) {
    const request = next();
    waiting.push({ request, signed: ours(request) });
    if (!peer.stdin.write(`${JSON.stringify(forPeer(request), writable)}\n`)) await Promise.race([once(peer.stdin, "drain"), ended]);
    if (peer.exitCode !== null) break;
  }
  peer.stdin.end();
  await read;
  const [code] = await ended;
  if (code !== 0) throw new Error(`the Python peer ended with ${code} after ${compared} requests`);
  return { compared, differences };
}

const pathOf = ({ key }) => (key.token === undefined ? "/iaas/" : "/iam/");

/** Signs with one client a key, as an application does. */
function signer() {
  const clients = new Map();
  let now;
  return ({ key, action, params, method, zone, requestId, expiresInSeconds, now: at }) => {
    now = at;
    let client = clients.get(key);
    if (client === undefined) {
      if (clients.size > 200) {
        for (const old of clients.values()) old.free();
        clients.clear();
      }
      client = new QingCloudClient({ ...key, now: () => now });
      clients.set(key, client);
    }
    return client.sign(action, params, { method, zone, requestId, expiresInSeconds });
  };
}

const timeStamp = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The request as the peer reads it: the SDK takes zone and `expires` among the parameters. */
function forPeer({ key, action, params, json, method, zone, requestId, expiresInSeconds, now }) {
  // Rebuilt by entries, because a spread of `__proto__` would be lost in an object literal's assignment.
  const given = Object.fromEntries([...Object.entries(params), ["action", action]]);
  if (zone !== undefined) given.zone = zone;
  if (expiresInSeconds !== undefined) given.expires = timeStamp(now + expiresInSeconds * 1000);
  return {
    method,
    path: pathOf({ key }),
    access_key_id: key.accessKeyId,
    secret: key.secretAccessKey,
    token: key.token ?? null,
    sha1: key.signatureMethod === "HmacSHA1",
    time_stamp: timeStamp(now),
    req_id: requestId,
    params: plain(given),
    json,
  };
}

/** Dates as the text they go out as, before JSON makes another of them. */
function plain(value) {
  if (value instanceof Date) return timeStamp(value.getTime());
  if (Array.isArray(value)) return value.map(plain);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)])) : value;
}

const writable = (_, value) => (typeof value === "bigint" ? { $bigint: `${value}` } : value);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [count = 1_000_000, seed = Date.now() % 2 ** 32] = process.argv.slice(2).map(Number);
  if (findPython() === undefined) throw new Error("this needs Python 3.8 or newer");
  const start = performance.now();
  const { compared, differences } = await compare({ count, seed });
  for (const difference of differences) console.dir(difference, { depth: null });
  console.log(`${compared} requests signed by both, seed ${seed}: ${differences.length === 0 ? "no" : "at least " + differences.length} differences (${((performance.now() - start) / 1000).toFixed(0)} s).`);
  process.exitCode = differences.length === 0 && compared === count ? 0 : 1;
}
