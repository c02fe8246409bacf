//! Single cases that random requests do not come to.

use super::*;

#[test]
fn letters_beyond_ascii_left_bare_are_named() {
    let bare = "中文é";
    let wrong = |pairs: &Pairs| {
        let parts: Vec<String> = pairs
            .iter()
            .map(|(name, text)| format!("{}={}", encode(name, bare), encode(text, bare)))
            .collect();
        parts.join("&")
    };
    // `encode` of these tests knows bytes only.
    let wrong = |pairs: &Pairs| {
        let bytes = wrong(pairs).chars().map(|c| c as u8).collect();
        String::from_utf8(bytes).expect("the same bytes again")
    };
    signed_otherwise(Code::ReservedLeftBare, wrong);
    let pairs = request(&mut Ids::new(4));
    let signature = hmac(SECRET, &format!("GET\n/iaas/\n{}", wrong(&pairs)));
    let diagnosis = look(&url(&query(&pairs), &signature));
    assert_eq!(diagnosis.mistakes[0].detail, "non-ASCII");
}

#[test]
fn a_mistake_that_is_found_in_two_ways_is_named_once_and_each_missing_parameter_by_itself() {
    named(Code::IaasForIam, |pairs| {
        let mut pairs = pairs.clone();
        pairs.push(("token".into(), "t".into()));
        pairs.sort();
        let query = query(&pairs);
        Some(url(&query, &hmac(SECRET, &format!("GET\n/iam/\n{query}"))))
    });
    let pairs: Pairs = request(&mut Ids::new(20))
        .into_iter()
        .filter(|(name, _)| name != "access_key_id" && name != "time_stamp")
        .collect();
    let query = query(&pairs);
    let diagnosis = look(&url(&query, &hmac(SECRET, &format!("GET\n/iaas\n{query}"))));
    let found: Vec<(&str, &str)> = diagnosis
        .mistakes
        .iter()
        .map(|mistake| (mistake.code.word(), mistake.detail.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("missing-slash", "/iaas"),
            ("missing-public-parameter", "access_key_id"),
            ("missing-public-parameter", "time_stamp"),
        ]
    );
}

#[test]
fn a_percent_sign_that_encodes_nothing_is_named_beside_what_explains_the_signature() {
    let query = query(&request(&mut Ids::new(21)));
    let signature = hmac(SECRET, &format!("GET\n/iaas\n{query}&zz=100%25"));
    let diagnosis = look(&url(&format!("{query}&zz=100%"), &signature));
    assert_eq!(codes(&diagnosis), ["missing-slash", "bad-encoding"]);
    let diagnosis = look(&url(&format!("{query}&zz=100%"), "c29tZXRoaW5nIGVsc2U="));
    assert_eq!(codes(&diagnosis), ["bad-encoding"]);
}

#[test]
fn one_mistake_is_told_in_a_sentence_and_none_where_nothing_or_two_explain_it() {
    let pairs = request(&mut Ids::new(18));
    let sent = query(&pairs);
    let told = |signature: &str| {
        let url = url(&sent, signature);
        let evidence = Evidence {
            subject: Subject::Url(url.as_bytes()),
            method: None,
            body: None,
            signature: None,
            now_ms: None,
        };
        explain(&evidence, SECRET.as_bytes())
    };
    assert_eq!(
        told(&hmac(SECRET, &format!("GET\n/iaas\n{sent}"))).as_deref(),
        Some("The path was signed without its last slash; sign the path exactly as it is sent.")
    );
    assert_eq!(told(&hmac("other", &format!("GET\n/iaas/\n{sent}"))), None);
    assert_eq!(
        told(&hmac(
            &format!("{SECRET}\n"),
            &format!("GET\n/iaas\n{sent}")
        )),
        None
    );
}

#[test]
fn a_diagnosis_is_json_with_a_piece_of_both_strings() {
    let text = "GET\n/iaas/\naccess_key_id=K&action=DescribeZones&signature_method=HmacSHA256&signature_version=1&time_stamp=2023-11-14T22%3A13%3A20Z&zone=a+b";
    let evidence = Evidence {
        subject: Subject::StringToSign(text.as_bytes()),
        method: None,
        body: None,
        signature: None,
        now_ms: Some(NOW),
    };
    let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
    let json: serde_json::Value = serde_json::from_str(&diagnosis.json()).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "right": false,
            "mistakes": [{
                "code": "plus-for-space",
                "reproduced": false,
                "en": Mistake::new(Code::PlusForSpace, "").english(),
                "zh": Mistake::new(Code::PlusForSpace, "").chinese(),
            }],
            "stringToSign": text.replace('+', "%20"),
            "signed": text,
            "difference": {"at": text.len() - 2, "expected": "%20b", "found": "+b"},
        })
    );
    let right = text.replace('+', "%20");
    let signature = hmac(SECRET, &format!("{right}\n"));
    let evidence = Evidence {
        subject: Subject::StringToSign(right.as_bytes()),
        signature: Some(signature.as_bytes()),
        ..evidence
    };
    let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
    let json: serde_json::Value = serde_json::from_str(&diagnosis.json()).expect("JSON");
    assert_eq!(json["mistakes"][0]["code"], "wrong-layout");
    assert_eq!(json["mistakes"][0]["detail"], "GET\\n/iaas/\\n…\\n");
    assert_eq!(json["mistakes"][0]["reproduced"], true);
}

#[test]
fn all_that_can_be_seen_is_named_where_the_request_was_signed_as_it_was_sent() {
    let mut pairs = request(&mut Ids::new(22));
    pairs.push(("spaced".into(), "a b/c".into()));
    pairs.swap(2, 7);
    pairs.rotate_left(3);
    let sent = query(&pairs).replace("a%20b%2Fc", "a+b%2fc");
    let diagnosis = look(&url(&sent, &hmac(SECRET, &format!("GET\n/iaas/\n{sent}"))));
    assert_eq!(
        codes(&diagnosis),
        ["plus-for-space", "lower-case-hex", "not-sorted"]
    );
    assert!(diagnosis.mistakes.iter().all(|mistake| mistake.reproduced));
}

#[test]
fn a_secret_in_a_string_to_sign_is_masked_and_what_stands_behind_it_is_shown() {
    let text = "GET\n/iaas/\nlogin_passwd=Hunter2&Hunter3&access_key_id=K&action=RunInstances";
    let evidence = Evidence {
        subject: Subject::StringToSign(text.as_bytes()),
        method: None,
        body: None,
        signature: None,
        now_ms: None,
    };
    let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
    assert_eq!(
        diagnosis.signed.as_deref(),
        Some("GET\n/iaas/\nlogin_passwd=***&***&access_key_id=K&action=RunInstances")
    );
    // What was cut off the secret sorts by what it is, and is masked where it comes to stand.
    assert_eq!(
        diagnosis.string_to_sign,
        "GET\n/iaas/\n***=&access_key_id=K&action=RunInstances&login_passwd=***"
    );
}

#[test]
fn a_query_is_looked_at_even_where_there_is_a_body_too() {
    let query = query(&request(&mut Ids::new(19)));
    let url = url(&query, &hmac(SECRET, &format!("POST\n/iaas/\n{query}")));
    let evidence = Evidence {
        subject: Subject::Url(url.as_bytes()),
        method: None,
        body: Some(b"something=else"),
        signature: None,
        now_ms: Some(NOW),
    };
    let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
    assert_eq!((diagnosis.right, codes(&diagnosis)), (true, Vec::new()));
}

#[test]
fn a_string_to_sign_is_right_with_its_signature_only_and_with_every_sign_of_equality() {
    let text = format!("GET\n/iaas/\n{}", query(&request(&mut Ids::new(23))));
    let is_right = |text: &str, signature: Option<&str>| {
        let evidence = Evidence {
            subject: Subject::StringToSign(text.as_bytes()),
            method: None,
            body: None,
            signature: signature.map(str::as_bytes),
            now_ms: Some(NOW),
        };
        diagnose(&evidence, SECRET.as_bytes())
            .expect("a diagnosis")
            .right
    };
    assert!(is_right(&text, None));
    assert!(!is_right(&text, Some("AAAA")));
    assert!(!is_right(&text.replacen('=', "", 1), None));
}
