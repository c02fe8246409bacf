//! What calls may share: everything but the texts of their values.

use super::error::Error;
use super::tree::{MAP, Reader, Token, damaged};
use super::{Call, Method};
use alloc::vec::Vec;

/// The shape of a call, and where in its tree the values stand. Kept between calls for its memory.
#[derive(Default)]
pub(super) struct Shape {
    bytes: Vec<u8>,
    values: Vec<Place>,
}

/// A value's bytes in the tree: of a text or a number what it holds, of a list or a map nothing, but
/// its first item starts here. No two values start at the same place.
#[derive(Clone, Copy)]
struct Place {
    start: usize,
    end: usize,
}

impl Shape {
    pub(super) const fn new() -> Shape {
        Shape {
            bytes: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Takes the shape of `call`.
    pub(super) fn read(&mut self, call: &Call) -> Result<(), Error> {
        let Shape { bytes, values } = self;
        bytes.clear();
        values.clear();
        bytes.push(match call.method {
            None => 0,
            Some(Method::Get) => 1,
            Some(Method::Post) => 2,
        });
        bytes.push(call.zone.is_some().into());
        bytes.push(call.request_id.is_some().into());
        bytes.push(call.expires_in_seconds.is_some().into());
        for text in [call.action, call.zone.unwrap_or("")] {
            bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        let tree = call.tree;
        let mut reader = Reader::new(tree);
        if tree.first() != Some(&MAP) {
            return Err(damaged());
        }
        let mut from = 0;
        let mut depth = 0usize;
        loop {
            let tag = tree.len() - reader.rest().len();
            let token = reader.next()?;
            let end = tree.len() - reader.rest().len();
            match token {
                Token::Text(text) | Token::Number(text) => {
                    bytes.extend_from_slice(&tree[from..=tag]);
                    from = end;
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
                        bytes.extend_from_slice(&tree[from..end]);
                        return Ok(());
                    }
                }
                Token::Name(_) | Token::Null | Token::Bool(_) => {}
            }
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Equal shapes have equal hashes. Others mostly do not, and it does no harm when they do.
    pub(super) fn hash(&self) -> u32 {
        let (chunks, tail) = self.bytes.as_chunks::<8>();
        let mut hash = self.bytes.len() as u64;
        for &chunk in chunks {
            hash = mixed(hash, u64::from_le_bytes(chunk));
        }
        for &byte in tail {
            hash = mixed(hash, byte.into());
        }
        (hash >> 32) as u32
    }

    /// Whether these are the bytes of this shape. Word by word: a wasm `memcmp` goes by bytes.
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        let (ours, our_tail) = self.bytes.as_chunks::<8>();
        let (theirs, their_tail) = bytes.as_chunks::<8>();
        ours.len() == theirs.len()
            && our_tail == their_tail
            && ours
                .iter()
                .zip(theirs)
                .all(|(our, their)| u64::from_le_bytes(*our) == u64::from_le_bytes(*their))
    }

    /// The number of the value whose bytes start at `start` of the tree.
    pub(super) fn value_at(&self, start: usize) -> Result<usize, Error> {
        self.values
            .binary_search_by_key(&start, |place| place.start)
            .map_err(|_| damaged())
    }

    /// The text or number `value` in `tree`.
    pub(super) fn text<'a>(&self, tree: &'a [u8], value: usize) -> &'a [u8] {
        let Place { start, end } = self.values[value];
        &tree[start..end]
    }

    /// `tree` from the list or map `value` on.
    pub(super) fn from<'a>(&self, tree: &'a [u8], value: usize) -> &'a [u8] {
        &tree[self.values[value].start - 1..]
    }
}

fn mixed(hash: u64, word: u64) -> u64 {
    // The multiplier is 2^64 divided by the golden ratio, made odd: it spreads every bit upwards.
    (hash ^ word)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(23)
}
