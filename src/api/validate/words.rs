//! How values and types are named in a violation.

use crate::catalogue::{Field, Type};
use crate::sign::tree::Token;
use alloc::format;
use alloc::string::{String, ToString};

/// What a field takes.
pub fn expected(field: &Field) -> String {
    let item_is_map = field.fields().next().is_some();
    match (field.type_(), field.item_type()) {
        (Type::Array, _) if item_is_map => "a list of objects".into(),
        (Type::Array, Some(Type::String)) => "a list of strings".into(),
        (Type::Array, Some(Type::Integer)) => "a list of integers".into(),
        (Type::Array, _) => "a list".into(),
        (type_, _) => name_of(type_).into(),
    }
}

/// What a type takes.
pub fn name_of(type_: Type) -> &'static str {
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
pub fn shown(field: &Field, token: Token) -> String {
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
        Token::Name(_) | Token::End => String::new(),
    }
}

/// A name or value between quotes.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", short(text))
}

/// At most 60 characters of a name that the caller chose.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}
