// The entry without the module's bytes, for those who load `client.wasm` themselves.

import { QingCloudError } from "./error.js";
import { portableClient } from "./portable-client.js";

export { isQingCloudError, QingCloudError } from "./error.js";

let module;

export function init(given) {
  const made = given instanceof ArrayBuffer || ArrayBuffer.isView(given) ? compile(given) : given;
  if (!isClient(made)) throw wrong("init: give the bytes of qingcloud-wasm/client.wasm, or what WebAssembly.compile made of them");
  module = made;
}

function compile(bytes) {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw wrong("init: these bytes cannot be compiled; give those of qingcloud-wasm/client.wasm, all of them", cause);
  }
}

// The signer's module is as near at hand, and would fail at the first client only.
function isClient(made) {
  return made instanceof WebAssembly.Module && WebAssembly.Module.exports(made).some(({ name }) => name === "client_new");
}

function wrong(message, cause) {
  return new QingCloudError({ kind: "options", message, cause });
}

export const QingCloudClient = /* @__PURE__ */ portableClient(() => {
  if (module !== undefined) return module;
  throw wrong("QingCloudClient: call init with the module of qingcloud-wasm/client.wasm first");
});
