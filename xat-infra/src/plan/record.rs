//! What a state records of a resource: the paths of its declared leaves, with salted hashes.

use std::collections::BTreeMap;

use super::leaf::canonical;
use super::resolve::Resolver;
use crate::graph::{Graph, Node};
use crate::schema::{Kind, Property};
use crate::state::{Owned, Salt, State};
use crate::value::{Fields, Value};

/// What stands for a value that is not known when the state is written.
const UNKNOWN: &str = "";

/// The state that an apply of the whole graph would leave, with outputs as `estate` has them.
///
/// Apply writes this resource by resource; tests and recorded estates write it at once.
pub fn record(graph: &Graph, estate: &crate::live::Estate, salt: Salt, serial: u64) -> State {
    let mut resolver = Resolver::new(graph);
    super::read::read_outputs(graph, estate, &mut resolver);
    let mut state = State { stack: graph.stack.clone(), serial, salt, ..State::empty() };
    for node in &graph.nodes {
        state.resources.insert(node.address.clone(), owned(graph, node, &resolver, &state.salt));
    }
    state
}

/// What is recorded of one resource.
pub(crate) fn owned(graph: &Graph, node: &Node, resolver: &Resolver<'_>, salt: &Salt) -> Owned {
    let mut fields = BTreeMap::new();
    each_leaf(node.ty.props, &node.fields, "", &mut |path, property, value| {
        let hash = canonical(resolver, property, value)
            .map_or(UNKNOWN.into(), |text| salt.hash(path, &text));
        fields.insert(path.to_owned(), hash);
    });
    let mut after: Vec<String> =
        node.edges.iter().map(|edge| graph.nodes[edge.to as usize].address.clone()).collect();
    after.sort();
    Owned {
        r#type: node.ty.name(),
        label: node.ty.label.to_owned(),
        id: node.id.clone(),
        after,
        holds_data: node.ty.holds_data,
        protected: node.meta.protect,
        fields,
    }
}

/// Every declared leaf with its path: blocks by their properties, maps by their keys, lists and sets whole.
pub(crate) fn each_leaf(
    props: &'static [Property],
    fields: &Fields,
    prefix: &str,
    see: &mut dyn FnMut(&str, &'static Property, &Value),
) {
    for field in fields.iter() {
        let Some(property) = props.get(field.prop as usize) else { continue };
        let path = format!("{prefix}{}", property.name);
        match (property.kind, &field.value) {
            (Kind::Block(block), Value::Block(inner)) => {
                each_leaf(block.props, inner, &format!("{path}."), see)
            }
            (Kind::Map(_), Value::Map(entries)) => {
                for (key, value) in entries.iter() {
                    see(&format!("{path}.{key}"), property, value);
                }
            }
            (_, value) => see(&path, property, value),
        }
    }
}
