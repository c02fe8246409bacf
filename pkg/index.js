// The default entry: the module's bytes come with the code, so nothing has to be loaded.

import { clientClass } from "./client.js";
import { alphabet, text } from "./dist/client-text.js";
import { decode } from "./text.js";

export { isQingCloudError, QingCloudError } from "./error.js";

export const QingCloudClient = /* @__PURE__ */ clientClass(() => new WebAssembly.Module(decode(text, alphabet)));
