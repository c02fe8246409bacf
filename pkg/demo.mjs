// What `cargo xtask demo` shows: the package signs the published samples, then calls the emulator.
// With `--serve` it serves the explorer page afterwards.

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { QingCloudClient } from "qingcloud-wasm";
import { serveEmulator } from "qingcloud-wasm/emulator/node";
import { serveFolder } from "../www/serve.mjs";

// The key and the signature that the API guide prints in its signature chapter.
const PUBLISHED_KEY = { accessKeyId: "QYACCESSKEYIDEXAMPLE", secretAccessKey: "SECRETACCESSKEY" };
const PUBLISHED_SIGNATURE = "byjccvWIvAftaq%2BoublemagH3bYAlDWxxLFAzAsyslw%3D";
const OVERVIEW_QUERY =
  "access_key_id=QYACCESSKEYIDEXAMPLE&action=DescribeInstances&expires=2013-08-29T07%3A42%3A25Z&limit=20" +
  "&signature_method=HmacSHA256&signature_version=1&status.1=running&time_stamp=2013-08-29T06%3A42%3A25Z&version=1&zone=pek3b";

const { values } = parseArgs({ options: { serve: { type: "boolean", default: false } } });

signTheGuidesSample();
signTheOverviewsSample();
await callTheEmulator();
if (values.serve) await serveTheExplorer();

function signTheGuidesSample() {
  using(clientOf("2013-08-27T14:30:10Z", "pek3a"), (client) => {
    const url = client.signUrl("RunInstances", {
      count: 1,
      image_id: "centos64x86a",
      instance_name: "demo",
      instance_type: "small_b",
      login_mode: "passwd",
      login_passwd: "QingCloud20130712",
      vxnets: ["vxnet-0"],
    });
    expect(url.endsWith(`&signature=${PUBLISHED_SIGNATURE}`), "the signature is not the published one");
    console.log(`\nThe RunInstances sample of the API guide, signed:\n\n${url}\n\nThe guide prints the same signature.`);
  });
}

function signTheOverviewsSample() {
  using(clientOf("2013-08-29T06:42:25Z", "pek3b"), (client) => {
    const url = client.signUrl("DescribeInstances", { expires: "2013-08-29T07:42:25Z", limit: 20, status: ["running"] });
    const [query] = url.split("?")[1].split("&signature=");
    expect(query === OVERVIEW_QUERY, "the canonical query is not the published one");
    console.log(`\nThe DescribeInstances sample of the API overview, signed:\n\n${url}\n`);
    console.log("All before the signature equals the overview's, character for character. The signature cannot: the secret");
    console.log("behind the printed one was never published, so this one is made with the guide's.");
  });
}

async function callTheEmulator() {
  const { url, emulator, close } = await serveEmulator();
  const { accessKeyId, secretAccessKey } = emulator;
  const client = new QingCloudClient({ accessKeyId, secretAccessKey, endpoint: url });
  try {
    await client.call("CreateProject", { project_name: "demo" });
    const answer = await client.call("DescribeProjects");
    console.log(`\nCreateProject, then DescribeProjects, called on the emulator at ${url}:\n`);
    console.log(JSON.stringify(answer, null, 2));
  } finally {
    client.free();
    await close();
  }
}

async function serveTheExplorer() {
  const { url } = await serveFolder(fileURLToPath(new URL("../www/dist", import.meta.url)));
  console.log(`\nThe API explorer is at ${url} (Ctrl+C ends it).`);
}

function clientOf(time, zone) {
  return new QingCloudClient({ ...PUBLISHED_KEY, zone, now: () => Date.parse(time) });
}

function using(client, work) {
  try {
    work(client);
  } finally {
    client.free();
  }
}

function expect(holds, sentence) {
  if (!holds) throw new Error(`${sentence}; the package is broken, please report it`);
}
