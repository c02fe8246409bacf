// Says an action's name in words: English by splitting it, Chinese from verbs and the nouns below.

// Two words stand around the noun.
const VERBS = {
  Add: "添加",
  Allocate: "申请",
  Apply: "应用",
  Associate: "绑定",
  Attach: "加载",
  Cancel: "取消",
  Capture: "捕获",
  Cease: "彻底销毁",
  Change: "变更",
  Clone: "克隆",
  Config: "配置",
  Copy: "复制",
  Create: "创建",
  Delete: "删除",
  Deploy: "部署",
  Describe: "查询",
  Detach: "卸载",
  Disable: "禁用",
  Dissociate: "解绑",
  Enable: "启用",
  Get: "获取",
  Grant: "授予",
  Join: "加入",
  Leave: "离开",
  Migrate: "迁移",
  Modify: "修改",
  Purge: "清理",
  Recover: "恢复",
  Release: "释放",
  Remove: "移除",
  Reset: "重置",
  Resize: ["调整", "配置"],
  Restart: "重启",
  Restore: "恢复",
  Revoke: "撤销",
  Rollback: "回滚",
  Run: "创建",
  Send: "发送",
  Start: "启动",
  Stop: "停止",
  Terminate: "删除",
  Update: "更新",
  Upgrade: "升级",
  Upload: "上传",
  Verify: "验证",
};

// Longer phrases win. Plurals are found by their singular.
const NOUNS = {
  "Access Key": "API 密钥",
  Alarm: "告警",
  "Alarm History": "告警历史",
  "Alarm Notification": "告警通知",
  "Alarm Policy": "告警策略",
  "Alarm Policy Action": "告警策略动作",
  "Alarm Policy Rule": "告警策略规则",
  App: "应用",
  "App Version": "应用版本",
  "App Version Attachment": "应用版本附件",
  Atrribute: "属性",
  Attribute: "属性",
  Balance: "余额",
  Bandwidth: "带宽",
  "Billing Mode": "计费模式",
  Border: "边界路由器",
  "Border Static": "边界路由规则",
  Broker: "云服务器图形终端",
  Cache: "缓存服务",
  "Cache Node": "缓存节点",
  "Cache Parameter": "缓存参数",
  "Cache Parameter Group": "缓存参数组",
  Change: "变更",
  "Charge Record": "扣费记录",
  "Charge Sum": "扣费汇总",
  Cluster: "集群",
  "Cluster Display Tab": "集群展示信息",
  "Cluster Job": "集群任务",
  "Cluster Node": "集群节点",
  "Cluster User": "集群用户",
  "Custom Service": "自定义服务",
  "DNS Alias": "内网域名别名",
  "DNS Label": "内网域名标签",
  "Default Parameter": "默认参数",
  Eip: "公网 IP",
  Elasticsearch: "Elasticsearch 服务",
  Environment: "环境参数",
  "Global Unique Id": "全局唯一 ID",
  "Group Role": "角色",
  "Group Role Rule": "角色规则",
  Hadoop: "Hadoop 服务",
  "Hadoop Node": "Hadoop 节点",
  IPSet: "IP/端口集合",
  Image: "映像",
  "Image User": "映像的共享用户",
  Instance: "云服务器",
  "Instance Group": "云服务器组",
  "Instance Type": "云服务器类型",
  Job: "任务",
  "Key Pair": "SSH 密钥",
  "Lease Info": "租用信息",
  "Load Balancer": "负载均衡器",
  "Load Balancer Backend": "负载均衡器后端",
  "Load Balancer Listener": "负载均衡器监听器",
  "Load Balancer Policy": "负载均衡器转发策略",
  "Load Balancer Policy Rule": "负载均衡器转发策略规则",
  Mongo: "MongoDB 服务",
  "Mongo Instance": "MongoDB 节点",
  "Mongo Node": "MongoDB 节点",
  "Mongo Parameter": "MongoDB 参数",
  Monitor: "监控数据",
  Nic: "网卡",
  "Notification Center User Post": "通知中心消息",
  "Notification Item": "通知接收方式",
  "Notification List": "通知列表",
  Project: "项目",
  "Project Alarm": "项目告警",
  "Project Member": "项目成员",
  "Project Resource Item": "项目资源",
  "Project Resource Stat": "项目资源统计",
  "Project Resource Zone": "项目资源所在区域",
  Queue: "消息队列",
  "Quota Left": "剩余配额",
  RDB: "数据库服务",
  "RDB Instance": "数据库实例",
  "RDB Instance File": "数据库日志文件",
  "RDB Log": "数据库日志",
  "RDB Parameter": "数据库参数",
  "RDB Parameter Group": "数据库参数组",
  Resource: "资源",
  "Resource Group": "资源组",
  "Resource Group Item": "资源组中的资源",
  "Resource Limit": "资源限制",
  "Resource User Group": "资源所属的用户组",
  Router: "路由器",
  "Router Static": "路由器规则",
  "Router Static Entry": "路由器规则条目",
  "Router Vxnet": "路由器的私有网络",
  "S2 Account": "共享存储账号",
  "S2 Group": "共享存储权限组",
  "S2 Server": "共享存储服务",
  "S2 Shared Target": "共享存储目标",
  S2: "共享存储",
  "Security Group": "安全组",
  "Security Group IPSet": "安全组 IP/端口集合",
  "Security Group Rule": "安全组规则",
  "Security Group Snapshot": "安全组规则备份",
  "Server Certificate": "服务器证书",
  Service: "服务",
  "Shared Resource Group": "共享给我的资源组",
  Snapshot: "备份",
  Spark: "Spark 服务",
  "Spark Node": "Spark 节点",
  "Sub User": "子账户",
  Tag: "标签",
  "Total Estimated Consumption": "预估总消费",
  "User Data Attachment": "用户数据附件",
  "User Group": "用户组",
  "User Group Member": "用户组成员",
  "VPN Cert": "VPN 证书",
  Vip: "虚拟 IP",
  Volume: "硬盘",
  "Vpc Border": "VPC 边界路由器",
  Vxnet: "私有网络",
  "Vxnet Instance": "私有网络中的云服务器",
  "Wan Access": "SD-WAN 接入点",
  "Wan Info": "SD-WAN 信息",
  "Wan Monitor": "SD-WAN 监控数据",
  Zone: "区域",
  Zookeeper: "ZooKeeper 服务",
};

// Names whose word order a translation cannot follow.
const WHOLE = {
  ApplyAlarmPolicy: "应用告警策略",
  ApplySecurityGroup: "应用安全组规则",
  ApplySnapshots: "从备份回滚",
  AssociateDNSAlias: "绑定内网域名别名",
  AssociateEip: "绑定公网 IP 到云服务器",
  AssociateEipToClusterNode: "绑定公网 IP 到集群节点",
  AssociateEipsToLoadBalancer: "绑定公网 IP 到负载均衡器",
  AssociateS2AccountGroup: "绑定共享存储账号与权限组",
  AssociateServerCertsToLBListener: "绑定服务器证书到监听器",
  AttachToS2SharedTarget: "挂载硬盘到共享存储目标",
  CaptureInstance: "由云服务器制作映像",
  CaptureInstanceFromSnapshot: "从云服务器备份制作映像",
  ChangeCacheVxnet: "变更缓存所在的私有网络",
  ChangeClusterVxnet: "变更集群所在的私有网络",
  ChangeMongoVxnet: "变更 MongoDB 所在的私有网络",
  ChangeS2ServerVxnet: "变更共享存储所在的私有网络",
  CopyRDBInstanceFilesToFTP: "复制数据库日志文件到 FTP",
  CreateCacheFromSnapshot: "从备份创建缓存服务",
  CreateClusterFromSnapshot: "从备份创建集群",
  CreateMongoFromSnapshot: "从备份创建 MongoDB 服务",
  CreateRDBFromSnapshot: "从备份创建数据库服务",
  CreateTempRDBInstanceFromSnapshot: "从备份创建临时数据库实例",
  CreateVolumeFromSnapshot: "从备份创建硬盘",
  DetachFromS2SharedTarget: "从共享存储目标卸下硬盘",
  DissociateEipFromClusterNode: "从集群节点解绑公网 IP",
  DissociateEipsFromLoadBalancer: "从负载均衡器解绑公网 IP",
  DissociateS2AccountGroup: "解绑共享存储账号与权限组",
  DissociateServerCertsFromLBListener: "从监听器解绑服务器证书",
  GrantImageToUsers: "共享映像给用户",
  GrantResourceGroupsToUserGroups: "授权资源组给用户组",
  JoinBorder: "私有网络加入边界路由器",
  JoinInstanceGroup: "云服务器加入云服务器组",
  JoinRouter: "私有网络加入路由器",
  JoinVxnet: "云服务器加入私有网络",
  LeaveBorder: "私有网络离开边界路由器",
  LeaveInstanceGroup: "云服务器离开云服务器组",
  LeaveRouter: "私有网络离开路由器",
  LeaveVxnet: "云服务器离开私有网络",
  LoadBalancerJoinVxnet: "负载均衡器加入私有网络",
  LoadBalancerLeaveVxnet: "负载均衡器离开私有网络",
  PowerOffRouters: "关闭路由器",
  PowerOffS2Servers: "关闭共享存储服务",
  PowerOnRouters: "打开路由器",
  PowerOnS2Servers: "打开共享存储服务",
  RDBsJoinVxnet: "数据库加入私有网络",
  RDBsLeaveVxnet: "数据库离开私有网络",
  RestoreClusterFromSnapshot: "从备份恢复集群",
  RevokeImageFromUsers: "取消对用户的映像共享",
  RevokeResourceGroupsFromUserGroups: "撤销用户组的资源组授权",
  RollbackSecurityGroup: "用规则备份回滚安全组",
  RunClusterCustomService: "执行集群自定义服务",
  RunInstancesByConfiguration: "按启动配置创建云服务器",
  TerminateInstances: "删除云服务器（进入回收站）",
};

const WORDS = /S2|RDBs?|IPSets?|DNS|VPN|VPC|FTP|LB|[A-Z][a-z]+|[A-Z]+(?![a-z])|\d+/g;
const ACRONYMS = /^(S2|RDBs?|IPSets?|DNS|VPN|VPC|FTP|LB)$/;
const UPPER = { Eip: "EIP", Eips: "EIPs", Vip: "VIP", Vips: "VIPs", Vpc: "VPC", Wan: "WAN", Nic: "NIC", Nics: "NICs", Id: "ID" };

/** `RunInstances` → `["Run", "Instances"]`. */
export function wordsOf(action) {
  return action.match(WORDS) ?? [action];
}

/** A few words for `action` in `language` ("en" or "zh"); English where the Chinese words are not known. */
export function titleOf(action, language) {
  const words = wordsOf(action);
  if (language === "zh") return WHOLE[action] ?? chinese(words) ?? english(words);
  return english(words);
}

function english([first, ...rest]) {
  return [first, ...rest.map((word) => UPPER[word] ?? (ACRONYMS.test(word) ? word : word.toLowerCase()))].join(" ");
}

function chinese([verb, ...rest]) {
  if (!(verb in VERBS)) return undefined;
  const [before, after] = [VERBS[verb]].flat();
  const said = [before];
  for (let at = 0; at < rest.length; ) {
    let length = rest.length - at;
    while (length > 0 && !(phrase(rest, at, length) in NOUNS)) length -= 1;
    if (length === 0) return undefined;
    said.push(NOUNS[phrase(rest, at, length)]);
    at += length;
  }
  return join(after ? [...said, after] : said);
}

function phrase(words, at, length) {
  const last = words[at + length - 1];
  return [...words.slice(at, at + length - 1).map(singular), singular(last)].join(" ");
}

function singular(word) {
  if (/^(S2|DNS|Alias)$/.test(word)) return word;
  if (word === "Aliases") return "Alias";
  if (word === "Accesss") return "Access";
  if (word === "Access") return word;
  if (word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  return word.endsWith("s") ? word.slice(0, -1) : word;
}

/** A blank stands between a Chinese and a Latin letter. */
function join(parts) {
  return parts.reduce((text, part) => (/[\x21-\x7e]$/.test(text) !== /^[\x21-\x7e]/.test(part) && !text.endsWith(" ") ? `${text} ${part}` : text + part));
}
