//! Texts made with one mistake, two or three, held against the signature one after the other.

use crate::emulator::names::*;
use std::ops::Range;

use super::encoding::Encoding;
use super::evidence::Parts;
use super::mistakes::Mistake;
use super::recipe::{Head, Layout, Query, Recipe};
use super::targets::{Form, Targets};
use super::variants::{Variant, left_out, variants};
use super::work::{Made, Work};
use crate::sign::Key;

/// Says whether a text, given in pieces, is the one looked for.
pub type Fits<'f> = dyn FnMut(&[&[u8]]) -> Option<Form> + 'f;

/// Mistakes in the text that explain the signature.
pub struct Hit {
    pub mistakes: Vec<Mistake>,
    /// None without mistakes.
    pub recipe: Option<Recipe>,
    pub form: Form,
}

impl Hit {
    pub fn of(variants: &[&Variant], form: Form) -> Hit {
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
pub struct Trial<'t, 'p> {
    parts: &'t Parts<'p>,
    work: &'t mut Work,
    made: Made,
    /// The right query.
    base: Vec<u8>,
    /// The mistakes tried one by one, each with its query where that is not the right one.
    tried: Vec<(Variant, Option<Vec<u8>>)>,
    /// How many of these stand for themselves; behind them come those of single parameters.
    fixed: usize,
    /// Queries with two mistakes of encoding, and the places of the two.
    slips: Vec<(usize, usize, Vec<u8>)>,
}

/// Mistakes that are as many for every request, or those of single parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Fixed,
    OfOneParameter,
}

impl<'t, 'p> Trial<'t, 'p> {
    pub fn new(parts: &'t Parts<'p>, base: Vec<u8>, work: &'t mut Work) -> Trial<'t, 'p> {
        Trial {
            parts,
            work,
            made: Made::new(&base),
            base,
            tried: Vec::new(),
            fixed: 0,
            slips: Vec::new(),
        }
    }

    /// Tries one mistake after the other. Those of single parameters are left out where they are too many.
    pub fn singles(&mut self, fits: &mut Fits) -> Option<Hit> {
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

    fn single(&mut self, variant: Variant, fits: &mut Fits) -> Option<Form> {
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

    /// Tries with another key what was tried one by one: the mistakes that stand for themselves, or those of
    /// single parameters.
    pub fn again(&mut self, which: Which, fits: &mut Fits) -> Option<Hit> {
        for (variant, query) in &self.tried[self.places(which)] {
            let text = query.as_deref().unwrap_or(&self.base);
            let head = &variant.recipe.head;
            if let Some(form) = try_text(self.parts, self.work, head, text, fits) {
                return Some(Hit::of(&[variant], form));
            }
        }
        None
    }

    /// Tries two mistakes at once, the second one of these.
    pub fn pairs(&mut self, which: Which, fits: &mut Fits) -> Option<Hit> {
        self.places(which)
            .find_map(|second| self.pairs_before(second, fits))
    }

    /// Tries a wrong path or verb with two mistakes of encoding, those of the pairs before.
    pub fn triples(&mut self, fits: &mut Fits) -> Option<Hit> {
        let heads = self.tried[..self.fixed].iter().map(|(variant, _)| variant);
        let heads = heads.filter(|variant| {
            let head = &variant.recipe.head;
            head.layout == Layout::default() && *head != Head::default()
        });
        for head in heads {
            for (first, second, query) in &self.slips {
                let [first, second] = [first, second].map(|&at| &self.tried[at].0);
                let form = try_text(self.parts, self.work, &head.recipe.head, query, fits);
                if let Some(form) = form {
                    return Some(Hit::of(&[first, second, head], form));
                }
            }
        }
        None
    }

    fn places(&self, which: Which) -> Range<usize> {
        match which {
            Which::Fixed => 0..self.fixed,
            Which::OfOneParameter => self.fixed..self.tried.len(),
        }
    }

    /// Tries this mistake with each that stands before it; keeps the queries with two mistakes of encoding.
    fn pairs_before(&mut self, second: usize, fits: &mut Fits) -> Option<Hit> {
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
                self.slips.push((first, second, query));
            }
        }
        None
    }

    /// Tries a key on a text.
    pub fn by_key(&mut self, targets: &Targets, key: &Key, text: &[u8]) -> Option<Form> {
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
    fits: &mut Fits,
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
