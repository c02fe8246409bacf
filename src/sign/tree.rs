//! Parameters as a compact tagged tree in one buffer: what a caller gave, not yet what is sent.
//!
//! JavaScript writes the same bytes straight into the module's memory, so that a signature costs
//! one crossing. A buffer is a run of values; each starts with a tag:
//!
//! | tag | then |
//! | --- | --- |
//! | 0 null, 3 false, 4 true | nothing |
//! | 1 text, 2 number | length, bytes (UTF-8; a number in JavaScript's own notation) |
//! | 5 list | values, then 7 |
//! | 6 map | a name and a value, again and again, then 7 |
//! | 8 name | length, bytes (UTF-8) |
//!
//! A length is one byte below 255, or 255 and four bytes, little end first.

use super::error::Error;

/// Lists and maps within each other: as deep as an answer of the service may be.
pub const MAX_DEPTH: usize = 128;

pub(super) const NULL: u8 = 0;
pub(super) const TEXT: u8 = 1;
pub(super) const NUMBER: u8 = 2;
pub(super) const FALSE: u8 = 3;
pub(super) const TRUE: u8 = 4;
pub(super) const LIST: u8 = 5;
pub(super) const MAP: u8 = 6;
pub(super) const END: u8 = 7;
pub(super) const NAME: u8 = 8;

/// The next thing in a tree. The bytes of a text are UTF-8 wherever the writer was honest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// JavaScript's `null` or `undefined`.
    Null,
    /// A string, as it is.
    Text(&'a [u8]),
    /// The name of the value that follows, inside a map.
    Name(&'a [u8]),
    /// A finite number as JavaScript prints it: `-1.5`, `12`, `1e+21`.
    Number(&'a [u8]),
    /// A boolean.
    Bool(bool),
    /// A list opens; it ends at its own [`Token::End`].
    List,
    /// A map opens; it ends at its own [`Token::End`].
    Map,
    /// The innermost list or map ends.
    End,
}

/// Reads a tree from its start to its end, one token at a time.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `tree`.
    pub fn new(tree: &'a [u8]) -> Reader<'a> {
        Reader { rest: tree }
    }

    /// The next token; `None` where the tree is cut or holds an unknown tag.
    #[expect(
        clippy::should_implement_trait,
        reason = "a tree is read in more ways than one by one"
    )]
    pub fn next(&mut self) -> Option<Token<'a>> {
        Some(match self.tag()? {
            NULL => Token::Null,
            FALSE => Token::Bool(false),
            TRUE => Token::Bool(true),
            LIST => Token::List,
            MAP => Token::Map,
            END => Token::End,
            tag => {
                let text = self.text(tag)?;
                match tag {
                    TEXT => Token::Text(text),
                    NUMBER => Token::Number(text),
                    _ => Token::Name(text),
                }
            }
        })
    }

    pub(super) fn tag(&mut self) -> Option<u8> {
        let (&tag, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(tag)
    }

    /// What follows `tag`, which is that of a text, a number or a name.
    pub(super) fn text(&mut self, tag: u8) -> Option<&'a [u8]> {
        if !matches!(tag, TEXT | NUMBER | NAME) {
            return None;
        }
        let (&short, mut rest) = self.rest.split_first()?;
        let mut length = usize::from(short);
        if short == u8::MAX {
            let (long, tail) = rest.split_first_chunk::<4>()?;
            (length, rest) = (u32::from_le_bytes(*long) as usize, tail);
        }
        let (text, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }

    /// The next token. Where there is none, [`Token::End`] ends what is open.
    pub(super) fn value(&mut self) -> Token<'a> {
        self.next().unwrap_or(Token::End)
    }

    /// A name inside a map; `None` where something else stands, which is the end of the map.
    pub fn name(&mut self) -> Option<&'a [u8]> {
        match self.next() {
            Some(Token::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// A text or null, as the fixed fields before a map are written; `None` where neither stands.
    pub fn optional_text(&mut self) -> Option<Option<&'a str>> {
        match self.next()? {
            Token::Null => Some(None),
            Token::Text(text) => core::str::from_utf8(text).ok().map(Some),
            _ => None,
        }
    }

    /// A whole number or null, as the fixed fields before a map are written; `None` where neither
    /// stands.
    pub fn optional_number(&mut self) -> Option<Option<u32>> {
        match self.next()? {
            Token::Null => Some(None),
            Token::Number(digits) => whole_number(digits).map(Some),
            _ => None,
        }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads on past what `token` opened; `None` where that has no end.
    pub fn skip(&mut self, token: Token<'a>) -> Option<()> {
        let mut depth = usize::from(matches!(token, Token::List | Token::Map));
        while depth > 0 {
            match self.next()? {
                Token::List | Token::Map => depth += 1,
                Token::End => depth -= 1,
                _ => {}
            }
        }
        Some(())
    }
}

/// The number that `digits` are, where they are digits and it is not too large.
pub(super) fn whole_number(digits: &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(digit.into())?;
    }
    (!digits.is_empty()).then_some(number)
}

pub(super) fn damaged() -> Error {
    Error::parameters(&["the parameter tree is damaged: this is a bug in its writer"])
}

/// The whole number in the parameter `name` of the map in `tree`, as a number or as digits.
pub fn number_in(tree: &[u8], name: &str) -> Result<Option<u64>, Error> {
    let mut reader = Reader::new(tree);
    if reader.next() != Some(Token::Map) {
        return Err(damaged());
    }
    while let Some(field) = reader.name() {
        let token = reader.next().ok_or_else(damaged)?;
        match token {
            Token::Text(digits) | Token::Number(digits) if field == name.as_bytes() => {
                let number = core::str::from_utf8(digits)
                    .ok()
                    .and_then(|digits| digits.parse().ok());
                return number
                    .map(Some)
                    .ok_or_else(|| Error::parameters(&["\"", name, "\" must be a whole number"]));
            }
            token => reader.skip(token).ok_or_else(damaged)?,
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_to_an_end(bytes: Vec<u8>) {
            let mut reader = Reader::new(&bytes);
            while reader.next().is_some() {}
        }
    }
}
