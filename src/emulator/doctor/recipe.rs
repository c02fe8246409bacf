//! Ways to make a string to sign, the right one and those of the known mistakes.

use crate::emulator::names::*;
use std::borrow::Cow;
use std::cmp::Ordering;

use super::encoding::{Encoder, Encoding, percent_encoded};
use super::evidence::{Decoded, Parts};
use crate::emulator::redact::MASK;
use crate::emulator::request::decode;
use crate::sign::time;

/// How a string to sign is made. The default is the right way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipe {
    pub query: Query,
    pub head: Head,
}

/// How its query is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Query {
    pub params: Selection,
    pub order: Order,
    pub encoding: Encoding,
}

/// What stands around the query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// Another path than the one sent.
    pub path: Option<Vec<u8>>,
    /// Another method than the one sent.
    pub verb: Option<Vec<u8>>,
    pub layout: Layout,
}

/// Which parameters go in, and what becomes of their values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Selection {
    #[default]
    All,
    /// Without the one at this place, which is there.
    Without(usize),
    WithoutEmpty,
    Trimmed,
    /// With this one, which is not there.
    With(&'static str, &'static str),
    /// With `time_stamp` so many seconds later.
    Later(i64),
    /// Values decoded once more.
    DecodedAgain,
}

/// What they are sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
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

/// How method, path and query are put together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Lines,
    CarriageReturns,
    LineEndBehind,
    AmpersandBehind,
    AmpersandBefore,
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
        let query = self.query.make(parts, is_masked);
        self.head.frame(parts, &query).concat()
    }
}

impl Head {
    /// The string to sign of a query, in three pieces: the second is the query, the third a few bytes.
    pub fn frame<'q>(&self, parts: &Parts, query: &'q [u8]) -> [Cow<'q, [u8]>; 3] {
        let verb = self.verb.as_deref().unwrap_or(parts.method.as_bytes());
        let path = self.path.as_deref().unwrap_or(parts.path);
        let (before, after): (Vec<u8>, &[u8]) = match self.layout {
            Layout::Lines => ([verb, b"\n", path, b"\n"].concat(), b""),
            Layout::CarriageReturns => ([verb, b"\r\n", path, b"\r\n"].concat(), b""),
            Layout::LineEndBehind => ([verb, b"\n", path, b"\n"].concat(), b"\n"),
            Layout::AmpersandBehind => ([verb, b"\n", path, b"\n"].concat(), b"&"),
            Layout::AmpersandBefore => ([verb, b"\n", path, b"\n&"].concat(), b""),
            Layout::QuestionMark => ([verb, b"\n", path, b"?"].concat(), b""),
            Layout::QuestionMarkOnLine => ([verb, b"\n", path, b"\n?"].concat(), b""),
            Layout::WithoutMethod => ([path, b"\n"].concat(), b""),
            Layout::QueryAlone => (Vec::new(), b""),
            Layout::Joined => ([verb, path].concat(), b""),
            Layout::Ampersands => ([verb, b"&", &percent_encoded(path), b"&"].concat(), b""),
        };
        let query = match self.layout {
            Layout::Ampersands => Cow::Owned(percent_encoded(query)),
            _ => Cow::Borrowed(query),
        };
        [Cow::Owned(before), query, Cow::Borrowed(after)]
    }
}

impl Query {
    /// The query. Masked, it shows no secret value and is for reading only.
    pub fn make(&self, parts: &Parts, is_masked: bool) -> Vec<u8> {
        let mut pairs: Vec<Cow<Decoded>> = match self.order {
            Order::Name => parts.sorted().map(Cow::Borrowed).collect(),
            _ => parts.pairs.iter().map(Cow::Borrowed).collect(),
        };
        match &self.params {
            Selection::All => {}
            Selection::Without(place) => {
                let left_out = &parts.pairs[*place];
                pairs.retain(|pair| !std::ptr::eq(&**pair, left_out));
            }
            Selection::WithoutEmpty => pairs.retain(|pair| !pair.value.is_empty()),
            Selection::Trimmed => {
                for pair in &mut pairs {
                    if let Some(value) = trimmed(&pair.value) {
                        pair.to_mut().value = value;
                    }
                }
            }
            Selection::With(name, value) => {
                pairs.push(Cow::Owned(Decoded {
                    name: name.as_bytes().to_vec(),
                    value: value.as_bytes().to_vec(),
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
        let encoder = Encoder::new(&self.encoding);
        self.sort(&mut pairs, &encoder);
        let mut out = Vec::new();
        for (at, pair) in pairs.iter().enumerate() {
            if at > 0 {
                out.push(b'&');
            }
            if is_masked && pair.hides_name {
                out.extend_from_slice(MASK.as_bytes());
            } else {
                encoder.push_name(&mut out, &pair.name);
            }
            if !(self.encoding.no_equals && pair.value.is_empty()) {
                out.push(b'=');
            }
            if is_masked && pair.is_secret {
                out.extend_from_slice(MASK.as_bytes());
            } else {
                encoder.push_value(&mut out, &pair.value);
            }
        }
        out
    }

    /// Whether its order is that in which the pairs came.
    pub fn keeps_order(&self, parts: &Parts) -> bool {
        let mut pairs: Vec<Cow<Decoded>> = parts.pairs.iter().map(Cow::Borrowed).collect();
        self.sort(&mut pairs, &Encoder::new(&self.encoding));
        let mut both = pairs.iter().zip(&parts.pairs);
        both.all(|(sorted, came)| std::ptr::eq(&**sorted, came))
    }

    fn sort(&self, pairs: &mut [Cow<Decoded>], encoder: &Encoder) {
        let encoded_name = |pair: &Decoded| {
            let mut out = Vec::new();
            encoder.push_name(&mut out, &pair.name);
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
                encoder.push_value(&mut out, &pair.value);
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
