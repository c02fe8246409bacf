//! The fuzz targets over their corpora and over damaged copies of them, with the ordinary compiler: a quick look at
//! every run of the tests. `cargo xtask prove fuzz` looks longer.

#[path = "src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Damaged copies of each seed.
const COPIES: u64 = 20;

fn run(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(name);
    let mut seeds: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 5, "{name} has hardly a corpus");
    for (number, seed) in seeds.iter().enumerate() {
        let bytes = fs::read(seed).unwrap();
        let mut chance = Chance(number as u64 + 1);
        for copy in 0..=COPIES {
            let input = if copy == 0 {
                bytes.clone()
            } else {
                chance.damaged(&bytes)
            };
            let start = Instant::now();
            target(&input);
            // Wide, because a machine may be busy: the fuzzer itself stops at a second.
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "{} hung",
                seed.display()
            );
        }
    }
}

/// Numbers that are the same at every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    /// A copy with a few bytes changed, left out, doubled or cut off.
    fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut damaged = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(damaged.len());
            match self.below(5) {
                0 => damaged.truncate(at),
                1 if !damaged.is_empty() => drop(damaged.remove(at)),
                2 => damaged.insert(at, self.below(256) as u8),
                3 => damaged.extend_from_within(at..),
                _ if !damaged.is_empty() => damaged[at] = self.below(256) as u8,
                _ => {}
            }
        }
        damaged
    }
}

#[test]
fn the_signer_holds_together() {
    run("sign", targets::sign);
}

#[test]
fn any_tree_is_signed_or_refused() {
    run("tree", targets::tree);
}

#[test]
fn the_emulator_answers_everything() {
    run("emulator", targets::emulator);
}

#[test]
fn any_snapshot_is_taken_or_refused() {
    run("restore", targets::restore);
}

#[test]
fn any_evidence_is_diagnosed_or_refused() {
    run("doctor", targets::doctor);
}

#[test]
fn look_ups_agree() {
    run("catalogue", targets::catalogue);
}
