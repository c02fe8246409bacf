use crate::emulator::names::*;

use super::*;

fn project(desk: &mut Desk, name: &str) -> String {
    text(&desk.ok("CreateProject", &[("project_name", name)])["project_id"])
}

fn role(desk: &mut Desk, project: &str, name: &str) -> String {
    let answer = desk.ok(
        "CreateGroupRoles",
        &[
            ("role_type", "rule"),
            ("group_role_name", name),
            ("project_id", project),
        ],
    );
    text(&answer["group_role_ids"][0])
}

fn member(desk: &mut Desk, project: &str, role: &str) -> String {
    let json = format!(
        r#"[{{"project_member_name":"m","project_member_info":"member@example.com","project_member_type":"user","role":"{role}"}}]"#
    );
    let answer = desk.ok(
        "AddProjectMember",
        &[("project_members", &json), ("project_id", project)],
    );
    text(&answer["project_member_ids"][0])
}

#[test]
fn a_project_lives_and_dies() {
    let mut desk = Desk::new();
    let answer = desk.ok(
        "CreateProject",
        &[
            ("project_name", "api"),
            ("description", "d"),
            ("meta", r##"[{"color":"#324558"}]"##),
            ("selected", "true"),
        ],
    );
    let id = text(&answer["project_id"]);
    assert!(id.starts_with("pj-") && id.len() == 11);

    let answer = desk.ok("DescribeProjects", &[("owner", "-"), ("shared", "true")]);
    assert_eq!(answer["total_count"], 1);
    let shown = &answer["project_set"][0];
    assert_eq!(shown["meta"], r##"[{"color":"#324558"}]"##);
    assert_eq!(shown["create_time"], "2023-11-14T22:13:20Z");
    assert_eq!(
        (&shown["status"], &shown["enabled"]),
        (&"active".into(), &1.into())
    );
    for name in [
        "resource_group_id",
        "owner_name",
        "console_id",
        "root_user_id",
        "owner",
        "project_id",
        "project_name",
        "description",
    ] {
        assert!(shown[name].is_string(), "{name}: {shown}");
    }

    let answer = desk.ok(
        "ModifyProjectAttributes",
        &[
            ("project_id", &id),
            ("project_name", "T1a"),
            ("description", ""),
        ],
    );
    assert_eq!(
        (&answer["project_name"], &answer["meta"]),
        (&"T1a".into(), &r##"[{"color":"#324558"}]"##.into())
    );

    let ids = format!("[\"{id}\"]");
    assert_eq!(
        desk.ok("DescribeProjects", &[("project_ids", &ids)])["project_set"][0]["project_name"],
        "T1a"
    );
    assert_eq!(
        desk.ok("DeleteProjects", &[("project_ids", &ids)])["project_ids"][0],
        id.as_str()
    );
    assert_eq!(desk.ok("DescribeProjects", &[])["total_count"], 0);
    assert!(
        desk.refused(2100, "ModifyProjectAttributes", &[("project_id", &id)])
            .contains(&id)
    );
    desk.refused(2100, "DeleteProjects", &[("project_ids", &ids)]);
}

#[test]
fn a_list_that_names_one_unknown_project_deletes_none() {
    let mut desk = Desk::new();
    let id = project(&mut desk, "a");
    desk.refused(
        2100,
        "DeleteProjects",
        &[("project_ids", &format!("[\"{id}\",\"pj-none\"]"))],
    );
    assert_eq!(desk.ok("DescribeProjects", &[])["total_count"], 1);
}

#[test]
fn roles_come_and_go_and_one_in_use_stays() {
    let mut desk = Desk::new();
    let pj = project(&mut desk, "a");
    let gr = role(&mut desk, &pj, "test");
    let answer = desk.ok("DescribeGroupRoles", &[("project_id", &pj)]);
    assert_eq!(
        answer["total_count"], 1,
        "the roles that come with a project are not listed"
    );
    let shown = &answer["group_role_set"][0];
    assert_eq!(
        (
            &shown["group_role_name"],
            &shown["status"],
            &shown["role_type"]
        ),
        (&"test".into(), &"enabled".into(), &"rule".into())
    );
    assert!(shown["iamg_role_id"].is_null() && shown["create_time"] == "2023-11-14T22:13:20Z");

    let answer = desk.ok(
        "ModifyGroupRoleAttributes",
        &[
            ("group_role", &gr),
            ("group_role_name", "b"),
            ("description", "t"),
            ("project_id", &pj),
        ],
    );
    assert_eq!(
        (
            &answer["group_role_id"],
            &answer["group_role_name"],
            &answer["description"]
        ),
        (&gr.as_str().into(), &"b".into(), &"t".into())
    );

    let pm = member(&mut desk, &pj, &gr);
    let roles = format!("[\"{gr}\"]");
    let message = desk.refused(
        1400,
        "DeleteGroupRoles",
        &[("group_roles", &roles), ("project_id", &pj)],
    );
    assert!(
        message.contains(&pm) && message.starts_with("PermissionDenied, "),
        "{message}"
    );
    let group = text(
        &desk.ok(
            "DescribeProjectMembers",
            &[
                ("project_id", &pj),
                ("project_member_ids", &format!("[\"{pm}\"]")),
            ],
        )["project_member_set"][0]["user_group_id"],
    );
    desk.ok(
        "DeleteProjectMembers",
        &[
            ("project_member_ids", &format!("[\"{pm}\"]")),
            ("user_group_id", &group),
            ("project_id", &pj),
        ],
    );
    assert_eq!(
        desk.ok(
            "DeleteGroupRoles",
            &[("group_roles", &roles), ("project_id", &pj)]
        )["group_role_ids"][0],
        gr.as_str()
    );
    desk.refused(
        2100,
        "DeleteGroupRoles",
        &[("group_roles", &roles), ("project_id", &pj)],
    );
}

#[test]
fn the_account_itself_has_roles_whose_lists_are_indexed() {
    let mut desk = Desk::new();
    let answer = desk.ok("CreateGroupRoles", &[("role_type", "rule"), ("count", "2")]);
    let (first, second) = (
        text(&answer["group_role_ids"][0]),
        text(&answer["group_role_ids"][1]),
    );
    assert_eq!(
        desk.ok("DescribeGroupRoles", &[("group_roles.1", &first)])["total_count"],
        1
    );
    desk.refused(
        1100,
        "DescribeGroupRoles",
        &[("group_roles", &format!("[\"{first}\"]"))],
    );
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("group_role", &second),
            ("policy", "all.describe"),
            ("principle", ""),
        ],
    );
    assert_eq!(
        desk.ok(
            "DeleteGroupRoles",
            &[("group_roles.1", &first), ("group_roles.2", &second)]
        )["ret_code"],
        0
    );
    assert_eq!(
        desk.ok("DescribeGroupRoleRules", &[("group_roles.1", "-")])["total_count"],
        0
    );
}

#[test]
fn rules_are_answered_as_their_pages_show() {
    let mut desk = Desk::new();
    let pj = project(&mut desk, "a");
    let gr = role(&mut desk, &pj, "r");
    let principle =
        r#"[{"resource_type":"instance","actions":["CreateBrokers","DescribeInstances"]}]"#;
    let answer = desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "action"),
            ("principle", principle),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    assert_eq!(
        answer["principle"],
        serde_json::from_str::<Value>(principle).expect("JSON")
    );
    assert_eq!(
        (
            &answer["group_role_id"],
            &answer["policy"],
            &answer["description"]
        ),
        (&gr.as_str().into(), &"action".into(), &"".into())
    );

    let answer = desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "all.project_manage"),
            ("principle", ""),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    let id = text(&answer["group_role_rule_id"]);
    assert_eq!(
        (
            &answer["principle"],
            &answer["status"],
            &answer["create_time"]
        ),
        (&"".into(), &"enabled".into(), &"2023-11-14T22:13:20".into())
    );

    let roles = format!("[\"{gr}\"]");
    let answer = desk.ok(
        "DescribeGroupRoleRules",
        &[
            ("group_roles", &roles),
            ("project_id", &pj),
            ("verbose", "1"),
        ],
    );
    assert_eq!(answer["total_count"], 2);
    assert_eq!(
        answer["group_role_rule_set"][1]["principle"],
        r#"{"resource_type":"instance","actions":["CreateBrokers","DescribeInstances"]}"#
    );
    assert!(answer["group_role_rule_set"][0]["description"].is_null());

    let answer = desk.ok(
        "ModifyGroupRoleRuleAttributes",
        &[
            ("group_role_rule", &id),
            ("status", "disabled"),
            ("description", "x"),
            ("project_id", &pj),
        ],
    );
    assert_eq!(
        (&answer["status"], &answer["status_time"]),
        (&"disabled".into(), &"2023-11-14T22:13:20".into())
    );
    let answer = desk.ok(
        "DescribeGroupRoles",
        &[
            ("group_roles", &roles),
            ("verbose", "1"),
            ("project_id", &pj),
        ],
    );
    assert_eq!(
        answer["group_role_set"][0]["group_role_rule_set"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );

    let rules = format!("[\"{id}\"]");
    let answer = desk.ok(
        "DeleteGroupRoleRules",
        &[
            ("group_role_rules", &rules),
            ("group_roles", &roles),
            ("project_id", &pj),
        ],
    );
    assert_eq!(
        (
            &answer["group_role_ids"][0],
            &answer["group_role_rule_ids"][0]
        ),
        (&gr.as_str().into(), &id.as_str().into())
    );
    desk.refused(
        2100,
        "DeleteGroupRoleRules",
        &[("group_role_rules", &rules), ("project_id", &pj)],
    );
    desk.refused(
        1100,
        "AddGroupRoleRules",
        &[
            ("policy", "everything"),
            ("principle", ""),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    desk.refused(
        1100,
        "AddGroupRoleRules",
        &[
            ("policy", "action"),
            ("principle", ""),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
}

#[test]
fn members_join_change_and_leave() {
    let mut desk = Desk::new();
    let pj = project(&mut desk, "a");
    let (first, second) = (role(&mut desk, &pj, "r1"), role(&mut desk, &pj, "r2"));
    let pm = member(&mut desk, &pj, &first);
    let answer = desk.ok("DescribeProjectMembers", &[("project_id", &pj)]);
    assert_eq!(answer["total_count"], 2);
    let (shown, owner) = (
        &answer["project_member_set"][0],
        &answer["project_member_set"][1],
    );
    assert_eq!(
        (
            &shown["project_member_id"],
            &shown["group_role_name"],
            &shown["is_project_owner"]
        ),
        (&pm.as_str().into(), &"r1".into(), &0.into())
    );
    assert_eq!(
        (
            &owner["group_role_name"],
            &owner["is_project_owner"],
            &owner["enabled"]
        ),
        (&"owner".into(), &1.into(), &1.into())
    );
    let (owner_id, owner_group) = (
        text(&owner["project_member_id"]),
        text(&owner["user_group_id"]),
    );

    // The page's table names the role one way, its example another.
    for (name, role) in [("role", &second), ("role_id", &first)] {
        let answer = desk.ok(
            "ModifyProjectMemberAtrributes",
            &[
                ("project_member_id", &pm),
                ("project_member_name", "n"),
                (name, role),
                ("project_id", &pj),
            ],
        );
        assert_eq!(answer["project_member_id"], pm.as_str());
    }
    let list = format!("[\"{pm}\"]");
    desk.refused(
        2100,
        "DeleteProjectMembers",
        &[
            ("project_member_ids", &list),
            ("user_group_id", "ug-other"),
            ("project_id", &pj),
        ],
    );
    let message = desk.refused(
        1400,
        "DeleteProjectMembers",
        &[
            ("project_member_ids", &format!("[\"{owner_id}\"]")),
            ("user_group_id", &owner_group),
            ("project_id", &pj),
        ],
    );
    assert!(message.contains("owner"), "{message}");
    let json = format!(
        r#"[{{"project_member_name":"m","project_member_info":"member@example.com","project_member_type":"user","role":"{first}"}}]"#
    );
    desk.refused(
        1400,
        "AddProjectMember",
        &[("project_members", &json), ("project_id", &pj)],
    );
    desk.refused(
        1100,
        "AddProjectMember",
        &[
            ("project_members", r#"[{"project_member_name":"m"}]"#),
            ("project_id", &pj),
        ],
    );
    desk.refused(
        2100,
        "AddProjectMember",
        &[
            (
                "project_members",
                &json.replace(&first, "gr-none").replace("member@", "other@"),
            ),
            ("project_id", &pj),
        ],
    );
}

#[test]
fn a_project_in_use_is_not_deleted_and_says_what_it_holds() {
    let mut desk = Desk::new();
    let pj = project(&mut desk, "a");
    let id = desk.instance();
    desk.ok(
        "AddProjectResourceItems",
        &[("project_id", &pj), ("resources.1", &id)],
    );
    let ids = format!("[\"{pj}\"]");
    let message = desk.refused(1400, "DeleteProjects", &[("project_ids", &ids)]);
    assert!(message.contains(&id), "{message}");
    assert_eq!(
        desk.ok("DescribeInstances", &[("project_id", &pj)])["total_count"],
        1
    );
    let user = text(&desk.ok("DescribeProjects", &[])["project_set"][0]["owner"]);
    let zones = desk.ok(
        "DescribeProjectResourceZones",
        &[("project_id", &pj), ("owner", &user)],
    );
    assert_eq!(
        (
            &zones["project_resource_zones_set"][0],
            &zones["total_count"]
        ),
        (&"pek3a".into(), &1.into())
    );
    let stat = desk.ok(
        "GetProjectResourceStat",
        &[("project_id", &pj), ("owner", &user), ("console_id", "c")],
    );
    assert_eq!(
        (
            &stat["data"][0]["instance_count"],
            &stat["data"][0]["memory_sum"],
            &stat["data"][0]["end_time"]
        ),
        (&1.into(), &1024.into(), &"2023-11-14T22:13:21".into())
    );
    let cost = desk.ok(
        "GetTotalEstimatedConsumption",
        &[
            ("project_id", &pj),
            ("root_user", &user),
            ("group_by", "resource_type"),
        ],
    );
    assert_eq!(
        (&cost["total_resource_count"], &cost["total_price"]),
        (&1.into(), &"0".into())
    );
    assert_eq!(
        desk.ok("DescribeProjectAlarms", &[("project_id", &pj)])["total_count"],
        0
    );
    assert_eq!(
        desk.ok("DescribeProjectResourceItems", &[("project_ids.1", &pj)])["project_resource_item_set"]
            [0]["resource_id"],
        id.as_str()
    );
    desk.ok(
        "DeleteProjectResourceItems",
        &[("project_id.1", &pj), ("resources.1", &id)],
    );
    desk.ok("DeleteProjects", &[("project_ids", &ids)]);
}

/// A desk with a project, a role, and a member whose key is the second one.
fn with_member(options: &str) -> (Desk, String, String) {
    let mut desk = Desk::with(options);
    let pj = project(&mut desk, "a");
    let gr = role(&mut desk, &pj, "r");
    member(&mut desk, &pj, &gr);
    (desk, pj, gr)
}

fn as_member(desk: &mut Desk) {
    desk.key = ("MEMBER".into(), "s2".into());
}

fn as_owner(desk: &mut Desk) {
    desk.key = ("OWNER".into(), "s1".into());
}

#[test]
fn a_member_may_do_what_a_rule_of_his_role_lets_him() {
    let (mut desk, pj, gr) = with_member(TWO_KEYS);
    as_member(&mut desk);
    let message = desk.refused(1400, "DescribeInstances", &[("project_id", &pj)]);
    assert!(
        message.contains("DescribeInstances") && message.contains(&gr),
        "{message}"
    );
    as_owner(&mut desk);
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "all.describe"),
            ("principle", ""),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    as_member(&mut desk);
    desk.ok("DescribeInstances", &[("project_id", &pj)]);
    desk.refused(
        1400,
        "CreateVolumes",
        &[("size", "10"), ("project_id", &pj)],
    );
    desk.refused(1400, "DescribeInstances", &[("project_id", "pj-other")]);
    as_owner(&mut desk);
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "volume.create"),
            ("principle", ""),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    as_member(&mut desk);
    let volume =
        text(&desk.ok("CreateVolumes", &[("size", "10"), ("project_id", &pj)])["volumes"][0]);
    as_owner(&mut desk);
    assert_eq!(
        desk.ok("DescribeVolumes", &[("project_id", &pj)])["volume_set"][0]["volume_id"],
        volume.as_str()
    );
}

#[test]
fn a_rule_that_forbids_an_action_gives_1400() {
    let (mut desk, pj, gr) = with_member(TWO_KEYS);
    let principle = r#"[{"resource_type":"instance","actions":["RunInstances"]}]"#;
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "all.all"),
            ("principle", ""),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "action"),
            ("principle", principle),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    let run = [
        ("image_id", "centos7x64d"),
        ("login_mode", "passwd"),
        ("login_passwd", "Aa12345678"),
        ("project_id", pj.as_str()),
    ];
    as_member(&mut desk);
    assert!(desk.refused(1400, "RunInstances", &run).contains("forbids"));
    desk.ok("DescribeInstances", &[("project_id", &pj)]);
    as_owner(&mut desk);
    let rules = desk.ok(
        "DescribeGroupRoleRules",
        &[("group_roles", &format!("[\"{gr}\"]")), ("project_id", &pj)],
    );
    let rule = rules["group_role_rule_set"]
        .as_array()
        .and_then(|rules| rules.iter().find(|rule| rule["policy"] == "action"))
        .map(|rule| text(&rule["group_role_rule_id"]));
    desk.ok(
        "ModifyGroupRoleRuleAttributes",
        &[
            ("group_role_rule", &rule.expect("the rule")),
            ("status", "disabled"),
            ("project_id", &pj),
        ],
    );
    as_member(&mut desk);
    desk.ok("RunInstances", &run);
}

#[test]
fn by_a_switch_a_rule_of_actions_lets_instead_of_forbidding() {
    let options = TWO_KEYS.replacen('{', r#"{"actionRules":"allow","#, 1);
    let (mut desk, pj, gr) = with_member(&options);
    let principle = r#"[{"resource_type":"instance","actions":["DescribeInstances"]}]"#;
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "action"),
            ("principle", principle),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    as_member(&mut desk);
    desk.ok("DescribeInstances", &[("project_id", &pj)]);
    desk.refused(1400, "DescribeVolumes", &[("project_id", &pj)]);
}

#[test]
fn a_member_sees_his_project_and_not_the_rest() {
    let (mut desk, pj, gr) = with_member(TWO_KEYS);
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "all.describe"),
            ("principle", ""),
            ("group_role", &gr),
            ("project_id", &pj),
        ],
    );
    let (inside, outside) = (desk.instance(), desk.instance());
    desk.ok(
        "AddProjectResourceItems",
        &[("project_id", &pj), ("resources.1", &inside)],
    );
    as_member(&mut desk);
    let answer = desk.ok("DescribeInstances", &[]);
    assert_eq!(
        (
            &answer["total_count"],
            &answer["instance_set"][0]["instance_id"]
        ),
        (&1.into(), &inside.as_str().into())
    );
    assert_eq!(
        desk.ok("DescribeInstances", &[("instances.1", &outside)])["total_count"],
        0
    );
    assert_eq!(desk.ok("DescribeProjects", &[])["total_count"], 0);
    assert_eq!(
        desk.ok("DescribeProjects", &[("shared", "true")])["total_count"],
        1
    );
}
