// What is signed: three kinds of use, each a function from a number to an action and its parameters.

const id = (prefix, number) => `${prefix}-${((number * 2654435761) >>> 0).toString(36)}`;

export const SETS = {
  "one shape": (number) => [
    "RunInstances",
    {
      count: 1 + (number % 5),
      image_id: id("img", number),
      instance_name: `web-${number}`,
      instance_type: "c4m8",
      login_mode: "keypair",
      login_keypair: id("kp", number),
      vxnets: [id("vxnet", number)],
      security_group: id("sg", number),
    },
  ],
  mixed: (number) => {
    switch (number % 4) {
      case 0:
        return ["DescribeInstances", { status: ["running", "stopped"], instances: Array.from({ length: 10 }, (_, at) => id("i", number + at)), verbose: 1, limit: 100 }];
      case 1:
        return ["AddSecurityGroupRules", { security_group: id("sg", number), rules: [{ protocol: "tcp", priority: 1, action: "accept", val1: number % 65536 }, { protocol: "udp", priority: 2, action: "drop", val1: 53 }] }];
      case 2:
        return ["ModifyInstanceAttributes", { instance: id("i", number), instance_name: `测试主机 ${number}`, description: "由 Ansible 管理 (请勿手动修改)!" }];
      default:
        return ["DescribeVolumes", { volumes: [id("vol", number)], search_word: `a b*c~${number}` }];
    }
  },
  polling: (number) => ["DescribeJobs", { jobs: [id("j", number)], limit: 100 }],
};
