//! A value as text: plain numbers and compact JSON, as the official Python SDK writes them.

use super::error::Error;
use super::tree::{MAX_DEPTH, Reader, Token, damaged};
use alloc::vec::Vec;

/// Appends `number` in decimal.
pub(super) fn write_integer(out: &mut Vec<u8>, number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number;
    while rest > 0 || at == digits.len() {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[at..]);
}

/// Sorts by the bytes of the names, so that `status.10` comes before `status.2`; equal names stay
/// in their order. The official SDKs sort the same way; numeric order gives another signature.
pub(super) fn sort_by_name(items: &mut [(&[u8], usize)]) {
    // What stands with the name rises with its place, so comparing it too keeps the order.
    items.sort_unstable();
}

/// Appends a JavaScript number without an exponent: `1e+21` becomes `1000000000000000000000`.
///
/// Nothing shows that the service reads exponents, and Python writes none for integers. One digit
/// stands before the point wherever there is an exponent (ECMAScript, `Number::toString`).
pub(super) fn write_number(out: &mut Vec<u8>, number: &[u8]) {
    let Some(at) = number.iter().position(|&byte| byte == b'e') else {
        out.extend_from_slice(number);
        return;
    };
    let (mantissa, exponent) = number.split_at(at);
    let shift = exponent
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        // JavaScript's exponents end at 324; the bound keeps any other writer from filling memory.
        .fold(0usize, |sum, &digit| {
            (sum * 10 + usize::from(digit - b'0')).min(400)
        });
    let is_small = exponent.get(1) == Some(&b'-');
    if mantissa.first() == Some(&b'-') {
        out.push(b'-');
    }
    if is_small {
        out.extend_from_slice(b"0.");
        write_zeros(out, shift.saturating_sub(1));
    }
    let start = out.len();
    for &byte in mantissa {
        if byte.is_ascii_digit() {
            out.push(byte);
        }
    }
    if !is_small {
        let fraction = (out.len() - start).saturating_sub(1);
        write_zeros(out, shift.saturating_sub(fraction));
    }
}

fn write_zeros(out: &mut Vec<u8>, count: usize) {
    out.resize(out.len() + count, b'0');
}

/// The parameters in `tree` as one JSON object, for somebody else to sign.
///
/// Integers that a JavaScript number may not hold go as strings of digits, at whatever depth: whoever reads this as JSON
/// would round them.
pub fn parameters_json(tree: &[u8]) -> Result<alloc::string::String, Error> {
    let mut reader = Reader::new(tree);
    if reader.next() != Some(Token::Map) {
        return Err(damaged());
    }
    let mut out = Vec::from(b"{");
    while let Some(name) = reader.name() {
        write_name(&mut out, name);
        let token = reader.value();
        write(&mut out, token, &mut reader, MAX_DEPTH, true).ok_or_else(nested)?;
    }
    out.push(b'}');
    alloc::string::String::from_utf8(out).map_err(|_| damaged())
}

/// Whether `number` is an integer beyond JavaScript's safe ones, 2^53 - 1 either way.
fn is_large(number: &[u8]) -> bool {
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    let is_beyond =
        digits.len() > 16 || (digits.len() == 16 && digits > b"9007199254740991".as_slice());
    is_beyond && digits.iter().all(u8::is_ascii_digit)
}

/// The refusal of a tree that is deeper than `MAX_DEPTH`.
pub(super) fn nested() -> Error {
    Error::parameters(&["a parameter is nested more than 128 levels deep"])
}

/// Appends the JSON text of the value that starts with `token`: no spaces, keys sorted at every
/// level, everything outside printable ASCII as `\uXXXX` in lower-case hex. `None` where it is
/// more than `levels` deep.
///
/// This is `json.dumps(value, sort_keys=True, separators=(",", ":"))`, which the official SDK
/// sends; `JSON.stringify` neither sorts nor escapes.
pub(super) fn write_json<'a>(
    out: &mut Vec<u8>,
    token: Token<'a>,
    reader: &mut Reader<'a>,
    levels: usize,
) -> Option<()> {
    write(out, token, reader, levels, false)
}

/// The same; large integers as strings where it is `for_javascript`.
fn write<'a>(
    out: &mut Vec<u8>,
    token: Token<'a>,
    reader: &mut Reader<'a>,
    levels: usize,
    for_javascript: bool,
) -> Option<()> {
    let levels = levels.checked_sub(1)?;
    let constant: &[u8] = match token {
        Token::Null => b"null",
        Token::Bool(true) => b"true",
        Token::Bool(false) => b"false",
        Token::Number(number) if for_javascript && is_large(number) => {
            write_json_string(out, number);
            b""
        }
        Token::Number(number) => {
            write_number(out, number);
            b""
        }
        Token::Text(text) | Token::Name(text) => {
            write_json_string(out, text);
            b""
        }
        Token::List => {
            out.push(b'[');
            loop {
                let item = reader.value();
                if item == Token::End {
                    break;
                }
                write_comma(out);
                write(out, item, reader, levels, for_javascript)?;
            }
            b"]"
        }
        Token::Map => {
            let mut fields = Vec::new();
            let rest = reader.rest();
            // In a damaged tree fields might overlap, and be written again and again.
            loop {
                let name = match reader.next()? {
                    Token::Name(name) => name,
                    Token::End => break,
                    _ => return None,
                };
                fields.push((name, rest.len() - reader.rest().len()));
                match reader.next()? {
                    Token::End => return None,
                    token => reader.skip(token)?,
                }
            }
            sort_by_name(&mut fields);
            out.push(b'{');
            for (name, at) in fields {
                write_name(out, name);
                let mut value = Reader::new(&rest[at..]);
                let token = value.value();
                write(out, token, &mut value, levels, for_javascript)?;
            }
            b"}"
        }
        Token::End => b"",
    };
    out.extend_from_slice(constant);
    Some(())
}

/// A comma, where a value stands before.
fn write_comma(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'[' | b'{')) {
        out.push(b',');
    }
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    write_comma(out);
    write_json_string(out, name);
    out.push(b':');
}

/// Whatever JavaScript wrote is UTF-8; of anything else comes something in ASCII too.
fn write_json_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        if matches!(byte, b' '..=b'~') {
            if matches!(byte, b'"' | b'\\') {
                out.push(b'\\');
            }
            out.push(byte);
            continue;
        }
        out.push(b'\\');
        if let Some(at) = b"\x08\t\n\x0c\r".iter().position(|&known| known == byte) {
            out.push(b"btnfr"[at]);
            continue;
        }
        let mut code = u32::from(byte);
        if byte >= 0x80 {
            // The leading ones of the first byte say how many there are; six bits are in each other.
            let others = byte.leading_ones().saturating_sub(1).min(3);
            code &= 0x3f >> others;
            for _ in 0..others {
                code = code << 6 | u32::from(bytes.next().unwrap_or(&0) & 0x3f);
            }
        }
        if code > 0xffff {
            code -= 0x1_0000;
            write_unit(out, 0xd800 | code >> 10);
            out.push(b'\\');
            code = 0xdc00 | code & 0x3ff;
        }
        write_unit(out, code);
    }
    out.push(b'"');
}

/// Appends a UTF-16 unit as JSON writes it, without the backslash.
fn write_unit(out: &mut Vec<u8>, unit: u32) {
    out.push(b'u');
    for shift in [12, 8, 4, 0] {
        out.push(b"0123456789abcdef"[(unit >> shift) as usize & 15]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::writer::json;
    use alloc::string::String;
    use proptest::prelude::*;

    fn number(text: &str) -> String {
        let mut out = Vec::new();
        write_number(&mut out, text.as_bytes());
        String::from_utf8(out).unwrap()
    }

    fn text_of(value: &serde_json::Value) -> String {
        let (tree, mut out) = (json::tree(value), Vec::new());
        let mut reader = Reader::new(&tree);
        let token = reader.next().unwrap();
        write_json(&mut out, token, &mut reader, MAX_DEPTH).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn exponents_are_written_out() {
        for (given, wanted) in [
            ("12", "12"),
            ("-0.5", "-0.5"),
            ("1e+21", "1000000000000000000000"),
            ("-1.25e+22", "-12500000000000000000000"),
            ("1e-7", "0.0000001"),
            ("-1.5e-9", "-0.0000000015"),
            (
                "1.7976931348623157e+308",
                &["17976931348623157", &"0".repeat(292)].concat(),
            ),
            ("5e-324", &["0.", &"0".repeat(323), "5"].concat()),
        ] {
            assert_eq!(number(given), wanted, "{given}");
        }
    }

    #[test]
    fn json_text_is_that_of_the_official_sdk() {
        // Made with Python's json.dumps(v, sort_keys=True, separators=(",", ":")).
        let value = serde_json::json!({"b": [1, null, {"é": "\u{7f}\u{1}/\"\\"}], "a": "😀青\n"});
        assert_eq!(
            text_of(&value),
            r#"{"a":"\ud83d\ude00\u9752\n","b":[1,null,{"\u00e9":"\u007f\u0001/\"\\"}]}"#
        );
    }

    #[test]
    fn the_short_escapes_are_those_of_json_dumps() {
        let value = serde_json::json!("\r\t\u{8}\u{c}\u{b}");
        assert_eq!(text_of(&value), r#""\r\t\b\f\u000b""#);
    }

    #[test]
    fn a_hundred_and_twenty_eight_levels_are_written_and_one_more_is_refused() {
        use serde_json::{Value, json};
        let made = |wrap: fn(Value) -> Value, levels: usize| {
            let nested = (0..levels).fold(json!(1), |inner, _| wrap(inner));
            let tree = crate::sign::writer::json::tree(&json!({ "a": nested }));
            parameters_json(&tree)
        };
        for wrap in [|inner| json!([inner]), |inner| json!({ "b": inner })] {
            assert!(made(wrap, 127).is_ok());
            assert!(made(wrap, 128).is_err());
        }
    }

    #[test]
    fn parameters_for_another_signer_are_json_whose_large_integers_are_texts() {
        let given = serde_json::json!({
            "a": "é",
            "flag": true,
            "fraction": 0.30000000000000004,
            "large": 9_007_199_254_740_992_i64,
            "least": -9_007_199_254_740_991_i64,
            "list": ["x", 12_345_678_901_234_567_890_u64, { "deep": -9_007_199_254_740_992_i64 }],
            "most": 9_007_199_254_740_991_i64,
        });
        assert_eq!(
            parameters_json(&crate::sign::writer::json::tree(&given)).unwrap(),
            concat!(
                r#"{"a":"\u00e9","flag":true,"fraction":0.30000000000000004,"large":"9007199254740992","#,
                r#""least":-9007199254740991,"list":["x","12345678901234567890",{"deep":"-9007199254740992"}],"#,
                r#""most":9007199254740991}"#,
            )
        );
        assert_eq!(
            parameters_json(&crate::sign::Params::new().tree()).unwrap(),
            "{}"
        );
        assert!(parameters_json(&[]).is_err());
        let list = [5u8, 0];
        assert!(parameters_json(&list).is_err());
    }

    #[test]
    fn a_nest_without_end_is_an_error() {
        let tree = [5u8; 200];
        let mut reader = Reader::new(&tree);
        let token = reader.next().unwrap();
        assert!(write_json(&mut Vec::new(), token, &mut reader, MAX_DEPTH).is_none());
    }

    proptest! {
        #[test]
        fn a_number_without_exponent_is_the_same_number(value in prop::num::f64::NORMAL) {
            // Where JavaScript prints an exponent.
            prop_assume!(value.is_finite() && (value.abs() >= 1e21 || value.abs() < 1e-6));
            let text = alloc::format!("{value:e}").replace('e', "e+").replace("e+-", "e-");
            prop_assert_eq!(number(&text).parse::<f64>().unwrap(), value);
        }

        #[test]
        fn any_text_survives_json(text: String) {
            let written = text_of(&serde_json::Value::String(text.clone()));
            prop_assert!(written.is_ascii());
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
