//! Trees written in Rust, as `pkg/tree.js` writes them in JavaScript.

use super::error::Error;
use super::text::write_integer;
use super::tree::{END, FALSE, LIST, MAP, NAME, NULL, NUMBER, Reader, TEXT, TRUE, Token, damaged};
use alloc::vec::Vec;

/// Parameters of one call, built in Rust: a map under construction.
///
/// ```
/// use qingcloud_wasm::sign::Params;
///
/// let mut params = Params::new();
/// params.text("zone", "pek3").number("limit", 20).texts("status", &["running"]);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Params(Vec<u8>);

impl Params {
    /// No parameters yet.
    pub fn new() -> Params {
        Params(Vec::from([MAP]))
    }

    /// Adds a string; it is sent as it is.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Params {
        self.name(name).put(TEXT, value.as_bytes())
    }

    /// Adds an integer.
    pub fn number(&mut self, name: &str, value: i64) -> &mut Params {
        let mut digits = Vec::new();
        if value < 0 {
            digits.push(b'-');
        }
        write_integer(&mut digits, value.unsigned_abs());
        self.name(name).put(NUMBER, &digits)
    }

    /// Adds a boolean: sent as `1` or `0`, except where the catalogue wants `true` or `false`.
    pub fn boolean(&mut self, name: &str, value: bool) -> &mut Params {
        self.name(name).tag(if value { TRUE } else { FALSE })
    }

    /// Adds a list of strings.
    pub fn texts(&mut self, name: &str, values: &[&str]) -> &mut Params {
        self.name(name).tag(LIST);
        for value in values {
            self.put(TEXT, value.as_bytes());
        }
        self.tag(END)
    }

    /// Adds a list with one map for each item.
    pub fn maps(&mut self, name: &str, items: &[Params]) -> &mut Params {
        self.name(name).tag(LIST);
        for item in items {
            self.0.extend_from_slice(&item.0);
            self.tag(END);
        }
        self.tag(END)
    }

    /// Adds a map.
    pub fn map(&mut self, name: &str, value: &Params) -> &mut Params {
        self.name(name).0.extend_from_slice(&value.0);
        self.tag(END)
    }

    /// The finished tree.
    pub fn tree(&self) -> Vec<u8> {
        let mut tree = self.0.clone();
        tree.push(END);
        tree
    }

    fn name(&mut self, name: &str) -> &mut Params {
        self.put(NAME, name.as_bytes())
    }

    fn tag(&mut self, tag: u8) -> &mut Params {
        self.0.push(tag);
        self
    }

    fn put(&mut self, tag: u8, bytes: &[u8]) -> &mut Params {
        self.0.push(tag);
        match u8::try_from(bytes.len()) {
            Ok(length) if length < u8::MAX => self.0.push(length),
            _ => {
                self.0.push(u8::MAX);
                self.0
                    .extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            }
        }
        self.0.extend_from_slice(bytes);
        self
    }
}

impl Default for Params {
    fn default() -> Params {
        Params::new()
    }
}

impl core::fmt::Debug for Params {
    // The values may be passwords.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Params").finish_non_exhaustive()
    }
}

/// A whole call, as [`super::Call::read`] reads it, with nothing set but its zone.
pub fn write_call(action: &str, zone: Option<&str>, params: &Params) -> Vec<u8> {
    let mut call = Params(Vec::new());
    call.put(TEXT, action.as_bytes());
    match zone {
        Some(zone) => call.put(TEXT, zone.as_bytes()),
        None => call.tag(NULL),
    };
    call.tag(NULL).tag(NULL).tag(NULL);
    call.0.extend_from_slice(&params.tree());
    call.0
}

/// The map in `tree` with these numbers in place of what stood under their names.
pub fn with_numbers(tree: &[u8], numbers: &[(&str, u64)]) -> Result<Vec<u8>, Error> {
    let mut params = Params::new();
    let mut reader = Reader::new(tree);
    if reader.next() != Some(Token::Map) {
        return Err(damaged());
    }
    loop {
        let entry = reader.rest();
        let Some(name) = reader.name() else { break };
        let token = reader.next().ok_or_else(damaged)?;
        reader.skip(token).ok_or_else(damaged)?;
        if !numbers.iter().any(|(known, _)| known.as_bytes() == name) {
            let length = entry.len() - reader.rest().len();
            params.0.extend_from_slice(&entry[..length]);
        }
    }
    for (name, number) in numbers {
        let mut digits = Vec::new();
        write_integer(&mut digits, *number);
        params.name(name).put(NUMBER, &digits);
    }
    Ok(params.tree())
}

#[cfg(test)]
pub(crate) mod json {
    //! Test inputs are JSON; this writes them as JavaScript would.

    use super::*;
    use serde_json::Value;

    /// `input` as a tree.
    pub(crate) fn tree(input: &Value) -> Vec<u8> {
        let mut params = Params(Vec::new());
        write(&mut params, input);
        params.0
    }

    fn write(params: &mut Params, value: &Value) {
        match value {
            Value::Null => {
                params.tag(NULL);
            }
            Value::Bool(value) => {
                params.tag(if *value { TRUE } else { FALSE });
            }
            Value::Number(number) => {
                params.put(NUMBER, alloc::format!("{number}").as_bytes());
            }
            Value::String(text) => {
                params.put(TEXT, text.as_bytes());
            }
            Value::Array(items) => {
                params.tag(LIST);
                items.iter().for_each(|item| write(params, item));
                params.tag(END);
            }
            Value::Object(fields) => {
                if let Some(Value::String(digits)) = fields.get("$bigint") {
                    params.put(NUMBER, digits.as_bytes());
                    return;
                }
                params.tag(MAP);
                for (name, value) in fields {
                    params.name(name);
                    write(params, value);
                }
                params.tag(END);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::tree::number_in;

    #[test]
    fn what_was_written_is_read() {
        let long = "x".repeat(300);
        let mut params = Params::new();
        params.text("a", &long).number("b", -7).texts("c", &["d"]);
        let tree = params.tree();
        let mut reader = Reader::new(&tree);
        let mut tokens = Vec::new();
        while !reader.rest().is_empty() {
            tokens.push(reader.next().unwrap());
        }
        use Token::*;
        assert_eq!(
            tokens,
            [
                Map,
                Name(b"a"),
                Text(long.as_bytes()),
                Name(b"b"),
                Number(b"-7"),
                Name(b"c"),
                List,
                Text(b"d"),
                End,
                End
            ]
        );
    }

    #[test]
    fn numbers_take_the_place_of_what_stood_there() {
        let mut params = Params::new();
        params
            .text("offset", "7")
            .texts("status", &["running"])
            .number("limit", 3);
        let tree = params.tree();
        assert_eq!(number_in(&tree, "offset").unwrap(), Some(7));
        assert_eq!(number_in(&tree, "zone").unwrap(), None);
        assert!(number_in(Params::new().text("limit", "x").tree().as_slice(), "limit").is_err());
        let mut wanted = Params::new();
        wanted
            .texts("status", &["running"])
            .number("offset", 20)
            .number("limit", 3);
        let changed = with_numbers(&tree, &[("offset", 20), ("limit", 3)]).unwrap();
        assert_eq!(changed, wanted.tree());
    }
}
