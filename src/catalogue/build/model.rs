//! The catalogue as the table sees it: fields told apart by all that is known of them.

use super::blob::put_varint;
use super::source::{Source, list, text};
use serde_json::Value;
use std::collections::HashMap;

/// The shape codes: 0 to 7 are these, 8 to 15 lists of these.
pub const SCALARS: [&str; 8] = [
    "string",
    "integer",
    "number",
    "boolean",
    "timestamp",
    "json",
    "object",
    "array",
];
pub const OBJECT: u8 = 6;
pub const LIST_OF: u8 = 8;
pub const LIST_OF_STRUCTURE: u8 = 16;
pub const STRUCTURE: u8 = 17;
pub const MAP: u8 = 18;
pub const JSON_STRUCTURE: u8 = 19;
/// Added to the code of a structure that an earlier field has brought already.
pub const KNOWN: u8 = 4;

/// Fields that a record's first byte stands for; the reader knows them by these constants.
pub const IMPLIED: [(&str, &str); 5] = [
    ("zone", "string"),
    ("action", "string"),
    ("ret_code", "integer"),
    ("total_count", "integer"),
    ("job_id", "string"),
];

/// A name with everything that is known of it; two equal ones are stored once.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Field {
    pub name: String,
    /// The code, then the number of the structure or the shape of a map's values.
    pub shape: Vec<u8>,
    pub values: Vec<String>,
    /// Names of the fields that every item needs, and whether a page or two sources say so.
    pub item_required: Vec<String>,
    pub item_documented: bool,
}

/// An action, its fields in groups as the record has them.
pub struct Action<'a> {
    pub source: &'a Value,
    /// Required as documented, required by one source, optional.
    pub parameters: [Vec<Field>; 3],
    pub answer: Vec<Field>,
}

/// What of a field is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Keep {
    structure: bool,
    values: bool,
}

/// Collects structures while actions are read.
pub struct Model<'a> {
    source: &'a Source,
    deep: bool,
    pub structures: Vec<Vec<Field>>,
    known: HashMap<(String, bool), usize>,
}

impl<'a> Model<'a> {
    /// Nothing yet of `source`.
    pub fn new(source: &'a Source, deep: bool) -> Model<'a> {
        Model {
            source,
            deep,
            structures: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// One more action, with the structures that it brings.
    pub fn action(&mut self, action: &'a Value) -> Action<'a> {
        let mut parameters = [const { Vec::new() }; 3];
        for parameter in list(&action["parameters"])
            .iter()
            .filter(|parameter| parameter["common"] != true)
        {
            // Outside a project it is not there at all.
            let required = if parameter["account_level_optional"] == true {
                ""
            } else {
                text(&parameter["required"])
            };
            let group = match required {
                "documented" => 0,
                "one_source" => 1,
                _ => 2,
            };
            let keep = Keep {
                structure: true,
                values: true,
            };
            parameters[group].push(self.field(parameter, keep));
        }
        let mut answer = Vec::new();
        for field in list(&action["answer"])
            .iter()
            .filter(|field| !is_implied(field))
        {
            let structure = self.deep || field["name"] == action["list"]["field"];
            answer.push(self.field(
                field,
                Keep {
                    structure,
                    values: self.deep,
                },
            ));
        }
        Action {
            source: action,
            parameters,
            answer,
        }
    }

    fn field(&mut self, field: &Value, keep: Keep) -> Field {
        let values = if keep.values {
            list(&field["enum"])
        } else {
            &[]
        };
        Field {
            name: text(&field["name"]).into(),
            shape: self.shape(field, keep),
            values: values
                .iter()
                .map(|value| value.as_str().map_or_else(|| value.to_string(), Into::into))
                .collect(),
            item_required: list(&field["item_required"])
                .iter()
                .map(|name| text(name).into())
                .collect(),
            item_documented: field["item_evidence"] == "documented",
        }
    }

    fn shape(&mut self, field: &Value, keep: Keep) -> Vec<u8> {
        let type_ = text(&field["type"]);
        if let Some(of) = field.get("map_of") {
            let scalar = of.as_str().filter(|of| SCALARS.contains(of));
            let structure = of
                .as_str()
                .map(|of| serde_json::json!({"type": "object", "items": of}));
            let values = match scalar {
                Some(scalar) => serde_json::json!({"type": scalar}),
                None => structure.unwrap_or_else(|| of.clone()),
            };
            let mut shape = vec![MAP];
            shape.extend(self.shape(&values, keep));
            return shape;
        }
        let items = field["items"].as_str().unwrap_or_default();
        if type_ == "array"
            && let Some(item) = code_of(items)
        {
            return vec![LIST_OF + item];
        }
        let plain = code_of(type_).unwrap_or_else(|| panic!("unknown type {type_}"));
        let (name, fields) = match field.get("fields") {
            Some(inline) => (inline.to_string(), list(inline)),
            None => (items.to_owned(), list(&self.source.structures[items])),
        };
        match type_ {
            _ if fields.is_empty() => vec![plain],
            "array" if !keep.structure => vec![LIST_OF + OBJECT],
            _ if !keep.structure => vec![plain],
            _ => {
                let code = match type_ {
                    "array" => LIST_OF_STRUCTURE,
                    "json" => JSON_STRUCTURE,
                    _ => STRUCTURE,
                };
                let mut shape = vec![code];
                put_varint(&mut shape, self.structure(name, fields, keep.values));
                shape
            }
        }
    }

    fn structure(&mut self, name: String, fields: &[Value], values: bool) -> usize {
        if let Some(known) = self.known.get(&(name.clone(), values)) {
            return *known;
        }
        let number = self.structures.len();
        self.known.insert((name, values), number);
        self.structures.push(Vec::new());
        let keep = Keep {
            structure: self.deep,
            values,
        };
        self.structures[number] = fields.iter().map(|field| self.field(field, keep)).collect();
        number
    }
}

/// The number of the structure in a shape that is made of one.
pub fn structure_of(shape: &[u8]) -> Option<usize> {
    match shape {
        [LIST_OF_STRUCTURE | STRUCTURE | JSON_STRUCTURE, rest @ ..] => Some(
            rest.iter()
                .enumerate()
                .map(|(place, byte)| usize::from(byte & 0x7f) << (7 * place))
                .sum(),
        ),
        _ => None,
    }
}

/// The shape code of a type without anything inside.
pub fn code_of(type_: &str) -> Option<u8> {
    SCALARS
        .iter()
        .position(|scalar| *scalar == type_)
        .map(|place| place as u8)
}

/// Whether a record's first bytes say that this answer field is there.
pub fn is_implied(field: &Value) -> bool {
    IMPLIED[1..]
        .iter()
        .any(|(name, type_)| field["name"] == *name && field["type"] == *type_)
}
