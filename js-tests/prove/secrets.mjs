// Runs the tests and looks through all that they print, throw and send for the secrets that they use: none may stand
// anywhere but in a request that carries it on purpose, and no signature outside the request that it signs. An error's
// `response` and `cause` are words of others, handed on as they came, and are not looked at here.
//
//     node prove/secrets.mjs [test files]

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "../../target/prove/secrets");
const given = process.argv.slice(2);
const tests = given.length > 0 ? given : readdirSync(join(here, "..")).filter((name) => name.endsWith(".test.js")).sort();

/** Secrets and tokens as the tests write them; shorter ones are ordinary words too. */
const WRITTEN = /(?:\b(?:secretAccessKey|SECRET|TOKEN|PASSWORD)\b|\b\w*passwd|\btoken|\bpassword)(?:: | = )"([^"\\]{10,})"/g;
const sources = readdirSync(join(here, "..")).filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(here, "..", name), "utf8")).join("\n");
const secrets = [...new Set(Array.from(sources.matchAll(WRITTEN), ([, text]) => text))];
const keys = secrets.filter((secret) => /access_?key/i.test(secret));
assert.ok(secrets.length >= 6 && keys.length >= 2, secrets.join());

/** A signature in a text, encoded or not. */
const SIGNATURE = /\bsignature=(?:[A-Za-z0-9+/]|%2[BF]){26,43}(?:=|%3D)/;

const count = { printed: 0, thrown: 0, sent: 0 };
const found = [];
const failed = [];

function look(kind, where, text) {
  count[kind] += 1;
  const forbidden = kind === "sent" ? keys : secrets;
  for (const secret of forbidden) if (text.includes(secret)) found.push(`${where}, ${kind}: ${secret.slice(0, 4)}…`);
  if (kind !== "sent" && SIGNATURE.test(text)) found.push(`${where}, ${kind}: a signature`);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of tests) {
  const recorded = join(folder, `${name.replaceAll("/", "-")}.jsonl`);
  const child = spawn(process.execPath, ["--test", name], {
    cwd: join(here, ".."),
    env: { ...process.env, RECORDED: recorded, NODE_OPTIONS: `--import=${pathToFileURL(join(here, "recorder.mjs"))}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => printed.push(text));
  const [code] = await new Promise((resolve) => child.on("close", (...ended) => resolve(ended)));
  if (code !== 0) failed.push(name);
  for (const line of printed.join("").split("\n")) look("printed", name, line);
  const lines = existsSync(recorded) ? readFileSync(recorded, "utf8").split("\n").filter(Boolean) : [];
  for (const line of lines) look(JSON.parse(line)[0], name, JSON.parse(line)[1]);
}

for (const finding of found.slice(0, 20)) console.error(finding);
assert.equal(found.length, 0, `${found.length} secrets came to light`);
assert.deepEqual(failed, [], "these tests failed, so that not all was seen");
assert.ok(given.length > 0 || (count.thrown > 3_000 && count.sent > 4_000), JSON.stringify(count));
console.log(`${tests.length} test files: ${count.printed} lines printed, ${count.thrown} errors thrown and ${count.sent} requests sent hold none of ${secrets.length} secrets, and no signature outside a request`);
