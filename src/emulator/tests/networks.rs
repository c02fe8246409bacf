use super::*;

fn group(desk: &mut Desk) -> String {
    text(&desk.ok("CreateSecurityGroup", &[("security_group_name", "g")])["security_group_id"])
}

fn vxnet(desk: &mut Desk) -> String {
    text(&desk.ok("CreateVxnets", &[("vxnet_type", "1"), ("vxnet_name", "n")])["vxnets"][0])
}

fn router(desk: &mut Desk) -> String {
    let id = text(&desk.ok("CreateRouters", &[("router_name", "r")])["routers"][0]);
    desk.pass();
    id
}

#[test]
fn the_basic_network_is_there_from_the_start_and_stays() {
    let mut desk = Desk::new();
    let answer = desk.ok("DescribeVxnets", &[("vxnets.1", "vxnet-0")]);
    assert_eq!(answer["vxnet_set"][0]["vxnet_type"], 2);
    desk.refused(1400, "DeleteVxnets", &[("vxnets.1", "vxnet-0")]);
    desk.refused(
        1400,
        "ModifyVxnetAttributes",
        &[("vxnet", "vxnet-0"), ("vxnet_name", "x")],
    );
}

#[test]
fn instances_join_and_leave_networks() {
    let mut desk = Desk::new();
    let (net, id) = (vxnet(&mut desk), desk.instance());
    let both = [("vxnet", net.as_str()), ("instances.1", id.as_str())];
    desk.ok("JoinVxnet", &both);
    desk.pass();
    desk.refused(1400, "JoinVxnet", &both);
    assert_eq!(
        desk.ok("DescribeVxnetInstances", &[("vxnet", &net)])["instance_set"][0]["instance_id"],
        id.as_str()
    );
    assert_eq!(
        desk.ok("DescribeVxnets", &[("vxnets.1", &net)])["vxnet_set"][0]["instance_ids"][0],
        id.as_str()
    );
    assert!(
        desk.refused(1400, "DeleteVxnets", &[("vxnets.1", &net)])
            .contains(&id)
    );
    desk.ok("LeaveVxnet", &both);
    desk.pass();
    desk.refused(1400, "LeaveVxnet", &both);
    assert_eq!(
        desk.ok("DeleteVxnets", &[("vxnets.1", &net)])["vxnets"][0],
        net.as_str()
    );
    desk.refused(2100, "DeleteVxnets", &[("vxnets.1", &net)]);
}

#[test]
fn networks_join_and_leave_routers() {
    let mut desk = Desk::new();
    let (net, rtr) = (vxnet(&mut desk), router(&mut desk));
    let join = [
        ("vxnet", net.as_str()),
        ("router", rtr.as_str()),
        ("ip_network", "192.168.1.0/24"),
    ];
    desk.refused(
        1100,
        "JoinRouter",
        &[join[0], join[1], ("ip_network", "home")],
    );
    let answer = desk.ok("JoinRouter", &join);
    assert_eq!(
        (&answer["vxnet_id"], &answer["router_id"]),
        (&net.as_str().into(), &rtr.as_str().into())
    );
    assert_eq!(
        desk.ok("DescribeRouters", &[("routers.1", &rtr)])["router_set"][0]["transition_status"],
        "updating"
    );
    desk.refused(1400, "PowerOffRouters", &[("routers.1", &rtr)]);
    desk.pass();
    desk.refused(1400, "JoinRouter", &join);
    let other = vxnet(&mut desk);
    assert!(
        desk.refused(1400, "JoinRouter", &[("vxnet", &other), join[1], join[2]])
            .contains("in use")
    );
    let answer = desk.ok("DescribeRouterVxnets", &[("router", &rtr)]);
    assert_eq!(
        (
            &answer["router_vxnet_set"][0]["ip_network"],
            &answer["router_vxnet_set"][0]["manager_ip"]
        ),
        (&"192.168.1.0/24".into(), &"192.168.1.1".into())
    );
    assert_eq!(
        desk.ok("DescribeRouters", &[("vxnet", &net)])["total_count"],
        1
    );
    let id = desk.instance();
    desk.ok("JoinVxnet", &[("vxnet", &net), ("instances.1", &id)]);
    desk.pass();
    let ip = text(&desk.ok("DescribeInstances", &[])["instance_set"][0]["vxnets"][0]["private_ip"]);
    assert!(ip.starts_with("192.168.1."), "{ip}");
    assert!(
        desk.refused(1400, "DeleteRouters", &[("routers.1", &rtr)])
            .contains(&net)
    );
    assert!(
        desk.refused(1400, "DeleteVxnets", &[("vxnets.1", &net)])
            .contains(&rtr)
    );
    desk.ok("LeaveRouter", &[("vxnets.1", &net), ("router", &rtr)]);
    desk.pass();
    desk.ok("DeleteRouters", &[("routers.1", &rtr)]);
    desk.pass();
    assert_eq!(
        desk.ok("DescribeRouters", &[("status.1", "deleted")])["total_count"],
        1
    );
}

#[test]
fn routers_are_powered_and_told_what_to_do() {
    let mut desk = Desk::new();
    let rtr = router(&mut desk);
    let one = [("routers.1", rtr.as_str())];
    desk.ok("PowerOffRouters", &one);
    desk.pass();
    desk.refused(1400, "PowerOffRouters", &one);
    desk.refused(1400, "UpdateRouters", &one);
    desk.ok("PowerOnRouters", &one);
    desk.pass();
    let answer = desk.ok(
        "AddRouterStatics",
        &[
            ("router", &rtr),
            ("statics.1.static_type", "1"),
            ("statics.1.val1", "80"),
            ("statics.1.router_static_name", "http"),
        ],
    );
    let id = text(&answer["router_statics"][0]);
    let applied =
        |desk: &mut Desk| desk.ok("DescribeRouters", &[])["router_set"][0]["is_applied"].clone();
    assert_eq!(applied(&mut desk), 0);
    desk.ok("UpdateRouters", &one);
    desk.pass();
    assert_eq!(applied(&mut desk), 1);
    desk.ok(
        "ModifyRouterStaticAttributes",
        &[("router_static", &id), ("val1", "8080")],
    );
    let entry = text(
        &desk.ok(
            "AddRouterStaticEntries",
            &[("router_static", &id), ("entries.1.val1", "u")],
        )["router_static_entries"][0],
    );
    let shown = desk.ok(
        "DescribeRouterStatics",
        &[("router", &rtr), ("static_type", "1")],
    );
    assert_eq!(
        (
            &shown["router_static_set"][0]["val1"],
            &shown["router_static_set"][0]["entry_set"][0]["val1"]
        ),
        (&"8080".into(), &"u".into())
    );
    desk.ok(
        "ModifyRouterStaticEntryAttributes",
        &[("router_static_entry", &entry), ("val2", "p")],
    );
    assert_eq!(
        desk.ok(
            "DescribeRouterStaticEntries",
            &[("router_static_entries", &entry)]
        )["router_static_entry_set"][0]["val2"],
        "p"
    );
    desk.ok(
        "DeleteRouterStaticEntries",
        &[("router_static_entries.1", &entry)],
    );
    desk.ok("DeleteRouterStatics", &[("router_statics.1", &id)]);
    desk.refused(2100, "DeleteRouterStatics", &[("router_statics.1", &id)]);
    desk.refused(
        1100,
        "AddRouterStatics",
        &[("router", &rtr), ("statics.1.val1", "80")],
    );
    desk.ok(
        "ModifyRouterAttributes",
        &[("router", &rtr), ("router_name", "x")],
    );
    assert_eq!(
        desk.ok("DescribeRouters", &[])["router_set"][0]["router_name"],
        "x"
    );
}

#[test]
fn rules_of_security_groups_come_change_roll_back_and_go() {
    let mut desk = Desk::new();
    let sg = group(&mut desk);
    let answer = desk.ok(
        "AddSecurityGroupRules",
        &[
            ("security_group", &sg),
            ("rules.1.protocol", "tcp"),
            ("rules.1.priority", "1"),
            ("rules.1.val1", "80"),
            ("rules.2.protocol", "icmp"),
            ("rules.2.priority", "2"),
            ("rules.2.rule_action", "drop"),
        ],
    );
    let first = text(&answer["security_group_rules"][0]);
    let snapshot = text(
        &desk.ok(
            "CreateSecurityGroupSnapshot",
            &[("security_group", &sg), ("name", "s")],
        )["security_group_snapshot_id"],
    );
    desk.ok(
        "ModifySecurityGroupRuleAttributes",
        &[
            ("security_group_rule", &first),
            ("priority", "9"),
            ("val2", "81"),
        ],
    );
    let shown = desk.ok(
        "DescribeSecurityGroupRules",
        &[("security_group", &sg), ("security_group_rules.1", &first)],
    );
    let rule = &shown["security_group_rule_set"][0];
    assert_eq!(
        (
            &rule["priority"],
            &rule["val1"],
            &rule["val2"],
            &rule["action"]
        ),
        (&9.into(), &"80".into(), &"81".into(), &"accept".into())
    );
    assert_eq!(
        desk.ok(
            "DeleteSecurityGroupRules",
            &[("security_group_rules.1", &first)]
        )["security_group_rules"][0],
        first.as_str()
    );
    assert_eq!(
        desk.ok("DescribeSecurityGroupRules", &[("security_group", &sg)])["total_count"],
        1
    );
    desk.ok(
        "RollbackSecurityGroup",
        &[
            ("security_group", &sg),
            ("security_group_snapshot", &snapshot),
        ],
    );
    assert_eq!(
        desk.ok("DescribeSecurityGroupRules", &[("security_group", &sg)])["total_count"],
        2
    );
    assert_eq!(desk.ok("DescribeSecurityGroupSnapshots", &[("security_group", &sg)])["security_group_snapshot_set"][0]["rules"].as_array().map(Vec::len), Some(2));
    desk.ok(
        "DeleteSecurityGroupSnapshots",
        &[("security_group_snapshots.1", &snapshot)],
    );
    desk.refused(
        2100,
        "RollbackSecurityGroup",
        &[
            ("security_group", &sg),
            ("security_group_snapshot", &snapshot),
        ],
    );
    desk.refused(
        1100,
        "AddSecurityGroupRules",
        &[("security_group", &sg), ("rules.1.protocol", "tcp")],
    );
    desk.refused(
        1100,
        "AddSecurityGroupRules",
        &[
            ("security_group", &sg),
            ("rules.1.protocol", "tcp"),
            ("rules.1.priority", "101"),
        ],
    );
}

#[test]
fn a_security_group_is_applied_and_in_use() {
    let mut desk = Desk::new();
    let (sg, id) = (group(&mut desk), desk.instance());
    desk.ok(
        "ModifySecurityGroupAttributes",
        &[("security_group", &sg), ("security_group_name", "web")],
    );
    desk.ok(
        "ApplySecurityGroup",
        &[("security_group", &sg), ("instances.1", &id)],
    );
    desk.pass();
    let shown = desk.ok("DescribeSecurityGroups", &[("security_group_name", "web")]);
    assert_eq!(
        (
            &shown["security_group_set"][0]["is_applied"],
            &shown["security_group_set"][0]["resources"][0]["resource_id"]
        ),
        (&1.into(), &id.as_str().into())
    );
    assert_eq!(
        desk.ok("DescribeInstances", &[])["instance_set"][0]["security_group"]["security_group_id"],
        sg.as_str()
    );
    desk.refused(1400, "DeleteSecurityGroups", &[("security_groups.1", &sg)]);
}

#[test]
fn an_address_is_associated_changed_and_released() {
    let mut desk = Desk::new();
    let answer = desk.ok(
        "AllocateEips",
        &[
            ("bandwidth", "2"),
            ("eip_name", "e"),
            ("count", "2"),
            ("billing_mode", "traffic"),
        ],
    );
    let (eip, second) = (text(&answer["eips"][0]), text(&answer["eips"][1]));
    let id = desk.instance();
    desk.refused(1400, "DissociateEips", &[("eips.1", &eip)]);
    desk.ok("AssociateEip", &[("eip", &eip), ("instance", &id)]);
    assert_eq!(
        desk.ok("DescribeEips", &[("eips.1", &eip)])["eip_set"][0]["transition_status"],
        "associating"
    );
    desk.pass();
    let shown = desk.ok("DescribeEips", &[("instance_id", &id)]);
    let address = &shown["eip_set"][0];
    assert_eq!(
        (
            &address["status"],
            &address["resource"]["resource_id"],
            &address["billing_mode"]
        ),
        (&"associated".into(), &id.as_str().into(), &"traffic".into())
    );
    assert!(text(&address["eip_addr"]).starts_with("198.18."));
    desk.refused(1400, "AssociateEip", &[("eip", &second), ("instance", &id)]);
    desk.ok(
        "ChangeEipsBandwidth",
        &[("eips.1", &eip), ("bandwidth", "9")],
    );
    desk.pass();
    desk.ok(
        "ChangeEipsBillingMode",
        &[("eips.1", &eip), ("billing_mode", "bandwidth")],
    );
    desk.pass();
    assert_eq!(
        desk.ok("ModifyEipAttributes", &[("eip", &eip), ("eip_name", "f")])["eip_id"],
        eip.as_str()
    );
    let shown = desk.ok("DescribeEips", &[("eips.1", &eip)]);
    assert_eq!(
        (
            &shown["eip_set"][0]["bandwidth"],
            &shown["eip_set"][0]["billing_mode"],
            &shown["eip_set"][0]["eip_name"]
        ),
        (&9.into(), &"bandwidth".into(), &"f".into())
    );
    desk.refused(1400, "ReleaseEips", &[("eips.1", &eip)]);
    desk.ok("ReleaseEips", &[("eips.1", &eip), ("force", "1")]);
    desk.pass();
    assert_eq!(
        desk.ok("DescribeEips", &[("status.1", "released")])["total_count"],
        1
    );
    assert_eq!(
        desk.ok("DescribeInstances", &[])["instance_set"][0]["eip"],
        serde_json::json!({})
    );
    desk.refused(1100, "AllocateEips", &[("bandwidth", "0")]);
}
