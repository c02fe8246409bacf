//! The project's own commands: `cargo xtask build | demo | docs | test | prove | bench`.
//!
//! A command is a list of steps; a step runs another program and fails with one sentence.

mod bench;
mod browsers;
mod catalogue;
mod debian;
mod demo;
mod licences;
mod npm;
mod pack;
mod prove;
mod reference;
mod shell;
mod short_names;
mod test;
mod text;
mod toolchain;
mod wasm;
mod www;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask <command>

  build [--dev]      build the WebAssembly modules and fill pkg/dist (--dev: without wasm-opt)
  demo [--once]      build, sign and call against the emulator, then serve the explorer
                     (--once: end after the calls)
  docs               make the API reference: target/reference/index.html
  test [--quick]     set up what is missing and run every check (--quick: without the slow ones)
  prove <name> …     check a claim that takes minutes (docs/assurance.md has the last figures):
                     reproducible | fuzz [seconds [target]] | mutants [part] | coverage | deny |
                     emulator [calls], or a script of js-tests/prove with its arguments:
                     python [count] [seed] | faults | …
  bench [rounds]     measure speed, memory and size against what a user would pick instead
                     (41 rounds: some minutes, on a machine that does nothing else)
  catalogue          print the services with their counts, and the size of the packed tables
  catalogue <folder> write only what is generated from the catalogue there
  import-catalogue <folder>
                     rewrite src/catalogue from reference data
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["build"] => pack::build(wasm::Mode::Release),
        ["build", "--dev"] => pack::build(wasm::Mode::Dev),
        ["demo"] => demo::run(demo::Then::Serve),
        ["demo", "--once"] => demo::run(demo::Then::End),
        ["docs"] => reference::build()
            .map(|()| println!("The API reference is target/reference/index.html.")),
        ["test"] => test::run(test::Extent::Full),
        ["test", "--quick"] => test::run(test::Extent::Quick),
        ["prove", name, rest @ ..] => prove::run(name, rest),
        ["bench"] => bench::run("41"),
        ["bench", rounds] => bench::run(rounds),
        ["catalogue"] => catalogue::report(None),
        ["catalogue", folder] => catalogue::report(Some(folder)),
        ["import-catalogue", ..] => catalogue::import(&arguments[1..]),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("xtask: `{}` is not a command.\n\n{HELP}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
