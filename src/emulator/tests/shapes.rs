//! Every action of the catalogue is called; what comes back must have the types the catalogue gives.

use super::*;
use crate::catalogue::{self, Field, Shape, Type};
use std::vec;

/// A value for a parameter, as it is written on the wire; a list gives its first item.
fn sample(parameter: &catalogue::Parameter, action: &str) -> Vec<(String, String)> {
    let name = parameter.name().to_owned();
    let first = parameter.enum_values().next().map(str::to_owned);
    let scalar = |kind: Type| match kind {
        Type::Integer | Type::Number => "1".to_owned(),
        Type::Boolean => "true".to_owned(),
        Type::Timestamp => "2023-11-14T22:13:20Z".to_owned(),
        Type::Json | Type::Object => "{}".to_owned(),
        Type::Array => "[]".to_owned(),
        Type::String => "x-1".to_owned(),
    };
    match parameter.type_() {
        Type::Array => {
            let is_json = catalogue::encoding(action, &name) == catalogue::Encoding::Json;
            if parameter.item_type() == Some(Type::Object) {
                let fields = parameter.item_fields();
                let members: Vec<(String, String)> = fields
                    .map(|field| {
                        (
                            field.name().to_owned(),
                            field
                                .enum_values()
                                .next()
                                .map_or_else(|| scalar(field.type_()), str::to_owned),
                        )
                    })
                    .collect();
                if is_json {
                    let object: serde_json::Map<String, Value> = members
                        .into_iter()
                        .map(|(name, value)| (name, Value::from(value)))
                        .collect();
                    return vec![(name, Value::from(vec![Value::Object(object)]).to_string())];
                }
                return members
                    .into_iter()
                    .map(|(field, value)| (format!("{name}.1.{field}"), value))
                    .collect();
            }
            let item =
                first.unwrap_or_else(|| scalar(parameter.item_type().unwrap_or(Type::String)));
            if is_json {
                vec![(name, format!("[\"{item}\"]"))]
            } else {
                vec![(format!("{name}.1"), item)]
            }
        }
        kind => vec![(name, first.unwrap_or_else(|| scalar(kind)))],
    }
}

fn fits(kind: Type, value: &Value) -> bool {
    match kind {
        Type::String => value.is_string() || value.is_null(),
        Type::Timestamp => value
            .as_str()
            .is_some_and(|text| time::parse(text.as_bytes()).is_some() || text.len() == 19),
        Type::Integer => value.is_i64(),
        Type::Number => value.is_number(),
        Type::Boolean => value.is_boolean(),
        Type::Array => value.is_array(),
        Type::Object => value.is_object(),
        Type::Json => true,
    }
}

fn check_field(field: &Field, value: &Value, place: &str) {
    assert!(
        fits(field.type_(), value),
        "{place}: {value} is no {:?}",
        field.type_()
    );
    let words: Vec<&str> = field.enum_values().collect();
    if let Some(text) = value.as_str() {
        assert!(
            words.is_empty() || text.is_empty() || words.contains(&text),
            "{place}: {text} is none of {words:?}"
        );
    }
    match (field.type_(), field.map_of()) {
        (Type::Object, Some(shape)) => {
            for inner in value
                .as_object()
                .into_iter()
                .flat_map(|members| members.values())
            {
                check_shape(&shape, inner, place);
            }
        }
        (Type::Object, None) => check_members(field.fields(), value, place),
        (Type::Array, _) => check_items(field.item_type(), || field.fields(), value, place),
        _ => {}
    }
}

fn check_shape(shape: &Shape, value: &Value, place: &str) {
    assert!(
        fits(shape.type_(), value),
        "{place}: {value} is no {:?}",
        shape.type_()
    );
    match shape.type_() {
        Type::Object if shape.map_of().is_none() => check_members(shape.fields(), value, place),
        Type::Array => check_items(shape.item_type(), || shape.fields(), value, place),
        _ => {}
    }
}

fn check_items<F: Iterator<Item = Field>>(
    kind: Option<Type>,
    fields: impl Fn() -> F,
    value: &Value,
    place: &str,
) {
    for item in value.as_array().into_iter().flatten() {
        assert!(
            kind.is_none_or(|kind| fits(kind, item)),
            "{place}: {item} is no {kind:?}"
        );
        if kind == Some(Type::Object) {
            check_members(fields(), item, place);
        }
    }
}

/// Every member that the catalogue knows has its type, and there is none that it does not know.
fn check_members(fields: impl Iterator<Item = Field>, value: &Value, place: &str) {
    let fields: Vec<Field> = fields.collect();
    let Some(members) = value.as_object() else {
        return;
    };
    for (name, member) in members {
        let field = fields.iter().find(|field| field.name() == name);
        let field = field.unwrap_or_else(|| panic!("{place}.{name} is not documented"));
        check_field(field, member, &format!("{place}.{name}"));
    }
}

fn check_answer(action: &str, answer: &Value, is_whole: bool) {
    let Some(found) = catalogue::find(action).filter(catalogue::Action::has_known_answer) else {
        return;
    };
    check_members(found.answer(), answer, action);
    if is_whole {
        for field in found.answer() {
            assert!(
                answer.get(field.name()).is_some(),
                "{action} has no {}: {answer}",
                field.name()
            );
        }
    }
}

#[test]
fn every_stateless_action_is_answered_in_its_documented_shape() {
    let mut desk = Desk::new();
    let mut stateless = 0;
    for action in catalogue::actions() {
        if state::handler(action.name()).is_some()
            || catalogue::wire_action(action.name()) != action.name()
        {
            continue;
        }
        for all in [false, true] {
            let wanted = action
                .parameters()
                .filter(|parameter| !parameter.is_common());
            let wanted =
                wanted.filter(|parameter| all || parameter.required() != catalogue::Required::No);
            // `limit` and `offset` at 1 would show the second of one.
            let wanted = wanted.filter(|parameter| !matches!(parameter.name(), "offset" | "limit"));
            let params: Vec<(String, String)> = wanted
                .flat_map(|parameter| sample(&parameter, action.name()))
                .collect();
            let params: Vec<(&str, &str)> = params
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let response = desk.send(action.name(), &params);
            let answer: Value = serde_json::from_str(&response.body).expect("JSON");
            assert_eq!(answer["ret_code"], 0, "{}: {answer}", action.name());
            let source = &response
                .headers
                .iter()
                .find(|(name, _)| name == "x-qingcloud-emulator")
                .expect("the header")
                .1;
            assert!(source.starts_with("stateless"), "{source}");
            check_answer(action.name(), &answer, true);
            let job = action.job_field().map(|name| answer[name].clone());
            if let Some(Value::String(job)) = job {
                assert_eq!(
                    desk.ok("DescribeJobs", &[("jobs.1", &job)])["total_count"],
                    1,
                    "{}",
                    action.name()
                );
            }
        }
        stateless += 1;
    }
    assert!(stateless > 250, "{stateless}");
}

#[test]
fn a_stateless_answer_speaks_of_what_was_asked_for() {
    let mut desk = Desk::new();
    let answer = desk.ok(
        "DescribeLoadBalancers",
        &[("loadbalancers.1", "lb-a"), ("loadbalancers.2", "lb-b")],
    );
    let ids: Vec<String> = answer["loadbalancer_set"]
        .as_array()
        .expect("a set")
        .iter()
        .map(|item| text(&item["loadbalancer_id"]))
        .collect();
    assert_eq!(ids, ["lb-a", "lb-b"]);
    assert_eq!(
        desk.ok("DescribeCaches", &[]),
        desk.ok("DescribeCaches", &[]),
        "the same question has the same answer"
    );
    assert_eq!(
        desk.ok("DescribeCaches", &[("offset", "1")])["cache_set"],
        serde_json::json!([])
    );
    let make = [
        ("cache_size", "1"),
        ("vxnet", "vxnet-1"),
        ("cache_type", "redis2.8.17"),
    ];
    let (first, second) = (desk.ok("CreateCache", &make), desk.ok("CreateCache", &make));
    assert_ne!(
        first["cache_id"], second["cache_id"],
        "what is made has an id of its own"
    );
    assert!(text(&first["cache_id"]).starts_with("c-"));
    let answer = desk.ok("StopLoadBalancers", &[("loadbalancers.1", "lb-a")]);
    assert_eq!(
        desk.ok("DescribeJobs", &[("jobs.1", &text(&answer["job_id"]))])["job_set"][0]["resource_ids"],
        "lb-a"
    );
}

#[test]
fn every_list_of_the_state_has_the_documented_shape() {
    let mut desk = Desk::new();
    let id = desk.instance();
    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    let eip = text(&desk.ok("AllocateEips", &[("bandwidth", "1")])["eips"][0]);
    let tag = text(&desk.ok("CreateTag", &[("tag_name", "t")])["tag_id"]);
    let net = text(&desk.ok("CreateVxnets", &[("vxnet_type", "1")])["vxnets"][0]);
    let router = text(&desk.ok("CreateRouters", &[])["routers"][0]);
    let group =
        text(&desk.ok("CreateSecurityGroup", &[("security_group_name", "g")])["security_group_id"]);
    desk.ok(
        "AddSecurityGroupRules",
        &[
            ("security_group", &group),
            ("rules.1.protocol", "tcp"),
            ("rules.1.priority", "1"),
        ],
    );
    desk.ok("CreateSecurityGroupSnapshot", &[("security_group", &group)]);
    let pair = text(&desk.ok("CreateKeyPair", &[("keypair_name", "k")])["keypair_id"]);
    desk.ok(
        "AttachTags",
        &[
            ("resource_tag_pairs.1.tag_id", &tag),
            ("resource_tag_pairs.1.resource_type", "instance"),
            ("resource_tag_pairs.1.resource_id", &id),
        ],
    );
    desk.pass();
    desk.ok(
        "AttachVolumes",
        &[("volumes.1", &volume), ("instance", &id)],
    );
    desk.ok("AssociateEip", &[("eip", &eip), ("instance", &id)]);
    desk.ok("JoinVxnet", &[("vxnet", &net), ("instances.1", &id)]);
    desk.ok(
        "AttachKeyPairs",
        &[("keypairs.1", &pair), ("instances.1", &id)],
    );
    desk.ok(
        "JoinRouter",
        &[
            ("vxnet", &net),
            ("router", &router),
            ("ip_network", "192.168.1.0/24"),
        ],
    );
    desk.ok(
        "ApplySecurityGroup",
        &[("security_group", &group), ("instances.1", &id)],
    );
    let fixed = text(
        &desk.ok(
            "AddRouterStatics",
            &[("router", &router), ("statics.1.static_type", "1")],
        )["router_statics"][0],
    );
    desk.ok(
        "AddRouterStaticEntries",
        &[("router_static", &fixed), ("entries.1.val1", "a")],
    );
    desk.pass();
    desk.ok(
        "CreateSnapshots",
        &[("resources.1", &id), ("resources.2", &volume)],
    );
    desk.pass();
    desk.ok("StopInstances", &[("instances.1", &id)]);
    desk.pass();
    let image = text(&desk.ok("CaptureInstance", &[("instance", &id)])["image_id"]);
    desk.ok(
        "GrantImageToUsers",
        &[("image", &image), ("users.1", "usr-1")],
    );
    let project = text(&desk.ok("CreateProject", &[("project_name", "p")])["project_id"]);
    let role = text(
        &desk.ok(
            "CreateGroupRoles",
            &[("role_type", "rule"), ("project_id", &project)],
        )["group_role_ids"][0],
    );
    let roles = format!("[\"{role}\"]");
    desk.ok(
        "AddGroupRoleRules",
        &[
            ("policy", "all.describe"),
            ("principle", ""),
            ("group_role", &role),
            ("project_id", &project),
        ],
    );
    desk.ok(
        "AddProjectResourceItems",
        &[("project_id", &project), ("resources.1", &id)],
    );
    let in_project = ("project_id", project.as_str());
    let verbose = ("verbose", "1");
    for (action, params) in [
        ("DescribeInstances", &[verbose][..]),
        ("DescribeVolumes", &[verbose]),
        ("DescribeEips", &[]),
        ("DescribeVxnets", &[("vxnets.1", &net)]),
        ("DescribeVxnetInstances", &[("vxnet", &net)]),
        ("DescribeRouters", &[verbose]),
        ("DescribeRouterVxnets", &[("router", &router)]),
        ("DescribeRouterStatics", &[("router", &router)]),
        ("DescribeRouterStaticEntries", &[("router_static", &fixed)]),
        ("DescribeSecurityGroups", &[]),
        ("DescribeSecurityGroupRules", &[("security_group", &group)]),
        (
            "DescribeSecurityGroupSnapshots",
            &[("security_group", &group)],
        ),
        ("DescribeKeyPairs", &[]),
        ("DescribeImages", &[]),
        ("DescribeImageUsers", &[("image_id", &image)]),
        ("DescribeSnapshots", &[]),
        ("DescribeTags", &[verbose, ("limit", "20")]),
        ("DescribeJobs", &[]),
        ("DescribeZones", &[]),
        ("DescribeAccessKeys", &[]),
        ("GetQuotaLeft", &[]),
        ("DescribeInstanceTypes", &[]),
        ("DescribeProjects", &[]),
        ("DescribeProjectMembers", &[in_project]),
        ("DescribeGroupRoles", &[in_project, verbose]),
        (
            "DescribeGroupRoleRules",
            &[in_project, ("group_roles", &roles)],
        ),
        ("DescribeProjectAlarms", &[in_project]),
        ("DescribeProjectResourceItems", &[]),
        (
            "DescribeProjectResourceZones",
            &[in_project, ("owner", "usr-1")],
        ),
        (
            "GetProjectResourceStat",
            &[in_project, ("owner", "usr-1"), ("console_id", "c")],
        ),
        (
            "GetTotalEstimatedConsumption",
            &[
                in_project,
                ("root_user", "usr-1"),
                ("group_by", "resource_type"),
            ],
        ),
    ] {
        let answer = desk.ok(action, params);
        if let Some(set) = catalogue::find(action).and_then(|action| action.list_field()) {
            let is_empty = answer[set].as_array().is_none_or(Vec::is_empty);
            assert!(
                !is_empty
                    || matches!(
                        set,
                        "project_resource_alarm_set" | "total_estimated_consumption_set"
                    ),
                "{action} shows nothing: {answer}"
            );
        }
        check_answer(action, &answer, true);
    }
}
