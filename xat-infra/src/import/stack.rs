//! Items as a stack, without a word of Rust between: what previews of templates plan.

use std::collections::HashMap;

use super::references::Index;
use super::{Body, Item, is_raw, items, parameters, providers};
use crate::dsl::{Declared, Meta, Stack};
use crate::schema::Registered;
use crate::value::{NodeRef, Text, Value};

/// The stack of bodies that somebody wrote. What no type models is in it as raw resources.
///
/// Each says exactly what its body says: no secure default is added, and nothing is left out as a service's default.
pub fn stack(bodies: Vec<Body>, types: &[Registered], name: &str) -> (Stack, Vec<String>) {
    let mut notes = Vec::new();
    let waits: HashMap<String, Vec<String>> = bodies
        .iter()
        .map(|body| (body.id.to_ascii_lowercase(), super::arm_template::depends_on(&body.value)))
        .collect();
    let mut items = items::items(bodies, types, items::Live::Written, &mut notes);
    for item in &mut items {
        // What breaks a limit as this library knows it is previewed all the same, by the escapes.
        let declared = item.fields.clone();
        items::limits(item, &declared);
        item.depends_on = waits.get(&item.id.to_ascii_lowercase()).cloned().unwrap_or_default();
    }
    let parameters = parameters(&items);
    let given: Vec<&str> = parameters.values().map(String::as_str).collect();
    let index = Index::of(&items, &given);
    let mut stack = Stack::new(name);
    for parameter in providers(&items).into_iter().flat_map(|of| of.parameters) {
        if let Some(value) = parameters.get(parameter.key) {
            stack = (parameter.set)(stack, value.clone());
        }
    }
    let id = stack.id();
    let mut seen: HashMap<(&str, String), usize> = HashMap::new();
    let declared: Vec<Declared> = (0u32..)
        .zip(&items)
        .map(|(own, item)| {
            let mut declared = declared(own, item, &items, &index, id);
            let name = item.id.rsplit('/').next().unwrap_or_default().to_owned();
            let count = seen.entry((item.ty.slug, name.clone())).or_default();
            *count += 1;
            if *count > 1 {
                declared.meta.key = Some(format!("{name}-{count}"));
            }
            declared
        })
        .collect();
    stack.resources = declared;
    (stack, notes)
}

fn declared(own: u32, item: &Item, items: &[Item], index: &Index, stack: u32) -> Declared {
    let mut fields = index.refer(own, item, items);
    let mut meta = Meta::here();
    for field in fields.iter_mut() {
        in_stack(&mut field.value, stack);
        // Somebody wrote it: it is no default.
        field.at = Some(meta.at);
    }
    if is_raw(item.ty) {
        meta.wire_type(item.wire.clone(), item.api.clone());
    }
    if !item.ty.derived_name.is_empty() {
        meta.given_name = item.id.rsplit('/').next().map(str::to_owned);
    }
    meta.ignore = item.ignore.clone();
    meta.raw =
        item.raw.iter().map(|(path, value)| (path.clone(), value.clone(), meta.at)).collect();
    for id in &item.depends_on {
        if let Some(of) = index.item(id).filter(|of| *of != own) {
            meta.depends_on.push((NodeRef { stack, index: of }, meta.at));
        }
    }
    Declared { ty: item.ty, fields, component: None, meta }
}

/// References of an import as references of a stack.
fn in_stack(value: &mut Value, stack: u32) {
    match value {
        Value::Text(text) => {
            let pieces = text.parts().map(|piece| match piece {
                crate::value::Piece::Literal(text) => Text::from(text.to_owned()),
                crate::value::Piece::Output(mut output) => {
                    output.node.stack = stack;
                    Text::Output(output)
                }
            });
            *text = Text::join(pieces.collect::<Vec<_>>());
        }
        Value::List(items) => items.iter_mut().for_each(|item| in_stack(item, stack)),
        Value::Block(fields) => {
            fields.iter_mut().for_each(|field| in_stack(&mut field.value, stack));
        }
        Value::Map(entries) => entries.iter_mut().for_each(|(_, value)| in_stack(value, stack)),
        _ => {}
    }
}
