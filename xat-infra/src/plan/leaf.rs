//! Leaves: the canonical text of a value, and how it is shown.

use serde_json::Value as Json;

use super::Shown;
use super::resolve::{Resolved, Resolver};
use crate::schema::{Kind, Property};
use crate::value::{Fields, Value};

/// Whether two literal leaves are one value of this property.
pub(crate) fn same_leaf(property: &Property, a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => {
            a == b || property.canon.is_some_and(|c| c.same(&a.to_string(), &b.to_string()))
        }
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Null, Value::Null) => true,
        _ => match (a.as_str(), b.as_str()) {
            (Some(a), Some(b)) => same_text(property, a, b),
            _ => false,
        },
    }
}

/// Whether two texts are one value of this property.
pub(crate) fn same_text(property: &Property, a: &str, b: &str) -> bool {
    match property.kind {
        // Free JSON has no canon of its own; IDs in it are still IDs.
        Kind::Json => a == b || (a.starts_with("/subscriptions/") && a.eq_ignore_ascii_case(b)),
        _ => property.canon().same(a, b) || same_reference(property.kind, a, b),
    }
}

/// Whether two texts refer to one resource, however its cloud spells it.
fn same_reference(kind: &Kind, a: &str, b: &str) -> bool {
    match kind {
        Kind::Ref(ty) => (ty().provider.same_reference)(a, b),
        Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => same_reference(inner, a, b),
        _ => false,
    }
}

/// Whether a value says nothing: services drop empty lists, objects and texts, and return them unasked.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Block(fields) => fields.iter().all(|field| is_empty(&field.value)),
        other => other.as_str() == Some(""),
    }
}

/// The one text of a value, for hashing; `None` where it is not known yet.
pub(crate) fn canonical(
    resolver: &Resolver<'_>,
    property: &Property,
    value: &Value,
) -> Option<String> {
    Some(match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => match property.canon {
            Some(canon) => (canon.apply)(&value.to_string()).into_owned(),
            None => value.to_string(),
        },
        Value::Float(value) => value.to_string(),
        Value::Text(text) => match resolver.text(text) {
            Resolved::Known(text) => (property.canon().apply)(&text).into_owned(),
            _ => return None,
        },
        Value::Secret(secret) => resolver.secret(secret)?,
        Value::List(items) => {
            let mut texts = items
                .iter()
                .map(|item| canonical(resolver, property, item))
                .collect::<Option<Vec<_>>>()?;
            if matches!(property.kind, Kind::Set(_)) {
                texts.sort();
            }
            format!("[{}]", texts.join("\u{1}"))
        }
        Value::Block(fields) => {
            let props = property.kind.block().map_or(&[] as &[Property], |block| block.props);
            let mut texts = Vec::new();
            for field in fields.iter() {
                if let Some(inner) = props.get(field.prop as usize) {
                    texts.push(format!(
                        "{}={}",
                        inner.name,
                        canonical(resolver, inner, &field.value)?
                    ));
                }
            }
            format!("{{{}}}", texts.join("\u{1}"))
        }
        Value::Map(entries) => {
            let mut texts = entries
                .iter()
                .map(|(key, value)| {
                    Some(format!("{key}={}", canonical(resolver, property, value)?))
                })
                .collect::<Option<Vec<_>>>()?;
            texts.sort();
            format!("{{{}}}", texts.join("\u{1}"))
        }
        Value::Pairs(_) => return None,
    })
}

/// A value as it is shown; `None` where part of it is not known yet.
pub(crate) fn shown(resolver: &Resolver<'_>, property: &Property, value: &Value) -> Option<Shown> {
    let known = resolver.value(value)?;
    let text = match (&known, property.key) {
        (Value::Block(fields), Some(key)) => element_text(resolver, property, fields, key),
        _ => text_of(resolver, property, &known),
    };
    let (mut json, mut text) = (json_of(property, &known), text);
    if let Value::Text(declared) = value
        && declared.outputs().next().is_some()
    {
        // A reference reads best by the key of what it refers to.
        // Of values that the service makes, what they are of says more than the value.
        if declared.output().is_some()
            || declared.outputs().any(|output| output.output.name == "id")
        {
            text = resolver.graph.show(declared);
        }
    }
    if matches!(property.kind, Kind::Secret) {
        (json, text) = (Json::Null, "(secret)".into());
    }
    Some(Shown { json, text })
}

fn json_of(property: &Property, value: &Value) -> Json {
    match value {
        Value::Null | Value::Secret(_) | Value::Pairs(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(text) => Json::from(text.literal().unwrap_or_default()),
        Value::List(items) => {
            Json::Array(items.iter().map(|item| json_of(property, item)).collect())
        }
        Value::Map(entries) => Json::Object(
            entries.iter().map(|(k, v)| (k.to_owned(), json_of(property, v))).collect(),
        ),
        Value::Block(fields) => Json::Object(
            named(property, fields)
                .map(|(inner, value)| (inner.name.to_owned(), json_of(inner, value)))
                .collect(),
        ),
    }
}

fn text_of(resolver: &Resolver<'_>, property: &Property, value: &Value) -> String {
    match value {
        Value::Null | Value::Pairs(_) => "none".into(),
        Value::Secret(_) => "(secret)".into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Int(value) if property.unit.is_empty() => value.to_string(),
        Value::Int(value) => format!("{value} {}", property.unit),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => match text.literal().unwrap_or_default() {
            // A choice among IDs (built-in roles) reads by name.
            id if id.starts_with('/') && choice_name(property, id).is_some() => {
                choice_name(property, id).unwrap_or_default()
            }
            "" => "\"\"".into(),
            id if is_id(property, id) => key_of(resolver, property.kind, id),
            text => text.to_owned(),
        },
        Value::List(items) if items.is_empty() => "none".into(),
        Value::List(items) => items
            .iter()
            .map(|item| text_of(resolver, property, item))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| format!("{key}={}", text_of(resolver, property, value)))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Block(fields) => block_text(resolver, named(property, fields)),
    }
}

fn block_text<'f>(
    resolver: &Resolver<'_>,
    fields: impl Iterator<Item = (&'static Property, &'f Value)>,
) -> String {
    let fields: Vec<(&Property, &Value)> = fields.collect();
    let all_marks = fields.iter().all(|(inner, _)| inner.marker);
    let inner: Vec<String> = fields
        .into_iter()
        .filter(|(inner, _)| all_marks || !inner.marker)
        .map(|(inner, value)| format!("{} {}", inner.label, text_of(resolver, inner, value)))
        .collect();
    format!("({})", inner.join(", "))
}

/// An element that is told apart by `key`: what it is called stands in the change's label, unless that is all there is.
fn element_text(
    resolver: &Resolver<'_>,
    property: &Property,
    fields: &Fields,
    key: &str,
) -> String {
    let rest = || named(property, fields).filter(|(inner, _)| inner.name != key);
    if rest().next().is_none() {
        return block_text(resolver, named(property, fields));
    }
    block_text(resolver, rest())
}

/// Whether a text is a resource's ID, rather than a path or another text that starts with a slash.
fn is_id(property: &Property, text: &str) -> bool {
    match property.kind {
        Kind::Ref(_) | Kind::AnyRef => text.contains('/'),
        Kind::List(inner) | Kind::Set(inner) if matches!(inner, Kind::Ref(_) | Kind::AnyRef) => {
            text.contains('/')
        }
        _ => text.starts_with("/subscriptions/"),
    }
}

/// The name of the member of a choice that this ID stands for.
fn choice_name(property: &Property, id: &str) -> Option<String> {
    let Kind::Choice(choice) = property.kind else { return None };
    let member = choice.variants.iter().find(|member| property.canon().same(member.wire, id))?;
    Some(crate::schema::kebab(member.rust).replace('-', " "))
}

/// The key of the declared resource with this ID, or the ID's last name.
fn key_of(resolver: &Resolver<'_>, kind: &Kind, id: &str) -> String {
    let reference = match kind.element().unwrap_or(kind) {
        Kind::Ref(ty) => (ty().provider.reference)(id),
        _ => id,
    };
    match resolver.places.referred(resolver.graph, reference) {
        Some(node) => node.key.clone(),
        None => id.rsplit('/').next().unwrap_or(id).to_owned(),
    }
}

fn named<'f>(
    property: &Property,
    fields: &'f Fields,
) -> impl Iterator<Item = (&'static Property, &'f Value)> {
    let props: &'static [Property] = property.kind.block().map_or(&[], |block| block.props);
    fields.iter().filter_map(|field| Some((props.get(field.prop as usize)?, &field.value)))
}
