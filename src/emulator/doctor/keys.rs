//! The secret, what programs make of it by mistake, and the hashes it is used with.

use crate::emulator::names::*;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use crate::emulator::request::{canonical, decode};
use crate::sign::{Key, SignatureMethod};

/// The secret, and what programs make of it by mistake.
pub struct Keys {
    /// Each as it is used with HMAC-SHA256 and with HMAC-SHA1.
    keys: Vec<(Option<Code>, Key, Key)>,
}

impl Keys {
    pub fn new(parts: &Parts, secret: &[u8]) -> Keys {
        let mut variants: Vec<(Option<Code>, Vec<u8>)> = Vec::from([(None, secret.to_vec())]);
        let mut add = |code: Code, bytes: Vec<u8>| variants.push((Some(code), bytes));
        for behind in ["\n", "\r\n", " ", "\t"] {
            add(Code::SecretWithBlanks, [secret, behind.as_bytes()].concat());
        }
        for before in [" ", "\t", "\u{feff}"] {
            add(Code::SecretWithBlanks, [before.as_bytes(), secret].concat());
        }
        let bare = secret.trim_ascii();
        add(Code::SecretWithBlanks, bare.to_vec());
        for quote in [b"\"", b"'", b"`"] {
            add(Code::SecretInQuotes, [&quote[..], secret, quote].concat());
            if let Some(inner) = bare
                .strip_prefix(quote)
                .and_then(|rest| rest.strip_suffix(quote))
            {
                add(Code::SecretInQuotes, inner.to_vec());
            }
        }
        if let Some(id) = parts.value("access_key_id") {
            add(Code::IdForSecret, id.to_vec());
        }
        add(Code::SecretWithAmpersand, [secret, b"&"].concat());
        if let Ok(decoded) = BASE64_STANDARD.decode(bare) {
            add(Code::SecretDecoded, decoded);
        }
        add(
            Code::SecretDecoded,
            BASE64_STANDARD.encode(secret).into_bytes(),
        );
        if let Some(decoded) = decode(secret) {
            add(Code::SecretDecoded, decoded.into_owned());
        }
        let text = String::from_utf8_lossy(secret);
        add(
            Code::SecretDecoded,
            canonical([("", text.as_ref())].into_iter())[1..].to_vec(),
        );
        add(Code::SecretInOtherCase, secret.to_ascii_uppercase());
        add(Code::SecretInOtherCase, secret.to_ascii_lowercase());
        add(Code::EmptySecret, Vec::new());
        variants.dedup_by(|next, _| next.0.is_some() && next.1 == secret);
        let keys = variants.into_iter().map(|(code, bytes)| {
            (
                code,
                Key::new(SignatureMethod::HmacSha256, bytes.clone()),
                Key::new(SignatureMethod::HmacSha1, bytes),
            )
        });
        Keys {
            keys: keys.collect(),
        }
    }

    fn says_sha1(parts: &Parts) -> bool {
        parts.value("signature_method") == Some(b"HmacSHA1")
    }

    /// The right secret with the hash that the request names.
    pub fn right(&self, parts: &Parts) -> &Key {
        let (_, sha256, sha1) = &self.keys[0];
        if Keys::says_sha1(parts) { sha1 } else { sha256 }
    }

    /// Every secret with either hash, each with its mistake; at most one of the two is wrong, and the right
    /// pair comes first.
    pub fn all<'k>(&'k self, parts: &Parts) -> impl Iterator<Item = (&'k Key, Option<Mistake>)> {
        let says_sha1 = Keys::says_sha1(parts);
        let named = move |(code, sha256, sha1): &'k (Option<Code>, Key, Key)| {
            (
                if says_sha1 { sha1 } else { sha256 },
                code.map(|code| Mistake::new(code, "")),
            )
        };
        let (_, sha256, sha1) = &self.keys[0];
        let other = if says_sha1 {
            (sha256, Some(Mistake::new(Code::Sha256ForSha1, "")))
        } else {
            (sha1, Some(Mistake::new(Code::Sha1ForSha256, "")))
        };
        self.keys.iter().map(named).chain([other])
    }
}
