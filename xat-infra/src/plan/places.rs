//! Where each declared resource is: by its ID, which is known before anything exists, or, where the service numbers its
//! resources, by what the state knows and what is live.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::decide::by_address;
use super::leaf::same_text;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node, Numbered};
use crate::live::Estate;
use crate::state::State;
use crate::value::Value;
use crate::wire::text_at;

/// Where the resources of a graph are in an estate.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Live IDs by what stands for them in the graph.
    live: HashMap<String, String>,
    /// The graph's resources by live ID, in lower case.
    declared: HashMap<String, u32>,
}

/// Finds the resources of a graph that the service numbers: the one that the state knows, while it is there, else the one
/// of its collection with the declared value.
///
/// # Errors
/// Two live ones could be the one that is declared. Nothing is guessed.
pub fn places(graph: &Graph, estate: &Estate, state: &State) -> Result<Places, Vec<Diagnostic>> {
    let (places, problems) = Places::find(graph, estate, state);
    let mut gathered = Diagnostics::new();
    gathered.extend(problems);
    gathered.or_value(places, &mut Vec::new())
}

impl Places {
    pub(super) fn find(graph: &Graph, estate: &Estate, state: &State) -> (Self, Vec<Diagnostic>) {
        let mut out = Self::default();
        let mut problems = Vec::new();
        let numbered: Vec<(u32, &Node, &Numbered)> = (0u32..)
            .zip(&graph.nodes)
            .filter_map(|(index, node)| Some((index, node, node.numbered.as_ref()?)))
            .collect();
        if numbered.is_empty() {
            return (out, problems);
        }
        // Whoever is known by number is nobody else, whatever it is called by now.
        let mut taken: HashSet<String> = HashSet::new();
        for (index, node, _) in &numbered {
            let owned = by_address(graph, node, state).and_then(|at| state.resources.get(at));
            if let Some(owned) = owned.filter(|owned| estate.has(&owned.id)) {
                taken.insert(owned.id.to_ascii_lowercase());
                out.take(*index, node, &owned.id);
            }
        }
        let collections = collections(estate, &numbered);
        for (index, node, numbered) in numbered {
            if out.live.contains_key(&node.id) {
                continue;
            }
            let property = &node.ty.props[numbered.by as usize];
            let of = collections.get(&numbered.collection.to_ascii_lowercase());
            let found: Vec<&str> = of
                .into_iter()
                .flatten()
                .filter(|(id, value)| {
                    same_text(property, value, &numbered.value)
                        && !taken.contains(&id.to_ascii_lowercase())
                })
                .map(|(id, _)| *id)
                .collect();
            match found.as_slice() {
                [] => {}
                [one] => out.take(index, node, one),
                many => problems.push(ambiguous(node, estate, many)),
            }
        }
        (out, problems)
    }

    fn take(&mut self, index: u32, node: &Node, id: &str) {
        self.live.insert(node.id.clone(), id.to_owned());
        self.declared.insert(id.to_ascii_lowercase(), index);
    }

    /// The ID of a resource in its cloud; `None` where the service has yet to make it up.
    pub fn id<'p>(&'p self, node: &'p Node) -> Option<&'p str> {
        match node.numbered {
            None => Some(&node.id),
            Some(_) => self.live.get(&node.id).map(String::as_str),
        }
    }

    /// The live ID that this ID of the graph stands for; itself for all that the service does not number.
    pub fn live<'p>(&'p self, id: &'p str) -> &'p str {
        self.live.get(id).map_or(id, String::as_str)
    }

    /// The ID of a resource in its cloud, or what stands for it in the graph.
    pub(super) fn shown<'p>(&'p self, node: &'p Node) -> &'p str {
        self.live(&node.id)
    }

    /// The resource of the graph that has this ID.
    pub(super) fn node<'g>(&self, graph: &'g Graph, id: &str) -> Option<&'g Node> {
        match self.declared.get(&id.to_ascii_lowercase()) {
            Some(index) => graph.nodes.get(*index as usize),
            None => graph.with_id(id),
        }
    }

    /// The resource of the graph that bodies name so.
    pub(super) fn referred<'g>(&self, graph: &'g Graph, reference: &str) -> Option<&'g Node> {
        let named = |(id, index): (&String, &u32)| {
            let node = graph.nodes.get(*index as usize)?;
            let own = (node.ty.provider.reference)(id).eq_ignore_ascii_case(reference);
            (own || id.eq_ignore_ascii_case(reference)).then_some(node)
        };
        self.declared.iter().find_map(named).or_else(|| graph.with_reference(reference))
    }
}

/// The bodies of each collection, in lower case: ID, and what it is found by.
fn collections<'e>(
    estate: &'e Estate,
    wanted: &[(u32, &Node, &Numbered)],
) -> BTreeMap<String, Vec<(&'e str, String)>> {
    let mut out: BTreeMap<String, Vec<(&'e str, String)>> = BTreeMap::new();
    let by: HashMap<String, (&Node, u16)> = wanted
        .iter()
        .map(|(_, node, numbered)| (numbered.collection.to_ascii_lowercase(), (*node, numbered.by)))
        .collect();
    for id in estate.ids() {
        let Some((collection, _)) = id.rsplit_once('/') else { continue };
        let collection = collection.to_ascii_lowercase();
        let Some((node, by)) = by.get(&collection) else { continue };
        let property = &node.ty.props[*by as usize];
        let body = estate.text(id).and_then(|text| serde_json::from_str::<Value>(text).ok());
        if let Some(text) = body.and_then(|body| text_at(property, &body)) {
            out.entry(collection).or_default().push((id, text));
        }
    }
    out
}

fn ambiguous(node: &Node, estate: &Estate, found: &[&str]) -> Diagnostic {
    let by = node.ty.found_by.map_or("name", |by| by).replace('_', " ");
    let what = format!(
        "{} live resources could be the {} `{}`: they have one {by}",
        found.len(),
        node.ty.label,
        node.key
    );
    let mut problem = Diagnostic::error("ambiguous-live", what);
    for id in found {
        if let Some(spot) = estate.spot_of(id) {
            problem = problem.at(spot, format!("`{}`", id.rsplit('/').next().unwrap_or(id)));
        }
    }
    problem
        .at(node.declared_at(), "declared here")
        .help("give the others another name in the cloud, or delete them, and read it again")
}
