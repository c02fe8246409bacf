//! The packed table as a string of bytes.
//!
//! Names stand in lines, numbers in seven bits a byte, and a mark every few entries says where
//! one starts. The table is ours, so a damaged one gives empty answers rather than errors.

use super::layout::{NAMES_PER_MARK, SHIFT};

static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/table.bin"));

/// A place in one of the tables.
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    /// What has not been read.
    pub rest: &'static [u8],
}

impl Bytes {
    /// Nothing, and zero for every number.
    pub const EMPTY: Bytes = Bytes { rest: &[] };

    /// From `start` on.
    pub fn from(start: usize) -> Bytes {
        Bytes {
            rest: TABLE.get(start..).unwrap_or_default(),
        }
    }

    /// From where the mark says.
    pub fn at_mark(marks: usize, place: usize) -> Bytes {
        Bytes::from(mark(marks, place))
    }

    /// The next number of one byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.rest.split_first() else {
            return 0;
        };
        self.rest = rest;
        first.wrapping_sub(SHIFT as u8)
    }

    /// The next number of one or two bytes.
    #[inline(never)]
    pub fn varint(&mut self) -> usize {
        let low = self.byte();
        match low < 0x80 {
            true => usize::from(low),
            // There are fewer than 16384 of anything.
            false => usize::from(low & 0x7f) | usize::from(self.byte()) << 7,
        }
    }

    /// Takes what stands before `end`, and `end` itself.
    #[inline(never)]
    pub fn line(&mut self, end: u8) -> Bytes {
        let length = self
            .rest
            .iter()
            .position(|byte| *byte == end)
            .unwrap_or(self.rest.len());
        let line = Bytes {
            rest: self.rest.get(..length).unwrap_or_default(),
        };
        self.skip(length + 1);
        line
    }

    /// The same as text.
    pub fn text(&mut self, end: u8) -> &'static str {
        str::from_utf8(self.line(end).rest).unwrap_or_default()
    }

    /// Leaves bytes out.
    pub fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// Leaves numbers out.
    pub fn skip_varints(&mut self, count: usize) {
        for _ in 0..count {
            self.varint();
        }
    }

    /// Leaves a counted list of fields out.
    pub fn skip_fields(&mut self) {
        let count = self.varint();
        self.skip_varints(count);
    }
}

/// Ends a name.
pub const NEW_LINE: u8 = b'\n';

/// One of the numbers that say where something starts.
pub fn mark(marks: usize, place: usize) -> usize {
    let bytes = Bytes::from(marks + 2 * place);
    bytes
        .rest
        .first_chunk()
        .map_or(usize::MAX, |mark| usize::from(u16::from_le_bytes(*mark)))
}

/// The line of this number.
#[inline(never)]
pub fn nth(marks: usize, number: usize) -> &'static str {
    let mut names = Bytes::at_mark(marks, number / NAMES_PER_MARK);
    for _ in 0..number % NAMES_PER_MARK {
        names.line(NEW_LINE);
    }
    names.text(NEW_LINE)
}
