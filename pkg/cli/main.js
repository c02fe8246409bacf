// Finds the command, runs it, and turns what it throws into one line and a status.

import { Interrupted, lineOf, OK, statusOf, Usage, USAGE } from "./failures.js";
import { commandHelp, languageOf, overview } from "./help.js";
import { suggestion } from "./nearest.js";
import { readArguments } from "./options.js";
import { styleFor } from "./terminal.js";

// Loaded when asked for: the help of a command must not wait for WebAssembly.
const COMMANDS = {
  sign: () => import("./commands/sign.js"),
  explain: () => import("./commands/explain.js"),
  call: () => import("./commands/call.js"),
  wait: () => import("./commands/wait.js"),
  diagnose: () => import("./commands/diagnose.js"),
  actions: () => import("./commands/actions.js"),
  emulator: () => import("./commands/emulator.js"),
  demo: () => import("./commands/demo.js"),
};

/** Runs the command that `argv` says; `process` gives streams, environment and signals. Gives the exit status. */
export async function main(argv, process) {
  const { stdin, stdout, stderr, env } = process;
  // Whoever reads us may leave: `qingcloud actions | head`.
  stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
  });
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Interrupted("interrupted"));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    return await run(argv, { stdin, stdout, stderr, env, signal: interrupt.signal });
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** The same in any surroundings: `{ stdin, stdout, stderr, env, signal }`. */
export async function run([name, ...args], context) {
  const { stdout, stderr, env } = context;
  const language = languageOf(env);
  const style = styleFor(stdout, env);
  try {
    if (name === undefined) {
      stderr.write(overview(language, Object.keys(COMMANDS), styleFor(stderr, env)));
      return USAGE;
    }
    if (name === "--version") return await printVersion(stdout);
    if (name === "--help" || name === "-h" || (name === "help" && args.length === 0)) {
      stdout.write(overview(language, Object.keys(COMMANDS), style));
      return OK;
    }
    if (name === "help") return await run([args[0], "--help"], context);
    if (name.startsWith("-")) {
      throw new Usage(`the command comes first, its options behind it${suggestion(name, ["--help", "--version"])} (qingcloud --help)`);
    }
    if (!Object.hasOwn(COMMANDS, name)) {
      throw new Usage(`there is no command of this name${suggestion(name, Object.keys(COMMANDS))} (qingcloud --help)`);
    }
    const command = await COMMANDS[name]();
    if (args.includes("--help") || args.includes("-h")) {
      stdout.write(commandHelp(language, name, command.options, style));
      return OK;
    }
    return await command.run({ ...context, language, run: (argv, changes) => run(argv, { ...context, ...changes }) }, readArguments(args, command.options));
  } catch (error) {
    const hint = error instanceof Usage && Object.hasOwn(COMMANDS, name) ? ` (qingcloud ${name} --help)` : "";
    stderr.write(`${styleFor(stderr, env).red("qingcloud:")} ${lineOf(error)}${hint}\n`);
    return statusOf(error);
  }
}

async function printVersion(stdout) {
  const { readFile } = await import("node:fs/promises");
  const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  stdout.write(`${version}\n`);
  return OK;
}
