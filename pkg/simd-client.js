// The class over the module for runtimes that have SIMD: Node.js and Cloudflare Workers.

import { clientClass } from "./client.js";
import { Client, failure, initSync, output, reserve } from "./dist/client-simd.js";

export const simdClient = (load) => clientClass({ Client, failure, initSync, output, reserve }, load);
