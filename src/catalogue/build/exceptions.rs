//! The table that signing needs: what is not encoded, named or sent in the usual way.

use super::source::{Source, list, text};
use std::fmt::Write as _;

/// The tables as Rust source, each sorted by name.
pub fn rust(source: &Source) -> String {
    let mut encodings = String::new();
    let mut wire_names = String::new();
    let mut posts = String::new();
    for action in &source.actions {
        let name = text(&action["action"]);
        let exceptions: Vec<_> = list(&action["parameters"])
            .iter()
            .filter_map(|parameter| {
                let encoding = match (text(&parameter["encoding"]), text(&parameter["type"])) {
                    ("json", _) => "Json",
                    ("json_in_project", _) => "JsonInProject",
                    ("", "boolean") => "Boolean",
                    _ => return None,
                };
                Some(format!(
                    "({:?}, Encoding::{encoding})",
                    text(&parameter["name"])
                ))
            })
            .collect();
        if !exceptions.is_empty() {
            let _ = writeln!(encodings, "    ({name:?}, &[{}]),", exceptions.join(", "));
        }
        if let Some(wire) = action["wire_action"].as_str() {
            let _ = writeln!(wire_names, "    ({name:?}, {wire:?}),");
        }
        if action["method"] == "POST" {
            let _ = writeln!(posts, "    {name:?},");
        }
    }
    format!(
        "static ENCODINGS: &[(&str, &[(&str, Encoding)])] = &[\n{encodings}];\n\
         static WIRE_NAMES: &[(&str, &str)] = &[\n{wire_names}];\n\
         static POSTS: &[&str] = &[\n{posts}];\n"
    )
}
