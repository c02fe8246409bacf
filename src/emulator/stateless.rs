//! Actions that work on no state: a plausible answer in the shape that the catalogue documents.
//!
//! What a request names comes back (`loadbalancers.1=lb-1` gives one item with that id), the rest is
//! made up: the same for the same question, except that what is created gets a new id each time.

use crate::emulator::names::*;

use serde_json::{Map, Value};

use super::call::Call;
use super::ids::Ids;
use super::json::Json;
use super::query::Page;
use super::refusal::Refusal;
use super::state::State;
use crate::catalogue::{self, Class, Field, Shape, Type};
use crate::sign::time;

/// How deep made-up answers go: structures refer to each other in circles.
const DEPTH: usize = 3;
/// How many ids one call makes at most.
const MOST: i64 = 100;

/// What the ids of a resource begin with, where it is not the first letters of its name.
const PREFIXES: [(&str, &str); 14] = [
    ("loadbalancer", "lb"),
    ("loadbalancer_listener", "lbl"),
    ("loadbalancer_backend", "lbb"),
    ("loadbalancer_policy", "lbp"),
    ("server_certificate", "sc"),
    ("cache", "c"),
    ("cluster", "cl"),
    ("mongo", "mg"),
    ("rdb", "rdb"),
    ("user", "usr"),
    ("owner", "usr"),
    ("root_user", "usr"),
    ("image", "img"),
    ("instance", "i"),
];

/// Writes the documented members of the answer, jobs included; says whether the shape is known.
pub fn answer(state: &mut State, call: &Call, out: &mut Json) -> Result<bool, Refusal> {
    let Some(action) = catalogue::find(call.action) else {
        return Ok(false);
    };
    if !action.has_known_answer() {
        return Ok(false);
    }
    let mut maker = Maker {
        state,
        call,
        creates: action.class() == Class::Create,
    };
    let mut total = None;
    if let Some(set) = action.list_field() {
        let page = if action.is_paged() {
            Some(Page::read(call)?)
        } else {
            None
        };
        let field = action.answer().find(|field| field.name() == set);
        if let Some(items) = field.and_then(|field| maker.items(field, action.id_field())) {
            total = Some(items.len());
            let shown = items
                .into_iter()
                .enumerate()
                .filter(|(place, _)| page.as_ref().is_none_or(|page| page.shows(*place)));
            out.raw(
                set,
                &Value::Array(shown.map(|(_, item)| item).collect()).to_string(),
            );
        }
    }
    for field in action.answer() {
        let name = field.name();
        let is_written = matches!(name, "action" | "ret_code")
            || (total.is_some() && Some(name) == action.list_field());
        if is_written {
            continue;
        }
        let value = match name {
            "total_count" => Value::from(total.unwrap_or(1)),
            _ if Some(name) == action.job_field() => maker.jobs(field),
            _ => maker.member(field)?,
        };
        out.raw(name, &value.to_string());
    }
    Ok(true)
}

struct Maker<'m, 'c> {
    state: &'m mut State,
    call: &'m Call<'c>,
    creates: bool,
}

impl Maker<'_, '_> {
    /// The items of the list a read gives: one for each id asked for, else one.
    fn items(&mut self, field: Field, id_field: Option<&'static str>) -> Option<Vec<Value>> {
        if field.type_() != Type::Array || field.fields().next().is_none() {
            return None;
        }
        let stem = id_field
            .and_then(|name| name.strip_suffix("_id"))
            .unwrap_or("");
        let ids = if stem.is_empty() {
            Vec::new()
        } else {
            self.named(stem)
        };
        let one = |maker: &mut Self, id: Option<String>| {
            let mut item = maker.structure(field.fields(), DEPTH);
            if let (Some(name), Some(id), Some(members)) = (id_field, id, item.as_object_mut()) {
                members.insert(name.to_owned(), Value::from(id));
            }
            item
        };
        if ids.is_empty() {
            return Some(Vec::from([one(self, None)]));
        }
        Some(ids.into_iter().map(|id| one(self, Some(id))).collect())
    }

    /// The ids a request names for a resource: `caches.1`, `cache`, or `cache_id`.
    fn named(&self, stem: &str) -> Vec<String> {
        let params = self.call.params;
        let plural = [
            format!("{stem}s"),
            format!("{stem}es"),
            stem.strip_suffix('y')
                .map_or_else(String::new, |stem| format!("{stem}ies")),
        ];
        for name in plural.iter().filter(|name| !name.is_empty()) {
            if let Ok(ids) = params.list(name)
                && !ids.is_empty()
            {
                return ids;
            }
        }
        let single = params
            .text(stem)
            .or(params.text(&format!("{stem}_id")))
            .filter(|id| !id.is_empty());
        single
            .map(|id| Vec::from([id.to_owned()]))
            .unwrap_or_default()
    }

    /// The jobs of the call, which can be waited for like any other.
    fn jobs(&mut self, field: Field) -> Value {
        let resources: Vec<String> = self.lists().into_iter().next().unwrap_or_default();
        match field.type_() {
            Type::Array => Value::from(Vec::from([self.state.start_job(
                self.call,
                resources,
                Vec::new(),
            )])),
            Type::Object => {
                let mut jobs = Map::new();
                for resource in resources {
                    let job =
                        self.state
                            .start_job(self.call, Vec::from([resource.clone()]), Vec::new());
                    jobs.insert(resource, Value::from(job));
                }
                Value::Object(jobs)
            }
            _ => Value::from(self.state.start_job(self.call, resources, Vec::new())),
        }
    }

    /// The lists of strings that the request carries.
    fn lists(&self) -> Vec<Vec<String>> {
        let Some(action) = catalogue::find(self.call.action) else {
            return Vec::new();
        };
        let lists = action.parameters().filter(|parameter| {
            parameter.type_() == Type::Array && parameter.item_type() == Some(Type::String)
        });
        lists
            .filter_map(|parameter| self.call.params.list(parameter.name()).ok())
            .filter(|list| !list.is_empty())
            .collect()
    }

    /// A member at the top of the answer: what the request said of it, else something made up.
    fn member(&mut self, field: Field) -> Result<Value, Refusal> {
        let name = field.name();
        let params = self.call.params;
        if field.type_() == Type::Array && field.item_type() == Some(Type::String) {
            let mut list = params.list(name)?;
            if list.is_empty() {
                list = self.named(
                    name.strip_suffix("_ids")
                        .or(name.strip_suffix('s'))
                        .unwrap_or(name),
                );
            }
            if list.is_empty() {
                let count = params.integer_from("count", 1, 1)?;
                if count > MOST {
                    return Err(Refusal::quota(format!(
                        "at most [{MOST}] can be made at once"
                    )));
                }
                let stem = name
                    .strip_suffix("_ids")
                    .or(name.strip_suffix('s'))
                    .unwrap_or(name);
                list = (0..count).map(|_| self.id(stem)).collect();
            }
            return Ok(Value::from(list));
        }
        if field.type_() == Type::String
            && !field.is_secret()
            && let Some(stem) = name.strip_suffix("_id")
            && let [id] = &self.named(stem)[..]
        {
            return Ok(Value::from(id.as_str()));
        }
        if let Some(text) = params
            .text(name)
            .filter(|text| !text.is_empty() && !field.is_secret())
            && let Some(value) = typed(field.type_(), text)
        {
            return Ok(value);
        }
        Ok(self.field(field, DEPTH))
    }

    fn structure(&mut self, fields: impl Iterator<Item = Field>, depth: usize) -> Value {
        Value::Object(
            fields
                .map(|field| (field.name().to_owned(), self.field(field, depth)))
                .collect(),
        )
    }

    fn field(&mut self, field: Field, depth: usize) -> Value {
        match field.type_() {
            Type::Array => match field.item_type() {
                Some(Type::Object) if depth > 1 => {
                    Value::Array(Vec::from([self.structure(field.fields(), depth - 1)]))
                }
                Some(Type::String) if depth > 1 => {
                    Value::from(Vec::from([self.text(field.name(), &[])]))
                }
                _ => Value::Array(Vec::new()),
            },
            Type::Object => match field.map_of() {
                Some(shape) if depth > 1 => {
                    let key = self.id(field.name());
                    let value = self.shape(field.name(), shape, depth - 1);
                    Value::Object(Map::from_iter([(key, value)]))
                }
                None if depth > 1 => self.structure(field.fields(), depth - 1),
                _ => Value::Object(Map::new()),
            },
            kind => {
                let values: Vec<&str> = field.enum_values().collect();
                if field.is_secret() {
                    Value::from("")
                } else {
                    self.scalar(field.name(), kind, &values)
                }
            }
        }
    }

    fn shape(&mut self, name: &str, shape: Shape, depth: usize) -> Value {
        match shape.type_() {
            Type::Array => match shape.item_type() {
                Some(Type::Object) if depth > 1 => {
                    Value::Array(Vec::from([self.structure(shape.fields(), depth - 1)]))
                }
                _ => Value::Array(Vec::new()),
            },
            Type::Object => match shape.map_of() {
                Some(inner) if depth > 1 => {
                    let value = self.shape(name, inner, depth - 1);
                    Value::Object(Map::from_iter([(self.id(name), value)]))
                }
                None if depth > 1 => self.structure(shape.fields(), depth - 1),
                _ => Value::Object(Map::new()),
            },
            kind => self.scalar(name, kind, &[]),
        }
    }

    fn scalar(&mut self, name: &str, kind: Type, values: &[&str]) -> Value {
        match kind {
            Type::Integer => Value::from(
                values
                    .first()
                    .and_then(|value| value.parse::<i64>().ok())
                    .unwrap_or(0),
            ),
            Type::Number => Value::from(0.0),
            Type::Boolean => Value::from(false),
            Type::Timestamp => {
                let stamp = time::format(self.call.now_ms.div_euclid(1000))
                    .unwrap_or(*b"1970-01-01T00:00:00Z");
                Value::from(String::from_utf8_lossy(&stamp))
            }
            Type::Json => Value::Array(Vec::new()),
            _ => Value::from(self.text(name, values)),
        }
    }

    fn text(&mut self, name: &str, values: &[&str]) -> String {
        if name == "transition_status" {
            return String::new();
        }
        // Of a resource's statuses, the one it has when all is well.
        let well = [
            "active",
            "available",
            "running",
            "enabled",
            "ok",
            "successful",
        ]
        .into_iter()
        .find(|word| values.contains(word));
        if let Some(word) = well.or(values.first().copied()) {
            return word.to_owned();
        }
        match name {
            "zone_id" | "zone" => self.call.zone.to_owned(),
            "owner" | "root_user_id" | "root_user" => self.call.root.to_owned(),
            "console_id" => super::state::CONSOLE.to_owned(),
            "controller" => "self".to_owned(),
            "status" => "active".to_owned(),
            _ => match name.strip_suffix("_id") {
                Some(stem) => self.id(stem),
                None => String::new(),
            },
        }
    }

    /// An id: a new one for what is created, else always the same.
    fn id(&mut self, stem: &str) -> String {
        let stem = stem.trim_end_matches('s');
        let known = PREFIXES
            .iter()
            .find(|(name, _)| *name == stem)
            .map(|(_, prefix)| (*prefix).to_owned());
        let prefix = known.unwrap_or_else(|| {
            stem.split('_')
                .filter_map(|word| word.chars().next())
                .collect()
        });
        let prefix = format!("{prefix}-");
        if self.creates {
            return self.state.ids.next(&prefix);
        }
        // FNV-1a over the name: any spread of seeds will do.
        let seed = stem.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Ids::new(seed).next(&prefix)
    }
}

/// The text of a parameter as a value of an answer; none when it does not fit.
fn typed(kind: Type, text: &str) -> Option<Value> {
    match kind {
        Type::String => Some(Value::from(text)),
        Type::Integer => text.parse::<i64>().ok().map(Value::from),
        Type::Number => text
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
            .map(Value::from),
        Type::Boolean => matches!(text, "true" | "false").then(|| Value::from(text == "true")),
        Type::Timestamp => time::parse(text.as_bytes()).map(|_| Value::from(text)),
        Type::Json => Some(Value::from(text)),
        Type::Array | Type::Object => None,
    }
}
