//! `xat plan`: what applying a stack would do.

use std::path::PathBuf;

use clap::ValueEnum;

use super::applied::StateArgs;
use super::io::{Failure, Io};
use super::live::{LiveArgs, Source, Wanted};
use super::template::TemplateArgs;
use super::{CHANGES, DONE, REFUSED, StackEntry, find};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{Graph, build, to_dot};
use crate::live::Estate;
use crate::plan::{Options, Plan, plan};
use crate::report;
use crate::schema::Danger;

/// Shows what applying a stack would do, without doing it.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The stack; the first one of `xat stacks` unless said.
    stack: Option<String>,
    #[command(flatten)]
    live: LiveArgs,
    #[command(flatten)]
    template: TemplateArgs,
    #[command(flatten)]
    state: StateArgs,
    /// How the plan is written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Writes to this file, whole or not at all, instead of to the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Plans only this resource and what it waits for: its address, or its name where only one has it. Can be
    /// given several times.
    #[arg(long, value_name = "ADDRESS")]
    target: Vec<String>,
    /// Exits with 2 if there is anything to do, and with 3 if a step of it is refused.
    #[arg(long)]
    detailed_exitcode: bool,
    /// Exits with 3 if any step is at least this dangerous: data-loss, downtime, exposure, cost or cosmetic.
    #[arg(long, value_name = "DANGER")]
    refuse: Option<Danger>,
    /// Lists what exists and no stack declares.
    #[arg(long)]
    show_unmanaged: bool,
    /// Lists the resources with which nothing happens too.
    #[arg(long)]
    show_unchanged: bool,
    /// Prints the least role that the apply needs (not yet).
    #[arg(long)]
    role: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
    Markdown,
    Html,
    Dot,
}

pub(super) fn run(args: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    not_yet(args)?;
    if args.template.is_said() {
        return of_template(args, stacks, io);
    }
    if !args.template.groups().is_empty() {
        return Err(Failure::Usage(
            "`--group` says where an --arm-template is deployed to\n".to_owned(),
        ));
    }
    let entry = find(stacks, args.stack.as_deref())?;
    let graph = build((entry.build)())?;
    let mut found = crate::lint::lint(&graph);
    if found.iter().any(|d| d.severity == Severity::Error) {
        return Err(found.into());
    }
    if args.format == Format::Dot {
        io.deliver(args.out.as_deref(), &to_dot(&graph))?;
        return Ok(DONE);
    }
    let (estate, state) =
        args.state.with_live(&args.live, entry, &graph, args.show_unmanaged, io)?;
    let targets = args.target.iter().map(|target| address(&graph, target)).collect();
    let options = Options { targets, unmanaged: args.show_unmanaged };
    let mut plan = plan(&graph, &estate, &state, &options)?;
    found.retain(|d| !plan.diagnostics.contains(d));
    plan.diagnostics.append(&mut found);
    io.draw(told(&plan, args.format), stacks);
    let text = written(&plan, args, io)?;
    io.deliver(args.out.as_deref(), &text)?;
    Ok(exit_code(&plan, args.detailed_exitcode, args.refuse))
}

/// A template in the place of a stack: nothing is embedded for it, and the library's own rules are not its rules.
fn of_template(args: &Args, stacks: &[StackEntry], io: &mut Io<'_>) -> Result<u8, Failure> {
    if args.stack.is_some() {
        let why =
            "a plan is of a stack or of a template: drop the stack's name or --arm-template\n";
        return Err(Failure::Usage(why.to_owned()));
    }
    let none = StackEntry {
        name: "",
        about: "",
        build: || crate::dsl::Stack::new(""),
        estate: None,
        state: None,
    };
    // A cloud is asked only for what the template declares, which must be known first.
    let known = match args.live.said() {
        Some(Source::Cloud(_)) => Estate::empty(),
        _ => args.live.estate(None, Wanted::default(), io)?,
    };
    let read = args.template.graph(&args.live, &known, io)?;
    if args.format == Format::Dot {
        io.deliver(args.out.as_deref(), &to_dot(&read.graph))?;
        return Ok(DONE);
    }
    let (estate, state) =
        args.state.with_live(&args.live, &none, &read.graph, args.show_unmanaged, io)?;
    let targets = args.target.iter().map(|target| address(&read.graph, target)).collect();
    let options = Options { targets, unmanaged: args.show_unmanaged };
    let mut plan =
        plan(&read.graph, &estate, &state, &options).map_err(|problems| read.placed(problems))?;
    read.place_plan(&mut plan);
    for note in &read.notes {
        io.tell(&format!("- {note}\n"));
    }
    io.draw(told(&plan, args.format), stacks);
    let text = written(&plan, args, io)?;
    io.deliver(args.out.as_deref(), &text)?;
    Ok(exit_code(&plan, args.detailed_exitcode, args.refuse))
}

/// What is part of the contract and not there yet.
fn not_yet(args: &Args) -> Result<(), Failure> {
    let later = |what: &str, instead: &str| {
        Err(Failure::Told(format!("not yet: {what} is not implemented; {instead}")))
    };
    match args.format {
        _ if args.role => later("`xat plan --role`", "`xat plan` shows what would be done"),
        Format::Markdown => later("`--format markdown`", "`text` and `json` are"),
        Format::Html => later("`--format html`", "`text` and `json` are"),
        _ => Ok(()),
    }
}

/// The address that a target means. The preview shows keys: one that a single resource has will do.
fn address(graph: &Graph, target: &str) -> String {
    let mut named = graph.nodes.iter().filter(|node| node.key == target);
    match (graph.at(target), named.next(), named.next()) {
        (None, Some(node), None) => node.address.clone(),
        _ => target.to_owned(),
    }
}

/// What goes to stderr. The text preview shows refusals where they belong, and JSON is not for people.
fn told(plan: &Plan, format: Format) -> Vec<&Diagnostic> {
    match format {
        Format::Text => report::besides_refusals(plan),
        _ => plan.diagnostics.iter().collect(),
    }
}

fn written(plan: &Plan, args: &Args, io: &Io<'_>) -> Result<String, Failure> {
    let terminal = io.out_options();
    let options = report::Options {
        // A file is not a terminal.
        colour: terminal.colour && args.out.is_none(),
        show_unchanged: args.show_unchanged,
        ..terminal
    };
    match args.format {
        Format::Json => report::to_json(plan, &options)
            .map_err(|e| Failure::Told(format!("the plan could not be written as JSON: {e}"))),
        _ => Ok(report::to_text(plan, &options)),
    }
}

/// The exit code for a plan that was made.
pub(super) fn exit_code(plan: &Plan, detailed: bool, refuse: Option<Danger>) -> u8 {
    let refused = plan.steps.iter().any(|step| step.refused.is_some());
    if refuse.is_some_and(|limit| plan.steps.iter().any(|step| step.danger >= limit))
        || (detailed && refused)
    {
        REFUSED
    } else if detailed && plan.has_changes() {
        CHANGES
    } else {
        DONE
    }
}
