//! Parameters against the catalogue, before a call is signed: everything that is wrong, at once.
//!
//! Lenient refuses only what the service cannot be meant to accept: impossible types, and what is
//! missing although a page or two sources require it. Strict also refuses names and values that
//! the catalogue does not know. The value of a secret stands in no violation, nor does text that
//! could hold one.

use super::suggest::nearest;
use super::{Error, ErrorKind, Validation};
use crate::catalogue::{self, Action, Class, Encoding, Field, Parameter, Required, Type};
use crate::sign::time;
use crate::sign::tree::{Reader, Token};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// What any action may carry besides its own parameters.
const PUBLIC: [&str; 5] = ["expires", "req_id", "time_stamp", "version", "zone"];

/// Something in the parameters that differs from the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// Where: `count`, `rules[0].priority`.
    pub path: String,
    /// What the catalogue says.
    pub expected: String,
    /// What came.
    pub got: String,
    /// The name that may have been meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<&'static str>,
}

/// Checks the parameters in `tree`, a map. `zone` is what the call or its client adds.
///
/// # Errors
/// One error that carries every violation.
pub fn validate(
    action: &str,
    tree: &[u8],
    zone: Option<&str>,
    mode: Validation,
) -> Result<(), Error> {
    let violations = violations(action, tree, zone, mode);
    let Some(first) = violations.first() else {
        return Ok(());
    };
    let more = match violations.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more, see violations)"),
    };
    let meant = first
        .suggestion
        .map_or(String::new(), |name| format!("; did you mean \"{name}\"?"));
    let mut error = Error::new(
        ErrorKind::Parameters,
        format!(
            "{action}: \"{}\" must be {}, got {}{meant}{more}",
            first.path, first.expected, first.got
        ),
    );
    error.action = Some(action.to_owned());
    error.zone = zone.map(ToOwned::to_owned);
    error.violations = violations.into();
    Err(error)
}

/// Everything in `tree` that differs from what the catalogue says of `action`.
pub fn violations(
    action: &str,
    tree: &[u8],
    zone: Option<&str>,
    mode: Validation,
) -> Vec<Violation> {
    if mode == Validation::Off {
        return Vec::new();
    }
    let is_strict = mode == Validation::Strict;
    let Some(known) = catalogue::find(action) else {
        let names = catalogue::actions().map(|action| action.name());
        let unknown = is_strict.then(|| Violation {
            path: "action".into(),
            expected: "an action of the catalogue".into(),
            got: quoted(action),
            suggestion: nearest(action, names),
        });
        return unknown.into_iter().collect();
    };
    let mut check = Check {
        is_strict,
        is_read: known.class() == Class::Read,
        violations: Vec::new(),
    };
    let mut given = Vec::new();
    // A damaged tree is the signer's to refuse.
    let _ = check.parameters(&known, tree, &mut given);
    check.missing(&known, &given, zone);
    check.violations
}

/// What a tree holds under one name at its top.
struct Given<'a> {
    name: &'a str,
    /// The parameter: the name without `.1` behind it.
    base: &'a str,
    is_known: bool,
    is_empty_list: bool,
}

struct Check {
    is_strict: bool,
    is_read: bool,
    violations: Vec<Violation>,
}

/// What a value should be.
#[derive(Clone, Copy)]
struct Wanted {
    field: Field,
    encoding: Encoding,
    /// Whether sources may disagree on it: a filter of a list action.
    is_filter: bool,
}

impl Check {
    fn parameters<'a>(
        &mut self,
        action: &Action,
        tree: &'a [u8],
        given: &mut Vec<Given<'a>>,
    ) -> Option<()> {
        let mut reader = Reader::new(tree);
        reader.next().ok()?;
        while let Some(name) = reader.name().ok()? {
            let name = core::str::from_utf8(name).ok()?;
            let token = reader.next().ok()?;
            if token == Token::Null {
                continue;
            }
            let parameter = action.parameter(name);
            let base = name.split_once('.').map_or(name, |(base, rest)| {
                if rest.starts_with(|first: char| first.is_ascii_digit()) {
                    base
                } else {
                    name
                }
            });
            let indexed = action.parameter(base).filter(|_| base != name);
            let mut is_empty_list = false;
            if let Some(parameter) = &parameter {
                is_empty_list = token == Token::List && reader.clone().next().ok()? == Token::End;
                self.parameter(action, parameter, token, &mut reader)?;
            } else {
                reader.skip(token).ok()?;
            }
            let is_known = parameter.is_some() || indexed.is_some() || PUBLIC.contains(&name);
            if self.is_strict && !is_known && has_known_parameters(action) {
                self.unknown(name, name, action.parameters().map(|known| known.name()));
            }
            // A parameter under its other spelling is there too.
            let base = parameter.or(indexed).map_or(base, |known| known.name());
            given.push(Given {
                name,
                base,
                is_known,
                is_empty_list,
            });
        }
        Some(())
    }

    fn parameter<'a>(
        &mut self,
        action: &Action,
        parameter: &Parameter,
        token: Token<'a>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        let wanted = Wanted {
            field: parameter.as_field(),
            encoding: catalogue::encoding(action.name(), parameter.name()),
            is_filter: self.is_read && parameter.required() == Required::No,
        };
        let items = match parameter.item_evidence() {
            Required::No => None,
            Required::OneSource if !self.is_strict => None,
            _ => Some(parameter),
        };
        self.value(parameter.name(), wanted, items, token, reader)
    }

    /// `items`: the parameter whose rules for items apply one level below.
    fn value<'a>(
        &mut self,
        path: &str,
        wanted: Wanted,
        items: Option<&Parameter>,
        token: Token<'a>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        let field = wanted.field;
        let is_list = field.type_() == Type::Array;
        match token {
            Token::List if is_list || field.type_() == Type::Json => {
                let item_is_map = field.fields().next().is_some();
                let mut place = 0;
                loop {
                    let token = reader.next().ok()?;
                    let path = format!("{path}[{place}]");
                    match token {
                        Token::End => return Some(()),
                        Token::Map if item_is_map => self.map(&path, field, items, reader)?,
                        _ if item_is_map => {
                            self.wrong(&path, &field, "an object".into(), token, reader)?;
                        }
                        _ => self.item(&path, &field, token, reader)?,
                    }
                    place += 1;
                }
            }
            Token::Map if is_list => {
                let expected = expected(&field);
                self.wrong(path, &field, expected, token, reader)
            }
            Token::Map if matches!(field.type_(), Type::Object | Type::Json) => {
                self.map(path, field, items, reader)
            }
            // A filter that is one text in one source may be a list in another.
            Token::List if wanted.is_filter && !self.is_strict && field.type_() == Type::String => {
                reader.skip(token).ok()
            }
            // Text may be JSON already; a filter may be a single value.
            Token::Text(_)
                if is_list
                    && (wanted.encoding != Encoding::Indexed
                        || wanted.is_filter && !self.is_strict) =>
            {
                Some(())
            }
            _ => {
                if self.fits(&field, token) {
                    self.listed(path, &field, token);
                    return reader.skip(token).ok();
                }
                let expected = expected(&field);
                self.wrong(path, &field, expected, token, reader)
            }
        }
    }

    /// An item that is no map, in a list of scalars.
    fn item<'a>(
        &mut self,
        path: &str,
        list: &Field,
        token: Token<'a>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        let item = list.item_type().unwrap_or(Type::Json);
        if self.fits_type(item, token) || token == Token::Null {
            self.listed(path, list, token);
            return reader.skip(token).ok();
        }
        self.wrong(path, list, name_of(item).into(), token, reader)
    }

    /// The inside of a map whose shape is known, or of any other.
    fn map<'a>(
        &mut self,
        path: &str,
        shape: Field,
        items: Option<&Parameter>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        let mut names = Vec::new();
        while let Some(name) = reader.name().ok()? {
            let name = core::str::from_utf8(name).ok()?;
            let token = reader.next().ok()?;
            if token == Token::Null {
                continue;
            }
            names.push(name);
            let inner = format!("{path}.{name}");
            match shape.fields().find(|field| field.name() == name) {
                Some(field) => {
                    // Inside an item, a list is JSON text, which may come ready-made.
                    let wanted = Wanted {
                        field,
                        encoding: Encoding::Json,
                        is_filter: false,
                    };
                    self.value(&inner, wanted, None, token, reader)?;
                }
                None => {
                    if self.is_strict && shape.fields().next().is_some() {
                        self.unknown(&inner, name, shape.fields().map(|field| field.name()));
                    }
                    reader.skip(token).ok()?;
                }
            }
        }
        for required in items
            .into_iter()
            .flat_map(|parameter| parameter.item_required())
        {
            if !names.contains(&required) {
                let field = shape.fields().find(|field| field.name() == required)?;
                self.add(
                    format!("{path}.{required}"),
                    expected(&field),
                    "nothing".into(),
                );
            }
        }
        Some(())
    }

    fn missing(&mut self, action: &Action, given: &[Given], zone: Option<&str>) {
        for parameter in action.parameters() {
            let applies = match parameter.required() {
                Required::Documented => true,
                Required::OneSource => self.is_strict,
                Required::No => false,
            };
            let name = parameter.name();
            let found = given.iter().find(|given| given.base == name);
            let is_indexed = catalogue::encoding(action.name(), name) == Encoding::Indexed;
            let is_sent = found.is_some_and(|found| !(is_indexed && found.is_empty_list));
            if !applies || is_sent || parameter.is_common() && zone.is_some() {
                continue;
            }
            if parameter.is_common() {
                let expected = "set on the client or the call, e.g. \"pek3\"";
                self.add(name.into(), expected.into(), "nothing".into());
                continue;
            }
            if found.is_some() {
                self.add(
                    name.into(),
                    expected(&parameter.as_field()),
                    "an empty list, which sends nothing".into(),
                );
                continue;
            }
            let unknown = given.iter().filter(|given| !given.is_known);
            let misspelt = unknown
                .into_iter()
                .find(|given| nearest(given.name, [name].into_iter()).is_some());
            self.violations.push(Violation {
                path: name.into(),
                expected: expected(&parameter.as_field()),
                got: misspelt.map_or("nothing".into(), |given| {
                    format!("nothing under this name, but {}", quoted(given.name))
                }),
                suggestion: misspelt.map(|_| name),
            });
        }
    }

    fn fits(&self, field: &Field, token: Token) -> bool {
        self.fits_type(field.type_(), token)
    }

    /// Whether a scalar can stand for this type. What is not `Text`, `Number` or `Bool` cannot,
    /// except in JSON.
    fn fits_type(&self, type_: Type, token: Token) -> bool {
        match (type_, token) {
            (Type::Json, _) | (Type::Object, Token::Text(_)) => true,
            (Type::String, Token::Text(_)) => true,
            (Type::String, Token::Number(_)) => !self.is_strict,
            (Type::Integer, Token::Number(text)) => is_whole(text),
            (Type::Integer, Token::Text(text)) => !self.is_strict && is_digits(text),
            // Flags are whole numbers; a boolean is sent as 1 or 0.
            (Type::Integer, Token::Bool(_)) => true,
            (Type::Number, Token::Number(_)) => true,
            (Type::Number, Token::Text(text)) => !self.is_strict && is_decimal(text),
            (Type::Boolean, Token::Bool(_)) => true,
            (Type::Boolean, Token::Text(b"true" | b"false")) => true,
            (Type::Boolean, Token::Text(b"1" | b"0") | Token::Number(b"1" | b"0")) => {
                !self.is_strict
            }
            (Type::Timestamp, Token::Text(text)) => !self.is_strict || time::parse(text).is_some(),
            (Type::Object, Token::Map) => true,
            _ => false,
        }
    }

    /// In strict mode, whether the value is one of those that the sources list.
    fn listed(&mut self, path: &str, field: &Field, token: Token) {
        if !self.is_strict {
            return;
        }
        let given = match token {
            Token::Text(text) | Token::Number(text) => {
                core::str::from_utf8(text).unwrap_or_default()
            }
            Token::Bool(true) if field.type_() == Type::Integer => "1",
            Token::Bool(false) if field.type_() == Type::Integer => "0",
            _ => return,
        };
        let mut values = field.enum_values().peekable();
        if values.peek().is_none() || values.any(|value| value == given) {
            return;
        }
        let values: Vec<_> = field.enum_values().map(quoted).collect();
        self.add(
            path.into(),
            format!("one of {}", values.join(", ")),
            shown(field, token),
        );
    }

    fn unknown(&mut self, path: &str, name: &str, known: impl Iterator<Item = &'static str>) {
        self.violations.push(Violation {
            path: short(path),
            expected: "a parameter of the catalogue".into(),
            got: quoted(name),
            suggestion: nearest(name, known),
        });
    }

    fn wrong<'a>(
        &mut self,
        path: &str,
        field: &Field,
        expected: String,
        token: Token<'a>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        self.add(path.into(), expected, shown(field, token));
        reader.skip(token).ok()
    }

    fn add(&mut self, path: String, expected: String, got: String) {
        self.violations.push(Violation {
            path,
            expected,
            got,
            suggestion: None,
        });
    }
}

/// Of a few actions only the name is known: nothing of theirs can be called unknown.
fn has_known_parameters(action: &Action) -> bool {
    action.has_known_answer() || action.parameters().count() > 1
}

fn expected(field: &Field) -> String {
    let item_is_map = field.fields().next().is_some();
    match (field.type_(), field.item_type()) {
        (Type::Array, _) if item_is_map => "a list of objects".into(),
        (Type::Array, Some(Type::String)) => "a list of strings".into(),
        (Type::Array, Some(Type::Integer)) => "a list of integers".into(),
        (Type::Array, _) => "a list".into(),
        (type_, _) => name_of(type_).into(),
    }
}

fn name_of(type_: Type) -> &'static str {
    match type_ {
        Type::String => "a string",
        Type::Integer => "an integer",
        Type::Number => "a number",
        Type::Boolean => "true or false",
        Type::Timestamp => "a Date or a time such as 2013-08-27T14:30:10Z",
        Type::Array => "a list",
        Type::Object => "an object",
        Type::Json => "a value for JSON",
    }
}

/// A value in a message. Text that may be long or secret is only named.
fn shown(field: &Field, token: Token) -> String {
    match token {
        Token::Null => "null".into(),
        Token::List => "a list".into(),
        Token::Map => "an object".into(),
        Token::Bool(value) => value.to_string(),
        _ if field.is_secret() => "text that is not shown".into(),
        Token::Number(text) => core::str::from_utf8(text).unwrap_or_default().into(),
        Token::Text(text) => match core::str::from_utf8(text) {
            Ok(text) if text.len() <= 40 && !text.contains(['{', '=', '\n']) => quoted(text),
            _ => "text".into(),
        },
        Token::End => String::new(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", short(text))
}

/// At most 60 characters of a name that the caller chose.
fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// As JavaScript prints numbers: an exponent above 21 means a whole one.
fn is_whole(number: &[u8]) -> bool {
    let has = |wanted: &[u8]| number.windows(wanted.len()).any(|part| part == wanted);
    has(b"e+") || !(has(b".") || has(b"e-"))
}

fn is_digits(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

fn is_decimal(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let whole = parts.next().unwrap_or_default();
    is_digits(whole)
        && parts
            .next()
            .is_none_or(|fraction| !fraction.starts_with(b"-") && is_digits(fraction))
}

#[cfg(test)]
#[path = "validate_tests.rs"]
mod tests;
