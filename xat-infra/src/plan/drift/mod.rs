//! Drift: what is live against what was last applied, and against what is declared now, apart.
//!
//! [`drift`] is as pure as the plan. What differs from the declaration is what the plan would change. What differs from
//! the last apply is found by the state's salted hashes: no value is kept anywhere.

mod by_hand;
mod lists;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use by_hand::{ByHand, Found, plan_path};
pub use types::{Cause, Drift, Drifted, DriftedLeaf, Presence, Unseen};

use super::decide::Decider;
use super::record::{RAW, RAW_PREFIX, hashes};
use super::{Action, Change, Options, Step, plan};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::live::{Estate, Mask};
use crate::schema::Kind;
use crate::state::{Owned, Salt, State};

/// Compares a stack and its state with what is live. `unmanaged` also lists what neither knows.
///
/// # Errors
/// Those of [`plan`](crate::plan::plan()).
pub fn drift(
    graph: &Graph,
    estate: &Estate,
    state: &State,
    unmanaged: bool,
) -> Result<Drift, Vec<Diagnostic>> {
    let plan = plan(graph, estate, state, &Options { unmanaged, ..Options::default() })?;
    let mut decider = Decider::new(graph, estate, state);
    decider.run();
    let mut out = Drift {
        stack: plan.stack,
        environment: plan.environment,
        live: plan.live,
        serial: state.serial,
        applied: state.resources.len(),
        declared: plan.declared,
        unmanaged: plan.unmanaged,
        ..Drift::default()
    };
    let mut causes = Causes::default();
    for node in &graph.nodes {
        let (recorded, _) = decider.recorded(node);
        match recorded.and_then(|address| state.resources.get(address)) {
            Some(owned) if estate.has(&owned.id) => {
                changed(&mut decider, node, owned, &mut out, &mut causes)
            }
            Some(_) => out.from_applied.push(whole(node, Presence::Gone, Cause::ByHand)),
            None if decider.resolver.places.id(node).is_some_and(|id| estate.has(id))
                && !state.is_empty() =>
            {
                out.from_applied.push(whole(node, Presence::Appeared, Cause::ByHand));
            }
            None => {}
        }
    }
    for step in &plan.steps {
        out.from_declared.extend(declared(step, state, &causes));
        if step.declared_at.is_none() && step.action == Action::Forget && !live(state, estate, step)
        {
            // It was applied, the stack dropped it, and it is gone before the drop was applied.
            out.from_applied.push(of_step(step, Presence::Gone, Cause::Both));
        }
    }
    out.from_applied.sort_by(|a, b| a.address.cmp(&b.address));
    Ok(out)
}

fn live(state: &State, estate: &Estate, step: &Step) -> bool {
    state.resources.get(&step.address).is_some_and(|owned| estate.has(&owned.id))
}

/// Recorded paths with their salted hashes.
type Hashes = BTreeMap<String, String>;

/// What each path's cause is read from: address and path of what was changed by hand, and of what is not applied yet.
#[derive(Default)]
struct Causes {
    by_hand: BTreeSet<(String, String)>,
    not_applied: BTreeSet<(String, String)>,
}

impl Causes {
    fn has(set: &BTreeSet<(String, String)>, address: &str, path: &str) -> bool {
        let from = (address.to_owned(), String::new());
        set.range(from..)
            .take_while(|(of, _)| of == address)
            .any(|(_, other)| is_in(other, path) || is_in(path, other))
    }

    fn of(&self, address: &str, path: &str) -> Cause {
        Cause::of(
            Self::has(&self.by_hand, address, path),
            Self::has(&self.not_applied, address, path),
        )
    }
}

/// Whether one path is the other or lies inside it.
fn is_in(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// A resource that was applied and is there: leaf by leaf.
fn changed<'a>(
    decider: &mut Decider<'a>,
    node: &'a Node,
    owned: &'a Owned,
    out: &mut Drift,
    causes: &mut Causes,
) {
    let mut wanted = Mask::default();
    decider.want_fields(node, Some(owned), &mut wanted);
    let reading = decider.read(node, &owned.id, &wanted).unwrap_or_default();
    let now = hashes(node, &decider.resolver, &decider.state.salt);
    let mut search = ByHand::new(decider, owned, &now);
    search.search(node, reading);
    let (found, labels) = (search.found, search.unseen);
    for path in not_applied(node, &owned.fields, &now, &decider.state.salt) {
        causes.not_applied.insert((node.address.clone(), path));
    }
    if !labels.is_empty() {
        out.unseen.push(Unseen { address: node.address.clone(), labels });
    }
    if found.is_empty() {
        return;
    }
    for leaf in &found {
        causes.by_hand.insert((node.address.clone(), leaf.path.clone()));
    }
    let leaf = |leaf: Found| DriftedLeaf {
        cause: causes.of(&node.address, &leaf.path),
        path: leaf.path,
        label: leaf.label,
        expected: leaf.applied,
        live: leaf.live,
        secret: false,
    };
    let mut leaves: Vec<DriftedLeaf> = found.into_iter().map(leaf).collect();
    leaves.sort_by(|a, b| a.path.cmp(&b.path));
    leaves.dedup_by(|a, b| a.path == b.path);
    let cause = together(leaves.iter().map(|leaf| leaf.cause));
    out.from_applied.push(Drifted { leaves, ..whole(node, Presence::Changed, cause) });
}

/// The paths, as the plan writes them, at which the stack no longer says what was applied.
fn not_applied(node: &Node, before: &Hashes, now: &Hashes, salt: &Salt) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for path in now.keys().chain(before.keys()).filter(|path| now.get(*path) != before.get(*path)) {
        let name = path.split(['.', '[']).next().unwrap_or(path);
        let property = match path.starts_with(RAW_PREFIX) {
            true => &RAW,
            false => match node.ty.prop(name) {
                Some(prop) => &node.ty.props[prop as usize],
                None => continue,
            },
        };
        let list = path.split('[').next().unwrap_or(path);
        // Of the hash of a whole, only one without known parts says something.
        let sign = if matches!(property.kind, Kind::Json) { '.' } else { '[' };
        let is_whole = has_parts(now, path, sign) || has_parts(before, path, sign);
        let path = match before.get(list) {
            _ if is_whole || path.contains("[#") => continue,
            Some(hash) if path.contains('[') && now.get(list) == Some(hash) => continue,
            // A state that does not know the elements of its lists: all of the list may be meant.
            Some(hash)
                if path.contains('[')
                    && !has_parts(before, list, '[')
                    && salt.hash(list, "[]") != *hash =>
            {
                list
            }
            _ => path,
        };
        out.insert(plan_path(path, property));
    }
    out
}

/// Whether the parts of what stands at a path are known; elements without a key do not tell one from the other.
fn has_parts(fields: &Hashes, path: &str, sign: char) -> bool {
    let start = format!("{path}{sign}");
    let mut from = fields.range(start.clone()..).map(|(path, _)| path);
    from.next()
        .is_some_and(|path| path.starts_with(&start) && !path[start.len()..].starts_with('#'))
}

/// The cause of a whole resource: that of its properties, or both.
fn together(causes: impl Iterator<Item = Cause>) -> Cause {
    let mut one = None;
    for cause in causes {
        match one {
            None => one = Some(cause),
            Some(first) if first == cause => {}
            Some(_) => return Cause::Both,
        }
    }
    one.unwrap_or(Cause::NotApplied)
}

fn whole(node: &Node, presence: Presence, cause: Cause) -> Drifted {
    Drifted {
        address: node.address.clone(),
        key: node.key.clone(),
        type_name: node.ty.name(),
        type_label: node.ty.label.to_owned(),
        presence,
        cause,
        declared_at: Some(node.declared_at().into()),
        leaves: Vec::new(),
    }
}

fn of_step(step: &Step, presence: Presence, cause: Cause) -> Drifted {
    Drifted {
        address: step.address.clone(),
        key: step.key.clone(),
        type_name: step.type_name.clone(),
        type_label: step.type_label.clone(),
        presence,
        cause,
        declared_at: step.declared_at.clone(),
        leaves: Vec::new(),
    }
}

/// What a step would change in the cloud, as a difference from the declaration.
fn declared(step: &Step, state: &State, causes: &Causes) -> Option<Drifted> {
    let known = state.resources.contains_key(step.moved_from.as_deref().unwrap_or(&step.address));
    match step.action {
        // Somebody deleted what was applied, or it never was.
        Action::Create | Action::Recover => {
            Some(of_step(step, Presence::Missing, Cause::of(known, !known)))
        }
        Action::Delete => Some(of_step(step, Presence::Undeclared, Cause::NotApplied)),
        Action::Adopt | Action::Move | Action::Forget => None,
        // What is replaced only because something under it is does not differ itself.
        _ if step.changes.is_empty() => None,
        Action::Update | Action::Replace | Action::ReplaceCreateFirst => {
            let leaf = |change: &Change| DriftedLeaf {
                path: change.path.clone(),
                label: change.label.clone(),
                expected: change.after.clone(),
                live: change.before.clone(),
                secret: change.secret,
                cause: causes.of(&step.address, &change.path),
            };
            let leaves: Vec<DriftedLeaf> = step.changes.iter().map(leaf).collect();
            let cause = together(leaves.iter().map(|leaf| leaf.cause));
            Some(Drifted { leaves, ..of_step(step, Presence::Changed, cause) })
        }
    }
}
