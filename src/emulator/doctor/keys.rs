//! The secret, what programs make of it by mistake, and the hashes it is used with.

use crate::emulator::names::*;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use crate::emulator::request::{canonical, decode};
use crate::sign::{Key, SignatureMethod};

/// The secret, and what programs make of it by mistake.
pub struct Keys {
    /// Each with the hash that the request names and with the other one; the right secret first.
    keys: Vec<(Option<Code>, Key, Key)>,
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
        let keys = secrets(parts, secret).into_iter().map(|(code, bytes)| {
            (
                code,
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
        let secrets = self.keys[1..].iter().map(|(code, key, _)| {
            let code = code.map(|code| Mistake::new(code, ""));
            (key, code.into_iter().collect())
        });
        let other = Vec::from([Mistake::new(self.other_hash, "")]);
        secrets.chain([(&self.keys[0].2, other)])
    }

    /// Another secret with the other hash.
    pub fn wrong_twice(&self) -> impl Iterator<Item = (&Key, Vec<Mistake>)> {
        self.keys[1..].iter().map(|(code, _, key)| {
            let codes = [Some(self.other_hash), *code];
            let mistakes = codes.into_iter().flatten();
            (key, mistakes.map(|code| Mistake::new(code, "")).collect())
        })
    }
}

/// The secret and what programs make of it, each once.
fn secrets(parts: &Parts, secret: &[u8]) -> Vec<(Option<Code>, Zeroizing<Vec<u8>>)> {
    let mut found = Vec::from([(None, Zeroizing::new(secret.to_vec()))]);
    let mut add = |code: Code, bytes: Vec<u8>| {
        let bytes = Zeroizing::new(bytes);
        if found.iter().all(|(_, earlier)| *earlier != bytes) {
            found.push((Some(code), bytes));
        }
    };
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
    found
}
