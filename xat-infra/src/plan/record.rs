//! What a state records of a resource: the paths of its declared leaves, with salted hashes.
//!
//! A list of blocks is recorded whole, and beside that leaf by leaf, so that drift can be told inside it without the
//! state holding a value: elements by their key (`rules[web].priority`), or by their place where they have none
//! (`policies[#0].object`; the hash does not know the place). So are an open list's elements, and free JSON
//! (`body.properties.size`). What is never returned is recorded only as a whole: nothing could be compared with it.

use std::collections::BTreeMap;

use super::leaf::canonical;
use super::resolve::{Resolved, Resolver};
use crate::graph::{Graph, Node};
use crate::schema::{BlockType, Kind, Property};
use crate::state::{Owned, Salt, State};
use crate::value::{Fields, Value};

/// What stands for a value that is not known when the state is written.
const UNKNOWN: &str = "";

/// In front of what was said of the REST body itself.
pub(super) const RAW_PREFIX: &str = "raw:";

/// The property under which raw values are compared: free JSON, no path of its own.
pub(super) static RAW: Property =
    Property { name: "", label: "", kind: &Kind::Json, ..Property::BLANK };

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
    let mut after: Vec<String> =
        node.edges.iter().map(|edge| graph.nodes[edge.to as usize].address.clone()).collect();
    after.sort();
    Owned {
        r#type: node.ty.name(),
        label: node.ty.label.to_owned(),
        id: resolver.places.shown(node).to_owned(),
        after,
        holds_data: node.ty.holds_data,
        undeletable: node.ty.undeletable,
        protected: node.meta.protect,
        fields: hashes(node, resolver, salt),
    }
}

/// The recorded paths of what a resource declares, each with its salted hash.
pub(super) fn hashes(
    node: &Node,
    resolver: &Resolver<'_>,
    salt: &Salt,
) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut note = |path: &str, hashed: &str, property: &Property, value: &Value| {
        let hash = canonical(resolver, property, value)
            .map_or(UNKNOWN.into(), |text| salt.hash(hashed, &text));
        out.insert(path.to_owned(), hash);
    };
    each_leaf(node.ty.props, &node.fields, "", &mut |path, property, value| {
        note(path, path, property, value);
        each_part(resolver, property, path, value, &mut note);
    });
    for (path, value, _) in node.raw() {
        let path = format!("{RAW_PREFIX}{}", escaped(path));
        note(&path, &path, &RAW, value);
        each_part(resolver, &RAW, &path, value, &mut note);
    }
    out
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

/// What takes a path, the path that its hash is made of, the property and the value.
type Note<'n> = dyn FnMut(&str, &str, &Property, &Value) + 'n;

/// The leaves inside one recorded leaf: of a list's elements, and of free JSON.
fn each_part(
    resolver: &Resolver<'_>,
    property: &Property,
    path: &str,
    value: &Value,
    note: &mut Note<'_>,
) {
    match (property.kind, value) {
        (Kind::List(inner) | Kind::Set(inner), Value::List(items)) => {
            for (at, item) in items.iter().enumerate() {
                match (inner.block(), item.as_block(), property.key) {
                    (Some(block), Some(fields), Some(key)) => {
                        if let Some(key) = key_of(resolver, block, key, fields) {
                            let place = format!("{path}[{}]", escaped(&key));
                            each_leaf(block.props, fields, "", &mut |inner, property, value| {
                                if is_returned(property) {
                                    let path = format!("{place}.{inner}");
                                    note(&path, &path, property, value);
                                    each_part(resolver, property, &path, value, note);
                                }
                            });
                        }
                    }
                    (Some(block), Some(fields), None) => {
                        each_leaf(block.props, fields, "", &mut |inner, property, value| {
                            if is_returned(property) {
                                let hashed = format!("{path}[].{inner}");
                                note(&format!("{path}[#{at}].{inner}"), &hashed, property, value);
                            }
                        });
                    }
                    _ if property.open => {
                        note(&format!("{path}[#{at}]"), &format!("{path}[]"), property, item)
                    }
                    _ => {}
                }
            }
        }
        (Kind::Json, Value::Map(entries)) => {
            for (key, value) in entries.iter() {
                let path = format!("{path}.{}", escaped(key));
                match value {
                    Value::Map(inner) if !inner.is_empty() => {
                        each_part(resolver, property, &path, value, note)
                    }
                    _ => note(&path, &path, property, value),
                }
            }
        }
        _ => {}
    }
}

/// Whether the service returns a property's value as it was written.
pub(super) fn is_returned(property: &Property) -> bool {
    property.wire.is_some()
        && !property.write_only
        && !property.by_record
        && !matches!(property.kind, Kind::Secret)
}

/// What tells one element of a list from the others, in its canonical form; `None` where it is not known yet.
pub(super) fn key_of(
    resolver: &Resolver<'_>,
    block: &BlockType,
    key: &str,
    fields: &Fields,
) -> Option<String> {
    match resolver.text(fields.named(block.props, key)?.as_text()?) {
        Resolved::Known(text) => Some(text.to_ascii_lowercase()),
        _ => None,
    }
}

/// A key as it stands in a path: without the signs that paths are made of.
pub(super) fn escaped(key: &str) -> String {
    key.replace('%', "%25").replace('.', "%2E").replace('[', "%5B").replace(']', "%5D")
}

/// The key again.
pub(super) fn unescaped(path: &str) -> String {
    path.replace("%5D", "]").replace("%5B", "[").replace("%2E", ".").replace("%25", "%")
}
