//! Every declared leaf changed in turn to another legal value.

use xat_infra::schema::{Kind, Property, ResourceType};
use xat_infra::value::{Entries, Fields, Secret, Text, Value};

/// The properties with one leaf changed, for each leaf, with the leaf's path.
pub fn each(ty: &'static ResourceType, fields: &Fields) -> Vec<(String, Fields)> {
    let mut out = Vec::new();
    within(ty.props, None, fields, "", &mut |path, changed| out.push((path, changed)));
    out
}

fn within(
    props: &'static [Property],
    key: Option<&str>,
    fields: &Fields,
    prefix: &str,
    emit: &mut dyn FnMut(String, Fields),
) {
    for field in fields.iter() {
        let property = &props[field.prop as usize];
        if property.is_name || property.is_parent || property.wire.is_none() {
            continue;
        }
        let path = format!("{prefix}{}", property.name);
        if let (true, Some(name)) = (key == Some(property.name), field.value.as_str()) {
            // Another name must not be that of another element.
            let mut changed = fields.clone();
            changed.set(field.prop, Value::from(format!("{name}x")), None);
            emit(path, changed);
            continue;
        }
        variants(property, property.kind, &field.value, &path, &mut |path, value| {
            let mut changed = fields.clone();
            changed.set(field.prop, value, None);
            emit(path, changed);
        });
    }
}

fn variants(
    property: &'static Property,
    kind: &'static Kind,
    value: &Value,
    path: &str,
    emit: &mut dyn FnMut(String, Value),
) {
    match (kind, value) {
        (Kind::Block(block), Value::Block(inner)) => {
            within(block.props, property.key, inner, &format!("{path}."), &mut |path, fields| {
                emit(path, Value::Block(fields))
            });
        }
        (Kind::List(inner) | Kind::Set(inner), Value::List(items)) => {
            for (at, item) in items.iter().enumerate() {
                variants(property, inner, item, &format!("{path}[{at}]"), &mut |path, changed| {
                    let mut items = items.clone();
                    items[at] = changed;
                    emit(path, Value::List(items));
                });
            }
        }
        (Kind::Map(inner), Value::Map(entries)) => {
            for (key, item) in entries.iter() {
                variants(property, inner, item, &format!("{path}.{key}"), &mut |path, changed| {
                    let mut entries: Entries = entries.clone();
                    entries.insert(key.to_owned(), changed);
                    emit(path, Value::Map(entries));
                });
            }
        }
        _ => {
            if let Some(changed) = other(property, kind, value) {
                emit(path.to_owned(), changed);
            }
        }
    }
}

/// Another legal value of the same kind.
fn other(property: &Property, kind: &Kind, value: &Value) -> Option<Value> {
    Some(match (kind, value) {
        (_, Value::Bool(value)) => Value::Bool(!value),
        (_, Value::Int(value)) => {
            // The next number may be the same one in the property's canonical form.
            let now = value.to_string();
            let same = |next: &i64| property.canon.is_some_and(|c| c.same(&next.to_string(), &now));
            Value::Int((value + 1..).find(|next| !same(next))?)
        }
        (_, Value::Float(value)) => Value::Float(value + 1.0),
        (_, Value::Secret(_)) => Value::Secret(Secret::new("another secret").into_inner()),
        (Kind::Choice(choice), Value::Text(text)) => {
            let now = text.literal()?;
            let canon = property.canon();
            let next = choice.variants.iter().find(|variant| !canon.same(variant.wire, now))?;
            Value::literal(next.wire)
        }
        // What stands in front of the name may be any of several spellings of one place.
        (Kind::Ref(_) | Kind::AnyRef, Value::Text(text)) => {
            Value::from(format!("{}x", text.literal()?))
        }
        (_, Value::Text(text)) => {
            let text = text.literal()?;
            let next = another_text(text);
            let same = property.canon().same(&next, text);
            Value::Text(Text::from(if same { format!("{text}x") } else { next }))
        }
        _ => return None,
    })
}

/// Text that is another value in whichever canonical form: the first digit changes if there is one, so that ranges,
/// dates and versions stay legal, else a letter is added.
fn another_text(text: &str) -> String {
    match text.rfind(|c: char| c.is_ascii_digit()) {
        // The last digit of a range is its prefix length.
        Some(at) if !text.starts_with('/') => {
            let digit = text.as_bytes()[at];
            let changed = if digit == b'1' { '2' } else { '1' };
            format!("{}{changed}{}", &text[..at], &text[at + 1..])
        }
        _ => format!("{text}x"),
    }
}
