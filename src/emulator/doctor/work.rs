//! How much a search may do: bytes of texts made and of texts hashed, whatever the clock says.

use crate::emulator::names::*;
use std::collections::HashSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::evidence::Parts;
use super::recipe::Query;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// One mistake.
    Singles,
    /// Two at once, and some three.
    Pairs,
}

impl Depth {
    /// How many bytes a search of this depth may make and hash, besides the few texts that it cannot do
    /// without. A request of 50 parameters is searched whole; of one of thousands, what is likely.
    pub const fn bytes(self) -> usize {
        match self {
            Depth::Singles => 8 << 20,
            Depth::Pairs => 32 << 20,
        }
    }
}

/// What a search has done and may still do.
pub struct Work {
    left: usize,
    spent: usize,
}

impl Work {
    pub fn new(depth: Depth) -> Work {
        Work {
            left: depth.bytes(),
            spent: 0,
        }
    }

    /// Takes off what is about to be done; false when there is too little left for it, and then for all else.
    pub fn spend(&mut self, bytes: usize) -> bool {
        if bytes > self.left {
            self.left = 0;
            return false;
        }
        self.left -= bytes;
        self.spent += bytes;
        true
    }

    /// Whether so much is a small part of what is left.
    pub fn affords(&self, bytes: usize) -> bool {
        bytes <= self.left / 2
    }

    pub fn is_over(&self) -> bool {
        self.left == 0
    }

    /// How many bytes were made and hashed.
    #[cfg(test)]
    pub fn spent(&self) -> usize {
        self.spent
    }
}

/// The queries that were made: each one is made and looked at once.
pub struct Made {
    recipes: HashSet<Query>,
    /// Hashes of texts: the texts themselves may be many megabytes.
    texts: HashSet<u64>,
}

impl Made {
    /// `base` is the right query.
    pub fn new(base: &[u8]) -> Made {
        Made {
            recipes: HashSet::from([Query::default()]),
            texts: HashSet::from([hash(base)]),
        }
    }

    /// Makes a query; none if it is one of before, or the work is over.
    pub fn query(&mut self, parts: &Parts, query: &Query, work: &mut Work) -> Option<Vec<u8>> {
        let effective = Query {
            encoding: query.encoding.on(&parts.has),
            ..query.clone()
        };
        if work.is_over() || !self.recipes.insert(effective) {
            return None;
        }
        let text = query.make(parts, false);
        (work.spend(text.len()) && self.texts.insert(hash(&text))).then_some(text)
    }
}

fn hash(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
