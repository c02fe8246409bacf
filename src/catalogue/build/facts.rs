//! Return codes, zones and statuses as Rust source.

use super::source::{Source, list, text};
use serde_json::Value;
use std::fmt::Write as _;

/// The tables, each sorted by what it is looked up by.
pub fn rust(source: &Source) -> String {
    let mut rust = String::from("static RETURN_CODES: &[ReturnCode] = &[\n");
    for code in list(&source.codes) {
        let texts = &source.descriptions["codes"][code["code"].to_string()];
        let _ = writeln!(
            rust,
            "    ReturnCode {{ code: {}, name: {:?}, cause: {:?}, mend: {:?}, retryable: {} }},",
            code["code"],
            text(&code["name"]),
            text(&texts["cause"]["en"]),
            text(&texts["mend"]["en"]),
            code["retryable"]
        );
    }
    let zones = list(&source.zones["current"])
        .iter()
        .map(|zone| (zone, true));
    let zones = zones.chain(
        list(&source.zones["older"])
            .iter()
            .map(|zone| (zone, false)),
    );
    let _ = writeln!(rust, "];\nstatic ZONES: &[Zone] = &[");
    for (zone, current) in zones {
        let _ = writeln!(
            rust,
            "    Zone {{ id: {:?}, region: {:?}, current: {current} }},",
            text(&zone["id"]),
            text(&zone["region"])
        );
    }
    let _ = writeln!(rust, "];\nstatic STATUSES: &[Statuses] = &[");
    let mut ends = Vec::new();
    for (resource, statuses) in source.statuses.as_object().into_iter().flatten() {
        let mut transitions = String::new();
        for (name, transition) in statuses["transitions"].as_object().into_iter().flatten() {
            let _ = write!(
                transitions,
                "Transition {{ name: {name:?}, from: &{:?}, to: {:?} }}, ",
                texts(&transition["from"]),
                transition["to"].as_str()
            );
        }
        let end: Vec<_> = [texts(&statuses["gone"]), texts(&statuses["final"])].concat();
        let _ = writeln!(
            rust,
            "    Statuses {{ resource: {resource:?}, read: {:?}, list_field: {:?}, id_field: {:?}, status: &{:?}, transition_status: &{:?}, transitions: &[{transitions}], end: &{end:?} }},",
            statuses["describe_action"].as_str(),
            statuses["set_field"].as_str(),
            statuses["id_field"].as_str(),
            texts(&statuses["status"]),
            texts(&statuses["transition_status"]),
        );
        if let (Some(read), false) = (statuses["describe_action"].as_str(), end.is_empty()) {
            ends.push((read, end));
        }
    }
    ends.sort_unstable();
    let _ = writeln!(rust, "];\nstatic END_STATUSES: &[(&str, &[&str])] = &[");
    for (read, end) in ends {
        let _ = writeln!(rust, "    ({read:?}, &{end:?}),");
    }
    rust + "];\n"
}

fn texts(values: &Value) -> Vec<&str> {
    list(values).iter().map(text).collect()
}
