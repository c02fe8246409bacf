//! What can be seen to be wrong without looking for what explains the signature.

use crate::emulator::names::*;
use std::collections::HashSet;

use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use super::recipe::{Order, Query};
use crate::emulator::request::decode;
use crate::sign::time;

/// The public parameters that every request must carry, and those that some carry.
const NEEDED: [&str; 5] = [
    "access_key_id",
    "action",
    "signature_method",
    "signature_version",
    "time_stamp",
];
const OPTIONAL: [&str; 5] = ["expires", "req_id", "token", "version", "zone"];

/// The names of the public parameters.
pub fn public_names() -> impl Iterator<Item = &'static str> {
    NEEDED.into_iter().chain(OPTIONAL)
}

/// Whether a parameter is part of every request rather than of an action.
pub fn is_public(name: &str) -> bool {
    NEEDED.contains(&name) || OPTIONAL.contains(&name)
}

/// What is wrong with the request as it was sent: its form, unless any will do, and names given twice.
pub fn deviations(parts: &Parts) -> Vec<Mistake> {
    let mut found = if parts.is_form {
        Vec::new()
    } else {
        form(parts)
    };
    found.extend(twice(parts));
    found
}

/// What is wrong with the text that was sent, where that very text was signed.
pub fn signed_so(parts: &Parts) -> Vec<Mistake> {
    let mut found = form(parts);
    found.extend(twice(parts));
    found
}

/// How the query is not of the form that is signed: what encoding it uses, what it is sorted by.
fn form(parts: &Parts) -> Vec<Mistake> {
    let mut found: Vec<Mistake> = Vec::new();
    let mut add = |code: Code, detail: &str| {
        if found.iter().all(|earlier| earlier.code != code) {
            found.push(Mistake::new(code, detail));
        }
    };
    let (mut bare, mut over) = ([false; 256], [false; 256]);
    for text in parts.raw.iter().flat_map(|pair| [pair.name, pair.value]) {
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            at += 1;
            match byte {
                b'+' => add(Code::PlusForSpace, ""),
                b'%' => {
                    let Some(digits) = text
                        .get(at..at + 2)
                        .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
                    else {
                        add(Code::BadEncoding, "");
                        continue;
                    };
                    at += 2;
                    if digits.iter().any(u8::is_ascii_lowercase) {
                        add(Code::LowerCaseHex, "");
                    }
                    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default();
                    let byte = (16 * digit(digits[0]) + digit(digits[1])) as u8;
                    over[usize::from(byte)] |= is_unreserved(byte);
                }
                byte if is_unreserved(byte) => {}
                byte => bare[usize::from(byte.min(0x80))] = true,
            }
        }
    }
    if std::mem::take(&mut over[usize::from(b'~')]) {
        add(Code::TildeEncoded, "");
    }
    for (code, set) in [(Code::ReservedLeftBare, bare), (Code::OverEncoded, over)] {
        let bytes: Vec<u8> = (0..=0x80).filter(|&byte| set[usize::from(byte)]).collect();
        if !bytes.is_empty() {
            add(code, &shown(&bytes));
        }
    }
    let unequal = parts.raw.iter().zip(&parts.pairs);
    for (_, pair) in unequal.filter(|(raw, _)| !raw.has_equals) {
        add(Code::MissingEquals, &pair.shown_name());
    }
    if parts.has_stray_ampersand {
        add(Code::StrayAmpersand, "");
    }
    found.extend(order(parts).map(|code| Mistake::new(code, "")));
    found
}

/// The names that occur more than once, each time but the first.
fn twice(parts: &Parts) -> impl Iterator<Item = Mistake> {
    let mut names = HashSet::new();
    let signature = parts.has_two_signatures.then_some("signature");
    let signature = signature.map(|name| Mistake::new(Code::ParameterTwice, name));
    let others = parts
        .pairs
        .iter()
        .filter(move |pair| !names.insert(&pair.name))
        .map(|pair| Mistake::new(Code::ParameterTwice, pair.shown_name()));
    others.chain(signature)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// Characters, to be read; 0x80 stands for all beyond ASCII.
pub fn shown(bare: &[u8]) -> String {
    let shown: Vec<String> = bare
        .iter()
        .map(|&byte| {
            if byte == 0x80 {
                "non-ASCII".to_owned()
            } else {
                char::from(byte).to_string()
            }
        })
        .collect();
    shown.join(" ")
}

/// What the parameters are sorted by, when it is not their names.
fn order(parts: &Parts) -> Option<Code> {
    if parts.pairs.is_sorted_by(|a, b| a.name <= b.name) {
        return None;
    }
    let is_received = |order: Order| {
        let query = Query {
            order,
            ..Query::default()
        };
        query.keeps_order(parts)
    };
    let orders = [
        (Order::JoinedText, Code::SortedAsJoinedText),
        (Order::JoinedEncodedText, Code::SortedAsJoinedText),
        (Order::Number, Code::SortedByNumber),
        (Order::IgnoringCase, Code::SortedIgnoringCase),
        (Order::Utf16, Code::SortedAsUtf16),
        (Order::EncodedName, Code::SortedAfterEncoding),
    ];
    let known = orders.into_iter().find(|(order, _)| is_received(*order));
    Some(known.map_or(Code::NotSorted, |(_, code)| code))
}

/// Public parameters that are missing or have a value that cannot be right, and times that are off.
pub fn public(parts: &Parts, secret: &[u8], now_ms: Option<i64>) -> Vec<Mistake> {
    let mut found = Vec::new();
    for name in NEEDED {
        if parts.value(name).is_none_or(<[u8]>::is_empty) {
            found.push(Mistake::new(Code::MissingPublicParameter, name));
        }
    }
    // Which of the two stands in the other's place cannot be told: only the account knows.
    if parts.value("access_key_id") == Some(secret.trim_ascii()) {
        found.push(Mistake::new(Code::IdIsSecret, ""));
    }
    let good: [(&str, &[&[u8]]); 3] = [
        ("signature_method", &[b"HmacSHA256", b"HmacSHA1"]),
        ("signature_version", &[b"1", b"2"]),
        ("version", &[b"1"]),
    ];
    for (name, values) in good {
        if parts
            .value(name)
            .is_some_and(|value| !value.is_empty() && !values.contains(&value))
        {
            found.push(Mistake::new(Code::WrongPublicParameter, name));
        }
    }
    let is_iam = parts.path.ends_with(b"/iam/") || parts.path.ends_with(b"/iam");
    if parts.value("token").is_some() != is_iam {
        found.push(Mistake::new(Code::IaasForIam, ""));
    }
    found.extend(times(parts, now_ms));
    found
}

/// How far a time may be off, in seconds, from the service's page of errors.
const WINDOW: i64 = 60;

/// How far a zone may be off, that window included.
const ZONES: i64 = 14 * 3600 + WINDOW;

fn times(parts: &Parts, now_ms: Option<i64>) -> Option<Mistake> {
    let stamp = parts
        .value("time_stamp")
        .filter(|value| !value.is_empty())?;
    let Some(stamp) = time::parse(stamp) else {
        return Some(no_time("time_stamp", stamp));
    };
    let expires = match parts.value("expires") {
        Some(text) => match time::parse(text) {
            Some(expires) => Some(expires),
            None => return Some(no_time("expires", text)),
        },
        None => None,
    };
    let now = now_ms?.div_euclid(1000);
    let ahead = stamp.saturating_sub(now);
    if expires.is_some_and(|expires| now <= expires) && ahead <= WINDOW {
        return None;
    }
    // Zones are whole quarters of an hour, up to 14 of them hours. A stamp in the past is more often old,
    // so there only whole hours count.
    let step = if ahead.is_positive() { 900 } else { 3600 };
    let past = ahead.rem_euclid(step);
    let is_zone = past.min(step - past) <= WINDOW && (1800..=ZONES).contains(&ahead.abs());
    let span = format!("{} s", ahead.abs());
    if is_zone {
        return Some(Mistake::new(Code::LocalTimeMarkedUtc, span));
    }
    if ahead > WINDOW {
        return Some(Mistake::new(Code::FutureTimeStamp, span));
    }
    if let Some(expires) = expires {
        return Some(Mistake::new(
            Code::Expired,
            format!("{} s", now.saturating_sub(expires)),
        ));
    }
    (ahead < -WINDOW).then(|| Mistake::new(Code::StaleTimeStamp, span))
}

/// What is wrong with the text of a time that cannot be read. Of all values only these tell by themselves
/// that they were encoded twice: any other may hold a `%3A` of its own.
fn no_time(name: &str, text: &[u8]) -> Mistake {
    let is_encoded = decode(text).is_some_and(|once| time::parse(&once).is_some());
    if is_encoded {
        Mistake::new(Code::DoubleEncoded, "")
    } else {
        Mistake::new(Code::BadTime, name)
    }
}
