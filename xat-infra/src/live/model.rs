//! A model cloud: the estate that would be there if a graph had just been applied.
//!
//! It writes nothing anywhere. Tests of stacks and of the planner use it, and recorded estates start from it.

use serde_json::{Map, Value as Json, json};

use super::asset::is_full_name;
use super::{Estate, Recorded};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::{ID, Kind, NAME, OutputSource, OutputSpec, Path, Property};
use crate::value::{Field, Fields, OutputRef, Piece, SecretText, Text, Value, fold};
use crate::wire::{Expressions, lower_rest, render};

/// The bodies of a graph as the cloud would return them after an apply: IDs filled in, values that are never
/// returned left out, and every output of every resource present.
pub fn applied(graph: &Graph) -> Json {
    let mut resources = Vec::with_capacity(graph.nodes.len());
    for &index in &graph.order {
        let bodies = bodies(graph, &graph.nodes[index as usize]);
        resources.extend(bodies.into_iter().map(Recorded::entry));
    }
    json!({"format": "xat-estate/1", "resources": resources})
}

impl Estate {
    /// The estate that would be there if the graph had just been applied.
    ///
    /// # Errors
    /// None in practice: the model writes what the reader reads.
    pub fn as_applied(graph: &Graph) -> Result<Self, Vec<Diagnostic>> {
        Self::from_text("the model cloud", applied(graph).to_string())
    }
}

/// The bodies that carry one resource, its own first.
pub fn bodies(graph: &Graph, node: &Node) -> Vec<Recorded> {
    let spell = Concrete(graph);
    let mut out = Vec::new();
    let kept = returned(&node.fields, node.ty.props);
    for body in lower_rest(node, &kept) {
        let mut json = render(&body.value, &spell);
        let own = id(node);
        let id = match &*body.suffix {
            "" => own.clone(),
            suffix => format!("{own}/{suffix}"),
        };
        if let Json::Object(map) = &mut json {
            prune(map);
            if !is_full_name(&id) {
                let name = match &*body.suffix {
                    "" => node.name.clone(),
                    suffix => suffix.rsplit('/').next().unwrap_or(suffix).to_owned(),
                };
                let head = [("id", id.clone()), ("name", name), ("type", body.kind.clone())];
                let mut whole: Map<String, Json> =
                    head.into_iter().map(|(k, v)| (k.to_owned(), v.into())).collect();
                whole.append(map);
                json = Json::Object(whole);
            }
        }
        if body.part.is_none() {
            for output in node.ty.outputs.iter().filter(|output| !output.wire.is_empty()) {
                match output.source {
                    OutputSource::Live | OutputSource::Made(_) => {
                        let known = node.known(output).map(str::to_owned);
                        let value = known.unwrap_or_else(|| made(node, output));
                        put(&mut json, output.wire, Json::from(value));
                    }
                    _ => {}
                }
            }
            for mirror in node.ty.mirrors {
                let subtree = mirror.at.iter().try_fold(&json, |at, key| at.get(key)).cloned();
                let id = format!("{own}/{}", mirror.suffix);
                let part = mirror.suffix.split('/').next().unwrap_or_default();
                let kind = format!("{}/{part}", node.wire);
                let mut mirrored = json!({"id": id, "type": kind});
                put(&mut mirrored, mirror.from, subtree.unwrap_or_else(|| json!({})));
                out.push(Recorded { id, kind, body: mirrored });
            }
            out.insert(0, Recorded { id, kind: body.kind, body: json });
        } else {
            out.push(Recorded { id, kind: body.kind, body: json });
        }
    }
    out
}

/// What the service returns of what is declared, in blocks too.
fn returned(fields: &Fields, props: &'static [Property]) -> Fields {
    let mut kept = Fields::new();
    for Field { prop, value, .. } in fields.iter() {
        let Some(property) = props.get(*prop as usize) else { continue };
        if !property.write_only && !matches!(property.kind, Kind::Secret) {
            kept.set(*prop, without_hidden(value, property.kind), None);
        }
    }
    kept
}

fn without_hidden(value: &Value, kind: &'static Kind) -> Value {
    match (kind.block(), value) {
        (Some(block), Value::Block(fields)) => Value::Block(returned(fields, block.props)),
        (Some(_), Value::List(items)) => {
            Value::List(items.iter().map(|item| without_hidden(item, kind)).collect())
        }
        _ => value.clone(),
    }
}

/// An output's value: made up, but always the same one. What is numbered says the number as its name or ID.
fn made(node: &Node, output: &OutputSpec) -> String {
    let own = id(node);
    let is = |wire: Path| node.numbered().is_some() && output.wire == wire;
    match output.source {
        OutputSource::Id => (node.ty.provider.reference)(&own).to_owned(),
        _ if is(NAME.wire) => (node.ty.provider.reference)(&own).to_owned(),
        _ if is(ID.wire) => own.rsplit('/').next().unwrap_or_default().to_owned(),
        _ => format!("{}-{}", node.name, output.name.replace('_', "-")),
    }
}

/// The ID of a resource. Where the service makes up a number, the model makes up one that is always the same.
pub fn id(node: &Node) -> String {
    match node.numbered() {
        Some(numbered) => format!("{}/{}", numbered.collection, fold(&[&node.id])),
        None => node.id.clone(),
    }
}

fn prune(map: &mut Map<String, Json>) {
    map.retain(|_, value| !value.is_null());
    for value in map.values_mut() {
        if let Json::Object(inner) = value {
            prune(inner);
        }
    }
}

/// Puts a value at a path, unless something stands there already. A number is a place in a list.
fn put(json: &mut Json, path: &[&str], value: Json) {
    let Some((key, rest)) = path.split_first() else {
        if json.is_null() {
            *json = value;
        }
        return;
    };
    if let Ok(place) = key.parse::<usize>() {
        if !json.is_array() {
            *json = json!([]);
        }
        if let Json::Array(items) = json {
            items.resize(items.len().max(place + 1), Json::Null);
            put(&mut items[place], rest, value);
        }
        return;
    }
    if !json.is_object() {
        *json = json!({});
    }
    if let Json::Object(map) = json {
        put(map.entry(*key).or_insert(Json::Null), rest, value);
    }
}

/// Outputs as the values that they have in the model.
struct Concrete<'g>(&'g Graph);

impl Concrete<'_> {
    fn output(&self, output: OutputRef) -> String {
        let Some(node) = self.0.node(output.node) else { return String::new() };
        if let Some(known) = node.known(output.output) {
            return known.to_owned();
        }
        // Where the output is something that was declared, it is that.
        let declared = bodies_value(node, output.output.wire);
        declared.unwrap_or_else(|| made(node, output.output))
    }
}

fn bodies_value(node: &Node, path: &[&str]) -> Option<String> {
    let body = lower_rest(node, &returned(&node.fields, node.ty.props)).into_iter().next()?;
    body.value.at(path)?.as_str().map(str::to_owned)
}

impl Expressions for Concrete<'_> {
    fn text(&self, text: &Text) -> String {
        text.parts()
            .map(|piece| match piece {
                Piece::Literal(literal) => literal.to_owned(),
                Piece::Output(output) => self.output(output),
            })
            .collect()
    }

    fn secret(&self, _: &SecretText) -> String {
        String::new()
    }
}
