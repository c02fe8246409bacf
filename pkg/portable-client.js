// The class over the module that runs everywhere.

import { clientClass } from "./client.js";
import { Client, failure, initSync, output, reserve } from "./dist/client.js";

export const portableClient = (load) => clientClass({ Client, failure, initSync, output, reserve }, load);
