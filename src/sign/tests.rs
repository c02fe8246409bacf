//! The signer against answers that come from outside this crate, step by step.

use super::*;
use alloc::format;
use alloc::string::ToString;
use alloc::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

mod written;

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or_else(|| panic!("{field}"))
}

/// The action and, apart from it, the parameters.
fn split(input: &Value) -> (String, Value) {
    let mut fields = input.as_object().unwrap().clone();
    let action = fields.remove("action").unwrap();
    (action.as_str().unwrap().into(), Value::Object(fields))
}

/// A call at the beginning of 1970 that names nothing else.
fn call_of<'a>(action: &'a str, tree: &'a [u8]) -> Call<'a> {
    Call {
        action,
        tree,
        method: None,
        zone: None,
        request_id: None,
        unix_seconds: 0,
        expires_in_seconds: None,
    }
}

fn assert_agrees(vector: &Value, secret: &str, input: &Value) {
    let id = &vector["id"];
    let origin = vector["origin"]
        .as_str()
        .unwrap_or("https://api.qingcloud.com");
    let settings = Settings {
        access_key_id: text(vector, "access_key_id").into(),
        token: vector["token"].as_str().map(Into::into),
        endpoint: Some(
            Endpoint::parse(&format!("{origin}{}", text(vector, "path")), false).unwrap(),
        ),
        zone: None,
        signature_method: SignatureMethod::from_name(text(vector, "signature_method")).unwrap(),
        signature_version: vector["signature_version"]
            .as_u64()
            .map(|version| version as u8),
        expires_in_seconds: None,
    };
    let mut signer = Signer::new(settings, secret.into()).unwrap();
    let (action, params) = split(input);
    let mut scratch = Scratch::default();
    let signed = signer
        .sign(
            &Call {
                action: &action,
                tree: &writer::json::tree(&params),
                method: Some(match text(vector, "method") {
                    "POST" => Method::Post,
                    _ => Method::Get,
                }),
                zone: None,
                request_id: None,
                unix_seconds: time::parse(text(vector, "time_stamp").as_bytes()).unwrap(),
                expires_in_seconds: None,
            },
            &mut scratch,
        )
        .unwrap_or_else(|error| panic!("{id}: {error}"));
    assert_eq!(
        signed.canonical_query(),
        text(vector, "canonical_query"),
        "{id}"
    );
    assert_eq!(
        signed.string_to_sign(),
        text(vector, "string_to_sign"),
        "{id}"
    );
    let Some(signature) = vector["signature"].as_str() else {
        return;
    };
    assert_eq!(signed.signature(), signature, "{id}");
    match signed.body() {
        Some(body) => {
            assert_eq!(body, text(vector, "body"), "{id}");
            assert_eq!(
                signed.url(),
                format!("{origin}{}", text(vector, "path")),
                "{id}"
            );
        }
        None => assert_eq!(signed.url(), text(vector, "url"), "{id}"),
    }
}

#[test]
fn every_vector_of_the_official_sdk_agrees_from_input_and_from_flat() {
    let set: Value = serde_json::from_str(include_str!("vectors/signing.json")).unwrap();
    let vectors = set["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 120);
    for vector in vectors {
        let secret = text(vector, "secret_access_key");
        assert_agrees(vector, secret, &vector["input"]);
        assert_agrees(vector, secret, &vector["flat"]);
    }
}

#[test]
fn the_published_examples_agree() {
    let set: Value = serde_json::from_str(include_str!("vectors/published.json")).unwrap();
    for vector in set["vectors"].as_array().unwrap() {
        assert_agrees(vector, text(&set, "secret_access_key"), &vector["input"]);
    }
}

/// The canonical query without the public parameters, or the refusal's message.
fn canonical(action: &str, params: &Value) -> Result<String, String> {
    let settings = Settings {
        access_key_id: "ID".into(),
        ..Settings::default()
    };
    let mut signer = Signer::new(settings, b"secret".to_vec()).unwrap();
    let mut scratch = Scratch::default();
    let tree = writer::json::tree(params);
    let call = call_of(action, &tree);
    let signed = signer
        .sign(&call, &mut scratch)
        .map_err(|error| error.message)?;
    let public = [
        "access_key_id",
        "action",
        "signature_method",
        "signature_version",
        "time_stamp",
        "version",
    ];
    let pairs: Vec<String> = signed
        .canonical_query()
        .split('&')
        .filter(|pair| !public.contains(&pair.split_once('=').unwrap().0))
        .map(|pair| String::from_utf8(percent_decode(pair.as_bytes()).unwrap()).unwrap())
        .collect();
    Ok(pairs.join("&"))
}

#[test]
fn values_become_text_by_the_rules() {
    for (params, wanted) in [
        (json!({"a": null, "b": ""}), "b="),
        (json!({"a": true, "b": false}), "a=1&b=0"),
        (json!({"a": [true, 2, "x"]}), "a.1=1&a.2=2&a.3=x"),
        (json!({"a": []}), ""),
        (json!({"a": [{}, {"x": 1, "y": null}]}), "a.2.x=1"),
        (
            json!({"a": [{"x": [null, true, {"k": "é"}]}]}),
            r#"a.1.x=[null,true,{"k":"\u00e9"}]"#,
        ),
        (json!({"a": [{"x": true}]}), "a.1.x=1"),
        // As Python puts a name together: an empty field keeps its dot.
        (json!({"a": [{"": "x"}]}), "a.1.=x"),
        (json!({"__proto__": "x"}), "__proto__=x"),
    ] {
        assert_eq!(canonical("Unknown", &params).unwrap(), wanted, "{params}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_with_its_path() {
    for (params, word) in [
        (json!({"a": ["x", null]}), "a[1] is null"),
        (json!({"a": [["x"]]}), "a[0] is a list"),
        (json!({"a": {"x": 1}}), "\"a\" is an object"),
        (json!({"a": ["x"], "a.1": "y"}), "\"a.1\" is given twice"),
        (json!({"": "x"}), "empty name"),
        (
            json!({"signature": "x"}),
            "\"signature\" is set by the signer",
        ),
        (json!({"action": "x"}), "\"action\" is set by the signer"),
        (json!({"token": "x"}), "\"token\" is set by the signer"),
    ] {
        let message = canonical("Unknown", &params).unwrap_err();
        assert!(message.contains(word), "{params}: {message}");
    }
}

#[test]
fn a_caller_may_set_some_public_parameters() {
    let params = json!({"zone": "pek3", "expires": "2013-08-29T07:42:25Z", "req_id": "r"});
    assert_eq!(
        canonical("Unknown", &params).unwrap(),
        "expires=2013-08-29T07:42:25Z&req_id=r&zone=pek3"
    );
    let message = canonical("Unknown", &json!({"time_stamp": "t", "version": 3})).unwrap();
    assert_eq!(message, "");
}

#[test]
fn a_time_that_cannot_be_written_is_refused() {
    let settings = Settings {
        access_key_id: "ID".into(),
        ..Settings::default()
    };
    let mut signer = Signer::new(settings, b"secret".to_vec()).unwrap();
    let tree = Params::new().tree();
    for unix_seconds in [i64::MIN, 253_402_300_800] {
        let call = Call {
            unix_seconds,
            ..call_of("DescribeZones", &tree)
        };
        assert!(signer.sign(&call, &mut Scratch::default()).is_err());
    }
}

#[test]
fn an_empty_key_is_refused() {
    let id = |id: &str| Settings {
        access_key_id: id.into(),
        ..Settings::default()
    };
    assert!(Signer::new(id(""), b"secret".to_vec()).is_err());
    assert!(Signer::new(id("ID"), Vec::new()).is_err());
    let version = Settings {
        signature_version: Some(3),
        ..id("ID")
    };
    assert!(Signer::new(version, b"secret".to_vec()).is_err());
}

fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_order_of_the_input_gives_one_signature(
        entries in prop::collection::btree_map("[a-z.0-9_é]{1,6}", any::<String>(), 0..12),
        seed: u64,
    ) {
        let given: Vec<(String, String)> = entries.into_iter().collect();
        let mut shuffled = given.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        let signed = |entries: &[(String, String)]| {
            let mut params = Params::new();
            for (name, value) in entries {
                params.text(name, value);
            }
            let settings = Settings { access_key_id: "ID".into(), ..Settings::default() };
            let mut signer = Signer::new(settings, b"secret".to_vec()).unwrap();
            let tree = params.tree();
            let call = call_of("Unknown", &tree);
            signer.sign(&call, &mut Scratch::default()).map(|signed| signed.text().to_string())
        };
        prop_assert_eq!(signed(&given), signed(&shuffled));
    }

    #[test]
    fn a_signer_that_has_signed_others_signs_as_a_new_one(
        calls in prop::collection::vec((
            prop::collection::btree_map("[a-c]|status|project_id", any_value(), 0..3),
            prop::sample::select(vec!["Unknown", "CreateProject", "DescribeGroupRoles"]),
            prop::option::of(prop::sample::select(vec!["", "pek3"])),
            prop::option::of(prop::sample::select(vec!["", "r-1"])),
            prop::option::of(0u32..3),
        ), 1..100),
    ) {
        let new = || {
            let settings = Settings { access_key_id: "ID".into(), ..Settings::default() };
            Signer::new(settings, b"secret".to_vec()).unwrap()
        };
        let (mut used, mut scratch) = (new(), Scratch::default());
        for (at, (fields, action, zone, request_id, expires_in_seconds)) in calls.into_iter().enumerate() {
            let fields = fields.into_iter().collect();
            let call = Call {
                action, tree: &writer::json::tree(&Value::Object(fields)), method: None, zone,
                request_id, unix_seconds: at as i64, expires_in_seconds,
            };
            let text = |signer: &mut Signer, scratch: &mut Scratch| {
                signer.sign(&call, scratch).map(|signed| signed.text().to_string())
            };
            let wanted = text(&mut new(), &mut Scratch::default());
            prop_assert_eq!(text(&mut used, &mut scratch), wanted.clone());
            // By now the shape is known.
            prop_assert_eq!(text(&mut used, &mut scratch), wanted);
        }
    }

    #[test]
    fn any_parameters_are_signed_or_refused(fields in prop::collection::btree_map(any::<String>(), any_value(), 0..6)) {
        let params: Map<String, Value> = fields.into_iter().collect();
        let _ = canonical("CreateProject", &Value::Object(params));
    }

    #[test]
    fn a_damaged_tree_is_signed_or_refused(tree: Vec<u8>) {
        let settings = Settings { access_key_id: "ID".into(), ..Settings::default() };
        let mut signer = Signer::new(settings, b"secret".to_vec()).unwrap();
        let call = call_of("Unknown", &tree);
        let _ = signer.sign(&call, &mut Scratch::default());
    }
}

#[test]
fn more_shapes_than_a_signer_remembers_are_signed_right() {
    let settings = || Settings {
        access_key_id: "ID".into(),
        ..Settings::default()
    };
    let mut used = Signer::new(settings(), b"secret".to_vec()).unwrap();
    let mut scratch = Scratch::default();
    for round in 0..3 {
        for number in 0..100 {
            let mut params = Params::new();
            params.text(&format!("name{number}"), &format!("{round}"));
            let tree = params.tree();
            let call = call_of("Unknown", &tree);
            let mut new = Signer::new(settings(), b"secret".to_vec()).unwrap();
            let mut other = Scratch::default();
            let wanted = new.sign(&call, &mut other).unwrap().text().to_string();
            assert_eq!(used.sign(&call, &mut scratch).unwrap().text(), wanted);
        }
    }
}

#[test]
fn a_callers_own_zone_and_req_id_take_the_place_of_the_signers() {
    let settings = Settings {
        access_key_id: "ID".into(),
        zone: Some("pek3".into()),
        ..Settings::default()
    };
    let mut signer = Signer::new(settings, b"secret".to_vec()).unwrap();
    let mut sent = |params: &Params| {
        let call = Call {
            action: "DescribeZones",
            tree: &params.tree(),
            method: None,
            zone: None,
            request_id: Some("ours"),
            unix_seconds: 0,
            expires_in_seconds: None,
        };
        let mut scratch = Scratch::default();
        let address = alloc::format!("{}?", signer.url());
        let signed = signer.sign(&call, &mut scratch).unwrap();
        assert_eq!(signed.len(), signed.text().len());
        assert!(signed.text().starts_with(&address));
        signed.canonical_query().to_string()
    };
    let none = sent(&Params::new());
    assert!(none.contains("&req_id=ours&") && none.ends_with("&zone=pek3"));
    let own = sent(Params::new().text("zone", "gd2").text("req_id", "own"));
    assert!(own.contains("&req_id=own&") && own.ends_with("&zone=gd2"));
    assert!(!own.contains("ours") && !own.contains("pek3"));
}

#[test]
fn requests_go_to_the_address_of_the_endpoint() {
    let settings = Settings {
        access_key_id: "ID".into(),
        endpoint: Some(Endpoint::parse("https://api.example:8443/iaas/", false).unwrap()),
        ..Settings::default()
    };
    let signer = Signer::new(settings, b"secret".to_vec()).unwrap();
    assert_eq!(signer.url(), "https://api.example:8443/iaas/");
}

#[test]
fn a_signers_expires_holds_for_the_calls_that_name_none() {
    let settings = Settings {
        access_key_id: "ID".into(),
        expires_in_seconds: Some(60),
        ..Settings::default()
    };
    let mut signer = Signer::new(settings, b"secret".to_vec()).unwrap();
    let tree = Params::new().tree();
    let mut expires = |expires_in_seconds| {
        let call = Call {
            expires_in_seconds,
            ..call_of("DescribeZones", &tree)
        };
        let mut scratch = Scratch::default();
        let url = String::from(signer.sign(&call, &mut scratch).unwrap().url());
        url.contains("&expires=1970-01-01T00%3A01%3A00Z&")
    };
    assert!(expires(None));
    assert!(!expires(Some(61)));
    assert!(expires(Some(60)));
}
