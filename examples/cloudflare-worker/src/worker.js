// A Worker that tells what runs: GET /instances gives names and states, to those who have the token.

import { isQingCloudError, QingCloudClient } from "qingcloud-wasm";

// One client for the life of the Worker: it remembers the clock's error and the retry budget.
let client;

function clientOf(env) {
  client ??= new QingCloudClient({
    accessKeyId: env.QINGCLOUD_ACCESS_KEY_ID,
    secretAccessKey: env.QINGCLOUD_SECRET_ACCESS_KEY,
    zone: env.QINGCLOUD_ZONE,
    endpoint: env.QINGCLOUD_ENDPOINT,
    readOnly: true,
    // A visitor does not wait two minutes.
    deadlineMs: 10_000,
  });
  return client;
}

export default {
  async fetch(request, env) {
    if (!env.VISITORS_TOKEN || request.headers.get("authorization") !== `Bearer ${env.VISITORS_TOKEN}`) return new Response("no\n", { status: 401 });
    if (new URL(request.url).pathname !== "/instances") return new Response("not here\n", { status: 404 });
    try {
      const found = [];
      for await (const { instance_id, instance_name, status } of clientOf(env).paginate("DescribeInstances", {}, { signal: request.signal })) {
        found.push({ instance_id, instance_name, status });
      }
      return Response.json(found);
    } catch (error) {
      if (!isQingCloudError(error)) throw error;
      // Its message holds no secret, but it is not the visitor's business either.
      console.error(error.message);
      return new Response("the service did not answer\n", { status: 502 });
    }
  },
};
