// What a page does: the same client, without a key.

import { QingCloudClient } from "qingcloud-wasm";

/** The names of what runs. `url` is that of the route. */
export async function runningInstances({ url = "/api/qingcloud", token, fetch }) {
  const client = new QingCloudClient({ remote: { url, headers: { authorization: `Bearer ${token}` } }, zone: "pek3a", ...(fetch && { fetch }) });
  try {
    const names = [];
    for await (const instance of client.paginate("DescribeInstances", { status: ["running"] })) names.push(instance.instance_name);
    return names;
  } finally {
    client.free();
  }
}
