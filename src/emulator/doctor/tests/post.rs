//! A POST, which is taken by what it says and not by its form.

use std::vec;

use super::*;
use serde_json::Value;

fn posted(body: &str, path: &str, secret: &str, now_ms: i64) -> Diagnosis {
    let url = format!("https://api.qingcloud.com{path}");
    let evidence = Evidence {
        subject: Subject::Url(url.as_bytes()),
        method: None,
        body: Some(body.as_bytes()),
        signature: None,
        now_ms: Some(now_ms),
    };
    diagnose(&evidence, secret.as_bytes()).expect("a diagnosis")
}

/// The bodies that the official SDK sends, with path, secret and time.
fn bodies() -> Vec<(String, String, String, i64)> {
    let set = include_str!("../../../sign/vectors/signing.json");
    let set: Value = serde_json::from_str(set).expect("JSON");
    let text = |vector: &Value, name: &str| vector[name].as_str().expect("a text").to_owned();
    let vectors = set["vectors"].as_array().expect("a list");
    let posts = vectors
        .iter()
        .filter(|vector| vector["sdk_body"].is_string());
    let sent = posts.map(|vector| {
        let stamp = crate::sign::time::parse(text(vector, "time_stamp").as_bytes());
        (
            text(vector, "sdk_body"),
            text(vector, "path"),
            text(vector, "secret_access_key"),
            1000 * stamp.expect("a time"),
        )
    });
    sent.collect()
}

#[test]
fn every_body_of_the_official_sdk_is_right() {
    let bodies = bodies();
    assert_eq!(bodies.len(), 37);
    for (body, path, secret, now_ms) in bodies {
        let diagnosis = posted(&body, &path, &secret, now_ms);
        assert_eq!(
            (diagnosis.right, codes(&diagnosis)),
            (true, vec![]),
            "{body}"
        );
    }
}

#[test]
fn the_form_of_a_post_is_no_reason_for_a_signature_that_nothing_explains() {
    for (body, path, _, now_ms) in bodies() {
        let diagnosis = posted(&body, &path, "another secret", now_ms);
        assert_eq!(
            (diagnosis.right, codes(&diagnosis)),
            (false, vec![]),
            "{body}"
        );
        assert_eq!((diagnosis.signed, diagnosis.difference), (None, None));
    }
}

#[test]
fn a_post_that_was_signed_in_its_own_form_is_told_what_is_wrong_with_it() {
    let mut pairs = request(&mut Ids::new(35));
    pairs.push(("spaced".into(), "a b".into()));
    pairs.rotate_left(3);
    let sent = query(&pairs).replace("%20", "+");
    let body = |signed: &str| {
        let signature = hmac(SECRET, &format!("POST\n/iaas/\n{signed}"));
        format!("{sent}&signature={}", encode(&signature, ""))
    };
    let diagnosis = posted(&body(&sent), "/iaas/", SECRET, NOW);
    assert_eq!(codes(&diagnosis), ["plus-for-space", "not-sorted"]);
    assert!(diagnosis.mistakes.iter().all(|mistake| mistake.reproduced));
    // Sorted, but with a + in what was signed.
    pairs.sort();
    let signed = query(&pairs).replace("%20", "+");
    let diagnosis = posted(&body(&signed), "/iaas/", SECRET, NOW);
    assert_eq!(codes(&diagnosis), ["plus-for-space"]);
    // A name may not occur twice in a POST either.
    pairs.push(("zone".into(), "pek3a".into()));
    let twice = query(&pairs);
    pairs.sort();
    let signature = hmac(SECRET, &format!("POST\n/iaas/\n{}", query(&pairs)));
    let body = format!("signature={}&{twice}", encode(&signature, ""));
    assert_eq!(
        codes(&posted(&body, "/iaas/", SECRET, NOW)),
        ["parameter-twice"]
    );
}

#[test]
fn a_signature_in_a_post_may_be_encoded_in_any_way_that_is_read_the_same() {
    let query = query(&request(&mut Ids::new(36)));
    let signature = hmac(SECRET, &format!("POST\n/iaas/\n{query}")).replace('+', "%2b");
    let diagnosis = posted(
        &format!("{query}&signature={signature}"),
        "/iaas/",
        SECRET,
        NOW,
    );
    assert_eq!((diagnosis.right, codes(&diagnosis)), (true, vec![]));
}
