//! How much is made and hashed for a request of many parameters, and what is found all the same.

use super::*;

/// A request with so many more parameters.
fn many(count: usize) -> Pairs {
    let mut pairs = request(&mut Ids::new(40));
    pairs.extend((0..count).map(|at| (format!("instances.{at}"), format!("i-{at:08x} /~"))));
    pairs.sort();
    pairs
}

/// What a search that finds nothing has made and hashed, and whether it was cut short.
fn spent(url: &str, depth: Depth) -> (usize, bool) {
    let evidence = Evidence {
        subject: Subject::Url(url.as_bytes()),
        method: None,
        body: None,
        signature: None,
        now_ms: Some(NOW),
    };
    let parts = Parts::read(&evidence).expect("parts");
    let mut work = Work::new(depth);
    let found = search::search(&parts, SECRET.as_bytes(), depth, &mut work);
    assert!(!found.verified && found.mistakes.is_empty());
    (work.spent(), work.is_over())
}

#[test]
fn a_request_of_any_size_is_searched_within_a_number_of_bytes() {
    for count in [0, 50, 200, 800, 3000] {
        let url = url(&query(&many(count)), "c29tZXRoaW5nIGVsc2U=");
        let (bytes, is_cut) = spent(&url, Depth::Singles);
        assert!(bytes <= 8 << 20, "{count}: {bytes}");
        assert!(count > 800 || !is_cut, "{count}: {bytes}");
        let (bytes, is_cut) = spent(&url, Depth::Pairs);
        assert!(bytes <= 32 << 20, "{count}: {bytes}");
        assert!(count > 0 || !is_cut, "{count}: {bytes}");
    }
}

#[test]
fn the_likely_mistakes_are_found_in_a_request_of_thousands() {
    let pairs = many(3000);
    let sent = query(&pairs);
    for (code, signature) in [
        (
            "missing-slash",
            hmac(SECRET, &format!("GET\n/iaas\n{sent}")),
        ),
        ("wrong-verb", hmac(SECRET, &format!("POST\n/iaas/\n{sent}"))),
        (
            "plus-for-space",
            hmac(
                SECRET,
                &format!("GET\n/iaas/\n{}", sent.replace("%20", "+")),
            ),
        ),
        (
            "sorted-as-joined-text",
            hmac(
                SECRET,
                &format!(
                    "GET\n/iaas/\n{}",
                    sorted_by(&pairs, |(name, value)| format!("{name}={value}"))
                ),
            ),
        ),
        (
            "public-parameter-not-signed",
            hmac(
                SECRET,
                &format!("GET\n/iaas/\n{}", query_without(&pairs, "zone")),
            ),
        ),
        (
            "secret-with-blanks",
            hmac(&format!("{SECRET}\n"), &format!("GET\n/iaas/\n{sent}")),
        ),
    ] {
        let url = url(&sent, &signature);
        assert_eq!(codes(&look(&url)), [code]);
        let evidence = Evidence {
            subject: Subject::Url(url.as_bytes()),
            method: None,
            body: None,
            signature: None,
            now_ms: None,
        };
        assert!(explain(&evidence, SECRET.as_bytes()).is_some(), "{code}");
    }
}

#[test]
fn one_parameter_of_two_hundred_that_was_not_signed_is_found() {
    let pairs = many(200);
    let signature = hmac(
        SECRET,
        &format!("GET\n/iaas/\n{}", query_without(&pairs, "instances.77")),
    );
    let diagnosis = look(&url(&query(&pairs), &signature));
    assert_eq!(codes(&diagnosis), ["parameter-not-signed"]);
    assert_eq!(diagnosis.mistakes[0].detail, "instances.77");
}

#[test]
fn two_likely_mistakes_are_found_in_a_request_of_hundreds() {
    let pairs = many(200);
    let sent = query(&pairs);
    let with_plus = sent.replace("%20", "+");
    let line_end = format!("{SECRET}\n");
    for (expected, signature) in [
        (
            ["plus-for-space", "missing-slash"],
            hmac(SECRET, &format!("GET\n/iaas\n{with_plus}")),
        ),
        (
            ["missing-slash", "secret-with-blanks"],
            hmac(&line_end, &format!("GET\n/iaas\n{sent}")),
        ),
        (
            ["plus-for-space", "secret-with-blanks"],
            hmac(&line_end, &format!("GET\n/iaas/\n{with_plus}")),
        ),
    ] {
        assert_eq!(codes(&look(&url(&sent, &signature))), expected);
    }
}

#[test]
fn a_string_to_sign_is_explained_although_its_signature_is_not() {
    let sent = query(&many(200));
    let text = format!("GET\n/iaas/\n{}", sent.replace("%20", "+"));
    let evidence = Evidence {
        subject: Subject::StringToSign(text.as_bytes()),
        method: None,
        body: None,
        signature: Some(b"c29tZXRoaW5nIGVsc2U="),
        now_ms: Some(NOW),
    };
    let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
    assert_eq!(codes(&diagnosis), ["plus-for-space"]);
}
