// The entry `qingcloud-wasm/sign`: the signing core alone, its module's bytes in the code.

import { alphabet, text } from "./dist/sign-text.js";
import { signerClass } from "./signer.js";
import { decode } from "./text.js";

export { isQingCloudError, QingCloudError } from "./error.js";

export const Signer = /* @__PURE__ */ signerClass(() => new WebAssembly.Module(decode(text, alphabet)));
