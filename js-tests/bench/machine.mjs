// On what the figures below it were measured.

import { cpus, release, totalmem, type } from "node:os";

const [{ model }] = cpus();
console.log(`${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${type()} ${release()}, ${cpus().length} × ${model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GB`);
