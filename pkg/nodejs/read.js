// The module's own file is there in Node.js: reading it is much quicker than decoding its text.

import { QingCloudError } from "../error.js";

/** Compiles the module at `url`. */
export function readModule(url) {
  let bytes;
  try {
    // Every Node.js that takes this entry has it, and importing node:fs takes a millisecond longer.
    bytes = process.getBuiltinModule("node:fs").readFileSync(url);
  } catch (cause) {
    throw new QingCloudError({
      kind: "options",
      message: `qingcloud-wasm: ${url} cannot be read; keep it where the package has it, or bundle without the condition "module-sync"`,
      cause,
    });
  }
  return new WebAssembly.Module(bytes);
}
