//! Mistakes among the parameters, times included.

use super::*;

#[test]
fn a_parameter_that_was_not_signed_is_named() {
    for (name, code) in [
        ("zone", Code::PublicParameterNotSigned),
        ("version", Code::PublicParameterNotSigned),
        ("status.3", Code::ParameterNotSigned),
    ] {
        let without = |pairs: &Pairs| query_without(pairs, name);
        signed_otherwise(code, without);
        let pairs = request(&mut Ids::new(9));
        let diagnosis = look(&url(
            &query(&pairs),
            &hmac(SECRET, &format!("GET\n/iaas/\n{}", without(&pairs))),
        ));
        assert_eq!(diagnosis.mistakes[0].detail, name);
    }
}

#[test]
fn empty_values_left_out_are_named() {
    // One alone would be a parameter that was not signed.
    named(Code::EmptyValuesLeftOut, |pairs| {
        let mut pairs = pairs.clone();
        pairs.push(("void".into(), String::new()));
        pairs.sort();
        let wrong = query(
            &pairs
                .iter()
                .filter(|pair| !pair.1.is_empty())
                .cloned()
                .collect::<Pairs>(),
        );
        Some(url(
            &query(&pairs),
            &hmac(SECRET, &format!("GET\n/iaas/\n{wrong}")),
        ))
    });
}

#[test]
fn trimmed_values_are_named() {
    signed_otherwise(Code::ValueTrimmed, |pairs| {
        join(pairs, |text| encode(text.trim(), ""))
    });
}

#[test]
fn a_signature_that_was_signed_is_named() {
    signed_otherwise(Code::SignatureSigned, |pairs| {
        let mut pairs = pairs.clone();
        pairs.push(("signature".into(), String::new()));
        pairs.sort();
        query(&pairs)
    });
}

#[test]
fn a_time_stamp_made_twice_is_named_up_to_five_seconds_off() {
    for seconds in ["15", "18", "19", "21", "22", "25"] {
        signed_otherwise(Code::TimeStampMadeTwice, |pairs| {
            query(pairs).replace("22%3A13%3A20Z", &format!("22%3A13%3A{seconds}Z"))
        });
    }
    let pairs = request(&mut Ids::new(32));
    for seconds in ["14", "26"] {
        let signed = query(&pairs).replace("22%3A13%3A20Z", &format!("22%3A13%3A{seconds}Z"));
        let signature = hmac(SECRET, &format!("GET\n/iaas/\n{signed}"));
        assert_eq!(codes(&look(&url(&query(&pairs), &signature))), [""; 0]);
    }
}

#[test]
fn times_that_are_off_are_named() {
    for (seconds, expires, code) in [
        (-61, "", Code::StaleTimeStamp),
        (-3000, "", Code::StaleTimeStamp),
        (61, "", Code::FutureTimeStamp),
        (8 * 3600, "", Code::LocalTimeMarkedUtc),
        (5 * 3600 + 1800 - 20, "", Code::LocalTimeMarkedUtc),
        (-5 * 3600 + 3, "", Code::LocalTimeMarkedUtc),
        (14 * 3600, "", Code::LocalTimeMarkedUtc),
        (14 * 3600 + 60, "", Code::LocalTimeMarkedUtc),
        (14 * 3600 + 900, "", Code::FutureTimeStamp),
        (900, "", Code::FutureTimeStamp),
        (1800, "", Code::LocalTimeMarkedUtc),
        (1800 + 60, "", Code::LocalTimeMarkedUtc),
        (1800 + 61, "", Code::FutureTimeStamp),
        (-1800, "", Code::StaleTimeStamp),
        (-3600, "", Code::LocalTimeMarkedUtc),
        (-3600 - 61, "", Code::StaleTimeStamp),
        (-3000, "2023-11-14T22:13:10Z", Code::Expired),
        (61, "2023-11-14T22:15:00Z", Code::FutureTimeStamp),
    ] {
        named(code, |pairs| Some(stamped(pairs, seconds, expires)));
    }
}

#[test]
fn times_within_the_minute_or_before_expires_are_right() {
    for (seconds, expires) in [
        (60, ""),
        (-60, ""),
        (0, ""),
        (-3000, "2023-11-14T22:13:20Z"),
        (-3600, "2023-11-14T22:14:00Z"),
        (60, "2023-11-14T22:15:00Z"),
    ] {
        let diagnosis = look(&stamped(&request(&mut Ids::new(33)), seconds, expires));
        assert_eq!(codes(&diagnosis), [""; 0], "{seconds} {expires}");
        assert!(diagnosis.right);
    }
}

/// A request that is right but for its time.
fn stamped(pairs: &Pairs, seconds: i64, expires: &str) -> String {
    let mut pairs = pairs.clone();
    let stamp = crate::sign::time::format(NOW / 1000 + seconds)
        .map(|stamp| String::from_utf8_lossy(&stamp).into_owned());
    for (name, value) in &mut pairs {
        if name == "time_stamp" {
            value.clone_from(&stamp.clone().unwrap_or_default());
        }
    }
    if !expires.is_empty() {
        pairs.push(("expires".into(), expires.into()));
        pairs.sort();
    }
    let query = query(&pairs);
    url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}")))
}

#[test]
fn what_is_missing_or_unknown_among_the_public_parameters_is_named() {
    for name in ["access_key_id", "action", "signature_version", "time_stamp"] {
        named(Code::MissingPublicParameter, |pairs| {
            let query = query_without(pairs, name);
            Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
        });
    }
    named(Code::WrongPublicParameter, |pairs| {
        let query = query(pairs).replace("signature_version=1", "signature_version=4");
        Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
    });
    named(Code::MissingSignature, |pairs| {
        Some(format!("/iaas/?{}", query(pairs)))
    });
    named(Code::BadTime, |pairs| {
        let query = query(pairs).replace("2023-11-14T22%3A13%3A20Z", "1700000000");
        Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
    });
    named(Code::ParameterTwice, |pairs| {
        let query = query(pairs).replace("zone=pek3a", "zone=pek3a&zone=pek3a");
        Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
    });
}

#[test]
fn a_public_parameter_that_was_signed_but_not_sent_is_named() {
    for name in ["version", "signature_version", "signature_method"] {
        named(Code::MissingPublicParameter, |pairs| {
            let signature = hmac(SECRET, &format!("GET\n/iaas/\n{}", query(pairs)));
            Some(url(&query_without(pairs, name), &signature))
        });
        let pairs = request(&mut Ids::new(38));
        let signature = hmac(SECRET, &format!("GET\n/iaas/\n{}", query(&pairs)));
        let diagnosis = look(&url(&query_without(&pairs, name), &signature));
        let mistake = &diagnosis.mistakes[0];
        assert_eq!((&*mistake.detail, mistake.reproduced), (name, true));
        assert_eq!(
            mistake.english(),
            format!(
                "The public parameter {name} was signed but not sent; send exactly what is signed."
            )
        );
        assert!(mistake.chinese().contains("参与了签名"));
    }
}

#[test]
fn a_request_without_a_version_is_right_as_the_official_go_sdk_sends_it() {
    let sent = query_without(&request(&mut Ids::new(39)), "version");
    let diagnosis = look(&url(&sent, &hmac(SECRET, &format!("GET\n/iaas/\n{sent}"))));
    assert_eq!((diagnosis.right, codes(&diagnosis)), (true, [].to_vec()));
}
