//! What calls may share: everything but the texts of their values.

use super::error::Error;
use super::tree::{MAP, Reader, Token, damaged};
use super::{Call, Method};
use alloc::vec::Vec;

/// The shape of a call, and where in its tree the values stand. Kept between calls for its memory.
#[derive(Default)]
pub(super) struct Shape {
    /// What comes before the tree.
    head: Vec<u8>,
    /// The parts of the tree between the texts of values.
    runs: Vec<Place>,
    values: Vec<Place>,
    hash: u64,
}

/// Bytes of the tree. Of a value that is a list or a map they are none, but its first item starts
/// here. No two values start at the same place.
#[derive(Clone, Copy)]
struct Place {
    start: usize,
    end: usize,
}

impl Place {
    fn of(self, tree: &[u8]) -> &[u8] {
        &tree[self.start..self.end]
    }
}

impl Shape {
    pub(super) const fn new() -> Shape {
        Shape {
            head: Vec::new(),
            runs: Vec::new(),
            values: Vec::new(),
            hash: 0,
        }
    }

    /// Takes the shape of `call`.
    pub(super) fn read(&mut self, call: &Call) -> Result<(), Error> {
        let Shape {
            head,
            runs,
            values,
            hash,
        } = self;
        runs.clear();
        values.clear();
        head.clear();
        head.extend([
            match call.method {
                None => 0,
                Some(Method::Get) => 1,
                Some(Method::Post) => 2,
            },
            call.zone.is_some().into(),
            call.request_id.is_some().into(),
            call.expires_in_seconds.is_some().into(),
        ]);
        for text in [call.action, call.zone.unwrap_or("")] {
            head.extend_from_slice(&(text.len() as u32).to_le_bytes());
            head.extend_from_slice(text.as_bytes());
        }
        *hash = mixed(0, head);
        let tree = call.tree;
        let mut reader = Reader::new(tree);
        if tree.first() != Some(&MAP) {
            return Err(damaged());
        }
        let mut start = 0;
        let mut depth = 0usize;
        while start == 0 || depth > 0 {
            let tag = tree.len() - reader.rest().len();
            let token = reader.next()?;
            let end = tree.len() - reader.rest().len();
            let mut run_ends = |at| {
                let run = Place { start, end: at };
                *hash = mixed(*hash, run.of(tree));
                runs.push(run);
                start = end;
            };
            match token {
                Token::Text(text) | Token::Number(text) => {
                    run_ends(tag + 1);
                    let start = end - text.len();
                    values.push(Place { start, end });
                }
                Token::List | Token::Map => {
                    depth += 1;
                    values.push(Place { start: end, end });
                }
                Token::End => {
                    depth -= 1;
                    if depth == 0 {
                        run_ends(end);
                    }
                }
                Token::Name(_) | Token::Null | Token::Bool(_) => {}
            }
        }
        Ok(())
    }

    /// Equal shapes have equal hashes. Others mostly do not, and it does no harm when they do.
    pub(super) fn hash(&self) -> u64 {
        self.hash
    }

    /// The shape in one piece, to be remembered.
    pub(super) fn bytes(&self, call: &Call) -> Vec<u8> {
        let mut bytes = self.head.clone();
        for run in &self.runs {
            bytes.extend_from_slice(run.of(call.tree));
        }
        bytes
    }

    /// Whether `bytes` are those of this shape, which is that of `call`.
    pub(super) fn is(&self, bytes: &[u8], call: &Call) -> bool {
        let runs = self.runs.iter().map(|run| run.of(call.tree));
        let mut rest = bytes;
        for run in core::iter::once(self.head.as_slice()).chain(runs) {
            match rest.split_at_checked(run.len()) {
                Some((known, after)) if is_same(known, run) => rest = after,
                _ => return false,
            }
        }
        rest.is_empty()
    }

    /// The number of the value whose bytes start at `start` of the tree.
    pub(super) fn value_at(&self, start: usize) -> Result<usize, Error> {
        self.values
            .binary_search_by_key(&start, |place| place.start)
            .map_err(|_| damaged())
    }

    /// The text or number `value` in `tree`.
    pub(super) fn text<'a>(&self, tree: &'a [u8], value: usize) -> &'a [u8] {
        self.values[value].of(tree)
    }

    /// `tree` from the list or map `value` on.
    pub(super) fn from<'a>(&self, tree: &'a [u8], value: usize) -> &'a [u8] {
        &tree[self.values[value].start - 1..]
    }
}

/// Takes `bytes` into a hash, word by word.
fn mixed(mut hash: u64, bytes: &[u8]) -> u64 {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut mix = |word: u64| {
        // The multiplier is 2^64 divided by the golden ratio: it spreads every bit upwards.
        hash = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 32;
    };
    for &word in words {
        mix(u64::from_le_bytes(word));
    }
    let mut last = tail.len() as u64;
    for &byte in tail {
        last = last << 8 | u64::from(byte);
    }
    mix(last);
    hash
}

/// Whether two texts of one length are the same, word by word: a `memcmp` in WebAssembly goes by
/// bytes.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let (a_words, a_tail) = a.as_chunks::<8>();
    let (b_words, b_tail) = b.as_chunks::<8>();
    let mut differs = 0;
    for (a, b) in a_words.iter().zip(b_words) {
        differs |= u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
    }
    for (a, b) in a_tail.iter().zip(b_tail) {
        differs |= u64::from(a ^ b);
    }
    differs == 0
}
