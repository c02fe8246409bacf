// With neither the DOM's types nor node's.

import { QingCloudClient } from "qingcloud-wasm";

const client = new QingCloudClient({
  accessKeyId: "a",
  secretAccessKey: "b",
  fetch: async (url: string) => ({ status: 200, text: async () => JSON.stringify({ url, ret_code: 0 }) }),
});

export async function names(): Promise<string[]> {
  const found = [];
  for await (const instance of client.paginate("DescribeInstances")) found.push(instance.instance_name);
  return found;
}
