//! `cargo run --bin xat -- VERB`: the whole command line over the XAT stacks.

use std::process::ExitCode;

fn main() -> ExitCode {
    xat_infra::cli::main(xat_stacks::STACKS)
}
