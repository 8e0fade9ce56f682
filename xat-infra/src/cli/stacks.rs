//! `xat stacks`: the stacks of this program.

use super::io::{Failure, Io};
use super::{DONE, StackEntry};

/// Lists the stacks, a line each. The first is the one that other commands take unless told.
#[derive(clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    let widest = stacks.iter().map(|entry| entry.name.chars().count()).max().unwrap_or(0);
    let line = |entry: &StackEntry| {
        format!("{:widest$}  {}", entry.name, entry.about).trim_end().to_owned() + "\n"
    };
    io.print(&stacks.iter().map(line).collect::<String>())?;
    Ok(DONE)
}
