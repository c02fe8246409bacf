//! Parameters against the catalogue, before a call is signed: everything that is wrong, at once.
//!
//! Lenient refuses only what the service cannot be meant to accept: impossible types, and what is
//! missing although a page or two sources require it. Strict also refuses names and values that
//! the catalogue does not know. The value of a secret stands in no violation, nor does text that
//! could hold one.

#[cfg(test)]
mod tests;
mod words;

use super::suggest::nearest;
use super::{Error, ErrorKind, Validation};
use crate::catalogue::{self, Action, Class, Encoding, Field, Parameter, Required, Type};
use crate::sign::time;
use crate::sign::tree::{Reader, Token};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
pub use words::name_of;
use words::{expected, quoted, short, shown};

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

/// An action of the catalogue, read off its table: that takes longer than to check a call, so
/// whoever makes many keeps it.
#[derive(Debug)]
pub struct Known {
    name: &'static str,
    action: Action,
    parameters: Vec<(&'static str, Parameter)>,
}

impl Known {
    /// What the catalogue knows of `action`.
    pub fn of(action: &str) -> Option<Known> {
        let action = catalogue::find(action)?;
        let parameters = action.parameters();
        Some(Known {
            name: action.name(),
            action,
            parameters: parameters.map(|one| (one.name(), one)).collect(),
        })
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The action itself.
    pub fn action(&self) -> Action {
        self.action
    }
}

/// Checks the parameters in `tree`, a map. `known` is what the catalogue knows of `action`, `zone`
/// what the call or its client adds.
///
/// # Errors
/// One error that carries every violation.
pub fn validate(
    action: &str,
    known: Option<&Known>,
    tree: &[u8],
    zone: Option<&str>,
    mode: Validation,
) -> Result<(), Error> {
    let violations = violations(action, known, tree, zone, mode);
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
    error.zone = zone.filter(|zone| !zone.is_empty()).map(ToOwned::to_owned);
    error.violations = violations.into();
    Err(error)
}

/// Everything in `tree` that differs from what the catalogue says of `action`.
pub fn violations(
    action: &str,
    known: Option<&Known>,
    tree: &[u8],
    zone: Option<&str>,
    mode: Validation,
) -> Vec<Violation> {
    if mode == Validation::Off {
        return Vec::new();
    }
    let is_strict = mode == Validation::Strict;
    let Some(known) = known else {
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
        known,
        is_strict,
        is_read: known.action.class() == Class::Read,
        violations: Vec::new(),
    };
    let mut given = Vec::new();
    // A damaged tree is the signer's to refuse.
    let _ = check.tree(tree, &mut given);
    check.missing(&given, zone);
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

/// Where a value stands; written out only when something is wrong there.
#[derive(Clone, Copy)]
enum Path<'p> {
    Top(&'p str),
    Item(&'p Path<'p>, usize),
    Field(&'p Path<'p>, &'p str),
}

impl Path<'_> {
    fn text(&self) -> String {
        match self {
            Path::Top(name) => short(name),
            Path::Item(list, place) => format!("{}[{place}]", list.text()),
            Path::Field(map, name) => format!("{}.{}", map.text(), short(name)),
        }
    }
}

/// What a value should be.
#[derive(Clone, Copy)]
struct Wanted<'w> {
    field: Field,
    /// Whether text may stand for a list: it is JSON already, or what it means is disputed.
    is_text_good: bool,
    /// Whether it is a filter, which is one text in one source and a list in another.
    is_filter: bool,
    /// The fields that every item needs.
    item_required: &'w [&'static str],
}

/// The fields of a structure by name, looked up once for all items of a list.
type Shape<'s> = &'s [(&'static str, Field)];

struct Check<'c> {
    known: &'c Known,
    is_strict: bool,
    is_read: bool,
    violations: Vec<Violation>,
}

impl Check<'_> {
    fn tree<'a>(&mut self, tree: &'a [u8], given: &mut Vec<Given<'a>>) -> Option<()> {
        let mut reader = Reader::new(tree);
        reader.next()?;
        while let Some(name) = reader.name() {
            let name = core::str::from_utf8(name).ok()?;
            let token = reader.next()?;
            if token == Token::Null {
                continue;
            }
            let mut is_empty_list = false;
            let parameter = self.find(name);
            if let Some(parameter) = parameter {
                is_empty_list = token == Token::List && reader.clone().next()? == Token::End;
                self.parameter(&parameter, token, &mut reader)?;
            } else {
                reader.skip(token)?;
            }
            let parameter = parameter.or_else(|| self.find(numbered(name)?));
            let is_known = parameter.is_some() || PUBLIC.contains(&name);
            if self.is_strict && !is_known && self.has_known_parameters() {
                let known = self.known.parameters.iter().map(|(name, _)| *name);
                self.unknown(Path::Top(name), name, known);
            }
            given.push(Given {
                name,
                base: parameter.map_or(name, |known| known.name()),
                is_known,
                is_empty_list,
            });
        }
        Some(())
    }

    fn find(&self, name: &str) -> Option<Parameter> {
        let known = self
            .known
            .parameters
            .iter()
            .find(|(known, _)| *known == name);
        // Not among the names: it may be another spelling.
        known.map_or_else(
            || self.known.action.parameter(name),
            |(_, parameter)| Some(*parameter),
        )
    }

    /// Of a few actions only the name is known: nothing of theirs can be called unknown.
    fn has_known_parameters(&self) -> bool {
        self.known.action.has_known_answer() || self.known.parameters.len() > 1
    }

    fn parameter<'a>(
        &mut self,
        parameter: &Parameter,
        token: Token<'a>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        let is_json = catalogue::encoding(self.known.name, parameter.name()) != Encoding::Indexed;
        let is_filter = !self.is_strict && self.is_read && parameter.required() == Required::No;
        let item_required: Vec<_> = match parameter.item_evidence() {
            Required::No => Vec::new(),
            Required::OneSource if !self.is_strict => Vec::new(),
            _ => parameter.item_required().collect(),
        };
        let wanted = Wanted {
            field: parameter.as_field(),
            is_text_good: is_json || is_filter,
            is_filter,
            item_required: &item_required,
        };
        self.value(Path::Top(parameter.name()), wanted, token, reader)
    }

    fn value<'a>(
        &mut self,
        path: Path,
        wanted: Wanted,
        token: Token<'a>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        let field = wanted.field;
        match (token, field.type_()) {
            (Token::List, Type::Array | Type::Json) => self.list(path, wanted, reader),
            (Token::Map, Type::Object | Type::Json) => {
                let shape: Vec<_> = field.fields().map(|field| (field.name(), field)).collect();
                self.map(path, &shape, wanted.item_required, reader)
            }
            (Token::List, Type::String) if wanted.is_filter => reader.skip(token),
            (Token::Text(_), Type::Array) if wanted.is_text_good => Some(()),
            (_, type_) if self.fits(type_, token) => {
                self.listed(path, &field, token);
                reader.skip(token)
            }
            _ => self.wrong(path, &field, expected(&field), token, reader),
        }
    }

    fn list<'a>(&mut self, path: Path, wanted: Wanted, reader: &mut Reader<'a>) -> Option<()> {
        let list = wanted.field;
        let shape: Vec<_> = list.fields().map(|field| (field.name(), field)).collect();
        let item_type = list.item_type().unwrap_or(Type::Json);
        for place in 0.. {
            let token = reader.next()?;
            let path = Path::Item(&path, place);
            match token {
                Token::End => break,
                Token::Map if !shape.is_empty() => {
                    self.map(path, &shape, wanted.item_required, reader)?;
                }
                _ if !shape.is_empty() => {
                    self.wrong(path, &list, name_of(Type::Object).into(), token, reader)?;
                }
                _ if token == Token::Null || self.fits(item_type, token) => {
                    self.listed(path, &list, token);
                    reader.skip(token)?;
                }
                _ => self.wrong(path, &list, name_of(item_type).into(), token, reader)?,
            }
        }
        Some(())
    }

    fn map<'a>(
        &mut self,
        path: Path,
        shape: Shape,
        required: &[&'static str],
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        let mut is_there = [false; 64];
        while let Some(name) = reader.name() {
            let name = core::str::from_utf8(name).ok()?;
            let token = reader.next()?;
            if token == Token::Null {
                continue;
            }
            let inner = Path::Field(&path, name);
            match shape.iter().find(|(known, _)| *known == name) {
                Some((_, field)) => {
                    // Inside an item, a list is JSON text, which may come ready-made.
                    let wanted = Wanted {
                        field: *field,
                        is_text_good: true,
                        is_filter: false,
                        item_required: &[],
                    };
                    self.value(inner, wanted, token, reader)?;
                }
                None => {
                    if self.is_strict && !shape.is_empty() {
                        self.unknown(inner, name, shape.iter().map(|(name, _)| *name));
                    }
                    reader.skip(token)?;
                }
            }
            let place = required.iter().position(|required| *required == name);
            if let Some(seen) = place.and_then(|place| is_there.get_mut(place)) {
                *seen = true;
            }
        }
        for (required, _) in required
            .iter()
            .zip(is_there)
            .filter(|(_, is_there)| !is_there)
        {
            if let Some((_, field)) = shape.iter().find(|(known, _)| known == required) {
                let path = Path::Field(&path, required);
                self.add(path, expected(field), "nothing".into());
            }
        }
        Some(())
    }

    fn missing(&mut self, given: &[Given], zone: Option<&str>) {
        for (name, parameter) in &self.known.parameters {
            let applies = match parameter.required() {
                Required::Documented => true,
                Required::OneSource => self.is_strict,
                Required::No => false,
            };
            if !applies || parameter.is_common() && zone.is_some() {
                continue;
            }
            let found = given.iter().find(|given| given.base == *name);
            if found.is_some_and(|found| !found.is_empty_list || !self.is_indexed(name)) {
                continue;
            }
            let expected = match parameter.is_common() {
                true => "set on the client or the call, e.g. \"pek3\"".into(),
                false => expected(&parameter.as_field()),
            };
            if found.is_some() {
                let got = "an empty list, which sends nothing";
                self.add(Path::Top(name), expected, got.into());
            } else {
                self.missing_name(name, expected, given);
            }
        }
        if self.is_strict {
            self.empty_lists(given);
        }
    }

    /// A list that sends nothing leaves a filter out, and the service then lists everything.
    fn empty_lists(&mut self, given: &[Given]) {
        for given in given.iter().filter(|given| given.is_empty_list) {
            let is_told = self.violations.iter().any(|told| told.path == given.name);
            if !is_told && self.is_indexed(given.base) {
                let expected = "a list of at least one item, or left out".into();
                let got = "an empty list, which sends nothing";
                self.add(Path::Top(given.name), expected, got.into());
            }
        }
    }

    fn is_indexed(&self, name: &str) -> bool {
        catalogue::encoding(self.known.name, name) == Encoding::Indexed
    }

    fn missing_name(&mut self, name: &'static str, expected: String, given: &[Given]) {
        let unknown = given.iter().filter(|given| !given.is_known);
        let misspelt = unknown
            .into_iter()
            .find(|given| nearest(given.name, [name].into_iter()).is_some());
        self.violations.push(Violation {
            path: name.into(),
            expected,
            got: misspelt.map_or("nothing".into(), |given| {
                format!("nothing under this name, but {}", quoted(given.name))
            }),
            suggestion: misspelt.map(|_| name),
        });
    }

    /// Whether a value without anything inside can stand for this type.
    fn fits(&self, type_: Type, token: Token) -> bool {
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
            // As Python prints them, which is how one page has its default.
            (Type::Boolean, Token::Text(b"True" | b"False")) => !self.is_strict,
            (Type::Timestamp, Token::Text(text)) => !self.is_strict || time::parse(text).is_some(),
            (Type::Object, Token::Map) => true,
            _ => false,
        }
    }

    /// In strict mode, whether the value is one of those that the sources list.
    fn listed(&mut self, path: Path, field: &Field, token: Token) {
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
        let expected = format!("one of {}", values.join(", "));
        self.add(path, expected, shown(field, token));
    }

    fn unknown(&mut self, path: Path, name: &str, known: impl Iterator<Item = &'static str>) {
        self.violations.push(Violation {
            path: path.text(),
            expected: "a parameter of the catalogue".into(),
            got: quoted(name),
            suggestion: nearest(name, known),
        });
    }

    fn wrong<'a>(
        &mut self,
        path: Path,
        field: &Field,
        expected: String,
        token: Token<'a>,
        reader: &mut Reader<'a>,
    ) -> Option<()> {
        self.add(path, expected, shown(field, token));
        reader.skip(token)
    }

    fn add(&mut self, path: Path, expected: String, got: String) {
        self.violations.push(Violation {
            path: path.text(),
            expected,
            got,
            suggestion: None,
        });
    }
}

/// The name in front of `.1`, `.2` and on.
fn numbered(name: &str) -> Option<&str> {
    let (base, rest) = name.split_once('.')?;
    rest.starts_with(|first: char| first.is_ascii_digit())
        .then_some(base)
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
