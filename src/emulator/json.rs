//! Writes the JSON of an answer straight into one string: no tree in between.

use crate::emulator::names::*;
use std::fmt::Write as _;

use crate::sign::time;

const EPOCH: [u8; 20] = *b"1970-01-01T00:00:00Z";

/// A JSON object under construction; each method adds one member.
///
/// Names are our own literals and are written as they are; values are escaped. All of it is ASCII: what
/// stands beyond is escaped, so that no reader has to guess a character set and half of a text is text.
pub struct Json {
    text: String,
    /// The two times written last, in seconds, with their text, the last one first: the items of a list
    /// mostly share when they were made and when their status changed.
    stamps: [(i64, [u8; 20]); 2],
}

impl Json {
    /// An object with room for an answer of the usual size.
    pub fn open() -> Json {
        let mut text = String::with_capacity(1024);
        text.push('{');
        Json {
            text,
            stamps: [(0, EPOCH); 2],
        }
    }

    /// The finished text.
    pub fn close(mut self) -> String {
        self.text.push('}');
        self.text
    }

    fn comma(&mut self) {
        // The last byte says whether this is the first member: an escaped value never ends in a bare bracket.
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[')) {
            self.text.push(',');
        }
    }

    fn name(&mut self, name: &'static str) {
        self.text.reserve(name.len() + 32);
        self.comma();
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    /// Adds a string.
    pub fn text(&mut self, name: &'static str, value: &str) {
        self.name(name);
        self.quote(value);
    }

    /// Adds a string under a name that came from outside.
    pub fn text_named(&mut self, name: &str, value: &str) {
        self.comma();
        self.quote(name);
        self.text.push(':');
        self.quote(value);
    }

    /// Adds a string, or `null`.
    pub fn text_or_null(&mut self, name: &'static str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.raw(name, "null"),
        }
    }

    /// Adds an integer.
    pub fn number(&mut self, name: &'static str, value: i64) {
        self.name(name);
        // The formatter of the library is several times slower, and most of what is listed is numbers.
        let mut digits = [0; 20];
        let mut from = digits.len();
        let mut rest = value.unsigned_abs();
        loop {
            from -= 1;
            digits[from] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            self.text.push('-');
        }
        self.push_ascii(&digits[from..]);
    }

    /// Adds a flag as the service writes them: 1 or 0.
    pub fn flag(&mut self, name: &'static str, value: bool) {
        self.number(name, i64::from(value));
    }

    /// Adds a time of milliseconds as `2013-08-27T14:30:10Z`.
    pub fn time(&mut self, name: &'static str, unix_ms: i64) {
        self.push_time(name, unix_ms, 20);
    }

    /// Adds a time without the `Z`: several project pages show it so.
    pub fn bare_time(&mut self, name: &'static str, unix_ms: i64) {
        self.push_time(name, unix_ms, 19);
    }

    fn push_time(&mut self, name: &'static str, unix_ms: i64, length: usize) {
        self.name(name);
        let seconds = unix_ms.div_euclid(1000);
        if self.stamps[0].0 != seconds {
            self.stamps.swap(0, 1);
        }
        if self.stamps[0].0 != seconds {
            // The emulator keeps its times within the years that have four digits.
            self.stamps[0] = (seconds, time::format(seconds).unwrap_or(EPOCH));
        }
        let stamp = self.stamps[0].1;
        self.text.push('"');
        self.push_ascii(&stamp[..length]);
        self.text.push('"');
    }

    fn push_ascii(&mut self, ascii: &[u8]) {
        self.text
            .push_str(std::str::from_utf8(ascii).unwrap_or_default());
    }

    /// Adds text that is JSON already.
    pub fn raw(&mut self, name: &'static str, json: &str) {
        self.name(name);
        self.text.push_str(json);
    }

    /// Adds an object.
    pub fn object(&mut self, name: &'static str, fill: impl FnOnce(&mut Json)) {
        self.name(name);
        self.text.push('{');
        fill(self);
        self.text.push('}');
    }

    /// Adds a list of objects.
    pub fn objects<T>(
        &mut self,
        name: &'static str,
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
    pub fn texts<S: AsRef<str>>(&mut self, name: &'static str, items: impl IntoIterator<Item = S>) {
        self.name(name);
        self.text.push('[');
        for item in items {
            self.comma();
            self.quote(item.as_ref());
        }
        self.text.push(']');
    }

    fn quote(&mut self, value: &str) {
        self.text.reserve(value.len() + 2);
        self.text.push('"');
        if is_plain(value.as_bytes()) {
            self.text.push_str(value);
        } else {
            self.escape(value);
        }
        self.text.push('"');
    }

    fn escape(&mut self, value: &str) {
        for character in value.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                ' '..='\x7f' => self.text.push(character),
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let _ = write!(self.text, "\\u{unit:04x}");
                    }
                }
            }
        }
    }
}

/// Whether a text is written as it is: ASCII, and nothing to escape. Eight bytes at a time, since answers
/// are made of such texts.
fn is_plain(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    // Marks at least one byte exactly if some byte is zero.
    const fn zeros(eight: u64) -> u64 {
        eight.wrapping_sub(ONES) & !eight
    }
    let mut chunks = bytes.chunks_exact(8);
    let marked = chunks.by_ref().fold(0, |marked, chunk| {
        let eight = u64::from_le_bytes(chunk.try_into().unwrap_or_default());
        let quotes = zeros(eight ^ (ONES * b'"' as u64));
        let slashes = zeros(eight ^ (ONES * b'\\' as u64));
        let controls = eight.wrapping_sub(ONES * b' ' as u64) & !eight;
        marked | eight | quotes | slashes | controls
    });
    let is_plain = |byte: &u8| matches!(byte, b' '..=0x7f) && !matches!(byte, b'"' | b'\\');
    marked & HIGHS == 0 && chunks.remainder().iter().all(is_plain)
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
    fn every_character_at_every_place_of_a_text_comes_back_in_ascii() {
        for character in (0..0x180).filter_map(char::from_u32) {
            for place in 0..17 {
                let mut text = "~~~~~~~~~~~~~~~~".to_owned();
                text.insert(place, character);
                let mut json = Json::open();
                json.text_named(&text, &text);
                let json = json.close();
                assert!(json.is_ascii(), "{json}");
                let value: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
                assert_eq!(value[&text], text.as_str(), "{json}");
            }
        }
    }

    #[test]
    fn numbers_are_written_in_full() {
        for number in [0, 9, 10, -1, 1024, i64::MAX, i64::MIN] {
            let mut json = Json::open();
            json.number("n", number);
            assert_eq!(json.close(), format!("{{\"n\":{number}}}"));
        }
    }

    #[test]
    fn times_are_written_with_and_without_the_z() {
        let mut json = Json::open();
        json.time("a", 1_377_613_810_999);
        json.bare_time("b", 1_377_613_810_000);
        json.time("c", 1_377_613_811_000);
        assert_eq!(
            json.close(),
            r#"{"a":"2013-08-27T14:30:10Z","b":"2013-08-27T14:30:10","c":"2013-08-27T14:30:11Z"}"#
        );
    }
}
