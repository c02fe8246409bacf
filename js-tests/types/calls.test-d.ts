// Right calls compile; wrong ones are marked. Nothing here runs.

import { QingCloudClient, type Action, type Item, type Output, type Params } from "qingcloud-wasm";

declare const client: QingCloudClient;

/** Fails to compile unless both types are the same. */
function same<A, B>(..._proof: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? [] : [never]): void {}

export async function calls() {
  const running = await client.call("DescribeInstances", { status: ["running"], limit: 20 });
  same<typeof running.total_count, number>();
  const [first] = running.instance_set;
  const status: string | undefined = first?.status;
  first?.image.image_id.trim();
  // @ts-expect-error: no such field in an answer
  running.instances;
  // @ts-expect-error: no such field in a structure
  first?.instance_ids;

  // Nothing is required: neither parameters nor options.
  await client.call("DescribeZones");
  await client.call("DescribeZones", null, { timeoutMs: 1000 });
  await client.call("DescribeZones", undefined, { zone: "pek3", idempotent: true });

  // Something is required.
  await client.call("RunInstances", { image_id: "jammyx64", login_mode: "passwd", login_passwd: "…", count: 2 });
  // @ts-expect-error: image_id and login_mode are missing
  await client.call("RunInstances", {});
  // @ts-expect-error: the parameters are missing
  await client.call("RunInstances");
  // @ts-expect-error: login_mode is missing
  await client.call("RunInstances", { image_id: "jammyx64" });
  // @ts-expect-error: a list is wanted
  await client.call("StopInstances", { instances: "i-abcd1234" });
  // @ts-expect-error: a list of texts is wanted
  await client.call("StopInstances", { instances: [1] });
  // @ts-expect-error: a number is wanted
  await client.call("DescribeInstances", { limit: "many" });
  // @ts-expect-error: no such option
  await client.call("DescribeZones", {}, { retries: 3 });

  return status;
}

export async function values() {
  // Lists may be read-only; whole numbers may be bigint or digits; flags may be booleans.
  const instances = ["i-1", "i-2"] as const;
  await client.call("StopInstances", { instances, force: true });
  await client.call("StopInstances", { instances, force: 1 });
  await client.call("DescribeInstances", { limit: 20n, offset: "40", verbose: false });
  // Listed values are offered, others pass.
  await client.call("RunInstances", { image_id: "x", login_mode: "something new", cpu: 96 });
  await client.call("DescribeInstances", { status: ["running", "something new"] });
  // Moments.
  await client.call("GetMonitor", { resource: "i-1", meters: ["cpu"], step: "5m", start_time: new Date(), end_time: "2024-01-01T00:00:00Z" });
  // What may be left out may be null.
  await client.call("DescribeInstances", { owner: null, search_word: undefined });
  // Parameters that the catalogue does not know pass.
  await client.call("DescribeInstances", { brand_new: { nested: [1] } });
  // Items of lists.
  await client.call("AddSecurityGroupRules", { security_group: "sg-1", rules: [{ protocol: "tcp", priority: 1, val1: "22" }] });
  // @ts-expect-error: every rule needs a protocol
  await client.call("AddSecurityGroupRules", { security_group: "sg-1", rules: [{ priority: 1 }] });
  // JSON text may be given ready-made.
  await client.call("DeleteProjects", { project_ids: ["pj-1"] });
  await client.call("DeleteProjects", { project_ids: "[\"pj-1\"]" });
  await client.call("AddGroupRoleRules", { group_role: "gr-1", policy: "all.describe", principle: "" });
  await client.call("CreateProject", { selected: true });
  // A parameter of several actions at once is typed for each.
  const either = Math.random() > 0.5 ? "StartInstances" : "RestartInstances";
  await client.call(either, { instances });
}

export async function unknownActions(name: string) {
  const loose = await client.call("DescribeSomethingNew", { anything: [1, { a: 2 }] });
  same<typeof loose.ret_code, number>();
  same<typeof loose.something_set, unknown>();
  (await client.call(name)).action.trim();
  for await (const item of client.paginate("DescribeSomethingNew")) item.something_id;
  const listed: Action[] = ["RunInstances", "SomethingNew"];
  return listed;
}

export async function pagesAndWaits(signal: AbortSignal) {
  for await (const volume of client.paginate("DescribeVolumes", { status: ["available"] }, { maxItems: 10, signal })) {
    volume.volume_id.trim();
    // @ts-expect-error: no such field
    volume.instance_id;
  }
  for await (const page of client.paginate("DescribeVolumes").pages()) page.volume_set.length;

  const [instance] = await client.waitFor("DescribeInstances", { instances: ["i-1"] }, { status: ["running", "stopped"] });
  instance?.instance_name.trim();
  // @ts-expect-error: a wanted status is missing
  await client.waitFor("DescribeInstances", {}, {});

  const jobs = await client.waitForJobs(["j-1"], { onProgress: ({ done, total, jobs: seen }) => void [done / total, seen?.[0]?.status] });
  jobs[0]?.job_action.trim();
  const stopped = await client.callAndWait("StopInstances", { instances: ["i-1"] }, { waitLimitMs: 60_000, signal });
  stopped.job_id.trim();
}

export function signing() {
  const url: string = client.signUrl("DescribeInstances", { zone: "pek3" }, { expiresInSeconds: 60 });
  const { method, body, headers } = client.sign("UploadUserDataAttachment", { attachment_content: "…" }, { method: "POST" });
  const [[name, value] = ["", ""]] = client.explain("DescribeZones").parameters;
  const asynchronous: Promise<{ url: string }> = client.signAsync("DescribeZones");
  // @ts-expect-error: the parameters are missing
  client.signUrl("StopInstances");
  // @ts-expect-error: an option of calls, not of signatures
  client.signUrl("DescribeZones", {}, { timeoutMs: 1 });
  return [url, method, body, headers["content-type"], name, value, asynchronous];
}

export function namedTypes() {
  const params: Params<"StopInstances"> = { instances: [] };
  // @ts-expect-error: instances are missing
  const wrong: Params<"StopInstances"> = {};
  type Volume = Item<"DescribeVolumes">;
  same<Volume, Output<"DescribeVolumes">["volume_set"][number]>();
  same<Item<"RunInstances">, never>();
  return [params, wrong];
}

export function ending() {
  using scoped = client;
  scoped.quota.resetsAt.getTime();
  scoped.free();
}
