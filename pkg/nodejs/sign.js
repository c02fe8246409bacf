// The entry `qingcloud-wasm/sign` for Node.js; see index.js.

import { signerClass } from "../signer.js";
import { readModule } from "./read.js";

export { isQingCloudError, QingCloudError } from "../error.js";

export const Signer = /* @__PURE__ */ signerClass(() => readModule(new URL("../sign-simd.wasm", import.meta.url)));
