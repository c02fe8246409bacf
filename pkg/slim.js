// The entry without the module's bytes, for those who load `client.wasm` themselves.

import { QingCloudError } from "./error.js";
import { portableClient } from "./portable-client.js";

export { isQingCloudError, QingCloudError } from "./error.js";

let module;

export function init(given) {
  if (given instanceof WebAssembly.Module) {
    module = given;
  } else if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) {
    module = new WebAssembly.Module(given);
  } else {
    throw new QingCloudError({
      kind: "options",
      message: "init: give the bytes of qingcloud-wasm/client.wasm, or what WebAssembly.compile made of them",
    });
  }
}

export const QingCloudClient = /* @__PURE__ */ portableClient(() => {
  if (module !== undefined) return module;
  throw new QingCloudError({ kind: "options", message: "QingCloudClient: call init with the module of qingcloud-wasm/client.wasm first" });
});
