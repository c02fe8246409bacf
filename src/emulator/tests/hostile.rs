use super::*;
use crate::emulator::ids::Ids;

/// A desk where something of everything exists.
fn full() -> Desk {
    let mut desk = Desk::new();
    let id = desk.instance();
    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    let eips = desk.ok("AllocateEips", &[("bandwidth", "1"), ("count", "2")]);
    let (eip, other) = (text(&eips["eips"][0]), text(&eips["eips"][1]));
    let tag = text(&desk.ok("CreateTag", &[("tag_name", "t")])["tag_id"]);
    let net = text(&desk.ok("CreateVxnets", &[("vxnet_type", "1")])["vxnets"][0]);
    let router = text(&desk.ok("CreateRouters", &[])["routers"][0]);
    let group =
        text(&desk.ok("CreateSecurityGroup", &[("security_group_name", "g")])["security_group_id"]);
    desk.ok("CreateKeyPair", &[("keypair_name", "k")]);
    desk.ok("CreateProject", &[("project_name", "p")]);
    desk.ok(
        "AddSecurityGroupRules",
        &[
            ("security_group", &group),
            ("rules.1.protocol", "tcp"),
            ("rules.1.priority", "1"),
        ],
    );
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
    desk.ok(
        "JoinRouter",
        &[
            ("vxnet", &net),
            ("router", &router),
            ("ip_network", "192.168.1.0/24"),
        ],
    );
    desk.ok(
        "AddRouterStatics",
        &[("router", &router), ("statics.1.static_type", "1")],
    );
    desk.ok(
        "ModifyRouterAttributes",
        &[("router", &router), ("eip", &other)],
    );
    desk.ok("CreateSnapshots", &[("resources.1", &id)]);
    desk
}

/// Calls that touch most of what there is.
fn use_it(desk: &mut Desk) {
    for action in [
        "DescribeInstances",
        "DescribeVolumes",
        "DescribeEips",
        "DescribeVxnets",
        "DescribeRouters",
        "DescribeSecurityGroups",
        "DescribeSecurityGroupRules",
        "DescribeKeyPairs",
        "DescribeImages",
        "DescribeSnapshots",
        "DescribeTags",
        "DescribeJobs",
        "DescribeZones",
        "DescribeAccessKeys",
        "GetQuotaLeft",
        "DescribeProjects",
        "DescribeGroupRoles",
        "DescribeProjectResourceItems",
    ] {
        desk.call(action, &[("verbose", "1"), ("limit", "100")]);
    }
    desk.instance();
    desk.now_ms += 3 * 60 * 60 * 1000;
    desk.call("DescribeInstances", &[("verbose", "1")]);
    desk.emulator.requests();
}

#[test]
fn a_snapshot_in_the_middle_of_everything_goes_on_as_if_nothing_had_happened() {
    let mut desk = full();
    let snapshot = desk.emulator.snapshot();
    let mut other = Desk::with(r#"{"seed":99}"#);
    let key = desk.key.clone();
    other.emulator.restore(&snapshot).expect("our own snapshot");
    assert_eq!(other.emulator.snapshot(), snapshot);
    other.now_ms = desk.now_ms;
    for desk in [&mut desk, &mut other] {
        desk.pass();
        desk.instance();
    }
    assert_eq!(desk.emulator.snapshot(), other.emulator.snapshot());
    assert!(!snapshot.contains(&key.1), "a snapshot holds no secret");
    let reset = |desk: &mut Desk| {
        desk.emulator.reset();
        desk.emulator.snapshot()
    };
    assert_eq!(reset(&mut desk), Desk::new().emulator.snapshot());
}

#[test]
fn a_snapshot_that_was_tampered_with_is_taken_or_refused_and_serves_on() {
    let snapshot = full().emulator.snapshot();
    let json: Value = serde_json::from_str(&snapshot).expect("JSON");
    let mut random = Ids::new(3);
    let mut taken = 0;
    for round in 0..400 {
        let mut changed = json.clone();
        for _ in 0..1 + round % 3 {
            let places = count(&changed);
            let mut place = (random.number() as usize) % places;
            tamper(&mut changed, &mut place, &mut random);
        }
        let mut desk = Desk::new();
        if desk.emulator.restore(&changed.to_string()).is_ok() {
            taken += 1;
            use_it(&mut desk);
        } else {
            assert_eq!(
                desk.emulator.snapshot(),
                Desk::new().emulator.snapshot(),
                "a refused snapshot changes nothing"
            );
        }
    }
    assert!(taken > 50, "{taken}");
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts something else into the value at this place, counted depth first.
fn tamper(value: &mut Value, place: &mut usize, random: &mut Ids) {
    if *place == 0 {
        const TEXTS: [&str; 6] = [
            "",
            "i-none",
            "running",
            "\u{1F680}",
            "2023-11-14T22:13:20Z",
            "-",
        ];
        const NUMBERS: [i64; 4] = [i64::MIN, i64::MAX, -1, 0];
        let any = random.number() as usize;
        *value = match &*value {
            Value::String(_) if !any.is_multiple_of(4) => Value::from(TEXTS[any / 4 % 6]),
            Value::Number(_) if !any.is_multiple_of(4) => Value::from(NUMBERS[any / 4 % 4]),
            Value::Array(_) if !any.is_multiple_of(4) => Value::from(Vec::<i64>::new()),
            _ => [
                Value::Null,
                Value::from(1.5e300),
                serde_json::json!({}),
                Value::from("x"),
            ][any / 4 % 4]
                .clone(),
        };
        *place = usize::MAX;
        return;
    }
    *place -= 1;
    match value {
        Value::Array(items) => {
            for item in items {
                if *place != usize::MAX {
                    tamper(item, place, random);
                }
            }
        }
        Value::Object(members) => {
            for (_, member) in members.iter_mut() {
                if *place != usize::MAX {
                    tamper(member, place, random);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_no_snapshot_is_refused_in_one_sentence() {
    let nested = "[".repeat(100_000);
    for text in [
        "",
        "null",
        "5",
        "\"x\"",
        "[]",
        "{}",
        r#"{"format":"other"}"#,
        "\u{0}",
        &nested,
    ] {
        let mut desk = Desk::new();
        let message = desk.emulator.restore(text).expect_err("no snapshot");
        assert!(
            message.starts_with("Emulator restore: ") && !message.contains('\n'),
            "{message}"
        );
    }
}

#[test]
fn options_that_cannot_be_meant_are_refused_by_name() {
    for (text, part) in [
        (r#"{"jobDuration":5}"#, "jobDuration"),
        (r#"{"seed":-1}"#, "-1"),
        (r#"{"seed":"a"}"#, "seed"),
        (
            r#"{"accessKeys":[{"accessKeyId":"","secretAccessKey":"s"}]}"#,
            "accessKeyId",
        ),
        (r#"{"accessKeys":[{"accessKeyId":"a"}]}"#, "secretAccessKey"),
        (r#"{"faults":[{"fault":"boom"}]}"#, "boom"),
        (r#"{"faults":[{"fault":{"httpStatus":99}}]}"#, "httpStatus"),
        (r#"{"zones":[""]}"#, "zones"),
        (r#"{"require":"some"}"#, "some"),
        (r#"{"accessKeys":[]}"#, "accessKeys: it is empty"),
        (r#"{"zones":[]}"#, "zones: it is empty"),
        (
            r#"{"quotas":{"instance":1,"foo":1}}"#,
            "quotas: \"foo\" is not known; known are eip, image, instance",
        ),
        ("[]", "Emulator options"),
        ("", "Emulator options"),
    ] {
        let message = Options::read(text)
            .err()
            .unwrap_or_else(|| panic!("{text} was taken"));
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn any_bytes_as_a_request_get_an_answer() {
    let mut desk = full();
    let mut random = Ids::new(5);
    let model = desk.url(
        "RunInstances",
        &[
            ("image_id", "c"),
            ("login_mode", "passwd"),
            ("login_passwd", "x"),
            ("vxnets.1", "vxnet-0"),
        ],
    );
    for round in 0..3000 {
        let mut bytes = model.clone().into_bytes();
        for _ in 0..1 + round % 30 {
            let at = (random.number() as usize) % bytes.len();
            bytes[at] = random.number() as u8;
        }
        let cut = (random.number() as usize) % (bytes.len() + 1);
        bytes.truncate(cut);
        let methods = ["GET", "POST", "", "DELETE", "\u{1F680}"];
        let method = methods[round % methods.len()];
        let request = Incoming {
            method,
            url: &bytes,
            body: &bytes[cut / 2..],
        };
        let response = desk
            .emulator
            .handle(request, [NOW, 0, i64::MIN, i64::MAX][round % 4]);
        let answer: Value = serde_json::from_str(&response.body).expect("JSON");
        assert!(
            answer["ret_code"].is_i64()
                && (answer["ret_code"] == 0 || answer["message"].is_string())
        );
    }
    serde_json::from_str::<Value>(&desk.emulator.requests())
        .expect("the log is JSON whatever came");
}

#[test]
fn signed_nonsense_gets_an_answer_from_every_action() {
    let mut desk = full();
    let values = [
        "",
        "0",
        "-1",
        "9223372036854775807",
        "i-none",
        "[",
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "\u{1F680}",
        "true",
        "1e308",
        "a.b.c",
    ];
    let mut random = Ids::new(6);
    for action in crate::catalogue::actions() {
        for _ in 0..6 {
            let mut owned: Vec<(String, &str)> = Vec::new();
            for parameter in action
                .parameters()
                .filter(|parameter| !parameter.is_common())
            {
                let value = values[(random.number() as usize) % values.len()];
                let suffix = ["", ".1", ".0", ".99999999999999999999", ".x", ".1.x"]
                    [(random.number() % 6) as usize];
                owned.push((format!("{}{suffix}", parameter.name()), value));
            }
            let params: Vec<(&str, &str)> = owned
                .iter()
                .map(|(name, value)| (name.as_str(), *value))
                .collect();
            let answer = desk.call(crate::catalogue::wire_action(action.name()), &params);
            assert!(answer["ret_code"].is_i64(), "{}: {answer}", action.name());
        }
    }
}

#[test]
fn a_long_life_does_not_grow() {
    let mut desk = Desk::with(r#"{"jobDurationMs":0,"requestLog":10}"#);
    let mut sizes = Vec::new();
    for round in 0..6000 {
        let answer = desk.ok(
            "RunInstances",
            &[
                ("image_id", "c"),
                ("login_mode", "passwd"),
                ("login_passwd", "x"),
            ],
        );
        let id = text(&answer["instances"][0]);
        desk.ok("TerminateInstances", &[("instances.1", &id)]);
        if round % 2000 == 1999 {
            sizes.push(desk.emulator.snapshot().len());
        }
    }
    // Up to a quarter more is kept before what is gone is forgotten.
    assert!(sizes[2] < sizes[0] * 3 / 2, "{sizes:?}");
}
