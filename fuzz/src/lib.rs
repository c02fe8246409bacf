//! What each fuzz target does with one input: whatever the bytes are, nothing may panic, and what comes out must hold
//! together. `tests.rs` runs the same over the corpora, without libFuzzer.

use qingcloud_wasm::emulator::{Emulator, Evidence, Incoming, Options, Subject, diagnose};
use qingcloud_wasm::sign::{
    Call, Endpoint, Key, Method, Params, Scratch, Settings, SignatureMethod, Signer,
    parameters_json, percent_decode, percent_encode, tree, writer,
};
use qingcloud_wasm::{api, catalogue};

const NOW: i64 = 1_700_000_000;

/// Method, action, zone and seconds to `expires`, then the secret, then an address, then `name=value`, a line each: the
/// signed request must hold each pair once, sorted, encoded as its decoding would be, under a MAC of these bytes.
pub fn sign(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let mut lines = text.split('\n');
    let mut head = lines.next().unwrap_or("").split(' ');
    let method = match head.next() {
        Some("GET") => Some(Method::Get),
        Some("POST") => Some(Method::Post),
        _ => None,
    };
    let action = head.next().unwrap_or("");
    let zone = head.next().filter(|zone| !zone.is_empty());
    let expires_in_seconds = head.next().and_then(|seconds| seconds.parse().ok());
    let secret = lines.next().unwrap_or("");
    let endpoint = Endpoint::parse(lines.next().unwrap_or(""), true).ok();
    let mut params = Params::new();
    let mut given = 0;
    for line in lines {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        params.text(name, value);
        given += 1;
    }
    let settings = Settings {
        access_key_id: "QYACCESSKEYIDEXAMPLE".into(),
        endpoint,
        ..Settings::default()
    };
    let Ok(mut signer) = Signer::new(settings, secret.into()) else {
        assert!(secret.is_empty());
        return;
    };
    let tree = params.tree();
    let call = Call {
        action,
        tree: &tree,
        method,
        zone,
        request_id: None,
        unix_seconds: NOW,
        expires_in_seconds,
    };
    let mut scratch = Scratch::default();
    let Ok(signed) = signer.sign(&call, &mut scratch) else {
        return;
    };
    let mut last: Option<Vec<u8>> = None;
    let mut seen = 0;
    for pair in signed.canonical_query().split('&') {
        let (name, value) = pair.split_once('=').expect("a pair has its =");
        for part in [name, value] {
            let mut again = Vec::new();
            percent_encode(&mut again, &percent_decode(part.as_bytes()).unwrap());
            assert_eq!(again, part.as_bytes());
        }
        let name = percent_decode(name.as_bytes()).unwrap();
        assert!(last.as_ref().is_none_or(|last| *last < name));
        last = Some(name);
        seen += 1;
    }
    assert!(seen > given, "every pair given, and the public ones");
    let key = Key::new(SignatureMethod::HmacSha256, secret.into());
    assert_eq!(
        key.sign(&[signed.string_to_sign().as_bytes()]),
        signed.signature()
    );
}

/// Any bytes as what JavaScript writes into the module's memory: a call, or a tree of parameters.
pub fn tree(data: &[u8]) {
    let mut signer = Signer::new(
        Settings {
            access_key_id: "ID".into(),
            ..Settings::default()
        },
        b"secret".to_vec(),
    )
    .unwrap();
    let mut scratch = Scratch::default();
    if let Ok(call) = Call::read(data, NOW) {
        let _ = signer.sign(&call, &mut scratch);
    }
    for action in ["NoSuchAction", "CreateProject", "DescribeGroupRoles"] {
        let call = Call {
            action,
            tree: data,
            method: None,
            zone: None,
            request_id: None,
            unix_seconds: NOW,
            expires_in_seconds: None,
        };
        if let Ok(signed) = signer.sign(&call, &mut scratch) {
            assert!(signed.text().is_ascii());
        }
    }
    // Whether it is JSON is up to the writer, who promises that a number is one.
    let _ = parameters_json(data);
    let _ = tree::number_in(data, "offset");
    if let Ok(changed) = writer::with_numbers(data, &[("offset", 20), ("limit", 100)]) {
        assert_eq!(tree::number_in(&changed, "offset"), Ok(Some(20)));
    }
    let _ = api::texts(data, "instances");
    let _ = api::read_back("StopInstances", data, None);
}

/// Lines: one that starts with a slash is requested as it is, `+` and a number moves the clock by so many ms, any other
/// is `Action&name=value&…`, signed with the account's key and sent. Afterwards a snapshot must restore to itself.
pub fn emulator(data: &[u8]) {
    let mut emulator = Emulator::new(Options::default());
    let mut now_ms = NOW * 1000;
    for line in data.split(|&byte| byte == b'\n').take(64) {
        match line.split_first() {
            None => continue,
            Some((b'+', digits)) => {
                let digits = str::from_utf8(digits).unwrap_or("");
                now_ms += digits.parse::<u32>().map_or(0, i64::from);
            }
            Some((b'/', _)) => {
                ask(&mut emulator, "GET", line, b"", now_ms);
                ask(&mut emulator, "POST", b"/iaas/", line, now_ms);
            }
            Some(_) => {
                if let Some(url) = signed_url(&emulator, line, now_ms / 1000) {
                    let ret_code = ask(&mut emulator, "GET", url.as_bytes(), b"", now_ms);
                    assert_ne!(ret_code, 1200, "our own signature was refused");
                }
            }
        }
    }
    let snapshot = emulator.snapshot();
    let mut other = Emulator::new(Options::default());
    other.restore(&snapshot).unwrap();
    assert_eq!(other.snapshot(), snapshot);
}

/// Any text as options and as a snapshot; whatever was taken must serve calls.
pub fn restore(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let mut emulators = Vec::new();
    if let Ok(options) = Options::read(text) {
        emulators.push(Emulator::new(options));
    }
    let mut restored = Emulator::new(Options::default());
    if restored.restore(text).is_ok() {
        emulators.push(restored);
    }
    for emulator in &mut emulators {
        for line in [
            "RunInstances&image_id=centos64x86a&instance_type=small_b&count=2&login_mode=passwd&login_passwd=Abc12345&zone=pek3",
            "CreateVolumes&size=10&count=1&zone=pek3",
            "AttachVolumes&volumes.1=vol-1&instance=i-1&zone=pek3",
            "CreateProject&project_name=p&zone=pek3",
            "DescribeInstances&zone=pek3",
            "DescribeVolumes&zone=pek3&sort_key=status",
            "DescribeVxnets&zone=pek3",
            "DescribeRouters&zone=pek3",
            "DescribeSecurityGroups&zone=pek3",
            "DescribeTags&zone=pek3",
            "DescribeSnapshots&zone=pek3",
            "DescribeProjects&zone=pek3",
            "DescribeJobs&zone=pek3",
            "GetProjectResourceStat&zone=pek3",
        ] {
            if let Some(url) = signed_url(emulator, line.as_bytes(), NOW) {
                emulator.handle(incoming("GET", url.as_bytes(), b""), NOW * 1000);
            }
        }
        emulator.advance(i64::MAX);
        emulator.snapshot();
        emulator.requests();
    }
}

/// Secret, method, signature and now, a line each, then an address or a string to sign, a line of dashes, and a body.
/// No diagnosis may show a secret that is long enough to be one.
pub fn doctor(data: &[u8]) {
    let mut fields = data.splitn(5, |&byte| byte == b'\n');
    let mut field = || fields.next().unwrap_or_default();
    let (secret, method, signature, now, rest) = (field(), field(), field(), field(), field());
    let dashes = b"\n----\n";
    let middle = rest
        .windows(dashes.len())
        .position(|window| window == dashes);
    let (subject, body) = match middle {
        Some(at) => (&rest[..at], Some(&rest[at + dashes.len()..])),
        None => (rest, None),
    };
    let evidence = Evidence {
        subject: if subject.starts_with(b"/") || subject.starts_with(b"http") {
            Subject::Url(subject)
        } else {
            Subject::StringToSign(subject)
        },
        method: str::from_utf8(method)
            .ok()
            .filter(|method| !method.is_empty()),
        body,
        signature: Some(signature).filter(|signature| !signature.is_empty()),
        now_ms: str::from_utf8(now).ok().and_then(|now| now.parse().ok()),
    };
    let Ok(diagnosis) = diagnose(&evidence, secret) else {
        return;
    };
    if let Ok(secret) = str::from_utf8(secret)
        && secret.len() >= 16
    {
        assert!(!diagnosis.string_to_sign.contains(secret));
        assert!(
            !diagnosis
                .signed
                .as_ref()
                .is_some_and(|signed| signed.contains(secret))
        );
        for mistake in &diagnosis.mistakes {
            assert!(!mistake.english().contains(secret));
        }
    }
}

/// An action and a parameter, a line each: look-ups agree with each other and find nothing that is not there.
pub fn catalogue(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let (name, parameter) = text.split_once('\n').unwrap_or((text, ""));
    let _ = catalogue::encoding(name, parameter);
    let _ = catalogue::class_of(name);
    let found = catalogue::find(name);
    assert_eq!(
        found.is_some(),
        catalogue::actions().any(|action| action.name() == name)
    );
    let Some(action) = found else {
        assert!(!catalogue::is_post(name));
        assert_eq!(catalogue::wire_action(name), name);
        return;
    };
    assert_eq!(action.name(), name);
    assert_eq!(action.class(), catalogue::class_of(name));
    match action.parameter(parameter) {
        Some(found) => assert_eq!(found.name(), parameter),
        None => assert!(action.parameters().all(|known| known.name() != parameter)),
    }
    if let Some(code) = parameter.parse().ok().and_then(catalogue::return_code) {
        assert!(!code.name.is_empty());
    }
}

fn incoming<'a>(method: &'a str, url: &'a [u8], body: &'a [u8]) -> Incoming<'a> {
    Incoming { method, url, body }
}

/// Sends one request; the answer must be JSON with a `ret_code`, which is given back.
fn ask(emulator: &mut Emulator, method: &str, url: &[u8], body: &[u8], now_ms: i64) -> i64 {
    let response = emulator.handle(incoming(method, url, body), now_ms);
    assert!(matches!(response.status, 200 | 404));
    let answer: serde_json::Value =
        serde_json::from_str(&response.body).expect("an answer is JSON");
    answer["ret_code"]
        .as_i64()
        .expect("an answer has a ret_code")
}

/// The address of `Action&name=value&…`, signed; none where that is no text or cannot be signed.
fn signed_url(emulator: &Emulator, line: &[u8], unix_seconds: i64) -> Option<String> {
    let mut parts = line.split(|&byte| byte == b'&');
    let text = |part: &[u8]| percent_decode(part).and_then(|bytes| String::from_utf8(bytes).ok());
    let action = text(parts.next()?)?;
    let mut params = Params::new();
    for pair in parts {
        let middle = pair.iter().position(|&byte| byte == b'=')?;
        params.text(&text(&pair[..middle])?, &text(&pair[middle + 1..])?);
    }
    let (id, secret) = emulator.first_key();
    let settings = Settings {
        access_key_id: id.into(),
        ..Settings::default()
    };
    let mut signer = Signer::new(settings, secret.into()).ok()?;
    let call = Call {
        action: &action,
        tree: &params.tree(),
        method: Some(Method::Get),
        zone: None,
        request_id: None,
        unix_seconds,
        expires_in_seconds: None,
    };
    let signed = signer
        .sign(&call, &mut Scratch::default())
        .ok()?
        .url()
        .to_owned();
    Some(signed)
}
