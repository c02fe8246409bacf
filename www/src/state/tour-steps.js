// The steps of the tour: what each calls, and what it leaves for the next in `made`.

const IMAGE = "centos64x86a";

export const STEPS = [
  {
    id: "project",
    async run(call, made) {
      made.project = (await call("CreateProject", { project_name: "atlas", description: "A tour of the API" })).project_id;
    },
  },
  {
    id: "role",
    async run(call, made) {
      const created = await call("CreateGroupRoles", { project_id: made.project, group_role_name: "operators", role_type: "rule" });
      [made.role] = created.group_role_ids;
      const principle = [{ resource_type: "instance", actions: ["TerminateInstances"] }];
      await call("AddGroupRoleRules", { project_id: made.project, group_role: made.role, policy: "action", principle });
    },
  },
  {
    id: "member",
    async run(call, made) {
      const member = { project_member_name: "Ada", project_member_info: "ada@example.com", project_member_type: "user", role: made.role };
      [made.member] = (await call("AddProjectMember", { project_id: made.project, project_members: [member] })).project_member_ids;
      const { project_member_set: members } = await call("DescribeProjectMembers", { project_id: made.project });
      made.userGroup = members.find((found) => found.project_member_id === made.member)?.user_group_id;
    },
  },
  {
    id: "run",
    async run(call, made, { password }) {
      const started = await call("RunInstances", { image_id: IMAGE, instance_type: "c1m1", instance_name: "atlas-1", count: 1, vxnets: ["vxnet-0"], login_mode: "passwd", login_passwd: password });
      [[made.instance], made.job] = [started.instances, started.job_id];
    },
  },
  {
    id: "job",
    async run(call, made, { wait }) {
      await wait(made.job);
      await call("DescribeInstances", { instances: [made.instance] });
    },
  },
  {
    id: "assign",
    async run(call, made) {
      await call("AddProjectResourceItems", { project_id: made.project, resources: [made.instance] });
      await call("DescribeProjectResourceItems", { project_ids: [made.project] });
    },
  },
];

/** What takes away all that is in `made`, last first. A part that was never made is left out. */
export const CLEAN_UP = {
  id: "clean",
  async run(call, made, { wait }) {
    if (made.instance) await wait((await call("TerminateInstances", { instances: [made.instance] })).job_id);
    if (made.member) await call("DeleteProjectMembers", { project_id: made.project, project_member_ids: [made.member], user_group_id: made.userGroup });
    if (made.role) await call("DeleteGroupRoles", { project_id: made.project, group_roles: [made.role] });
    if (made.project) await call("DeleteProjects", { project_ids: [made.project] });
  },
};
