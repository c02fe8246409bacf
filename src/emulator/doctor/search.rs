//! Which recipe, key and form of signature give the signature at hand.

use crate::emulator::names::*;

use super::evidence::Parts;
use super::keys::Keys;
use super::mistakes::Mistake;
use super::recipe::{Layout, Recipe};
use super::seen;
use super::targets::Targets;
use super::variants::{Variant, variants};

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
        let mut mistakes = seen::signed_so(parts);
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
        // The form of a POST says nothing of what was signed.
        signed: (!parts.is_form).then(|| parts.received(true)),
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
