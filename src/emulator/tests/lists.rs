use super::*;

fn names(answer: &Value) -> Vec<String> {
    let items = answer["instance_set"].as_array().expect("a set");
    items
        .iter()
        .map(|item| text(&item["instance_name"]))
        .collect()
}

/// Instances a to e, a second apart.
fn five(options: &str) -> Desk {
    let mut desk = Desk::with(options);
    for name in ["a", "b", "c", "d", "e"] {
        desk.ok(
            "RunInstances",
            &[
                ("image_id", "centos7x64d"),
                ("login_mode", "passwd"),
                ("login_passwd", "Aa12345678"),
                ("instance_name", name),
                ("instance_type", if name < "c" { "c1m1" } else { "c2m4" }),
            ],
        );
        desk.pass();
    }
    desk
}

fn list(desk: &mut Desk, params: &[(&str, &str)]) -> Vec<String> {
    names(&desk.ok("DescribeInstances", params))
}

#[test]
fn the_newest_comes_first_unless_the_order_is_given() {
    let mut desk = five("{}");
    assert_eq!(list(&mut desk, &[]), ["e", "d", "c", "b", "a"]);
    assert_eq!(
        list(&mut desk, &[("reverse", "0")]),
        ["a", "b", "c", "d", "e"]
    );
    assert_eq!(
        list(&mut desk, &[("sort_key", "instance_name")]),
        ["a", "b", "c", "d", "e"]
    );
    assert_eq!(
        list(
            &mut desk,
            &[("sort_key", "instance_name"), ("reverse", "1")]
        ),
        ["e", "d", "c", "b", "a"]
    );
    assert_eq!(
        list(&mut desk, &[("sort_key", "create_time"), ("reverse", "1")]),
        ["e", "d", "c", "b", "a"]
    );
    assert!(
        desk.refused(1100, "DescribeInstances", &[("sort_key", "beauty")])
            .contains("sort_key")
    );
    assert_eq!(list(&mut five(r#"{"newestFirst":false}"#), &[])[0], "a");
}

#[test]
fn pages_tile_the_list_and_the_count_is_that_of_all() {
    let mut desk = five("{}");
    let mut seen = Vec::new();
    for offset in ["0", "2", "4", "6"] {
        let answer = desk.ok("DescribeInstances", &[("offset", offset), ("limit", "2")]);
        assert_eq!(answer["total_count"], 5);
        seen.extend(names(&answer));
    }
    assert_eq!(seen, ["e", "d", "c", "b", "a"]);
    assert_eq!(list(&mut desk, &[("limit", "0")]).len(), 0);
    desk.refused(1100, "DescribeInstances", &[("limit", "-1")]);
    desk.refused(1100, "DescribeInstances", &[("offset", "-1")]);
    assert_eq!(
        list(
            &mut desk,
            &[
                ("offset", "9223372036854775807"),
                ("limit", "9223372036854775807")
            ]
        )
        .len(),
        0
    );
}

#[test]
fn a_page_has_twenty_items_unless_asked_and_a_hundred_at_most() {
    let mut desk = Desk::new();
    desk.ok(
        "RunInstances",
        &[
            ("image_id", "c"),
            ("login_mode", "passwd"),
            ("login_passwd", "Aa12345678"),
            ("count", "130"),
        ],
    );
    assert_eq!(list(&mut desk, &[]).len(), 20);
    assert_eq!(list(&mut desk, &[("limit", "1000")]).len(), 100);
    let mut strict = Desk::with(r#"{"overLimit":"refuse"}"#);
    strict.refused(1100, "DescribeInstances", &[("limit", "101")]);
}

#[test]
fn every_filter_of_instances_filters() {
    let mut desk = five("{}");
    let first =
        text(&desk.ok("DescribeInstances", &[("reverse", "0")])["instance_set"][0]["instance_id"]);
    desk.ok("StopInstances", &[("instances.1", &first)]);
    desk.pass();
    let tag = text(&desk.ok("CreateTag", &[("tag_name", "t")])["tag_id"]);
    desk.ok(
        "AttachTags",
        &[
            ("resource_tag_pairs.1.tag_id", &tag),
            ("resource_tag_pairs.1.resource_type", "instance"),
            ("resource_tag_pairs.1.resource_id", &first),
        ],
    );
    for params in [
        &[("instances.1", first.as_str())][..],
        &[("status.1", "stopped")],
        &[("status.1", "suspended"), ("status.2", "stopped")],
        &[("search_word", "A")],
        &[("search_word", &first[2..])],
        &[("tags.1", &tag)],
        &[("tags.1", "tag-none"), ("tags.2", &tag)],
        &[("instance_type.1", "c1m1"), ("status.1", "stopped")],
    ] {
        assert_eq!(list(&mut desk, params), ["a"], "{params:?}");
    }
    for (params, count) in [
        (&[("instance_type.1", "c2m4")][..], 3),
        (&[("vcpus_current", "2")], 3),
        (&[("memory_current", "1024")], 2),
        (&[("instance_class", "0")], 5),
        (&[("instance_class", "1")], 0),
        (&[("image_id.1", "centos7x64d")], 5),
        (&[("image_id.1", "other")], 0),
        (&[("os_disk_size", "20")], 5),
        (&[("is_cluster_node", "1")], 0),
        (&[("dedicated_host_id", "dh-1")], 0),
        (&[("owner", "usr-none")], 0),
        (&[("project_id", "")], 5),
        (&[("instances.1", "i-none")], 0),
        (&[("exclude_reserved", "1")], 5),
    ] {
        assert_eq!(
            desk.ok("DescribeInstances", params)["total_count"],
            count,
            "{params:?}"
        );
    }
}

#[test]
fn ids_that_do_not_exist_are_refused_by_a_switch() {
    let make = |options: &str| {
        let mut desk = Desk::with(options);
        let made = desk.ok("CreateSecurityGroup", &[("security_group_name", "g")]);
        (desk, text(&made["security_group_id"]))
    };
    let (mut lenient, group) = make("{}");
    let (mut strict, _) = make(r#"{"unknownIds":"refuse"}"#);
    for (action, params) in [
        ("DescribeInstances", &[("instances.1", "i-none")][..]),
        ("DescribeJobs", &[("jobs.1", "j-none")]),
        ("DescribeImages", &[("images.1", "img-none")]),
        ("DescribeZones", &[("zones.1", "mars1")]),
        ("DescribeAccessKeys", &[("access_keys.1", "none")]),
        ("DescribeInstanceTypes", &[("instance_types.1", "none")]),
        (
            "DescribeRouterStaticEntries",
            &[("router_static_entries", "rse-none")],
        ),
        (
            "DescribeProjectResourceItems",
            &[("project_ids.1", "pj-none")],
        ),
        (
            "DescribeSecurityGroupSnapshots",
            &[
                ("security_group", &group),
                ("security_group_snapshots.1", "sgs-none"),
            ],
        ),
    ] {
        assert_eq!(lenient.ok(action, params)["total_count"], 0, "{action}");
        strict.refused(2100, action, params);
    }
}

#[test]
fn ids_that_do_exist_are_listed_whatever_the_switch_says() {
    let mut desk = Desk::with(r#"{"unknownIds":"refuse"}"#);
    let made = desk.ok("CreateVolumes", &[("size", "10")]);
    let job = text(&made["job_id"]);
    for (action, params) in [
        ("DescribeJobs", [("jobs.1", job.as_str())]),
        ("DescribeImages", [("images.1", "any-of-the-system")]),
        ("DescribeZones", [("zones.1", "pek3a")]),
    ] {
        assert_eq!(desk.ok(action, &params)["total_count"], 1, "{action}");
    }
    desk.zone = "sh1a";
    desk.refused(2100, "DescribeJobs", &[("jobs.1", &job)]);
}

#[test]
fn what_is_gone_is_listed_unless_a_switch_says_otherwise() {
    for (options, count) in [("{}", 1), (r#"{"listGone":false}"#, 0)] {
        let mut desk = Desk::with(options);
        let id = desk.instance();
        desk.ok("TerminateInstances", &[("instances.1", &id)]);
        desk.pass();
        assert_eq!(desk.ok("DescribeInstances", &[])["total_count"], count);
        assert_eq!(
            desk.ok("DescribeInstances", &[("status.1", "terminated")])["total_count"],
            1
        );
    }
}

#[test]
fn jobs_are_filtered_and_paged_a_hundred_ids_at_once() {
    let mut desk = Desk::new();
    let mut ids = Vec::new();
    for _ in 0..100 {
        ids.push(text(&desk.ok("CreateVolumes", &[("size", "10")])["job_id"]));
    }
    let named: Vec<(String, &str)> = ids
        .iter()
        .enumerate()
        .map(|(at, id)| (format!("jobs.{}", at + 1), id.as_str()))
        .collect();
    let mut params: Vec<(&str, &str)> = named
        .iter()
        .map(|(name, id)| (name.as_str(), *id))
        .collect();
    params.push(("limit", "100"));
    let answer = desk.ok("DescribeJobs", &params);
    assert_eq!(
        (
            answer["job_set"].as_array().map(Vec::len),
            &answer["total_count"]
        ),
        (Some(100), &100.into())
    );
    assert_eq!(
        desk.ok("DescribeJobs", &[("status.1", "successful")])["total_count"],
        0
    );
    assert_eq!(
        desk.ok(
            "DescribeJobs",
            &[("job_action", "CreateVolumes"), ("limit", "1")]
        )["total_count"],
        100
    );
    desk.pass();
    assert_eq!(
        desk.ok("DescribeJobs", &[("status.1", "successful")])["total_count"],
        100
    );
}

#[test]
fn quotas_count_what_is_there_and_stop_at_their_end() {
    let mut desk = Desk::with(r#"{"quotas":{"volume":2}}"#);
    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    let left = |desk: &mut Desk| {
        desk.ok("GetQuotaLeft", &[("resource_types.1", "volume")])["quota_left_set"][0]["left"]
            .clone()
    };
    assert_eq!(left(&mut desk), 1);
    let message = desk.refused(2500, "CreateVolumes", &[("size", "10"), ("count", "2")]);
    assert_eq!(
        crate::api::reason(2500, &message).map(|reason| reason.name()),
        Some("resource-quota"),
        "{message}"
    );
    desk.pass();
    desk.ok("DeleteVolumes", &[("volumes.1", &volume)]);
    desk.pass();
    assert_eq!(left(&mut desk), 2);
    desk.zone = "sh1a";
    assert_eq!(left(&mut desk), 2);
}

#[test]
fn access_keys_are_listed_without_secrets_and_can_be_deleted() {
    let mut desk = Desk::with(TWO_KEYS);
    let answer = desk.ok("DescribeAccessKeys", &[]);
    assert_eq!(
        (
            &answer["total_count"],
            &answer["access_key_set"][0]["secret_access_key"]
        ),
        (&2.into(), &"".into())
    );
    assert_eq!(answer["access_key_set"][1]["owner"], "usr-member01");
    desk.ok("DeleteAccessKeys", &[("access_keys.1", "MEMBER")]);
    desk.pass();
    desk.refused(2100, "DeleteAccessKeys", &[("access_keys.1", "MEMBER")]);
    desk.key = ("MEMBER".into(), "s2".into());
    assert!(
        desk.refused(1200, "DescribeZones", &[])
            .contains("illegal access key")
    );
}
