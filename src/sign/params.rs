//! From a tree of parameters to flat names, each with the place that its value comes from.

use super::Call;
use super::error::{Error, printed};
use super::shape::Shape;
use super::text::write_integer;
use super::tree::{Reader, Token, damaged};
use crate::catalogue::{self, Encoding};
use alloc::vec::Vec;

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

/// The value of a parameter.
#[derive(Clone, Copy)]
pub(super) enum Value {
    /// The same for every call of the shape: a text of the entries' own.
    Fixed(Span),
    /// Another for every call.
    From(Source),
}

/// Where the value of a parameter comes from.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// A text in the tree, by its number in the [`Shape`].
    Text(usize),
    /// A number in the tree.
    Number(usize),
    /// A list or a map in the tree, sent as JSON text.
    Json(usize),
    TimeStamp,
    Expires,
    RequestId,
}

/// Where a name or a fixed value stands in the entries' own text.
#[derive(Clone, Copy)]
pub(super) struct Span {
    start: usize,
    end: usize,
}

struct Entry {
    name: Span,
    value: Value,
}

/// The flat parameters of one shape, as they come.
#[derive(Default)]
pub(super) struct Entries {
    text: Vec<u8>,
    entries: Vec<Entry>,
    overridden: [bool; OVERRIDABLE.len()],
}

impl Entries {
    /// Whether the caller gave the public parameter `name`.
    pub(super) fn is_overridden(&self, name: &str) -> bool {
        OVERRIDABLE
            .iter()
            .position(|known| *known == name)
            .is_some_and(|at| self.overridden[at])
    }

    /// Adds a parameter whose value is the same for every call.
    pub(super) fn fixed(&mut self, name: &str, value: &str) {
        let value = Value::Fixed(self.put(value.as_bytes()));
        self.add(name, value);
    }

    /// Adds a parameter that does not come from the caller's tree.
    pub(super) fn add(&mut self, name: &str, value: Value) {
        let name = self.put(name.as_bytes());
        self.entries.push(Entry { name, value });
    }

    /// The names, each with its number.
    pub(super) fn named(&self) -> Vec<(&[u8], usize)> {
        let entries = self.entries.iter().enumerate();
        entries
            .map(|(at, entry)| (self.read(entry.name), at))
            .collect()
    }

    /// The value with this number.
    pub(super) fn value(&self, at: usize) -> Value {
        self.entries[at].value
    }

    /// Adds the map that the call's tree holds, each parameter as the catalogue says of the action.
    ///
    /// Null is left out. A list is `name.1`, `name.2` and on, or JSON text; a map in an indexed
    /// list is `name.1.field`, and what is nested in there is JSON text (official Python SDK).
    pub(super) fn flatten(&mut self, call: &Call, shape: &Shape) -> Result<(), Error> {
        let action = call.action;
        let mut tree = Walk {
            reader: Reader::new(call.tree),
            length: call.tree.len(),
            shape,
        };
        tree.reader.next()?;
        let entries = tree.reader.clone();
        while let Some(name) = tree.reader.name()? {
            let token = tree.reader.next()?;
            if token == Token::Null {
                continue;
            }
            self.note_public_name(name)?;
            let value = match token {
                Token::Bool(is_true) => match (encoding(action, name, &entries)?, is_true) {
                    (Encoding::Boolean, true) => Value::Fixed(self.put(b"true")),
                    (Encoding::Boolean, false) => Value::Fixed(self.put(b"false")),
                    _ => self.scalar(&tree, token)?,
                },
                Token::List | Token::Map => match encoding(action, name, &entries)? {
                    Encoding::Json => tree.json(token)?,
                    _ if token == Token::List => {
                        self.indexed(name, &mut tree)?;
                        continue;
                    }
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
                token => self.scalar(&tree, token)?,
            };
            let name = self.put(name);
            self.entries.push(Entry { name, value });
        }
        Ok(())
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
    fn indexed(&mut self, name: &[u8], tree: &mut Walk) -> Result<(), Error> {
        for index in 1usize.. {
            match tree.reader.next()? {
                Token::End => break,
                Token::Null => {
                    return Err(item_refused(name, index, "null", "leave the item out"));
                }
                Token::List => {
                    return Err(item_refused(name, index, "a list", "pass JSON text"));
                }
                Token::Map => self.fields(name, index, tree)?,
                token => {
                    let value = self.scalar(tree, token)?;
                    let name = self.put_indexed(name, index, None);
                    self.entries.push(Entry { name, value });
                }
            }
        }
        Ok(())
    }

    /// What follows `Token::Map` inside an indexed list, as `name.1.field`.
    fn fields(&mut self, name: &[u8], index: usize, tree: &mut Walk) -> Result<(), Error> {
        while let Some(field) = tree.reader.name()? {
            let value = match tree.reader.next()? {
                Token::Null => continue,
                token @ (Token::List | Token::Map) => tree.json(token)?,
                token => self.scalar(tree, token)?,
            };
            let name = self.put_indexed(name, index, Some(field));
            self.entries.push(Entry { name, value });
        }
        Ok(())
    }

    fn scalar(&mut self, tree: &Walk, token: Token) -> Result<Value, Error> {
        Ok(match token {
            Token::Text(text) => Value::From(Source::Text(tree.number_of(text.len())?)),
            Token::Number(digits) => Value::From(Source::Number(tree.number_of(digits.len())?)),
            Token::Bool(is_true) => Value::Fixed(self.put(if is_true { b"1" } else { b"0" })),
            _ => return Err(damaged()),
        })
    }

    fn put_indexed(&mut self, name: &[u8], index: usize, field: Option<&[u8]>) -> Span {
        let Span { start, .. } = self.put(name);
        self.text.push(b'.');
        write_integer(&mut self.text, index as u64);
        if let Some(field) = field {
            self.text.push(b'.');
            self.put(field);
        }
        let end = self.text.len();
        Span { start, end }
    }

    fn put(&mut self, text: &[u8]) -> Span {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        Span {
            start,
            end: self.text.len(),
        }
    }

    /// A name or a fixed value.
    pub(super) fn read(&self, span: Span) -> &[u8] {
        &self.text[span.start..span.end]
    }
}

/// A tree on the way through, and the numbers of its values.
struct Walk<'a> {
    reader: Reader<'a>,
    length: usize,
    shape: &'a Shape,
}

impl<'a> Walk<'a> {
    /// The number of the value whose last `bytes` bytes were read last.
    fn number_of(&self, bytes: usize) -> Result<usize, Error> {
        self.shape
            .value_at(self.length - self.reader.rest().len() - bytes)
    }

    /// The list or map that `token` opened, and goes past it.
    fn json(&mut self, token: Token<'a>) -> Result<Value, Error> {
        let value = Value::From(Source::Json(self.number_of(0)?));
        self.reader.skip(token)?;
        Ok(value)
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

/// `index` counts from 1, as on the wire; the message counts as JavaScript does.
fn item_refused(name: &[u8], index: usize, what: &str, mend: &str) -> Error {
    let mut at = Vec::new();
    write_integer(&mut at, index as u64 - 1);
    let (name, at) = (printed(name), printed(&at));
    let problem = " and an indexed list cannot carry it; ";
    Error::parameters(&[name, "[", at, "] is ", what, ",", problem, mend])
}
