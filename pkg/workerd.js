// Cloudflare Workers: code may not be compiled at run time there, but a module may be imported.

import { clientClass } from "./client.js";
import module from "./dist/client.wasm";

export { isQingCloudError, QingCloudError } from "./error.js";

export const QingCloudClient = /* @__PURE__ */ clientClass(() => module);
