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
    signed_otherwise(Code::DoubleEncoded, |pairs| {
        join(pairs, |text| encode(&encode(text, ""), ""))
    });
    changed_on_the_way(Code::DoubleEncoded, |pairs| {
        join(pairs, |text| encode(&encode(text, ""), ""))
    });
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
