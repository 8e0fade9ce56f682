//! Names and keys: what an import adds so that each resource is the one that was found.

use std::collections::{BTreeMap, HashMap};

use super::items::name_of;
use super::references::made;
use super::scope::{World, value_of};
use super::{Item, providers};
use crate::dsl::Stack;
use crate::schema::{IdRequest, Kind, NAME, OutputSource};
use crate::value::{Fields, Piece, Text, Value};

/// What is added to each item: calls, or nothing where no call makes it the one that was found.
pub(super) fn calls(world: &World, order: &[u32]) -> Vec<Option<String>> {
    let scope = scope(world);
    let mut ids: Vec<String> = vec![String::new(); world.items.len()];
    let mut out: Vec<Option<String>> = vec![None; world.items.len()];
    for &index in order {
        let at = index as usize;
        let item = &world.items[at];
        let name = name_of(item.ty, &item.id);
        let derives = !item.ty.derived_name.is_empty();
        let id =
            |name: Option<&str>| identity(item, &world.fields[at], name, (world, &ids), &scope);
        let derived = id(if derives { None } else { Some(name) });
        let is_found = |id: &Option<String>| {
            id.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(item.id.trim_end_matches('/')))
        };
        let given = id(Some(name));
        (ids[at], out[at]) = if is_found(&derived) {
            (derived.unwrap_or_default(), Some(String::new()))
        } else if derives && is_found(&given) {
            (given.unwrap_or_default(), Some(format!(".named({name:?})")))
        } else {
            (item.id.clone(), None)
        };
    }
    for (at, key) in keys(world) {
        if let Some(calls) = &mut out[at] {
            calls.push_str(&format!(".key({key:?})"));
        }
    }
    out
}

/// The parameters as a stack would have them.
fn scope(world: &World) -> BTreeMap<&'static str, String> {
    let mut stack = Stack::new("");
    for parameter in providers(&world.items).into_iter().flat_map(|of| of.parameters) {
        if let Some(value) = world.parameters.get(parameter.key) {
            stack = (parameter.set)(stack, value.clone());
        }
    }
    stack.scope
}

/// The ID that the stack gives to an item.
fn identity(
    item: &Item,
    fields: &Fields,
    name: Option<&str>,
    (world, ids): (&World, &[String]),
    scope: &BTreeMap<&'static str, String>,
) -> Option<String> {
    let known = |text| known(text, world, ids, scope);
    let parent = value_of(item, fields, |property| property.is_parent);
    let parent = parent.and_then(Value::as_text).map(known);
    let derive_from: Vec<String> = item
        .ty
        .derived_name
        .iter()
        .filter_map(|property| fields.named(item.ty.props, property))
        .map(|value| value.as_text().map(known).unwrap_or_default())
        .collect();
    let property = |name: &str| {
        if let Some(text) = fields.named(item.ty.props, name).and_then(Value::as_text) {
            return Some(known(text));
        }
        let taken = &item.ty.props[usize::from(item.ty.prop(name)?)];
        scope.get(taken.parameter?).cloned()
    };
    let request = IdRequest {
        ty: item.ty,
        wire: &item.wire,
        name: name.or(item.ty.fixed_name),
        derive_from: &derive_from,
        parent: parent.as_deref(),
        scope,
        property: &property,
    };
    (item.ty.provider.identity)(&request).ok().map(|identity| identity.id)
}

/// A text with IDs filled in, as the graph fills them in.
fn known(
    text: &Text,
    world: &World,
    ids: &[String],
    scope: &BTreeMap<&'static str, String>,
) -> String {
    let piece = |piece| match piece {
        Piece::Literal(text) => text.to_owned(),
        Piece::Output(output) => {
            let at = output.node.index as usize;
            let id = ids.get(at).map(String::as_str).unwrap_or_default();
            let item = world.items.get(at);
            match (output.output.source, item) {
                (OutputSource::Id, Some(item)) => (item.ty.provider.reference)(id).to_owned(),
                (OutputSource::Name, Some(item)) => name_of(item.ty, id).to_owned(),
                (OutputSource::Made(template), Some(item)) => {
                    made(item, id, template, scope).unwrap_or_default()
                }
                _ => format!("{id}#{}", output.output.name),
            }
        }
    };
    text.parts().map(piece).collect()
}

/// Keys for items that would otherwise share an address.
fn keys(world: &World) -> Vec<(usize, String)> {
    let mut same: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    for (at, item) in world.items.iter().enumerate() {
        same.entry((item.ty.slug, called(item, &world.fields[at]))).or_default().push(at);
    }
    let mut out: Vec<(usize, String)> = same
        .into_values()
        .filter(|sharing| sharing.len() > 1)
        .flatten()
        .map(|at| (at, world.names[at].replace('_', "-")))
        .collect();
    out.sort_unstable();
    out
}

/// What an item's key is made of: its name, or what it connects.
fn called(item: &Item, fields: &Fields) -> String {
    if let Some(name) = value_of(item, fields, |property| property.is_name) {
        return name.as_str().unwrap_or_default().to_owned();
    }
    let parent = item.ty.props.iter().find(|p| p.is_parent).map(|p| p.name);
    let mut out = String::new();
    for property in item.ty.derived_name.iter().copied().chain(parent) {
        let kind = item.ty.prop(property).map(|at| item.ty.props[at as usize].kind);
        let Some(text) = fields.named(item.ty.props, property).and_then(Value::as_text) else {
            continue;
        };
        match text.output() {
            Some(output) => out.push_str(&format!("{}/", output.node.index)),
            // Words of closed sets are part of a key; IDs of what is elsewhere are not.
            None if matches!(kind, Some(Kind::Choice(_))) => {
                out.push_str(text.literal().unwrap_or(NAME.name));
            }
            None => {}
        }
    }
    out
}
