// Cloudflare Workers: code may not be compiled at run time there, but a module may be imported.

import module from "./dist/client-simd.wasm";
import { simdClient } from "./simd-client.js";

export { isQingCloudError, QingCloudError } from "./error.js";

export const QingCloudClient = /* @__PURE__ */ simdClient(() => module);
