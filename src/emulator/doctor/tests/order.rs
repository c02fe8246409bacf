//! Mistakes of order.

use super::*;

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
