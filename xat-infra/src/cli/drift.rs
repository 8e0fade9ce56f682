//! `xat drift`: what is not as it was applied, and what is not as it is declared.

use std::path::PathBuf;

use clap::ValueEnum;

use super::applied::StateArgs;
use super::io::{Failure, Io};
use super::live::LiveArgs;
use super::{CHANGES, DONE, StackEntry, find};
use crate::graph::build;
use crate::plan::drift;
use crate::report;

/// Shows what somebody changed in the cloud since the last apply, and what is not as the stack declares it, apart.
///
/// It changes nothing, neither the cloud nor the state.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The stack; the first one of `xat stacks` unless said.
    stack: Option<String>,
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    state: StateArgs,
    /// How the drift is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Writes to this file, whole or not at all, instead of to the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exits with 2 if anything differs.
    #[arg(long)]
    detailed_exitcode: bool,
    /// Lists what exists and neither the stack nor the state knows.
    #[arg(long)]
    show_unmanaged: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(args: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    let entry = find(stacks, args.stack.as_deref())?;
    let graph = build((entry.build)())?;
    let (estate, state) =
        args.state.with_live(&args.live, entry, &graph, args.show_unmanaged, io)?;
    let drift = drift(&graph, &estate, &state, args.show_unmanaged)?;
    let text = match args.format {
        Format::Json => report::drift_to_json(&drift)
            .map_err(|e| Failure::Told(format!("the drift could not be written as JSON: {e}")))?,
        Format::Text => {
            let terminal = io.out_options();
            // A file is not a terminal.
            let colour = terminal.colour && args.out.is_none();
            report::drift_to_text(&drift, &report::Options { colour, ..terminal })
        }
    };
    io.deliver(args.out.as_deref(), &text)?;
    Ok(if args.detailed_exitcode && drift.is_any() { CHANGES } else { DONE })
}
