//! Verbs of the contract that are not there yet: they say so, and what there is instead.

use std::ffi::OsString;

use super::io::Failure;

/// Not implemented yet.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(super) struct Args {
    /// Whatever is given: the answer is the same.
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _rest: Vec<OsString>,
}

pub(super) fn run(verb: &str, instead: &str) -> Result<u8, Failure> {
    Err(Failure::Told(format!("not yet: `xat {verb}` is not implemented; {instead}")))
}
