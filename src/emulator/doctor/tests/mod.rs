//! Each mistake is made here by a few lines of its own on random requests, and must be named.

use crate::emulator::names::*;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::*;
use crate::emulator::ids::Ids;
use crate::sign::{Key, SignatureMethod};

mod address;
mod bounds;
mod cases;
mod encoding;
mod form;
mod order;
mod pairs;
mod parameters;
mod post;
mod shown;
mod signature;

const SECRET: &str = "wJ4k+Rt/9zQpLx0Secret";
const NOW: i64 = 1_700_000_000_000;
const STAMP: &str = "2023-11-14T22:13:20Z";

/// Random requests for each mistake; `DOCTOR_REQUESTS` says otherwise.
fn requests() -> usize {
    let asked = std::env::var("DOCTOR_REQUESTS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(50)
}

type Pairs = Vec<(String, String)>;

/// A random request that has something of everything that can go wrong.
fn request(random: &mut Ids) -> Pairs {
    const WORDS: [&str; 12] = [
        " a b", "x/y", "it's", "(1)", "wow!", "*", "~home", "k:v", "中文", "café ", "50%",
        "1+1=2&3",
    ];
    let mut pairs: Pairs = [
        ("access_key_id", "QYACCESSKEYIDEXAMPLE"),
        ("action", "DescribeInstances"),
        ("signature_method", "HmacSHA256"),
        ("signature_version", "1"),
        ("time_stamp", STAMP),
        ("version", "1"),
        ("zone", "pek3a"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for at in 0..3 + random.number() % 3 {
        let mut value = String::new();
        for _ in 0..1 + random.number() % 4 {
            value.push_str(WORDS[(random.number() % 12) as usize]);
            value.push_str(&random.next(""));
        }
        pairs.push((
            format!(
                "p{}{}",
                ["a", "b", "c", "d", "e"][at as usize % 5],
                random.text(b"abcdefghijk", 6)
            ),
            value,
        ));
    }
    for at in 1..=10 + random.number() % 3 {
        pairs.push((format!("status.{at}"), random.next("s")));
    }
    pairs.push(("Zeta".into(), random.next("")));
    pairs.push(("names[a]".into(), random.next("")));
    pairs.push(("names[\u{e9}]".into(), random.next("")));
    pairs.push(("empty".into(), String::new()));
    pairs.sort();
    pairs
}

fn encode(text: &str, bare: &str) -> String {
    let byte = |byte: u8| {
        let plain = byte.is_ascii_alphanumeric()
            || "-_.~".contains(char::from(byte))
            || bare.as_bytes().contains(&byte);
        if plain {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

fn join(pairs: &[(String, String)], value: impl Fn(&str) -> String) -> String {
    let parts: Vec<String> = pairs
        .iter()
        .map(|(name, text)| format!("{}={}", encode(name, ""), value(text)))
        .collect();
    parts.join("&")
}

fn query(pairs: &[(String, String)]) -> String {
    join(pairs, |text| encode(text, ""))
}

/// The query of all pairs but those of this name.
fn query_without(pairs: &[(String, String)], name: &str) -> String {
    let others: Pairs = pairs
        .iter()
        .filter(|pair| pair.0 != name)
        .cloned()
        .collect();
    query(&others)
}

fn hmac(secret: &str, text: &str) -> String {
    Key::new(SignatureMethod::HmacSha256, secret.as_bytes().to_vec()).sign(&[text.as_bytes()])
}

fn url(sent: &str, signature: &str) -> String {
    format!(
        "https://api.qingcloud.com/iaas/?{sent}&signature={}",
        encode(signature, "")
    )
}

fn look(url: &str) -> Diagnosis {
    look_with(url, SECRET)
}

fn look_with(url: &str, secret: &str) -> Diagnosis {
    let evidence = Evidence {
        subject: Subject::Url(url.as_bytes()),
        method: None,
        body: None,
        signature: None,
        now_ms: Some(NOW),
    };
    diagnose(&evidence, secret.as_bytes()).expect("a diagnosis")
}

fn codes(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis
        .mistakes
        .iter()
        .map(|mistake| mistake.code.word())
        .collect()
}

/// Makes a mistake on random requests, those that it changes; each must be named by it alone.
fn named(code: Code, make: impl Fn(&Pairs) -> Option<String>) {
    let mut random = Ids::new(code as u64 + 1);
    let mut made = 0;
    let requests = requests();
    for _ in 0..10 * requests {
        let pairs = request(&mut random);
        let Some(url) = make(&pairs) else { continue };
        let diagnosis = look(&url);
        assert_eq!(codes(&diagnosis), [code.word()], "{url}\n{diagnosis:#?}");
        assert!(!diagnosis.right);
        made += 1;
        if made == requests {
            return;
        }
    }
    panic!("{code:?} could be made on {made} requests only");
}

/// Signs another query than the right one, and sends the right one or the very one that was signed.
fn signed_otherwise(code: Code, wrong: impl Fn(&Pairs) -> String) {
    named(code, |pairs| {
        let (right, wrong) = (query(pairs), wrong(pairs));
        (right != wrong).then(|| url(&right, &hmac(SECRET, &format!("GET\n/iaas/\n{wrong}"))))
    });
}

fn sent_as_signed(code: Code, wrong: impl Fn(&Pairs) -> String) {
    named(code, |pairs| {
        let (right, wrong) = (query(pairs), wrong(pairs));
        (right != wrong).then(|| url(&wrong, &hmac(SECRET, &format!("GET\n/iaas/\n{wrong}"))))
    });
}

/// Signs well, and sends the query in another form.
fn changed_on_the_way(code: Code, wrong: impl Fn(&Pairs) -> String) {
    named(code, |pairs| {
        let (right, wrong) = (query(pairs), wrong(pairs));
        (right != wrong).then(|| url(&wrong, &hmac(SECRET, &format!("GET\n/iaas/\n{right}"))))
    });
}

fn in_all_ways(code: Code, wrong: impl Fn(&Pairs) -> String) {
    signed_otherwise(code, &wrong);
    sent_as_signed(code, &wrong);
    changed_on_the_way(code, &wrong);
}

fn sorted_by<K: Ord>(pairs: &Pairs, key: impl Fn(&(String, String)) -> K) -> String {
    let mut pairs = pairs.clone();
    pairs.sort_by_key(|pair| key(pair));
    query(&pairs)
}
