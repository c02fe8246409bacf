//! Short names for what a module and its glue call each other. Nobody else does, and wasm-bindgen's own names, many of them
//! with a hash, are 3 KB of the client's gzip.

use std::collections::HashMap;

use wasm_bindgen_cli_support::Output;

use crate::shell::Result;

/// What the module calls its glue.
const GLUE: &str = "./bound_bg.js";

/// Exports that hand-written JavaScript uses by name.
const KNOWN_EXPORTS: [&str; 3] = ["memory", "__stack_pointer", "client_new"];

/// What was renamed, long name to short.
#[derive(Default)]
pub struct Renamed {
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
}

/// Renames in the module of `output`.
pub fn shorten(output: &mut Output) -> Renamed {
    let module = output.wasm_mut();
    let mut renamed = Renamed::default();
    let imports = module.imports.iter_mut();
    for (number, import) in imports.filter(|it| it.module == GLUE).enumerate() {
        rename(&mut import.name, number, &mut renamed.imports);
    }
    let exports = module.exports.iter_mut();
    let exports = exports.filter(|it| !KNOWN_EXPORTS.contains(&it.name.as_str()));
    for (number, export) in exports.enumerate() {
        rename(&mut export.name, number, &mut renamed.exports);
    }
    renamed
}

impl Renamed {
    /// The glue with the same names.
    pub fn in_glue(&self, glue: &str) -> Result<String> {
        let glue = in_properties(glue, &self.imports)?;
        Ok(in_members(&glue, &self.exports))
    }
}

fn rename(name: &mut String, number: usize, renamed: &mut HashMap<String, String>) {
    let long = std::mem::replace(name, short_name(number));
    renamed.insert(long, name.clone());
}

/// `a` to `z`, then `a1`, `b1` and so on.
fn short_name(number: usize) -> String {
    let letter = char::from(b'a' + (number % 26) as u8);
    match number / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// The imports are properties of an object, one to a line or more.
fn in_properties(glue: &str, renamed: &HashMap<String, String>) -> Result<String> {
    let mut left = renamed.len();
    let lines = glue.lines().map(|line| {
        let name = line.trim_start();
        let indent = &line[..line.len() - name.len()];
        match name
            .split_once(": ")
            .and_then(|(name, rest)| Some((renamed.get(name)?, rest)))
        {
            Some((short, rest)) => {
                left -= 1;
                format!("{indent}{short}: {rest}\n")
            }
            None => format!("{line}\n"),
        }
    });
    let glue = lines.collect();
    if left > 0 {
        return Err(format!(
            "wasm-bindgen writes its imports in a new way: {left} of them were not found in the glue."
        ));
    }
    Ok(glue)
}

/// The exports are members of `wasm`.
fn in_members(glue: &str, renamed: &HashMap<String, String>) -> String {
    let mut pieces = glue.split("wasm.");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|next: char| !next.is_alphanumeric() && next != '_');
        let (name, rest) = piece.split_at(end.unwrap_or(piece.len()));
        text.push_str("wasm.");
        text.push_str(renamed.get(name).map_or(name, |short| short));
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<const N: usize>(pairs: [(&str, &str); N]) -> HashMap<String, String> {
        pairs
            .map(|(long, short)| (long.into(), short.into()))
            .into()
    }

    #[test]
    fn imports_are_renamed_where_they_are_given() {
        let glue = "const import0 = {\n    __wbg_now_1f: function() {\n        const a = { __wbg_now_1fx: 1 };\n    },\n};\n";
        let short = in_properties(glue, &names([("__wbg_now_1f", "a")])).unwrap();
        assert_eq!(short, glue.replace("__wbg_now_1f: function", "a: function"));
    }

    #[test]
    fn an_import_that_the_glue_lacks_is_an_error() {
        assert!(in_properties("const import0 = {};\n", &names([("__wbg_now_1f", "a")])).is_err());
    }

    #[test]
    fn exports_are_renamed_where_they_are_used_whole() {
        let renamed = names([("call", "a"), ("call_all", "b")]);
        assert_eq!(
            in_members("wasm.call(wasm.call_all, wasm.call_any, call)", &renamed),
            "wasm.a(wasm.b, wasm.call_any, call)"
        );
    }

    #[test]
    fn short_names_differ() {
        assert_eq!([0, 25, 26, 53].map(short_name), ["a", "z", "a1", "b2"]);
    }
}
