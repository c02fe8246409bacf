//! The signature at hand, in every form in which it can be read.

use crate::emulator::names::*;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use crate::emulator::request::decode;
use crate::sign::Key;

/// What is wrong with the form of a signature that fits, if anything.
pub type Form = Option<Mistake>;

/// The forms in which the signature can be read, each with the mistake that it would be.
pub struct Targets(Vec<(String, Option<Code>)>);

impl Targets {
    pub fn read(parts: &Parts) -> Option<Targets> {
        let raw = parts.signature?;
        let as_text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut targets: Vec<(String, Option<Code>)> = Vec::new();
        let decoded = decode(raw).map_or_else(|| raw.to_vec(), |value| value.into_owned());
        let mut once = Vec::new();
        crate::sign::percent_encode(&mut once, &decoded);
        // In a query the signature must be encoded; by itself it may be either.
        let is_encoded = once == raw;
        if parts.is_in_query {
            targets.push((
                as_text(&decoded),
                if is_encoded || parts.is_form {
                    None
                } else {
                    Some(Code::SignatureNotEncoded)
                },
            ));
            targets.push((as_text(raw), Some(Code::SignatureNotEncoded)));
        } else {
            targets.push((as_text(raw), None));
            targets.push((as_text(&decoded), None));
        }
        if let Some(twice) = decode(&decoded) {
            targets.push((as_text(&twice), Some(Code::SignatureEncodedTwice)));
        }
        for text in [as_text(&decoded), as_text(raw)] {
            let unblanked: String = text
                .chars()
                .filter(|character| !character.is_whitespace())
                .collect();
            let padding = "=".repeat((4 - unblanked.trim_end_matches('=').len() % 4) % 4);
            let ordinary = format!(
                "{}{padding}",
                unblanked
                    .trim_end_matches('=')
                    .replace('-', "+")
                    .replace('_', "/")
            );
            targets.push((unblanked.clone(), Some(Code::SignatureWithBlanks)));
            targets.push((ordinary, Some(Code::SignatureUrlSafe)));
            targets.extend(
                hex(&unblanked)
                    .map(|bytes| (BASE64_STANDARD.encode(bytes), Some(Code::SignatureInHex))),
            );
            let inner = BASE64_STANDARD
                .decode(&unblanked)
                .or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(unblanked.trim_end_matches('=')));
            let inner = inner
                .ok()
                .and_then(|inner| hex(&String::from_utf8_lossy(&inner)));
            targets.extend(
                inner.map(|bytes| (BASE64_STANDARD.encode(bytes), Some(Code::SignatureInHex))),
            );
        }
        Some(Targets(targets))
    }

    /// Whether this key and text give the signature; if so, what is wrong with its form.
    pub fn hit(&self, key: &Key, text: &[&[u8]]) -> Option<Form> {
        let made = key.sign(text);
        let (_, form) = self.0.iter().find(|(target, _)| *target == made)?;
        Some(form.map(|code| Mistake::new(code, "")))
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !matches!(text.len(), 40 | 64) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
