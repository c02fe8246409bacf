// The default entry of the emulator: the module's bytes come with the code.

import { alphabet, text } from "./dist/emulator-text.js";
import { doctor, emulatorClass } from "./emulator-class.js";
import { decode } from "./text.js";

export { isQingCloudError, QingCloudError } from "./error.js";

const load = () => new WebAssembly.Module(decode(text, alphabet));

export const Emulator = /* @__PURE__ */ emulatorClass(load);
export const diagnose = /* @__PURE__ */ doctor(load);
