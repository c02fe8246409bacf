//! The secret, what programs make of it by mistake, and the hashes it is used with.

use crate::emulator::names::*;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use crate::emulator::request::decode;
use crate::sign::{Key, SignatureMethod, percent_encode};

/// The secret, and what programs make of it by mistake.
pub struct Keys {
    /// Each with the hash that the request names and with the other one; the right secret first.
    keys: Vec<(&'static [Code], Key, Key)>,
    /// What it is to use that other hash.
    other_hash: Code,
}

impl Keys {
    pub fn new(parts: &Parts, secret: &[u8]) -> Keys {
        let says_sha1 = parts.value("signature_method") == Some(b"HmacSHA1");
        let (named, other, other_hash) = if says_sha1 {
            (
                SignatureMethod::HmacSha1,
                SignatureMethod::HmacSha256,
                Code::Sha256ForSha1,
            )
        } else {
            (
                SignatureMethod::HmacSha256,
                SignatureMethod::HmacSha1,
                Code::Sha1ForSha256,
            )
        };
        let keys = secrets(parts, secret).into_iter().map(|(codes, bytes)| {
            (
                codes,
                Key::new(named, bytes.to_vec()),
                Key::new(other, bytes.to_vec()),
            )
        });
        Keys {
            keys: keys.collect(),
            other_hash,
        }
    }

    /// The right secret with the hash that the request names.
    pub fn right(&self) -> &Key {
        &self.keys[0].1
    }

    /// Every key with one mistake: another secret, or the other hash.
    pub fn wrong(&self) -> impl Iterator<Item = (&Key, Vec<Mistake>)> {
        let secrets = self.keys[1..].iter();
        let secrets = secrets.map(|(codes, key, _)| (key, mistakes(codes)));
        secrets.chain([(&self.keys[0].2, mistakes(&[self.other_hash]))])
    }

    /// Another secret with the other hash.
    pub fn wrong_twice(&self) -> impl Iterator<Item = (&Key, Vec<Mistake>)> {
        self.keys[1..].iter().map(|(codes, _, key)| {
            let all = [&[self.other_hash], *codes].concat();
            (key, mistakes(&all))
        })
    }
}

/// How many of the wrong keys, the first ones, are the most frequent mistakes of all: the secret with a line end, a blank
/// or quotes, and the key's id.
pub const LIKELY: usize = 6;

fn mistakes(codes: &[Code]) -> Vec<Mistake> {
    codes.iter().map(|&code| Mistake::new(code, "")).collect()
}

/// The secret and what programs make of it, each once.
fn secrets(parts: &Parts, secret: &[u8]) -> Vec<(&'static [Code], Zeroizing<Vec<u8>>)> {
    const BLANKS: &[Code] = &[Code::SecretWithBlanks];
    const QUOTES: &[Code] = &[Code::SecretInQuotes];
    const BLANKS_AND_QUOTES: &[Code] = &[Code::SecretWithBlanks, Code::SecretInQuotes];
    const DECODED: &[Code] = &[Code::SecretDecoded];
    const OTHER_CASE: &[Code] = &[Code::SecretInOtherCase];
    let mut found = Vec::from([(&[][..], Zeroizing::new(secret.to_vec()))]);
    let mut add = |codes: &'static [Code], pieces: &[&[u8]]| {
        let bytes = Zeroizing::new(pieces.concat());
        if found.iter().all(|(_, earlier)| *earlier != bytes) {
            found.push((codes, bytes));
        }
    };
    for behind in [&b"\n"[..], b"\r\n", b" "] {
        add(BLANKS, &[secret, behind]);
    }
    for quote in [&b"\""[..], b"'"] {
        add(QUOTES, &[quote, secret, quote]);
    }
    if let Some(id) = parts.value("access_key_id") {
        add(&[Code::IdForSecret], &[id]);
    }
    for (before, behind) in [
        ("", "\t"),
        (" ", ""),
        ("\t", ""),
        ("\u{feff}", ""),
        (" ", " "),
        (" ", "\n"),
        ("", "\n\n"),
        ("", "\r\n\r\n"),
        ("", " \n"),
        ("", "  "),
        ("  ", ""),
        ("  ", "  "),
        ("\n", ""),
        ("\n", "\n"),
        ("\t", "\t"),
        ("\u{feff}", "\n"),
        ("\u{feff}", "\r\n"),
    ] {
        add(BLANKS, &[before.as_bytes(), secret, behind.as_bytes()]);
    }
    let bare = secret.trim_ascii();
    add(BLANKS, &[bare]);
    for quote in [&b"\""[..], b"'", b"`"] {
        add(QUOTES, &[quote, secret, quote]);
        add(QUOTES, &[quote, secret]);
        add(QUOTES, &[secret, quote]);
        for behind in [&b"\n"[..], b"\r\n", b" "] {
            add(BLANKS_AND_QUOTES, &[quote, secret, quote, behind]);
        }
        add(BLANKS_AND_QUOTES, &[quote, secret, b"\n", quote]);
        let (opened, closed) = (bare.strip_prefix(quote), bare.strip_suffix(quote));
        let inner = opened.and_then(|rest| rest.strip_suffix(quote));
        for unquoted in [inner, opened, closed].into_iter().flatten() {
            add(QUOTES, &[unquoted]);
        }
    }
    add(&[Code::SecretWithAmpersand], &[secret, b"&"]);
    if let Ok(decoded) = BASE64_STANDARD.decode(bare) {
        add(DECODED, &[&Zeroizing::new(decoded)]);
    }
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(secret));
    add(DECODED, &[encoded.as_bytes()]);
    if let Some(decoded) = decode(secret) {
        add(DECODED, &[&Zeroizing::new(decoded.into_owned())]);
    }
    let mut encoded = Zeroizing::new(Vec::new());
    percent_encode(&mut encoded, secret);
    add(DECODED, &[&encoded]);
    add(OTHER_CASE, &[&Zeroizing::new(secret.to_ascii_uppercase())]);
    add(OTHER_CASE, &[&Zeroizing::new(secret.to_ascii_lowercase())]);
    add(&[Code::EmptySecret], &[]);
    found
}
