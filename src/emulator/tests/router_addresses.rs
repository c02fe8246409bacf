//! The public address of a router: noted by `ModifyRouterAttributes`, in force by `UpdateRouters`.

use super::*;

/// A router and two addresses.
fn made(options: &str) -> (Desk, String, [String; 2]) {
    let mut desk = Desk::with(options);
    let rtr = text(&desk.ok("CreateRouters", &[("router_name", "r")])["routers"][0]);
    let answer = desk.ok("AllocateEips", &[("bandwidth", "1"), ("count", "2")]);
    desk.pass();
    let eips = [text(&answer["eips"][0]), text(&answer["eips"][1])];
    (desk, rtr, eips)
}

/// Status, transition and the holder's id and type.
fn shown(desk: &mut Desk, eip: &str) -> [Value; 4] {
    let answer = desk.ok("DescribeEips", &[("eips.1", eip)]);
    let eip = &answer["eip_set"][0];
    [
        eip["status"].clone(),
        eip["transition_status"].clone(),
        eip["resource"]["resource_id"].clone(),
        eip["resource"]["resource_type"].clone(),
    ]
}

fn free() -> [Value; 4] {
    ["available".into(), "".into(), Value::Null, Value::Null]
}

/// The router's address, and whether all it was told is in force.
fn of_router(desk: &mut Desk) -> (Value, Value) {
    let answer = desk.ok("DescribeRouters", &[]);
    let router = &answer["router_set"][0];
    (
        router["eip"]["eip_id"].clone(),
        router["is_applied"].clone(),
    )
}

fn tell(desk: &mut Desk, router: &str, eip: &str) {
    desk.ok(
        "ModifyRouterAttributes",
        &[("router", router), ("eip", eip)],
    );
}

fn update(desk: &mut Desk, router: &str) {
    desk.ok("UpdateRouters", &[("routers.1", router)]);
}

#[test]
fn a_router_has_its_address_when_it_is_updated_and_both_sides_say_so() {
    let (mut desk, rtr, [eip, other]) = made("{}");
    tell(&mut desk, &rtr, &eip);
    assert_eq!(of_router(&mut desk), (Value::Null, 0.into()));
    update(&mut desk, &rtr);
    assert_eq!(shown(&mut desk, &eip)[1], "associating");
    assert_eq!(of_router(&mut desk), (Value::Null, 0.into()));
    desk.pass();
    let held: [Value; 4] = [
        "associated".into(),
        "".into(),
        rtr.as_str().into(),
        "router".into(),
    ];
    assert_eq!(shown(&mut desk, &eip), held);
    assert_eq!(of_router(&mut desk), (eip.as_str().into(), 1.into()));

    tell(&mut desk, &rtr, &other);
    assert_eq!(shown(&mut desk, &eip), held);
    update(&mut desk, &rtr);
    assert_eq!(shown(&mut desk, &eip)[1], "dissociating");
    desk.pass();
    assert_eq!(shown(&mut desk, &eip), free());
    assert_eq!(of_router(&mut desk), (other.as_str().into(), 1.into()));

    tell(&mut desk, &rtr, "");
    update(&mut desk, &rtr);
    desk.pass();
    assert_eq!(shown(&mut desk, &other), free());
    assert_eq!(of_router(&mut desk), (Value::Null, 1.into()));
}

#[test]
fn an_address_a_router_has_or_waits_for_is_neither_given_away_nor_released() {
    let (mut desk, rtr, [eip, _]) = made("{}");
    let id = desk.instance();
    let second = text(&desk.ok("CreateRouters", &[])["routers"][0]);
    desk.pass();
    tell(&mut desk, &rtr, &eip);
    for is_updated in [false, true] {
        if is_updated {
            update(&mut desk, &rtr);
            desk.pass();
        }
        for (action, params) in [
            (
                "AssociateEip",
                &[("eip", eip.as_str()), ("instance", &id)][..],
            ),
            (
                "ModifyRouterAttributes",
                &[("router", &second), ("eip", &eip)],
            ),
            ("ReleaseEips", &[("eips.1", &eip)]),
        ] {
            desk.refused(1400, action, params);
        }
    }
    // The router that has it may well be told so again.
    tell(&mut desk, &rtr, &eip);
}

#[test]
fn an_address_that_an_instance_has_or_is_getting_is_not_given_to_a_router() {
    let (mut desk, rtr, [eip, _]) = made("{}");
    let id = desk.instance();
    desk.ok("AssociateEip", &[("eip", &eip), ("instance", &id)]);
    let params = [("router", rtr.as_str()), ("eip", eip.as_str())];
    desk.refused(1400, "ModifyRouterAttributes", &params);
    desk.pass();
    assert!(
        desk.refused(1400, "ModifyRouterAttributes", &params)
            .contains(&id)
    );
}

#[test]
fn a_router_loses_an_address_that_is_taken_off_or_released_by_force() {
    let (mut desk, rtr, [eip, other]) = made("{}");
    tell(&mut desk, &rtr, &eip);
    update(&mut desk, &rtr);
    desk.pass();
    desk.ok("DissociateEips", &[("eips.1", &eip)]);
    desk.pass();
    assert_eq!(of_router(&mut desk), (Value::Null, 1.into()));
    assert_eq!(shown(&mut desk, &eip), free());
    desk.ok("ReleaseEips", &[("eips.1", &eip)]);

    tell(&mut desk, &rtr, &other);
    update(&mut desk, &rtr);
    desk.pass();
    desk.ok("ReleaseEips", &[("eips.1", &other), ("force", "1")]);
    desk.pass();
    assert_eq!(of_router(&mut desk).0, Value::Null);
    assert_eq!(shown(&mut desk, &other)[2], Value::Null);
}

#[test]
fn a_router_that_is_deleted_frees_its_address() {
    let (mut desk, rtr, [eip, _]) = made("{}");
    tell(&mut desk, &rtr, &eip);
    update(&mut desk, &rtr);
    desk.pass();
    desk.ok("DeleteRouters", &[("routers.1", &rtr)]);
    desk.pass();
    assert_eq!(shown(&mut desk, &eip), free());
}

#[test]
fn an_update_that_fails_leaves_router_and_address_as_they_were() {
    let (mut desk, rtr, [eip, _]) =
        made(r#"{"faults":[{"action":"UpdateRouters","times":1,"fault":{"job":"failed"}}]}"#);
    tell(&mut desk, &rtr, &eip);
    update(&mut desk, &rtr);
    desk.pass();
    assert_eq!(shown(&mut desk, &eip), free());
    assert_eq!(of_router(&mut desk), (Value::Null, 0.into()));
    // What it was told still stands.
    update(&mut desk, &rtr);
    desk.pass();
    assert_eq!(of_router(&mut desk), (eip.as_str().into(), 1.into()));
}

#[test]
fn what_a_router_is_told_during_an_update_waits_for_the_next() {
    let (mut desk, rtr, [eip, _]) = made("{}");
    tell(&mut desk, &rtr, &eip);
    update(&mut desk, &rtr);
    tell(&mut desk, &rtr, "");
    desk.pass();
    assert_eq!(of_router(&mut desk), (eip.as_str().into(), 0.into()));
}
