//! `xat lint`: what the rules find in a stack.

use super::io::{Failure, Io};
use super::{DONE, ERROR, StackEntry, find};
use crate::diagnostic::{Diagnostics, Severity};
use crate::graph::build;
use crate::report::count;

/// Says what is wrong or doubtful in a stack. Exits with 1 if anything of it is an error.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The stack; the first one of `xat stacks` unless said.
    stack: Option<String>,
}

pub(super) fn run(args: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    let entry = find(stacks, args.stack.as_deref())?;
    let graph = build((entry.build)())?;
    let mut found = Diagnostics::new();
    found.extend(graph.warnings.iter().cloned());
    found.extend(crate::lint::lint(&graph));
    let found = found.sorted();
    // Here the findings are the data.
    let text = io.drawn(&found, stacks, &io.out_options());
    io.print(&text)?;
    let of = |severity: Severity| found.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    io.tell(&format!(
        "{}: {}, {}\n",
        entry.name,
        count(errors, "error"),
        count(warnings, "warning")
    ));
    Ok(if errors > 0 { ERROR } else { DONE })
}
