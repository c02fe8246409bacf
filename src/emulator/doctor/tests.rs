//! Each mistake is made here by a few lines of its own on random requests, and must be named.

use std::vec;

use crate::emulator::names::*;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::*;
use crate::emulator::ids::Ids;
use crate::sign::{Key, SignatureMethod};

const SECRET: &str = "wJ4k+Rt/9zQpLx0Secret";
const NOW: i64 = 1_700_000_000_000;
const STAMP: &str = "2023-11-14T22:13:20Z";

/// Random requests for each mistake; `DOCTOR_REQUESTS` says otherwise.
fn requests() -> usize {
    let asked = std::env::var("DOCTOR_REQUESTS").ok();
    asked.and_then(|count| count.parse().ok()).unwrap_or(50)
}

type Pairs = Vec<(String, String)>;

/// A random request that has something of everything that can go wrong.
fn request(random: &mut Ids) -> Pairs {
    const WORDS: [&str; 12] = [
        " a b", "x/y", "it's", "(1)", "wow!", "*", "~home", "k:v", "中文", "café ", "50%",
        "1+1=2&3",
    ];
    let mut pairs: Pairs = [
        ("access_key_id", "QYACCESSKEYIDEXAMPLE"),
        ("action", "DescribeInstances"),
        ("signature_method", "HmacSHA256"),
        ("signature_version", "1"),
        ("time_stamp", STAMP),
        ("version", "1"),
        ("zone", "pek3a"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for at in 0..3 + random.number() % 3 {
        let mut value = String::new();
        for _ in 0..1 + random.number() % 4 {
            value.push_str(WORDS[(random.number() % 12) as usize]);
            value.push_str(&random.next(""));
        }
        pairs.push((
            format!(
                "p{}{}",
                ["a", "b", "c", "d", "e"][at as usize % 5],
                random.text(b"abcdefghijk", 6)
            ),
            value,
        ));
    }
    for at in 1..=10 + random.number() % 3 {
        pairs.push((format!("status.{at}"), random.next("s")));
    }
    pairs.push(("Zeta".into(), random.next("")));
    pairs.push(("names[a]".into(), random.next("")));
    pairs.push(("names[\u{e9}]".into(), random.next("")));
    pairs.push(("empty".into(), String::new()));
    pairs.sort();
    pairs
}

fn encode(text: &str, bare: &str) -> String {
    let byte = |byte: u8| {
        let plain = byte.is_ascii_alphanumeric()
            || "-_.~".contains(char::from(byte))
            || bare.as_bytes().contains(&byte);
        if plain {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

fn join(pairs: &[(String, String)], value: impl Fn(&str) -> String) -> String {
    let parts: Vec<String> = pairs
        .iter()
        .map(|(name, text)| format!("{}={}", encode(name, ""), value(text)))
        .collect();
    parts.join("&")
}

fn query(pairs: &[(String, String)]) -> String {
    join(pairs, |text| encode(text, ""))
}

fn hmac(secret: &str, text: &str) -> String {
    Key::new(SignatureMethod::HmacSha256, secret.as_bytes().to_vec()).sign(&[text.as_bytes()])
}

fn url(sent: &str, signature: &str) -> String {
    format!(
        "https://api.qingcloud.com/iaas/?{sent}&signature={}",
        encode(signature, "")
    )
}

fn look(url: &str) -> Diagnosis {
    look_with(url, SECRET)
}

fn look_with(url: &str, secret: &str) -> Diagnosis {
    let evidence = Evidence {
        subject: Subject::Url(url.as_bytes()),
        method: None,
        body: None,
        signature: None,
        now_ms: Some(NOW),
    };
    diagnose(&evidence, secret.as_bytes()).expect("a diagnosis")
}

fn codes(diagnosis: &Diagnosis) -> Vec<&'static str> {
    diagnosis
        .mistakes
        .iter()
        .map(|mistake| mistake.code.word())
        .collect()
}

/// Makes a mistake on random requests, those that it changes; each must be named by it alone.
fn named(code: Code, make: impl Fn(&Pairs) -> Option<String>) {
    let mut random = Ids::new(code as u64 + 1);
    let mut made = 0;
    let requests = requests();
    for _ in 0..10 * requests {
        let pairs = request(&mut random);
        let Some(url) = make(&pairs) else { continue };
        let diagnosis = look(&url);
        assert_eq!(codes(&diagnosis), [code.word()], "{url}\n{diagnosis:#?}");
        assert!(!diagnosis.right);
        made += 1;
        if made == requests {
            return;
        }
    }
    panic!("{code:?} could be made on {made} requests only");
}

/// Signs another query than the right one, and sends the right one or the very one that was signed.
fn signed_otherwise(code: Code, wrong: impl Fn(&Pairs) -> String) {
    named(code, |pairs| {
        let (right, wrong) = (query(pairs), wrong(pairs));
        (right != wrong).then(|| url(&right, &hmac(SECRET, &format!("GET\n/iaas/\n{wrong}"))))
    });
}

fn sent_as_signed(code: Code, wrong: impl Fn(&Pairs) -> String) {
    named(code, |pairs| {
        let (right, wrong) = (query(pairs), wrong(pairs));
        (right != wrong).then(|| url(&wrong, &hmac(SECRET, &format!("GET\n/iaas/\n{wrong}"))))
    });
}

/// Signs well, and sends the query in another form.
fn changed_on_the_way(code: Code, wrong: impl Fn(&Pairs) -> String) {
    named(code, |pairs| {
        let (right, wrong) = (query(pairs), wrong(pairs));
        (right != wrong).then(|| url(&wrong, &hmac(SECRET, &format!("GET\n/iaas/\n{right}"))))
    });
}

fn in_all_ways(code: Code, wrong: impl Fn(&Pairs) -> String) {
    signed_otherwise(code, &wrong);
    sent_as_signed(code, &wrong);
    changed_on_the_way(code, &wrong);
}

fn sorted_by<K: Ord>(pairs: &Pairs, key: impl Fn(&(String, String)) -> K) -> String {
    let mut pairs = pairs.clone();
    pairs.sort_by_key(|pair| key(pair));
    query(&pairs)
}

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

#[test]
fn sorted_as_joined_text_is_named() {
    in_all_ways(Code::SortedAsJoinedText, |pairs| {
        sorted_by(pairs, |(name, value)| format!("{name}={value}"))
    });
}

#[test]
fn sorted_by_number_is_named() {
    in_all_ways(Code::SortedByNumber, |pairs| {
        sorted_by(pairs, |(name, _)| {
            match name
                .strip_prefix("status.")
                .and_then(|number| number.parse::<u32>().ok())
            {
                Some(number) => format!("status.{number:05}"),
                None => name.clone(),
            }
        })
    });
}

#[test]
fn sorted_ignoring_case_is_named() {
    in_all_ways(Code::SortedIgnoringCase, |pairs| {
        sorted_by(pairs, |(name, _)| name.to_lowercase())
    });
}

#[test]
fn sorted_as_utf16_is_named() {
    // Beyond U+FFFF comes first by UTF-16 units, last by bytes.
    named(Code::SortedAsUtf16, |pairs| {
        let mut pairs = pairs.clone();
        pairs.push(("z\u{1F680}".into(), "1".into()));
        pairs.push(("z\u{FF01}".into(), "2".into()));
        pairs.sort();
        let wrong = sorted_by(&pairs, |(name, _)| {
            name.encode_utf16().collect::<Vec<u16>>()
        });
        Some(url(
            &query(&pairs),
            &hmac(SECRET, &format!("GET\n/iaas/\n{wrong}")),
        ))
    });
}

#[test]
fn not_sorted_is_named() {
    sent_as_signed(Code::NotSorted, |pairs| {
        let mut pairs = pairs.clone();
        pairs.rotate_left(3);
        pairs.swap(0, 5);
        query(&pairs)
    });
}

#[test]
fn a_slash_missing_or_too_many_is_named() {
    for (code, path) in [(Code::MissingSlash, "/iaas"), (Code::ExtraSlash, "/iaas//")] {
        named(code, |pairs| {
            let query = query(pairs);
            Some(url(&query, &hmac(SECRET, &format!("GET\n{path}\n{query}"))))
        });
    }
}

#[test]
fn another_path_is_named() {
    for (code, path) in [
        (Code::WrongPath, "/"),
        (Code::WrongPath, ""),
        (Code::WrongPath, "api.qingcloud.com/iaas/"),
        (Code::IaasForIam, "/iam/"),
    ] {
        named(code, |pairs| {
            let query = query(pairs);
            Some(url(&query, &hmac(SECRET, &format!("GET\n{path}\n{query}"))))
        });
    }
}

#[test]
fn a_token_sent_to_iaas_is_named() {
    named(Code::IaasForIam, |pairs| {
        let mut pairs = pairs.clone();
        pairs.push(("token".into(), "t".into()));
        pairs.sort();
        let query = query(&pairs);
        Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
    });
}

#[test]
fn another_verb_is_named() {
    for verb in ["POST", "get", "PUT"] {
        named(Code::WrongVerb, |pairs| {
            let query = query(pairs);
            Some(url(
                &query,
                &hmac(SECRET, &format!("{verb}\n/iaas/\n{query}")),
            ))
        });
    }
}

#[test]
fn a_string_put_together_wrongly_is_named() {
    for layout in [
        "GET\r\n/iaas/\r\n{}",
        "GET\n/iaas/\n{}\n",
        "GET\n/iaas/?{}",
        "/iaas/\n{}",
        "{}",
        "GET/iaas/{}",
    ] {
        named(Code::WrongLayout, |pairs| {
            let query = query(pairs);
            Some(url(&query, &hmac(SECRET, &layout.replace("{}", &query))))
        });
    }
    named(Code::WrongLayout, |pairs| {
        let query = query(pairs);
        Some(url(
            &query,
            &hmac(SECRET, &format!("GET&%2Fiaas%2F&{}", encode(&query, ""))),
        ))
    });
}

#[test]
fn a_parameter_that_was_not_signed_is_named() {
    for (name, code) in [
        ("zone", Code::PublicParameterNotSigned),
        ("version", Code::PublicParameterNotSigned),
        ("status.3", Code::ParameterNotSigned),
    ] {
        let without = |pairs: &Pairs| {
            query(
                &pairs
                    .iter()
                    .filter(|pair| pair.0 != name)
                    .cloned()
                    .collect::<Pairs>(),
            )
        };
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
fn a_time_stamp_made_twice_is_named() {
    signed_otherwise(Code::TimeStampMadeTwice, |pairs| {
        query(pairs).replace("22%3A13%3A20Z", "22%3A13%3A19Z")
    });
}

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
fn times_that_are_off_are_named() {
    for (seconds, expires, code) in [
        (-61, "", Code::StaleTimeStamp),
        (-3000, "", Code::StaleTimeStamp),
        (61, "", Code::FutureTimeStamp),
        (8 * 3600, "", Code::LocalTimeMarkedUtc),
        (5 * 3600 + 1800 - 20, "", Code::LocalTimeMarkedUtc),
        (-5 * 3600 + 3, "", Code::LocalTimeMarkedUtc),
        (-3000, "2023-11-14T22:13:10Z", Code::Expired),
    ] {
        named(code, |pairs| {
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
            Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
        });
    }
}

#[test]
fn what_is_missing_or_unknown_among_the_public_parameters_is_named() {
    for name in ["access_key_id", "action", "signature_version", "time_stamp"] {
        named(Code::MissingPublicParameter, |pairs| {
            let query = query(
                &pairs
                    .iter()
                    .filter(|pair| pair.0 != name)
                    .cloned()
                    .collect::<Pairs>(),
            );
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
            format!(
                "GET\n/iaas/\n{}",
                query(
                    &pairs
                        .iter()
                        .filter(|pair| pair.0 != "zone")
                        .cloned()
                        .collect::<Pairs>()
                )
            )
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
        let verb_and_zone = format!(
            "POST\n/iaas/\n{}",
            query(
                &pairs
                    .iter()
                    .filter(|pair| pair.0 != "zone")
                    .cloned()
                    .collect::<Pairs>()
            )
        );
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
    assert_eq!(look(&right, Some("AAAA")), (false, vec![]));
    let cut = right.replacen("=", "", 1);
    assert!(!look(&cut, None).0);
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
            format!(
                "GET\n/iaas/\n{}",
                query(
                    &pairs
                        .iter()
                        .filter(|pair| pair.0 != SECRET)
                        .cloned()
                        .collect::<Pairs>()
                )
            ),
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
    assert_eq!((diagnosis.right, codes(&diagnosis)), (true, vec![]));
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
                let found = search::search(&parts, &secret, Depth::Singles);
                report::report(&parts, &secret, found, evidence.now_ms).json();
            }
        }
    }
}
