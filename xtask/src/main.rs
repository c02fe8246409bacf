//! The project's own commands: `cargo xtask build | demo | test | bench`.

fn main() {}
