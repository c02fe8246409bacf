//! The table that signing needs: what is not encoded, named or sent in the usual way.

use super::source::{Source, list, text};
use std::fmt::Write as _;

/// The tables as Rust source. The encodings are a text: a line for each action, on it a word for each of its exceptions,
/// its name and `j` for JSON, `p` for JSON in a project, `b` for a boolean. References would weigh more in a module.
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
                    ("json", _) => 'j',
                    ("json_in_project", _) => 'p',
                    ("", "boolean") => 'b',
                    _ => return None,
                };
                Some(format!("{}:{encoding}", text(&parameter["name"])))
            })
            .collect();
        if !exceptions.is_empty() {
            let _ = writeln!(encodings, "{name} {}", exceptions.join(" "));
        }
        if let Some(wire) = action["wire_action"].as_str() {
            let _ = writeln!(wire_names, "    ({name:?}, {wire:?}),");
        }
        if action["method"] == "POST" {
            let _ = writeln!(posts, "    {name:?},");
        }
    }
    format!(
        "static ENCODINGS: &[u8] = b{encodings:?};\n\
         static WIRE_NAMES: &[(&str, &str)] = &[\n{wire_names}];\n\
         static POSTS: &[&str] = &[\n{posts}];\n"
    )
}
