//! Bytes of a request → method, path, raw pairs.
//!
//! No URL parser: one would repair what a signature was made over. Any bytes are taken.

use crate::emulator::names::*;
use std::borrow::Cow;

use super::params::Params;
use super::refusal::{Refusal, short};
use crate::sign::{percent_decode, percent_encode};

/// A request as it came: the address may be whole or begin at the path.
#[derive(Clone, Copy)]
pub struct Incoming<'a> {
    /// Such as `GET`, in capitals.
    pub method: &'a str,
    /// The address, whole or from the path on, exactly as it was sent.
    pub url: &'a [u8],
    /// Empty for a GET.
    pub body: &'a [u8],
}

/// One `name=value` as it came, still encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
    /// Whether there was a `=`.
    pub has_equals: bool,
}

/// The parts of a request.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a [u8],
    /// The query of a GET, the body of a POST.
    pub text: &'a [u8],
    pub pairs: Vec<Pair<'a>>,
}

impl<'a> Request<'a> {
    /// Splits a request; which methods and paths are good is not decided here.
    pub fn split(incoming: Incoming<'a>) -> Request<'a> {
        let (path, query) = split_url(incoming.url);
        let text = if incoming.method == "POST" && query.is_empty() {
            incoming.body
        } else {
            query
        };
        Request {
            method: incoming.method,
            path,
            text,
            pairs: split_pairs(text),
        }
    }

    /// The decoded value of a parameter, for what must be known before anything is checked.
    pub fn peek(&self, name: &str) -> Option<String> {
        let pair = self
            .pairs
            .iter()
            .find(|pair| pair.name == name.as_bytes())?;
        String::from_utf8(decode(pair.value)?.into_owned()).ok()
    }

    /// All parameters but `signature`, decoded. That may be there once, as any other.
    pub fn params(&self) -> Result<Params<'a>, Refusal> {
        let signatures = self.pairs.iter().filter(|pair| pair.name == b"signature");
        if signatures.count() > 1 {
            return Err(Refusal::format("parameter [signature] is there twice"));
        }
        let mut pairs = Vec::with_capacity(self.pairs.len());
        for pair in &self.pairs {
            if pair.name == b"signature" {
                continue;
            }
            let name = text(pair.name).ok_or_else(|| {
                let shown = &pair.name[..pair.name.len().min(100)];
                not_text(&format!("name [{}]", String::from_utf8_lossy(shown)))
            })?;
            // Not the value itself: it may be a password.
            let value = text(pair.value)
                .ok_or_else(|| not_text(&format!("value of [{}]", short(&name))))?;
            pairs.push((name, value));
        }
        Params::new(pairs)
    }
}

/// The path and the query of an address; a fragment is never sent.
pub fn split_url(url: &[u8]) -> (&[u8], &[u8]) {
    let url = url.split(|&byte| byte == b'#').next().unwrap_or_default();
    let mut rest = url;
    for scheme in [&b"https://"[..], b"http://"] {
        if url.len() >= scheme.len() && url[..scheme.len()].eq_ignore_ascii_case(scheme) {
            rest = &url[scheme.len()..];
            let end = rest
                .iter()
                .position(|&byte| byte == b'/' || byte == b'?')
                .unwrap_or(rest.len());
            rest = &rest[end..];
        }
    }
    let (path, query) = match rest.iter().position(|&byte| byte == b'?') {
        Some(mark) => (&rest[..mark], &rest[mark + 1..]),
        None => (rest, &[][..]),
    };
    (if path.is_empty() { b"/" } else { path }, query)
}

/// Whether there is a `&` that parts no two pairs.
pub fn has_stray_ampersand(text: &[u8]) -> bool {
    !text.is_empty() && text.split(|&byte| byte == b'&').any(<[u8]>::is_empty)
}

/// The pairs between the `&`s; empty ones are left out.
pub fn split_pairs(text: &[u8]) -> Vec<Pair<'_>> {
    let mut pairs = Vec::with_capacity(16);
    let (mut start, mut mark) = (0, None);
    for (at, byte) in text.iter().chain([&b'&']).enumerate() {
        match byte {
            b'=' if mark.is_none() => mark = Some(at),
            b'&' => {
                if at > start {
                    pairs.push(Pair {
                        name: &text[start..mark.unwrap_or(at)],
                        value: mark.map_or(&[], |mark| &text[mark + 1..at]),
                        has_equals: mark.is_some(),
                    });
                }
                (start, mark) = (at + 1, None);
            }
            _ => {}
        }
    }
    pairs
}

/// Undoes form encoding: `%XX` and `+` for a space. None where a `%` is not followed by two hex digits.
pub fn decode(raw: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !raw.iter().any(|&byte| byte == b'%' || byte == b'+') {
        return Some(Cow::Borrowed(raw));
    }
    if !raw.contains(&b'+') {
        return percent_decode(raw).map(Cow::Owned);
    }
    let spaced: Vec<u8> = raw
        .iter()
        .map(|&byte| if byte == b'+' { b' ' } else { byte })
        .collect();
    percent_decode(&spaced).map(Cow::Owned)
}

fn not_text(what: &str) -> Refusal {
    Refusal::format(format!("the {what} is not percent-encoded UTF-8"))
}

fn text(raw: &[u8]) -> Option<Cow<'_, str>> {
    match decode(raw)? {
        Cow::Borrowed(bytes) => str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

/// Whether this is what encoding what it means would give: RFC 3986, capital hex, nothing else encoded.
pub fn is_canonical(raw: &[u8]) -> bool {
    const fn unreserved(byte: u8) -> bool {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
    }
    let mut rest = raw;
    while let Some((&first, after)) = rest.split_first() {
        rest = match (first, after) {
            (
                b'%',
                [
                    high @ (b'0'..=b'9' | b'A'..=b'F'),
                    low @ (b'0'..=b'9' | b'A'..=b'F'),
                    after @ ..,
                ],
            ) => {
                let digit = |byte: u8| {
                    if byte < b'A' {
                        byte - b'0'
                    } else {
                        byte - b'A' + 10
                    }
                };
                if unreserved(digit(*high) * 16 + digit(*low)) {
                    return false;
                }
                after
            }
            (byte, after) if unreserved(byte) => after,
            _ => return false,
        };
    }
    true
}

/// The query that is signed: sorted by name, encoded by RFC 3986.
pub fn canonical<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut out = Vec::new();
    // One text at a time: `percent_encode` clears as much memory as there is text before.
    let mut encoded = Vec::new();
    let mut push = |out: &mut Vec<u8>, text: &str| {
        encoded.clear();
        percent_encode(&mut encoded, text.as_bytes());
        out.extend_from_slice(&encoded);
    };
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push(b'&');
        }
        push(&mut out, name);
        out.push(b'=');
        push(&mut out, value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_split_without_touching_what_was_signed() {
        let split = |url: &'static str| split_url(url.as_bytes());
        assert_eq!(
            split("https://api.qingcloud.com/iaas/?a=%2f+b#x"),
            (&b"/iaas/"[..], &b"a=%2f+b"[..])
        );
        assert_eq!(split("HTTP://h:1?a=1"), (&b"/"[..], &b"a=1"[..]));
        assert_eq!(split("/iaas?"), (&b"/iaas"[..], &b""[..]));
        assert_eq!(split(""), (&b"/"[..], &b""[..]));
        assert_eq!(
            split("/a/../iaas//?x=?&y"),
            (&b"/a/../iaas//"[..], &b"x=?&y"[..])
        );
    }

    #[test]
    fn pairs_keep_their_form() {
        let pairs = split_pairs(b"a=1=2&&b&=c");
        assert_eq!(pairs.len(), 3);
        assert_eq!(
            pairs[0],
            Pair {
                name: b"a",
                value: b"1=2",
                has_equals: true
            }
        );
        assert_eq!(
            pairs[1],
            Pair {
                name: b"b",
                value: b"",
                has_equals: false
            }
        );
        assert_eq!(
            pairs[2],
            Pair {
                name: b"",
                value: b"c",
                has_equals: true
            }
        );
    }

    #[test]
    fn only_what_encoding_gives_is_canonical() {
        for good in ["", "aZ09-_.~", "%20%2B%E4%B8%AD%2F%2A"] {
            assert!(is_canonical(good.as_bytes()), "{good}");
        }
        for bad in [
            "+", " ", "%2f", "%41", "%7E", "*", "'", "(", "%", "%2", "%zz", "/", "中",
        ] {
            assert!(!is_canonical(bad.as_bytes()), "{bad}");
        }
    }
}
