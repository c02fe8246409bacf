// Where a secret access key comes from when no source has it: a file, or a question that shows nothing.

import { openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ReadStream } from "node:tty";
import { Interrupted, Usage } from "./failures.js";
import { printable } from "./terminal.js";

/** The secret in a file. An editor's line end is not part of it. */
export async function secretFrom(file) {
  let text;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new Usage(`--secret-file: ${printable(file)} cannot be read (${error.code ?? "unknown reason"})`);
  }
  const secret = text.replace(/\r?\n$/, "");
  if (secret === "") throw new Usage(`--secret-file: ${printable(file)} is empty`);
  return secret;
}

/** Asks for the secret on the terminal; `undefined` where there is none to ask on. */
export async function askForSecret({ stdin, stderr, signal }, question) {
  if (!stderr.isTTY) return undefined;
  const input = stdin.isTTY ? stdin : openTerminal();
  if (input === undefined) return undefined;
  try {
    return await readHidden(input, signal, () => stderr.write(question));
  } finally {
    stderr.write("\n");
    if (input !== stdin) input.destroy();
  }
}

/** The terminal itself, when the standard input is a pipe. */
function openTerminal() {
  try {
    return new ReadStream(openSync("/dev/tty", "r"));
  } catch {
    return undefined;
  }
}

function readHidden(input, signal, ask) {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nothing, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    const interrupt = () => reject(new Interrupted("interrupted"));
    lines.once("line", resolve);
    lines.once("SIGINT", interrupt);
    lines.once("close", () => reject(new Usage("no secret was given")));
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    // Only now is the terminal's own echo off: whoever answers at once must not be shown.
    ask();
  }).finally(() => lines.close());
}
