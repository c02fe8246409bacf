// Signers of other services' requests. They are given the same parameters, each in the form that it takes, made outside
// the time that is measured: only their own signing counts. Their services and their signatures differ, so their results
// are compared with nobody's.

import { createRequire } from "node:module";
import { Hash } from "@smithy/hash-node";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";
import { AwsV4Signer } from "aws4fetch";
import { atOnce, later } from "./harness.js";
import { flatten } from "./plain.js";

const require = createRequire(import.meta.url);
const httpx = createRequire(require.resolve("@alicloud/pop-core"))("httpx");
const { RPCClient } = require("@alicloud/pop-core");
const { default: TencentSign } = require("tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js");

const KEY = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY" };
const AWS = { service: "ec2", region: "us-east-1" };
const AWS_HOST = "ec2.us-east-1.amazonaws.com";

const flat = (action, params) => flatten(params, { Action: action, Version: "2016-11-15" });
const query = (action, params) => `/?${new URLSearchParams(flat(action, params))}`;

/** aws4: a presigned path of the EC2 query API (Signature Version 4, key derivation remembered), from a path with a query. */
const withAws4 = atOnce((_, path) => aws4.sign({ ...AWS, path, signQuery: true }, KEY).path, query);

/** aws4fetch: the same as a URL, from a URL; it signs with WebCrypto. Its AwsClient would make a Request of it besides. */
const remembered = new Map();
const withAws4fetch = later(
  async (_, url) => (await new AwsV4Signer({ ...KEY, ...AWS, url, signQuery: true, cache: remembered }).sign()).url.href,
  (action, params) => `https://${AWS_HOST}${query(action, params)}`,
);

/** @smithy/signature-v4 with the hash of the AWS SDK for Node: the same, from parsed parts into parsed parts. */
const smithy = new SignatureV4({ ...AWS, credentials: KEY, sha256: Hash.bind(null, "sha256") });
const withSmithy = later(
  async (_, request) => (await smithy.presign(request)).query["X-Amz-Signature"],
  (action, params) => ({ method: "GET", protocol: "https:", hostname: AWS_HOST, path: "/", query: flat(action, params), headers: { host: AWS_HOST } }),
);

/**
 * @alicloud/pop-core: a signed URL (HMAC-SHA1) from nested parameters. `request` does not separate signing from sending,
 * so its HTTP library is replaced by one that remembers the URL and ends there.
 */
const alicloud = new RPCClient({ accessKeyId: KEY.accessKeyId, accessKeySecret: KEY.secretAccessKey, endpoint: "https://ecs.aliyuncs.com", apiVersion: "2014-05-26" });
const sent = { url: "" };
httpx.request = async (url) => {
  sent.url = url;
  throw sent;
};
const withAlicloud = later((action, params) => alicloud.request(action, params).catch(({ url }) => url));

/** tencentcloud-sdk-nodejs-common: the Authorization header of a POST (TC3-HMAC-SHA256) whose body is the parameters as JSON. */
const withTencent = atOnce((_, payload) =>
  TencentSign.sign3({
    method: "POST",
    url: "https://cvm.tencentcloudapi.com/",
    payload,
    timestamp: 1_700_000_000,
    service: "cvm",
    secretId: KEY.accessKeyId,
    secretKey: KEY.secretAccessKey,
    headers: { "Content-Type": "application/json" },
  }),
);

export const PEERS = {
  aws4: withAws4,
  "aws4fetch (asynchronous)": withAws4fetch,
  "@smithy/signature-v4 (asynchronous)": withSmithy,
  "@alicloud/pop-core (asynchronous)": withAlicloud,
  "tencentcloud-sdk-nodejs-common": withTencent,
};
