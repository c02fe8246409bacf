//! What a diagnosis says of what: all well, two mistakes, nothing known; and what it never shows.

use std::vec;

use super::*;

#[test]
fn a_right_signature_is_called_right() {
    let mut random = Ids::new(1);
    for _ in 0..requests() {
        let query = query(&request(&mut random));
        let diagnosis = look(&url(
            &query,
            &hmac(SECRET, &format!("GET\n/iaas/\n{query}")),
        ));
        assert_eq!((diagnosis.right, codes(&diagnosis)), (true, vec![]));
        assert_eq!(diagnosis.string_to_sign, format!("GET\n/iaas/\n{query}"));
    }
}

#[test]
fn two_mistakes_at_once_are_both_named() {
    type Make = fn(&Pairs) -> String;
    let texts: [(Code, Make); 5] = [
        (Code::PlusForSpace, |pairs| {
            format!(
                "GET\n/iaas/\n{}",
                join(pairs, |text| encode(text, "").replace("%20", "+"))
            )
        }),
        (Code::SortedAsJoinedText, |pairs| {
            format!(
                "GET\n/iaas/\n{}",
                sorted_by(pairs, |(name, value)| format!("{name}={value}"))
            )
        }),
        (Code::MissingSlash, |pairs| {
            format!("GET\n/iaas\n{}", query(pairs))
        }),
        (Code::WrongVerb, |pairs| {
            format!("POST\n/iaas/\n{}", query(pairs))
        }),
        (Code::PublicParameterNotSigned, |pairs| {
            format!("GET\n/iaas/\n{}", query_without(pairs, "zone"))
        }),
    ];
    let secrets = [
        (Code::SecretWithBlanks, format!("{SECRET}\n")),
        (Code::IdForSecret, "QYACCESSKEYIDEXAMPLE".to_owned()),
    ];
    let mut random = Ids::new(11);
    for (code, make) in texts {
        for (wrong, secret) in &secrets {
            for _ in 0..5 {
                let mut pairs = request(&mut random);
                pairs.push(("spaced".into(), "a b".into()));
                pairs.sort();
                let diagnosis = look(&url(&query(&pairs), &hmac(secret, &make(&pairs))));
                assert_eq!(codes(&diagnosis), [code.word(), wrong.word()]);
            }
        }
    }
    for _ in 0..5 {
        let mut pairs = request(&mut random);
        pairs.push(("spaced".into(), "a b".into()));
        pairs.sort();
        let sent = query(&pairs);
        let slash_and_plus = format!(
            "GET\n/iaas\n{}",
            join(&pairs, |text| encode(text, "").replace("%20", "+"))
        );
        assert_eq!(
            codes(&look(&url(&sent, &hmac(SECRET, &slash_and_plus)))),
            ["plus-for-space", "missing-slash"]
        );
        let verb_and_zone = format!("POST\n/iaas/\n{}", query_without(&pairs, "zone"));
        assert_eq!(
            codes(&look(&url(&sent, &hmac(SECRET, &verb_and_zone)))),
            ["wrong-verb", "public-parameter-not-signed"]
        );
    }
}

#[test]
fn a_stale_stamp_is_named_beside_what_explains_the_signature() {
    let pairs: Pairs = request(&mut Ids::new(12));
    let query = query(&pairs).replace("22%3A13%3A20Z", "21%3A40%3A00Z");
    let diagnosis = look(&url(&query, &hmac(SECRET, &format!("GET\n/iaas\n{query}"))));
    assert_eq!(codes(&diagnosis), ["missing-slash", "stale-time-stamp"]);
}

#[test]
fn what_nothing_explains_shows_both_strings_and_where_they_part() {
    let pairs: Pairs = request(&mut Ids::new(13));
    let query = query(&pairs);
    let diagnosis = look(&url(
        &query.replace("zone=pek3a", "zone=pek3A+"),
        "c29tZXRoaW5nIGVsc2UgYWx0b2dldGhlciwgcmVhbGx5",
    ));
    assert!(!diagnosis.right);
    let signed = diagnosis.signed.expect("what was sent");
    let at = diagnosis.difference.expect("a difference");
    assert_eq!(
        (&diagnosis.string_to_sign[at..at + 3], &signed[at..]),
        ("%20", "+")
    );
}

#[test]
fn a_post_is_looked_at_in_its_body() {
    let query = query(&request(&mut Ids::new(14)));
    let look = |text: &str| {
        let body = format!("{query}&signature={}", encode(&hmac(SECRET, text), ""));
        let evidence = Evidence {
            subject: Subject::Url(b"https://api.qingcloud.com/iaas/"),
            method: None,
            body: Some(body.as_bytes()),
            signature: None,
            now_ms: Some(NOW),
        };
        codes(&diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis"))
    };
    assert!(look(&format!("POST\n/iaas/\n{query}")).is_empty());
    assert_eq!(look(&format!("GET\n/iaas/\n{query}")), ["wrong-verb"]);
}

#[test]
fn a_string_to_sign_is_looked_at_with_and_without_its_signature() {
    let mut random = Ids::new(15);
    for _ in 0..10 {
        let pairs = request(&mut random);
        looked_at_as_text(&pairs);
    }
    // Little to encode: here two mistakes can undo each other.
    let plain = [
        ("access_key_id", "K"),
        ("action", "DescribeZones"),
        ("signature_method", "HmacSHA256"),
        ("signature_version", "1"),
        ("status.1", "a"),
        ("status.10", "b"),
        ("time_stamp", STAMP),
    ];
    looked_at_as_text(
        &plain
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
    );
}

fn looked_at_as_text(pairs: &Pairs) {
    let look = |text: &str, signature: Option<&str>| {
        let signature = signature.map(str::as_bytes);
        let evidence = Evidence {
            subject: Subject::StringToSign(text.as_bytes()),
            method: None,
            body: None,
            signature,
            now_ms: Some(NOW),
        };
        let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
        (diagnosis.right, codes(&diagnosis))
    };
    let right = format!("GET\n/iaas/\n{}", query(pairs));
    assert_eq!(look(&right, None), (true, vec![]));
    assert_eq!(look(&right, Some(&hmac(SECRET, &right))), (true, vec![]));
    assert_eq!(
        look(&right, Some(&hmac(&format!("{SECRET}\n"), &right))),
        (false, vec!["secret-with-blanks"])
    );
    let joined = format!(
        "GET\n/iaas/\n{}",
        sorted_by(pairs, |(name, value)| format!("{name}={value}"))
    );
    assert_eq!(look(&joined, None), (false, vec!["sorted-as-joined-text"]));
    assert_eq!(
        look(&joined, Some(&hmac(SECRET, &joined))),
        (false, vec!["sorted-as-joined-text"])
    );
    assert_eq!(
        look(&joined, Some(&encode(&hmac(SECRET, &joined), ""))),
        (false, vec!["sorted-as-joined-text"])
    );
}

#[test]
fn a_secret_is_never_shown_wherever_somebody_put_it() {
    let mut pairs = request(&mut Ids::new(16));
    pairs.push(("login_passwd".into(), "Hunter2&Hunter3".into()));
    pairs.push(("note".into(), format!("my secret is {SECRET}")));
    pairs.push((SECRET.into(), "x".into()));
    pairs.sort();
    let sent = query(&pairs);
    let raw: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    for (text, sent) in [
        (format!("GET\n/iaas/\n{}", raw.join("&")), &sent),
        (format!("GET\n/iaas/\n{}", raw.join("&")), &raw.join("&")),
        (format!("GET&%2Fiaas%2F&{}", encode(&sent, "")), &sent),
        ("nothing known".to_owned(), &sent),
        (
            format!("GET\n/iaas/\n{}", query_without(&pairs, SECRET)),
            &sent,
        ),
    ] {
        let signature = hmac(SECRET, &text);
        let diagnosis = look(&url(sent, &signature));
        let shown = format!("{} {diagnosis:?}", diagnosis.json());
        for hidden in [
            SECRET,
            &encode(SECRET, ""),
            "Hunter2",
            "Hunter3",
            &signature,
        ] {
            assert!(!shown.contains(hidden), "{hidden} is in {shown}");
        }
    }
}

#[test]
fn every_mistake_has_both_languages_and_a_code_of_its_own() {
    let mut words: Vec<&str> = Code::ALL.iter().map(|code| code.word()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Code::ALL.len());
    assert!(words.len() >= 20);
    for &code in Code::ALL {
        let mistake = Mistake::new(code, "x");
        assert!(
            mistake.english().is_ascii()
                && mistake
                    .chinese()
                    .chars()
                    .any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)),
            "{code:?}"
        );
    }
}

#[test]
fn any_bytes_are_looked_at_without_a_panic() {
    let mut random = Ids::new(17);
    for round in 0..200 {
        let mut bytes: Vec<u8> = url(&query(&request(&mut random)), "AAAA").into_bytes();
        for _ in 0..1 + round % 20 {
            let at = (random.number() as usize) % bytes.len();
            bytes[at] = random.number() as u8;
        }
        bytes.truncate((random.number() as usize) % (bytes.len() + 1));
        let secret = [random.number() as u8, 0xff, 0];
        for subject in [Subject::Url(&bytes), Subject::StringToSign(&bytes)] {
            let evidence = Evidence {
                subject,
                method: None,
                body: Some(&bytes[bytes.len() / 2..]),
                signature: Some(&bytes[..bytes.len() / 3]),
                now_ms: Some(i64::MIN),
            };
            if let Ok(parts) = Parts::read(&evidence) {
                let found = search::search(
                    &parts,
                    &secret,
                    Depth::Singles,
                    &mut Work::new(Depth::Singles),
                );
                report::report(&parts, &secret, found, evidence.now_ms).json();
            }
        }
    }
}
