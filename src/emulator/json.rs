//! Writes the JSON of an answer straight into one string: no tree in between.

use crate::emulator::names::*;
use std::fmt::Write as _;

use crate::sign::time;

/// A JSON object under construction; each method adds one member.
///
/// Names are our own literals and are written as they are; values are escaped.
#[derive(Default)]
pub struct Json {
    text: String,
}

impl Json {
    /// An object with room for an answer of the usual size.
    pub fn open() -> Json {
        let mut text = String::with_capacity(512);
        text.push('{');
        Json { text }
    }

    /// The finished text.
    pub fn close(mut self) -> String {
        self.text.push('}');
        self.text
    }

    fn comma(&mut self) {
        // The last byte says whether this is the first member: an escaped value never ends in a bare bracket.
        if !self.text.ends_with(['{', '[']) {
            self.text.push(',');
        }
    }

    fn name(&mut self, name: &str) {
        self.comma();
        self.quote(name);
        self.text.push(':');
    }

    /// Adds a string.
    pub fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.quote(value);
    }

    /// Adds a string, or `null`.
    pub fn text_or_null(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.raw(name, "null"),
        }
    }

    /// Adds an integer.
    pub fn number(&mut self, name: &str, value: i64) {
        self.name(name);
        let _ = write!(self.text, "{value}");
    }

    /// Adds a flag as the service writes them: 1 or 0.
    pub fn flag(&mut self, name: &str, value: bool) {
        self.number(name, i64::from(value));
    }

    /// Adds a time of milliseconds as `2013-08-27T14:30:10Z`.
    pub fn time(&mut self, name: &str, unix_ms: i64) {
        self.name(name);
        self.text.push('"');
        self.push_time(unix_ms, 20);
        self.text.push('"');
    }

    /// Adds a time without the `Z`: several project pages show it so.
    pub fn bare_time(&mut self, name: &str, unix_ms: i64) {
        self.name(name);
        self.text.push('"');
        self.push_time(unix_ms, 19);
        self.text.push('"');
    }

    fn push_time(&mut self, unix_ms: i64, length: usize) {
        // The emulator keeps its times within the years that have four digits.
        let stamp = time::format(unix_ms.div_euclid(1000)).unwrap_or(*b"1970-01-01T00:00:00Z");
        self.text
            .extend(stamp[..length].iter().map(|&byte| char::from(byte)));
    }

    /// Adds text that is JSON already.
    pub fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.text.push_str(json);
    }

    /// Adds an object.
    pub fn object(&mut self, name: &str, fill: impl FnOnce(&mut Json)) {
        self.name(name);
        self.text.push('{');
        fill(self);
        self.text.push('}');
    }

    /// Adds a list of objects.
    pub fn objects<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut fill: impl FnMut(&mut Json, T),
    ) {
        self.name(name);
        self.text.push('[');
        for item in items {
            self.comma();
            self.text.push('{');
            fill(self, item);
            self.text.push('}');
        }
        self.text.push(']');
    }

    /// Adds a list of strings.
    pub fn texts<S: AsRef<str>>(&mut self, name: &str, items: impl IntoIterator<Item = S>) {
        self.name(name);
        self.text.push('[');
        for item in items {
            self.comma();
            self.quote(item.as_ref());
        }
        self.text.push(']');
    }

    fn quote(&mut self, value: &str) {
        self.text.push('"');
        let mut plain = 0;
        for (at, byte) in value.bytes().enumerate() {
            if byte >= 0x20 && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.text.push_str(&value[plain..at]);
            plain = at + 1;
            match byte {
                b'"' => self.text.push_str("\\\""),
                b'\\' => self.text.push_str("\\\\"),
                b'\n' => self.text.push_str("\\n"),
                b'\r' => self.text.push_str("\\r"),
                b'\t' => self.text.push_str("\\t"),
                _ => {
                    let _ = write!(self.text, "\\u{byte:04x}");
                }
            }
        }
        self.text.push_str(&value[plain..]);
        self.text.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_comes_back_from_a_json_parser_unchanged() {
        let mut all: String = (0..0x300).filter_map(char::from_u32).collect();
        all.push_str("中文🚀\u{2028}");
        let mut json = Json::open();
        json.text("first", &all);
        json.texts("list", ["", "[", "{", "a\":"]);
        json.objects("items", [1, 2], |json, number| {
            json.number("n", number);
            json.object("inner", |_| ());
            json.flag("flag", true);
        });
        json.text_or_null("none", None);
        let value: serde_json::Value = serde_json::from_str(&json.close()).expect("valid JSON");
        assert_eq!(value["first"], all.as_str());
        assert_eq!(value["list"], serde_json::json!(["", "[", "{", "a\":"]));
        assert_eq!(
            value["items"][1],
            serde_json::json!({ "n": 2, "inner": {}, "flag": 1 })
        );
        assert!(value["none"].is_null());
    }

    #[test]
    fn times_are_written_with_and_without_the_z() {
        let mut json = Json::open();
        json.time("a", 1_377_613_810_999);
        json.bare_time("b", 1_377_613_810_000);
        assert_eq!(
            json.close(),
            r#"{"a":"2013-08-27T14:30:10Z","b":"2013-08-27T14:30:10"}"#
        );
    }
}
