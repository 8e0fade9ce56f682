//! `xat graph`: the stack's resources and what waits for what.

use std::path::PathBuf;

use super::io::{Failure, Io};
use super::{DONE, StackEntry, find};
use crate::graph::{build, to_dot};

/// Writes the graph of a stack in the DOT language of Graphviz: `xat graph | dot -Tsvg > graph.svg`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The stack; the first one of `xat stacks` unless said.
    stack: Option<String>,
    /// Writes to this file, whole or not at all, instead of to the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    let entry = find(stacks, args.stack.as_deref())?;
    let graph = build((entry.build)())?;
    io.deliver(args.out.as_deref(), &to_dot(&graph))?;
    Ok(DONE)
}
