// Cloudflare Workers: code may not be compiled at run time there, but a module may be imported.

import module from "./dist/emulator.wasm";
import { doctor, emulatorClass } from "./emulator-class.js";

export { isQingCloudError, QingCloudError } from "./error.js";

const load = () => module;

export const Emulator = /* @__PURE__ */ emulatorClass(load);
export const diagnose = /* @__PURE__ */ doctor(load);
