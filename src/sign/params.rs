//! From a tree of parameters to flat `name=value` pairs, in the order that is signed.

use super::error::{Error, printed};
use super::text::{write_integer, write_json, write_number};
use super::tree::{Reader, Token, damaged};
use crate::catalogue::{self, Encoding};
use alloc::vec::Vec;
use core::ops::Range;

/// Names that the signer alone may set. A caller's own would be sent twice or break the signature.
const RESERVED: [&str; 6] = [
    "access_key_id",
    "action",
    "signature",
    "signature_method",
    "signature_version",
    "token",
];

/// Public parameters that a caller may set instead of the signer.
pub(super) const OVERRIDABLE: [&str; 5] = ["expires", "req_id", "time_stamp", "version", "zone"];

/// Up to so many parameters a plain insertion is the fastest sort; most calls have fewer.
const FEW: usize = 32;

/// Where a name or a value stands: in the caller's tree, or in the text made here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: u32,
    length: u32,
    is_made: bool,
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    /// The first eight bytes of the name, so that most comparisons are one of integers.
    prefix: u64,
    name: Span,
    value: Span,
}

/// Flat parameters of one request. Kept and cleared between requests, so that its memory is reused.
#[derive(Default)]
pub(super) struct Pairs {
    made: Vec<u8>,
    pairs: Vec<Pair>,
    overridden: [bool; OVERRIDABLE.len()],
}

impl Pairs {
    pub(super) const fn new() -> Pairs {
        Pairs {
            made: Vec::new(),
            pairs: Vec::new(),
            overridden: [false; OVERRIDABLE.len()],
        }
    }

    pub(super) fn clear(&mut self) {
        self.made.clear();
        self.pairs.clear();
        self.overridden = [false; OVERRIDABLE.len()];
    }

    /// Whether the caller gave the public parameter `name`.
    pub(super) fn is_overridden(&self, name: &str) -> bool {
        OVERRIDABLE
            .iter()
            .position(|known| *known == name)
            .is_some_and(|at| self.overridden[at])
    }

    /// Adds a pair that does not come from the caller's tree.
    pub(super) fn push(&mut self, name: &str, value: &[u8]) {
        let name = self.make(|made| made.extend_from_slice(name.as_bytes()));
        let value = self.make(|made| made.extend_from_slice(value));
        self.add(&[], name, value);
    }

    /// Adds the map that `tree` holds, each parameter as the catalogue says of `action`.
    ///
    /// Null is left out. A list is `name.1`, `name.2` and on, or JSON text; a map in an indexed
    /// list is `name.1.field`, and what is nested in there is JSON text (official Python SDK).
    pub(super) fn flatten(&mut self, action: &str, tree: &[u8]) -> Result<(), Error> {
        let mut reader = Reader::new(tree);
        if reader.next()? != Token::Map {
            return Err(damaged());
        }
        let entries = reader.clone();
        while let Some(name) = reader.name()? {
            let token = reader.next()?;
            if token == Token::Null {
                continue;
            }
            self.note_public_name(name)?;
            match token {
                Token::Text(_) | Token::Number(_) => {
                    let value = self.scalar(tree, token);
                    self.add(tree, given(tree, name), value);
                }
                Token::Bool(value) => {
                    let text: &[u8] = match (encoding(action, name, &entries)?, value) {
                        (Encoding::Boolean, true) => b"true",
                        (Encoding::Boolean, false) => b"false",
                        (_, true) => b"1",
                        (_, false) => b"0",
                    };
                    let value = self.make(|made| made.extend_from_slice(text));
                    self.add(tree, given(tree, name), value);
                }
                Token::List | Token::Map => match encoding(action, name, &entries)? {
                    Encoding::Json => {
                        let value = self.json(token, &mut reader)?;
                        self.add(tree, given(tree, name), value);
                    }
                    _ if token == Token::List => self.indexed(tree, name, &mut reader)?,
                    _ => {
                        return Err(Error::parameters(&[
                            action,
                            ": \"",
                            printed(name),
                            "\" is an object, which this parameter cannot carry; \
                             pass a list of objects, or JSON text",
                        ]));
                    }
                },
                Token::Null | Token::End => return Err(damaged()),
            }
        }
        Ok(())
    }

    /// Sorts by the bytes of the names, so that `status.10` comes before `status.2`, and refuses
    /// a name that is there twice. The official SDKs sort the same way; numeric order gives
    /// another signature.
    pub(super) fn sort(&mut self, action: &str, tree: &[u8]) -> Result<(), Error> {
        let Pairs { made, pairs, .. } = self;
        let name = |pair: &Pair| resolve(made, tree, pair.name);
        let order = |a: &Pair, b: &Pair| a.prefix.cmp(&b.prefix).then_with(|| name(a).cmp(name(b)));
        if pairs.len() <= FEW {
            for end in 1..pairs.len() {
                let mut place = end;
                while place > 0 && order(&pairs[place], &pairs[place - 1]).is_lt() {
                    pairs.swap(place, place - 1);
                    place -= 1;
                }
            }
        } else {
            pairs.sort_unstable_by(order);
        }
        match pairs.windows(2).find(|two| name(&two[0]) == name(&two[1])) {
            None => Ok(()),
            Some(two) => Err(Error::parameters(&[
                action,
                ": the parameter \"",
                printed(name(&two[0])),
                "\" is given twice; keep one of the two",
            ])),
        }
    }

    /// The pairs as they are now.
    pub(super) fn iter<'a>(&'a self, tree: &'a [u8]) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        self.pairs.iter().map(move |pair| {
            (
                resolve(&self.made, tree, pair.name),
                resolve(&self.made, tree, pair.value),
            )
        })
    }

    fn note_public_name(&mut self, name: &[u8]) -> Result<(), Error> {
        if name.is_empty() {
            return Err(Error::parameters(&[
                "a parameter has an empty name; give it one",
            ]));
        }
        if let Some(at) = OVERRIDABLE
            .iter()
            .position(|known| known.as_bytes() == name)
        {
            self.overridden[at] = true;
        }
        match RESERVED.iter().find(|known| known.as_bytes() == name) {
            None => Ok(()),
            Some(known) => Err(Error::parameters(&[
                "the parameter \"",
                known,
                "\" is set by the signer; leave it out",
            ])),
        }
    }

    /// What follows `Token::List`, as `name.1`, `name.2` and on.
    fn indexed(&mut self, tree: &[u8], name: &[u8], reader: &mut Reader) -> Result<(), Error> {
        for index in 1usize.. {
            match reader.next()? {
                Token::End => break,
                Token::Null => {
                    return Err(item_refused(name, index, "null", "leave the item out"));
                }
                Token::List => {
                    return Err(item_refused(name, index, "a list", "pass JSON text"));
                }
                Token::Map => self.fields(tree, name, index, reader)?,
                token => {
                    let name = self.make(|made| write_indexed(made, name, index));
                    let value = self.scalar(tree, token);
                    self.add(tree, name, value);
                }
            }
        }
        Ok(())
    }

    /// What follows `Token::Map` inside an indexed list, as `name.1.field`.
    fn fields(
        &mut self,
        tree: &[u8],
        name: &[u8],
        index: usize,
        reader: &mut Reader,
    ) -> Result<(), Error> {
        while let Some(field) = reader.name()? {
            let token = reader.next()?;
            let value = match token {
                Token::Null => continue,
                Token::List | Token::Map => self.json(token, reader)?,
                _ => self.scalar(tree, token),
            };
            let name = self.make(|made| {
                write_indexed(made, name, index);
                made.push(b'.');
                made.extend_from_slice(field);
            });
            self.add(tree, name, value);
        }
        Ok(())
    }

    fn scalar(&mut self, tree: &[u8], token: Token) -> Span {
        match token {
            Token::Text(text) => given(tree, text),
            Token::Number(number) if !number.contains(&b'e') => given(tree, number),
            Token::Number(number) => self.make(|made| write_number(made, number)),
            token => {
                let digit = if token == Token::Bool(true) {
                    b'1'
                } else {
                    b'0'
                };
                self.make(|made| made.push(digit))
            }
        }
    }

    fn json<'a>(&mut self, token: Token<'a>, reader: &mut Reader<'a>) -> Result<Span, Error> {
        let mut written = Ok(());
        let span = self.make(|made| written = write_json(made, token, reader, 1));
        written.map(|()| span)
    }

    fn make(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Span {
        let start = self.made.len();
        write(&mut self.made);
        span(start..self.made.len(), true)
    }

    fn add(&mut self, tree: &[u8], name: Span, value: Span) {
        let bytes = resolve(&self.made, tree, name);
        let mut prefix = [0; 8];
        let length = bytes.len().min(8);
        prefix[..length].copy_from_slice(&bytes[..length]);
        self.pairs.push(Pair {
            prefix: u64::from_be_bytes(prefix),
            name,
            value,
        });
    }
}

/// How `name` is encoded. A list that is JSON text inside a project is indexed at account level
/// (API guide, project and resource_acl pages), so the answer depends on what else was given.
fn encoding(action: &str, name: &[u8], entries: &Reader) -> Result<Encoding, Error> {
    let name = core::str::from_utf8(name).map_err(|_| damaged())?;
    Ok(match catalogue::encoding(action, name) {
        Encoding::JsonInProject if has_project_id(entries.clone())? => Encoding::Json,
        Encoding::JsonInProject => Encoding::Indexed,
        known => known,
    })
}

fn has_project_id(mut entries: Reader) -> Result<bool, Error> {
    while let Some(name) = entries.name()? {
        let token = entries.next()?;
        if name == b"project_id" && token != Token::Null {
            return Ok(true);
        }
        entries.skip(token)?;
    }
    Ok(false)
}

fn write_indexed(out: &mut Vec<u8>, name: &[u8], index: usize) {
    out.extend_from_slice(name);
    out.push(b'.');
    write_integer(out, index as u64);
}

/// `index` counts from 1, as on the wire; the message counts as JavaScript does.
fn item_refused(name: &[u8], index: usize, what: &str, mend: &str) -> Error {
    let mut at = Vec::new();
    write_integer(&mut at, index as u64 - 1);
    let (name, at) = (printed(name), printed(&at));
    let problem = " and an indexed list cannot carry it; ";
    Error::parameters(&[name, "[", at, "] is ", what, ",", problem, mend])
}

fn given(tree: &[u8], part: &[u8]) -> Span {
    let start = part.as_ptr() as usize - tree.as_ptr() as usize;
    span(start..start + part.len(), false)
}

fn span(range: Range<usize>, is_made: bool) -> Span {
    Span {
        start: range.start as u32,
        length: range.len() as u32,
        is_made,
    }
}

fn resolve<'a>(made: &'a [u8], tree: &'a [u8], span: Span) -> &'a [u8] {
    let text = if span.is_made { made } else { tree };
    &text[span.start as usize..][..span.length as usize]
}
