//! Writes JSON so that people can read and compare it: containers of containers are spread
//! over lines down to a chosen depth; what is deeper, or flat, stands on one line.

use serde_json::Value;

/// Names in the order they are written; names not listed follow, sorted.
const ORDER: &[&str] = &[
    "action",
    "code",
    "id",
    "service",
    "name",
    "class",
    "repeatable",
    "method",
    "wire_action",
    "job",
    "list",
    "read_back",
    "type",
    "items",
    "map_of",
    "enum",
    "default",
    "max",
    "required",
    "item_required",
    "item_evidence",
    "encoding",
    "other_encodings",
    "aliases",
    "common",
    "account_level_optional",
    "optional",
    "secret",
    "fields",
    "sources",
    "answer_sources",
    "notes",
    "parameters",
    "answer",
    "status",
    "transition_status",
];

/// `value` as text, spread over lines down to `depth` containers, ended by a line feed.
pub fn spread(value: &Value, depth: usize) -> String {
    let mut text = String::new();
    write(&mut text, value, depth, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Value, depth: usize, level: usize) {
    let (open, close, entries) = match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map
                .iter()
                .map(|(name, value)| (Some(name), value))
                .collect();
            entries.sort_by_key(|(name, _)| rank(name.expect("names in an object")));
            ('{', '}', entries)
        }
        Value::Array(list) => ('[', ']', list.iter().map(|value| (None, value)).collect()),
        scalar => return text.push_str(&scalar.to_string()),
    };
    let nested = |value: &Value| value.is_object() || value.is_array();
    let lines = level < depth && entries.iter().any(|(_, value)| nested(value));
    let last = entries.len().saturating_sub(1);
    text.push(open);
    for (index, (name, value)) in entries.into_iter().enumerate() {
        if lines {
            new_line(text, level + 1);
        }
        if let Some(name) = name {
            text.push_str(&Value::from(name.as_str()).to_string());
            text.push_str(": ");
        }
        write(text, value, depth, level + 1);
        if index != last {
            text.push_str(if lines { "," } else { ", " });
        }
    }
    if lines {
        new_line(text, level);
    }
    text.push(close);
}

fn new_line(text: &mut String, level: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', level));
}

fn rank(name: &str) -> (usize, String) {
    let place = ORDER.iter().position(|known| *known == name);
    (place.unwrap_or(ORDER.len()), name.into())
}

#[cfg(test)]
mod tests {
    use super::spread;
    use serde_json::json;

    #[test]
    fn deep_values_stand_on_one_line_and_known_names_come_first() {
        let value =
            json!({"zebra": 1, "name": "x", "list": [{"b": [1, 2], "name": "y"}], "none": []});
        let expected = "{\n \"name\": \"x\",\n \"list\": [\n  {\"name\": \"y\", \"b\": [1, 2]}\n ],\n \"none\": [],\n \"zebra\": 1\n}\n";
        assert_eq!(spread(&value, 2), expected);
    }
}
