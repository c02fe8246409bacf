//! Which recipe, key and form of signature give the signature at hand.
//!
//! What is likely is looked at first, and all of it within a number of bytes (`work`): the parameters of a
//! request may be thousands, and the combinations of mistakes grow with their square.

use crate::emulator::names::*;

use super::evidence::Parts;
use super::keys::{Keys, LIKELY};
use super::mistakes::Mistake;
use super::recipe::{Encoding, Head, Layout, Query, Recipe};
use super::seen;
use super::targets::{Form, Targets};
use super::variants::{Variant, left_out, variants};
use super::work::{Depth, Made, Work};

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
        return seen_only(parts, depth, work);
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
        return as_sent(parts, Vec::new(), form, depth, work);
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
                return as_sent(parts, wrong, form, depth, work);
            }
        }
    }
    if depth == Depth::Pairs {
        for (key, wrong) in keys.wrong_twice() {
            if let Some(form) = trial.by_key(&targets, key, &right_text) {
                return found(parts, Hit::of(&[], form), wrong);
            }
        }
        for (key, wrong) in keys.wrong() {
            if let Some(hit) = trial.again(|text| targets.hit(key, text)) {
                return found(parts, hit, wrong);
            }
        }
        if let Some(hit) = trial.pairs(&mut with_right) {
            return found(parts, hit, Vec::new());
        }
    }
    seen_only(parts, depth, work)
}

/// Without a signature, or with one that nothing explains, only what can be seen is known.
fn seen_only(parts: &Parts, depth: Depth, work: &mut Work) -> Found {
    let mut mistakes = seen::deviations(parts);
    if let Some(signed) = parts.signed {
        mistakes = of_text(parts, signed, depth, work).unwrap_or(mistakes);
    }
    Found {
        verified: false,
        mistakes,
        // The form of a POST says nothing of what was signed.
        signed: (!parts.is_form).then(|| parts.received(true)),
    }
}

/// The very text that came was signed.
fn as_sent(
    parts: &Parts,
    wrong_key: Vec<Mistake>,
    form: Form,
    depth: Depth,
    work: &mut Work,
) -> Found {
    let mut mistakes = seen::signed_so(parts);
    if let Some(signed) = parts.signed {
        mistakes = of_text(parts, signed, depth, work).unwrap_or(mistakes);
    }
    mistakes.extend(wrong_key);
    mistakes.extend(form);
    Found {
        verified: false,
        mistakes: reproduced(mistakes),
        signed: Some(parts.received(true)),
    }
}

/// The mistakes that make the string to sign that was given; none when it is not explained.
fn of_text(parts: &Parts, signed: &[u8], depth: Depth, work: &mut Work) -> Option<Vec<Mistake>> {
    let base = Query::default().make(parts, false);
    if Head::default().frame(parts, &base).concat() == signed {
        // Two mistakes could undo each other.
        return Some(Vec::new());
    }
    let mut trial = Trial::new(parts, base, work);
    let mut is_it = |text: &[&[u8]]| is_joined(signed, text).then_some(None);
    let hit = trial.singles(&mut is_it).or_else(|| {
        let is_deep = depth == Depth::Pairs;
        is_deep.then(|| trial.pairs(&mut is_it)).flatten()
    });
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

/// Mistakes in the text that explain the signature.
struct Hit {
    mistakes: Vec<Mistake>,
    /// None without mistakes.
    recipe: Option<Recipe>,
    form: Form,
}

impl Hit {
    fn of(variants: &[&Variant], form: Form) -> Hit {
        let mut mistakes: Vec<Mistake> = variants
            .iter()
            .map(|variant| variant.mistake.clone())
            .collect();
        mistakes.sort_by_key(|mistake| mistake.code as usize);
        let recipes = variants.iter().map(|variant| Some(variant.recipe.clone()));
        Hit {
            mistakes,
            recipe: recipes.reduce(|all, next| all?.with(&next?)).flatten(),
            form,
        }
    }
}

/// Texts made with mistakes, held against the signature.
struct Trial<'t, 'p> {
    parts: &'t Parts<'p>,
    work: &'t mut Work,
    made: Made,
    /// The right query.
    base: Vec<u8>,
    /// The mistakes tried one by one, each with its query where that is not the right one.
    tried: Vec<(Variant, Option<Vec<u8>>)>,
    /// How many of these stand for themselves; behind them come those of single parameters.
    fixed: usize,
}

impl<'t, 'p> Trial<'t, 'p> {
    fn new(parts: &'t Parts<'p>, base: Vec<u8>, work: &'t mut Work) -> Trial<'t, 'p> {
        Trial {
            parts,
            work,
            made: Made::new(&base),
            base,
            tried: Vec::new(),
            fixed: 0,
        }
    }

    /// Tries one mistake after the other. Those of single parameters are left out where they are too many.
    fn singles(&mut self, fits: &mut dyn FnMut(&[&[u8]]) -> Option<Form>) -> Option<Hit> {
        for variant in variants(self.parts) {
            if let Some(form) = self.single(variant.clone(), fits) {
                return Some(Hit::of(&[&variant], form));
            }
        }
        self.fixed = self.tried.len();
        let count = self.parts.pairs.len();
        if self.work.affords(2 * count.saturating_mul(self.base.len())) {
            for variant in left_out(self.parts) {
                if let Some(form) = self.single(variant.clone(), fits) {
                    return Some(Hit::of(&[&variant], form));
                }
            }
        }
        None
    }

    fn single(
        &mut self,
        variant: Variant,
        fits: &mut dyn FnMut(&[&[u8]]) -> Option<Form>,
    ) -> Option<Form> {
        let mut query = None;
        if variant.recipe.query != Query::default() {
            query = Some(
                self.made
                    .query(self.parts, &variant.recipe.query, self.work)?,
            );
        }
        let text = query.as_deref().unwrap_or(&self.base);
        let form = try_text(self.parts, self.work, &variant.recipe.head, text, fits);
        self.tried.push((variant, query));
        form
    }

    /// Tries once more, in another way, what was tried one by one.
    fn again(&mut self, mut fits: impl FnMut(&[&[u8]]) -> Option<Form>) -> Option<Hit> {
        for (variant, query) in &self.tried {
            let text = query.as_deref().unwrap_or(&self.base);
            let head = &variant.recipe.head;
            if let Some(form) = try_text(self.parts, self.work, head, text, &mut fits) {
                return Some(Hit::of(&[variant], form));
            }
        }
        None
    }

    /// Tries two mistakes at once, and a wrong path or verb with two of encoding; last of all two of which one
    /// is that of a single parameter.
    fn pairs(&mut self, fits: &mut dyn FnMut(&[&[u8]]) -> Option<Form>) -> Option<Hit> {
        let mut slips = Vec::new();
        for second in 0..self.fixed {
            if let Some(hit) = self.pairs_before(second, &mut slips, fits) {
                return Some(hit);
            }
        }
        let heads = self.tried[..self.fixed].iter().map(|(variant, _)| variant);
        let heads = heads.filter(|variant| {
            let head = &variant.recipe.head;
            head.layout == Layout::default() && *head != Head::default()
        });
        for head in heads {
            for (first, second, query) in &slips {
                let variants = [*first, *second].map(|at| &self.tried[at].0);
                let form = try_text(self.parts, self.work, &head.recipe.head, query, fits);
                if let Some(form) = form {
                    return Some(Hit::of(&[variants[0], variants[1], head], form));
                }
            }
        }
        for second in self.fixed..self.tried.len() {
            if let Some(hit) = self.pairs_before(second, &mut slips, fits) {
                return Some(hit);
            }
        }
        None
    }

    /// Tries this mistake with each that stands before it; keeps the queries with two mistakes of encoding.
    fn pairs_before(
        &mut self,
        second: usize,
        slips: &mut Vec<(usize, usize, Vec<u8>)>,
        fits: &mut dyn FnMut(&[&[u8]]) -> Option<Form>,
    ) -> Option<Hit> {
        for first in 0..second {
            if self.work.is_over() {
                return None;
            }
            let [one, other] = [first, second].map(|at| &self.tried[at]);
            let Some(recipe) = one.0.recipe.with(&other.0.recipe) else {
                continue;
            };
            let is_made = one.1.is_some() && other.1.is_some();
            let mut query = None;
            if is_made {
                query = self.made.query(self.parts, &recipe.query, self.work);
                if query.is_none() {
                    continue;
                }
            }
            let text = query.as_deref().or(one.1.as_deref()).or(other.1.as_deref());
            let text = text.unwrap_or(&self.base);
            if let Some(form) = try_text(self.parts, self.work, &recipe.head, text, fits) {
                return Some(Hit::of(&[&one.0, &other.0], form));
            }
            let only_encoding = Query {
                encoding: Encoding::default(),
                ..recipe.query.clone()
            };
            if let Some(query) = query.filter(|_| only_encoding == Query::default()) {
                slips.push((first, second, query));
            }
        }
        None
    }

    fn by_key(&mut self, targets: &Targets, key: &crate::sign::Key, text: &[u8]) -> Option<Form> {
        if !self.work.spend(text.len()) {
            return None;
        }
        targets.hit(key, &[text])
    }
}

/// Whether the string to sign of this query fits, if there is work left for it.
fn try_text(
    parts: &Parts,
    work: &mut Work,
    head: &Head,
    query: &[u8],
    fits: &mut dyn FnMut(&[&[u8]]) -> Option<Form>,
) -> Option<Form> {
    if work.is_over() {
        return None;
    }
    let [before, query, after] = head.frame(parts, query);
    if !work.spend(before.len() + query.len() + after.len()) {
        return None;
    }
    fits(&[&before, &query, &after])
}
