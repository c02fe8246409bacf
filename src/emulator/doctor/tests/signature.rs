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
