//! Mistakes of the hash, the secret and the signature's own form.

use super::*;

#[test]
fn the_other_hash_is_named() {
    named(Code::Sha1ForSha256, |pairs| {
        let query = query(pairs);
        let key = Key::new(SignatureMethod::HmacSha1, SECRET.as_bytes().to_vec());
        Some(url(
            &query,
            &key.sign(&[format!("GET\n/iaas/\n{query}").as_bytes()]),
        ))
    });
    named(Code::Sha256ForSha1, |pairs| {
        let query = query(pairs).replace("HmacSHA256", "HmacSHA1");
        Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
    });
}

#[test]
fn wrong_forms_of_the_signature_are_named() {
    let right = |pairs: &Pairs| {
        let query = query(pairs);
        let signature = hmac(SECRET, &format!("GET\n/iaas/\n{query}"));
        (query, signature)
    };
    named(Code::SignatureNotEncoded, |pairs| {
        let (query, signature) = right(pairs);
        Some(format!("/iaas/?{query}&signature={signature}"))
    });
    named(Code::SignatureEncodedTwice, |pairs| {
        let (query, signature) = right(pairs);
        Some(url(&query, &encode(&signature, "")))
    });
    let bytes = |signature: &str| BASE64_STANDARD.decode(signature).expect("base64");
    let hex = |signature: &str| {
        bytes(signature)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    named(Code::SignatureInHex, |pairs| {
        let (query, signature) = right(pairs);
        Some(url(&query, &hex(&signature)))
    });
    named(Code::SignatureInHex, |pairs| {
        let (query, signature) = right(pairs);
        Some(url(&query, &BASE64_STANDARD.encode(hex(&signature))))
    });
    named(Code::SignatureUrlSafe, |pairs| {
        let (query, signature) = right(pairs);
        Some(url(
            &query,
            &BASE64_URL_SAFE_NO_PAD.encode(bytes(&signature)),
        ))
    });
    named(Code::SignatureWithBlanks, |pairs| {
        let (query, signature) = right(pairs);
        Some(url(&query, &format!("{signature}\n")))
    });
}

#[test]
fn what_programs_make_of_a_secret_is_named() {
    for (code, used) in [
        (Code::SecretWithBlanks, format!("{SECRET}\n")),
        (Code::SecretWithBlanks, format!(" {SECRET}")),
        (Code::SecretInQuotes, format!("\"{SECRET}\"")),
        (Code::SecretInQuotes, format!("'{SECRET}'")),
        (Code::IdForSecret, "QYACCESSKEYIDEXAMPLE".to_owned()),
        (Code::SecretWithAmpersand, format!("{SECRET}&")),
        (Code::SecretDecoded, BASE64_STANDARD.encode(SECRET)),
        (Code::SecretDecoded, encode(SECRET, "")),
        (Code::SecretInOtherCase, SECRET.to_lowercase()),
        (Code::EmptySecret, String::new()),
    ] {
        named(code, |pairs| {
            let query = query(pairs);
            Some(url(&query, &hmac(&used, &format!("GET\n/iaas/\n{query}"))))
        });
    }
}

#[test]
fn a_secret_given_with_blanks_or_quotes_to_the_doctor_is_named_too() {
    let query = query(&request(&mut Ids::new(5)));
    let url = url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}")));
    assert_eq!(
        codes(&look_with(&url, &format!("{SECRET}\n"))),
        ["secret-with-blanks"]
    );
    assert_eq!(
        codes(&look_with(&url, &format!("\"{SECRET}\""))),
        ["secret-in-quotes"]
    );
}

#[test]
fn an_id_and_a_secret_that_are_the_same_are_named_and_not_shown() {
    let id = "QYACCESSKEYIDEXAMPLE";
    let exchanged = |pairs: &Pairs| -> Pairs {
        let mut pairs = pairs.clone();
        for (_, value) in pairs.iter_mut().filter(|pair| pair.0 == "access_key_id") {
            *value = SECRET.to_owned();
        }
        pairs
    };
    let pairs = request(&mut Ids::new(27));
    let signed = |pairs: &Pairs, key: &str| {
        let sent = query(pairs);
        url(&sent, &hmac(key, &format!("GET\n/iaas/\n{sent}")))
    };
    // Exchanged where the request was made; given to the doctor instead of the secret; in both places at once.
    for (url, secret) in [
        (signed(&exchanged(&pairs), id), SECRET),
        (signed(&exchanged(&pairs), id), &format!("{SECRET}\n")),
        (signed(&pairs, SECRET), id),
        (signed(&pairs, id), id),
    ] {
        let diagnosis = look_with(&url, secret);
        assert_eq!(codes(&diagnosis), ["id-is-secret"], "{diagnosis:#?}");
        assert!(!diagnosis.right);
        let shown = format!("{} {diagnosis:?}", diagnosis.json());
        for hidden in [secret.trim(), &encode(secret.trim(), "")] {
            assert!(!shown.contains(hidden), "{hidden} is in {shown}");
        }
    }
    // The signature tells more than the look of the two.
    let sent = query(&pairs);
    let slash_too = url(&sent, &hmac(id, &format!("GET\n/iaas\n{sent}")));
    assert_eq!(
        codes(&look_with(&slash_too, id)),
        ["missing-slash", "id-is-secret"]
    );
}

#[test]
fn a_secret_that_was_sent_encoded_twice_is_not_shown() {
    let mut pairs = request(&mut Ids::new(28));
    pairs.push(("zz".into(), encode(SECRET, "")));
    let sent = query(&pairs);
    for signature in [
        hmac(SECRET, &format!("GET\n/iaas/\n{sent}")),
        "AAAA".to_owned(),
    ] {
        let diagnosis = look(&url(&sent, &signature));
        let shown = format!("{} {diagnosis:?}", diagnosis.json());
        let twice = encode(&encode(SECRET, ""), "");
        assert!(!shown.contains(&twice), "{twice} is in {shown}");
    }
}

#[test]
fn blanks_and_quotes_about_a_secret_are_named_however_many_there_are() {
    let query = query(&request(&mut Ids::new(43)));
    for (used, expected) in [
        (format!(" {SECRET} "), &["secret-with-blanks"][..]),
        (format!("{SECRET}\n\n"), &["secret-with-blanks"]),
        (format!("{SECRET}  "), &["secret-with-blanks"]),
        (format!("  {SECRET}"), &["secret-with-blanks"]),
        (format!("\u{feff}{SECRET}\n"), &["secret-with-blanks"]),
        (format!("\"{SECRET}"), &["secret-in-quotes"]),
        (format!("{SECRET}'"), &["secret-in-quotes"]),
        (
            format!("\"{SECRET}\"\n"),
            &["secret-with-blanks", "secret-in-quotes"],
        ),
    ] {
        let signature = hmac(&used, &format!("GET\n/iaas/\n{query}"));
        let diagnosis = look(&url(&query, &signature));
        assert_eq!(codes(&diagnosis), expected, "{used:?}");
        let shown = format!("{} {diagnosis:?}", diagnosis.json());
        assert!(!shown.contains(SECRET));
    }
}

#[test]
fn the_other_hash_and_another_secret_are_both_named() {
    let sent = query(&request(&mut Ids::new(44)));
    for (named, used, code) in [
        ("HmacSHA256", SignatureMethod::HmacSha1, "sha1-for-sha256"),
        ("HmacSHA1", SignatureMethod::HmacSha256, "sha256-for-sha1"),
    ] {
        let sent = sent.replace("HmacSHA256", named);
        let key = Key::new(used, format!("{SECRET}\n").into_bytes());
        let signature = key.sign(&[format!("GET\n/iaas/\n{sent}").as_bytes()]);
        let diagnosis = look(&url(&sent, &signature));
        assert_eq!(codes(&diagnosis), [code, "secret-with-blanks"]);
        assert!(diagnosis.mistakes.iter().all(|mistake| mistake.reproduced));
    }
}
