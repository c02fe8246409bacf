//! Turns a folder of reference facts into the project's own files.
//!
//! The reference is plain data about the service (`catalogue.json`, `errors.json`,
//! `zones.json`, `statuses.json`, `report.json`). Running this again on the same
//! reference changes nothing; on a newer one it leaves a difference that can be reviewed.

use super::curate::{Curated, Reads};
use super::layout::spread;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Reads and parses one file.
///
/// # Errors
/// The file is missing or no JSON.
pub fn read(path: &Path) -> Result<Value, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The files to write, by their path under `src/catalogue`.
///
/// # Errors
/// A reference file is missing, or `curated.json` does not fit it.
pub fn convert(reference: &Path, curated: &Value) -> Result<BTreeMap<String, String>, String> {
    let catalogue = read(&reference.join("catalogue.json"))?;
    let report = read(&reference.join("report.json"))?;
    let curated = Curated::new(curated);
    let source = Source {
        structures: &catalogue["structures"],
        reads: Reads::new(list(&catalogue["actions"])),
        report: list(&report),
        curated: &curated,
    };
    let mut services: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut examples = Map::new();
    for action in list(&catalogue["actions"]) {
        let name = text(&action["action"]);
        services
            .entry(text(&action["service"]))
            .or_default()
            .push(source.action(action)?);
        if let Some(published) = action.get("examples") {
            examples.insert(name.into(), published.clone());
        }
    }
    let unused = curated.unused();
    if !unused.is_empty() {
        return Err(format!("curated.json: nothing needs {}", unused.join(", ")));
    }
    let mut files = BTreeMap::new();
    for (service, mut actions) in services {
        actions.sort_by_key(|action| text(&action["action"]).to_owned());
        let file = json!({"service": service, "actions": actions});
        files.insert(format!("actions/{service}.json"), spread(&file, 4));
    }
    let nulls = nulls(&catalogue);
    let structures: Map<_, _> = catalogue["structures"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, fields)| {
            let fields = list(fields).iter().map(|field| {
                let mut converted = source.field(field);
                if nulls.contains(&(name.as_str(), text(&field["name"]))) {
                    converted["nullable"] = true.into();
                }
                converted
            });
            (name.clone(), sorted(fields))
        })
        .collect();
    files.insert("structures.json".into(), spread(&structures.into(), 2));
    files.insert("examples.json".into(), spread(&examples.into(), 3));
    files.insert(
        "codes.json".into(),
        spread(&codes(&read(&reference.join("errors.json"))?), 1),
    );
    files.insert(
        "zones.json".into(),
        spread(&read(&reference.join("zones.json"))?, 2),
    );
    files.insert(
        "statuses.json".into(),
        spread(&statuses(&read(&reference.join("statuses.json"))?), 2),
    );
    Ok(files)
}

/// Writes `files` under `folder`; an `actions` file that is no longer among them is removed.
///
/// # Errors
/// The folder cannot be written.
pub fn replace(folder: &Path, files: &BTreeMap<String, String>) -> Result<(), String> {
    let actions = folder.join("actions");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(&actions).map_err(failed)?;
    for entry in std::fs::read_dir(&actions).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !files.contains_key(&format!("actions/{}", entry.file_name().to_string_lossy())) {
            std::fs::remove_file(entry.path()).map_err(failed)?;
        }
    }
    for (name, content) in files {
        std::fs::write(folder.join(name), content).map_err(failed)?;
    }
    Ok(())
}

/// The fields of structures, by structure and name, that published examples show as `null`.
fn nulls(catalogue: &Value) -> BTreeSet<(&str, &str)> {
    let mut found = BTreeSet::new();
    for action in list(&catalogue["actions"]) {
        for example in list(&action["examples"]) {
            let fields = list(&action["response"]);
            collect_nulls(&example["response"], fields, None, catalogue, &mut found);
        }
    }
    found
}

/// Looks at `object`, which has these `fields` and is of this `structure`.
fn collect_nulls<'a>(
    object: &Value,
    fields: &'a [Value],
    structure: Option<&'a str>,
    catalogue: &'a Value,
    found: &mut BTreeSet<(&'a str, &'a str)>,
) {
    for field in fields {
        let name = text(&field["name"]);
        let value = &object[name];
        if let Some(structure) = structure
            && object.get(name).is_some_and(Value::is_null)
        {
            found.insert((structure, name));
        }
        let items = text(&field["items"]);
        if let Some(inner) = catalogue["structures"][items].as_array() {
            let objects = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            for object in objects {
                collect_nulls(object, inner, Some(items), catalogue, found);
            }
        }
    }
}

struct Source<'a> {
    structures: &'a Value,
    reads: Reads<'a>,
    report: &'a [Value],
    curated: &'a Curated<'a>,
}

impl Source<'_> {
    fn action(&self, action: &Value) -> Result<Value, String> {
        let name = text(&action["action"]);
        let class = self.curated.class(name)?;
        if (class.class == "read") == (action["mutating"] == true) {
            return Err(format!(
                "{name}: curated.json and the reference disagree on whether it changes anything"
            ));
        }
        let parameters = list(&action["params"]);
        let at_account_level = parameters
            .iter()
            .any(|parameter| parameter["account_level_optional"] == true);
        let mut out = Map::new();
        out.insert("action".into(), name.into());
        out.insert("class".into(), class.class.as_str().into());
        out.insert("repeatable".into(), class.repeatable.into());
        copy(action, &mut out, &["wire_action", "sources", "notes"]);
        if action["method"] != "GET" {
            out.insert("method".into(), action["method"].clone());
        }
        if action["params_known"] == false {
            out.insert("parameters_known".into(), false.into());
        }
        let converted = parameters
            .iter()
            .map(|parameter| self.parameter(name, parameter, at_account_level));
        out.insert("parameters".into(), sorted(converted));
        // An unknown answer has no `answer` at all: that is not the same as an empty one.
        if let Some(answer) = action["response"].as_array() {
            if let Some(job) = ["job_id", "job_ids", "global_job_id"]
                .iter()
                .find(|job| answer.iter().any(|field| field["name"] == **job))
            {
                out.insert("job".into(), (*job).into());
            }
            if class.class == "read"
                && let Some(found) = self.curated.list(name, answer, self.structures)
            {
                out.insert("list".into(), found);
            }
            out.insert(
                "answer".into(),
                sorted(answer.iter().map(|field| self.field(field))),
            );
            out.insert("answer_sources".into(), action["response_sources"].clone());
        }
        if class.class != "read"
            && let Some(read_back) = self.curated.read_back(action, &self.reads)
        {
            out.insert("read_back".into(), read_back);
        }
        Ok(out.into())
    }

    fn parameter(&self, action: &str, parameter: &Value, at_account_level: bool) -> Value {
        let mut out = self.field_map(parameter);
        let keep = ["aliases", "common", "account_level_optional", "sources"];
        copy(parameter, &mut out, &keep);
        if parameter["common"] == false {
            out.remove("common");
        }
        let evidence = self.evidence(action, parameter);
        if evidence != "no" {
            out.insert("required".into(), evidence.into());
        }
        if let Some((names, evidence)) = self.item_required(parameter) {
            out.insert("item_required".into(), names);
            out.insert("item_evidence".into(), evidence.into());
        }
        let others = list(&parameter["alt_encodings"]);
        match text(&parameter["encoding"]) {
            "plain" => {}
            "json" if at_account_level && others.iter().any(|other| other == "indexed") => {
                out.insert("encoding".into(), "json_in_project".into());
            }
            encoding => {
                out.insert("encoding".into(), encoding.into());
                if !others.is_empty() {
                    out.insert("other_encodings".into(), others.into());
                }
            }
        }
        out.into()
    }

    /// `no`, `documented` or `one_source`.
    ///
    /// A page, or two sources that agree, is documentation. Where the merge notes that only
    /// the Python SDK checks for the parameter, that is one source, whatever else lists it.
    fn evidence(&self, action: &str, parameter: &Value) -> &str {
        let name = text(&parameter["name"]);
        if let Some(decided) = self.curated.required(action, name) {
            return decided;
        }
        if parameter["required"] != true {
            return "no";
        }
        // Every SDK sends the common ones with each call, so they never stand on one source.
        if parameter["common"] == true {
            return "documented";
        }
        let noted = |kind: &str| {
            self.report.iter().any(|line| {
                line["kind"] == kind && line["action"] == action && line["name"] == name
            })
        };
        let sources = list(&parameter["sources"]);
        let count = sources.len()
            - usize::from(
                noted("required_kept") && sources.iter().any(|source| source == "python"),
            );
        let documented = sources.iter().any(|source| source == "docs") || count >= 2;
        if documented && !noted("required") {
            "documented"
        } else {
            "one_source"
        }
    }

    /// The fields that every item of a list must have, and how sure that is.
    fn item_required(&self, parameter: &Value) -> Option<(Value, &str)> {
        if let Some(checked_by_sdk) = parameter.get("item_required") {
            return Some((checked_by_sdk.clone(), "one_source"));
        }
        let items = parameter["items"].as_str().unwrap_or_default();
        let fields = parameter.get("fields").unwrap_or(&self.structures[items]);
        let required = list(fields)
            .iter()
            .filter(|field| field["required"] == true);
        let mut names: Vec<_> = required.map(|field| text(&field["name"])).collect();
        names.sort_unstable();
        let sources = list(&parameter["sources"]);
        let documented = sources.len() >= 2 || sources.iter().any(|source| source == "docs");
        let evidence = if documented {
            "documented"
        } else {
            "one_source"
        };
        (!names.is_empty()).then(|| (names.into(), evidence))
    }

    fn field(&self, field: &Value) -> Value {
        self.field_map(field).into()
    }

    fn field_map(&self, field: &Value) -> Map<String, Value> {
        let mut out = Map::new();
        let keep = [
            "name", "type", "items", "enum", "default", "max", "optional",
        ];
        copy(field, &mut out, &keep);
        if let Some(of) = field.get("map_of") {
            let of = if of.is_object() {
                self.field(of)
            } else {
                of.clone()
            };
            out.insert("map_of".into(), of);
        }
        if let Some(fields) = field["fields"].as_array() {
            out.insert(
                "fields".into(),
                sorted(fields.iter().map(|field| self.field(field))),
            );
            // Where the shape stands inline, `object` says nothing more.
            if field["items"] == "object" {
                out.remove("items");
            }
        }
        if field["name"]
            .as_str()
            .is_some_and(|name| self.curated.is_secret(name))
        {
            out.insert("secret".into(), true.into());
        }
        out
    }
}

fn codes(errors: &Value) -> Value {
    let codes = list(&errors["codes"]).iter().map(|code| {
        let mut out = Map::new();
        copy(code, &mut out, &["code", "name", "kind", "retryable"]);
        if code["uncertain"] == true {
            out.insert("uncertain".into(), true.into());
        }
        Value::from(out)
    });
    let mut codes: Vec<_> = codes.collect();
    codes.sort_by_key(|code| code["code"].as_i64());
    codes.into()
}

fn statuses(statuses: &Value) -> Value {
    let entries = statuses
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, status)| {
            let mut out = status.as_object().cloned().unwrap_or_default();
            out.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
            (name.clone(), Value::from(out))
        });
    Value::Object(entries.collect())
}

fn sorted(fields: impl Iterator<Item = Value>) -> Value {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by_key(|field| text(&field["name"]).to_owned());
    fields.into()
}

fn copy(from: &Value, to: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        if let Some(value) = from.get(*name) {
            to.insert((*name).into(), value.clone());
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{convert, read};
    use std::path::Path;

    /// The reference is not part of the repository: `CATALOGUE_REFERENCE=DIR cargo test -p xtask`.
    #[test]
    fn the_committed_files_are_what_the_import_writes() {
        let Some(reference) = std::env::var_os("CATALOGUE_REFERENCE") else {
            eprintln!("CATALOGUE_REFERENCE is not set: nothing to compare with");
            return;
        };
        let folder = super::super::source_folder();
        let curated = read(&folder.join("curated.json")).unwrap();
        for (name, content) in convert(Path::new(&reference), &curated).unwrap() {
            let committed = std::fs::read_to_string(folder.join(&name)).unwrap();
            assert!(
                committed == content,
                "{name} differs: run `cargo xtask import-catalogue REFERENCE_DIR`"
            );
        }
    }
}
