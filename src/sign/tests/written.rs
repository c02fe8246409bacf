//! Calls as `pkg/request.js` and [`Params`] write them, and what the catalogue writes otherwise.

use super::*;

const NOTHING: &[u8] = &[6, 7];

/// A text or a number of a tree, its length in one byte.
fn short(tag: u8, text: &str) -> Vec<u8> {
    [&[tag, text.len() as u8], text.as_bytes()].concat()
}

fn signer() -> Signer {
    let settings = Settings {
        access_key_id: "ID".into(),
        ..Settings::default()
    };
    Signer::new(settings, b"secret".to_vec()).unwrap()
}

fn call<'a>(action: &'a str, tree: &'a [u8]) -> Call<'a> {
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

#[test]
fn the_fields_before_the_parameters_are_read_in_their_order() {
    let written = [
        short(1, "DescribeZones"),
        short(1, "pek3"),
        short(1, "r-1"),
        short(1, "POST"),
        short(2, "4294967295"),
        NOTHING.to_vec(),
    ]
    .concat();
    let call = Call::read(&written, 7).unwrap();
    assert_eq!(call.action, "DescribeZones");
    assert_eq!((call.zone, call.request_id), (Some("pek3"), Some("r-1")));
    assert_eq!(call.method, Some(Method::Post));
    assert_eq!(call.expires_in_seconds, Some(u32::MAX));
    assert_eq!((call.tree, call.unix_seconds), (NOTHING, 7));

    let bare = [short(1, "DescribeZones"), vec![0; 4], NOTHING.to_vec()].concat();
    let call = Call::read(&bare, 0).unwrap();
    assert_eq!((call.zone, call.request_id), (None, None));
    assert_eq!((call.method, call.expires_in_seconds), (None, None));
    assert_eq!(call.tree, NOTHING);

    let get = [
        short(1, "X"),
        vec![0; 2],
        short(1, "GET"),
        vec![0],
        NOTHING.to_vec(),
    ];
    assert_eq!(
        Call::read(&get.concat(), 0).unwrap().method,
        Some(Method::Get)
    );
}

#[test]
fn fields_of_another_kind_are_refused() {
    let text = || short(1, "X");
    for fields in [
        vec![vec![0; 5]],
        vec![short(2, "1"), vec![0; 4]],
        vec![text(), short(2, "1"), vec![0; 3]],
        vec![text(), vec![0; 2], text(), vec![0]],
        vec![text(), vec![0; 3], text()],
        vec![text(), vec![0; 3], short(2, "4294967296")],
        vec![text(), vec![0; 3], short(2, "1.5")],
        vec![text(), vec![0; 3], short(2, "-1")],
        vec![text(), vec![0; 3], short(2, "")],
        vec![text(), vec![0; 3]],
        vec![vec![1, 2, 0xff, 0xff], vec![0; 4]],
        vec![],
    ] {
        let error = Call::read(&fields.concat(), 0).err();
        assert_eq!(error.map(|error| error.kind), Some(Kind::Parameters));
    }
    let damaged = Call::read(&[], 0).unwrap_err();
    assert_eq!(damaged.to_string(), damaged.message);
    assert!(damaged.message.contains("damaged"));
}

#[test]
fn a_tree_that_is_cut_or_has_values_behind_its_end_is_no_panic() {
    let cut = [&[6][..], &short(8, "limit")].concat();
    assert!(writer::with_numbers(&cut, &[("offset", 20)]).is_err());
    assert!(tree::number_in(&cut, "offset").is_err());
    // Names whose values are missing, and whose map therefore ends before its reader thinks so.
    for behind in [short(1, "x"), short(2, "1"), vec![5, 7], vec![6, 7]] {
        let missing = [
            &[6][..],
            &short(8, "a"),
            &[7],
            &short(8, "b"),
            &behind,
            &[7],
        ]
        .concat();
        for action in ["Unknown", "DeleteProjects", "DescribeGroupRoles"] {
            let (mut signer, mut scratch) = (signer(), Scratch::default());
            let _ = signer.sign(&call(action, &missing), &mut scratch);
            let ids = [
                &[6][..],
                &short(8, "a"),
                &[7],
                &short(8, "project_ids"),
                &behind,
                &[7],
            ];
            let _ = signer.sign(&call(action, &ids.concat()), &mut scratch);
        }
    }
}

#[test]
fn a_map_whose_fields_overlap_is_refused() {
    // An unknown tag ends the inner map's first reading, and its second reads on.
    let damaged = [
        &[6][..],
        &short(8, "a"),
        &[6],
        &short(8, "b"),
        &[6],
        &short(8, "c"),
        &[250, 7, 7, 7],
    ];
    assert!(parameters_json(&damaged.concat()).is_err());
}

#[test]
fn a_nested_map_holds_names_with_values_and_nothing_else() {
    let tree = |inner: &[u8]| [&[6][..], &short(8, "a"), &[6], inner, &[7, 7]].concat();
    assert!(parameters_json(&tree(&[])).is_ok());
    // An end in a value's place would be the map's end to whoever only counts.
    for inner in [&[&short(8, "b")[..], &[7]].concat(), &short(4, "b")] {
        assert!(parameters_json(&tree(inner)).is_err(), "{inner:?}");
    }
}

#[test]
fn a_length_is_one_byte_below_255_and_else_five() {
    for length in [0, 1, 2, 253, 254, 255, 256, 70_000] {
        let value = "x".repeat(length);
        let tree = Params::new().text("n", &value).tree();
        let head: &[u8] = &if length < 255 {
            vec![6, 8, 1, b'n', 1, length as u8]
        } else {
            let long = (length as u32).to_le_bytes();
            [&[6, 8, 1, b'n', 1, 255][..], &long].concat()
        };
        assert_eq!(tree, [head, value.as_bytes(), &[7]].concat());
        let (mut signer, mut scratch) = (signer(), Scratch::default());
        let signed = signer.sign(&call("X", &tree), &mut scratch).unwrap();
        assert!(signed.canonical_query().contains(&format!("&n={value}&")));
    }
}

#[test]
fn numbers_keep_their_sign_and_nothing_else_is_written() {
    for (number, digits) in [
        (0, "0"),
        (-1, "-1"),
        (7, "7"),
        (i64::MIN, "-9223372036854775808"),
    ] {
        let tree = Params::new().number("n", number).tree();
        let wanted = [vec![6, 8, 1, b'n'], short(2, digits), vec![7]].concat();
        assert_eq!(tree, wanted);
    }
}

/// Each from the service's pages: JSON text, JSON text in a project alone, true and false.
#[test]
fn what_the_catalogue_writes_otherwise_is_written_so() {
    let list = json!(["a", "b"]);
    for (action, params, wanted) in [
        (
            "DeleteProjects",
            json!({"project_ids": ["pj-1"]}),
            r#"project_ids=["pj-1"]"#,
        ),
        (
            "DeleteProjects",
            json!({"project_ids": []}),
            "project_ids=[]",
        ),
        (
            "DeleteProjects",
            json!({"project_ids": {"b": 1, "a": [null]}}),
            r#"project_ids={"a":[null],"b":1}"#,
        ),
        (
            "DeleteProjects",
            json!({"project_ids": "as it is"}),
            "project_ids=as it is",
        ),
        (
            "DescribeProjects",
            json!({"project_ids": ["pj-1"], "shared": true, "status": ["active"]}),
            r#"project_ids=["pj-1"]&shared=true&status.1=active"#,
        ),
        (
            "DeleteProjects",
            json!({"project_ids": ["\u{7f}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\u{10ffff}"]}),
            r#"project_ids=["\u007f\u0080\u07ff\u0800\uffff\ud800\udc00\udbff\udfff"]"#,
        ),
        ("DescribeProjects", json!({"shared": false}), "shared=false"),
        ("DescribeProjects", json!({"shared": 1}), "shared=1"),
        ("CreateProject", json!({"selected": true}), "selected=true"),
        (
            "RunInstances",
            json!({"os_disk_encryption": false, "need_userdata": true}),
            "need_userdata=1&os_disk_encryption=false",
        ),
        (
            "DescribeGroupRoles",
            json!({"status": list}),
            "status.1=a&status.2=b",
        ),
        (
            "DescribeGroupRoles",
            json!({"status": list, "project_id": null}),
            "status.1=a&status.2=b",
        ),
        (
            "DescribeGroupRoles",
            json!({"status": list, "project_ids": ["pj-1"]}),
            "project_ids.1=pj-1&status.1=a&status.2=b",
        ),
        (
            "DescribeGroupRoles",
            json!({"a": {"project_id": "pj-1"}, "status": list}),
            "",
        ),
        (
            "DescribeGroupRoles",
            json!({"project_id": "pj-1", "status": list}),
            r#"project_id=pj-1&status=["a","b"]"#,
        ),
        (
            "DescribeGroupRoles",
            json!({"status": list, "zz": [{"x": [1]}], "project_id": "pj-1"}),
            "",
        ),
        (
            "Unknown",
            json!({"project_ids": list}),
            "project_ids.1=a&project_ids.2=b",
        ),
    ] {
        match canonical(action, &params) {
            Ok(sent) if wanted.is_empty() => {
                assert!(
                    sent.contains(r#"status=["a","b"]"#),
                    "{action} {params}: {sent}"
                );
            }
            Ok(sent) => assert_eq!(sent, wanted, "{action} {params}"),
            // An object by itself can be sent by no parameter but those of JSON.
            Err(message) => assert!(message.contains("\"a\" is an object"), "{message}"),
        }
    }
}

#[test]
fn the_two_actions_that_are_posted_are_and_one_goes_by_another_name() {
    let tree = Params::new().tree();
    let mut scratch = Scratch::default();
    for (action, method, sent_as) in [
        (
            "CreateServerCertificate",
            Method::Post,
            "CreateServerCertificate",
        ),
        (
            "UploadUserDataAttachment",
            Method::Post,
            "UploadUserDataAttachment",
        ),
        ("GetRouterMonitor", Method::Get, "GetMonitor"),
        ("DescribeZones", Method::Get, "DescribeZones"),
    ] {
        let mut signer = signer();
        let signed = signer.sign(&call(action, &tree), &mut scratch).unwrap();
        assert_eq!(signed.method(), method, "{action}");
        assert_eq!(signed.body().is_some(), method == Method::Post);
        assert!(
            signed
                .canonical_query()
                .contains(&format!("&action={sent_as}&"))
        );
        let text = signed.text().to_string();
        assert_eq!(scratch.out(), text.as_bytes());
        for asked in [Method::Get, Method::Post] {
            let method = Some(asked);
            let call = Call {
                method,
                ..call(action, &tree)
            };
            assert_eq!(signer.sign(&call, &mut scratch).unwrap().method(), asked);
        }
    }
}

#[test]
fn a_token_makes_it_version_2_unless_another_is_asked_for() {
    for (token, asked, sent) in [
        (None, None, 1),
        (Some("t"), None, 2),
        (Some("t"), Some(1), 1),
        (None, Some(2), 2),
    ] {
        let settings = Settings {
            access_key_id: "ID".into(),
            token: token.map(Into::into),
            signature_version: asked,
            ..Settings::default()
        };
        let mut signer = Signer::new(settings, b"secret".to_vec()).unwrap();
        let tree = Params::new().tree();
        let mut scratch = Scratch::default();
        let signed = signer.sign(&call("DescribeZones", &tree), &mut scratch);
        let query = signed.unwrap().canonical_query().to_string();
        assert!(
            query.contains(&format!("&signature_version={sent}&")),
            "{query}"
        );
        assert_eq!(query.contains("&token=t&"), token.is_some());
        assert_eq!(
            signer.endpoint().path(),
            if token.is_some() { "/iam/" } else { "/iaas/" }
        );
    }
}

#[test]
fn each_refused_address_is_told_what_is_wrong_with_it() {
    for (address, wrong) in [
        ("", "an absolute address"),
        ("api.example/iaas/", "an absolute address"),
        ("https:/api.example/", "an absolute address"),
        ("ftp://api.example/", "start with https://"),
        ("https://api.example/iaas/?a=1", "no query"),
        ("https://api.example/iaas/#a", "no query"),
        ("https://api.example?a", "no query"),
        ("https://user:pass@api.example/", "no user name"),
        ("https://@api.example/", "no user name"),
        ("https:///iaas/", "name a host"),
        ("https://\u{4e2d}\u{6587}/", "name a host"),
        ("https://api~.example/", "name a host"),
        ("https://[]/", "name a host"),
        ("https://[::g]/", "name a host"),
        ("https://api.example:/", "a port"),
        ("https://api.example:65536/", "a port"),
        ("https://api.example:1x/", "a port"),
        ("https://api.example/a/../b", "a path"),
        ("https://api.example/./", "a path"),
        ("https://api.example/%41", "a path"),
        ("https://api.example/a b", "a path"),
        ("http://api.example/", "plain http:"),
        ("http://localhost.example/", "plain http:"),
        ("http://xlocalhost/", "plain http:"),
        ("http://127.0.0.256/", "plain http:"),
        ("http://127.0.0/", "plain http:"),
        ("http://128.0.0.1/", "plain http:"),
        ("http://[::2]/", "plain http:"),
    ] {
        let error = Endpoint::parse(address, false).unwrap_err();
        assert_eq!(error.kind, Kind::Options);
        assert!(error.message.contains(wrong), "{address}: {error}");
    }
    for address in [
        "https://api.example:65535",
        "HTTPS://api.example:0/",
        "http://localhost:80/x",
        "http://a.LOCALHOST/",
        "http://127.255.0.1/iaas",
        "http://[::1]:8080/",
        "https://[1:2::3.4.5.6]/",
    ] {
        assert!(Endpoint::parse(address, false).is_ok(), "{address}");
    }
}

#[test]
fn debug_shows_no_parameter_and_no_signed_text() {
    let tree = Params::new().text("login_passwd", "Hunter2").tree();
    let (mut signer, mut scratch) = (signer(), Scratch::default());
    let shown = format!("{:?} {signer:?}", call("RunInstances", &tree));
    assert!(shown.contains("RunInstances") && shown.contains("\"ID\""));
    let signed = signer
        .sign(&call("RunInstances", &tree), &mut scratch)
        .unwrap();
    let shown = format!("{shown} {signed:?}");
    assert!(
        !shown.contains("Hunter2") && !shown.contains("signature="),
        "{shown}"
    );
}
