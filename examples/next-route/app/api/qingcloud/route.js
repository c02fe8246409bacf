// The key stays here: pages call POST /api/qingcloud, and this makes the call.

import { QingCloudClient } from "qingcloud-wasm";
import { fromEnv } from "qingcloud-wasm/node";
import { createHandler } from "qingcloud-wasm/server";
import { userOf } from "../../session.js";

export const runtime = "nodejs";

// Made at the first request: a build has no key in its environment.
let handle;

/** A route handler takes the web's Request and gives its Response, and so does ours. */
export async function POST(request) {
  handle ??= createHandler({
    client: new QingCloudClient(fromEnv()),
    allow: {
      DescribeInstances: { zones: ["pek3a"], params: { status: { values: ["running", "stopped"], maxItems: 2 }, limit: { max: 100 }, offset: { min: 0 } } },
    },
    authorize: userOf,
  });
  return handle(request);
}
