//! How a declared body is laid over a live one, where a service takes bodies whole: what stays as it is live, and what is taken
//! away again.

use serde_json::{Map, Value as Json, json};

use crate::graph::Node;
use crate::plan::{Action, Step};
use crate::schema::{Kind, Property};
use crate::value::{Fields, Value, to_json_lossy};

/// What a script knows of one body, as JSON that its jq reads; nothing where the declared is simply laid over the live.
pub(super) fn laid(node: &Node, step: &Step, part: Option<&'static str>) -> Option<Json> {
    let mut out = Map::new();
    let mut say = |key: &str, all: Vec<Json>| {
        if !all.is_empty() {
            out.insert(key.to_owned(), Json::Array(all));
        }
    };
    let here = |property: &&Property| property.wire.is_some_and(|wire| wire.part == part);
    let open = node.ty.props.iter().filter(here).filter(|property| property.open);
    say("open", open.filter_map(|property| Some(json!(property.wire?.path))).collect());
    say("keep", kept(node, part));
    if step.action == Action::Update {
        say("drops", drops(node, step, part));
    }
    let read = node.ty.parts.iter().find(|known| Some(known.key) == part).map(|part| part.read);
    if let Some(read) = read.filter(|read| !read.is_empty()) {
        out.insert("read".to_owned(), json!(read));
    }
    (!out.is_empty()).then_some(Json::Object(out))
}

/// The paths of what is declared and left to others: once it is there, it stays as it is.
fn kept(node: &Node, part: Option<&'static str>) -> Vec<Json> {
    let mut out = Vec::new();
    for field in node.fields.iter().filter(|field| node.ignores(field.prop)) {
        let wire = node.ty.props.get(field.prop as usize).and_then(|property| property.wire);
        let Some(wire) = wire.filter(|wire| wire.part == part) else { continue };
        // Its own keys stand in the body itself.
        let keys = |value: &Value| match value {
            Value::Map(entries) => entries.iter().map(|(key, _)| json!([key])).collect(),
            _ => Vec::new(),
        };
        match wire.codec {
            _ if !wire.path.is_empty() => out.push(json!(wire.path)),
            Some(codec) => out.extend(keys(&(codec.encode)(&field.value))),
            None => out.extend(keys(&field.value)),
        }
    }
    out
}

/// What the plan takes away, each with what it goes back to: properties that nobody declares any more, in blocks too, and keys
/// of maps.
fn drops(node: &Node, step: &Step, part: Option<&'static str>) -> Vec<Json> {
    let mut out = Vec::new();
    for change in step.changes.iter().filter(|change| !change.secret) {
        let (name, rest) = split(&change.path);
        let Some(prop) = node.ty.prop(name) else { continue };
        let property = &node.ty.props[prop as usize];
        if property.wire.is_some_and(|wire| wire.part == part) {
            out.extend(drop(property, node.fields.get(prop), rest, &[]));
        }
    }
    out
}

fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)))
}

/// What takes away a property, or what `rest` names in it; nothing where it is declared.
fn drop(
    property: &'static Property,
    declared: Option<&Value>,
    rest: Option<&str>,
    above: &[&'static str],
) -> Option<Json> {
    let wire = property.wire?;
    let path: Vec<&'static str> = above.iter().chain(wire.path).copied().collect();
    let has = |entries: &Value, key: &str| entries.at(&[key]).is_some();
    match (property.kind, declared, rest) {
        (Kind::Map(_), declared, Some(key)) if wire.codec.is_none() => {
            let gone = declared.is_none_or(|entries| !has(entries, key));
            let path: Vec<&str> = path.iter().copied().chain([key]).collect();
            gone.then(|| json!({"path": path, "to": null}))
        }
        (Kind::Block(block), Some(Value::Block(fields)), Some(rest)) if wire.codec.is_none() => {
            let (name, rest) = split(rest);
            let (at, inner) = (0u16..).zip(block.props).find(|(_, inner)| inner.name == name)?;
            drop(inner, Fields::get(fields, at), rest, &path)
        }
        (_, None, _) if !path.is_empty() => {
            let service = property.service.map(|default| match wire.codec {
                Some(codec) => (codec.encode)(&default()),
                None => default(),
            });
            let plain = |value: &Value| {
                to_json_lossy(value, &|text| text.literal().unwrap_or_default().into())
            };
            Some(json!({"path": path, "to": service.as_ref().map_or(Json::Null, plain)}))
        }
        _ => None,
    }
}
