// The default entry: the module's bytes come with the code, so nothing has to be loaded.

import { alphabet, text } from "./dist/client-text.js";
import { portableClient } from "./portable-client.js";
import { decode } from "./text.js";

export { isQingCloudError, QingCloudError } from "./error.js";

export const QingCloudClient = /* @__PURE__ */ portableClient(() => new WebAssembly.Module(decode(text, alphabet)));
