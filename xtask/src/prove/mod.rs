//! `cargo xtask prove <name>`: claims that take minutes to check. Their last figures stand in `docs/assurance.md`.

mod reproducible;
mod tools;

use std::path::Path;
use std::process::Command;

use crate::npm;
use crate::pack;
use crate::shell::{self, Result};
use crate::wasm::Mode;
use tools::Tool;

/// Checks the claim `name`.
pub fn run(name: &str, arguments: &[&str]) -> Result {
    match (name, arguments) {
        ("reproducible", []) => reproducible::run(),
        ("fuzz", []) => fuzz("60", None),
        ("fuzz", [seconds]) => fuzz(seconds, None),
        ("fuzz", [seconds, target]) => fuzz(seconds, Some(target)),
        ("mutants", []) => mutants(None),
        ("mutants", [part]) => mutants(Some(part)),
        ("coverage", []) => coverage(),
        ("deny", []) => deny(),
        ("emulator", []) => emulator("1000000"),
        ("emulator", [calls]) => emulator(calls),
        _ => script(name, arguments),
    }
}

/// Runs `js-tests/prove/<name>.mjs` against the package as it is published.
fn script(name: &str, arguments: &[&str]) -> Result {
    let file = format!("prove/{name}.mjs");
    if !shell::root().join("js-tests").join(&file).is_file() {
        return Err(format!(
            "`prove {name}` is not a command, or not with these arguments."
        ));
    }
    npm::ensure("js-tests")?;
    pack::build(Mode::Release)?;
    shell::run(npm::node("js-tests", &file).args(arguments))
}

/// What the emulator takes, its core first, then its face in Node; the soaks are of so many calls.
fn emulator(calls: &str) -> Result {
    let mut bench = shell::cargo();
    bench.args(["bench", "--quiet", "--locked", "--features", "emulator"]);
    shell::run(bench.args(["--bench", "emulator", "--", calls]))?;
    script("emulator", &[calls])
}

/// Fuzzes each target, or only the one named, for so many seconds, from the corpora in the repository; what is found on
/// the way is kept in `target/`. An input that takes a second is reported, one that takes ten is a failure.
fn fuzz(seconds: &str, only: Option<&str>) -> Result {
    let cargo_fuzz = Tool::FUZZ.ensure()?;
    let mut corpora = shell::list(&shell::root().join("fuzz/corpus"))?;
    corpora.retain(|corpus| only.is_none_or(|only| corpus.ends_with(only)));
    if corpora.is_empty() {
        return Err("there is no fuzz target of that name.".to_owned());
    }
    for corpus in corpora {
        let target = corpus.file_name().unwrap_or_default().to_owned();
        let found = shell::root().join("target/prove/fuzz").join(&target);
        std::fs::create_dir_all(&found)
            .map_err(|error| format!("cannot make {}: {error}.", found.display()))?;
        println!("\n== {}", target.to_string_lossy());
        let mut command = Command::new(&cargo_fuzz);
        // Sanitizers are unstable options of the compiler; this lets the stable one take them.
        command
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["fuzz", "run"])
            .arg(&target)
            .args([&found, &corpus])
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .args([
                "-timeout=10",
                "-report_slow_units=1",
                "-print_final_stats=1",
                "-max_len=4096",
            ]);
        shell::run(&mut command)?;
    }
    Ok(())
}

/// Code that is changed together: its files, the features they need, and the tests that must notice. Those are few,
/// because all of this is built and run again for each change.
struct Mutated {
    name: &'static str,
    files: &'static [&'static str],
    features: &'static str,
    tests: &'static str,
}

const MUTATED: [Mutated; 3] = [
    Mutated {
        name: "api",
        files: &[
            "src/api/clock.rs",
            "src/api/paging.rs",
            "src/api/quota.rs",
            "src/api/reason.rs",
            "src/api/reply.rs",
            "src/api/retry.rs",
            "src/api/wait.rs",
        ],
        features: "catalogue",
        tests: "api::",
    },
    Mutated {
        name: "doctor",
        files: &["src/emulator/doctor/*.rs"],
        features: "emulator",
        tests: "emulator::doctor",
    },
    Mutated {
        name: "sign",
        files: &["src/sign/*.rs"],
        features: "catalogue",
        tests: "sign::",
    },
];

/// Changes the code in many small ways and looks whether a test notices; `only` names one of the parts above. What went
/// unnoticed stands in `target/prove/mutants-<part>/mutants.out/missed.txt`; `docs/assurance.md` says why it may.
fn mutants(only: Option<&str>) -> Result {
    let cargo_mutants = Tool::MUTANTS.ensure()?;
    if let Some(only) = only
        && !MUTATED.iter().any(|part| part.name == only)
    {
        return Err(format!("`{only}` is no part that mutants are made of."));
    }
    // The one that ends at the first test that fails.
    let has_nextest = shell::succeeds(shell::cargo().args(["nextest", "--version"]));
    let test_tool = if has_nextest { "nextest" } else { "cargo" };
    let mut missed = Vec::new();
    for part in MUTATED
        .iter()
        .filter(|part| only.is_none_or(|only| only == part.name))
    {
        let mut command = Command::new(&cargo_mutants);
        command.args(["mutants", "--no-shuffle", "--features", part.features]);
        command.args(["--test-tool", test_tool, "--cargo-arg=--lib"]);
        for file in part.files {
            command.args(["--file", file]);
        }
        let output = format!("target/prove/mutants-{}", part.name);
        command.args(["--output", &output]);
        // Fewer random requests for each mistake than in an ordinary run: the time of one test is that of each change.
        command
            .env("DOCTOR_REQUESTS", "4")
            .env("PROPTEST_CASES", "8");
        command.args(["--", "--", part.tests]);
        let ended = shell::run(&mut command);
        let list = |name| shell::read(&shell::root().join(&output).join("mutants.out").join(name));
        if !list("missed.txt")?.is_empty() {
            missed.push(part.name);
        } else if list("timeout.txt")?.is_empty() {
            // It fails too where a test did not end, which is a way of noticing.
            ended?;
        }
    }
    if missed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "some changes went unnoticed in: {}; see target/prove.",
        missed.join(", ")
    ))
}

/// Line coverage of the signer, the decisions and the doctor by the Rust tests.
fn coverage() -> Result {
    let cargo_llvm_cov = Tool::COVERAGE.ensure()?;
    let mut command = Command::new(cargo_llvm_cov);
    command.args([
        "llvm-cov",
        "--locked",
        "--features",
        "emulator",
        "--lib",
        "--test",
        "fuzz",
    ]);
    command.args([
        "--ignore-filename-regex",
        "(catalogue|client|emulator/[a-z_]+\\.rs|emulator/state|tests)",
    ]);
    // Where rustup has no component for it, the distribution's LLVM of the compiler's version does.
    for (variable, program) in [("LLVM_COV", "llvm-cov"), ("LLVM_PROFDATA", "llvm-profdata")] {
        let named = format!("{program}-{}", tools::llvm_version()?);
        if let Some(path) = shell::which(&named)
            && std::env::var_os(variable).is_none()
        {
            command.env(variable, path);
        }
    }
    shell::run(&mut command)
}

/// Licences, sources and doubled packages of both lock files, by the rules in `deny.toml`. Advisories are a list that
/// lives elsewhere: `cargo deny check advisories` needs to reach it.
fn deny() -> Result {
    let cargo_deny = Tool::DENY.ensure()?;
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        println!("\n== {manifest}");
        let mut command = Command::new(&cargo_deny);
        command.arg("--manifest-path").arg(Path::new(manifest));
        command.args([
            "--locked",
            "--all-features",
            "--config",
            "deny.toml",
            "check",
        ]);
        shell::run(command.args(["bans", "licenses", "sources"]))?;
    }
    Ok(())
}
