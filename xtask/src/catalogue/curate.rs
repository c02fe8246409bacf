//! The hand-written half of the catalogue: `curated.json` and the rules it overrides.
//!
//! A rule is a guess from names; an override is a decision. An override that decides
//! nothing, or decides about an action that does not exist, is reported, so that the
//! file stays as short as what it has to say.

use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// `curated.json`, remembering which of its entries were used.
pub struct Curated<'a> {
    data: &'a Value,
    used: RefCell<BTreeSet<String>>,
}

/// What kind of call an action is, and whether repeating it is harmless.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// `read`, `change`, `create` or `destroy`.
    pub class: String,
    /// The same end state, and nothing made, charged, sent or restarted twice.
    pub repeatable: bool,
}

impl<'a> Curated<'a> {
    /// Wraps the parsed file.
    pub fn new(data: &'a Value) -> Self {
        Curated {
            data,
            used: RefCell::default(),
        }
    }

    fn entry(&self, section: &str, name: &str) -> Option<&'a Value> {
        let entry = self.data[section].get(name)?;
        self.used.borrow_mut().insert(format!("{section}.{name}"));
        Some(entry)
    }

    /// The class of `action`, by the longest prefix that fits, then by the override.
    ///
    /// # Errors
    /// No rule fits, or an override repeats what the rule says.
    pub fn class(&self, action: &str) -> Result<Class, String> {
        let prefixes = self.data["rules"]["prefixes"]
            .as_array()
            .ok_or("curated.json has no rules")?;
        let rule = prefixes
            .iter()
            .filter(|rule| {
                rule[0]
                    .as_str()
                    .is_some_and(|prefix| action.starts_with(prefix))
            })
            .max_by_key(|rule| rule[0].as_str().map(str::len))
            .ok_or_else(|| format!("{action}: no prefix in curated.json says what class it is"))?;
        self.used.borrow_mut().insert(format!("prefix {}", rule[0]));
        let by_rule = Class {
            class: rule[1].as_str().unwrap_or_default().into(),
            repeatable: rule[2].as_bool().unwrap_or(false),
        };
        let Some(entry) = self.entry("actions", action) else {
            return Ok(by_rule);
        };
        let class = Class {
            class: entry["class"].as_str().unwrap_or(&by_rule.class).into(),
            repeatable: entry["repeatable"].as_bool().unwrap_or(by_rule.repeatable),
        };
        if class == by_rule || entry["why"].as_str().is_none() {
            return Err(format!(
                "{action}: its entry in curated.json changes nothing, or does not say why"
            ));
        }
        Ok(class)
    }

    /// Whether the value of a parameter or field of this name is a secret.
    pub fn is_secret(&self, name: &str) -> bool {
        let list = |key: &str| {
            self.data["secrets"][key]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
        };
        list("names").any(|secret| name == secret)
            || list("suffixes").any(|suffix| name.ends_with(suffix))
    }

    /// How sure it is that a parameter is required, where the general rule would be wrong.
    pub fn required(&self, action: &str, parameter: &str) -> Option<&'a str> {
        self.entry("required", &format!("{action}.{parameter}"))?
            .as_str()
    }

    /// The list in an answer of a read and the id in its items, as `{field, id}`.
    pub fn list(&self, action: &str, answer: &[Value], structures: &Value) -> Option<Value> {
        if let Some(entry) = self.entry("lists", action) {
            return Some(match entry["id"].as_str() {
                Some(id) => json!({"field": entry["list"], "id": id}),
                None => json!({"field": entry["list"]}),
            });
        }
        let mut arrays = answer.iter().filter(|field| field["type"] == "array");
        let (field, None) = (arrays.next()?, arrays.next()) else {
            return None;
        };
        let name = field["name"].as_str()?;
        let id = format!("{}_id", name.strip_suffix("_set").unwrap_or(name));
        let inline = field.get("fields");
        let fields = inline
            .or_else(|| structures.get(field["items"].as_str()?))
            .and_then(Value::as_array);
        let has_id = fields
            .into_iter()
            .flatten()
            .any(|field| field["name"] == *id);
        Some(if has_id {
            json!({"field": name, "id": id})
        } else {
            json!({"field": name})
        })
    }

    /// Which Describe action shows what `action` did, as `{action, parameters}`.
    pub fn read_back(&self, action: &Value, reads: &Reads) -> Option<Value> {
        let name = action["action"].as_str()?;
        if let Some(entry) = self.entry("read_back", name) {
            return (!entry.is_null()).then(|| entry.clone());
        }
        reads.find(name, action["params"].as_array()?)
    }

    /// Entries that no action needed.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.borrow();
        let sections = ["actions", "lists", "required", "read_back"];
        let entries = sections.iter().flat_map(|section| {
            let names = self.data[section]
                .as_object()
                .into_iter()
                .flat_map(Map::keys);
            names
                .filter(|name| *name != "about")
                .map(move |name| format!("{section}.{name}"))
        });
        let prefixes = self.data["rules"]["prefixes"]
            .as_array()
            .into_iter()
            .flatten();
        let prefixes = prefixes.map(|rule| format!("prefix {}", rule[0]));
        entries
            .chain(prefixes)
            .filter(|entry| !used.contains(entry))
            .collect()
    }
}

/// The Describe actions that can be asked for resources by id: `instance` → (`DescribeInstances`, `instances`).
pub struct Reads<'a>(BTreeMap<String, (&'a str, &'a str)>);

impl<'a> Reads<'a> {
    /// Finds them: a Describe action counts when a list parameter repeats its noun.
    pub fn new(actions: &'a [Value]) -> Self {
        let mut reads = BTreeMap::new();
        for action in actions {
            let Some(name) = action["action"].as_str() else {
                continue;
            };
            let Some(noun) = name.strip_prefix("Describe") else {
                continue;
            };
            for parameter in action["params"].as_array().into_iter().flatten() {
                let list = parameter["name"].as_str().unwrap_or_default();
                if parameter["type"] == "array" && squash(list) == squash(noun) {
                    reads.insert(singular(list), (name, list));
                }
            }
        }
        Reads(reads)
    }

    fn find(&self, action: &str, parameters: &[Value]) -> Option<Value> {
        // What `CreateVolumeFromSnapshot` makes is a volume.
        let makes = ["Allocate", "Clone", "Copy", "Create", "Run"]
            .iter()
            .any(|verb| action.starts_with(verb));
        let subject = squash(
            action
                .split("From")
                .next()
                .filter(|_| makes)
                .unwrap_or(action),
        );
        let named = |(stem, (_, list)): &(&String, &(&str, &str))| {
            subject.contains(&squash(stem)) || subject.contains(&squash(list))
        };
        let (stem, (read, list)) = self
            .0
            .iter()
            .filter(named)
            .max_by_key(|(stem, _)| stem.len())?;
        let has = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
        let from = [list.to_string(), stem.clone(), format!("{stem}_id")]
            .into_iter()
            .find(|name| has(name));
        if let Some(from) = from.filter(|_| !makes) {
            return Some(json!({"action": read, "parameters": {*list: from}}));
        }
        // `AddSecurityGroupRules`: the rules of that security group.
        let parent = parameters
            .iter()
            .filter(|parameter| parameter["required"] == true)
            .find_map(|parameter| {
                let name = parameter["name"].as_str()?;
                (squash(stem).starts_with(&squash(name)) && name != stem).then_some(name)
            });
        let parent = parent.or_else(|| {
            has("loadbalancer_listener")
                .then_some("loadbalancer_listener")
                .filter(|_| action.ends_with("Backends"))
        });
        Some(match parent {
            Some(parent) => json!({"action": read, "parameters": {parent: parent}}),
            None => json!({"action": read}),
        })
    }
}

fn squash(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

fn singular(list: &str) -> String {
    match (list.strip_suffix("ies"), list.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.into(),
        (None, None) => list.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Curated, singular};
    use crate::catalogue::{build::source, import, source_folder};
    use std::collections::BTreeSet;

    /// Whoever edits one of the two has to edit the other: by hand, or by importing again.
    #[test]
    fn the_committed_actions_are_what_the_curated_file_says() {
        let data = import::read(&source_folder().join("curated.json")).unwrap();
        let curated = Curated::new(&data);
        let actions = source::read(&source_folder()).actions;
        for action in &actions {
            let name = source::text(&action["action"]);
            let class = curated.class(name).unwrap();
            assert_eq!(action["class"], class.class.as_str(), "{name}");
            assert_eq!(action["repeatable"], class.repeatable, "{name}");
            for parameter in source::list(&action["parameters"]) {
                let parameter_name = source::text(&parameter["name"]);
                assert_eq!(
                    parameter["secret"] == true,
                    curated.is_secret(parameter_name),
                    "{name}.{parameter_name}"
                );
                if let Some(required) = curated.required(name, parameter_name) {
                    assert_eq!(
                        parameter["required"].as_str().unwrap_or("no"),
                        required,
                        "{name}.{parameter_name}"
                    );
                }
            }
            if let Some(read_back) = data["read_back"].get(name) {
                assert_eq!(action["read_back"], *read_back, "{name}");
            }
            if let Some(list) = data["lists"].get(name) {
                assert_eq!(action["list"]["field"], list["list"], "{name}");
                assert_eq!(action["list"]["id"], list["id"], "{name}");
            }
        }
        let names: BTreeSet<_> = actions
            .iter()
            .map(|action| source::text(&action["action"]))
            .collect();
        for section in ["actions", "read_back", "lists"] {
            let entries = data[section]
                .as_object()
                .unwrap()
                .keys()
                .filter(|name| *name != "about");
            entries.for_each(|name| assert!(names.contains(name.as_str()), "{section}.{name}"));
        }
    }

    #[test]
    fn lists_are_named_for_what_is_in_them() {
        for (list, one) in [
            ("instances", "instance"),
            ("alarm_policies", "alarm_policy"),
            ("jobs", "job"),
        ] {
            assert_eq!(singular(list), one);
        }
    }
}
