//! One item as a Rust expression: its constructor, its setters, and the escapes for what those cannot say.

use super::scope::{Names, name, value_of};
use super::{Item, is_raw, items};
use crate::schema::{Found, Property, Rest, Said, Saying, rest, rust};
use crate::value::{Fields, Text, Value};

/// An item as an expression, with what could not be said.
pub(super) struct Expression {
    pub(super) text: String,
    pub(super) notes: Vec<String>,
}

/// The constructor and what it settles; no `head` where the item cannot be said as one of its type.
pub(super) fn said(item: &Item, fields: &Fields, names: &Names<'_>) -> Said {
    let name = name(item);
    let found = Found { name: &name, id: &item.id, wire: &item.wire, api: &item.api };
    let mut saying = Saying::new(item.ty.props, fields, names, found);
    if let Some(import) = item.ty.import {
        import(&mut saying);
    }
    let mut said = saying.finish();
    let path = match (item.ty.private_new, item.ty.as_found) {
        (false, _) => "new",
        (true, true) => "as_found",
        _ => return said,
    };
    if said.head.is_none() && !(item.ty.private_new && is_raw(item.ty)) {
        let mut plain = Saying::new(item.ty.props, fields, names, found);
        let required = item.ty.props.iter().filter(|p| p.required || p.is_name);
        let required: Vec<&str> = required.map(|property| property.name).collect();
        if plain.construct_new(&format!("{}::{path}", item.ty.rust), &required) {
            let plain = plain.finish();
            said.head = plain.head;
            said.settled.extend(plain.settled);
        }
    }
    said
}

/// Whether an item can be said as one of its type, what it takes from elsewhere included.
pub(super) fn sayable(item: &Item, names: &Names<'_>) -> bool {
    let taken = |(index, property): (u16, &Property)| {
        let wanted = property.inherited || property.parameter.is_some();
        !wanted
            || item.fields.get(index).is_some()
            || taken(item, &item.fields, property, names).is_some()
    };
    said(item, &item.fields, names).head.is_some() && (0u16..).zip(item.ty.props).all(taken)
}

/// What the item declares once it is said: what its type and constructor declare by themselves too.
pub(super) fn declared(item: &Item, fields: &Fields, names: &Names<'_>) -> Fields {
    let said = said(item, fields, names);
    let mut out = Fields::new();
    for (index, property) in (0u16..).zip(item.ty.props) {
        let implied = said
            .implied
            .get(index)
            .cloned()
            .or_else(|| property.default.map(|default| default()))
            .or_else(|| taken(item, fields, property, names));
        let value = if said.settled.contains(&index) || property.is_name {
            fields.get(index).cloned()
        } else {
            match rest(property, fields.get(index), implied.as_ref()) {
                Rest::Say(value)
                    if rust::setter(property, &value, &said.argument, names).is_some() =>
                {
                    Some(value)
                }
                _ => implied,
            }
        };
        if let Some(value) = value {
            out.set(index, value, None);
        }
    }
    out
}

/// What a property takes from what holds the item, or from the stack.
fn taken(item: &Item, fields: &Fields, property: &Property, names: &Names<'_>) -> Option<Value> {
    if let Some(parameter) = property.parameter {
        return names.world.parameters.get(parameter).map(|value| Value::from(value.clone()));
    }
    if !property.inherited {
        return None;
    }
    let parent = value_of(item, fields, |property| property.is_parent)?;
    let by = item.ty.props.iter().find(|property| property.is_parent)?;
    // A handle of another variant of a generic type is no reference: the parent is then one that exists elsewhere.
    (by.rust)(parent, names).filter(|said| !said.contains("existing("))?;
    let parent = parent.as_text()?;
    let index = match (parent.output(), parent.literal()) {
        (Some(output), _) => output.node.index,
        (None, Some(id)) => names.world.index.item(id)?,
        _ => return None,
    };
    let usable = names.there.is_none_or(|there| there.contains(&index));
    let of = names.world.items.get(index as usize).filter(|_| usable)?;
    of.fields.named(of.ty.props, property.name).cloned()
}

/// An item as an expression. `calls` are those that the import itself adds: a key, a name.
pub(super) fn expression(
    item: &Item,
    fields: &Fields,
    names: &Names<'_>,
    calls: &str,
) -> Option<Expression> {
    let said = said(item, fields, names);
    let mut item = item.clone();
    let ignored = item.ignore.clone();
    let mut text = said.head? + &said.calls.concat();
    for (index, property) in (0u16..).zip(item.ty.props) {
        let done = said.settled.contains(&index) || property.is_name;
        if done || ignored.contains(&index) {
            continue;
        }
        let implied = said
            .implied
            .get(index)
            .cloned()
            .or_else(|| property.default.map(|default| default()))
            .or_else(|| taken(&item, fields, property, names));
        match rest(property, fields.get(index), implied.as_ref()) {
            Rest::Nothing => {}
            Rest::Unsaid => item.ignore.push(index),
            Rest::Say(value) => match rust::setter(property, &value, &said.argument, names) {
                Some(call) => text += &call,
                // What is left to others by a constructor's word must be left so here too.
                None => {
                    if implied.is_some() {
                        item.ignore.push(index);
                    }
                    items::unsaid(&mut item, index);
                }
            },
        }
    }
    text += calls;
    for id in &item.depends_on {
        let of = names.world.index.item(id).and_then(|index| names.usable(index));
        let used = |name: &str| super::write::words(&text).any(|word| word == name);
        if let Some(of) = of.filter(|of| !used(of.name)) {
            text += &format!(".depends_on({})", of.name);
        }
    }
    item.ignore.sort_unstable();
    item.ignore.dedup();
    for index in &item.ignore {
        let property = item.ty.props[*index as usize].name.to_uppercase();
        text += &format!(".ignore({}::{property})", item.ty.rust);
    }
    for (path, value) in &item.raw {
        text += &format!(".raw({path:?}, {})", raw_value(value, names)?);
    }
    Some(Expression { text, notes: item.notes })
}

/// A value of the raw escape as an expression.
fn raw_value(value: &Value, names: &Names<'_>) -> Option<String> {
    match value {
        Value::Text(Text::Literal(text)) => Some(rust::literal(text)),
        Value::Bool(value) => Some(value.to_string()),
        other => {
            let (plain, _) = rust::split(other, names)?;
            let said = rust::expression(&plain);
            // A list that is too long for one macro is a vector, which is not yet JSON.
            Some(if said.starts_with("vec!") { format!("json!({said})") } else { said })
        }
    }
}
