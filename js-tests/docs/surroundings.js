// Loaded before a document's JavaScript: requests that would leave this machine go to an emulator in this process.
// So a document can show the real endpoint, and the key of the API guide.

import { QingCloudClient } from "qingcloud-wasm";
import { Emulator } from "qingcloud-wasm/emulator";
import { createHandler } from "qingcloud-wasm/server";

const { QINGCLOUD_ACCESS_KEY_ID: accessKeyId, QINGCLOUD_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
const options = JSON.parse(process.env.EMULATOR_OPTIONS ?? "{}");
const emulator = new Emulator({ jobDurationMs: 50, accessKeys: [{ accessKeyId, secretAccessKey }], ...options });

await fill();

const ownFetch = globalThis.fetch;
const answerPage = createHandler({
  client: new QingCloudClient({ accessKeyId, secretAccessKey, zone: "pek3a", fetch: emulator.fetch }),
  allow: { DescribeInstances: { zones: ["pek3a"], params: { status: { maxItems: 9 }, limit: { max: 100 }, offset: { min: 0 } } } },
  authorize: () => true,
});

globalThis.fetch = async (url, init) => {
  const address = typeof url === "string" ? url : url.url;
  // A page's own server.
  if (address.startsWith("/")) return answerPage(new Request(`https://app.example.com${address}`, init));
  if (/^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(address)) return ownFetch(url, init);
  return emulator.fetch(url, init);
};

/** Some instances, so that lists are not empty. */
async function fill() {
  const quiet = new Emulator({ accessKeys: [{ accessKeyId, secretAccessKey }], seed: 7 });
  const client = new QingCloudClient({ accessKeyId, secretAccessKey, zone: "pek3a", fetch: quiet.fetch });
  await client.call("RunInstances", { image_id: "centos64x86a", instance_type: "small_b", instance_name: "web", count: 3, login_mode: "passwd", login_passwd: "Abc12345678", vxnets: ["vxnet-0"] });
  client.free();
  quiet.advance(5000);
  emulator.restore(quiet.snapshot());
}
