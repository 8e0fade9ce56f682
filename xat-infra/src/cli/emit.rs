//! `xat emit`: a stack as files for Terraform, for ARM, as steps that a shell runs, or the files around its workload.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::ValueEnum;

use super::folder::{Folder, Kind};
use super::io::{Failure, Io};
use super::live::{LiveArgs, Wanted, state, types};
use super::{DONE, StackEntry, find};
use crate::delivery;
use crate::diagnostic::Severity;
use crate::emit::{File, arm, steps, terraform};
use crate::graph::{Graph, build};
use crate::live::Estate;
use crate::plan::{Action, Options, Places, Plan, places, plan};

/// Writes a stack as files: Terraform, ARM, steps for a shell, or what delivers its workload.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The stack, and what to write: `[STACK] terraform|arm|steps|delivery`. The first stack of `xat stacks` unless said.
    #[arg(required = true, num_args = 1..=2, value_names = ["STACK", "WHAT"])]
    what: Vec<String>,
    /// The folder that the files go to. It is made if it is not there, and holds nothing else; what is delivered goes among
    /// the application's own files, of several environments side by side.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How Terraform's files are written.
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    #[command(flatten)]
    live: LiveArgs,
    /// The state of the last apply: PATH or file:PATH. The stack's own unless said, and none with --live.
    #[arg(long, value_name = "URL")]
    state: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Hcl,
}

pub(super) fn run(args: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    let (stack, what) = match args.what.as_slice() {
        [what] => (None, what),
        [stack, what, ..] => (Some(stack.as_str()), what),
        [] => {
            return Err(Failure::Usage(
                "what is to be written: terraform, arm, steps or delivery?\n".into(),
            ));
        }
    };
    let kind = kind(what, args.format)?;
    let entry = find(stacks, stack)?;
    let graph = build((entry.build)())?;
    let found = crate::lint::lint(&graph);
    if found.iter().any(|d| d.severity == Severity::Error) {
        return Err(found.into());
    }
    let files = files(args, kind, entry, &graph, io)?;
    let folder = Folder::open(&io.path(&args.out), kind, &files)?;
    if kind == Kind::Delivery {
        beside(&folder, &graph, &files, stacks)?;
    }
    let written = folder.write(&graph.stack, kind, &files)?;
    io.draw(&found, stacks);
    io.tell(&format!("{written} in {}\n", args.out.display()));
    Ok(DONE)
}

/// Holds what is delivered against what other stacks deliver to the same folder, as they do now.
fn beside(
    folder: &Folder,
    graph: &Graph,
    files: &[File],
    stacks: &[StackEntry],
) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for name in folder.others(&graph.stack) {
        let Some(entry) = stacks.iter().find(|entry| entry.name == name) else {
            let differing = files.iter().filter(|file| folder.differs(name, file));
            problems.extend(differing.map(|file| folder.unknown_to(&graph.stack, name, file)));
            continue;
        };
        let other = build((entry.build)())?;
        let theirs = delivery::emit(&other)?;
        problems.extend(delivery::together((graph, files), (&other, &theirs)));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

fn kind(what: &str, format: Format) -> Result<Kind, Failure> {
    let kind = match what {
        "terraform" => Kind::Terraform,
        "arm" => Kind::Arm,
        "steps" => Kind::Steps,
        "delivery" => Kind::Delivery,
        other => {
            return Err(Failure::Usage(format!(
                "`{other}` cannot be written; terraform, arm, steps and delivery can\n"
            )));
        }
    };
    if format == Format::Hcl && kind != Kind::Terraform {
        return Err(Failure::Usage(
            "--format hcl is Terraform's; the others have one form\n".into(),
        ));
    }
    Ok(kind)
}

fn files(
    args: &Args,
    kind: Kind,
    entry: &StackEntry,
    graph: &Graph,
    io: &mut Io<'_>,
) -> Result<Vec<File>, Failure> {
    let types = types(Some(graph));
    Ok(match kind {
        Kind::Arm => arm::emit(graph)?,
        Kind::Delivery => delivery::emit(graph)?,
        Kind::Steps => {
            let (plan, ..) = planned(args, entry, graph, io)?;
            steps::emit(graph, &plan, &steps::Options { types: &types })?
        }
        Kind::Terraform => {
            // Without a word of what is live nothing is known to exist, and nothing is imported.
            let known = match args.live.said() {
                Some(_) => Some(planned(args, entry, graph, io)?),
                None => None,
            };
            let steps: Option<HashMap<&str, Action>> = known.as_ref().map(|(plan, ..)| {
                plan.steps.iter().map(|step| (step.address.as_str(), step.action)).collect()
            });
            // What needs no step is there as it is declared.
            let adopted = |address: &str| {
                steps.as_ref().is_some_and(|steps| {
                    steps.get(address).is_none_or(|action| {
                        matches!(action, Action::Adopt | Action::Update | Action::Move)
                    })
                })
            };
            let body = |id: &str| {
                known
                    .as_ref()
                    .and_then(|(_, estate, places)| estate.text(places.live(id)).map(str::to_owned))
            };
            let existing = terraform::Existing { adopted: &adopted, body: &body };
            let syntax = match args.format {
                Format::Json => terraform::Syntax::Json,
                Format::Hcl => terraform::Syntax::Hcl,
            };
            terraform::emit(
                graph,
                &terraform::Options {
                    syntax,
                    existing: known.as_ref().map(|_| existing),
                    types: &types,
                },
            )?
        }
    })
}

fn planned(
    args: &Args,
    entry: &StackEntry,
    graph: &Graph,
    io: &mut Io<'_>,
) -> Result<(Plan, Estate, Places), Failure> {
    let state = state(args.state.as_deref(), &args.live, entry, io)?;
    let wanted = Wanted { graph: Some(graph), state: Some(&state), groups: &[], unmanaged: false };
    let estate = args.live.estate(entry.estate, wanted, io)?;
    let plan = plan(graph, &estate, &state, &Options::default())?;
    let places = places(graph, &estate, &state)?;
    Ok((plan, estate, places))
}
