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
/// Nothing shows that the service reads exponents, and Python writes none for integers.
pub(super) fn write_number(out: &mut Vec<u8>, number: &[u8]) {
    let Some(at) = number.iter().position(|&byte| byte == b'e') else {
        out.extend_from_slice(number);
        return;
    };
    let (mantissa, exponent) = (&number[..at], &number[at + 1..]);
    let shift = exponent
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        // JavaScript's exponents end at 324; the bound keeps any other writer from filling memory.
        .fold(0usize, |sum, &digit| {
            (sum * 10 + usize::from(digit - b'0')).min(400)
        });
    let digits = mantissa.strip_prefix(b"-").unwrap_or(mantissa);
    let point = digits.iter().position(|&byte| byte == b'.');
    let whole = point.unwrap_or(digits.len());
    let fraction = point.map_or(0, |_| digits.len() - whole - 1);
    if digits.len() < mantissa.len() {
        out.push(b'-');
    }
    let digits = digits.iter().filter(|byte| byte.is_ascii_digit());
    if exponent.starts_with(b"-") {
        out.extend_from_slice(b"0.");
        out.extend(core::iter::repeat_n(b'0', shift.saturating_sub(whole)));
        out.extend(digits);
    } else {
        out.extend(digits);
        out.extend(core::iter::repeat_n(b'0', shift.saturating_sub(fraction)));
    }
}

/// The parameters in `tree` as one JSON object, for somebody else to sign.
///
/// Integers that a JavaScript number would not hold go as strings of digits, which every
/// parameter takes.
pub fn parameters_json(tree: &[u8]) -> Result<alloc::string::String, Error> {
    let mut reader = Reader::new(tree);
    if reader.next()? != Token::Map {
        return Err(damaged());
    }
    let mut out = Vec::from(b"{");
    while let Some(name) = reader.name()? {
        let token = reader.next()?;
        if out.len() > 1 {
            out.push(b',');
        }
        write_json_string(&mut out, name)?;
        out.push(b':');
        match token {
            Token::Number(digits) if digits.len() > 15 => write_json_string(&mut out, digits)?,
            token => write_json(&mut out, token, &mut reader, 1)?,
        }
    }
    out.push(b'}');
    alloc::string::String::from_utf8(out).map_err(|_| damaged())
}

/// Appends the JSON text of the value that starts with `token`: no spaces, keys sorted at every
/// level, everything outside printable ASCII as `\uXXXX` in lower-case hex.
///
/// This is `json.dumps(value, sort_keys=True, separators=(",", ":"))`, which the official SDK
/// sends; `JSON.stringify` neither sorts nor escapes.
pub(super) fn write_json<'a>(
    out: &mut Vec<u8>,
    token: Token<'a>,
    reader: &mut Reader<'a>,
    depth: usize,
) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        return Err(Error::parameters(&[
            "a parameter is nested more than 128 levels deep",
        ]));
    }
    match token {
        Token::Null => out.extend_from_slice(b"null"),
        Token::Bool(true) => out.extend_from_slice(b"true"),
        Token::Bool(false) => out.extend_from_slice(b"false"),
        Token::Number(number) => write_number(out, number),
        Token::Text(text) => write_json_string(out, text)?,
        Token::List => {
            out.push(b'[');
            let mut is_first = true;
            loop {
                let item = reader.next()?;
                if item == Token::End {
                    break;
                }
                if !core::mem::take(&mut is_first) {
                    out.push(b',');
                }
                write_json(out, item, reader, depth + 1)?;
            }
            out.push(b']');
        }
        Token::Map => {
            let mut fields = Vec::new();
            let rest = reader.rest();
            let start = rest.len();
            while let Some(name) = reader.name()? {
                let value = reader.clone();
                let token = reader.next()?;
                reader.skip(token)?;
                fields.push((name, start - value.rest().len()));
            }
            sort_by_name(&mut fields);
            out.push(b'{');
            let mut is_first = true;
            for (name, at) in fields {
                let mut value = Reader::new(&rest[at..]);
                if !core::mem::take(&mut is_first) {
                    out.push(b',');
                }
                write_json_string(out, name)?;
                out.push(b':');
                let token = value.next()?;
                write_json(out, token, &mut value, depth + 1)?;
            }
            out.push(b'}');
        }
        Token::Name(_) | Token::End => return Err(damaged()),
    }
    Ok(())
}

fn write_json_string(out: &mut Vec<u8>, text: &[u8]) -> Result<(), Error> {
    let text = core::str::from_utf8(text).map_err(|_| damaged())?;
    out.push(b'"');
    for character in text.chars() {
        match character {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            ' '..='~' => out.push(character as u8),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.extend_from_slice(b"\\u");
                    out.extend(
                        [12, 8, 4, 0]
                            .map(|shift| b"0123456789abcdef"[usize::from(*unit >> shift & 15)]),
                    );
                }
            }
        }
    }
    out.push(b'"');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::tree::json;
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
        write_json(&mut out, token, &mut reader, 0).unwrap();
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
            let tree = crate::sign::tree::json::tree(&json!({ "a": nested }));
            parameters_json(&tree)
        };
        for wrap in [|inner| json!([inner]), |inner| json!({ "b": inner })] {
            assert!(made(wrap, 127).is_ok());
            assert!(made(wrap, 128).is_err());
        }
    }

    #[test]
    fn parameters_for_another_signer_are_json_whose_long_numbers_are_texts() {
        use crate::sign::Params;
        let mut params = Params::new();
        params
            .text("a", "é")
            .number("n", 123_456_789_012_345)
            .number("long", 1_234_567_890_123_456)
            .texts("list", &["x"])
            .boolean("flag", true);
        assert_eq!(
            parameters_json(&params.tree()).unwrap(),
            r#"{"a":"\u00e9","n":123456789012345,"long":"1234567890123456","list":["x"],"flag":true}"#
        );
        assert_eq!(parameters_json(&Params::new().tree()).unwrap(), "{}");
        assert!(parameters_json(&[]).is_err());
        let list = [5u8, 0];
        assert!(parameters_json(&list).is_err());
    }

    #[test]
    fn a_nest_without_end_is_an_error() {
        let tree = [5u8; 200];
        let mut reader = Reader::new(&tree);
        let token = reader.next().unwrap();
        assert!(write_json(&mut Vec::new(), token, &mut reader, 0).is_err());
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
