//! From decisions to steps: what is refused, what is deleted, in which order and waves.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::decide::{Decider, Decision};
use super::{Action, Kept, Refusal, Step};
use crate::diagnostic::{Diagnostic, Spot};
use crate::dsl::DataLoss;
use crate::graph::{Graph, Node};
use crate::schema::Danger;
use crate::state::{Owned, State};

/// What stands behind a resource in the order: its own step, or those of what it waits for.
#[derive(Clone, Default)]
struct Behind {
    after: Vec<u32>,
    wave: u32,
}

/// The steps of a plan and the resources that stay as they are.
pub(crate) struct Steps {
    pub(crate) steps: Vec<Step>,
    pub(crate) unchanged: Vec<Kept>,
    pub(crate) found: usize,
    pub(crate) refusals: Vec<Diagnostic>,
}

/// Turns decisions into steps. `chosen` limits them to some resources.
pub(crate) fn steps(decider: &mut Decider<'_>, chosen: Option<&HashSet<u32>>) -> Steps {
    let graph = decider.graph;
    let mut dangers = dangers(graph, &decider.decisions);
    let refusals = refusals(graph, decider.state, &decider.decisions, &mut dangers);
    let mut out =
        Steps { steps: Vec::new(), unchanged: Vec::new(), found: 0, refusals: Vec::new() };
    let mut behind: Vec<Behind> = vec![Behind::default(); graph.nodes.len()];
    let mut by_record: HashMap<String, u32> = HashMap::new();
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        let Some(decision) = decider.decisions[index as usize].take() else { continue };
        if chosen.is_some_and(|chosen| !chosen.contains(&index)) {
            continue;
        }
        out.found += usize::from(decision.found);
        let mut own = Behind::default();
        for edge in &node.edges {
            let of = &behind[edge.to as usize];
            own.wave = own.wave.max(of.wave);
            merge(&mut own.after, &of.after);
        }
        let Some(action) = decision.action else {
            out.unchanged.push(kept(node));
            behind[index as usize] = own;
            continue;
        };
        let id = u32::try_from(out.steps.len() + 1).unwrap_or(u32::MAX);
        let wave = own.wave + 1;
        if let Some(recorded) = &decision.recorded {
            by_record.insert(recorded.clone(), id);
        }
        let moved_from = decision.recorded.clone().filter(|recorded| *recorded != node.address);
        let owned =
            decision.recorded.as_ref().and_then(|address| decider.state.resources.get(address));
        let resource = decider.resolver.places.shown(node).to_owned();
        let old_resource =
            owned.map(|owned| owned.id.clone()).filter(|id| !id.eq_ignore_ascii_case(&resource));
        let mut because = decision.because;
        if matches!(action, Action::Replace | Action::ReplaceCreateFirst)
            && node.ty.holds_data
            && let Some(leave) = leave(node)
        {
            because.push(format!("its data may go: {}", leave.reason));
        }
        let refused = refusals.get(&index).cloned();
        if let Some(refused) = &refused {
            out.refusals.push(
                Diagnostic::error(refused.code, refused.why.clone())
                    .at(node.declared_at(), "declared here")
                    .help(refused.help.clone()),
            );
        }
        out.steps.push(Step {
            id,
            address: node.address.clone(),
            key: node.key.clone(),
            component: node.component.as_deref().map(str::to_owned),
            type_name: node.ty.name(),
            type_label: node.ty.label.to_owned(),
            action,
            after: own.after,
            wave,
            danger: dangers[index as usize],
            because,
            declared_at: Some(node.declared_at().into()),
            changes: decision.changes,
            refused,
            moved_from,
            resource,
            old_resource,
        });
        behind[index as usize] = Behind { after: vec![id], wave };
    }
    deletes(decider, chosen, &by_record, &mut out);
    out
}

fn merge(into: &mut Vec<u32>, from: &[u32]) {
    for id in from {
        if let Err(at) = into.binary_search(id) {
            into.insert(at, *id);
        }
    }
}

fn kept(node: &Node) -> Kept {
    Kept {
        address: node.address.clone(),
        key: node.key.clone(),
        component: node.component.as_deref().map(str::to_owned),
        type_name: node.ty.name(),
        type_label: node.ty.label.to_owned(),
        declared_at: node.declared_at().into(),
    }
}

/// The danger of each resource's own step.
fn dangers(graph: &Graph, decisions: &[Option<Decision>]) -> Vec<Danger> {
    graph
        .nodes
        .iter()
        .zip(decisions)
        .map(|(node, decision)| {
            let Some(decision) = decision else { return Danger::None };
            let of_changes =
                decision.changes.iter().map(|change| change.danger).max().unwrap_or_default();
            match decision.action {
                Some(Action::Replace) => of_changes.max(node.ty.loss()),
                Some(Action::ReplaceCreateFirst) if node.ty.holds_data => Danger::DataLoss,
                Some(_) => of_changes,
                None => Danger::None,
            }
        })
        .collect()
}

/// Which steps would not be done, and the danger that they hand to what causes them.
fn refusals(
    graph: &Graph,
    state: &State,
    decisions: &[Option<Decision>],
    dangers: &mut [Danger],
) -> BTreeMap<u32, Refusal> {
    let mut out: BTreeMap<u32, Refusal> = BTreeMap::new();
    for &index in graph.order.iter().rev() {
        let node = &graph.nodes[index as usize];
        let Some(decision) = decisions[index as usize].as_ref() else { continue };
        if !matches!(decision.action, Some(Action::Replace | Action::ReplaceCreateFirst)) {
            continue;
        }
        let was_protected = decision
            .recorded
            .as_ref()
            .and_then(|a| state.resources.get(a))
            .is_some_and(|owned| owned.protected);
        let at = Spot::from(node.declared_at());
        if node.meta.protect || was_protected {
            // A resource's own reason goes before that of what it would take with it.
            out.insert(
                index,
                Refusal {
                    code: "refused-protected",
                    why: match node.meta.protect {
                        true => {
                            format!("`{}` is protected, and replacing it would delete it", node.key)
                        }
                        false => format!(
                            "`{}` was protected at the last apply, and replacing it would delete it",
                            node.key
                        ),
                    },
                    help: match node.meta.protect {
                        true => format!("take `.protect()` off at {at} first, in a change of its own"),
                        false => "apply the stack without `.protect()` first, and change this afterwards"
                            .to_owned(),
                    },
                },
            );
        } else if node.ty.holds_data && leave(node).is_none() {
            out.insert(index, Refusal {
                code: "refused-data-loss",
                why: format!("replacing `{}` would lose its data", node.key),
                help: format!(
                    "to allow it, write .allow_replace(DataLoss::of(\"{}\", \"reason\")) at {at}",
                    node.key
                ),
            });
        }
        // What forces the replacement is as dangerous as what it forces, and refused with it.
        if let Some(cause) = decision.cascade_of {
            let danger = dangers[index as usize];
            let cause_danger = &mut dangers[cause as usize];
            *cause_danger = (*cause_danger).max(danger);
            if let Some(refused) = out.get(&index).cloned() {
                let key = &graph.nodes[cause as usize].key;
                out.entry(cause).or_insert_with(|| Refusal {
                    why: format!("replacing `{key}` would take `{}` with it", node.key),
                    ..refused
                });
            }
        }
    }
    out
}

/// The leave to lose its data that a resource has.
fn leave(node: &Node) -> Option<&DataLoss> {
    node.meta.allow_replace.as_ref().filter(|leave| {
        (leave.name == node.key || leave.name == node.address || leave.name == node.name)
            && !leave.reason.trim().is_empty()
    })
}

/// What the state owns and the stack no longer has: deleted against the order, or forgotten.
fn deletes(
    decider: &Decider<'_>,
    chosen: Option<&HashSet<u32>>,
    by_record: &HashMap<String, u32>,
    out: &mut Steps,
) {
    let (graph, state) = (decider.graph, decider.state);
    if chosen.is_some() {
        return;
    }
    let taken: HashSet<&str> = by_record.keys().map(String::as_str).collect();
    let gone: Vec<(&String, &Owned)> = state
        .resources
        .iter()
        .filter(|(address, owned)| {
            graph.at(address).is_none()
                && !taken.contains(address.as_str())
                && decider.resolver.places.node(graph, &owned.id).is_none()
        })
        .collect();
    if gone.is_empty() {
        return;
    }
    // Who waited for whom when it was applied: deletes run the other way round.
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for (address, owned) in &state.resources {
        for of in &owned.after {
            users.entry(of).or_default().push(address);
        }
    }
    let going: HashSet<&str> = gone.iter().map(|(address, _)| address.as_str()).collect();
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    for (address, _) in &gone {
        visit(address, &users, &going, &mut seen, &mut order);
    }
    let mut step_of: HashMap<&str, (u32, u32)> = HashMap::new();
    for address in order {
        let Some(owned) = state.resources.get(address) else { continue };
        let id = u32::try_from(out.steps.len() + 1).unwrap_or(u32::MAX);
        let mut behind = Behind::default();
        for user in users.get(address).into_iter().flatten() {
            // Every step of a recorded resource is in `by_record`, and a step's number is its place.
            let step = step_of.get(user).copied().or_else(|| {
                let place = usize::try_from(by_record.get(*user)?.checked_sub(1)?).ok()?;
                out.steps.get(place).map(|step| (step.id, step.wave))
            });
            if let Some((id, wave)) = step {
                merge(&mut behind.after, &[id]);
                behind.wave = behind.wave.max(wave);
            }
        }
        let step = delete_step(decider, address, owned, id, behind);
        if let Some(refused) = &step.refused {
            out.refusals.push(
                Diagnostic::error(refused.code, refused.why.clone()).help(refused.help.clone()),
            );
        }
        step_of.insert(address, (step.id, step.wave));
        out.steps.push(step);
    }
}

/// Users before what they use, by address.
fn visit<'s>(
    address: &'s str,
    users: &HashMap<&'s str, Vec<&'s str>>,
    going: &HashSet<&'s str>,
    seen: &mut HashSet<&'s str>,
    order: &mut Vec<&'s str>,
) {
    // A stack of its own: chains in a state can be deeper than a thread's.
    let mut stack = vec![(address, false)];
    while let Some((address, done)) = stack.pop() {
        if done {
            order.push(address);
            continue;
        }
        if !going.contains(address) || !seen.insert(address) {
            continue;
        }
        stack.push((address, true));
        let users = users.get(address).map_or(&[] as &[&str], Vec::as_slice);
        stack.extend(users.iter().rev().map(|user| (*user, false)));
    }
}

fn delete_step(
    decider: &Decider<'_>,
    address: &str,
    owned: &Owned,
    id: u32,
    behind: Behind,
) -> Step {
    let graph = decider.graph;
    let (component, rest) = match address.rsplit_once('/') {
        Some((component, rest)) => (Some(component.to_owned()), rest),
        None => (None, address),
    };
    let key = rest.split_once('.').map_or(rest, |(_, key)| key).to_owned();
    let forgotten = graph.forgets.iter().any(|(forget, _)| *forget == address || *forget == key);
    let live = decider.estate.has(&owned.id);
    let name = owned.id.rsplit('/').next().unwrap_or_default();
    let leave =
        graph.allow_deletes.iter().find(|leave| [address, &key, name].contains(&leave.name));
    let leave = leave.filter(|leave| !leave.reason.trim().is_empty());
    let mut because = Vec::new();
    let (action, danger, mut refused) = if forgotten {
        because.push("the stack says to forget it: it stays as it is".into());
        (Action::Forget, Danger::None, None)
    } else if !live {
        because.push("the stack no longer has it, and it is gone already".into());
        (Action::Forget, Danger::None, None)
    } else if owned.undeletable {
        because.push("the service knows no way to delete it: it stays as it is".into());
        (Action::Forget, Danger::None, None)
    } else {
        because.push("the stack no longer has it".into());
        let danger = if owned.holds_data { Danger::DataLoss } else { Danger::Downtime };
        (Action::Delete, danger, None)
    };
    if action == Action::Delete {
        if owned.protected {
            refused = Some(Refusal {
                code: "refused-protected",
                why: format!("`{key}` was protected when the stack still had it"),
                help: "declare it again, take `.protect()` off, apply, and then remove it".into(),
            });
        } else if owned.holds_data && leave.is_none() {
            refused = Some(Refusal {
                code: "refused-data-loss",
                why: format!("deleting `{key}` would lose its data"),
                help: format!(
                    "to allow it, write stack.allow_delete(DataLoss::of(\"{key}\", \"reason\")); to keep it, stack.forget(\"{address}\")"
                ),
            });
        } else if let Some(leave) = leave {
            because.push(format!("its data may go: {}", leave.reason));
        }
    }
    Step {
        id,
        address: address.to_owned(),
        key,
        component,
        type_name: owned.r#type.clone(),
        type_label: owned.label.clone(),
        action,
        wave: behind.wave + 1,
        after: behind.after,
        danger,
        because,
        declared_at: None,
        changes: Vec::new(),
        refused,
        moved_from: None,
        resource: owned.id.clone(),
        old_resource: None,
    }
}
