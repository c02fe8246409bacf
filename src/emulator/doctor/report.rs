//! A diagnosis: what is wrong, what should have been signed, and where the two part.

use crate::emulator::names::*;

use zeroize::Zeroizing;

use super::evidence::{Decoded, Parts};
use super::mistakes::{Code, Mistake};
use super::recipe::Recipe;
use super::search::Found;
use super::seen;
use crate::emulator::json::Json;
use crate::emulator::redact::MASK;
use crate::sign::percent_encode;

/// What was found in a request or a string to sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Whether the service would take the request as far as signing and time go.
    pub right: bool,
    /// The mistakes, the one that explains the signature first. Empty and not right: nothing known
    /// explains it, and `difference` is the place to look at.
    pub mistakes: Vec<Mistake>,
    /// What has to be signed; secret values masked.
    pub string_to_sign: String,
    /// What was signed, or, where that is not known, what was sent; secret values masked. None for a POST of
    /// which nothing is known: its form is free.
    pub signed: Option<String>,
    /// Where `signed` first parts from `string_to_sign`, in bytes.
    pub difference: Option<usize>,
}

/// Puts the findings together.
pub fn report(parts: &Parts, secret: &[u8], found: Found, now_ms: Option<i64>) -> Diagnosis {
    let mut mistakes = found.mistakes;
    let text = |bytes: Vec<u8>| without_secret(&String::from_utf8_lossy(&bytes), secret);
    // What explains the signature says it better than the bare look.
    let explained =
        |code: Code, mistakes: &[Mistake]| mistakes.iter().any(|mistake| mistake.code == code);
    for mistake in seen::public(parts, secret, now_ms) {
        // Of parameters that are missing, each counts by itself.
        let is_said = |said: &Mistake| {
            said.code == mistake.code
                && (said.code != Code::MissingPublicParameter || said.detail == mistake.detail)
        };
        if !mistakes.iter().any(is_said) {
            mistakes.push(mistake);
        }
    }
    if parts.signature.is_none() && parts.signed.is_none() {
        mistakes.push(Mistake::new(Code::MissingSignature, ""));
    }
    if !parts.is_decodable && !explained(Code::BadEncoding, &mistakes) {
        mistakes.push(Mistake::new(Code::BadEncoding, ""));
    }
    let is_text = |bytes: &[u8]| str::from_utf8(bytes).is_ok();
    let is_utf8 = |pair: &Decoded| is_text(&pair.name) && is_text(&pair.value);
    if !parts.pairs.iter().all(is_utf8) && mistakes.is_empty() {
        mistakes.push(Mistake::new(Code::NotUtf8, ""));
    }
    let string_to_sign = text(Recipe::default().make(parts, true));
    let signed = found.signed.map(text);
    let difference = signed
        .as_deref()
        .and_then(|signed| first_difference(&string_to_sign, signed));
    for mistake in &mut mistakes {
        mistake.detail = without_secret(&mistake.detail, secret);
    }
    // A string to sign without a signature is right when it is the right string.
    let verified = found.verified
        || (parts.signature.is_none() && parts.signed.is_some() && difference.is_none());
    Diagnosis {
        right: verified && mistakes.is_empty(),
        mistakes,
        string_to_sign,
        signed,
        difference,
    }
}

/// Where two texts first differ, in bytes; none when they are the same.
fn first_difference(a: &str, b: &str) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    (same < a.len().max(b.len())).then_some(same)
}

/// The text with the secret masked, should it stand there, as it is, percent-encoded once or twice, or with
/// its `+` read as spaces: somebody may have put it into a parameter.
fn without_secret(text: &str, secret: &[u8]) -> String {
    let Ok(secret) = str::from_utf8(secret) else {
        return text.to_owned();
    };
    let mut shown = text.to_owned();
    let spaced = Zeroizing::new(secret.replace('+', " "));
    for form in [secret, secret.trim(), &spaced] {
        // One that short stands everywhere anyway, and masking it would leave nothing to read.
        if form.len() >= 4 {
            let (mut once, mut twice) = (Zeroizing::new(Vec::new()), Zeroizing::new(Vec::new()));
            percent_encode(&mut once, form.as_bytes());
            percent_encode(&mut twice, &once);
            shown = shown
                .replace(form, MASK)
                .replace(&*String::from_utf8_lossy(&once), MASK)
                .replace(&*String::from_utf8_lossy(&twice), MASK);
        }
    }
    shown
}

impl Diagnosis {
    /// The diagnosis as JSON text, as `diagnose` of the package gives it.
    pub fn json(&self) -> String {
        let mut out = Json::open();
        out.raw("right", if self.right { "true" } else { "false" });
        out.objects("mistakes", &self.mistakes, |out, mistake| {
            out.text("code", mistake.code.word());
            if !mistake.detail.is_empty() {
                out.text("detail", &mistake.detail);
            }
            out.raw(
                "reproduced",
                if mistake.reproduced { "true" } else { "false" },
            );
            out.text("en", &mistake.english());
            out.text("zh", &mistake.chinese());
        });
        out.text("stringToSign", &self.string_to_sign);
        if let Some(signed) = &self.signed {
            out.text("signed", signed);
        }
        if let Some(at) = self.difference {
            // What stands there, some characters long, to be shown side by side.
            let around = |text: &str| {
                text.get(floor(text, at)..)
                    .unwrap_or_default()
                    .chars()
                    .take(20)
                    .collect::<String>()
            };
            out.object("difference", |out| {
                out.number("at", at as i64);
                out.text("expected", &around(&self.string_to_sign));
                out.text("found", &around(self.signed.as_deref().unwrap_or_default()));
            });
        }
        out.close()
    }
}

/// The nearest place at or before `at` where a character begins.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|&place| text.is_char_boundary(place))
        .unwrap_or(0)
}
