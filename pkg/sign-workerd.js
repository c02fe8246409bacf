// Cloudflare Workers: code may not be compiled at run time there, but a module may be imported.

import module from "./dist/sign-simd.wasm";
import { signerClass } from "./signer.js";

export { isQingCloudError, QingCloudError } from "./error.js";

export const Signer = /* @__PURE__ */ signerClass(() => module);
