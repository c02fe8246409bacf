// The signer on its own.

import { Signer, type SignedRequest } from "qingcloud-wasm/sign";

export function sign(): [string, SignedRequest] {
  using signer = new Signer({ accessKeyId: "a", secretAccessKey: "b", zone: "pek3" });
  signer.explain("DescribeZones").stringToSign.trim();
  // @ts-expect-error: the parameters are a map
  signer.signUrl("DescribeZones", "zones=pek3");
  return [signer.signUrl("DescribeZones"), signer.sign("Anything", { list: [1] }, { method: "POST", requestId: "r" })];
}

// @ts-expect-error: half a key
new Signer({ accessKeyId: "a" });
