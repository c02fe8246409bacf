//! The record of one action.

use super::blob::small;
use super::fields::{Numbers, place_of, put_fields, put_sequence};
use super::model::{Action, Field, is_implied, structure_of};
use super::source::{list, text};

/// Head, counts, answer, list or read-back, and parameters of one action.
pub fn put_record(
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
    if source["answer"].is_array() {
        put_fields(out, &action.answer, number);
    }
    put_tail(out, action, all, structures, number);
    put_sequence(out, documented, number);
    put_sequence(out, one_source, number);
    put_fields(out, optional, number);
}

/// The list of a read and the id in its items; of a changing action the read-back.
fn put_tail(
    out: &mut Vec<u8>,
    action: &Action,
    all: &[Action],
    structures: &[Vec<Field>],
    number: &Numbers,
) {
    let source = action.source;
    if source["class"] == "read" {
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
pub fn first_read(actions: &[Action]) -> usize {
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
