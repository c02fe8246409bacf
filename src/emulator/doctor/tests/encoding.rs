//! Mistakes of encoding.

use super::*;

#[test]
fn plus_for_space_is_named() {
    in_all_ways(Code::PlusForSpace, |pairs| {
        join(pairs, |text| encode(text, "").replace("%20", "+"))
    });
}

#[test]
fn lower_case_hex_is_named() {
    let small = |text: &str| {
        let mut out = String::new();
        let mut characters = text.chars();
        while let Some(character) = characters.next() {
            out.push(character);
            if character == '%' {
                out.extend(
                    characters
                        .by_ref()
                        .take(2)
                        .map(|digit| digit.to_ascii_lowercase()),
                );
            }
        }
        out
    };
    in_all_ways(Code::LowerCaseHex, |pairs| small(&query(pairs)));
}

#[test]
fn each_reserved_character_left_bare_is_named() {
    for bare in ["/", "!", "'", "(", ")", "*", ":", "!'()*", "/!'()*"] {
        in_all_ways(Code::ReservedLeftBare, |pairs| {
            join(pairs, |text| encode(text, bare))
        });
    }
    let mut random = Ids::new(3);
    let pairs = request(&mut random);
    let wrong = join(&pairs, |text| encode(text, ":"));
    let diagnosis = look(&url(
        &query(&pairs),
        &hmac(SECRET, &format!("GET\n/iaas/\n{wrong}")),
    ));
    assert_eq!(diagnosis.mistakes[0].detail, ":");
}

#[test]
fn tilde_encoded_is_named() {
    in_all_ways(Code::TildeEncoded, |pairs| {
        join(pairs, |text| encode(text, "").replace('~', "%7E"))
    });
}

#[test]
fn form_encoded_is_named() {
    named(Code::FormEncoded, |pairs| {
        let mut pairs = pairs.clone();
        pairs.push(("all".into(), "a b~*".into()));
        pairs.sort();
        let form = join(&pairs, |text| {
            encode(text, "*").replace("%20", "+").replace('~', "%7E")
        });
        Some(url(
            &query(&pairs),
            &hmac(SECRET, &format!("GET\n/iaas/\n{form}")),
        ))
    });
}

#[test]
fn double_encoded_is_named() {
    in_all_ways(Code::DoubleEncoded, |pairs| {
        join(pairs, |text| encode(&encode(text, ""), ""))
    });
}

#[test]
fn an_expires_that_was_encoded_twice_is_named_beside_a_time_stamp_that_is_right() {
    let mut pairs = request(&mut Ids::new(24));
    pairs.push(("expires".into(), encode("2023-11-14T22:14:20Z", "")));
    pairs.sort();
    let sent = query(&pairs);
    let diagnosis = look(&url(&sent, &hmac(SECRET, &format!("GET\n/iaas/\n{sent}"))));
    assert_eq!(codes(&diagnosis), ["double-encoded"]);
}

#[test]
fn a_value_that_holds_an_encoding_of_its_own_is_right() {
    let mut pairs = request(&mut Ids::new(25));
    pairs.push(("script".into(), "at=2023-11-14T22%3A13%3A20Z".into()));
    pairs.push(("since".into(), encode(STAMP, "")));
    pairs.sort();
    let sent = query(&pairs);
    let diagnosis = look(&url(&sent, &hmac(SECRET, &format!("GET\n/iaas/\n{sent}"))));
    assert_eq!((diagnosis.right, codes(&diagnosis)), (true, Vec::new()));
}

#[test]
fn a_time_that_no_decoding_mends_is_bad_whatever_else_was_encoded_twice() {
    let pairs: Pairs = request(&mut Ids::new(26))
        .into_iter()
        .map(|(name, value)| match &*name {
            "time_stamp" => (name, "2023-11-14 22:13".into()),
            _ => (name, value),
        })
        .collect();
    let (right, twice) = (
        query(&pairs),
        join(&pairs, |text| encode(&encode(text, ""), "")),
    );
    let diagnosis = look(&url(
        &twice,
        &hmac(SECRET, &format!("GET\n/iaas/\n{right}")),
    ));
    assert_eq!(codes(&diagnosis), ["double-encoded", "bad-time"]);
    let diagnosis = look(&url(
        &right,
        &hmac(SECRET, &format!("GET\n/iaas/\n{right}")),
    ));
    assert_eq!(codes(&diagnosis), ["bad-time"]);
}

#[test]
fn not_encoded_is_named() {
    signed_otherwise(Code::NotEncoded, |pairs| join(pairs, str::to_owned));
    signed_otherwise(Code::NotEncoded, |pairs| {
        let parts: Vec<String> = pairs
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect();
        parts.join("&")
    });
}

#[test]
fn names_not_encoded_is_named() {
    signed_otherwise(Code::NamesNotEncoded, |pairs| {
        let parts: Vec<String> = pairs
            .iter()
            .map(|(name, text)| format!("{name}={}", encode(text, "")))
            .collect();
        parts.join("&")
    });
}

#[test]
fn latin_1_is_named() {
    // Of these words, one has a letter that Latin-1 knows; texts with others stay as they are.
    signed_otherwise(Code::NotUtf8, |pairs| {
        let latin = |text: &str| {
            if text.chars().all(|c| u32::from(c) < 256) {
                encode(text, "").replace("%C3%A9", "%E9")
            } else {
                encode(text, "")
            }
        };
        let parts: Vec<String> = pairs
            .iter()
            .map(|(name, text)| format!("{}={}", latin(name), latin(text)))
            .collect();
        parts.join("&")
    });
}

#[test]
fn what_was_sent_and_signed_in_latin_1_is_not_right() {
    let mut pairs = request(&mut Ids::new(37));
    pairs.push(("latin".into(), "\u{fc}".into()));
    pairs.sort();
    let sent = query(&pairs).replace("%C3%BC", "%FC");
    let diagnosis = look(&url(&sent, &hmac(SECRET, &format!("GET\n/iaas/\n{sent}"))));
    assert_eq!(
        (diagnosis.right, codes(&diagnosis)),
        (false, ["not-utf8"].to_vec())
    );
}
