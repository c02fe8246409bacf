//! What a job that is not over holds.

use super::*;

fn eips(desk: &mut Desk) -> [String; 2] {
    let made = desk.ok("AllocateEips", &[("bandwidth", "1"), ("count", "2")]);
    [text(&made["eips"][0]), text(&made["eips"][1])]
}

fn vxnet(desk: &mut Desk) -> String {
    text(&desk.ok("CreateVxnets", &[("vxnet_type", "1")])["vxnets"][0])
}

#[test]
fn an_instance_that_is_being_given_an_address_is_not_given_another() {
    let mut desk = Desk::new();
    let (id, [first, second]) = (desk.instance(), eips(&mut desk));
    let job = text(&desk.ok("AssociateEip", &[("eip", &first), ("instance", &id)])["job_id"]);
    let again = [("eip", second.as_str()), ("instance", id.as_str())];
    let message = desk.refused(1400, "AssociateEip", &again);
    assert!(message.contains(&id) && message.contains(&job), "{message}");
    desk.pass();
    desk.refused(1400, "AssociateEip", &again);
    assert_eq!(
        desk.ok("DescribeEips", &[("instance_id", &id)])["total_count"],
        1
    );
}

#[test]
fn an_instance_whose_address_did_not_come_can_be_given_another() {
    let mut desk =
        Desk::with(r#"{"faults":[{"action":"AssociateEip","times":1,"fault":{"job":"failed"}}]}"#);
    let (id, [first, second]) = (desk.instance(), eips(&mut desk));
    desk.ok("AssociateEip", &[("eip", &first), ("instance", &id)]);
    desk.pass();
    desk.ok("AssociateEip", &[("eip", &second), ("instance", &id)]);
}

#[test]
fn a_network_that_is_being_joined_is_neither_deleted_nor_joined_again() {
    let mut desk = Desk::new();
    let (net, id) = (vxnet(&mut desk), desk.instance());
    let both = [("vxnet", net.as_str()), ("instances.1", id.as_str())];
    desk.ok("JoinVxnet", &both);
    desk.refused(1400, "JoinVxnet", &both);
    desk.refused(1400, "DeleteVxnets", &[("vxnets.1", &net)]);
    // Another network is free to be joined meanwhile.
    let other = vxnet(&mut desk);
    desk.ok("JoinVxnet", &[("vxnet", &other), both[1]]);
    desk.pass();
    desk.refused(1400, "DeleteVxnets", &[("vxnets.1", &net)]);
    desk.ok("LeaveVxnet", &both);
    desk.refused(1400, "LeaveVxnet", &both);
    desk.pass();
    desk.ok("DeleteVxnets", &[("vxnets.1", &net)]);
}

#[test]
fn a_network_that_is_joining_a_router_joins_no_other_and_is_not_deleted() {
    let mut desk = Desk::new();
    let net = vxnet(&mut desk);
    let made = desk.ok("CreateRouters", &[("count", "2")]);
    let routers = [text(&made["routers"][0]), text(&made["routers"][1])];
    desk.pass();
    let join = |router: usize| {
        [
            ("vxnet", net.as_str()),
            ("router", routers[router].as_str()),
            ("ip_network", "192.168.1.0/24"),
        ]
    };
    desk.ok("JoinRouter", &join(0));
    desk.refused(1400, "JoinRouter", &join(1));
    desk.refused(1400, "DeleteVxnets", &[("vxnets.1", &net)]);
    desk.pass();
    desk.refused(1400, "JoinRouter", &join(1));
}

#[test]
fn a_key_pair_that_is_being_attached_is_not_deleted() {
    let mut desk = Desk::new();
    let id = desk.instance();
    let pair = text(&desk.ok("CreateKeyPair", &[("keypair_name", "k")])["keypair_id"]);
    desk.ok(
        "AttachKeyPairs",
        &[("keypairs.1", &pair), ("instances.1", &id)],
    );
    desk.refused(1400, "DeleteKeyPairs", &[("keypairs.1", &pair)]);
}

#[test]
fn a_key_pair_that_an_instance_is_being_reset_with_is_not_deleted() {
    let mut desk = Desk::new();
    let id = desk.instance();
    let pair = text(&desk.ok("CreateKeyPair", &[("keypair_name", "k")])["keypair_id"]);
    desk.ok(
        "ResetInstances",
        &[
            ("instances.1", &id),
            ("login_mode", "keypair"),
            ("login_keypair", &pair),
        ],
    );
    desk.refused(1400, "DeleteKeyPairs", &[("keypairs.1", &pair)]);
    desk.pass();
    let shown = desk.ok("DescribeKeyPairs", &[("instance_id", &id)]);
    assert_eq!(shown["keypair_set"][0]["keypair_id"], pair.as_str());
}

#[test]
fn a_security_group_that_is_being_applied_is_not_deleted() {
    let mut desk = Desk::new();
    let id = desk.instance();
    let group =
        text(&desk.ok("CreateSecurityGroup", &[("security_group_name", "g")])["security_group_id"]);
    desk.ok(
        "ApplySecurityGroup",
        &[("security_group", &group), ("instances.1", &id)],
    );
    desk.refused(
        1400,
        "DeleteSecurityGroups",
        &[("security_groups.1", &group)],
    );
}
