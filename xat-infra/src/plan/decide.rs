//! What is done to each declared resource, in the order of the graph, so that outputs are settled before they are used.

use std::collections::HashMap;

use super::places::Places;
use super::resolve::Resolver;
use super::{Action, Change, Shown};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::live::{Estate, Mask, Tries};
use crate::schema::{Property, ResourceType};
use crate::state::{Owned, State};
use crate::value::{Field, Fields, OutputRef, Value};

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
    pub(super) unverified: Vec<&'static str>,
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
        let (places, problems) = Places::find(graph, estate, state);
        Self {
            graph,
            estate,
            state,
            resolver: Resolver { places, ..Resolver::new(graph) },
            decisions: graph.nodes.iter().map(|_| None).collect(),
            problems,
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
        let id = self.resolver.places.id(node).map(str::to_owned);
        let here = |owned: &&Owned| id.as_ref().is_some_and(|id| owned.id.eq_ignore_ascii_case(id));
        let other_id = owned.filter(|owned| !here(owned));
        let reading = id.as_deref().and_then(|id| self.read(node, id, &wanted));
        decision.found = reading.is_some();
        match (reading, other_id) {
            // It was applied under another name or parent: that one is replaced by this one.
            (None, Some(old)) if self.estate.has(&old.id) => {
                decision.found = true;
                let reading = self.read(node, &old.id, &wanted);
                self.diff(node, Some(old), reading.unwrap_or_default(), &mut decision);
                let now = self.resolver.places.shown(node);
                decision.changes.insert(0, renamed(&old.id, now));
                decision.because.push("its name or parent cannot be changed in place".into());
                decision.action = Some(self.replace_action(node, &old.id));
            }
            (None, _) => self.absent(node, owned, &mut decision),
            (Some(mut reading), _) => {
                self.take_outputs(index, &mut reading);
                self.diff(node, owned, reading, &mut decision);
                self.present(node, owned, moved, &mut decision);
                // A replacement that made the new one first was cut off before the old one went.
                if node.numbered.is_some() && other_id.is_some() && decision.action.is_none() {
                    decision.because.push(
                        "the one that was applied is gone, and this one is in its place".into(),
                    );
                    decision.action = Some(Action::Adopt);
                }
                if other_id.is_some_and(|old| self.estate.has(&old.id)) {
                    decision.because.push(
                        "the new one is there, and the old one is still to be deleted".into(),
                    );
                    decision.action = Some(Action::ReplaceCreateFirst);
                }
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
    pub(super) fn recorded(&self, node: &Node) -> (Option<&'a str>, bool) {
        if let Some(address) = by_address(self.graph, node, self.state) {
            return (Some(address), address != node.address);
        }
        if self.recorded_by_id.is_empty() {
            return (None, false);
        }
        // The same resource under a new address needs no word from the stack.
        let Some(id) = self.resolver.places.id(node) else { return (None, false) };
        match self.recorded_by_id.get(&id.to_ascii_lowercase()) {
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
            decision.action = Some(self.replace_action(node, self.resolver.places.shown(node)));
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
        if node.meta.create_first && !old_id.eq_ignore_ascii_case(self.resolver.places.shown(node))
        {
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
        let mut see = |output: OutputRef| {
            let of = self.decisions[output.node.index as usize].as_ref();
            if of.is_some_and(|d| d.action == Some(Action::Replace)) {
                cause = cause.or(Some(output.node.index));
            }
        };
        for field in node.fields.iter().filter(|field| !node.ignores(field.prop)) {
            fixed_outputs(node.ty.props, field, &mut see);
        }
        cause
    }
}

/// The outputs that cannot be exchanged in place: those in properties that replace. In a block each property speaks for
/// itself.
fn fixed_outputs(props: &'static [Property], field: &Field, see: &mut dyn FnMut(OutputRef)) {
    let Some(property) = props.get(field.prop as usize) else { return };
    let blocks = match (&field.value, property.kind.block()) {
        (Value::List(items), Some(block)) if !property.replace => Some((block, items.as_slice())),
        (one @ Value::Block(_), Some(block)) => Some((block, std::slice::from_ref(one))),
        _ => None,
    };
    if let Some((block, items)) = blocks {
        let inner = items.iter().filter_map(Value::as_block).flat_map(Fields::iter);
        inner.for_each(|field| fixed_outputs(block.props, field, see));
    } else if property.replace {
        field.value.each_output(see);
    }
}

/// The address under which the state knows a resource: its own, or one that it says it had.
pub(super) fn by_address<'s>(graph: &Graph, node: &Node, state: &'s State) -> Option<&'s str> {
    let get = |address: &str| state.resources.get_key_value(address).map(|(key, _)| key.as_str());
    get(&node.address).or_else(|| {
        let old = node.meta.was.iter().flat_map(|(old, _)| old_addresses(node, old));
        let mut free = old.filter(|address| graph.at(address).is_none());
        free.find_map(|address| get(&address))
    })
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
