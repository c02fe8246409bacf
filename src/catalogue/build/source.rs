//! Reads the catalogue's files. Used by build.rs only; a malformed file stops the build.

use serde_json::Value;
use std::path::Path;

/// Everything the tables are made from.
pub struct Source {
    /// All actions, sorted by name, each with its `service`.
    pub actions: Vec<Value>,
    /// Structure name to its fields.
    pub structures: Value,
    /// Return codes, sorted.
    pub codes: Value,
    /// Zone ids.
    pub zones: Value,
    /// Statuses by kind of resource.
    pub statuses: Value,
    /// The hand-written texts.
    pub descriptions: Value,
}

/// Reads `folder`, which is `src/catalogue`.
pub fn read(folder: &Path) -> Source {
    let mut actions = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder.join("actions"))
        .expect("src/catalogue/actions is there")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    for path in files {
        let file = json(&path);
        for action in list(&file["actions"]) {
            let mut action = action.clone();
            action["service"] = file["service"].clone();
            actions.push(action);
        }
    }
    actions.sort_by(|a, b| text(&a["action"]).cmp(text(&b["action"])));
    let file = |name: &str| json(&folder.join(name));
    Source {
        actions,
        structures: file("structures.json"),
        codes: file("codes.json"),
        zones: file("zones.json"),
        statuses: file("statuses.json"),
        descriptions: file("descriptions.json"),
    }
}

fn json(path: &Path) -> Value {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The items of a list, none if it is something else.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A string, empty if it is something else.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
