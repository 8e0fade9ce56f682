//! Reading what deciding needs of live bodies: the declared leaves, those that the state owns, and used outputs.

use super::decide::Decider;
use super::resolve::Resolver;
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::live::{Estate, Mask, Reading, Tries};
use crate::schema::{ID, OutputSource};
use crate::state::{Owned, State};

/// Which outputs of each resource others use, as indices into its type's outputs.
pub(super) fn used_outputs(graph: &Graph) -> Vec<Vec<u16>> {
    let mut used: Vec<Vec<u16>> = vec![Vec::new(); graph.nodes.len()];
    let mut see = |output: crate::value::OutputRef| {
        if let OutputSource::Live = output.output.source
            && let Some(node) = graph.node(output.node)
            && let Some(at) = node.ty.outputs.iter().position(|o| o.name == output.output.name)
        {
            let slots = &mut used[output.node.index as usize];
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            if !slots.contains(&at) {
                slots.push(at);
            }
        }
    };
    for node in &graph.nodes {
        node.fields.iter().for_each(|field| field.value.each_output(&mut see));
        node.raw().for_each(|(_, value, _)| value.each_output(&mut see));
    }
    used
}

/// Reads the outputs that others use of every resource that exists.
pub(crate) fn read_outputs(graph: &Graph, estate: &Estate, resolver: &mut Resolver<'_>) {
    let state = State::empty();
    let mut decider = Decider::new(graph, estate, &state);
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        let mut wanted = Mask::default();
        decider.want_outputs(index, &mut wanted);
        let id = decider.resolver.places.id(node).map(str::to_owned);
        if let Some(mut reading) = id.and_then(|id| decider.read(node, &id, &wanted)) {
            decider.take_outputs(index, &mut reading);
        } else {
            decider.resolver.facts[index as usize].new = true;
        }
    }
    (resolver.facts, resolver.places) = (decider.resolver.facts, decider.resolver.places);
}

impl Decider<'_> {
    pub(super) fn want_fields(&self, node: &Node, owned: Option<&Owned>, wanted: &mut Mask) {
        for field in node.fields.iter() {
            wanted.add(field.prop);
        }
        for path in owned.iter().flat_map(|owned| owned.fields.keys()) {
            let name = path.split(['.', '[']).next().unwrap_or(path);
            if let Some(prop) = node.ty.prop(name) {
                wanted.add(prop);
            }
        }
    }

    pub(super) fn want_outputs(&self, index: u32, wanted: &mut Mask) {
        let props =
            u16::try_from(self.graph.nodes[index as usize].ty.props.len()).unwrap_or(u16::MAX);
        for output in &self.used[index as usize] {
            wanted.add(props.saturating_add(*output));
        }
    }

    pub(super) fn take_outputs(&mut self, index: u32, reading: &mut Reading) {
        let node = &self.graph.nodes[index as usize];
        let props = u16::try_from(node.ty.props.len()).unwrap_or(u16::MAX);
        // Of what is not numbered, everybody knows the ID.
        if node.numbered.is_some()
            && let Some(id) = self.resolver.places.id(node)
        {
            let reference = (node.ty.provider.reference)(id).to_owned();
            self.resolver.facts[index as usize].outputs.push((ID.name, reference));
        }
        for output in &self.used[index as usize] {
            let spec = &node.ty.outputs[*output as usize];
            if let Some(value) = reading.take(props.saturating_add(*output))
                && let Some(text) = value.as_str()
            {
                self.resolver.facts[index as usize].outputs.push((spec.name, text.to_owned()));
            }
        }
    }

    pub(super) fn read(&mut self, node: &Node, id: &str, wanted: &Mask) -> Option<Reading> {
        let at = self.estate.locate(id)?;
        if let Some(kind) = self.estate.kind(at)
            && !kind.eq_ignore_ascii_case(&node.wire)
        {
            let what = format!(
                "the body of `{}` says that it is a `{kind}`, not a `{}`",
                node.key, node.wire
            );
            let mut problem = Diagnostic::error("body-mismatch", what);
            if let Some(spot) = self.estate.spot_of(id) {
                problem = problem.at(spot, "this body");
            }
            self.problems.push(
                problem.at(node.declared_at(), "declared here").help("record the estate again"),
            );
            return None;
        }
        let tries =
            self.tries.entry(std::ptr::from_ref(node.ty)).or_insert_with(|| Tries::of(node.ty));
        match self.estate.reading(node.ty, tries, at, wanted) {
            Ok(reading) => Some(reading),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }
}
