use crate::emulator::names::*;

use super::*;

/// The answer to a URL, at the desk's time.
fn get(desk: &mut Desk, url: &str) -> Value {
    let response = desk.emulator.handle(
        Incoming {
            method: "GET",
            url: url.as_bytes(),
            body: b"",
        },
        desk.now_ms,
    );
    serde_json::from_str(&response.body).expect("JSON")
}

#[test]
fn a_signed_request_is_answered() {
    let mut desk = Desk::new();
    desk.zone = "";
    let answer = desk.ok("DescribeZones", &[]);
    assert_eq!(answer["total_count"], 15);
    assert!(answer["zone_set"].as_array().is_some_and(|zones| {
        zones
            .iter()
            .any(|zone| zone["zone_id"] == "pek3a" && zone["status"] == "active")
    }));
}

#[test]
fn the_published_sample_passes_with_its_published_signature() {
    let mut desk = Desk::with(
        r#"{"accessKeys":[{"accessKeyId":"QYACCESSKEYIDEXAMPLE","secretAccessKey":"SECRETACCESSKEY"}]}"#,
    );
    desk.now_ms = 1_377_613_810_000;
    let url = "https://api.qingcloud.com/iaas/?access_key_id=QYACCESSKEYIDEXAMPLE&action=RunInstances&count=1&image_id=centos64x86a\
        &instance_name=demo&instance_type=small_b&login_mode=passwd&login_passwd=QingCloud20130712&signature_method=HmacSHA256\
        &signature_version=1&time_stamp=2013-08-27T14%3A30%3A10Z&version=1&vxnets.1=vxnet-0&zone=pek1\
        &signature=32bseYy39DOlatuewpeuW5vpmW51sD1A%2FJdGynqSpP8%3D";
    let answer = get(&mut desk, url);
    assert_eq!(answer["ret_code"], 0, "{answer}");
}

#[test]
fn a_changed_parameter_is_refused_with_the_string_to_sign_and_no_secret() {
    let mut desk = Desk::new();
    let params = [
        ("image_id", "centos7x64d"),
        ("login_mode", "passwd"),
        ("login_passwd", "Hunter2Hunter2"),
        ("count", "1"),
    ];
    let url = desk
        .url("RunInstances", &params)
        .replace("count=1", "count=2");
    let answer = get(&mut desk, &url);
    assert_eq!(answer["ret_code"], 1200);
    assert!(text(&answer["message"]).starts_with("AuthFailure, signature not matched"));
    let string = text(&answer["string_to_sign"]);
    assert!(
        string.starts_with("GET\n/iaas/\naccess_key_id=") && string.contains("&count=2&"),
        "{string}"
    );
    assert!(
        string.contains("login_passwd=***") && !answer.to_string().contains("Hunter2"),
        "{answer}"
    );
}

#[test]
fn an_unknown_key_is_refused_by_its_name() {
    let mut desk = Desk::new();
    desk.key.0 = "NOSUCHKEY".into();
    assert_eq!(
        desk.refused(1200, "DescribeZones", &[]),
        "AuthFailure, illegal access key [NOSUCHKEY]"
    );
}

#[test]
fn a_secret_that_came_as_the_id_is_shown_nowhere() {
    let mut desk = Desk::new();
    let secret = desk.key.1.clone();
    std::mem::swap(&mut desk.key.0, &mut desk.key.1);
    let message = desk.refused(1200, "DescribeZones", &[("search_word", &secret)]);
    assert!(
        message.contains("[***]") && message.contains("exchanged"),
        "{message}"
    );
    assert!(!message.contains(&secret) && !desk.emulator.requests().contains(&secret));
}

#[test]
fn a_secret_within_json_text_is_shown_nowhere() {
    let mut desk = Desk::new();
    desk.key.1.push('x');
    let conf = r#"{"cluster":{"db_password":"Topsecret9"}}"#;
    let url = desk.url("CreateCluster", &[("conf", conf)]);
    let answer = get(&mut desk, &url);
    assert!(
        text(&answer["string_to_sign"]).contains("conf=***"),
        "{answer}"
    );
    assert!(!answer.to_string().contains("Topsecret9"));
}

#[test]
fn a_value_that_is_no_text_is_refused_by_its_name() {
    let mut desk = Desk::new();
    let url = desk
        .url("RunInstances", &[])
        .replace("&signature=", "&login_passwd=MyPass%zz1&signature=");
    let message = text(&get(&mut desk, &url)["message"]);
    assert!(
        message.contains("the value of [login_passwd] is not percent-encoded UTF-8"),
        "{message}"
    );
    assert!(!message.contains("MyPass"));
}

#[test]
fn what_is_missing_of_the_public_parameters_is_named() {
    for name in [
        "access_key_id",
        "action",
        "signature_method",
        "signature_version",
        "time_stamp",
    ] {
        let message = Desk::new().refused(1100, "DescribeZones", &[(name, "-")]);
        assert!(message.contains(&format!("[{name}]")), "{message}");
    }
    let mut desk = Desk::new();
    let url = desk.url("DescribeZones", &[]);
    let url = url.split("&signature=").next().expect("a query");
    assert_eq!(get(&mut desk, url)["ret_code"], 1100);
}

#[test]
fn wrong_version_or_method_is_refused() {
    let mut desk = Desk::new();
    for (name, value) in [
        ("version", "2"),
        ("signature_version", "3"),
        ("signature_method", "HmacMD5"),
        ("time_stamp", "yesterday"),
    ] {
        let message = desk.refused(1100, "DescribeZones", &[(name, value)]);
        assert!(
            message.contains(name) && message.contains(value),
            "{message}"
        );
    }
    desk.ok("DescribeZones", &[("version", "-")]);
    let url = desk.url("DescribeZones", &[]);
    let response = desk.emulator.handle(
        Incoming {
            method: "DELETE",
            url: url.as_bytes(),
            body: b"",
        },
        NOW,
    );
    assert!(
        response.body.contains("\"ret_code\":1101"),
        "{}",
        response.body
    );
    let response = desk.emulator.handle(
        Incoming {
            method: "GET",
            url: url.replace("/iaas/", "/oops/").as_bytes(),
            body: b"",
        },
        NOW,
    );
    assert_eq!(
        (response.status, response.body.contains("\"ret_code\":1100")),
        (404, true),
        "{}",
        response.body
    );
}

#[test]
fn hmac_sha1_is_taken_when_it_says_so() {
    let desk = Desk::new();
    let mut pairs = Vec::from([
        ("action", "DescribeZones"),
        ("access_key_id", desk.key.0.as_str()),
        ("signature_method", "HmacSHA1"),
        ("signature_version", "1"),
        ("time_stamp", "2023-11-14T22:13:20Z"),
    ]);
    let query = query(&mut pairs);
    let key = Key::new(SignatureMethod::HmacSha1, desk.key.1.as_bytes().to_vec());
    let signature = key.sign(&[format!("GET\n/iaas/\n{query}").as_bytes()]);
    let mut desk = Desk::new();
    let answer = get(
        &mut desk,
        &format!("/iaas/?{query}&signature={}", encode(&signature)),
    );
    assert_eq!(answer["ret_code"], 0, "{answer}");
}

#[test]
fn a_time_stamp_may_be_sixty_seconds_off_and_no_more() {
    let mut desk = Desk::new();
    let url = desk.url("DescribeZones", &[]);
    for (late_ms, code) in [(60_999, 0), (61_000, 1300), (-60_000, 0), (-60_001, 1300)] {
        let response = desk.emulator.handle(
            Incoming {
                method: "GET",
                url: url.as_bytes(),
                body: b"",
            },
            NOW + late_ms,
        );
        assert!(
            response.body.contains(&format!("\"ret_code\":{code}")),
            "{late_ms}: {}",
            response.body
        );
    }
}

#[test]
fn expires_decides_instead_of_the_age_of_the_stamp() {
    let mut desk = Desk::new();
    let url = desk.url("DescribeZones", &[("expires", "2023-11-14T23:13:20Z")]);
    for (late_ms, code) in [(3_600_000, 0), (3_601_000, 1300)] {
        let response = desk.emulator.handle(
            Incoming {
                method: "GET",
                url: url.as_bytes(),
                body: b"",
            },
            NOW + late_ms,
        );
        assert!(
            response.body.contains(&format!("\"ret_code\":{code}")),
            "{late_ms}: {}",
            response.body
        );
    }
    desk.refused(1100, "DescribeZones", &[("expires", "soon")]);
}

#[test]
fn a_query_that_is_repaired_on_the_way_is_refused_although_it_means_the_same() {
    let params = [("search_word", "a b*")];
    for (right, wrong) in [
        ("%20", "+"),
        ("%2A", "*"),
        ("%2A", "%2a"),
        ("&version=1", "&&version=1"),
    ] {
        let mut desk = Desk::new();
        let url = desk.url("DescribeInstances", &params);
        let changed = url.replacen(right, wrong, 1);
        assert_ne!(url, changed);
        let answer = get(&mut desk, &changed);
        assert_eq!(answer["ret_code"], 1200, "{wrong}: {answer}");
        let mut lenient = Desk::with(r#"{"strictQuery":false}"#);
        assert_eq!(get(&mut lenient, &changed)["ret_code"], 0, "{wrong}");
    }
}

#[test]
fn a_refusal_names_what_was_repaired_on_the_way() {
    for (right, wrong, expected) in [
        ("&version=1", "&&version=1", "see the & that stands"),
        (
            "search_word=",
            "search_word",
            "see the = that a parameter lacks",
        ),
        (
            "time_stamp",
            "time%5Fstamp",
            "see the encoding of [time%5Fstamp]",
        ),
        (
            "limit=1&names%5Ba%5D=x",
            "names%5Ba%5D=x&limit=1",
            "see the order of",
        ),
    ] {
        let mut desk = Desk::new();
        let params = [("search_word", ""), ("limit", "1"), ("names[a]", "x")];
        let url = desk.url("DescribeInstances", &params);
        let changed = url.replacen(right, wrong, 1);
        assert_ne!(url, changed);
        let answer = get(&mut desk, &changed);
        assert_eq!(answer["ret_code"], 1200, "{wrong}: {answer}");
        let message = text(&answer["message"]);
        assert!(message.contains(expected), "{wrong}: {message}");
        // Behind the signature, too, and where names are encoded.
        assert_eq!(get(&mut desk, &format!("{url}&"))["ret_code"], 1200);
    }
}

#[test]
fn a_second_signature_is_refused_as_every_name_that_comes_twice() {
    let mut desk = Desk::new();
    let url = desk.url("DescribeZones", &[]);
    let answer = get(&mut desk, &format!("{url}&signature=x"));
    assert_eq!(answer["ret_code"], 1100);
    assert!(text(&answer["message"]).contains("[signature] is there twice"));
}

#[test]
fn the_order_of_the_query_is_part_of_its_form() {
    let mut desk = Desk::new();
    let url = desk.url("DescribeZones", &[]);
    let (path, query) = url.split_once('?').expect("a query");
    let mut parts: Vec<&str> = query.split('&').collect();
    parts.rotate_right(1);
    // The signature may stand anywhere.
    assert_eq!(
        get(&mut desk, &format!("{path}?{}", parts.join("&")))["ret_code"],
        0
    );
    parts.swap(1, 2);
    assert_eq!(
        get(&mut desk, &format!("{path}?{}", parts.join("&")))["ret_code"],
        1200
    );
}

#[test]
fn a_post_may_be_unsorted_and_form_encoded_as_the_official_sdk_sends_it() {
    let mut desk = Desk::new();
    let url = desk.url("DescribeInstances", &[("search_word", "a b")]);
    let query = url
        .split_once('?')
        .expect("a query")
        .1
        .rsplit_once("&signature=")
        .expect("a signature")
        .0;
    let signature = sign(&desk.key.1, &format!("POST\n/iaas/\n{query}"));
    let mut parts: Vec<&str> = query.split('&').collect();
    parts.reverse();
    let body = format!(
        "signature={}&{}",
        encode(&signature),
        parts.join("&").replace("%20", "+")
    );
    let response = desk.emulator.handle(
        Incoming {
            method: "POST",
            url: b"/iaas/",
            body: body.as_bytes(),
        },
        NOW,
    );
    assert!(
        response.body.contains("\"ret_code\":0"),
        "{}",
        response.body
    );
}

#[test]
fn a_key_with_a_token_calls_the_other_path() {
    let options = r#"{"accessKeys":[{"accessKeyId":"K","secretAccessKey":"s","token":"t-1"}]}"#;
    let mut desk = Desk::with(options);
    let message = desk.refused(1200, "DescribeZones", &[]);
    assert!(message.contains("token"), "{message}");
    let message = desk.refused(1200, "DescribeZones", &[("token", "t-1")]);
    assert!(message.contains("/iam/"), "{message}");
    let url = desk.url(
        "DescribeZones",
        &[("token", "t-1"), ("signature_version", "2")],
    );
    let query = url
        .split_once('?')
        .expect("a query")
        .1
        .rsplit_once("&signature=")
        .expect("a signature")
        .0;
    for path in ["/iam/", "/iam"] {
        let signature = sign("s", &format!("GET\n{path}\n{query}"));
        let answer = get(
            &mut desk,
            &format!("{path}?{query}&signature={}", encode(&signature)),
        );
        assert_eq!(answer["ret_code"], 0, "{answer}");
    }
}

#[test]
fn zones_are_checked_with_the_words_of_the_service() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.refused(1400, "DescribeInstances", &[("zone", "mars1")]),
        "PermissionDenied, access denied for zone [mars1]"
    );
    assert!(
        desk.refused(1100, "DescribeInstances", &[("zone", "-")])
            .contains("[zone]")
    );
    let mut desk = Desk::with(r#"{"zones":["mars1"]}"#);
    desk.ok("DescribeInstances", &[("zone", "mars1")]);
    desk.refused(1400, "DescribeInstances", &[]);
    assert_eq!(
        desk.ok("DescribeZones", &[("zone", "-")])["zone_set"][0]["zone_id"],
        "mars1"
    );
}

#[test]
fn parameters_are_checked_against_the_catalogue() {
    let mut desk = Desk::new();
    for (action, params, part) in [
        ("StopInstances", &[][..], "[instances]"),
        ("StopInstances", &[("instances", "i-1")], "[instances.1]"),
        ("StopInstances", &[("instances.x", "i-1")], "[instances.N]"),
        (
            "StopInstances",
            &[("instances.1", "i-1"), ("force", "yes")],
            "[force]",
        ),
        ("DeleteProjects", &[("project_ids.1", "pj-1")], "JSON"),
        (
            "DeleteProjects",
            &[("project_ids", "pj-1")],
            "[project_ids]",
        ),
        ("CreateVolumes", &[("size", "ten")], "[size]"),
        (
            "AddSecurityGroupRules",
            &[("security_group", "sg-1")],
            "[rules]",
        ),
    ] {
        let message = desk.refused(1100, action, params);
        assert!(message.contains(part), "{action}: {message}");
    }
    desk.ok("DescribeInstances", &[("parameter_of_tomorrow", "1")]);
}

#[test]
fn a_required_parameter_that_is_empty_is_missing_with_state_and_without() {
    let mut desk = Desk::new();
    for (action, params, missing) in [
        ("CreateVolumes", &[("size", "")][..], "size"),
        (
            "CreateCache",
            &[
                ("vxnet", ""),
                ("cache_size", "1"),
                ("cache_type", "redis2.8.17"),
            ],
            "vxnet",
        ),
        ("StopInstances", &[("instances.1", "")], "instances"),
        ("StopCaches", &[("caches.1", "")], "caches"),
        ("DeleteProjects", &[("project_ids", "[ ]")], "project_ids"),
    ] {
        let message = desk.refused(1100, action, params);
        assert!(
            message.contains(&format!("missing parameter [{missing}]")),
            "{action}: {message}"
        );
    }
}

#[test]
fn no_call_names_one_thing_twice() {
    let mut desk = Desk::new();
    let project = text(&desk.ok("CreateProject", &[])["project_id"]);
    let id = desk.instance();
    for (action, params) in [
        (
            "DeleteProjects",
            &[(
                "project_ids",
                format!("[\"{project}\",\"{project}\"]").as_str(),
            )][..],
        ),
        (
            "StopInstances",
            &[("instances.1", &id), ("instances.2", &id)],
        ),
        ("StopCaches", &[("caches.1", "c-1"), ("caches.2", "c-1")]),
        (
            "RunInstances",
            &[
                ("image_id", "centos7x64d"),
                ("login_mode", "passwd"),
                ("login_passwd", "Aa12345678"),
                ("vxnets.1", "vxnet-0"),
                ("vxnets.2", "vxnet-0"),
            ],
        ),
    ] {
        let message = desk.refused(1100, action, params);
        assert!(message.contains("twice"), "{action}: {message}");
    }
    // Who only asks may ask twice.
    let twice = [("instances.1", id.as_str()), ("instances.2", id.as_str())];
    assert_eq!(desk.ok("DescribeInstances", &twice)["total_count"], 1);
}

#[test]
fn an_action_that_is_not_there_is_refused_with_the_words_of_the_service() {
    let message = Desk::new().refused(1400, "AddLoadBalancerPolicyRule", &[]);
    assert!(
        message.starts_with("PermissionDenied, can't handle this request"),
        "{message}"
    );
    // Documented under this name, but never sent by it.
    Desk::new().refused(1400, "GetRouterMonitor", &[]);
}

#[test]
fn the_hourly_quota_ends_and_begins_anew() {
    let mut desk = Desk::with(r#"{"quotaPerHour":2}"#);
    desk.ok("DescribeZones", &[]);
    desk.ok("DescribeZones", &[]);
    assert!(
        desk.refused(2500, "DescribeZones", &[])
            .contains("too frequently")
    );
    desk.now_ms += 3_600_000;
    desk.ok("DescribeZones", &[]);
}

#[test]
fn what_came_is_kept_without_its_secrets() {
    let mut desk = Desk::with(r#"{"requestLog":2}"#);
    desk.ok("DescribeZones", &[]);
    desk.ok(
        "RunInstances",
        &[
            ("image_id", "centos7x64d"),
            ("login_mode", "passwd"),
            ("login_passwd", "Hunter2Hunter2"),
            ("req_id", "r-1"),
        ],
    );
    desk.refused(2100, "StopInstances", &[("instances.1", "i-none")]);
    let log = desk.emulator.requests();
    assert!(
        !log.contains("Hunter2") && !log.contains("DescribeZones"),
        "{log}"
    );
    let log: Value = serde_json::from_str(&log).expect("JSON");
    assert_eq!(log[0]["action"], "RunInstances");
    assert_eq!(log[0]["requestId"], "r-1");
    assert_eq!(log[0]["parameters"]["login_passwd"], "***");
    assert_eq!(log[0]["parameters"]["signature"], "***");
    assert_eq!(log[1]["retCode"], 2100);
    assert_eq!(log[1]["zone"], "pek3a");
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let run = |seed: &str| {
        let mut desk = Desk::with(&format!("{{\"seed\":{seed}}}"));
        (
            desk.key.0.clone(),
            desk.instance(),
            desk.emulator.snapshot(),
        )
    };
    assert_eq!(run("7"), run("7"));
    assert_ne!(run("7").1, run("8").1);
}
