use super::{Error, Known, Validation, Violation};
use crate::sign::Params;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use alloc::{format, vec};

/// Ends a chain of setters, for closures that give nothing.
fn done(_: &mut Params) {}

fn params(fill: impl FnOnce(&mut Params)) -> Vec<u8> {
    let mut params = Params::new();
    fill(&mut params);
    params.tree()
}

fn validate(action: &str, tree: &[u8], zone: Option<&str>, mode: Validation) -> Result<(), Error> {
    super::validate(action, Known::of(action).as_ref(), tree, zone, mode)
}

fn violations(action: &str, tree: &[u8], zone: Option<&str>, mode: Validation) -> Vec<Violation> {
    super::violations(action, Known::of(action).as_ref(), tree, zone, mode)
}

fn found(action: &str, mode: Validation, fill: impl FnOnce(&mut Params)) -> Vec<Violation> {
    violations(action, &params(fill), Some("pek3"), mode)
}

fn paths(action: &str, mode: Validation, fill: impl FnOnce(&mut Params)) -> Vec<String> {
    found(action, mode, fill)
        .into_iter()
        .map(|violation| violation.path)
        .collect()
}

use Validation::{Lenient, Off, Strict};

#[test]
fn a_right_call_is_right_in_every_mode() {
    for mode in [Off, Lenient, Strict] {
        let run = paths("RunInstances", mode, |params| {
            params
                .text("image_id", "jammyx64")
                .text("login_mode", "passwd")
                .text("login_passwd", "Secret123")
                .number("count", 2)
                .boolean("need_newsid", true)
                .boolean("os_disk_encryption", true)
                .texts("vxnets", &["vxnet-0"]);
        });
        assert!(run.is_empty(), "{run:?}");
        let mut rule = Params::new();
        rule.text("protocol", "tcp")
            .number("priority", 1)
            .text("val1", "22");
        let add = paths("AddSecurityGroupRules", mode, |params| {
            params.text("security_group", "sg-1").maps("rules", &[rule]);
        });
        assert!(add.is_empty(), "{add:?}");
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let found = found("RunInstances", Lenient, |params| {
        params
            .text("count", "two")
            .texts("image_id", &["jammyx64"])
            .text("vxnets", "vxnet-0");
    });
    let told = found.iter().map(|violation| {
        (
            violation.path.as_str(),
            violation.expected.as_str(),
            violation.got.as_str(),
        )
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("count", "an integer", "\"two\""),
            ("image_id", "a string", "a list"),
            ("vxnets", "a list of strings", "\"vxnet-0\""),
            ("login_mode", "a string", "nothing"),
        ]
    );
}

#[test]
fn an_error_is_one_sentence_that_counts_the_rest() {
    let tree = params(|params| {
        params.text("count", "two").text("cpu", "many");
    });
    let error = validate("RunInstances", &tree, None, Lenient).unwrap_err();
    assert_eq!(
        error.message,
        "RunInstances: \"count\" must be an integer, got \"two\" (and 4 more, see violations)"
    );
    assert_eq!(error.violations.len(), 5);
    assert_eq!(error.kind, crate::api::ErrorKind::Parameters);
    assert!(validate("RunInstances", &tree, None, Off).is_ok());
}

#[test]
fn one_source_alone_is_not_enough_for_lenient() {
    // The specification alone requires them.
    assert!(paths("CeaseInstances", Lenient, |_| {}).is_empty());
    assert_eq!(paths("CeaseInstances", Strict, |_| {}), ["instances"]);
    // A page wants the projects.
    assert_eq!(paths("DeleteProjects", Lenient, |_| {}), ["project_ids"]);
}

#[test]
fn outside_a_project_its_id_is_not_missed() {
    let call = |params: &mut Params| {
        params.texts("group_roles", &["gr-1"]);
    };
    assert!(paths("DeleteGroupRoles", Strict, call).is_empty());
}

#[test]
fn a_missing_zone_says_where_to_set_it() {
    let tree = params(|_| {});
    let found = violations("DescribeInstances", &tree, None, Lenient);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, "zone");
    assert!(found[0].expected.contains("client") && found[0].expected.contains("pek3"));
    let own = params(|params| {
        params.text("zone", "pek3");
    });
    assert!(violations("DescribeInstances", &own, None, Strict).is_empty());
    assert!(violations("DescribeZones", &tree, None, Strict).is_empty());
}

#[test]
fn numbered_names_count_as_their_list() {
    for name in ["instances.1", "instances.2"] {
        let call = |params: &mut Params| {
            params.text(name, "i-1");
        };
        assert!(paths("StopInstances", Strict, call).is_empty());
    }
    let call = |params: &mut Params| {
        params
            .text("rules.1.protocol", "tcp")
            .text("security_group", "sg-1");
    };
    assert!(paths("AddSecurityGroupRules", Strict, call).is_empty());
    let call = |params: &mut Params| {
        params.text("instances.x", "i-1");
    };
    assert_eq!(
        paths("StopInstances", Strict, call),
        ["instances.x", "instances"]
    );
}

#[test]
fn an_empty_list_sends_nothing_and_so_is_missing() {
    assert_eq!(
        found("StopInstances", Lenient, |params| done(
            params.texts("instances", &[])
        ))[0]
            .got,
        "an empty list, which sends nothing"
    );
    assert!(
        paths("DeleteProjects", Lenient, |params| done(
            params.texts("project_ids", &[])
        ))
        .is_empty()
    );
}

#[test]
fn an_empty_filter_is_refused_where_names_are() {
    let call = |params: &mut Params| done(params.texts("volumes", &[]));
    assert!(paths("DescribeVolumes", Lenient, call).is_empty());
    assert_eq!(paths("DescribeVolumes", Strict, call), ["volumes"]);
    assert_eq!(
        paths("StopInstances", Strict, |params| done(
            params.texts("instances", &[])
        )),
        ["instances"]
    );
    assert!(
        paths("DescribeProjects", Strict, |params| done(
            params.texts("project_ids", &[])
        ))
        .is_empty()
    );
}

#[test]
fn null_is_as_good_as_nothing() {
    let mut tree = Vec::from([6, 8, 9]);
    tree.extend(b"instances");
    tree.extend([0, 7]);
    assert_eq!(
        violations("StopInstances", &tree, Some("pek3"), Lenient)[0].path,
        "instances"
    );
}

#[test]
fn digits_pass_for_integers_unless_strict() {
    let call = |params: &mut Params| {
        params.text("limit", "20");
    };
    assert!(paths("DescribeInstances", Lenient, call).is_empty());
    assert_eq!(paths("DescribeInstances", Strict, call), ["limit"]);
    for wrong in ["", "many", "1.5", "-", "1e3"] {
        let call = |params: &mut Params| {
            params.text("limit", wrong);
        };
        assert_eq!(
            paths("DescribeInstances", Lenient, call),
            ["limit"],
            "{wrong}"
        );
    }
}

#[test]
fn numbers_are_whole_where_they_must_be() {
    for (number, is_right) in [
        ("1.5", false),
        ("1e-7", false),
        ("1e+21", true),
        ("1.5e+300", true),
        ("-3", true),
    ] {
        let mut tree = Vec::from([6, 8, 5]);
        tree.extend(b"limit");
        tree.extend([2, number.len() as u8]);
        tree.extend(number.as_bytes());
        tree.push(7);
        assert_eq!(
            violations("DescribeInstances", &tree, Some("pek3"), Lenient).is_empty(),
            is_right,
            "{number}"
        );
    }
}

#[test]
fn unknown_names_pass_unless_strict_and_then_bring_a_suggestion() {
    let call = |params: &mut Params| {
        params.texts("instances", &["i-1"]).boolean("forse", true);
    };
    assert!(found("StopInstances", Lenient, call).is_empty());
    let strict = found("StopInstances", Strict, call);
    assert_eq!(
        (strict[0].path.as_str(), strict[0].suggestion),
        ("forse", Some("force"))
    );
    let public = |params: &mut Params| {
        params
            .texts("instances", &["i-1"])
            .text("req_id", "x")
            .text("expires", "2024-01-01T00:00:00Z");
    };
    assert!(found("StopInstances", Strict, public).is_empty());
}

#[test]
fn a_misspelt_required_name_is_recognised_in_any_mode() {
    let found = found("StopInstances", Lenient, |params| {
        done(params.texts("instnces", &["i-1"]))
    });
    assert_eq!(found[0].got, "nothing under this name, but \"instnces\"");
    assert_eq!(found[0].suggestion, Some("instances"));
}

#[test]
fn unknown_actions_pass_unless_strict() {
    assert!(found("DescribeSomethingNew", Lenient, |_| {}).is_empty());
    let strict = found("DescribeInstance", Strict, |_| {});
    assert_eq!(
        (strict[0].path.as_str(), strict[0].suggestion),
        ("action", Some("DescribeInstances"))
    );
}

#[test]
fn listed_values_are_checked_when_strict() {
    let call = |params: &mut Params| {
        params
            .texts("status", &["running", "runing"])
            .number("verbose", 7);
    };
    assert!(found("DescribeInstances", Lenient, call).is_empty());
    let strict = found("DescribeInstances", Strict, call);
    assert_eq!(
        strict
            .iter()
            .map(|violation| violation.path.as_str())
            .collect::<Vec<_>>(),
        ["status[1]", "verbose"]
    );
    assert_eq!(strict[1].expected, "one of \"0\", \"1\"");
}

#[test]
fn items_are_checked_like_parameters() {
    let mut rule = Params::new();
    rule.text("priority", "first").text("prootcol", "tcp");
    let call = |params: &mut Params| {
        params
            .text("security_group", "sg-1")
            .maps("rules", &[rule.clone()]);
    };
    // Only one SDK demands the fields of a rule.
    assert_eq!(
        paths("AddSecurityGroupRules", Lenient, call),
        ["rules[0].priority"]
    );
    let strict = found("AddSecurityGroupRules", Strict, call);
    let told: Vec<_> = strict
        .iter()
        .map(|violation| (violation.path.as_str(), violation.suggestion))
        .collect();
    assert_eq!(
        told,
        [
            ("rules[0].priority", None),
            ("rules[0].prootcol", Some("protocol")),
            ("rules[0].protocol", None)
        ]
    );
    // A page demands these.
    let mut action = Params::new();
    action.text("trigger_action", "na-1");
    let call = |params: &mut Params| {
        params
            .text("alarm_policy", "alp-1")
            .maps("actions", &[action.clone()]);
    };
    assert_eq!(
        paths("AddAlarmPolicyActions", Lenient, call),
        ["actions[0].trigger_status"]
    );
    let texts = |params: &mut Params| {
        params
            .text("security_group", "sg-1")
            .texts("rules", &["tcp"]);
    };
    assert_eq!(
        found("AddSecurityGroupRules", Lenient, texts)[0].expected,
        "an object"
    );
}

#[test]
fn text_may_stand_for_json_and_a_filter_for_a_list() {
    assert!(
        paths("DeleteProjects", Strict, |params| done(
            params.text("project_ids", "[\"pj-1\"]")
        ))
        .is_empty()
    );
    let filter = |params: &mut Params| {
        params.text("status", "running");
    };
    assert!(paths("DescribeInstances", Lenient, filter).is_empty());
    assert_eq!(paths("DescribeInstances", Strict, filter), ["status"]);
    assert_eq!(
        paths("StopInstances", Lenient, |params| done(
            params.text("instances", "i-1")
        )),
        ["instances"]
    );
}

#[test]
fn another_spelling_counts_as_the_parameter() {
    let call = |params: &mut Params| {
        params
            .text("project_member_id", "pm-1")
            .text("project_member_name", "x")
            .text("role_id", "gr-1")
            .text("project_id", "pj-1");
    };
    assert!(paths("ModifyProjectMemberAtrributes", Strict, call).is_empty());
}

#[test]
fn no_violation_shows_a_secret_or_what_may_hold_one() {
    const SECRET: &str = "hunter2hunter2";
    for (action, name) in [
        ("RunInstances", "login_passwd"),
        ("RunInstances", "userdata_value"),
        ("CreateServerCertificate", "private_key"),
        ("CreateSubUser", "passwd"),
        ("UploadUserDataAttachment", "attachment_content"),
    ] {
        for mode in [Lenient, Strict] {
            for value in [vec![SECRET], vec![SECRET, SECRET]] {
                let found = found(action, mode, |params| done(params.texts(name, &value)));
                assert!(
                    found.iter().any(|violation| violation.path == name),
                    "{action}"
                );
                assert!(!format!("{found:?}").contains(SECRET), "{action}");
            }
        }
    }
    // A list where text is wanted, and text with an assignment in it.
    let found = found("DescribeInstances", Lenient, |params| {
        done(params.text("limit", "password=hunter2"))
    });
    assert_eq!(found[0].got, "text");
}

#[test]
fn a_damaged_tree_is_left_to_the_signer() {
    for tree in [
        &[][..],
        &[6],
        &[6, 8, 200, 1],
        &[255],
        &[6, 8, 1, b'x', 5, 5, 5],
    ] {
        for mode in [Lenient, Strict] {
            let _ = violations("StopInstances", tree, None, mode);
        }
    }
}

/// Every example request of the project pages, as its page prints it.
#[test]
fn the_published_examples_are_right() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/examples.json");
    let pages: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut count = 0;
    for (action, examples) in pages.as_object().unwrap() {
        for request in examples
            .as_array()
            .unwrap()
            .iter()
            .map(|example| example["request"].as_object().unwrap())
        {
            // The page of one action prints a request of another.
            if request["action"] != action.as_str() {
                continue;
            }
            let tree = params(|params| {
                for (name, value) in request.iter().filter(|(name, _)| *name != "action") {
                    params.text(
                        name,
                        &value
                            .as_str()
                            .map_or_else(|| value.to_string(), ToString::to_string),
                    );
                }
            });
            let found = violations(action, &tree, None, Lenient);
            assert!(found.is_empty(), "{action}: {found:?}");
            count += 1;
        }
    }
    assert!(count >= 19, "{count}");
}
