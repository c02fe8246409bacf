//! Ways to percent-encode names and values, the right one and those of the known mistakes.

use crate::emulator::names::*;

/// How names and values are encoded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Encoding {
    pub plus_for_space: bool,
    pub small_hex: bool,
    /// An empty value without its `=`.
    pub no_equals: bool,
    pub twice: bool,
    pub raw_values: bool,
    pub raw_names: bool,
    pub latin1: bool,
    /// Bytes left as they are, besides the unreserved ones.
    pub bare: Vec<u8>,
    /// Unreserved bytes that are encoded all the same.
    pub over: Vec<u8>,
}

impl Encoding {
    /// Two ways to encode wrongly at once.
    pub fn and(&self, other: &Encoding) -> Encoding {
        Encoding {
            plus_for_space: self.plus_for_space || other.plus_for_space,
            small_hex: self.small_hex || other.small_hex,
            no_equals: self.no_equals || other.no_equals,
            twice: self.twice || other.twice,
            raw_values: self.raw_values || other.raw_values,
            raw_names: self.raw_names || other.raw_names,
            latin1: self.latin1 || other.latin1,
            bare: [&self.bare[..], &other.bare].concat(),
            over: [&self.over[..], &other.over].concat(),
        }
    }

    /// The same, less what changes nothing in a text of these bytes.
    pub fn on(&self, has: &[bool; 256]) -> Encoding {
        let is_wide = has[0x80..].contains(&true);
        if self.raw_values && self.raw_names {
            return Encoding {
                raw_values: true,
                raw_names: true,
                no_equals: self.no_equals,
                ..Encoding::default()
            };
        }
        let mut bare = self.bare.clone();
        bare.retain(|&byte| has[usize::from(byte)] || (byte == 0x80 && is_wide));
        bare.sort_unstable();
        bare.dedup();
        let mut over = self.over.clone();
        over.retain(|&byte| has[usize::from(byte)]);
        over.sort_unstable();
        over.dedup();
        Encoding {
            plus_for_space: self.plus_for_space && has[usize::from(b' ')],
            latin1: self.latin1 && is_wide,
            bare,
            over,
            ..*self
        }
    }

    fn bytes_left_bare(&self) -> [bool; 256] {
        std::array::from_fn(|at| {
            let byte = at as u8;
            let is_unreserved =
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
            (is_unreserved && !self.over.contains(&byte))
                || self.bare.contains(&byte)
                || (byte >= 0x80 && self.bare.contains(&0x80))
        })
    }
}

/// An encoding, ready to be used on many texts.
pub struct Encoder<'e> {
    encoding: &'e Encoding,
    is_bare: [bool; 256],
    /// That of the right encoding.
    is_unreserved: [bool; 256],
}

impl<'e> Encoder<'e> {
    pub fn new(encoding: &'e Encoding) -> Encoder<'e> {
        Encoder {
            encoding,
            is_bare: encoding.bytes_left_bare(),
            is_unreserved: Encoding::default().bytes_left_bare(),
        }
    }

    pub fn push_name(&self, out: &mut Vec<u8>, name: &[u8]) {
        if self.encoding.raw_names {
            out.extend_from_slice(name)
        } else {
            self.push(out, name)
        }
    }

    pub fn push_value(&self, out: &mut Vec<u8>, value: &[u8]) {
        if self.encoding.raw_values {
            out.extend_from_slice(value);
        } else if self.encoding.twice {
            let mut once = Vec::new();
            self.push(&mut once, value);
            push(out, &once, &self.is_unreserved, CAPITALS);
        } else {
            self.push(out, value);
        }
    }

    fn push(&self, out: &mut Vec<u8>, text: &[u8]) {
        let digits = if self.encoding.small_hex {
            SMALL
        } else {
            CAPITALS
        };
        let narrow = if self.encoding.latin1 {
            latin1(text)
        } else {
            None
        };
        let text = narrow.as_deref().unwrap_or(text);
        if !self.encoding.plus_for_space || self.is_bare[usize::from(b' ')] {
            return push(out, text, &self.is_bare, digits);
        }
        for (at, word) in text.split(|&byte| byte == b' ').enumerate() {
            if at > 0 {
                out.push(b'+');
            }
            push(out, word, &self.is_bare, digits);
        }
    }
}

/// The text in the right encoding.
pub fn percent_encoded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let is_bare = Encoding::default().bytes_left_bare();
    push(&mut out, text, &is_bare, CAPITALS);
    out
}

const CAPITALS: &[u8; 16] = b"0123456789ABCDEF";
const SMALL: &[u8; 16] = b"0123456789abcdef";

/// Percent-encodes all but these bytes.
fn push(out: &mut Vec<u8>, text: &[u8], is_bare: &[bool; 256], digits: &[u8; 16]) {
    let mut rest = text;
    loop {
        let bare = rest.iter().take_while(|&&byte| is_bare[usize::from(byte)]);
        let (bare, behind) = rest.split_at(bare.count());
        out.extend_from_slice(bare);
        let Some((&byte, behind)) = behind.split_first() else {
            return;
        };
        let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
        out.extend_from_slice(&[b'%', digits[high], digits[low]]);
        rest = behind;
    }
}

/// The text in Latin-1; none where it has other characters, or only ASCII.
fn latin1(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_ascii() {
        return None;
    }
    str::from_utf8(text)
        .ok()?
        .chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}
