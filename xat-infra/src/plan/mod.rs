//! The plan: what applying a stack would do, as a value.
//!
//! [`plan`] is a pure function of graph, live estate and state: no clock, environment, network, file or chance.
//! It is handed values that can only be read.

mod against;
mod by_record;
mod compare;
mod decide;
mod diff;
mod drift;
mod leaf;
mod places;
mod read;
mod record;
mod resolve;
mod steps;
mod types;
mod unmanaged;

use std::collections::HashSet;

pub use drift::{Cause, Drift, Drifted, DriftedLeaf, Presence, Unseen, drift};
pub use places::{Places, places};
pub use record::record;
pub use types::{Action, Change, Kept, Options, Plan, Refusal, Shown, Step, Summary, Unmanaged};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::Graph;
use crate::live::Estate;
use crate::state::State;
use decide::Decider;

/// Plans a stack against what is live and what the last apply left.
///
/// # Errors
/// The state belongs to another stack, a target does not exist, or a live body is not of its type's shape.
/// Steps that are refused are not errors here: they stand in the plan, with a diagnostic each.
pub fn plan(
    graph: &Graph,
    estate: &Estate,
    state: &State,
    options: &Options,
) -> Result<Plan, Vec<Diagnostic>> {
    let mut problems = Diagnostics::new();
    if !state.stack.is_empty() && state.stack != graph.stack {
        problems.push(
            Diagnostic::error(
                "state-other-stack",
                format!(
                    "the state belongs to the stack `{}`, not to `{}`",
                    state.stack, graph.stack
                ),
            )
            .help("name the state of this stack with --state"),
        );
        return Err(problems.sorted());
    }
    let chosen = targets(graph, state, &options.targets, &mut problems);
    moves(graph, &mut problems);
    let mut decider = Decider::new(graph, estate, state);
    decider.run();
    problems.extend(std::mem::take(&mut decider.problems));
    create_first(&decider, &mut problems);
    let mut diagnostics = graph.warnings.clone();
    problems.or_value((), &mut diagnostics)?;
    let mut built = steps::steps(&mut decider, chosen.as_ref());
    diagnostics.append(&mut built.refusals);
    let unmanaged = if options.unmanaged { unmanaged::unmanaged(&decider) } else { Vec::new() };
    Ok(Plan {
        stack: graph.stack.clone(),
        environment: graph.environment.clone(),
        live: estate.label().to_owned(),
        declared: graph.nodes.len(),
        found: built.found,
        steps: built.steps,
        unchanged: built.unchanged,
        unmanaged,
        diagnostics,
    })
}

/// The targets and everything that they wait for; `None` for the whole stack.
fn targets(
    graph: &Graph,
    state: &State,
    targets: &[String],
    problems: &mut Diagnostics,
) -> Option<HashSet<u32>> {
    if targets.is_empty() {
        return None;
    }
    let mut chosen = HashSet::new();
    let mut open = Vec::new();
    for target in targets {
        match graph.at(target) {
            Some(index) => open.push(index),
            None => {
                let near = crate::diagnostic::nearest(
                    target,
                    graph.nodes.iter().map(|node| node.address.as_str()),
                );
                let mut problem = Diagnostic::error(
                    "unknown-target",
                    format!("no resource has the address `{target}`"),
                );
                problem = match (state.resources.contains_key(target), near) {
                    (true, _) => problem.help(
                        "the stack no longer has it; plan without --target to see its deletion",
                    ),
                    (false, Some(near)) => problem.help(format!("did you mean `{near}`?")),
                    (false, None) => problem.help("addresses are as the preview's JSON shows them"),
                };
                problems.push(problem);
            }
        }
    }
    while let Some(index) = open.pop() {
        if chosen.insert(index) {
            open.extend(graph.nodes[index as usize].edges.iter().map(|edge| edge.to));
        }
    }
    Some(chosen)
}

/// Old names that two resources claim.
fn moves(graph: &Graph, problems: &mut Diagnostics) {
    let mut seen: std::collections::BTreeMap<(&str, Option<&str>, &str), crate::value::Place> =
        Default::default();
    for node in &graph.nodes {
        for (old, at) in &node.meta.was {
            let claim = (node.ty.slug, node.component.as_deref(), old.as_str());
            if let Some(first) = seen.insert(claim, at) {
                problems.push(
                    Diagnostic::error(
                        "ambiguous-move",
                        format!("two resources say that they were `{old}`"),
                    )
                    .at(*at, "the second")
                    .at(first, "the first")
                    .help("keep `.was(..)` on the one that it became"),
                );
            }
            let of = decide::old_addresses(node, old).into_iter().find_map(|a| graph.at(&a));
            if let Some(other) = of.map(|index| &graph.nodes[index as usize]) {
                let what =
                    format!("`{}` says that it was `{old}`, which the stack still has", node.key);
                problems.push(
                    Diagnostic::error("ambiguous-move", what)
                        .at(*at, "says so here")
                        .at(other.declared_at(), format!("`{old}` is declared here"))
                        .help("drop `.was(..)`, or give the other one another key"),
                );
            }
        }
    }
}

/// Replacements that were to be made before the old one goes, under the same identity.
fn create_first(decider: &Decider<'_>, problems: &mut Diagnostics) {
    for (node, decision) in decider.graph.nodes.iter().zip(&decider.decisions) {
        let replaced = decision.as_ref().is_some_and(|d| d.action == Some(Action::Replace));
        if node.meta.create_first && replaced {
            let what = format!(
                "`{}` must be replaced, and the new one would have the old one's name",
                node.key
            );
            problems.push(
                Diagnostic::error("cannot-create-first", what)
                    .at(node.declared_at(), "says `.create_before_destroy()`")
                    .help("give it another name and say `.was(\"old name\")`, or drop `.create_before_destroy()`"),
            );
        }
    }
}
