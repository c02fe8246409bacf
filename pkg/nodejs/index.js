// The default entry for Node.js. build.mjs makes dist/node/index.mjs of it, and that is where its address starts from.

import { simdClient } from "../simd-client.js";
import { readModule } from "./read.js";

export { isQingCloudError, QingCloudError } from "../error.js";

// Bundlers that take this entry copy the file when its address is written like this.
export const QingCloudClient = /* @__PURE__ */ simdClient(() => readModule(new URL("../client-simd.wasm", import.meta.url)));
