//! Forms of a query that mean the same to most parsers, and not to a signature: a `&` too many, no `=`, a signature given
//! twice, characters encoded that need not be. What the emulator refuses is not called right.

use super::*;
use crate::emulator::{Emulator, Incoming, Options};

/// What is sent for what would be right.
fn changed(from: &str, to: &str) -> impl Fn(&Pairs) -> String {
    move |pairs| query(pairs).replacen(from, to, 1)
}

#[test]
fn an_ampersand_too_many_is_named() {
    in_all_ways(Code::StrayAmpersand, |pairs| format!("&{}", query(pairs)));
    in_all_ways(Code::StrayAmpersand, |pairs| format!("{}&", query(pairs)));
    changed_on_the_way(Code::StrayAmpersand, changed("&version", "&&version"));
    sent_as_signed(Code::StrayAmpersand, changed("&version", "&&version"));
    named(Code::StrayAmpersand, |pairs| {
        let query = query(pairs);
        let right = url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}")));
        Some(format!("{right}&"))
    });
}

#[test]
fn a_name_without_its_equals_sign_is_named() {
    in_all_ways(Code::MissingEquals, changed("&empty=&", "&empty&"));
    let pairs = request(&mut Ids::new(50));
    let sent = query(&pairs).replace("&empty=&", "&empty&");
    let diagnosis = look(&url(&sent, &hmac(SECRET, &format!("GET\n/iaas/\n{sent}"))));
    assert_eq!(diagnosis.mistakes[0].detail, "empty");
}

#[test]
fn what_may_be_the_rest_of_a_secret_is_not_told_as_a_name() {
    let sent = "login_passwd=Hunter2&Hunter3&Hunter3&access_key_id=K";
    for signed in [
        sent,
        "access_key_id=K&login_passwd=Hunter2&Hunter3=",
        "other",
    ] {
        let diagnosis = look(&url(sent, &hmac(SECRET, &format!("GET\n/iaas/\n{signed}"))));
        let shown = format!("{} {diagnosis:?}", diagnosis.json());
        assert!(!shown.contains("Hunter"), "{shown}");
        assert!(codes(&diagnosis).contains(&"parameter-twice"), "{shown}");
    }
    let sent = "access_key_id=K&login_passwd=Hunter2&Hunter3";
    let signed = "access_key_id=K&login_passwd=Hunter2";
    let diagnosis = look(&url(sent, &hmac(SECRET, &format!("GET\n/iaas/\n{signed}"))));
    assert_eq!(codes(&diagnosis)[0], "parameter-not-signed");
    assert_eq!(diagnosis.mistakes[0].detail, "***");
}

#[test]
fn characters_encoded_that_need_not_be_are_named() {
    for (from, to) in [
        ("DescribeInstances", "%44escribeInstances"),
        ("time_stamp", "time%5Fstamp"),
    ] {
        changed_on_the_way(Code::OverEncoded, changed(from, to));
        sent_as_signed(Code::OverEncoded, changed(from, to));
    }
    // What leaves letters and digits alone encodes these in every value.
    for over in ["_", ".", "-", "-._"] {
        named(Code::OverEncoded, |pairs| {
            let mut pairs = pairs.clone();
            pairs.push(("all".into(), "-._".into()));
            pairs.sort();
            let all = |text: &str| {
                let encoded = encode(text, "");
                over.chars().fold(encoded, |text, over| {
                    text.replace(over, &format!("%{:02X}", over as u32))
                })
            };
            let parts: Vec<String> = pairs
                .iter()
                .map(|(name, text)| format!("{}={}", all(name), all(text)))
                .collect();
            let signature = hmac(SECRET, &format!("GET\n/iaas/\n{}", parts.join("&")));
            Some(url(&query(&pairs), &signature))
        });
    }
    let pairs = request(&mut Ids::new(51));
    let sent = query(&pairs).replace("time_stamp", "time%5Fst%61mp");
    let diagnosis = look(&url(&sent, &hmac(SECRET, &format!("GET\n/iaas/\n{sent}"))));
    assert_eq!(diagnosis.mistakes[0].detail, "_ a");
}

#[test]
fn a_second_signature_is_a_parameter_given_twice() {
    named(Code::ParameterTwice, |pairs| {
        let query = query(pairs);
        let right = url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}")));
        Some(format!("{right}&signature=x"))
    });
}

#[test]
fn what_the_emulator_refuses_is_not_right_and_what_it_takes_is() {
    let pairs: Pairs = [
        ("access_key_id", "QYACCESSKEYIDEXAMPLE"),
        ("action", "DescribeInstances"),
        ("limit", "10"),
        ("search_word", ""),
        ("signature_method", "HmacSHA256"),
        ("signature_version", "1"),
        ("status.1", "running"),
        ("tags.1", "a b*~"),
        ("time_stamp", STAMP),
        ("version", "1"),
        ("zone", "pek3a"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let right = query(&pairs);
    let mut refused = 0;
    for (method, other) in [("GET", "POST"), ("POST", "GET")] {
        let signature = encode(&hmac(SECRET, &format!("{method}\n/iaas/\n{right}")), "");
        let whole = format!("{right}&signature={signature}");
        let mut sent: Vec<String> = [
            ("", ""),
            ("%20", "+"),
            ("%2A", "*"),
            ("%2A", "%2a"),
            ("~", "%7E"),
            ("&version", "&&version"),
            ("search_word=", "search_word"),
            ("running", "%72unning"),
            ("time_stamp", "time%5Fstamp"),
            ("zone=pek3a", "zone=pek3a&zone=pek3a"),
            ("limit=10&", ""),
            ("&version=1", ""),
            ("%20", "%2"),
            ("%20", "%FF"),
            ("&limit=10&search_word=", "&search_word=&limit=10"),
        ]
        .map(|(from, to)| whole.replacen(from, to, 1))
        .to_vec();
        sent.push(format!("{whole}&"));
        sent.push(format!("&{whole}"));
        sent.push(format!("{whole}&signature=x"));
        sent.push(format!("{whole}&signature={signature}"));
        sent.push(format!("signature={signature}&{right}"));
        sent.push(format!("signature={signature}&&{right}"));
        sent.push(whole.replace(
            &signature,
            &encode(&hmac(SECRET, &format!("{other}\n/iaas/\n{right}")), ""),
        ));
        for text in sent {
            let is_post = method == "POST";
            let url = if is_post {
                "/iaas/".to_owned()
            } else {
                format!("/iaas/?{text}")
            };
            let body = if is_post { text.as_bytes() } else { b"" };
            let evidence = Evidence {
                subject: Subject::Url(url.as_bytes()),
                method: Some(method),
                body: is_post.then_some(body),
                signature: None,
                now_ms: Some(NOW),
            };
            let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
            let options = format!(
                r#"{{"accessKeys":[{{"accessKeyId":"QYACCESSKEYIDEXAMPLE","secretAccessKey":"{SECRET}"}}]}}"#
            );
            let mut emulator = Emulator::new(Options::read(&options).expect("options"));
            let incoming = Incoming {
                method,
                url: url.as_bytes(),
                body,
            };
            let answer = emulator.handle(incoming, NOW).body;
            let is_taken = answer.contains("\"ret_code\":0");
            assert_eq!(
                diagnosis.right, is_taken,
                "{method} {text}\n{answer}\n{diagnosis:#?}"
            );
            refused += usize::from(!is_taken);
        }
    }
    assert!(refused > 20, "{refused}");
}
