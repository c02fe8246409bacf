// The same types for those who require.

import qingcloud = require("qingcloud-wasm");

export function list(client: qingcloud.QingCloudClient): qingcloud.Pages<qingcloud.Item<"DescribeEips">, qingcloud.Output<"DescribeEips">> {
  // @ts-expect-error: a list is wanted
  void client.call("ReleaseEips", { eips: "eip-1" });
  return client.paginate("DescribeEips");
}
