//! The project's own commands: `cargo xtask build | demo | test | bench`.

mod catalogue;

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("import-catalogue") => catalogue::import(&arguments[1..]),
        _ => Err("usage: cargo xtask import-catalogue".into()),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            std::process::ExitCode::FAILURE
        }
    }
}
