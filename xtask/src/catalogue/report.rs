//! Says what the catalogue holds, as markdown, and how large its table is.

use super::build::source::{Source, list, text};
use super::build::table;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A table of the services with the number of their actions, reads among them, and documented answers.
pub fn services(source: &Source) -> String {
    let mut services: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for action in &source.actions {
        let counts = services.entry(text(&action["service"])).or_default();
        counts[0] += 1;
        counts[1] += usize::from(action["class"] == "read");
        counts[2] += usize::from(action["answer"].is_array());
    }
    let mut markdown = String::from(
        "| service | | actions | reads | answer known |\n| --- | --- | ---: | ---: | ---: |\n",
    );
    let mut sums = [0; 3];
    for (service, counts) in &services {
        let title = text(&source.descriptions["services"][service]["en"]);
        let _ = writeln!(
            markdown,
            "| {service} | {title} | {} | {} | {} |",
            counts[0], counts[1], counts[2]
        );
        sums.iter_mut()
            .zip(counts)
            .for_each(|(sum, count)| *sum += count);
    }
    let _ = writeln!(
        markdown,
        "| **{}** | | **{}** | **{}** | **{}** |",
        services.len(),
        sums[0],
        sums[1],
        sums[2]
    );
    let parameters: usize = source
        .actions
        .iter()
        .map(|action| list(&action["parameters"]).len())
        .sum();
    let structures = source
        .structures
        .as_object()
        .map_or(0, |structures| structures.len());
    let _ = writeln!(
        markdown,
        "\n{parameters} parameters, {structures} structures, {} return codes.",
        list(&source.codes).len()
    );
    markdown
}

/// The packed tables of client and emulator, as bytes: for measuring.
pub fn tables(source: &Source) -> [(&'static str, Vec<u8>); 2] {
    [
        ("client", table::pack(source, false).bytes),
        ("emulator", table::pack(source, true).bytes),
    ]
}

#[cfg(test)]
mod tests {
    use super::{services, tables};
    use crate::catalogue::{build::source, gzip, source_folder};

    /// A promise to those who count bytes: the table costs a page at most this much.
    const BUDGET: usize = 14 * 1024;

    #[test]
    fn the_clients_table_stays_within_its_budget() {
        let source = source::read(&source_folder());
        let [(_, client), _] = tables(&source);
        let size = gzip(&client).unwrap();
        assert!(size <= BUDGET, "{size} bytes of gzip, {BUDGET} are allowed");
    }

    #[test]
    fn the_report_counts_every_action_once() {
        let report = services(&source::read(&source_folder()));
        assert!(report.contains("| project | Projects | 23 |"), "{report}");
        assert!(
            report.contains("| **41** | | **414** | **109** | **398** |"),
            "{report}"
        );
    }

    #[test]
    fn the_readme_shows_what_the_command_prints() {
        let readme = std::fs::read_to_string(source_folder().join("../../README.md")).unwrap();
        // The README folds the table away and shows the sums above it.
        for part in services(&source::read(&source_folder())).split("\n\n") {
            assert!(
                readme.contains(part),
                "README.md: under \"What it knows\" should stand what `cargo xtask catalogue` prints:\n{part}"
            );
        }
    }
}
