// The entry `qingcloud-wasm/emulator` for Node.js; see index.js.

import { doctor, emulatorClass } from "../emulator-class.js";
import { readModule } from "./read.js";

export { isQingCloudError, QingCloudError } from "../error.js";

const load = () => readModule(new URL("../emulator.wasm", import.meta.url));

export const Emulator = /* @__PURE__ */ emulatorClass(load);
export const diagnose = /* @__PURE__ */ doctor(load);
