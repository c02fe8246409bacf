//! Which recipe, key and form of signature give the signature at hand.
//!
//! What is likely is looked at first, and all of it within a number of bytes (`work`): the parameters of a
//! request may be thousands, and the combinations of mistakes grow with their square.

use crate::emulator::names::*;
use std::ops::Range;

use super::evidence::Parts;
use super::keys::{Keys, LIKELY};
use super::mistakes::Mistake;
use super::recipe::{Head, Layout, Query};
use super::seen;
use super::targets::{Form, Targets};
use super::trial::{Hit, Trial, Which};
use super::work::{Depth, Work};

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
pub fn search(parts: &Parts, secret: &[u8], depth: Depth, work: &mut Work) -> Found {
    let Some(targets) = Targets::read(parts) else {
        return seen_only(parts, depth);
    };
    let keys = Keys::new(parts, secret);
    let base = Query::default().make(parts, false);
    let received = parts.received(false);
    let right_text = Head::default().frame(parts, &base).concat();

    // Signed and made right; perhaps changed on the way.
    if let Some(form) = targets.hit(keys.right(), &[&right_text]) {
        let mut mistakes: Vec<Mistake> = form.into_iter().collect();
        mistakes.extend(seen::deviations(parts));
        return Found {
            verified: true,
            mistakes,
            signed: None,
        };
    }
    // Signed as it was sent, and that is not how it should be: what is wrong can be seen.
    if received != right_text
        && let Some(form) = targets.hit(keys.right(), &[&received])
    {
        return as_sent(parts, Vec::new(), form, depth);
    }
    let mut trial = Trial::new(parts, base, work);
    let mut with_right = |text: &[&[u8]]| targets.hit(keys.right(), text);
    for (key, wrong) in keys.wrong().take(LIKELY) {
        if let Some(form) = trial.by_key(&targets, key, &right_text) {
            return found(parts, Hit::of(&[], form), wrong);
        }
    }
    if let Some(hit) = trial.singles(&mut with_right) {
        return found(parts, hit, Vec::new());
    }
    for (key, wrong) in keys.wrong().skip(LIKELY) {
        if let Some(form) = trial.by_key(&targets, key, &right_text) {
            return found(parts, Hit::of(&[], form), wrong);
        }
    }
    if received != right_text {
        for (key, wrong) in keys.wrong() {
            if let Some(form) = trial.by_key(&targets, key, &received) {
                return as_sent(parts, wrong, form, depth);
            }
        }
    }
    if depth == Depth::Pairs {
        for (key, wrong) in keys.wrong_twice() {
            if let Some(form) = trial.by_key(&targets, key, &right_text) {
                return found(parts, Hit::of(&[], form), wrong);
            }
        }
        if let Some((hit, wrong)) = two_or_three(&mut trial, &targets, &keys) {
            return found(parts, hit, wrong);
        }
    }
    seen_only(parts, depth)
}

/// Tries two mistakes at once and some three, the likely ones first: what grows with the request comes last.
fn two_or_three(trial: &mut Trial, targets: &Targets, keys: &Keys) -> Option<(Hit, Vec<Mistake>)> {
    let mut with_right = |text: &[&[u8]]| targets.hit(keys.right(), text);
    let by_keys = |trial: &mut Trial, which: Which, places: Range<usize>| {
        let keys = keys.wrong().skip(places.start).take(places.len());
        keys.map(|(key, wrong)| {
            let hit = trial.again(which, &mut |text| targets.hit(key, text));
            hit.map(|hit| (hit, wrong))
        })
        .find_map(|hit| hit)
    };
    let right = |hit| (hit, Vec::new());
    by_keys(trial, Which::Fixed, 0..LIKELY)
        .or_else(|| trial.pairs(Which::Fixed, &mut with_right).map(right))
        .or_else(|| trial.triples(&mut with_right).map(right))
        .or_else(|| by_keys(trial, Which::Fixed, LIKELY..usize::MAX))
        .or_else(|| by_keys(trial, Which::OfOneParameter, 0..usize::MAX))
        .or_else(|| {
            trial
                .pairs(Which::OfOneParameter, &mut with_right)
                .map(right)
        })
}

/// Without a signature, or with one that nothing explains, only what can be seen is known.
fn seen_only(parts: &Parts, depth: Depth) -> Found {
    let mut mistakes = seen::deviations(parts);
    if let Some(signed) = parts.signed {
        mistakes = of_text(parts, signed, depth).unwrap_or(mistakes);
    }
    Found {
        verified: false,
        mistakes,
        // The form of a POST says nothing of what was signed.
        signed: (!parts.is_form).then(|| parts.received(true)),
    }
}

/// The very text that came was signed.
fn as_sent(parts: &Parts, wrong_key: Vec<Mistake>, form: Form, depth: Depth) -> Found {
    let mut mistakes = seen::signed_so(parts);
    if let Some(signed) = parts.signed {
        mistakes = of_text(parts, signed, depth).unwrap_or(mistakes);
    }
    mistakes.extend(wrong_key);
    mistakes.extend(form);
    Found {
        verified: false,
        mistakes: reproduced(mistakes),
        signed: Some(parts.received(true)),
    }
}

/// The mistakes that make the string to sign that was given; none when it is not explained. Here texts are
/// compared and not hashed: a search of its own.
fn of_text(parts: &Parts, signed: &[u8], depth: Depth) -> Option<Vec<Mistake>> {
    let base = Query::default().make(parts, false);
    if Head::default().frame(parts, &base).concat() == signed {
        // Two mistakes could undo each other.
        return Some(Vec::new());
    }
    let mut work = Work::new(depth);
    let mut trial = Trial::new(parts, base, &mut work);
    let mut is_it = |text: &[&[u8]]| is_joined(signed, text).then_some(None);
    let mut hit = trial.singles(&mut is_it);
    if depth == Depth::Pairs {
        hit = hit
            .or_else(|| trial.pairs(Which::Fixed, &mut is_it))
            .or_else(|| trial.triples(&mut is_it))
            .or_else(|| trial.pairs(Which::OfOneParameter, &mut is_it));
    }
    Some(hit?.mistakes)
}

/// Whether these pieces make up the text.
fn is_joined(text: &[u8], pieces: &[&[u8]]) -> bool {
    let mut rest = Some(text);
    for piece in pieces {
        rest = rest.and_then(|rest| rest.strip_prefix(*piece));
    }
    rest == Some(b"")
}

fn reproduced(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    for mistake in &mut mistakes {
        mistake.reproduced = true;
    }
    mistakes
}

fn found(parts: &Parts, hit: Hit, wrong_key: Vec<Mistake>) -> Found {
    let mut mistakes = hit.mistakes;
    mistakes.extend(wrong_key);
    mistakes.extend(hit.form);
    // A layout that encodes the query again would show secret values in a form that masking does not reach.
    let shown = hit
        .recipe
        .filter(|recipe| recipe.head.layout != Layout::Ampersands);
    Found {
        verified: false,
        mistakes: reproduced(mistakes),
        signed: shown.map(|recipe| recipe.make(parts, true)),
    }
}
