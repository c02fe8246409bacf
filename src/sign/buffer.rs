//! Bytes that are written one text after another, in memory that is kept.

use alloc::vec::Vec;

/// `length` bytes in use, at the start of memory that was made ready before.
///
/// A `Vec` alone would do, but its `extend_from_slice` becomes `memory.copy`, and a signature
/// consists of dozens of texts so short that the engine's call behind that costs more than they.
#[derive(Default)]
pub(super) struct Buffer {
    memory: Vec<u8>,
    length: usize,
}

impl Buffer {
    pub(super) const fn new() -> Buffer {
        Buffer {
            memory: Vec::new(),
            length: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.length = 0;
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.memory[..self.length]
    }

    /// The next `length` bytes, whatever they hold; [`Buffer::take`] says how many were written.
    #[inline]
    pub(super) fn room(&mut self, length: usize) -> &mut [u8] {
        let end = self.length + length;
        if end > self.memory.len() {
            self.grow(end);
        }
        &mut self.memory[self.length..end]
    }

    #[cold]
    fn grow(&mut self, end: usize) {
        self.memory.resize(end.max(2 * self.memory.len()), 0);
    }

    /// Counts `length` more bytes as written.
    pub(super) fn take(&mut self, length: usize) {
        self.length += length;
    }

    pub(super) fn push(&mut self, text: &[u8]) {
        copy(self.room(text.len()), text);
        self.take(text.len());
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(memory: Vec<u8>) -> Buffer {
        let length = memory.len();
        Buffer { memory, length }
    }
}

impl From<Buffer> for Vec<u8> {
    fn from(Buffer { mut memory, length }: Buffer) -> Vec<u8> {
        memory.truncate(length);
        memory
    }
}

/// Copies a text: a short one as its first and its last bytes, which may overlap.
fn copy(to: &mut [u8], from: &[u8]) {
    match from.len() {
        0 => {}
        1..4 => {
            for at in [0, from.len() / 2, from.len() - 1] {
                to[at] = from[at];
            }
        }
        4..8 => copy_ends::<4>(to, from),
        8..16 => copy_ends::<8>(to, from),
        16..=32 => copy_ends::<16>(to, from),
        _ => to.copy_from_slice(from),
    }
}

fn copy_ends<const N: usize>(to: &mut [u8], from: &[u8]) {
    if let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) {
        if let Some(to) = to.first_chunk_mut() {
            *to = *first;
        }
        if let Some(to) = to.last_chunk_mut() {
            *to = *last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_is_copied_whole() {
        let text: Vec<u8> = (1..=100).collect();
        for length in 0..=text.len() {
            let mut buffer = Buffer::new();
            buffer.push(b"before");
            buffer.push(&text[..length]);
            buffer.push(b"after");
            let wanted = [b"before", &text[..length], b"after"].concat();
            assert_eq!(buffer.bytes(), wanted, "{length}");
        }
    }

    #[test]
    fn what_was_cleared_is_overwritten_and_memory_doubles_where_it_grows() {
        let mut buffer = Buffer::new();
        buffer.push(&[1; 100]);
        assert_eq!((buffer.len(), buffer.memory.len()), (100, 100));
        buffer.push(&[2]);
        assert_eq!((buffer.len(), buffer.memory.len()), (101, 200));
        buffer.push(&[3; 99]);
        assert_eq!((buffer.len(), buffer.memory.len()), (200, 200));
        buffer.push(&[4; 300]);
        assert_eq!((buffer.len(), buffer.memory.len()), (500, 500));
        buffer.clear();
        assert_eq!(buffer.bytes(), b"");
        buffer.push(b"again");
        assert_eq!((buffer.bytes(), buffer.memory.len()), (&b"again"[..], 500));
        assert_eq!(Vec::from(buffer), b"again");
        let mut buffer = Buffer::from(Vec::from(b"kept"));
        buffer.push(b" and more");
        assert_eq!(buffer.bytes(), b"kept and more");
    }
}
