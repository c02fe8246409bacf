//! Which recipe, key and form of signature give the signature at hand.

use crate::emulator::names::*;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::evidence::Parts;
use super::mistakes::{Code, Mistake};
use super::recipe::{Encoding, Layout, Order, Recipe, Selection};
use super::seen;
use crate::emulator::request::{canonical, decode};
use crate::sign::{Key, SignatureMethod};

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// One mistake.
    Singles,
    /// Two at once.
    Pairs,
}

/// What was found.
#[derive(Default)]
pub struct Found {
    /// Whether the signature is one of the right string to sign with the right key.
    pub verified: bool,
    pub mistakes: Vec<Mistake>,
    /// What was signed, as far as it is known; secret values masked.
    pub signed: Option<Vec<u8>>,
}

/// Looks for what explains the signature.
pub fn search(parts: &Parts, secret: &[u8], depth: Depth) -> Found {
    let Some(targets) = Targets::read(parts) else {
        return seen_only(parts);
    };
    let keys = Keys::new(parts, secret);
    let right = Recipe::default();
    let base = right.make(parts, false);
    let received = parts.received(false);

    // Signed and made right; perhaps changed on the way.
    if let Some(form) = targets.hit(keys.right(parts), &base) {
        let mut mistakes: Vec<Mistake> = form.into_iter().collect();
        mistakes.extend(seen::deviations(parts));
        return Found {
            verified: true,
            mistakes,
            signed: None,
        };
    }
    // Signed as it was sent, and that is not how it should be: what is wrong can be seen.
    if received != base
        && let Some(hit) = keys
            .all(parts)
            .find_map(|(key, wrong)| Some((targets.hit(key, &received)?, wrong)))
    {
        let mut mistakes = seen::deviations(parts);
        if parts.signed.is_some() {
            mistakes = of_text(parts, &received).unwrap_or(mistakes);
        }
        mistakes.extend(hit.1);
        mistakes.extend(hit.0);
        return Found {
            verified: false,
            mistakes: reproduced(mistakes),
            signed: Some(parts.received(true)),
        };
    }
    let variants = variants(parts, &base);
    // One mistake in the text, or one in the key.
    for variant in &variants {
        if let Some(form) = targets.hit(keys.right(parts), &variant.text) {
            return found(parts, &[variant], None, form);
        }
    }
    for (key, wrong) in keys.all(parts) {
        if let Some(form) = targets.hit(key, &base) {
            return found(parts, &[], wrong, form);
        }
    }
    if depth == Depth::Pairs {
        for variant in &variants {
            for (key, wrong) in keys.all(parts) {
                if let Some(form) = targets.hit(key, &variant.text) {
                    return found(parts, &[variant], wrong, form);
                }
            }
        }
        for (first, second) in pairs(&variants) {
            let Some(text) = first.with(second).map(|recipe| recipe.make(parts, false)) else {
                continue;
            };
            if text != first.text
                && text != second.text
                && let Some(form) = targets.hit(keys.right(parts), &text)
            {
                return found(parts, &[first, second], None, form);
            }
        }
    }
    seen_only(parts)
}

/// Without a signature, or with one that nothing explains, only what can be seen is known.
fn seen_only(parts: &Parts) -> Found {
    let mut mistakes = seen::deviations(parts);
    if let Some(signed) = parts.signed {
        mistakes = of_text(parts, signed).unwrap_or(mistakes);
    }
    Found {
        verified: false,
        mistakes,
        signed: Some(parts.received(true)),
    }
}

/// The mistakes that make the string to sign that was given; none when it is right or not explained.
fn of_text(parts: &Parts, signed: &[u8]) -> Option<Vec<Mistake>> {
    let base = Recipe::default().make(parts, false);
    if base == signed {
        // Two mistakes could undo each other.
        return Some(Vec::new());
    }
    let variants = variants(parts, &base);
    if let Some(variant) = variants.iter().find(|variant| variant.text == signed) {
        return Some(Vec::from([variant.mistake.clone()]));
    }
    let (first, second) = pairs(&variants).find(|(first, second)| {
        first
            .with(second)
            .is_some_and(|recipe| recipe.make(parts, false) == signed)
    })?;
    Some(Vec::from([first.mistake.clone(), second.mistake.clone()]))
}

/// Each two of them, the earlier one first.
fn pairs(variants: &[Variant]) -> impl Iterator<Item = (&Variant, &Variant)> {
    let mut rest = variants;
    let parted = std::iter::from_fn(move || {
        let (first, behind) = rest.split_first()?;
        rest = behind;
        Some((first, behind))
    });
    parted.flat_map(|(first, behind)| behind.iter().map(move |second| (first, second)))
}

fn reproduced(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    for mistake in &mut mistakes {
        mistake.reproduced = true;
    }
    mistakes
}

fn found(
    parts: &Parts,
    variants: &[&Variant],
    wrong_key: Option<Mistake>,
    form: Option<Mistake>,
) -> Found {
    let mut mistakes: Vec<Mistake> = variants
        .iter()
        .map(|variant| variant.mistake.clone())
        .collect();
    mistakes.extend(wrong_key);
    mistakes.extend(form);
    let recipe = match variants {
        [one] => Some(one.recipe.clone()),
        [first, second] => first.with(second),
        _ => None,
    };
    // A layout that encodes the query again would show secret values in a form that masking does not reach.
    let shown = recipe.filter(|recipe| recipe.layout != Layout::Ampersands);
    Found {
        verified: false,
        mistakes: reproduced(mistakes),
        signed: shown.map(|recipe| recipe.make(parts, true)),
    }
}

/// The forms in which the signature can be read, each with the mistake that it would be.
struct Targets(Vec<(String, Option<Code>)>);

impl Targets {
    fn read(parts: &Parts) -> Option<Targets> {
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
                if is_encoded {
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
    fn hit(&self, key: &Key, text: &[u8]) -> Option<Option<Mistake>> {
        let made = key.sign(&[text]);
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

/// The secret, and what programs make of it by mistake.
struct Keys {
    /// Each as it is used with HMAC-SHA256 and with HMAC-SHA1.
    keys: Vec<(Option<Code>, Key, Key)>,
}

impl Keys {
    fn new(parts: &Parts, secret: &[u8]) -> Keys {
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
    fn right(&self, parts: &Parts) -> &Key {
        let (_, sha256, sha1) = &self.keys[0];
        if Keys::says_sha1(parts) { sha1 } else { sha256 }
    }

    /// Every secret with either hash, each with its mistake; at most one of the two is wrong, and the right
    /// pair comes first.
    fn all<'k>(&'k self, parts: &Parts) -> impl Iterator<Item = (&'k Key, Option<Mistake>)> {
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

/// A recipe with one mistake.
struct Variant {
    mistake: Mistake,
    recipe: Recipe,
    text: Vec<u8>,
}

impl Variant {
    /// Both mistakes at once; none when they are about the same thing.
    fn with(&self, other: &Variant) -> Option<Recipe> {
        let right = Recipe::default();
        let (a, b) = (&self.recipe, &other.recipe);
        fn either<T: Clone + PartialEq>(a: &T, b: &T, right: &T) -> Option<T> {
            match (a == right, b == right) {
                (true, _) => Some(b.clone()),
                (_, true) => Some(a.clone()),
                _ => None,
            }
        }
        Some(Recipe {
            params: either(&a.params, &b.params, &right.params)?,
            order: either(&a.order, &b.order, &right.order)?,
            encoding: a.encoding.and(&b.encoding),
            path: either(&a.path, &b.path, &right.path)?,
            verb: either(&a.verb, &b.verb, &right.verb)?,
            layout: either(&a.layout, &b.layout, &right.layout)?,
        })
    }
}

impl Encoding {
    /// Two ways to encode wrongly at once.
    fn and(&self, other: &Encoding) -> Encoding {
        Encoding {
            plus_for_space: self.plus_for_space || other.plus_for_space,
            small_hex: self.small_hex || other.small_hex,
            tilde: self.tilde || other.tilde,
            twice: self.twice || other.twice,
            raw_values: self.raw_values || other.raw_values,
            raw_names: self.raw_names || other.raw_names,
            latin1: self.latin1 || other.latin1,
            bare: [&self.bare[..], &other.bare].concat(),
        }
    }
}

/// Every known mistake that makes another string to sign of this request. Where two make the same, the
/// first one is kept: the special ones stand before the general ones.
fn variants(parts: &Parts, base: &[u8]) -> Vec<Variant> {
    let mut found: Vec<Variant> = Vec::new();
    let mut add = |code: Code, detail: String, change: &dyn Fn(&mut Recipe)| {
        let mut recipe = Recipe::default();
        change(&mut recipe);
        let text = recipe.make(parts, false);
        let earlier = found.iter().map(|earlier| earlier.text.as_slice());
        if earlier.chain([base]).all(|earlier| earlier != text) {
            found.push(Variant {
                mistake: Mistake::new(code, detail),
                recipe,
                text,
            });
        }
    };
    let nothing = String::new;

    add(Code::PlusForSpace, nothing(), &|recipe| {
        recipe.encoding.plus_for_space = true
    });
    add(Code::LowerCaseHex, nothing(), &|recipe| {
        recipe.encoding.small_hex = true
    });
    add(Code::TildeEncoded, nothing(), &|recipe| {
        recipe.encoding.tilde = true
    });
    add(Code::DoubleEncoded, nothing(), &|recipe| {
        recipe.encoding.twice = true;
    });
    add(Code::DoubleEncoded, nothing(), &|recipe| {
        recipe.params = Selection::DecodedAgain;
    });
    let (singles, functions) = bare_sets(parts);
    for bare in singles {
        add(Code::ReservedLeftBare, seen::shown(&bare), &|recipe| {
            recipe.encoding.bare.clone_from(&bare);
        });
    }
    add(Code::NamesNotEncoded, nothing(), &|recipe| {
        recipe.encoding.raw_names = true
    });
    add(Code::NotEncoded, nothing(), &|recipe| {
        recipe.encoding.raw_values = true
    });
    add(Code::NotEncoded, nothing(), &|recipe| {
        (recipe.encoding.raw_values, recipe.encoding.raw_names) = (true, true)
    });
    for bare in functions {
        add(Code::ReservedLeftBare, seen::shown(&bare), &|recipe| {
            recipe.encoding.bare.clone_from(&bare);
        });
    }
    add(Code::NotUtf8, nothing(), &|recipe| {
        recipe.encoding.latin1 = true
    });
    for tilde in [true, false] {
        for bare in [&b"*"[..], b"!'()*", b""] {
            add(Code::FormEncoded, nothing(), &|recipe| {
                recipe.encoding = Encoding {
                    plus_for_space: true,
                    tilde,
                    bare: bare.to_vec(),
                    ..Encoding::default()
                };
            });
        }
    }

    for (code, order) in [
        (Code::SortedAsJoinedText, Order::JoinedText),
        (Code::SortedAsJoinedText, Order::JoinedEncodedText),
        (Code::SortedByNumber, Order::Number),
        (Code::SortedIgnoringCase, Order::IgnoringCase),
        (Code::SortedAsUtf16, Order::Utf16),
        (Code::SortedAfterEncoding, Order::EncodedName),
        (Code::NotSorted, Order::Received),
    ] {
        add(code, nothing(), &|recipe| recipe.order = order);
    }

    for (code, path) in paths(parts) {
        let detail = String::from_utf8_lossy(&path).into_owned();
        add(code, detail, &|recipe| recipe.path = Some(path.clone()));
    }
    let small = parts.method.to_ascii_lowercase();
    for verb in [
        "GET", "POST", "PUT", "DELETE", "HEAD", &small, "get", "post",
    ] {
        add(Code::WrongVerb, verb.to_owned(), &|recipe| {
            recipe.verb = Some(verb.as_bytes().to_vec())
        });
    }
    for (layout, shape) in [
        (Layout::CarriageReturns, "GET\\r\\n/iaas/\\r\\n…"),
        (Layout::LineEndBehind, "GET\\n/iaas/\\n…\\n"),
        (Layout::QuestionMark, "GET\\n/iaas/?…"),
        (Layout::QuestionMarkOnLine, "GET\\n/iaas/\\n?…"),
        (Layout::WithoutMethod, "/iaas/\\n…"),
        (Layout::QueryAlone, "…"),
        (Layout::Joined, "GET/iaas/…"),
        (Layout::Ampersands, "GET&%2Fiaas%2F&…"),
    ] {
        add(Code::WrongLayout, shape.to_owned(), &|recipe| {
            recipe.layout = layout
        });
    }

    add(Code::ValueTrimmed, nothing(), &|recipe| {
        recipe.params = Selection::Trimmed
    });
    add(Code::SignatureSigned, nothing(), &|recipe| {
        recipe.params = Selection::WithSignature
    });
    for (place, pair) in parts.pairs.iter().enumerate() {
        let name = String::from_utf8_lossy(&pair.name).into_owned();
        let code = if seen::is_public(&name) {
            Code::PublicParameterNotSigned
        } else {
            Code::ParameterNotSigned
        };
        add(code, name, &|recipe| {
            recipe.params = Selection::Without(place)
        });
    }
    add(Code::EmptyValuesLeftOut, nothing(), &|recipe| {
        recipe.params = Selection::WithoutEmpty
    });
    for seconds in -5..=5 {
        add(Code::TimeStampMadeTwice, nothing(), &|recipe| {
            recipe.params = Selection::Later(seconds)
        });
    }
    found
}

/// The sets of characters that programs leave unencoded, as far as this request has them: each one by
/// itself, and those of well-known functions.
fn bare_sets(parts: &Parts) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    const FUNCTIONS: [&[u8]; 8] = [
        // encodeURIComponent, and with what some leave besides
        b"!'()*",
        b"!'()*/",
        b"!'()",
        b"/:",
        // encodeURI
        b"!'()*;,/?:@&=+$#",
        b"!'()*;,/?:@&=+$",
        // HttpUtility of C#, CGI.escape of Ruby
        b"!*()",
        b"*-_.",
    ];
    let is_present = |byte: &u8| {
        let has = |text: &[u8]| text.contains(byte);
        parts
            .pairs
            .iter()
            .any(|pair| has(&pair.name) || has(&pair.value))
    };
    let present: Vec<u8> = (0x21..0x7f_u8)
        .filter(|byte| !byte.is_ascii_alphanumeric() && !b"-_.~".contains(byte))
        .filter(is_present)
        .collect();
    let mut singles: Vec<Vec<u8>> = present.iter().map(|&byte| Vec::from([byte])).collect();
    singles.push(Vec::from([0x80]));
    let of = |set: &[u8]| {
        present
            .iter()
            .copied()
            .filter(|byte| set.contains(byte))
            .collect()
    };
    let mut functions: Vec<Vec<u8>> = FUNCTIONS.iter().map(|set| of(set)).collect();
    // Everything short of what parts the query.
    functions.push(
        present
            .iter()
            .copied()
            .filter(|byte| !b"&=%+#".contains(byte))
            .collect(),
    );
    functions.retain(|set| !set.is_empty());
    (singles, functions)
}

/// Paths that are signed instead of the right one.
fn paths(parts: &Parts) -> Vec<(Code, Vec<u8>)> {
    let path = parts.path;
    let mut paths = Vec::new();
    match path.strip_suffix(b"/") {
        Some(bare) => {
            paths.push((Code::MissingSlash, bare.to_vec()));
            paths.push((Code::ExtraSlash, [path, b"/"].concat()));
        }
        None => paths.push((Code::ExtraSlash, [path, b"/"].concat())),
    }
    for (one, other) in [("/iaas", "/iam"), ("/iam", "/iaas")] {
        for slash in ["", "/"] {
            let own = format!("{one}/");
            if path.ends_with(own.as_bytes()) || path.ends_with(one.as_bytes()) {
                paths.push((Code::IaasForIam, format!("{other}{slash}").into_bytes()));
            }
        }
    }
    for other in [
        "/",
        "",
        "/iaas/",
        "/iaas",
        "/iam/",
        "iaas/",
        "iaas",
        "//iaas/",
        "/IAAS/",
        "/api/",
        "api.qingcloud.com/iaas/",
        "https://api.qingcloud.com/iaas/",
        "%2Fiaas%2F",
    ] {
        paths.push((Code::WrongPath, other.as_bytes().to_vec()));
    }
    paths
}
