//! The command line, as a function over a crate's own stacks: `xat` and `plan` are one line each.
//!
//! This is the one module that reads arguments and the environment, prints, and picks exit codes. It prints
//! through the handles in [`Io`], so that tests see what a person would see. Data goes to `out`, everything else
//! to `err`. A file per verb; the doc comment of its arguments is its help.

mod applied;
#[cfg(feature = "azure")]
mod azure;
mod drift;
mod emit;
mod explain;
mod folder;
#[cfg(feature = "gcp")]
mod gcp;
mod graph;
#[cfg(feature = "import")]
mod import;
mod io;
mod later;
mod lint;
mod live;
mod plan;
#[cfg(any(feature = "azure", feature = "gcp"))]
mod reading;
mod record;
mod source;
mod stacks;
mod template;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::diagnostic::{Diagnostic, nearest};
use crate::dsl::Stack;
use io::Failure;
pub use io::Io;

/// All went well.
const DONE: u8 = 0;
/// Something is wrong; what, stands on stderr.
const ERROR: u8 = 1;
/// There is something to do, and `--detailed-exitcode` asked.
const CHANGES: u8 = 2;
/// Too dangerous: a step is refused, or worse than `--refuse` lets pass.
const REFUSED: u8 = 3;

/// A stack that the command line offers.
#[derive(Clone, Copy)]
pub struct StackEntry {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// Builds it.
    pub build: fn() -> Stack,
    /// What is live unless `--live` says otherwise; nothing if there is none.
    pub estate: Option<Embedded>,
    /// What was applied unless `--state` says otherwise; nothing if there is none.
    pub state: Option<Embedded>,
}

/// A file that is part of the program: `Embedded { name: "estate.json", text: include_str!("estate.json") }`.
#[derive(Clone, Copy)]
pub struct Embedded {
    /// What messages call it.
    pub name: &'static str,
    /// What is in it.
    pub text: &'static str,
}

/// Cloud estates as typed Rust: previews what applying a stack would do.
#[derive(Parser)]
#[command(name = "xat", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Plan(plan::Args),
    Emit(emit::Args),
    Drift(drift::Args),
    Record(record::Args),
    Graph(graph::Args),
    Lint(lint::Args),
    Stacks(stacks::Args),
    Explain(explain::Args),
    #[command(hide = true)]
    Apply(later::Args),
    #[cfg(feature = "import")]
    Import(import::Args),
    #[command(hide = true)]
    State(later::Args),
}

/// The whole of `bin/xat`: `fn main() -> std::process::ExitCode { xat_infra::cli::main(STACKS) }`.
pub fn main(stacks: &[StackEntry]) -> ExitCode {
    io::with_process(|io| run_with(stacks, std::env::args_os(), io))
}

/// The whole of `bin/plan`: the same with `plan` put in front.
pub fn plan_main(stacks: &[StackEntry]) -> ExitCode {
    let args = ["xat", "plan"].map(OsString::from).into_iter().chain(std::env::args_os().skip(1));
    io::with_process(|io| run_with(stacks, args, io))
}

/// Runs a command line, the program's name first, and gives its exit code: 0 done, 1 error, 2 changes present
/// (with `--detailed-exitcode`), 3 too dangerous.
pub fn run_with(
    stacks: &[StackEntry],
    args: impl Iterator<Item = OsString>,
    io: &mut Io<'_>,
) -> u8 {
    let outcome = parse(args, io).and_then(|verb| match verb {
        None => Ok(DONE),
        Some(Verb::Plan(args)) => plan::run(&args, stacks, io),
        Some(Verb::Drift(args)) => drift::run(&args, stacks, io),
        Some(Verb::Record(args)) => record::run(&args, stacks, io),
        Some(Verb::Emit(args)) => emit::run(&args, stacks, io),
        Some(Verb::Graph(args)) => graph::run(&args, stacks, io),
        Some(Verb::Lint(args)) => lint::run(&args, stacks, io),
        Some(Verb::Stacks(args)) => stacks::run(&args, stacks, io),
        Some(Verb::Explain(args)) => explain::run(&args, io),
        Some(Verb::Apply(_)) => later::run("apply", "`xat plan` previews"),
        #[cfg(feature = "import")]
        Some(Verb::Import(args)) => import::run(&args, stacks, io),
        Some(Verb::State(_)) => later::run("state", "`xat plan --state PATH` reads one"),
    });
    outcome.unwrap_or_else(|failure| io.fail(failure, stacks))
}

/// The arguments, understood; `None` if they asked for help, which then stands on `out`.
fn parse(args: impl Iterator<Item = OsString>, io: &mut Io<'_>) -> Result<Option<Verb>, Failure> {
    let command = Cli::command().term_width(io.columns());
    let parsed =
        command.try_get_matches_from(args).and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => Ok(Some(cli.verb)),
        Err(e) if e.use_stderr() => Err(Failure::Usage(e.render().to_string())),
        Err(help) => io.print(&help.render().to_string()).map(|()| None),
    }
}

/// The stack with this name; the first one if none is named.
fn find<'s>(stacks: &'s [StackEntry], name: Option<&str>) -> Result<&'s StackEntry, Failure> {
    let known = |entry: &&StackEntry| name.is_none_or(|name| entry.name == name);
    stacks
        .iter()
        .find(known)
        .ok_or_else(|| Failure::from(unknown(stacks, name.unwrap_or_default())))
}

fn unknown(stacks: &[StackEntry], name: &str) -> Diagnostic {
    if stacks.is_empty() {
        return Diagnostic::error("unknown-stack", "this program has no stack");
    }
    let names =
        stacks.iter().map(|entry| format!("`{}`", entry.name)).collect::<Vec<_>>().join(", ");
    let help = match nearest(name, stacks.iter().map(|entry| entry.name)) {
        Some(near) => format!("did you mean `{near}`? There are: {names}"),
        None => format!("there are: {names}"),
    };
    Diagnostic::error("unknown-stack", format!("no stack is called `{name}`")).help(help)
}
