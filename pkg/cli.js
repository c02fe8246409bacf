#!/usr/bin/env node
// The command `qingcloud`.

import { main } from "./cli/main.js";

// One line, as all that goes wrong here; Node's own has a process id and a hint about its options.
process.removeAllListeners("warning");
process.on("warning", ({ message }) => process.stderr.write(`qingcloud: warning: ${message}\n`));

process.exitCode = await main(process.argv.slice(2), process);
