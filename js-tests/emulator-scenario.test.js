// The whole life of a project and of an instance, through the client, on the emulated clock.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { QingCloudClient } from "qingcloud-wasm";
import { Emulator } from "qingcloud-wasm/emulator";

const opened = [];
after(() => opened.forEach((one) => one.free()));

/** An emulator and a client of one of its keys; jobs take no time unless said otherwise. */
function desk({ zone = "pek3a", ...options } = {}) {
  const emulator = new Emulator({ jobDurationMs: 0, ...options });
  const { accessKeyId, secretAccessKey, fetch } = emulator;
  const client = clientOf({ accessKeyId, secretAccessKey }, fetch, zone);
  opened.push(emulator);
  return { emulator, client, call: (action, params) => client.call(action, params) };
}

function clientOf(key, fetch, zone = "pek3a", options) {
  const client = new QingCloudClient({ ...key, zone, fetch, ...options });
  opened.push(client);
  return client;
}

const RUN = { image_id: "centos7x64d", instance_type: "c1m1", login_mode: "passwd", login_passwd: "Aa12345678" };

const refused = (retCode, more = {}) => ({ name: "QingCloudError", kind: "api", retCode, ...more });

test("a project with a role, rules, a member and resources, from its creation to its end", async () => {
  const keys = [
    { accessKeyId: "OWNER", secretAccessKey: "owner's secret" },
    { accessKeyId: "MEMBER", secretAccessKey: "member's secret", userId: "usr-member01", email: "member@example.com" },
  ];
  const { emulator, client, call } = desk({ accessKeys: keys });
  const { accessKeyId, secretAccessKey } = keys[1];
  const member = clientOf({ accessKeyId, secretAccessKey }, emulator.fetch);

  const { project_id } = await call("CreateProject", { project_name: "api", description: "d", meta: [{ color: "#324558" }] });
  const { project_set: [shown] } = await call("DescribeProjects", { project_ids: [project_id], shared: true });
  assert.equal(shown.project_name, "api");
  assert.equal(shown.meta, '[{"color":"#324558"}]');
  assert.equal((await call("ModifyProjectAttributes", { project_id, project_name: "T1a" })).project_name, "T1a");

  const { group_role_ids: [group_role] } = await call("CreateGroupRoles", { role_type: "rule", group_role_name: "reader", project_id });
  const { project_member_ids: [project_member_id] } = await call("AddProjectMember", {
    project_id,
    project_members: [{ project_member_name: "m", project_member_info: "member@example.com", project_member_type: "user", role: group_role }],
  });
  await assert.rejects(member.call("DescribeInstances", { project_id }), refused(1400));
  await call("AddGroupRoleRules", { policy: "all.all", principle: "", group_role, project_id });
  await member.call("DescribeInstances", { project_id });

  const actions = ["RunInstances"];
  await call("AddGroupRoleRules", { policy: "action", principle: [{ resource_type: "instance", actions }], group_role, project_id });
  await assert.rejects(member.call("RunInstances", { ...RUN, project_id }), refused(1400, { outcome: "not-executed" }));
  const { group_role_rule_set: rules } = await call("DescribeGroupRoleRules", { group_roles: [group_role], project_id, verbose: 1 });
  const forbids = rules.find(({ policy }) => policy === "action");
  assert.deepEqual(JSON.parse(forbids.principle), { resource_type: "instance", actions });
  await call("ModifyGroupRoleRuleAttributes", { group_role_rule: forbids.group_role_rule_id, status: "disabled", project_id });
  const { instances: [instance] } = await member.callAndWait("RunInstances", { ...RUN, project_id });

  assert.equal((await call("DescribeInstances", { project_id })).total_count, 1);
  await assert.rejects(call("DeleteProjects", { project_ids: [project_id] }), refused(1400, { reason: "in-use" }));
  await assert.rejects(call("DeleteGroupRoles", { group_roles: [group_role], project_id }), refused(1400));
  await client.callAndWait("TerminateInstances", { instances: [instance] });

  const { project_member_set: members } = await call("DescribeProjectMembers", { project_id });
  const { user_group_id } = members.find((one) => one.project_member_id === project_member_id);
  await call("ModifyProjectMemberAtrributes", { project_member_id, project_member_name: "n", role: group_role, project_id });
  await call("DeleteProjectMembers", { project_member_ids: [project_member_id], user_group_id, project_id });
  await call("DeleteGroupRoleRules", { group_role_rules: rules.map((rule) => rule.group_role_rule_id), project_id });
  await call("DeleteGroupRoles", { group_roles: [group_role], project_id });
  await call("DeleteProjects", { project_ids: [project_id] });
  assert.equal((await call("DescribeProjects")).total_count, 0);
  await assert.rejects(call("ModifyProjectAttributes", { project_id, project_name: "x" }), refused(2100));
});

test("an instance with a network, a volume, an address, a key pair and a tag, from its start to its end", async () => {
  const { emulator, client, call } = desk({ jobDurationMs: 60_000 });
  // The emulated clock runs to the end of each job.
  const done = async (action, params) => {
    const answer = await call(action, params);
    emulator.advance(60_000);
    if (answer.job_id) assert.equal((await client.waitForJobs(answer.job_id))[0].status, "successful", action);
    return answer;
  };
  const shown = async (id) => (await call("DescribeInstances", { instances: [id], verbose: 1 })).instance_set[0];

  const { keypair_id } = await done("CreateKeyPair", { keypair_name: "k" });
  const { security_group_id } = await done("CreateSecurityGroup", { security_group_name: "web" });
  await done("AddSecurityGroupRules", { security_group: security_group_id, rules: [{ protocol: "tcp", priority: 1, val1: "80" }] });
  const { vxnets: [vxnet] } = await done("CreateVxnets", { vxnet_type: 1 });
  const { routers: [router] } = await done("CreateRouters", {});
  await done("JoinRouter", { vxnet, router, ip_network: "192.168.7.0/24" });

  const run = { image_id: "centos7x64d", cpu: 2, memory: 4096, login_mode: "keypair", login_keypair: keypair_id, vxnets: [vxnet], security_group: security_group_id };
  const started = await call("RunInstances", { ...run, instance_name: "web 中文 ~'()*" });
  const [id] = started.instances;
  assert.deepEqual([(await shown(id)).status, (await shown(id)).transition_status], ["pending", "creating"]);
  assert.equal((await call("DescribeJobs", { jobs: [started.job_id] })).job_set[0].status, "pending");
  emulator.advance(30_000);
  assert.equal((await call("DescribeJobs", { jobs: [started.job_id] })).job_set[0].status, "working");
  emulator.advance(30_000);
  const [running] = await client.waitFor("DescribeInstances", { instances: [id] }, { status: "running" });
  assert.equal(running.instance_name, "web 中文 ~'()*");
  assert.match(running.vxnets[0].private_ip, /^192\.168\.7\./);

  await call("StopInstances", { instances: [id] });
  await assert.rejects(call("StartInstances", { instances: [id] }), refused(1400, { reason: "wrong-state" }));
  emulator.advance(60_000);
  await done("ResizeInstances", { instances: [id], instance_type: "c4m8" });
  await done("StartInstances", { instances: [id] });
  assert.equal((await shown(id)).memory_current, 8192);

  const { volumes: [volume] } = await done("CreateVolumes", { size: 10 });
  await done("AttachVolumes", { volumes: [volume], instance: id });
  const { eips: [eip] } = await done("AllocateEips", { bandwidth: 2 });
  await done("AssociateEip", { eip, instance: id });
  const { tag_id } = await done("CreateTag", { tag_name: "t" });
  await done("AttachTags", { resource_tag_pairs: [{ tag_id, resource_type: "instance", resource_id: id }] });
  const whole = await shown(id);
  assert.deepEqual([whole.volumes[0].volume_id, whole.eip.eip_id, whole.tags[0].tag_id, whole.keypair_ids[0]], [volume, eip, tag_id, keypair_id]);
  assert.equal((await call("DescribeInstances", { tags: [tag_id] })).total_count, 1);
  await assert.rejects(call("DeleteVolumes", { volumes: [volume] }), refused(1400, { reason: "in-use" }));

  await done("TerminateInstances", { instances: [id] });
  assert.equal((await shown(id)).status, "terminated");
  await done("DeleteVolumes", { volumes: [volume] });
  await done("ReleaseEips", { eips: [eip] });
  await done("LeaveRouter", { vxnets: [vxnet], router });
  await done("DeleteVxnets", { vxnets: [vxnet] });
  await done("DeleteRouters", { routers: [router] });
  await done("DeleteKeyPairs", { keypairs: [keypair_id] });
  await done("DeleteSecurityGroups", { security_groups: [security_group_id] });
  await done("CeaseInstances", { instances: [id] });
  assert.equal((await shown(id)).status, "ceased");
});

test("paging tiles what there is", async () => {
  const { client } = desk();
  await client.call("RunInstances", { ...RUN, count: 250 });
  const seen = new Set();
  for await (const { instance_id } of client.paginate("DescribeInstances", { status: ["running"] })) seen.add(instance_id);
  assert.equal(seen.size, 250);
});

test("an action without state is answered in its shape, with a job to wait for, and says so", async () => {
  const { emulator, client, call } = desk();
  const answer = await client.callAndWait("StopLoadBalancers", { loadbalancers: ["lb-a"] });
  assert.match(answer.job_id, /^j-/);
  const { loadbalancer_set } = await call("DescribeLoadBalancers", { loadbalancers: ["lb-a"] });
  assert.equal(loadbalancer_set[0].loadbalancer_id, "lb-a");
  const url = (action) => emulator.fetch(client.signUrl(action));
  assert.equal((await url("DescribeCaches")).headers.get("x-qingcloud-emulator"), "stateless");
  assert.equal((await url("DescribeVolumes")).headers.get("x-qingcloud-emulator"), "state");
});

test("faults befall the calls they are meant for, and the client copes", async () => {
  const { client, emulator } = desk({
    faults: [
      { action: "DescribeVolumes", times: 2, fault: { retCode: 5100 } },
      { action: "DescribeEips", times: 1, fault: "cut" },
      { action: "DescribeZones", times: 1, fault: { skewMs: 3_600_000 } },
      { action: "CreateVolumes", times: 1, fault: "lost" },
      { action: "CreateTag", fault: { httpStatus: 502 } },
      { action: "DescribeTags", fault: "hang" },
    ],
  });
  await client.call("DescribeVolumes");
  await client.call("DescribeEips");
  await assert.rejects(client.call("CreateVolumes", { size: 10 }), { kind: "network", outcome: "unknown" });
  assert.equal((await client.call("DescribeVolumes")).total_count, 1, "it was carried out, once");
  await assert.rejects(client.call("CreateTag", { tag_name: "t" }), { kind: "http", httpStatus: 502, outcome: "unknown" });
  await assert.rejects(client.call("DescribeTags", {}, { timeoutMs: 50, maxAttempts: 1 }), { kind: "timeout" });
  const sent = emulator.requests.map(({ action, httpStatus, retCode }) => `${action} ${httpStatus} ${retCode}`);
  assert.deepEqual(sent.slice(0, 3), ["DescribeVolumes 200 5100", "DescribeVolumes 200 5100", "DescribeVolumes 200 0"]);
});

test("a client whose clock is wrong learns the emulator's time", async () => {
  const { emulator } = desk({ now: () => Date.now() + 3_600_000 });
  const { accessKeyId, secretAccessKey, fetch } = emulator;
  const client = clientOf({ accessKeyId, secretAccessKey }, fetch);
  await client.call("DescribeInstances");
  assert.deepEqual(emulator.requests.map(({ retCode }) => retCode), [1300, 0]);
});
