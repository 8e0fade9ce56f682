//! What is done to each declared resource, in the order of the graph, so that outputs are settled before they are used.

use std::collections::HashMap;

use super::diff::Differ;
use super::resolve::Resolver;
use super::{Action, Change, Shown};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::live::{Estate, Mask, Reading, Tries};
use crate::schema::ResourceType;
use crate::state::{Owned, State};
use crate::value::Value;
use crate::wire::decode;

/// What was decided for one resource.
pub(crate) struct Decision {
    /// What is done; `None` for nothing.
    pub(crate) action: Option<Action>,
    pub(crate) changes: Vec<Change>,
    pub(crate) because: Vec<String>,
    /// The recorded resource that it is, by its address in the state.
    pub(crate) recorded: Option<String>,
    /// The resource whose replacement forces this one's.
    pub(crate) cascade_of: Option<u32>,
    pub(crate) found: bool,
    /// Properties that cannot be read back and whose last value is not on record.
    unverified: Vec<&'static str>,
}

/// Everything that deciding needs.
pub(crate) struct Decider<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) estate: &'a Estate,
    pub(crate) state: &'a State,
    pub(crate) resolver: Resolver<'a>,
    pub(crate) decisions: Vec<Option<Decision>>,
    pub(crate) problems: Vec<Diagnostic>,
    /// Outputs that others use, by resource.
    pub(super) used: Vec<Vec<u16>>,
    pub(super) tries: HashMap<*const ResourceType, Tries>,
    /// Addresses in the state by ID, for resources whose address changed.
    recorded_by_id: HashMap<String, &'a str>,
}

impl<'a> Decider<'a> {
    pub(crate) fn new(graph: &'a Graph, estate: &'a Estate, state: &'a State) -> Self {
        let recorded_by_id = state
            .resources
            .iter()
            .map(|(address, owned)| (owned.id.to_ascii_lowercase(), address.as_str()))
            .collect();
        Self {
            graph,
            estate,
            state,
            resolver: Resolver::new(graph),
            decisions: graph.nodes.iter().map(|_| None).collect(),
            problems: Vec::new(),
            used: super::read::used_outputs(graph),
            tries: HashMap::new(),
            recorded_by_id,
        }
    }

    /// Decides for all resources.
    pub(crate) fn run(&mut self) {
        for &index in &self.graph.order {
            let decision = self.decide(index);
            let new = matches!(
                decision.action,
                Some(
                    Action::Create | Action::Replace | Action::ReplaceCreateFirst | Action::Recover
                )
            );
            self.resolver.facts[index as usize].new = new;
            self.decisions[index as usize] = Some(decision);
        }
    }

    fn decide(&mut self, index: u32) -> Decision {
        let graph = self.graph;
        let node = &graph.nodes[index as usize];
        let (recorded, moved) = self.recorded(node);
        let owned = recorded.and_then(|address| self.state.resources.get(address));
        let mut decision = Decision {
            action: None,
            changes: Vec::new(),
            because: Vec::new(),
            recorded: recorded.map(str::to_owned),
            cascade_of: None,
            found: false,
            unverified: Vec::new(),
        };
        let mut wanted = Mask::default();
        self.want_fields(node, owned, &mut wanted);
        self.want_outputs(index, &mut wanted);
        let other_id = owned.filter(|owned| !owned.id.eq_ignore_ascii_case(&node.id));
        let reading = self.read(node, &node.id, &wanted);
        decision.found = reading.is_some();
        match (reading, other_id) {
            // It was applied under another name or parent: that one is replaced by this one.
            (None, Some(old)) if self.estate.has(&old.id) => {
                decision.found = true;
                let reading = self.read(node, &old.id, &wanted);
                self.diff(node, Some(old), reading.unwrap_or_default(), &mut decision);
                decision.changes.insert(0, renamed(&old.id, &node.id));
                decision.because.push("its name or parent cannot be changed in place".into());
                decision.action = Some(self.replace_action(node, &old.id));
            }
            (None, _) => self.absent(node, owned, &mut decision),
            (Some(mut reading), _) => {
                self.take_outputs(index, &mut reading);
                self.diff(node, owned, reading, &mut decision);
                self.present(node, owned, moved, &mut decision);
            }
        }
        let stays = matches!(decision.action, Some(Action::Adopt | Action::Update));
        if stays && !decision.unverified.is_empty() {
            let what = decision.unverified.join(", ");
            decision.because.push(format!("{what} cannot be read back: taken to be as declared"));
        }
        if let Some(cause) = self.cascade(index, &decision) {
            let why = format!(
                "`{}` is replaced, and cannot be exchanged under it",
                graph.nodes[cause as usize].key
            );
            decision.because.push(why);
            decision.cascade_of = Some(cause);
            if !matches!(decision.action, Some(Action::Replace | Action::ReplaceCreateFirst)) {
                decision.action = Some(Action::Replace);
            }
        }
        decision
    }

    /// The address under which the state knows a resource, and whether that is another than its own.
    fn recorded(&self, node: &Node) -> (Option<&'a str>, bool) {
        let get = |address: &str| {
            self.state.resources.get_key_value(address).map(|(key, _)| key.as_str())
        };
        if let Some(address) = get(&node.address) {
            return (Some(address), false);
        }
        for (old, _) in &node.meta.was {
            let known = old_addresses(node, old).into_iter().find_map(|address| get(&address));
            if let Some(address) = known
                && self.graph.at(address).is_none()
            {
                return (Some(address), true);
            }
        }
        if self.recorded_by_id.is_empty() {
            return (None, false);
        }
        // The same resource under a new address needs no word from the stack.
        match self.recorded_by_id.get(&node.id.to_ascii_lowercase()) {
            Some(address) if self.graph.at(address).is_none() => (Some(address), true),
            _ => (None, false),
        }
    }

    fn absent(&self, node: &Node, owned: Option<&Owned>, decision: &mut Decision) {
        let kept = node
            .ty
            .soft_delete
            .as_ref()
            .is_some_and(|soft| self.estate.is_deleted(soft.wire, &node.id));
        decision.action = Some(if kept { Action::Recover } else { Action::Create });
        if kept {
            decision.because.push("it was deleted, the service still keeps it, and its name is taken until it is gone".into());
        } else if owned.is_some() {
            decision.because.push("it was applied before and is gone: someone deleted it".into());
        }
        let mut differ = self.differ(None);
        for field in node.fields.iter() {
            let Some(property) = node.ty.props.get(field.prop as usize) else { continue };
            // The name is the key, and what holds it is in the ID.
            if !property.is_parent && !property.is_name {
                differ.created(property, &field.value, field.at.is_none());
            }
        }
        for (path, value, _) in node.raw() {
            differ.raw(path, value, None);
        }
        decision.changes = differ.changes;
    }

    fn present(&self, node: &Node, owned: Option<&Owned>, moved: bool, decision: &mut Decision) {
        let forced: Vec<&str> = decision
            .changes
            .iter()
            .filter(|c| c.forces_replacement)
            .map(|c| c.label.as_str())
            .collect();
        if !forced.is_empty() {
            decision.because.push(format!("{} cannot be changed in place", forced.join(", ")));
            decision.action = Some(self.replace_action(node, &node.id));
        } else if !decision.changes.is_empty() {
            decision.action = Some(Action::Update);
        } else if moved {
            decision.action = Some(Action::Move);
        } else if owned.is_none() {
            decision.action = Some(Action::Adopt);
        }
        if owned.is_none() {
            decision.because.push("it exists and is not in the state: it is adopted".into());
        }
    }

    fn replace_action(&self, node: &Node, old_id: &str) -> Action {
        if node.meta.create_first && !old_id.eq_ignore_ascii_case(&node.id) {
            Action::ReplaceCreateFirst
        } else {
            Action::Replace
        }
    }

    /// The replaced resource, if any, under which this one cannot stay: it is part of it, or refers to it by
    /// a property that cannot be changed in place.
    fn cascade(&self, index: u32, decision: &Decision) -> Option<u32> {
        if !decision.found {
            return None;
        }
        let node = &self.graph.nodes[index as usize];
        let mut cause = None;
        for field in node.fields.iter() {
            let fixed = node.ty.props.get(field.prop as usize).is_some_and(|p| p.replace);
            if !fixed || node.ignores(field.prop) {
                continue;
            }
            field.value.each_output(&mut |output| {
                let of = self.decisions[output.node.index as usize].as_ref();
                if of.is_some_and(|d| d.action == Some(Action::Replace)) {
                    cause = cause.or(Some(output.node.index));
                }
            });
        }
        cause
    }

    pub(crate) fn differ<'s>(&'s self, owned: Option<&'s Owned>) -> Differ<'s, 'a> {
        Differ {
            resolver: &self.resolver,
            salt: &self.state.salt,
            owned,
            changes: Vec::new(),
            unverified: Vec::new(),
        }
    }

    fn diff(
        &mut self,
        node: &'a Node,
        owned: Option<&Owned>,
        mut reading: Reading,
        decision: &mut Decision,
    ) {
        let mut mismatches = Vec::new();
        let mut live = |slot: u16| -> Option<Value> {
            let property = node.ty.props.get(slot as usize)?;
            let value = reading.take(slot)?;
            decode(property, value).unwrap_or_else(|mismatch| {
                mismatches.push((property, mismatch));
                None
            })
        };
        let mut maps: Vec<(u16, Option<Value>)> = Vec::new();
        let mut differ = self.differ(owned);
        for field in node.fields.iter() {
            let Some(property) = node.ty.props.get(field.prop as usize) else { continue };
            if property.is_name
                || property.is_parent
                || property.wire.is_none()
                || node.ignores(field.prop)
            {
                continue;
            }
            let value = live(field.prop);
            differ.property(property, &field.value, value.as_ref());
            // A reading yields each leaf once; single keys of a map may still be asked for.
            if owned.is_some() && matches!(property.kind, crate::schema::Kind::Map(_)) {
                maps.push((field.prop, value));
            }
        }
        self.released(node, owned, &mut differ, &mut |slot| match maps
            .iter_mut()
            .find(|(prop, _)| *prop == slot)
        {
            Some((_, value)) => value.take(),
            None => live(slot),
        });
        let raw: Vec<_> = node.raw().collect();
        if !raw.is_empty() {
            let body = self
                .estate
                .text(&node.id)
                .and_then(|text| serde_json::from_str::<Value>(text).ok());
            for (path, value, _) in raw {
                let keys: Vec<&str> = path.split('.').collect();
                differ.raw(path, value, body.as_ref().and_then(|body| body.at(&keys)));
            }
        }
        decision.unverified = std::mem::take(&mut differ.unverified);
        decision.changes = differ.changes;
        for (property, mismatch) in mismatches {
            let path = match (
                property.wire.as_ref().map(|wire| wire.path.join(".")),
                mismatch.path.as_str(),
            ) {
                (Some(path), "") => path,
                (Some(path), inner) => format!("{path}.{inner}"),
                (None, inner) => inner.to_owned(),
            };
            let what = format!(
                "the live {} `{}` holds something else than {} at `{path}`",
                node.ty.label, node.key, mismatch.expected
            );
            let mut problem = Diagnostic::error("body-mismatch", what);
            if let Some(spot) = self.estate.spot_of(&node.id) {
                problem = problem.at(spot, "in this body");
            }
            self.problems.push(
                problem.at(node.declared_at(), "declared here").help("record the estate again"),
            );
        }
    }

    /// Fields that the last apply owned and the stack no longer declares.
    fn released(
        &self,
        node: &Node,
        owned: Option<&Owned>,
        differ: &mut Differ<'_, '_>,
        live: &mut dyn FnMut(u16) -> Option<Value>,
    ) {
        let Some(owned) = owned else { return };
        let mut last: Option<(u16, Option<Value>)> = None;
        for path in owned.fields.keys() {
            let (name, key) =
                path.split_once('.').map_or((path.as_str(), None), |(name, key)| (name, Some(key)));
            let Some(prop) = node.ty.prop(name) else { continue };
            let property = &node.ty.props[prop as usize];
            let declared = node.fields.get(prop);
            let is_map = matches!(property.kind, crate::schema::Kind::Map(_));
            let gone = match (declared, key) {
                (None, _) => true,
                (Some(Value::Map(entries)), Some(key)) if is_map => entries.get(key).is_none(),
                _ => false,
            };
            if !gone || property.is_name || property.is_parent || node.ignores(prop) {
                continue;
            }
            if last.as_ref().is_none_or(|(slot, _)| *slot != prop) {
                last = Some((prop, live(prop)));
            }
            let whole = last.as_ref().and_then(|(_, value)| value.as_ref());
            match (is_map, key) {
                // It cannot be read, but it was set, and only a write can take it away again.
                (true, Some(key)) if property.write_only && whole.is_none() => {
                    differ.push(property, path, &format!("{} {key}", property.label), None, None);
                }
                (true, Some(key)) => {
                    differ.released(property, path, whole.and_then(|value| value.at(&[key])))
                }
                _ => differ.released(property, name, whole),
            }
        }
        differ.changes.dedup_by(|a, b| a.path == b.path);
    }
}

/// The addresses that a resource may have had when it was `old`: that is one, or a key of its type and component.
pub(super) fn old_addresses(node: &Node, old: &str) -> [String; 2] {
    let full = match &node.component {
        Some(component) => format!("{component}/{}.{old}", node.ty.slug),
        None => format!("{}.{old}", node.ty.slug),
    };
    [old.to_owned(), full]
}

/// The change of identity of a resource that is known under another ID.
fn renamed(old: &str, new: &str) -> Change {
    let shown =
        |id: &str| Shown { json: id.into(), text: id.rsplit('/').next().unwrap_or(id).to_owned() };
    Change {
        path: "name".into(),
        label: "name".into(),
        before: Some(shown(old)),
        after: Some(shown(new)),
        forces_replacement: true,
        secret: false,
        known_after_apply: false,
        danger: Default::default(),
        by_default: false,
        drifted: false,
    }
}
