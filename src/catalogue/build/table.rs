//! Packs every action into a few byte strings: see `../table.rs`, which reads them.
//!
//! What decides the size after compression is how often a number repeats. So a field is stored
//! once with its name and shape; the most frequent ones come first, the others in the order
//! in which services need them; and a list of fields is the distances between their numbers.

use super::source::{Source, list, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// How many fields get the smallest numbers because they are everywhere.
const FREQUENT: usize = 64;
/// Every how many names, fields and rows a mark says where one starts.
const NAMES_PER_MARK: usize = 32;
const FIELDS_PER_MARK: usize = 64;
const ROWS_PER_MARK: usize = 16;

/// The shape codes: 0 to 7 are these, 8 to 15 lists of these.
const SCALARS: [&str; 8] = [
    "string",
    "integer",
    "number",
    "boolean",
    "timestamp",
    "json",
    "object",
    "array",
];
const OBJECT: u8 = 6;
const LIST_OF: u8 = 8;
const LIST_OF_STRUCTURE: u8 = 16;
const STRUCTURE: u8 = 17;
const MAP: u8 = 18;
const JSON_STRUCTURE: u8 = 19;
/// Added to the code of a structure that an earlier field has brought already.
const KNOWN: u8 = 4;

/// Flags beside the shape code in a field's first byte.
const HAS_ENUM: u8 = 0x20;
const NAME_AGAIN: u8 = 0x40;
const HAS_ITEM_RULES: u8 = 0x80;

/// Fields that a record's first byte stands for; the reader knows them by these constants.
const IMPLIED: [(&str, &str); 5] = [
    ("zone", "string"),
    ("action", "string"),
    ("ret_code", "integer"),
    ("total_count", "integer"),
    ("job_id", "string"),
];

/// The finished tables.
pub struct Table {
    /// File names and contents.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// Rust source: the marks and the few small tables.
    pub rust: String,
}

/// Packs `source`. `deep`: with the structures inside structures and the values of answer
/// fields, which only the emulator needs.
pub fn pack(source: &Source, deep: bool) -> Table {
    let mut model = Model {
        source,
        deep,
        structures: Vec::new(),
        known: HashMap::new(),
    };
    let actions: Vec<_> = source
        .actions
        .iter()
        .map(|action| model.action(action))
        .collect();
    write(source, &actions, &model.structures)
}

/// A name with everything that is known of it; two equal ones are stored once.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Field {
    name: String,
    /// The code, then the number of the structure or the shape of a map's values.
    shape: Vec<u8>,
    values: Vec<String>,
    /// Names of the fields that every item needs, and whether a page or two sources say so.
    item_required: Vec<String>,
    item_documented: bool,
}

struct Action<'a> {
    source: &'a Value,
    /// Required as documented, required by one source, optional.
    parameters: [Vec<Field>; 3],
    answer: Vec<Field>,
}

/// What of a field is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Keep {
    structure: bool,
    values: bool,
}

struct Model<'a> {
    source: &'a Source,
    deep: bool,
    structures: Vec<Vec<Field>>,
    known: HashMap<(String, bool), usize>,
}

impl<'a> Model<'a> {
    fn action(&mut self, action: &'a Value) -> Action<'a> {
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

fn write(source: &Source, actions: &[Action], structures: &[Vec<Field>]) -> Table {
    let implied = IMPLIED.map(|(name, type_)| Field {
        name: name.into(),
        shape: vec![code_of(type_).expect("a scalar")],
        values: Vec::new(),
        item_required: Vec::new(),
        item_documented: false,
    });
    let order = order(actions, structures, &implied);
    let number: Numbers = order
        .iter()
        .enumerate()
        .map(|(number, field)| (*field, number))
        .collect();
    let mut fields = FieldTable {
        structures,
        ..FieldTable::default()
    };
    order.iter().for_each(|field| fields.add(field, &number));
    let mut structure_rows = Rows::default();
    for place in &fields.structure_order {
        put_fields(structure_rows.row(), &structures[*place], &number);
    }
    let mut records = Rows::default();
    for action in actions {
        put_record(records.row(), action, actions, structures, &number);
    }
    let action_names: Vec<_> = actions
        .iter()
        .map(|action| text(&action.source["action"]))
        .collect();
    let services: BTreeSet<_> = actions
        .iter()
        .map(|action| text(&action.source["service"]))
        .collect();
    let services = Vec::from_iter(services);
    let service_of = |action: &Action| {
        services
            .iter()
            .position(|service| *service == action.source["service"])
    };

    let mut rust = String::new();
    for (name, marks) in [
        ("ACTION_MARKS", marks_of(&action_names)),
        ("NAME_MARKS", marks_of(&fields.names)),
        ("STRUCTURE_MARKS", structure_rows.marks),
        ("RECORD_MARKS", records.marks),
    ] {
        let _ = writeln!(rust, "static {name}: &[u16] = &{marks:?};");
    }
    let _ = writeln!(
        rust,
        "static FIELD_MARKS: &[[u16; 4]] = &{:?};",
        fields.marks
    );
    for (name, value) in [
        ("NAMES_PER_MARK", NAMES_PER_MARK),
        ("FIELDS_PER_MARK", FIELDS_PER_MARK),
        ("ROWS_PER_MARK", ROWS_PER_MARK),
        ("ACTION_COUNT", actions.len()),
        ("FIRST_READ", first_read(actions)),
    ] {
        let _ = writeln!(rust, "const {name}: usize = {value};");
    }
    for field in &implied {
        let _ = writeln!(
            rust,
            "const {}: usize = {};",
            field.name.to_uppercase(),
            number[field]
        );
    }
    let _ = writeln!(rust, "static SERVICES: &[&str] = &{services:?};");
    let _ = writeln!(
        rust,
        "static SECRETS: &[&str] = &{:?};",
        Vec::from_iter(secrets(source))
    );
    let _ = writeln!(
        rust,
        "static ALIASES: &[(&str, &str, &str)] = &{:?};",
        aliases(source)
    );
    Table {
        files: vec![
            ("actions.txt", action_names.join("\n").into_bytes()),
            ("names.txt", fields.names.join("\n").into_bytes()),
            ("enums.txt", fields.enums.join("\n").into_bytes()),
            ("fields.bin", fields.heads),
            ("extras.bin", fields.extras),
            ("structures.bin", structure_rows.bytes),
            ("records.bin", records.bytes),
            (
                "services.bin",
                actions
                    .iter()
                    .filter_map(service_of)
                    .map(|place| place as u8)
                    .collect(),
            ),
        ],
        rust,
    }
}

type Numbers<'a> = HashMap<&'a Field, usize>;

/// All fields: the frequent ones, then the others in the order of first use, service by service.
fn order<'a>(
    actions: &'a [Action],
    structures: &'a [Vec<Field>],
    implied: &'a [Field],
) -> Vec<&'a Field> {
    let in_actions = actions
        .iter()
        .flat_map(|action| action.parameters.iter().flatten().chain(&action.answer));
    let mut uses: BTreeMap<&Field, usize> = BTreeMap::new();
    for field in in_actions.chain(structures.iter().flatten()) {
        *uses.entry(field).or_default() += 1;
    }
    let mut frequent: Vec<_> = uses
        .iter()
        .map(|(field, count)| (usize::MAX - count, *field))
        .collect();
    frequent.sort();
    let mut order: Vec<_> = frequent
        .into_iter()
        .take(FREQUENT)
        .map(|(_, field)| field)
        .collect();
    let mut seen: BTreeSet<_> = order.iter().copied().collect();
    let mut add = |fields: &'a [Field]| {
        let mut fields: Vec<_> = fields.iter().filter(|field| seen.insert(field)).collect();
        fields.sort();
        order.extend(fields);
    };
    let mut by_service: Vec<_> = actions.iter().collect();
    by_service.sort_by_key(|action| text(&action.source["service"]));
    for service in by_service.chunk_by(|a, b| a.source["service"] == b.source["service"]) {
        service
            .iter()
            .flat_map(|action| &action.parameters)
            .for_each(|fields| add(fields));
        for action in service {
            add(&action.answer);
            let fields = action
                .answer
                .iter()
                .chain(action.parameters.iter().flatten());
            for number in fields.filter_map(|field| structure_of(&field.shape)) {
                add(&structures[number]);
            }
        }
    }
    structures.iter().for_each(|fields| add(fields));
    // The implied ones may stand in no list at all.
    for field in implied {
        if !order.contains(&field) {
            order.push(field);
        }
    }
    order
}

/// A byte with shape and flags for each field, and beside it what a few of them need besides.
#[derive(Default)]
struct FieldTable<'a> {
    structures: &'a [Vec<Field>],
    heads: Vec<u8>,
    extras: Vec<u8>,
    /// Place in `extras`, and how many names, structures and lists of values came before.
    marks: Vec<[u16; 4]>,
    names: Vec<String>,
    enums: Vec<String>,
    /// Structures in the order in which fields bring them, which gives them their number.
    structure_order: Vec<usize>,
}

impl FieldTable<'_> {
    fn add(&mut self, field: &Field, number: &Numbers) {
        if self.heads.len().is_multiple_of(FIELDS_PER_MARK) {
            let counts = [
                self.extras.len(),
                self.names.len(),
                self.structure_order.len(),
                self.enums.len(),
            ];
            self.marks.push(counts.map(small));
        }
        let mut head = self.shape(&field.shape);
        match self.names.iter().position(|name| *name == field.name) {
            Some(known) => {
                head |= NAME_AGAIN;
                put_varint(&mut self.extras, known);
            }
            None => self.names.push(field.name.clone()),
        }
        if !field.values.is_empty() {
            head |= HAS_ENUM;
            let values = field.values.join("|");
            let known = self.enums.iter().position(|known| *known == values);
            put_varint(&mut self.extras, known.map_or(0, |known| known + 1));
            if known.is_none() {
                self.enums.push(values);
            }
        }
        if !field.item_required.is_empty() {
            head |= HAS_ITEM_RULES;
            let fields =
                &self.structures[structure_of(&field.shape).expect("items with rules have fields")];
            self.extras
                .push((field.item_required.len() << 1) as u8 | u8::from(field.item_documented));
            self.extras.extend(
                field
                    .item_required
                    .iter()
                    .map(|name| place_of(fields, name, number)),
            );
        }
        self.heads.push(head);
    }

    /// The code to store; what belongs to it goes into `extras`.
    fn shape(&mut self, shape: &[u8]) -> u8 {
        if let [MAP, values @ ..] = shape {
            // Reserved first: the values' own extras follow their code.
            let place = self.extras.len();
            self.extras.push(0);
            self.extras[place] = self.shape(values);
            return MAP;
        }
        let Some(structure) = structure_of(shape) else {
            return shape[0];
        };
        match self
            .structure_order
            .iter()
            .position(|known| *known == structure)
        {
            Some(known) => {
                put_varint(&mut self.extras, known);
                shape[0] + KNOWN
            }
            None => {
                self.structure_order.push(structure);
                shape[0]
            }
        }
    }
}

/// Head, counts, parameters, answer, list and read-back of one action.
fn put_record(
    out: &mut Vec<u8>,
    action: &Action,
    all: &[Action],
    structures: &[Vec<Field>],
    number: &Numbers,
) {
    let source = action.source;
    let answers = |name: &str| {
        list(&source["answer"])
            .iter()
            .any(|field| field["name"] == name && is_implied(field))
    };
    let class = match text(&source["class"]) {
        "read" => 0,
        "change" => 1,
        "create" => 2,
        "destroy" => 3,
        other => panic!("unknown class {other}"),
    };
    let zone = list(&source["parameters"])
        .iter()
        .find(|parameter| parameter["common"] == true);
    let job = match source["job"].as_str() {
        None => 0,
        Some("job_id") => 1,
        Some("job_ids") => 2,
        Some("global_job_id") => 3,
        Some(other) => panic!("unknown job field {other}"),
    };
    let bit = |condition: bool, place: u8| u8::from(condition) << place;
    out.push(
        class
            | bit(source["repeatable"] == true, 2)
            | bit(zone.is_some_and(|zone| zone["required"].is_string()), 3)
            | job << 4
            | bit(answers("total_count"), 6)
            | bit(source["answer"].is_array(), 7),
    );
    let [documented, one_source, optional] = &action.parameters;
    assert!(
        documented.len() < 8 && one_source.len() < 8,
        "the counts share a byte"
    );
    out.push(
        small(documented.len() | one_source.len() << 3) as u8
            | bit(zone.is_some(), 6)
            | bit(answers("job_id"), 7),
    );
    put_sequence(out, documented, number);
    put_sequence(out, one_source, number);
    put_fields(out, optional, number);
    if source["answer"].is_array() {
        put_fields(out, &action.answer, number);
    }
    if class == 0 {
        let Some(name) = source["list"]["field"].as_str() else {
            return out.push(0);
        };
        out.push(1 + place_of(&action.answer, name, number));
        let items = action
            .answer
            .iter()
            .find(|field| field.name == name)
            .and_then(|field| structure_of(&field.shape));
        let id = source["list"]["id"].as_str().map(|id| {
            1 + place_of(
                &structures[items.expect("a list with an id has fields")],
                id,
                number,
            )
        });
        return out.push(id.unwrap_or(0));
    }
    let Some(read) = source["read_back"]["action"].as_str() else {
        return out.push(0);
    };
    let place = all
        .iter()
        .position(|other| other.source["action"] == read)
        .expect("read_back names an action");
    out.push(small(place - first_read(all) + 1) as u8);
    let pairs: Vec<_> = source["read_back"]["parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .collect();
    out.push(small(pairs.len()) as u8);
    for (parameter, from) in pairs {
        out.push(parameter_place(&all[place], parameter, number));
        out.push(parameter_place(action, text(from), number));
    }
}

/// Where the `Describe` actions start; a read-back counts from there.
fn first_read(actions: &[Action]) -> usize {
    let is_read = |action: &Action| text(&action.source["action"]).starts_with("Describe");
    actions.iter().position(is_read).expect("there are reads")
}

/// Where a parameter comes when the reader lists them.
fn parameter_place(action: &Action, name: &str, number: &Numbers) -> u8 {
    let mut before = 0;
    for group in &action.parameters {
        if group.iter().any(|field| field.name == name) {
            return before + place_of(group, name, number);
        }
        before += small(group.len()) as u8;
    }
    panic!("{}: no parameter {name}", action.source["action"]);
}

/// Where a field comes in its list, which is sorted by number.
fn place_of(fields: &[Field], name: &str, number: &Numbers) -> u8 {
    let own = fields
        .iter()
        .find(|field| field.name == name)
        .unwrap_or_else(|| panic!("no field {name}"));
    small(
        fields
            .iter()
            .filter(|field| number[field] < number[own])
            .count(),
    ) as u8
}

fn put_fields(out: &mut Vec<u8>, fields: &[Field], number: &Numbers) {
    put_varint(out, fields.len());
    put_sequence(out, fields, number);
}

fn put_sequence(out: &mut Vec<u8>, fields: &[Field], number: &Numbers) {
    let numbers: BTreeSet<_> = fields.iter().map(|field| number[field]).collect();
    assert_eq!(
        numbers.len(),
        fields.len(),
        "a name stands twice in one list"
    );
    let mut next = 0;
    for number in numbers {
        put_varint(out, number - next);
        next = number + 1;
    }
}

fn put_varint(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Rows of different length, with a mark every few of them.
#[derive(Default)]
struct Rows {
    bytes: Vec<u8>,
    marks: Vec<u16>,
    rows: usize,
}

impl Rows {
    fn row(&mut self) -> &mut Vec<u8> {
        if self.rows.is_multiple_of(ROWS_PER_MARK) {
            self.marks.push(small(self.bytes.len()));
        }
        self.rows += 1;
        &mut self.bytes
    }
}

fn marks_of<S: AsRef<str>>(names: &[S]) -> Vec<u16> {
    let mut marks = Vec::new();
    let mut start = 0;
    for (place, name) in names.iter().enumerate() {
        if place % NAMES_PER_MARK == 0 {
            marks.push(small(start));
        }
        start += name.as_ref().len() + 1;
    }
    marks
}

fn small(value: usize) -> u16 {
    value.try_into().expect("the tables stay below 64 KB")
}

fn structure_of(shape: &[u8]) -> Option<usize> {
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

fn code_of(type_: &str) -> Option<u8> {
    SCALARS
        .iter()
        .position(|scalar| *scalar == type_)
        .map(|place| place as u8)
}

/// Whether a record's first bytes say that this answer field is there.
fn is_implied(field: &Value) -> bool {
    IMPLIED[1..]
        .iter()
        .any(|(name, type_)| field["name"] == *name && field["type"] == *type_)
}

/// Names of parameters and of fields in their items that carry a secret, sorted.
fn secrets(source: &Source) -> BTreeSet<&str> {
    let parameters = source
        .actions
        .iter()
        .flat_map(|action| list(&action["parameters"]));
    let answers = source
        .actions
        .iter()
        .flat_map(|action| list(&action["answer"]));
    let structures = source
        .structures
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(_, fields)| list(fields));
    let tops = parameters.chain(answers).chain(structures);
    let inline = tops.clone().flat_map(|field| list(&field["fields"]));
    tops.chain(inline)
        .filter(|field| field["secret"] == true)
        .map(|field| text(&field["name"]))
        .collect()
}

/// Other spellings of a parameter: action, spelling, parameter.
fn aliases(source: &Source) -> Vec<(&str, &str, &str)> {
    let mut aliases = Vec::new();
    for action in &source.actions {
        for parameter in list(&action["parameters"]) {
            for alias in list(&parameter["aliases"]) {
                aliases.push((
                    text(&action["action"]),
                    text(alias),
                    text(&parameter["name"]),
                ));
            }
        }
    }
    aliases
}
