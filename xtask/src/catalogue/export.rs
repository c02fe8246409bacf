//! Writes `catalogue.json`: the whole catalogue in one file, for pages and tools in any language.
//!
//! | field | what |
//! | --- | --- |
//! | `version` | of this format: 1 |
//! | `services` | name to `{ title, actions }` |
//! | `actions` | name to `{ service, class, repeatable, method?, wireAction?, job?, list?, readBack?, description?, answerKnown, parameters, answer? }` |
//! | `structures` | name to fields |
//! | `codes` | `{ code, name, kind, retryable, cause, mend }` |
//! | `zones` | `{ id, region, current }` |
//! | `statuses` | kind of resource to its statuses, transitions and where to see them |
//!
//! A parameter is `{ name, type, items?, fields?, values?, default?, max?, required?, encoding?,
//! secret?, common?, description? }`, sorted by name; `required` is `documented` or `one_source`;
//! no `encoding` means plain. Texts are `{ en, zh }`, in our own words. Our names are camelCase;
//! what the API says keeps its spelling.

use super::build::source::{Source, list, text};
use serde_json::{Map, Value, json};

/// The file's content: sorted, so that it is the same on every machine.
pub fn json(source: &Source) -> String {
    let mut services = Map::new();
    for action in &source.actions {
        let service = text(&action["service"]);
        let title = &source.descriptions["services"][service];
        let entry = services
            .entry(service)
            .or_insert_with(|| json!({"title": title, "actions": []}));
        if let Some(names) = entry["actions"].as_array_mut() {
            names.push(action["action"].clone());
        }
    }
    let actions = source.actions.iter().map(|action| {
        (
            text(&action["action"]).to_owned(),
            of_action(source, action),
        )
    });
    let structures = source.structures.as_object().into_iter().flatten();
    let structures =
        structures.map(|(name, fields)| (name.clone(), list(fields).iter().map(field).collect()));
    let statuses = source.statuses.as_object().into_iter().flatten();
    let whole = json!({
        "version": 1,
        "services": services,
        "actions": Map::from_iter(actions),
        "structures": Map::from_iter(structures),
        "codes": list(&source.codes).iter().map(|code| of_code(source, code)).collect::<Value>(),
        "zones": of_zones(&source.zones),
        "statuses": Map::from_iter(statuses.map(|(name, statuses)| (name.clone(), of_statuses(statuses)))),
    });
    whole.to_string() + "\n"
}

fn of_action(source: &Source, action: &Value) -> Value {
    let mut out = Map::new();
    copy(
        action,
        &mut out,
        &[
            ("service", "service"),
            ("class", "class"),
            ("repeatable", "repeatable"),
            ("method", "method"),
        ],
    );
    copy(
        action,
        &mut out,
        &[
            ("wire_action", "wireAction"),
            ("job", "job"),
            ("list", "list"),
            ("read_back", "readBack"),
        ],
    );
    let description = &source.descriptions["actions"][text(&action["action"])];
    if description.is_object() {
        out.insert("description".into(), description.clone());
    }
    let parameters = list(&action["parameters"]).iter().map(|parameter| {
        let mut out = Map::from_iter(field(parameter).as_object().cloned().into_iter().flatten());
        copy(
            parameter,
            &mut out,
            &[
                ("required", "required"),
                ("encoding", "encoding"),
                ("common", "common"),
                ("aliases", "aliases"),
            ],
        );
        copy(
            parameter,
            &mut out,
            &[
                ("item_required", "itemRequired"),
                ("account_level_optional", "onlyInProject"),
            ],
        );
        let description = super::description(source, action, parameter);
        if description.is_object() {
            out.insert("description".into(), description.clone());
        }
        Value::from(out)
    });
    out.insert("parameters".into(), parameters.collect());
    if action["answer"].is_array() {
        out.insert(
            "answer".into(),
            list(&action["answer"]).iter().map(field).collect(),
        );
    }
    out.into()
}

fn field(field: &Value) -> Value {
    let mut out = Map::new();
    copy(
        field,
        &mut out,
        &[
            ("name", "name"),
            ("type", "type"),
            ("items", "items"),
            ("enum", "values"),
            ("default", "default"),
        ],
    );
    copy(
        field,
        &mut out,
        &[
            ("max", "max"),
            ("secret", "secret"),
            ("optional", "optional"),
        ],
    );
    if let Some(fields) = field["fields"].as_array() {
        out.insert("fields".into(), fields.iter().map(self::field).collect());
    }
    if let Some(of) = field.get("map_of") {
        let of = if of.is_object() {
            self::field(of)
        } else {
            of.clone()
        };
        out.insert("mapOf".into(), of);
    }
    out.into()
}

fn of_code(source: &Source, code: &Value) -> Value {
    let mut out = Map::new();
    copy(
        code,
        &mut out,
        &[
            ("code", "code"),
            ("name", "name"),
            ("kind", "kind"),
            ("retryable", "retryable"),
        ],
    );
    copy(
        &source.descriptions["codes"][code["code"].to_string()],
        &mut out,
        &[("cause", "cause"), ("mend", "mend")],
    );
    out.into()
}

fn of_zones(zones: &Value) -> Value {
    let listed = [("current", true), ("older", false)];
    let zones = listed.iter().flat_map(|(group, current)| {
        let zones = list(&zones[*group]).iter();
        zones.map(
            move |zone| json!({"id": zone["id"], "region": zone["region"], "current": current}),
        )
    });
    zones.collect()
}

fn of_statuses(statuses: &Value) -> Value {
    let mut out = Map::new();
    copy(
        statuses,
        &mut out,
        &[
            ("status", "status"),
            ("transition_status", "transitionStatus"),
            ("transitions", "transitions"),
        ],
    );
    copy(
        statuses,
        &mut out,
        &[
            ("describe_action", "read"),
            ("set_field", "list"),
            ("id_field", "id"),
            ("gone", "gone"),
            ("final", "final"),
        ],
    );
    out.into()
}

/// Copies what is there, under the names that this file uses.
fn copy(from: &Value, to: &mut Map<String, Value>, names: &[(&str, &str)]) {
    for (name, own) in names {
        if let Some(value) = from.get(*name) {
            to.insert((*own).into(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::catalogue::{build::source, source_folder};
    use serde_json::Value;

    fn exported() -> Value {
        serde_json::from_str(&json(&source::read(&source_folder()))).unwrap()
    }

    #[test]
    fn the_export_holds_everything_and_is_the_same_each_time() {
        let all = exported();
        let count = |part: &str| {
            all[part]
                .as_object()
                .map_or_else(|| all[part].as_array().unwrap().len(), |map| map.len())
        };
        assert_eq!(
            [
                "services",
                "actions",
                "structures",
                "codes",
                "zones",
                "statuses"
            ]
            .map(count),
            [41, 414, 114, 43, 15, 28]
        );
        let source = source::read(&source_folder());
        assert!(json(&source) == json(&source));
    }

    #[test]
    fn forms_and_help_find_what_they_need() {
        let all = exported();
        let run = &all["actions"]["RunInstances"];
        let parameter = |name: &str| {
            run["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .find(|parameter| parameter["name"] == name)
                .unwrap()
                .clone()
        };
        assert_eq!(run["class"], "create");
        assert_eq!(run["job"], "job_id");
        assert_eq!(parameter("login_passwd")["secret"], true);
        assert_eq!(
            parameter("login_mode")["values"],
            serde_json::json!(["keypair", "passwd"])
        );
        assert_eq!(parameter("image_id")["required"], "documented");
        assert_eq!(parameter("vxnets")["encoding"], "indexed");
        assert!(parameter("count")["description"]["zh"].is_string());
        let denied = all["codes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|code| code["code"] == 1400)
            .unwrap();
        assert!(denied["cause"]["en"].is_string() && denied["mend"]["zh"].is_string());
    }
}
