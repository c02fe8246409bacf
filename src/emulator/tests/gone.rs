//! What is in the recycle bin can be looked at, and no more.

use super::*;

/// One of everything that has a recycle bin, all in it: what a tag calls it, what `Modify…` calls it, its id.
fn deleted(desk: &mut Desk) -> Vec<(&'static str, &'static str, String)> {
    let host = desk.instance();
    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    let eip = text(&desk.ok("AllocateEips", &[("bandwidth", "1")])["eips"][0]);
    let router = text(&desk.ok("CreateRouters", &[])["routers"][0]);
    desk.ok("StopInstances", &[("instances.1", &host)]);
    desk.pass();
    let image = text(&desk.ok("CaptureInstance", &[("instance", &host)])["image_id"]);
    let snapshot = text(&desk.ok("CreateSnapshots", &[("resources.1", &volume)])["snapshots"][0]);
    desk.pass();
    for (action, list, id) in [
        ("DeleteSnapshots", "snapshots.1", &snapshot),
        ("DeleteImages", "images.1", &image),
        ("DeleteVolumes", "volumes.1", &volume),
        ("ReleaseEips", "eips.1", &eip),
        ("DeleteRouters", "routers.1", &router),
        ("TerminateInstances", "instances.1", &host),
    ] {
        desk.ok(action, &[(list, id)]);
    }
    desk.pass();
    Vec::from([
        ("instance", "Instance", host),
        ("volume", "Volume", volume),
        ("eip", "Eip", eip),
        ("router", "Router", router),
        ("image", "Image", image),
        ("snapshot", "Snapshot", snapshot),
    ])
}

#[test]
fn what_is_gone_is_not_modified() {
    let mut desk = Desk::new();
    for (kind, name, id) in deleted(&mut desk) {
        let message = desk.refused(
            1400,
            &format!("Modify{name}Attributes"),
            &[(kind, &id), ("description", "d")],
        );
        assert!(message.contains("can not be modified"), "{message}");
    }
}

#[test]
fn what_is_gone_is_not_tagged() {
    let mut desk = Desk::new();
    let tag = text(&desk.ok("CreateTag", &[("tag_name", "t")])["tag_id"]);
    for (kind, _, id) in deleted(&mut desk) {
        let pair = [
            ("resource_tag_pairs.1.tag_id", tag.as_str()),
            ("resource_tag_pairs.1.resource_type", kind),
            ("resource_tag_pairs.1.resource_id", &id),
        ];
        desk.refused(1400, "AttachTags", &pair);
    }
    let shown = desk.ok("DescribeTags", &[("verbose", "1")]);
    assert_eq!(shown["tag_set"][0]["resource_count"], 0);
}

#[test]
fn a_deleted_image_is_not_shared_and_a_deleted_router_not_told_what_to_do() {
    let mut desk = Desk::new();
    let gone = deleted(&mut desk);
    let id = |kind: &str| {
        let found = gone.iter().find(|gone| gone.0 == kind);
        found.map_or("", |gone| gone.2.as_str())
    };
    desk.refused(
        1400,
        "GrantImageToUsers",
        &[("image", id("image")), ("users.1", "usr-1")],
    );
    desk.refused(
        1400,
        "AddRouterStatics",
        &[("router", id("router")), ("statics.1.static_type", "1")],
    );
}
