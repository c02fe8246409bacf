//! Every parameter of the catalogue on the wire: what the signer sends for it.

use crate::catalogue::{self, Encoding, Type};
use crate::sign::{Call, Scratch, Settings, Signer, percent_decode, writer::json};
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use serde_json::{Map, Value, json};

/// The parameters of the signed request, decoded.
fn sent(action: &str, params: &Value) -> BTreeMap<String, String> {
    let settings = Settings {
        access_key_id: "QYACCESSKEYIDEXAMPLE".into(),
        ..Settings::default()
    };
    let mut signer = Signer::new(settings, b"SECRETACCESSKEY".to_vec()).unwrap();
    let call = Call {
        action,
        tree: &json::tree(params),
        method: None,
        zone: None,
        request_id: None,
        unix_seconds: 0,
        expires_in_seconds: None,
    };
    let mut scratch = Scratch::default();
    let signed = signer
        .sign(&call, &mut scratch)
        .unwrap_or_else(|error| panic!("{action}: {error}"));
    let decode = |text: &str| String::from_utf8(percent_decode(text.as_bytes()).unwrap()).unwrap();
    let pairs = signed
        .canonical_query()
        .split('&')
        .map(|pair| pair.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[test]
fn every_list_is_sent_as_its_page_documents() {
    let (mut indexed, mut json) = (0, 0);
    for action in catalogue::actions() {
        for parameter in action.parameters() {
            if !matches!(parameter.type_(), Type::Array | Type::Json) {
                continue;
            }
            let (action, name) = (action.name(), parameter.name());
            let value = json!(["a", "b c"]);
            for project in [false, true] {
                let mut params = Map::from_iter([(name.to_string(), value.clone())]);
                // One action takes a list of projects under this name.
                if project && name != "project_id" {
                    params.insert("project_id".into(), "pj-1".into());
                }
                let sent = sent(action, &params.into());
                let is_json = match catalogue::encoding(action, name) {
                    Encoding::Json => true,
                    Encoding::JsonInProject => project,
                    _ => false,
                };
                if is_json {
                    assert_eq!(
                        sent.get(name).map(String::as_str),
                        Some(r#"["a","b c"]"#),
                        "{action}.{name}"
                    );
                } else {
                    assert_eq!(
                        sent.get(&format!("{name}.1")).map(String::as_str),
                        Some("a"),
                        "{action}.{name}"
                    );
                    assert_eq!(
                        sent.get(&format!("{name}.2")).map(String::as_str),
                        Some("b c"),
                        "{action}.{name}"
                    );
                    assert!(!sent.contains_key(name), "{action}.{name}");
                }
                (indexed, json) = if is_json {
                    (indexed, json + 1)
                } else {
                    (indexed + 1, json)
                };
            }
        }
    }
    // Twice 395 and twice 22, nine of which are indexed without a project.
    assert_eq!((indexed, json), (2 * 395 + 9, 2 * 22 - 9));
}

#[test]
fn maps_in_lists_are_sent_as_their_page_documents() {
    let rules = json!([{"protocol": "tcp", "priority": 1}, {"protocol": "udp"}]);
    let indexed = sent(
        "AddSecurityGroupRules",
        &json!({"security_group": "sg-1", "rules": rules}),
    );
    assert_eq!(indexed["rules.1.protocol"], "tcp");
    assert_eq!(indexed["rules.1.priority"], "1");
    assert_eq!(indexed["rules.2.protocol"], "udp");
    let pairs = json!([{"resource": "i-1", "meters": ["cpu", "memory"]}]);
    let nested = sent("GetMonitors", &json!({"resource_meters_pairs": pairs}));
    assert_eq!(
        nested["resource_meters_pairs.1.meters"],
        r#"["cpu","memory"]"#
    );
    let members = json!([{"role": "gr-1", "project_member_name": "名"}]);
    let json_text = sent("AddProjectMember", &json!({"project_members": members}));
    assert_eq!(
        json_text["project_members"],
        r#"[{"project_member_name":"\u540d","role":"gr-1"}]"#
    );
}

#[test]
fn one_action_goes_out_under_another_name() {
    assert_eq!(sent("GetRouterMonitor", &json!({}))["action"], "GetMonitor");
}

/// The published examples, given as a user would give them and compared with what the page prints.
#[test]
fn every_published_example_is_reproduced_parameter_by_parameter() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/examples.json");
    let pages: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut count = 0;
    for examples in pages.as_object().unwrap().values() {
        for example in examples.as_array().unwrap() {
            let mut printed = example["request"].as_object().unwrap().clone();
            let action = printed.remove("action").unwrap();
            let action = action.as_str().unwrap();
            let given = printed
                .iter()
                .map(|(name, text)| (name.clone(), natural(action, name, text.as_str().unwrap())));
            let sent = sent(action, &given.collect::<Map<_, _>>().into());
            for (name, text) in &printed {
                let text = text.as_str().unwrap();
                let is_json = !text.is_empty()
                    && matches!(
                        catalogue::encoding(action, name),
                        Encoding::Json | Encoding::JsonInProject
                    );
                if is_json {
                    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
                    assert_eq!(parse(&sent[name]), parse(text), "{action}.{name}");
                } else {
                    assert_eq!(sent[name], text, "{action}.{name}");
                }
            }
            count += 1;
        }
    }
    assert!(count >= 20, "{count}");
}

/// A printed value as a user would write it: a list, a number, a boolean.
fn natural(action: &str, name: &str, text: &str) -> Value {
    let parameter = catalogue::find(action)
        .unwrap()
        .parameter(name)
        .unwrap_or_else(|| panic!("{action}.{name}"));
    match parameter.type_() {
        Type::Array | Type::Json if !text.is_empty() => serde_json::from_str(text).unwrap(),
        Type::Integer => text.parse::<i64>().unwrap().into(),
        Type::Boolean => text.parse::<bool>().unwrap().into(),
        _ => text.into(),
    }
}
