use super::*;

fn volume(desk: &mut Desk) -> String {
    let id = text(&desk.ok("CreateVolumes", &[("size", "20"), ("volume_name", "v")])["volumes"][0]);
    desk.pass();
    id
}

fn shown(desk: &mut Desk, id: &str) -> Value {
    desk.ok("DescribeVolumes", &[("volumes.1", id)])["volume_set"][0].clone()
}

#[test]
fn a_volume_is_attached_grown_detached_and_deleted() {
    let mut desk = Desk::new();
    let (vol, id) = (volume(&mut desk), desk.instance());
    let both = [("volumes.1", vol.as_str()), ("instance", id.as_str())];
    assert_eq!(shown(&mut desk, &vol)["status"], "available");
    desk.refused(1400, "DetachVolumes", &both);
    desk.ok("AttachVolumes", &both);
    assert_eq!(shown(&mut desk, &vol)["transition_status"], "attaching");
    desk.refused(1400, "AttachVolumes", &both);
    desk.pass();
    let disk = shown(&mut desk, &vol);
    assert_eq!(
        (&disk["status"], &disk["instance"]["instance_id"]),
        (&"in-use".into(), &id.as_str().into())
    );
    assert_eq!(
        desk.ok("DescribeVolumes", &[("instance_id", &id)])["total_count"],
        1
    );
    assert_eq!(
        desk.ok("DescribeInstances", &[("verbose", "1")])["instance_set"][0]["volumes"][0]["size"],
        20
    );
    let message = desk.refused(1400, "DeleteVolumes", &[both[0]]);
    assert!(
        message.contains("in use") && message.contains(&id),
        "{message}"
    );
    let other = desk.instance();
    desk.refused(1400, "DetachVolumes", &[both[0], ("instance", &other)]);
    desk.refused(1400, "ResizeVolumes", &[both[0], ("size", "10")]);
    desk.ok("ResizeVolumes", &[both[0], ("size", "50")]);
    desk.pass();
    assert_eq!(shown(&mut desk, &vol)["size"], 50);
    desk.ok("DetachVolumes", &both);
    assert_eq!(shown(&mut desk, &vol)["transition_status"], "detaching");
    desk.pass();
    desk.ok(
        "ModifyVolumeAttributes",
        &[("volume", &vol), ("volume_name", "w")],
    );
    assert_eq!(shown(&mut desk, &vol)["volume_name"], "w");
    desk.ok("DeleteVolumes", &[both[0]]);
    desk.pass();
    assert_eq!(shown(&mut desk, &vol)["status"], "deleted");
    desk.refused(1400, "AttachVolumes", &both);
    desk.refused(2100, "AttachVolumes", &[("volumes.1", "vol-none"), both[1]]);
}

#[test]
fn volumes_are_made_in_numbers_and_cloned() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.ok("CreateVolumes", &[("size", "10"), ("count", "3")])["volumes"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    let vol = volume(&mut desk);
    let copy = text(&desk.ok("CloneVolumes", &[("volume", &vol)])["volumes"][0]);
    desk.pass();
    assert_eq!(shown(&mut desk, &copy)["size"], 20);
    assert_eq!(
        desk.ok("DescribeVolumes", &[("volume_type", "1")])["total_count"],
        0
    );
}

#[test]
fn snapshots_make_volumes_and_images_and_form_chains() {
    let mut desk = Desk::new();
    let (vol, id) = (volume(&mut desk), desk.instance());
    let first = text(
        &desk.ok(
            "CreateSnapshots",
            &[("resources.1", &vol), ("snapshot_name", "s")],
        )["snapshots"][0],
    );
    desk.refused(1400, "CreateVolumeFromSnapshot", &[("snapshot", &first)]);
    desk.pass();
    let second = text(&desk.ok("CreateSnapshots", &[("resources.1", &vol)])["snapshots"][0]);
    desk.pass();
    let answer = desk.ok(
        "DescribeSnapshots",
        &[("resource_id", &vol), ("reverse", "0")],
    );
    let set = &answer["snapshot_set"];
    assert_eq!(
        (
            &set[0]["snapshot_type"],
            &set[0]["is_head"],
            &set[0]["total_count"]
        ),
        (&1.into(), &0.into(), &2.into())
    );
    assert_eq!(
        (&set[1]["parent_id"], &set[1]["root_id"], &set[1]["is_head"]),
        (&first.as_str().into(), &first.as_str().into(), &1.into())
    );
    assert!(
        desk.refused(1400, "DeleteSnapshots", &[("snapshots.1", &first)])
            .contains(&second)
    );
    let made = text(&desk.ok("CreateVolumeFromSnapshot", &[("snapshot", &first)])["volume_id"]);
    desk.pass();
    assert_eq!(shown(&mut desk, &made)["status"], "available");
    desk.refused(1400, "CaptureInstanceFromSnapshot", &[("snapshot", &first)]);

    let of_instance = text(
        &desk.ok("CreateSnapshots", &[("resources.1", &id), ("is_full", "1")])["snapshots"][0],
    );
    desk.pass();
    let image = text(
        &desk.ok(
            "CaptureInstanceFromSnapshot",
            &[("snapshot", &of_instance), ("image_name", "i")],
        )["image_id"],
    );
    desk.pass();
    assert_eq!(
        desk.ok("DescribeImages", &[("images.1", &image)])["image_set"][0]["status"],
        "available"
    );
    desk.refused(1400, "ApplySnapshots", &[("snapshots.1", &of_instance)]);
    desk.ok("StopInstances", &[("instances.1", &id)]);
    desk.pass();
    desk.ok("ApplySnapshots", &[("snapshots.1", &of_instance)]);
    desk.refused(1400, "StartInstances", &[("instances.1", &id)]);
    desk.pass();
    desk.ok(
        "ModifySnapshotAttributes",
        &[("snapshot", &first), ("snapshot_name", "x")],
    );
    desk.ok(
        "DeleteSnapshots",
        &[("snapshots.1", &first), ("snapshots.2", &second)],
    );
    desk.pass();
    assert_eq!(
        desk.ok("DescribeSnapshots", &[("status.1", "deleted")])["total_count"],
        2
    );
    desk.refused(2100, "CreateSnapshots", &[("resources.1", "xyz-1")]);
}

#[test]
fn images_of_the_system_exist_as_soon_as_they_are_named() {
    let mut desk = Desk::new();
    let answer = desk.ok("DescribeImages", &[("images.1", "anything-x64a")]);
    assert_eq!(
        (&answer["total_count"], &answer["image_set"][0]["provider"]),
        (&1.into(), &"system".into())
    );
    assert!(desk.ok("DescribeImages", &[("provider", "system")])["total_count"].as_i64() > Some(0));
    assert_eq!(
        desk.ok("DescribeImages", &[("images.1", "img-none")])["total_count"],
        0
    );
    desk.refused(1400, "DeleteImages", &[("images.1", "centos7x64d")]);
    desk.refused(1400, "ModifyImageAttributes", &[("image", "centos7x64d")]);
}

#[test]
fn an_image_is_captured_used_shared_and_deleted() {
    let mut desk = Desk::new();
    let id = desk.instance();
    desk.refused(1400, "CaptureInstance", &[("instance", &id)]);
    desk.ok("StopInstances", &[("instances.1", &id)]);
    desk.pass();
    let image = text(
        &desk.ok(
            "CaptureInstance",
            &[("instance", &id), ("image_name", "mine")],
        )["image_id"],
    );
    let run = [
        ("image_id", image.as_str()),
        ("login_mode", "passwd"),
        ("login_passwd", "Aa12345678"),
    ];
    desk.refused(1400, "RunInstances", &run);
    desk.pass();
    let host = text(&desk.ok("RunInstances", &run)["instances"][0]);
    desk.pass();
    let shown = desk.ok(
        "DescribeImages",
        &[("visibility", "private"), ("search_word", "MINE")],
    );
    assert_eq!(
        (
            &shown["image_set"][0]["image_id"],
            &shown["image_set"][0]["instance_ids"][0]
        ),
        (&image.as_str().into(), &host.as_str().into())
    );
    assert!(
        desk.refused(1400, "DeleteImages", &[("images.1", &image)])
            .contains(&host)
    );
    desk.ok(
        "GrantImageToUsers",
        &[
            ("image", &image),
            ("users.1", "usr-1"),
            ("users.2", "usr-2"),
        ],
    );
    assert_eq!(
        desk.ok("DescribeImageUsers", &[("image_id", &image)])["total_count"],
        2
    );
    desk.ok(
        "RevokeImageFromUsers",
        &[("image", &image), ("users.1", "usr-1")],
    );
    desk.refused(
        2100,
        "RevokeImageFromUsers",
        &[("image", &image), ("users.1", "usr-1")],
    );
    assert_eq!(
        desk.ok("DescribeImageUsers", &[("image_id", &image)])["image_user_set"][0]["user"]["user_id"],
        "usr-2"
    );
    desk.ok("CloneImages", &[("image", &image), ("count", "2")]);
    desk.ok(
        "ModifyImageAttributes",
        &[("image", &image), ("description", "d")],
    );
    desk.ok("TerminateInstances", &[("instances.1", &host)]);
    desk.pass();
    desk.ok("DeleteImages", &[("images.1", &image)]);
    desk.pass();
    assert_eq!(
        desk.ok("DescribeImages", &[("status.1", "deleted")])["total_count"],
        1
    );
}

#[test]
fn key_pairs_are_made_attached_and_deleted() {
    let mut desk = Desk::new();
    let answer = desk.ok("CreateKeyPair", &[("keypair_name", "k")]);
    let pair = text(&answer["keypair_id"]);
    assert!(text(&answer["private_key"]).starts_with("-----BEGIN RSA PRIVATE KEY-----"));
    assert!(
        desk.ok(
            "CreateKeyPair",
            &[
                ("keypair_name", "own"),
                ("mode", "user"),
                ("public_key", "ssh-rsa AAAA")
            ]
        )["private_key"]
            .is_null()
    );
    desk.refused(
        1100,
        "CreateKeyPair",
        &[("keypair_name", "own"), ("mode", "user")],
    );
    let id = desk.instance();
    let both = [("keypairs.1", pair.as_str()), ("instances.1", id.as_str())];
    desk.ok("AttachKeyPairs", &both);
    desk.pass();
    assert_eq!(
        desk.ok("DescribeKeyPairs", &[("instance_id", &id)])["keypair_set"][0]["instance_ids"][0],
        id.as_str()
    );
    desk.refused(1400, "DeleteKeyPairs", &[both[0]]);
    desk.ok("DetachKeyPairs", &both);
    desk.pass();
    desk.ok(
        "ModifyKeyPairAttributes",
        &[("keypair", &pair), ("description", "d")],
    );
    assert_eq!(
        desk.ok("DescribeKeyPairs", &[("keypairs.1", &pair)])["keypair_set"][0]["description"],
        "d"
    );
    desk.ok("DeleteKeyPairs", &[both[0]]);
    desk.refused(2100, "DeleteKeyPairs", &[both[0]]);
}

#[test]
fn tags_are_attached_counted_and_taken_off() {
    let mut desk = Desk::new();
    let tag = text(&desk.ok("CreateTag", &[("tag_name", "t"), ("color", "#ffffff")])["tag_id"]);
    let (vol, id) = (volume(&mut desk), desk.instance());
    let pair = |kind: &'static str, resource: &str| {
        [
            ("resource_tag_pairs.1.tag_id", tag.clone()),
            ("resource_tag_pairs.1.resource_type", kind.to_owned()),
            ("resource_tag_pairs.1.resource_id", resource.to_owned()),
        ]
    };
    let call = |desk: &mut Desk, action: &str, pair: &[(&'static str, String); 3]| {
        let params: Vec<(&str, &str)> = pair
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        desk.call(action, &params)["ret_code"].clone()
    };
    assert_eq!(call(&mut desk, "AttachTags", &pair("volume", &vol)), 0);
    assert_eq!(call(&mut desk, "AttachTags", &pair("instance", &id)), 0);
    assert_eq!(call(&mut desk, "AttachTags", &pair("instance", &vol)), 2100);
    assert_eq!(call(&mut desk, "AttachTags", &pair("planet", &vol)), 1100);
    let shown = desk.ok("DescribeTags", &[("verbose", "1"), ("limit", "20")]);
    let set = &shown["tag_set"][0];
    assert_eq!(
        (&set["resource_count"], &set["color"]),
        (&2.into(), &"#ffffff".into())
    );
    assert_eq!(set["resource_tag_pairs"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        desk.ok("DescribeVolumes", &[("tags.1", &tag)])["volume_set"][0]["tags"][0]["tag_name"],
        "t"
    );
    assert_eq!(call(&mut desk, "DetachTags", &pair("volume", &vol)), 0);
    assert_eq!(call(&mut desk, "DetachTags", &pair("volume", &vol)), 1400);
    desk.ok("ModifyTagAttributes", &[("tag", &tag), ("tag_name", "u")]);
    assert_eq!(
        desk.ok("DescribeTags", &[("resources.1", &id)])["tag_set"][0]["tag_name"],
        "u"
    );
    desk.ok("DeleteTags", &[("tags.1", &tag)]);
    assert_eq!(
        desk.ok("DescribeInstances", &[])["instance_set"][0]["tags"],
        serde_json::json!([])
    );
    desk.refused(2100, "DeleteTags", &[("tags.1", &tag)]);
}
