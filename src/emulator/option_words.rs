//! What is wrong with an option, in the words of whoever gave it rather than of the parser.

use crate::emulator::names::*;

/// `error` of the parser as what follows the option's name: ` must be a list, got "pek3"`.
pub fn worded(error: &str) -> String {
    if let Some((got, wanted)) = parts(error, "invalid type: ") {
        return format!(" must be {}, got {}", wanted_as(wanted), got_as(got));
    }
    if let Some((got, wanted)) = parts(error, "invalid value: ") {
        return format!(" must be {}, got {}", wanted_as(wanted), got_as(got));
    }
    if let Some(rest) = error.strip_prefix("unknown variant ") {
        let (got, choices) = rest.split_once(", expected ").unwrap_or((rest, ""));
        return format!(" must be {}, got {}", quoted(choices), quoted(got));
    }
    if let Some(rest) = error.strip_prefix("unknown field ") {
        let (got, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let known = known.strip_prefix("one of ").unwrap_or(known);
        return format!(
            ": {} is not known; known are {}",
            quoted(got),
            known.replace('`', "")
        );
    }
    if let Some(name) = error.strip_prefix("missing field ") {
        return format!(": {} is missing", quoted(name));
    }
    format!(": {error}")
}

/// What came, and what was expected.
fn parts<'e>(error: &'e str, kind: &str) -> Option<(&'e str, &'e str)> {
    error.strip_prefix(kind)?.rsplit_once(", expected ")
}

fn wanted_as(wanted: &str) -> String {
    match wanted {
        "u8" | "u16" | "u32" | "u64" => "a whole number from 0 on".into(),
        "i64" | "i32" => "a whole number".into(),
        "f64" | "f32" => "a number".into(),
        "a boolean" => "true or false".into(),
        "a sequence" => "a list".into(),
        "a map" => "an object".into(),
        wanted if wanted.starts_with("struct ") => "an object".into(),
        wanted => wanted.into(),
    }
}

/// The parser writes what came as its type and the value, in quotes or between backticks.
fn got_as(got: &str) -> String {
    match got {
        "map" => "an object".into(),
        "sequence" => "a list".into(),
        got => match got.split_once(['`', '"']) {
            Some(("string ", value)) => format!("\"{value}"),
            Some((_, value)) => value.trim_end_matches('`').into(),
            None => got.into(),
        },
    }
}

fn quoted(names: &str) -> String {
    names.replace('`', "\"")
}

#[cfg(test)]
mod tests {
    use super::worded;

    #[test]
    fn the_parsers_words_become_those_of_javascript() {
        for (error, words) in [
            (
                r#"invalid type: string "x", expected u64"#,
                r#" must be a whole number from 0 on, got "x""#,
            ),
            (
                "invalid value: integer `-5`, expected u32",
                " must be a whole number from 0 on, got -5",
            ),
            (
                "invalid type: floating point `1.5`, expected i64",
                " must be a whole number, got 1.5",
            ),
            (
                "invalid type: map, expected a sequence",
                " must be a list, got an object",
            ),
            (
                "invalid type: null, expected a boolean",
                " must be true or false, got null",
            ),
            (
                r#"invalid type: string "a, expected b", expected a map"#,
                r#" must be an object, got "a, expected b""#,
            ),
            (
                "unknown variant `no`, expected `empty` or `refuse`",
                r#" must be "empty" or "refuse", got "no""#,
            ),
            (
                "unknown field `foo`, expected one of `a`, `b`",
                r#": "foo" is not known; known are a, b"#,
            ),
            (
                "missing field `accessKeyId`",
                r#": "accessKeyId" is missing"#,
            ),
            (
                "it is empty; name one at least",
                ": it is empty; name one at least",
            ),
        ] {
            assert_eq!(worded(error), words);
        }
    }
}
