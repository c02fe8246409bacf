//! What calls may share: everything but the texts of their values.

use super::buffer::Buffer;
use super::error::Error;
use super::tree::{END, FALSE, LIST, MAP, NAME, NULL, Reader, TRUE, damaged};
use super::{Call, Method};
use alloc::vec::Vec;

/// The shape of a call, and where in its tree the values stand. Kept between calls for its memory.
#[derive(Default)]
pub(super) struct Shape {
    bytes: Buffer,
    values: Vec<Place>,
}

/// Bytes of the tree. Of a list or a map they are none, but its tag is the next one.
#[derive(Clone, Copy)]
struct Place {
    start: usize,
    end: usize,
}

impl Shape {
    pub(super) const fn new() -> Shape {
        Shape {
            bytes: Buffer::new(),
            values: Vec::new(),
        }
    }

    /// Takes the shape of `call`.
    pub(super) fn read(&mut self, call: &Call) -> Result<(), Error> {
        let Shape { bytes, values } = self;
        bytes.clear();
        values.clear();
        let method = match call.method {
            None => 0,
            Some(Method::Get) => 1,
            Some(Method::Post) => 2,
        };
        let given = [
            call.zone.is_some(),
            call.request_id.is_some(),
            call.expires_in_seconds.is_some(),
        ];
        let flags = given
            .iter()
            .fold(method, |flags, given| flags << 1 | u8::from(*given));
        bytes.push(call.action.as_bytes());
        // No text has such a byte.
        bytes.push(&[u8::MAX, flags]);
        bytes.push(call.zone.unwrap_or("").as_bytes());
        bytes.push(&[u8::MAX]);
        let tree = call.tree;
        if tree.first() != Some(&MAP) {
            return Err(damaged());
        }
        let mut reader = Reader::new(tree);
        // What is not the text of a value goes into the shape in runs as long as can be.
        let mut run = 0;
        let mut depth = 0;
        loop {
            let at = tree.len() - reader.rest().len();
            match reader.tag().ok_or_else(damaged)? {
                NULL | FALSE | TRUE => {}
                LIST | MAP => {
                    depth += 1;
                    values.push(Place { start: at, end: at });
                }
                END => {
                    depth -= 1;
                    if depth == 0 {
                        bytes.push(&tree[run..=at]);
                        return Ok(());
                    }
                }
                tag => {
                    let text = reader.text(tag).ok_or_else(damaged)?;
                    if tag != NAME {
                        bytes.push(&tree[run..=at]);
                        run = tree.len() - reader.rest().len();
                        let start = run - text.len();
                        values.push(Place { start, end: run });
                    }
                }
            }
        }
    }

    /// The shape as a text that no other shape has.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.bytes()
    }

    /// The text or number `value` in `tree`.
    pub(super) fn text<'a>(&self, tree: &'a [u8], value: usize) -> &'a [u8] {
        self.place(value)
            .map_or(b"", |Place { start, end }| &tree[*start..*end])
    }

    /// `tree` from the list or map `value` on.
    pub(super) fn from<'a>(&self, tree: &'a [u8], value: usize) -> &'a [u8] {
        self.place(value).map_or(b"", |place| &tree[place.start..])
    }

    /// In a damaged tree whoever numbered the values may have counted others.
    fn place(&self, value: usize) -> Option<&Place> {
        self.values.get(value)
    }
}

/// Whether two texts are the same, word by word: a `memcmp` in WebAssembly goes by bytes.
pub(super) fn is_same(a: &[u8], b: &[u8]) -> bool {
    let (a_words, a_tail) = a.as_chunks::<8>();
    let (b_words, b_tail) = b.as_chunks::<8>();
    a.len() == b.len()
        && a_words
            .iter()
            .zip(b_words)
            .all(|(a, b)| u64::from_le_bytes(*a) == u64::from_le_bytes(*b))
        && a_tail.iter().zip(b_tail).all(|(a, b)| a == b)
}
