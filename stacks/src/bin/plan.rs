//! `cargo run --bin plan`: the preview. The same as `xat plan`.

use std::process::ExitCode;

fn main() -> ExitCode {
    xat_infra::cli::plan_main(xat_stacks::STACKS)
}
