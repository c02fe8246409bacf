// Runs `qingcloud` as its users do: as a program, on pipes or on a terminal.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(import.meta.resolve("../node_modules/qingcloud-wasm/cli.js"));

const terminal = fileURLToPath(new URL("terminal.py", import.meta.url));
const hasPython = spawnSync("python3", ["-c", "import pty"]).status === 0;

/** The `skip` of tests that need a terminal. */
export const withoutTerminal = hasPython ? false : "python3, which makes the pseudo-terminals, is not on this machine";

/** A folder that is the home, so that no test sees the configuration of whoever runs it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "qingcloud-cli-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The variables that lead to an emulator. */
export const variablesOf = ({ url, emulator }) => ({
  QINGCLOUD_ENDPOINT: url,
  QINGCLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
  QINGCLOUD_SECRET_ACCESS_KEY: emulator.secretAccessKey,
  QINGCLOUD_ZONE: "pek3a",
});

const base = (home) => ({ PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", TERM: "xterm-256color" });

/** Runs the command on pipes: `{ status, stdout, stderr }`. */
export function run(argv, options = {}) {
  return start(argv, options).ended;
}

/** Starts the command on pipes: `{ child, ended, printed(pattern) }`. */
export function start(argv, { env = {}, home = "/nonexistent", cwd, input } = {}) {
  const child = spawn(process.execPath, [program, ...argv], { cwd, env: { ...base(home), ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  // A command that reads nothing may be gone before its input is.
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ status: code ?? signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    /** Resolves when `pattern` is in what the command printed. */
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(stdout) && resolve(stdout);
        child.stdout.on("data", look);
        child.on("close", () => reject(new Error(`it ended without printing ${pattern}: ${stderr}`)));
        look();
      }),
  };
}

/**
 * Runs the command on a terminal: `{ status, shown, stdout }`. `dialogue` is `[[cue, what to type], …]`;
 * with `stdoutPiped` the terminal shows standard error alone.
 */
export function runOnTerminal(argv, { env = {}, home = "/nonexistent", columns = 80, stdoutPiped = false, dialogue = [], argv0 = [process.execPath, program] } = {}) {
  const child = spawn("python3", [terminal], { stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  child.stdin.end(JSON.stringify({ argv: [...argv0, ...argv], env: { ...base(home), ...env }, columns, stdoutPiped, dialogue }));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) reject(new Error(stderr));
      else resolve(JSON.parse(stdout));
    });
  });
}

/** What a terminal shows, without colours and other control sequences; lines that were overwritten stay. */
export const plain = (shown) => shown.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, "").replaceAll("\r\n", "\n");
