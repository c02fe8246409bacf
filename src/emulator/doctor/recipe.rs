//! Ways to make a string to sign, the right one and those of the known mistakes.

use crate::emulator::names::*;
use std::borrow::Cow;
use std::cmp::Ordering;

use super::evidence::{Decoded, Parts};
use crate::emulator::redact::MASK;
use crate::emulator::request::decode;
use crate::sign::time;

/// How a string to sign is made. The default is the right way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipe {
    pub params: Selection,
    pub order: Order,
    pub encoding: Encoding,
    /// Another path than the one sent.
    pub path: Option<Vec<u8>>,
    /// Another method than the one sent.
    pub verb: Option<Vec<u8>>,
    pub layout: Layout,
}

/// Which parameters go in, and what becomes of their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Selection {
    #[default]
    All,
    /// Without the one at this place, which is there.
    Without(usize),
    WithoutEmpty,
    Trimmed,
    /// With an empty `signature`.
    WithSignature,
    /// With `time_stamp` so many seconds later.
    Later(i64),
    /// Values decoded once more.
    DecodedAgain,
}

/// What they are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    JoinedText,
    JoinedEncodedText,
    Number,
    IgnoringCase,
    EncodedName,
    Utf16,
    Received,
}

/// How names and values are encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encoding {
    pub plus_for_space: bool,
    pub small_hex: bool,
    pub tilde: bool,
    pub twice: bool,
    pub raw_values: bool,
    pub raw_names: bool,
    pub latin1: bool,
    /// Bytes left as they are, besides the unreserved ones.
    pub bare: Vec<u8>,
}

/// How method, path and query are put together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Lines,
    CarriageReturns,
    LineEndBehind,
    QuestionMark,
    QuestionMarkOnLine,
    WithoutMethod,
    QueryAlone,
    Joined,
    /// As Alibaba Cloud wants it: `GET&%2Fiaas%2F&` and the query encoded again.
    Ampersands,
}

impl Recipe {
    /// The string to sign. Masked, it shows no secret value and is for reading only.
    pub fn make(&self, parts: &Parts, is_masked: bool) -> Vec<u8> {
        let query = self.query(parts, is_masked);
        let verb = self.verb.as_deref().unwrap_or(parts.method.as_bytes());
        let path = self.path.as_deref().unwrap_or(parts.path);
        let join = |pieces: &[&[u8]]| pieces.concat();
        match self.layout {
            Layout::Lines => join(&[verb, b"\n", path, b"\n", &query]),
            Layout::CarriageReturns => join(&[verb, b"\r\n", path, b"\r\n", &query]),
            Layout::LineEndBehind => join(&[verb, b"\n", path, b"\n", &query, b"\n"]),
            Layout::QuestionMark => join(&[verb, b"\n", path, b"?", &query]),
            Layout::QuestionMarkOnLine => join(&[verb, b"\n", path, b"\n?", &query]),
            Layout::WithoutMethod => join(&[path, b"\n", &query]),
            Layout::QueryAlone => query,
            Layout::Joined => join(&[verb, path, &query]),
            Layout::Ampersands => {
                let twice = |text: &[u8]| {
                    let mut out = Vec::new();
                    Encoding::default().push(&mut out, text);
                    out
                };
                join(&[verb, b"&", &twice(path), b"&", &twice(&query)])
            }
        }
    }

    fn query(&self, parts: &Parts, is_masked: bool) -> Vec<u8> {
        let mut pairs: Vec<Cow<Decoded>> = parts.pairs.iter().map(Cow::Borrowed).collect();
        match &self.params {
            Selection::All => {}
            Selection::Without(place) => {
                pairs.remove(*place);
            }
            Selection::WithoutEmpty => pairs.retain(|pair| !pair.value.is_empty()),
            Selection::Trimmed => {
                for pair in &mut pairs {
                    if let Some(value) = trimmed(&pair.value) {
                        pair.to_mut().value = value;
                    }
                }
            }
            Selection::WithSignature => {
                pairs.push(Cow::Owned(Decoded {
                    name: b"signature".to_vec(),
                    value: Vec::new(),
                    is_secret: false,
                    hides_name: false,
                }));
            }
            Selection::Later(seconds) => {
                for pair in &mut pairs {
                    if pair.name == b"time_stamp"
                        && let Some(later) = time::parse(&pair.value)
                            .and_then(|stamp| time::format(stamp.saturating_add(*seconds)))
                    {
                        pair.to_mut().value = later.to_vec();
                    }
                }
            }
            Selection::DecodedAgain => {
                for pair in &mut pairs {
                    if let Some(Cow::Owned(value)) = decode(&pair.value) {
                        pair.to_mut().value = value;
                    }
                }
            }
        }
        self.sort(&mut pairs);
        let mut out = Vec::new();
        for (at, pair) in pairs.iter().enumerate() {
            if at > 0 {
                out.push(b'&');
            }
            if is_masked && pair.hides_name {
                out.extend_from_slice(MASK.as_bytes());
            } else {
                self.encoding.push_name(&mut out, &pair.name);
            }
            out.push(b'=');
            if is_masked && pair.is_secret {
                out.extend_from_slice(MASK.as_bytes());
            } else {
                self.encoding.push_value(&mut out, &pair.value);
            }
        }
        out
    }

    fn sort(&self, pairs: &mut [Cow<Decoded>]) {
        let encoded_name = |pair: &Decoded| {
            let mut out = Vec::new();
            self.encoding.push_name(&mut out, &pair.name);
            out
        };
        match self.order {
            Order::Name => pairs.sort_by(|a, b| a.name.cmp(&b.name)),
            Order::JoinedText => {
                pairs.sort_by_cached_key(|pair| [&pair.name[..], b"=", &pair.value].concat())
            }
            Order::JoinedEncodedText => pairs.sort_by_cached_key(|pair| {
                let mut out = encoded_name(pair);
                out.push(b'=');
                self.encoding.push_value(&mut out, &pair.value);
                out
            }),
            Order::Number => pairs.sort_by(|a, b| by_number(&a.name, &b.name)),
            Order::IgnoringCase => pairs.sort_by_cached_key(|pair| pair.name.to_ascii_lowercase()),
            Order::EncodedName => pairs.sort_by_cached_key(|pair| encoded_name(pair)),
            Order::Utf16 => pairs.sort_by_cached_key(|pair| {
                String::from_utf8_lossy(&pair.name)
                    .encode_utf16()
                    .collect::<Vec<u16>>()
            }),
            Order::Received => {}
        }
    }
}

/// The text without white space at its ends.
fn trimmed(value: &[u8]) -> Option<Vec<u8>> {
    Some(str::from_utf8(value).ok()?.trim().as_bytes().to_vec())
}

/// Compares names with runs of digits taken as numbers.
fn by_number(a: &[u8], b: &[u8]) -> Ordering {
    let run = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut a, mut b) = (a, b);
    loop {
        let (digits_a, digits_b) = (run(a), run(b));
        if digits_a > 0 && digits_b > 0 {
            let number = |text: &[u8]| {
                let zeros = text.iter().take_while(|&&byte| byte == b'0').count();
                text[zeros..].to_vec()
            };
            let (left, right) = (number(&a[..digits_a]), number(&b[..digits_b]));
            let order = left.len().cmp(&right.len()).then(left.cmp(&right));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[digits_a..], &b[digits_b..]);
            continue;
        }
        match (a.split_first(), b.split_first()) {
            (Some((first_a, rest_a)), Some((first_b, rest_b))) if first_a == first_b => {
                (a, b) = (rest_a, rest_b)
            }
            _ => return a.cmp(b),
        }
    }
}

impl Encoding {
    fn push_name(&self, out: &mut Vec<u8>, name: &[u8]) {
        if self.raw_names {
            out.extend_from_slice(name)
        } else {
            self.push(out, name)
        }
    }

    fn push_value(&self, out: &mut Vec<u8>, value: &[u8]) {
        if self.raw_values {
            out.extend_from_slice(value);
        } else if self.twice {
            let mut once = Vec::new();
            self.push(&mut once, value);
            Encoding::default().push(out, &once);
        } else {
            self.push(out, value);
        }
    }

    fn push(&self, out: &mut Vec<u8>, text: &[u8]) {
        const CAPITALS: &[u8; 16] = b"0123456789ABCDEF";
        const SMALL: &[u8; 16] = b"0123456789abcdef";
        let digits = if self.small_hex { SMALL } else { CAPITALS };
        let narrow = if self.latin1 { latin1(text) } else { None };
        for &byte in narrow.as_deref().unwrap_or(text) {
            let unreserved = byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'_' | b'.')
                || (byte == b'~' && !self.tilde);
            if unreserved
                || self.bare.contains(&byte)
                || (byte >= 0x80 && self.bare.contains(&0x80))
            {
                out.push(byte);
            } else if byte == b' ' && self.plus_for_space {
                out.push(b'+');
            } else {
                out.extend([
                    b'%',
                    digits[usize::from(byte >> 4)],
                    digits[usize::from(byte & 15)],
                ]);
            }
        }
    }
}

/// The text in Latin-1; none where it has other characters, or only ASCII.
fn latin1(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_ascii() {
        return None;
    }
    str::from_utf8(text)
        .ok()?
        .chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_compared_as_numbers() {
        let sorted = [
            "a",
            "a.2",
            "a.02",
            "a.2.b",
            "a.10.b",
            "a.99999999999999999999999",
            "a.100000000000000000000000",
            "a.b",
            "b",
        ];
        let mut names = sorted;
        names.rotate_left(4);
        names.swap(1, 6);
        // Equal numbers keep the order they came in.
        names.sort_by(|a, b| by_number(a.as_bytes(), b.as_bytes()).then(a.len().cmp(&b.len())));
        assert_eq!(names, sorted);
    }
}
