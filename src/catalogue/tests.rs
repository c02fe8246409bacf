//! The packed table against the files it is made from.

use super::{Action, Class, Encoding, Field, Parameter, Required, Type, actions, encoding, find};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::format;
use std::path::PathBuf;
use std::string::{String, ToString};
use std::vec::Vec;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/catalogue")
}

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The actions of every file, by name.
fn files() -> Vec<(String, Value)> {
    let entries = std::fs::read_dir(folder().join("actions")).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| (name.clone(), read(&format!("actions/{name}"))))
        .collect()
}

fn by_name() -> BTreeMap<String, Value> {
    let actions = files()
        .into_iter()
        .flat_map(|(_, file)| list(&file["actions"]).to_vec());
    actions
        .map(|action| (text(&action["action"]).to_string(), action))
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn names(fields: &[Value]) -> Vec<&str> {
    fields.iter().map(|field| text(&field["name"])).collect()
}

fn type_of(name: &str) -> Type {
    match name {
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "timestamp" => Type::Timestamp,
        "array" => Type::Array,
        "object" => Type::Object,
        "json" => Type::Json,
        other => panic!("unknown type {other}"),
    }
}

#[test]
fn every_file_is_named_for_its_service_and_sorted_without_doubles() {
    let mut seen = BTreeSet::new();
    for (name, file) in files() {
        assert_eq!(name, format!("{}.json", text(&file["service"])));
        let actions: Vec<_> = list(&file["actions"])
            .iter()
            .map(|action| text(&action["action"]))
            .collect();
        assert!(actions.is_sorted(), "{name}");
        for action in list(&file["actions"]) {
            let own = text(&action["action"]);
            assert!(seen.insert(own.to_string()), "{own} stands twice");
            for part in ["parameters", "answer"] {
                let names = names(list(&action[part]));
                assert!(
                    names.is_sorted_by(|a, b| a < b),
                    "{own}: {part} are not sorted or stand twice"
                );
            }
        }
    }
}

#[test]
fn the_counts_are_those_of_the_documentation() {
    let actions = by_name();
    assert_eq!(actions.len(), 414);
    let statuses = read("statuses.json");
    assert_eq!(read("structures.json").as_object().unwrap().len(), 114);
    assert_eq!(list(&read("codes.json")).len(), 43);
    assert_eq!(statuses.as_object().unwrap().len(), 28);
    let zones = read("zones.json");
    assert_eq!(
        (list(&zones["current"]).len(), list(&zones["older"]).len()),
        (10, 5)
    );

    let parameters = || {
        actions
            .values()
            .flat_map(|action| list(&action["parameters"]))
    };
    let encoded = |encodings: &[&str]| {
        parameters()
            .filter(|parameter| encodings.contains(&text(&parameter["encoding"])))
            .count()
    };
    assert_eq!(parameters().count(), 2097);
    assert_eq!(encoded(&["indexed"]), 395);
    assert_eq!(encoded(&["json", "json_in_project"]), 22);
    assert_eq!(
        parameters()
            .filter(|parameter| parameter["type"] == "boolean")
            .count(),
        3
    );
    assert_eq!(
        actions
            .values()
            .filter(|action| action["class"] != "read")
            .count(),
        305
    );
    assert_eq!(
        actions
            .values()
            .filter(|action| action["answer"].is_array())
            .count(),
        398
    );
}

#[test]
fn every_encoding_of_the_files_is_the_one_that_signing_uses() {
    for (name, action) in by_name() {
        for parameter in list(&action["parameters"]) {
            let expected = match (text(&parameter["encoding"]), text(&parameter["type"])) {
                ("json", _) => Encoding::Json,
                ("json_in_project", _) => Encoding::JsonInProject,
                (_, "boolean") => Encoding::Boolean,
                _ => Encoding::Indexed,
            };
            let parameter = text(&parameter["name"]);
            assert_eq!(encoding(&name, parameter), expected, "{name}.{parameter}");
        }
    }
}

#[test]
fn every_structure_that_a_field_names_exists() {
    fn check(field: &Value, structures: &Value, place: &str) {
        let is_scalar = |name: &str| {
            matches!(
                name,
                "string"
                    | "integer"
                    | "number"
                    | "boolean"
                    | "timestamp"
                    | "object"
                    | "json"
                    | "array"
            )
        };
        for of in [&field["items"], &field["map_of"]] {
            match of {
                Value::Null => {}
                Value::String(name) => assert!(
                    is_scalar(name) || structures.get(name).is_some(),
                    "{place}: {name}"
                ),
                nested => check(nested, structures, place),
            }
        }
        list(&field["fields"])
            .iter()
            .for_each(|field| check(field, structures, place));
    }
    let structures = read("structures.json");
    for (name, fields) in structures.as_object().unwrap() {
        assert!(
            names(list(fields)).is_sorted_by(|a, b| a < b),
            "{name} is not sorted"
        );
        list(fields)
            .iter()
            .for_each(|field| check(field, &structures, name));
    }
    for (name, action) in by_name() {
        let fields = list(&action["parameters"])
            .iter()
            .chain(list(&action["answer"]));
        fields.for_each(|field| check(field, &structures, &name));
    }
}

#[test]
fn the_table_knows_exactly_the_actions_of_the_files() {
    let files = by_name();
    let known: Vec<_> = actions().map(|action| action.name()).collect();
    assert!(known.iter().copied().eq(files.keys().map(String::as_str)));
    for name in &known {
        assert_eq!(find(name).map(|action| action.name()), Some(*name));
    }
    for name in [
        "",
        "A",
        "Run",
        "RunInstance",
        "RunInstancesX",
        "runinstances",
        "zzz",
        "名",
    ] {
        assert!(find(name).is_none(), "{name}");
    }
}

#[test]
fn the_table_says_of_each_action_what_its_file_says() {
    let structures = read("structures.json");
    for (service, file) in files() {
        for expected in list(&file["actions"]) {
            let action = find(text(&expected["action"])).unwrap();
            let name = action.name();
            assert_eq!(format!("{}.json", action.service()), service);
            let class = match action.class() {
                Class::Read => "read",
                Class::Change => "change",
                Class::Create => "create",
                Class::Destroy => "destroy",
            };
            assert_eq!(class, expected["class"], "{name}");
            assert_eq!(
                action.repeatable(),
                expected["repeatable"] == true,
                "{name}"
            );
            assert_eq!(action.job_field(), expected["job"].as_str(), "{name}");
            assert_eq!(
                action.has_known_answer(),
                expected["answer"].is_array(),
                "{name}"
            );
            assert_eq!(
                action.list_field(),
                expected["list"]["field"].as_str(),
                "{name}"
            );
            assert_eq!(action.id_field(), expected["list"]["id"].as_str(), "{name}");
            let parameters = list(&expected["parameters"]);
            let has = |name: &str| names(parameters).contains(&name);
            assert_eq!(
                action.is_paged(),
                expected["list"].is_object() && has("offset") && has("limit"),
                "{name}"
            );
            assert_eq!(
                action.has_total_count(),
                names(list(&expected["answer"])).contains(&"total_count"),
                "{name}"
            );
            check_read_back(&action, &expected["read_back"]);
            let mut found: Vec<_> = action
                .parameters()
                .map(|parameter| parameter.name())
                .collect();
            found.sort_unstable();
            assert_eq!(found, names(parameters), "{name}");
            for expected in parameters {
                check_parameter(
                    &action,
                    &action.parameter(text(&expected["name"])).unwrap(),
                    expected,
                    &structures,
                );
            }
            let mut found: Vec<_> = action.answer().collect();
            found.sort_unstable_by_key(Field::name);
            assert_eq!(found.len(), list(&expected["answer"]).len(), "{name}");
            for (field, answer) in found.iter().zip(list(&expected["answer"])) {
                let depth = usize::from(answer["name"] == expected["list"]["field"]);
                check_field(field, answer, &structures, depth, name);
            }
        }
    }
}

fn check_read_back(action: &Action, expected: &Value) {
    let found = action.read_back();
    assert_eq!(
        found.map(|read| read.action()),
        expected["action"].as_str(),
        "{}",
        action.name()
    );
    let pairs = found.into_iter().flat_map(|read| read.parameters());
    let pairs: Vec<_> = pairs.map(|(from, to)| (to.name(), from.name())).collect();
    let expected = expected["parameters"].as_object().into_iter().flatten();
    let expected: Vec<_> = expected
        .map(|(to, from)| (to.as_str(), text(from)))
        .collect();
    assert_eq!(pairs, expected, "{}", action.name());
}

fn check_parameter(action: &Action, found: &Parameter, expected: &Value, structures: &Value) {
    let place = format!("{}.{}", action.name(), found.name());
    let required = match text(&expected["required"]) {
        _ if expected["account_level_optional"] == true => Required::No,
        "documented" => Required::Documented,
        "one_source" => Required::OneSource,
        _ => Required::No,
    };
    assert_eq!(found.required(), required, "{place}");
    assert_eq!(found.is_common(), expected["common"] == true, "{place}");
    assert_eq!(found.is_secret(), expected["secret"] == true, "{place}");
    assert_eq!(
        found.aliases().collect::<Vec<_>>(),
        list(&expected["aliases"]),
        "{place}"
    );
    assert_eq!(
        found.item_required().collect::<Vec<_>>(),
        list(&expected["item_required"]),
        "{place}"
    );
    let evidence = match text(&expected["item_evidence"]) {
        "documented" => Required::Documented,
        "one_source" => Required::OneSource,
        _ => Required::No,
    };
    assert_eq!(found.item_evidence(), evidence, "{place}");
    let values = list(&expected["enum"]).iter().map(|value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_string)
    });
    assert!(found.enum_values().eq(values), "{place}");
    check_field(&found.as_field(), expected, structures, 1, &place);
}

/// `depth`: how many structures inside each other the small table has here.
fn check_field(found: &Field, expected: &Value, structures: &Value, depth: usize, place: &str) {
    let place = format!("{place}.{}", found.name());
    assert_eq!(found.name(), expected["name"], "{place}");
    assert_eq!(found.type_(), type_of(text(&expected["type"])), "{place}");
    assert_eq!(found.is_secret(), expected["secret"] == true, "{place}");
    let items = text(&expected["items"]);
    if expected["type"] == "array" {
        let item = if structures.get(items).is_some() || expected["fields"].is_array() {
            Type::Object
        } else {
            type_of(items)
        };
        assert_eq!(found.item_type(), Some(item), "{place}");
    }
    let deep = cfg!(feature = "emulator");
    if depth == 0 && !deep {
        return;
    }
    let fields = if expected["fields"].is_array() {
        &expected["fields"]
    } else {
        &structures[items]
    };
    let mut inside: Vec<_> = found.fields().collect();
    inside.sort_unstable_by_key(Field::name);
    assert_eq!(inside.len(), list(fields).len(), "{place}");
    // A structure may hold itself; the names repeat then.
    if place.split('.').count() < 6 {
        for (field, expected) in inside.iter().zip(list(fields)) {
            check_field(field, expected, structures, depth.saturating_sub(1), &place);
        }
    }
    if deep {
        match (&expected["map_of"], found.map_of()) {
            (Value::Null, None) => {}
            (Value::String(of), Some(values)) if structures.get(of).is_some() => {
                check_names(values.fields(), &structures[of], &place);
            }
            (Value::String(of), Some(values)) => assert_eq!(values.type_(), type_of(of), "{place}"),
            (of, Some(values)) => {
                assert_eq!(values.type_(), type_of(text(&of["type"])), "{place}");
                let fields = &of["fields"];
                let of = if fields.is_array() {
                    fields
                } else {
                    &structures[text(&of["items"])]
                };
                check_names(values.fields(), of, &place);
            }
            (_, None) => panic!("{place} is a map"),
        }
    }
}

fn check_names(found: impl Iterator<Item = Field>, expected: &Value, place: &str) {
    let mut found: Vec<_> = found.map(|field| field.name()).collect();
    found.sort_unstable();
    assert_eq!(found, names(list(expected)), "{place}");
}

#[test]
fn these_and_no_other_parameters_are_secret() {
    let secrets = actions().flat_map(|action| {
        let parameters = action.parameters().filter(Parameter::is_secret);
        parameters
            .map(move |parameter| format!("{}.{}", action.name(), parameter.name()))
            .collect::<Vec<_>>()
    });
    let expected = [
        "CreateMongo.mongo_password",
        "CreateRDB.rdb_password",
        "CreateS2Account.smb_passwd",
        "CreateServerCertificate.private_key",
        "CreateSubUser.passwd",
        "ModifyS2Account.smb_passwd",
        "ModifySubUserAttributes.passwd",
        "ResetInstances.login_passwd",
        "RunInstances.login_passwd",
        "RunInstances.userdata_value",
        "UploadUserDataAttachment.attachment_content",
    ];
    assert_eq!(secrets.collect::<Vec<_>>(), expected);
}

#[test]
fn nothing_that_makes_or_sends_something_may_be_repeated() {
    const MAKERS: [&str; 14] = [
        "Add", "Allocate", "Capture", "Clone", "Copy", "Create", "Deploy", "Reset", "Restart",
        "Restore", "Run", "Send", "Upgrade", "Upload",
    ];
    for action in actions() {
        let name = action.name();
        let makes = MAKERS.iter().any(|verb| name.starts_with(verb));
        assert!(!(makes && action.repeatable()), "{name}");
        assert!(
            action.class() != Class::Create || !action.repeatable(),
            "{name}"
        );
        assert!(
            action.class() != Class::Read || action.repeatable(),
            "{name}"
        );
        assert_eq!(
            action.class() == Class::Read,
            name.starts_with("Describe") || name.starts_with("Get"),
            "{name}"
        );
    }
}

#[test]
fn a_read_back_takes_the_ids_of_the_call() {
    let pairs = find("AssociateEip").unwrap().read_back().unwrap();
    assert_eq!(pairs.action(), "DescribeEips");
    let (from, to) = pairs.parameters().next().unwrap();
    assert_eq!((from.name(), to.name()), ("eip", "eips"));
    assert!(find("DescribeEips").unwrap().read_back().is_none());
    assert!(
        find("RunInstances")
            .unwrap()
            .read_back()
            .unwrap()
            .parameters()
            .next()
            .is_none()
    );
}

#[test]
fn every_status_set_names_a_list_that_its_read_has() {
    for statuses in super::statuses() {
        let Some(read) = statuses.read else { continue };
        let action = find(read).unwrap();
        assert_eq!(action.list_field(), statuses.list_field, "{read}");
        assert_eq!(action.id_field(), statuses.id_field, "{read}");
        assert_eq!(super::end_statuses(read), statuses.end, "{read}");
        for status in statuses
            .transitions
            .iter()
            .flat_map(|change| change.from.iter().chain(&change.to))
        {
            assert!(statuses.status.contains(status), "{read}: {status}");
        }
    }
    assert_eq!(
        super::end_statuses("DescribeJobs"),
        ["successful", "failed", "done with failure"]
    );
    assert_eq!(super::end_statuses("NoSuchAction"), [""; 0]);
}

#[test]
fn every_return_code_can_be_looked_up() {
    for code in super::return_codes() {
        assert_eq!(super::return_code(code.code).as_ref(), Some(code));
    }
    assert!(super::return_code(0).is_none());
    assert!(
        super::zones()
            .iter()
            .any(|zone| zone.id == "pek3" && zone.current)
    );
}

#[test]
fn every_return_code_and_service_is_described_in_both_languages() {
    let described = read("descriptions.json");
    let both = |texts: &Value| !text(&texts["en"]).is_empty() && !text(&texts["zh"]).is_empty();
    for code in super::return_codes() {
        let texts = &described["codes"][code.code.to_string()];
        assert!(
            both(&texts["cause"]) && both(&texts["mend"]),
            "{}",
            code.code
        );
        assert!(
            !code.mend.ends_with('.') && !code.mend.is_empty(),
            "{}",
            code.code
        );
    }
    for (_, file) in files() {
        assert!(
            both(&described["services"][text(&file["service"])]),
            "{}",
            file["service"]
        );
    }
}

#[test]
fn descriptions_are_of_things_that_exist() {
    let described = read("descriptions.json");
    let actions = by_name();
    let entries = |section: &str| described[section].as_object().unwrap().clone();
    for (name, texts) in entries("actions") {
        assert!(actions.contains_key(&name), "{name}");
        assert!(
            !text(&texts["en"]).is_empty() && !text(&texts["zh"]).is_empty(),
            "{name}"
        );
    }
    assert!(entries("actions").len() >= 60);
    let project = list(&read("actions/project.json")["actions"]).to_vec();
    for action in project {
        assert!(
            entries("actions").contains_key(text(&action["action"])),
            "{}",
            action["action"]
        );
    }
    for (name, _) in entries("parameters").into_iter().chain(entries("filters")) {
        let known = |action: &Value| names(list(&action["parameters"])).contains(&name.as_str());
        assert!(actions.values().any(known), "{name}");
    }
}
