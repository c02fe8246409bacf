// The module's own file is there in Node.js: reading it is much quicker than decoding its text.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { QingCloudError } from "../error.js";

/** Compiles the module at `url`. */
export function readModule(url) {
  let bytes;
  try {
    bytes = readFileSync(url);
  } catch (cause) {
    throw new QingCloudError({
      kind: "options",
      message: `qingcloud-wasm: ${fileURLToPath(url)} cannot be read; keep it beside the package's code, or bundle without the condition "module-sync"`,
      cause,
    });
  }
  return new WebAssembly.Module(bytes);
}
