//! From a tree of parameters to flat names, each with the place that its value comes from.

use super::Call;
use super::error::{Error, printed};
use super::text::write_integer;
use super::tree::{Reader, Token};
use crate::catalogue::{self, Encoding};
use alloc::vec::Vec;

/// Names of public parameters. The signer alone may set the first six: a caller's own would be sent
/// twice or break the signature. The others a caller may set instead of the signer.
const PUBLIC: [&str; 11] = [
    "access_key_id",
    "action",
    "signature",
    "signature_method",
    "signature_version",
    "token",
    "expires",
    "req_id",
    "time_stamp",
    "version",
    "zone",
];
const RESERVED: usize = 6;

/// The value of a parameter.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    /// The same for every call of the shape.
    Fixed(&'a [u8]),
    /// Another for every call.
    From(Source),
}

/// Where the value of a parameter comes from.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// A text in the tree, by its number among the values of the [`Shape`](super::shape::Shape).
    Text(usize),
    /// A number in the tree.
    Number(usize),
    /// A list or a map in the tree, sent as JSON text.
    Json(usize),
    TimeStamp,
    Expires,
    RequestId,
}

struct Entry<'a> {
    name: Vec<u8>,
    value: Value<'a>,
}

/// The flat parameters of one shape, as they come.
#[derive(Default)]
pub(super) struct Entries<'a> {
    entries: Vec<Entry<'a>>,
    /// Which of the public parameters the caller gave: a bit for each.
    given: u32,
}

impl<'a> Entries<'a> {
    /// Adds the public parameters that have a value, in the order of [`PUBLIC`], without those that
    /// the caller gave.
    pub(super) fn add_public(&mut self, values: [Option<Value<'a>>; PUBLIC.len()]) {
        for (at, (name, value)) in PUBLIC.iter().zip(values).enumerate() {
            if let Some(value) = value
                && self.given >> at & 1 == 0
            {
                self.add(name.as_bytes().into(), value);
            }
        }
    }

    fn add(&mut self, name: Vec<u8>, value: Value<'a>) {
        self.entries.push(Entry { name, value });
    }

    /// The names, each with its number.
    pub(super) fn named(&self) -> Vec<(&[u8], usize)> {
        let entries = self.entries.iter().enumerate();
        entries.map(|(at, entry)| (&entry.name[..], at)).collect()
    }

    /// The value with this number.
    pub(super) fn value(&self, at: usize) -> Value<'a> {
        self.entries[at].value
    }

    /// Adds the map that the call's tree holds, each parameter as the catalogue says of the action.
    ///
    /// Null is left out. A list is `name.1`, `name.2` and on, or JSON text; a map in an indexed
    /// list is `name.1.field`, and what is nested in there is JSON text (official Python SDK).
    pub(super) fn flatten(&mut self, call: &Call) -> Result<(), Error> {
        let action = call.action;
        let exceptions = catalogue::exceptions(action);
        let mut walk = Walk {
            reader: Reader::new(call.tree),
            values: 0,
        };
        walk.next();
        let entries = walk.reader.clone();
        while let Some(name) = walk.reader.name() {
            let at = walk.values;
            let token = walk.next();
            if token == Token::Null {
                continue;
            }
            self.note_name(name, token)?;
            let is_json = || match exceptions.encoding(name) {
                Encoding::Json => true,
                // A list that is JSON text inside a project is indexed at account level
                // (API guide, project and resource_acl pages).
                Encoding::JsonInProject => has_project_id(entries.clone()),
                Encoding::Indexed | Encoding::Boolean => false,
            };
            let value = match token {
                Token::Bool(is_true) if exceptions.encoding(name) == Encoding::Boolean => {
                    Value::Fixed(if is_true { b"true" } else { b"false" })
                }
                Token::List | Token::Map if is_json() => walk.json(at),
                Token::List => {
                    self.indexed(name, &mut walk)?;
                    continue;
                }
                Token::Map => {
                    return Err(Error::parameters(&[
                        action,
                        ": \"",
                        printed(name),
                        "\" is an object, which this parameter cannot carry; \
                         pass a list of objects, or JSON text",
                    ]));
                }
                token => scalar(token, at),
            };
            self.add(name.into(), value);
        }
        Ok(())
    }

    fn note_name(&mut self, name: &[u8], token: Token) -> Result<(), Error> {
        if name.is_empty() {
            return Err(Error::parameters(&[
                "a parameter has an empty name; give it one",
            ]));
        }
        match PUBLIC.iter().position(|known| known.as_bytes() == name) {
            Some(at) if at < RESERVED => Err(Error::parameters(&[
                "the parameter \"",
                PUBLIC[at],
                "\" is set by the signer; leave it out",
            ])),
            // One action takes a list of zones.
            Some(at) if matches!(token, Token::List | Token::Map) && PUBLIC[at] != "zone" => {
                Err(Error::parameters(&[
                    "the parameter \"",
                    PUBLIC[at],
                    "\" is one value; give no list and no object",
                ]))
            }
            Some(at) => {
                self.given |= 1 << at;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// What follows `Token::List`, as `name.1`, `name.2` and on.
    fn indexed(&mut self, name: &[u8], walk: &mut Walk) -> Result<(), Error> {
        for index in 1usize.. {
            let at = walk.values;
            let (what, mend) = match walk.next() {
                Token::End => break,
                Token::Map => {
                    self.fields(name, index, walk);
                    continue;
                }
                Token::Null => ("null", "leave the item out"),
                Token::List => ("a list", "pass JSON text"),
                token => {
                    self.add(indexed_name(name, index), scalar(token, at));
                    continue;
                }
            };
            return Err(item_refused(name, index, what, mend));
        }
        Ok(())
    }

    /// What follows `Token::Map` inside an indexed list, as `name.1.field`.
    fn fields(&mut self, name: &[u8], index: usize, walk: &mut Walk) {
        while let Some(field) = walk.reader.name() {
            let at = walk.values;
            let value = match walk.next() {
                Token::Null => continue,
                Token::List | Token::Map => walk.json(at),
                token => scalar(token, at),
            };
            let mut name = indexed_name(name, index);
            name.push(b'.');
            name.extend_from_slice(field);
            self.add(name, value);
        }
    }
}

/// The text, number or boolean `token`, which is value number `at`.
fn scalar<'a>(token: Token, at: usize) -> Value<'a> {
    match token {
        Token::Text(_) => Value::From(Source::Text(at)),
        Token::Number(_) => Value::From(Source::Number(at)),
        token => Value::Fixed(if token == Token::Bool(true) {
            b"1"
        } else {
            b"0"
        }),
    }
}

fn indexed_name(name: &[u8], index: usize) -> Vec<u8> {
    let mut name = Vec::from(name);
    name.push(b'.');
    write_integer(&mut name, index as u64);
    name
}

/// A tree on the way through.
struct Walk<'a> {
    reader: Reader<'a>,
    /// How many values of the shape lie behind.
    values: usize,
}

impl<'a> Walk<'a> {
    /// The next token.
    fn next(&mut self) -> Token<'a> {
        let token = self.reader.value();
        if matches!(
            token,
            Token::Text(_) | Token::Number(_) | Token::List | Token::Map
        ) {
            self.values += 1;
        }
        token
    }

    /// The list or map that was opened as value number `at`, and goes past it.
    fn json<'b>(&mut self, at: usize) -> Value<'b> {
        let mut depth = 1;
        while depth > 0 {
            match self.next() {
                Token::List | Token::Map => depth += 1,
                Token::End => depth -= 1,
                _ => {}
            }
        }
        Value::From(Source::Json(at))
    }
}

fn has_project_id(mut entries: Reader) -> bool {
    while let Some(name) = entries.name() {
        let token = entries.value();
        if name == b"project_id" && token != Token::Null {
            return true;
        }
        entries.skip(token);
    }
    false
}

/// `index` counts from 1, as on the wire; the message counts as JavaScript does.
fn item_refused(name: &[u8], index: usize, what: &str, mend: &str) -> Error {
    let mut at = Vec::new();
    write_integer(&mut at, index as u64 - 1);
    let (name, at) = (printed(name), printed(&at));
    let problem = ", and an indexed list cannot carry it; ";
    Error::parameters(&[name, "[", at, "] is ", what, problem, mend])
}
