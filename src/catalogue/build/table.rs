//! Packs every action into one byte string: see `../table/`, which reads it.
//!
//! What decides the size after compression is how often a number repeats. So a field is stored
//! once with its name and shape; the most frequent ones come first, the others in the order
//! in which services need them; and a list of fields is the distances between their numbers.
//! `SHIFT` is for the same end.

use super::blob::{Blob, NAMES_PER_MARK, ROWS_PER_MARK, Rows, SHIFT, marks_of, put_varint};
use super::fields::{FIELDS_PER_MARK, FieldTable, Numbers, put_fields};
use super::model::{Action, Field, IMPLIED, Model, code_of, structure_of};
use super::records::{first_read, put_record};
use super::source::{Source, list, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// How many fields get the smallest numbers because they are everywhere.
const FREQUENT: usize = 64;

/// The finished tables.
pub struct Table {
    /// Everything: names, fields, structures, records and marks.
    pub bytes: Vec<u8>,
    /// Rust source: where each of them starts, and the few small tables.
    pub rust: String,
}

/// Packs `source`. `deep`: with the structures inside structures and the values of answer
/// fields, which only the emulator needs.
pub fn pack(source: &Source, deep: bool) -> Table {
    let mut model = Model::new(source, deep);
    let actions: Vec<_> = source
        .actions
        .iter()
        .map(|action| model.action(action))
        .collect();
    write(source, &actions, &model.structures)
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
    let mut fields = FieldTable::new(structures, &order);
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
    let service_numbers = actions.iter().map(|action| {
        let own = |service: &&str| *service == action.source["service"];
        services.iter().position(own).map_or(0, |place| place as u8)
    });
    let service_numbers: Vec<u8> = service_numbers.collect();
    let mut rust = String::new();

    let mut blob = Blob::default();
    let actions_at = blob.text(&action_names);
    let names_at = blob.text(&fields.names);
    let enums_at = blob.text(&fields.enums);
    let fields_at = blob.bytes(&fields.heads);
    let extras_at = blob.bytes(&fields.extras);
    let structures_at = blob.bytes(&structure_rows.bytes);
    let records_at = blob.bytes(&records.bytes);
    let secrets_at = blob.bytes(&secrets(source, &fields.names));
    let at = |start: usize| move |mark: &usize| start + mark;
    let field_marks = fields.marks.iter().flat_map(|[extras, counts @ ..]| {
        [extras_at + extras]
            .into_iter()
            .chain(counts.iter().copied())
    });
    for (name, value) in [
        ("SHIFT", usize::from(SHIFT)),
        ("NAMES_PER_MARK", NAMES_PER_MARK),
        ("FIELDS_PER_MARK", FIELDS_PER_MARK),
        ("ROWS_PER_MARK", ROWS_PER_MARK),
        ("ACTION_COUNT", actions.len()),
        ("FIRST_READ", first_read(actions)),
        ("ENUMS", enums_at),
        ("FIELDS", fields_at),
        ("SECRETS", secrets_at),
        (
            "ACTION_MARK_COUNT",
            action_names.len().div_ceil(NAMES_PER_MARK),
        ),
        (
            "ACTION_MARKS",
            blob.marks(marks_of(&action_names).iter().map(at(actions_at))),
        ),
        (
            "NAME_MARKS",
            blob.marks(marks_of(&fields.names).iter().map(at(names_at))),
        ),
        (
            "STRUCTURE_MARKS",
            blob.marks(structure_rows.marks.iter().map(at(structures_at))),
        ),
        (
            "RECORD_MARKS",
            blob.marks(records.marks.iter().map(at(records_at))),
        ),
        ("FIELD_MARKS", blob.marks(field_marks)),
    ] {
        let _ = writeln!(rust, "pub const {name}: usize = {value};");
    }
    for field in &implied {
        let _ = writeln!(
            rust,
            "pub const {}: usize = {};",
            field.name.to_uppercase(),
            number[field]
        );
    }
    let _ = writeln!(rust, "pub static SERVICES: &[&str] = &{services:?};");
    let _ = writeln!(rust, "pub static SERVICE_OF: &[u8] = &{service_numbers:?};");
    let _ = writeln!(
        rust,
        "pub static ALIASES: &[(&str, &str, &str)] = &{:?};",
        aliases(source)
    );
    Table {
        bytes: blob.0,
        rust,
    }
}

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

/// The numbers of the names that carry a secret, after how many they are.
fn secrets(source: &Source, names: &[String]) -> Vec<u8> {
    let parameters = source
        .actions
        .iter()
        .flat_map(|action| list(&action["parameters"]));
    let answers = source
        .actions
        .iter()
        .flat_map(|action| list(&action["answer"]));
    let structures = source.structures.as_object().into_iter().flatten();
    let tops = parameters
        .chain(answers)
        .chain(structures.flat_map(|(_, fields)| list(fields)));
    let inline = tops.clone().flat_map(|field| list(&field["fields"]));
    let secrets = tops.chain(inline).filter(|field| field["secret"] == true);
    let secrets: BTreeSet<_> = secrets.map(|field| text(&field["name"])).collect();
    let numbers = secrets
        .into_iter()
        .filter_map(|secret| names.iter().position(|name| name == secret));
    let numbers: Vec<_> = numbers.collect();
    let mut bytes = Vec::new();
    put_varint(&mut bytes, numbers.len());
    numbers
        .into_iter()
        .for_each(|number| put_varint(&mut bytes, number));
    bytes
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
