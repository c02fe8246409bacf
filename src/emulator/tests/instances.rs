use super::*;

const RUN: [(&str, &str); 3] = [
    ("image_id", "centos7x64d"),
    ("login_mode", "passwd"),
    ("login_passwd", "Aa12345678"),
];

fn shown(desk: &mut Desk, id: &str) -> Value {
    desk.ok("DescribeInstances", &[("instances.1", id)])["instance_set"][0].clone()
}

/// Status and transition of an instance.
fn state(desk: &mut Desk, id: &str) -> (String, String) {
    let instance = shown(desk, id);
    (
        text(&instance["status"]),
        text(&instance["transition_status"]),
    )
}

fn is(desk: &mut Desk, id: &str, status: &str, transition: &str) {
    assert_eq!(state(desk, id), (status.to_owned(), transition.to_owned()));
}

fn job(desk: &mut Desk, id: &Value) -> String {
    let answer = desk.ok("DescribeJobs", &[("jobs.1", id.as_str().expect("a job"))]);
    text(&answer["job_set"][0]["status"])
}

#[test]
fn the_job_of_a_new_instance_goes_pending_working_successful_and_the_instance_with_it() {
    let mut desk = Desk::new();
    let answer = desk.ok("RunInstances", &RUN);
    let (id, started) = (text(&answer["instances"][0]), answer["job_id"].clone());
    assert!(id.starts_with("i-") && text(&started).starts_with("j-"));
    assert_eq!(job(&mut desk, &started), "pending");
    is(&mut desk, &id, "pending", "creating");
    desk.now_ms += 500;
    assert_eq!(job(&mut desk, &started), "working");
    is(&mut desk, &id, "pending", "creating");
    desk.emulator.advance(500);
    assert_eq!(job(&mut desk, &started), "successful");
    is(&mut desk, &id, "running", "");
    let instance = shown(&mut desk, &id);
    assert_eq!(instance["create_time"], "2023-11-14T22:13:20Z");
    assert_eq!(instance["status_time"], "2023-11-14T22:13:21Z");
}

#[test]
fn an_instance_lives_through_every_status_to_its_end() {
    let mut desk = Desk::new();
    let id = desk.instance();
    let one = [("instances.1", id.as_str())];
    for (action, transition, end) in [
        ("RestartInstances", "restarting", "running"),
        ("StopInstances", "stopping", "stopped"),
        ("StartInstances", "starting", "running"),
        ("StopInstances", "stopping", "stopped"),
    ] {
        let before = state(&mut desk, &id).0;
        desk.ok(action, &one);
        is(&mut desk, &id, &before, transition);
        desk.pass();
        is(&mut desk, &id, end, "");
    }
    desk.ok("ResizeInstances", &[one[0], ("instance_type", "c4m8")]);
    desk.pass();
    let instance = shown(&mut desk, &id);
    assert_eq!(
        (&instance["vcpus_current"], &instance["memory_current"]),
        (&4.into(), &8192.into())
    );
    assert_eq!(instance["instance_type"], "c4m8");
    desk.ok("ResetInstances", &[one[0], RUN[1], RUN[2]]);
    is(&mut desk, &id, "stopped", "resetting");
    desk.pass();
    desk.ok(
        "ModifyInstanceAttributes",
        &[
            ("instance", &id),
            ("instance_name", "web"),
            ("description", "d"),
        ],
    );
    let instance = shown(&mut desk, &id);
    assert_eq!(
        (&instance["instance_name"], &instance["description"]),
        (&"web".into(), &"d".into())
    );
    desk.ok("TerminateInstances", &one);
    is(&mut desk, &id, "stopped", "terminating");
    desk.pass();
    is(&mut desk, &id, "terminated", "");
    desk.ok("CeaseInstances", &one);
    desk.pass();
    is(&mut desk, &id, "ceased", "");
    desk.refused(1400, "StartInstances", &one);
}

#[test]
fn what_the_status_does_not_allow_gives_1400_with_the_service_s_kind_of_message() {
    let mut desk = Desk::new();
    let answer = desk.ok("RunInstances", &RUN);
    let id = text(&answer["instances"][0]);
    let one = [("instances.1", id.as_str())];
    // In the words of a report from a user of the service.
    assert_eq!(
        desk.refused(1400, "StopInstances", &one),
        format!("PermissionDenied, resource [{id}] is [creating], please try later")
    );
    desk.pass();
    assert_eq!(
        desk.refused(1400, "StartInstances", &one),
        format!("PermissionDenied, instance [{id}] is not stopped, can not be started")
    );
    desk.ok("StopInstances", &one);
    let message = desk.refused(1400, "StartInstances", &one);
    assert!(
        message.contains("transition status [stopping]"),
        "{message}"
    );
    assert_eq!(
        crate::api::reason(1400, &message).map(|reason| reason.name()),
        Some("wrong-state")
    );
    desk.pass();
    desk.ok("StartInstances", &one);
    desk.refused(1400, "StopInstances", &one);
    desk.refused(1400, "TerminateInstances", &one);
    desk.pass();
    desk.refused(1400, "ResizeInstances", &[one[0], ("cpu", "2")]);
    desk.refused(1400, "CeaseInstances", &one);
    assert_eq!(
        desk.refused(2100, "StopInstances", &[("instances.1", "i-none")]),
        "ResourceNotFound, resource [i-none] not found"
    );
}

#[test]
fn a_list_with_one_wrong_instance_changes_none() {
    let mut desk = Desk::new();
    let (first, second) = (desk.instance(), desk.instance());
    desk.ok("StopInstances", &[("instances.1", &second)]);
    desk.pass();
    desk.refused(
        1400,
        "StopInstances",
        &[("instances.1", &first), ("instances.2", &second)],
    );
    is(&mut desk, &first, "running", "");
    desk.refused(
        2100,
        "StopInstances",
        &[("instances.1", &first), ("instances.2", "i-none")],
    );
    is(&mut desk, &first, "running", "");
    desk.refused(
        1100,
        "StopInstances",
        &[("instances.1", &first), ("instances.2", &first)],
    );
}

#[test]
fn what_a_new_instance_needs_is_checked() {
    let mut desk = Desk::new();
    for (extra, code) in [
        (("image_id", "img-none"), 2100),
        (("vxnets.1", "vxnet-none"), 2100),
        (("security_group", "sg-none"), 2100),
        (("volumes.1", "vol-none"), 2100),
        (("instance_type", "huge"), 1100),
        (("login_mode", "wish"), 1100),
        (("login_passwd", ""), 1100),
        (("count", "0"), 1100),
        (("count", "20001"), 2500),
        (("count", "9223372036854775807"), 2500),
    ] {
        let mut params = RUN.to_vec();
        params.retain(|(name, _)| *name != extra.0);
        params.push(extra);
        desk.refused(code, "RunInstances", &params);
    }
    let keyed = [
        ("image_id", "ubuntu"),
        ("login_mode", "keypair"),
        ("login_keypair", "kp-none"),
    ];
    desk.refused(2100, "RunInstances", &keyed);
    assert_eq!(desk.ok("DescribeInstances", &[])["total_count"], 0);
    assert_eq!(desk.ok("DescribeJobs", &[])["total_count"], 0);
}

#[test]
fn many_instances_come_with_one_job_and_their_networks_and_volumes() {
    let mut desk = Desk::new();
    let answer = desk.ok(
        "RunInstances",
        &[
            RUN[0],
            RUN[1],
            RUN[2],
            ("count", "3"),
            ("vxnets.1", "vxnet-0"),
        ],
    );
    assert_eq!(answer["instances"].as_array().map(Vec::len), Some(3));
    desk.pass();
    let answer = desk.ok(
        "DescribeInstances",
        &[("status.1", "running"), ("verbose", "1")],
    );
    assert_eq!(answer["total_count"], 3);
    let nic = &answer["instance_set"][0]["vxnets"][0];
    assert_eq!(
        (&nic["vxnet_id"], &nic["vxnet_type"]),
        (&"vxnet-0".into(), &2.into())
    );
    assert!(text(&nic["private_ip"]).starts_with("10.140."), "{nic}");
    assert_ne!(
        nic["private_ip"],
        answer["instance_set"][1]["vxnets"][0]["private_ip"]
    );
    assert_eq!(answer["instance_set"][0]["extra"]["hypervisor"], "kvm");

    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    desk.pass();
    let answer = desk.ok(
        "RunInstances",
        &[RUN[0], RUN[1], RUN[2], ("volumes.1", &volume)],
    );
    desk.pass();
    let id = text(&answer["instances"][0]);
    assert_eq!(shown(&mut desk, &id)["volume_ids"][0], volume.as_str());
    desk.refused(
        1400,
        "RunInstances",
        &[RUN[0], RUN[1], RUN[2], ("volumes.1", &volume)],
    );
}

#[test]
fn a_system_disk_grows_and_does_not_shrink() {
    let mut desk = Desk::new();
    let id = desk.instance();
    let one = ("instances.1", id.as_str());
    desk.ok("StopInstances", &[one]);
    desk.pass();
    for size in ["-7", "0"] {
        desk.refused(1100, "ResizeInstances", &[one, ("os_disk_size", size)]);
    }
    desk.refused(1400, "ResizeInstances", &[one, ("os_disk_size", "10")]);
    desk.ok("ResizeInstances", &[one, ("os_disk_size", "30")]);
    desk.pass();
    let shown = desk.ok("DescribeInstances", &[("os_disk_size", "30")]);
    assert_eq!(
        (
            &shown["total_count"],
            &shown["instance_set"][0]["instance_type"]
        ),
        (&1.into(), &"c1m1".into())
    );
}

#[test]
fn the_bin_is_emptied_after_two_hours() {
    let mut desk = Desk::new();
    let id = desk.instance();
    desk.ok("TerminateInstances", &[("instances.1", &id)]);
    desk.pass();
    desk.now_ms += 2 * 60 * 60 * 1000 - 1001;
    is(&mut desk, &id, "terminated", "");
    desk.now_ms += 1001;
    is(&mut desk, &id, "ceased", "");
}

#[test]
fn an_instance_that_ends_lets_go_of_what_it_held() {
    let mut desk = Desk::new();
    let pair = text(&desk.ok("CreateKeyPair", &[("keypair_name", "k")])["keypair_id"]);
    let group =
        text(&desk.ok("CreateSecurityGroup", &[("security_group_name", "g")])["security_group_id"]);
    let answer = desk.ok(
        "RunInstances",
        &[
            RUN[0],
            ("login_mode", "keypair"),
            ("login_keypair", &pair),
            ("security_group", &group),
            ("vxnets.1", "vxnet-0"),
        ],
    );
    let id = text(&answer["instances"][0]);
    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    let eip = text(&desk.ok("AllocateEips", &[("bandwidth", "1")])["eips"][0]);
    desk.pass();
    desk.ok(
        "AttachVolumes",
        &[("volumes.1", &volume), ("instance", &id)],
    );
    desk.ok("AssociateEip", &[("eip", &eip), ("instance", &id)]);
    desk.pass();
    let instance = shown(&mut desk, &id);
    assert_eq!(instance["eip"]["eip_id"], eip.as_str());
    assert_eq!(instance["keypair_ids"][0], pair.as_str());
    for (action, list) in [
        ("DeleteKeyPairs", ("keypairs.1", &pair)),
        ("DeleteSecurityGroups", ("security_groups.1", &group)),
        ("DeleteVolumes", ("volumes.1", &volume)),
        ("ReleaseEips", ("eips.1", &eip)),
    ] {
        let message = desk.refused(1400, action, &[(list.0, list.1)]);
        assert!(
            message.contains("in use") && message.contains(&id),
            "{action}: {message}"
        );
    }
    desk.ok("TerminateInstances", &[("instances.1", &id)]);
    desk.pass();
    assert_eq!(
        desk.ok("DescribeVolumes", &[("volumes.1", &volume)])["volume_set"][0]["status"],
        "available"
    );
    assert_eq!(
        desk.ok("DescribeEips", &[("eips.1", &eip)])["eip_set"][0]["status"],
        "available"
    );
    desk.ok("DeleteKeyPairs", &[("keypairs.1", &pair)]);
    desk.ok("DeleteSecurityGroups", &[("security_groups.1", &group)]);
    desk.ok("DeleteVolumes", &[("volumes.1", &volume)]);
    desk.ok("ReleaseEips", &[("eips.1", &eip)]);
}

#[test]
fn a_zone_does_not_see_the_resources_of_another() {
    let mut desk = Desk::new();
    let id = desk.instance();
    desk.zone = "sh1a";
    assert_eq!(desk.ok("DescribeInstances", &[])["total_count"], 0);
    desk.refused(2100, "StopInstances", &[("instances.1", &id)]);
    assert_eq!(desk.ok("DescribeJobs", &[])["total_count"], 0);
}

#[test]
fn jobs_that_take_no_time_are_done_at_once() {
    let mut desk = Desk::with(r#"{"jobDurationMs":0}"#);
    let answer = desk.ok("RunInstances", &RUN);
    assert_eq!(job(&mut desk, &answer["job_id"]), "successful");
    is(&mut desk, &text(&answer["instances"][0]), "running", "");
}

#[test]
fn types_of_instances_are_listed() {
    let mut desk = Desk::new();
    let answer = desk.ok(
        "DescribeInstanceTypes",
        &[
            ("instance_types.1", "small_b"),
            ("instance_types.2", "c2m4"),
        ],
    );
    assert_eq!(answer["total_count"], 2);
    assert_eq!(answer["instance_type_set"][1]["memory_current"], 4096);
}
