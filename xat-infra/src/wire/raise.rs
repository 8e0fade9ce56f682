//! Raising: live REST bodies to the property tree, the inverse of lowering.

use crate::schema::{Kind, Property, ResourceType, WirePath};
use crate::value::{Entries, Fields, Value};

/// A wire value that does not fit its property.
#[derive(Clone, PartialEq, Debug)]
pub struct Mismatch {
    /// The property's dotted path in the body.
    pub path: String,
    /// What was expected there.
    pub expected: &'static str,
}

/// The properties that a resource's bodies hold. `part` yields the body of a part, or of a mirror by its suffix.
///
/// Secrets are never raised: a service that returns one does not get it into a tree.
pub fn raise<'v>(
    ty: &'static ResourceType,
    main: &'v Value,
    part: &dyn Fn(&str) -> Option<&'v Value>,
) -> (Fields, Vec<Mismatch>) {
    let mut bad = Vec::new();
    let fields = raise_with(ty.props, &mut bad, &|wire| match wire.part {
        Some(key) => {
            let part_spec = ty.parts.iter().find(|p| p.key == key)?;
            part(part_spec.suffix)?.at(wire.path).cloned()
        }
        None => {
            let mirrored = ty.mirrors.iter().find_map(|mirror| {
                let rest = wire.path.strip_prefix(mirror.at)?;
                part(mirror.suffix)?.at(mirror.from)?.at(rest).cloned()
            });
            mirrored.or_else(|| main.at(wire.path).cloned())
        }
    });
    (fields, bad)
}

/// The properties that one body holds.
pub fn raise_body(props: &'static [Property], body: &Value, bad: &mut Vec<Mismatch>) -> Fields {
    raise_with(props, bad, &|wire| body.at(wire.path).cloned())
}

fn raise_with(
    props: &'static [Property],
    bad: &mut Vec<Mismatch>,
    at: &dyn Fn(&WirePath) -> Option<Value>,
) -> Fields {
    let mut fields = Fields::new();
    for (index, property) in (0u16..).zip(props) {
        let Some(wire) = &property.wire else { continue };
        let Some(value) = at(wire) else { continue };
        match decode(property, value) {
            Ok(Some(value)) => fields.set(index, value, None),
            Ok(None) => {}
            Err(mut mismatch) => {
                mismatch.path = match mismatch.path.as_str() {
                    "" => wire.path.join("."),
                    inner => format!("{}.{inner}", wire.path.join(".")),
                };
                bad.push(mismatch);
            }
        }
    }
    fields
}

/// The text that a body has at a property, where it is one.
pub(crate) fn text_at(property: &Property, body: &Value) -> Option<String> {
    let leaf = body.at(property.wire.as_ref()?.path)?.clone();
    decode(property, leaf).ok().flatten()?.as_str().map(str::to_owned)
}

/// A wire value as the property's tree value; `None` where the wire says nothing.
///
/// # Errors
/// The value is of another kind than the property.
pub fn decode(property: &Property, value: Value) -> Result<Option<Value>, Mismatch> {
    if matches!(value, Value::Null) || matches!(property.kind, Kind::Secret) {
        return Ok(None);
    }
    if let Some(codec) = property.wire.as_ref().and_then(|wire| wire.codec) {
        let decoded = (codec.decode)(&value);
        // An empty list or object under a codec is how services say "nothing here".
        if decoded.is_none() && is_empty(&value) {
            return Ok(None);
        }
        let decoded = decoded.ok_or(Mismatch { path: String::new(), expected: codec.name })?;
        return match (decoded, property.kind.block()) {
            (Value::Null, _) => Ok(None),
            (decoded, Some(_)) => decode_kind(property.kind, decoded).map(Some),
            (decoded, None) => Ok(Some(decoded)),
        };
    }
    decode_kind(property.kind, value).map(Some)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        other => other.as_str() == Some(""),
    }
}

fn decode_kind(kind: &Kind, value: Value) -> Result<Value, Mismatch> {
    let wrong = |expected| Err(Mismatch { path: String::new(), expected });
    match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => Ok(Value::Bool(value)),
        (Kind::Bool, value) => match value.as_str() {
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Value::Bool(false)),
            _ => wrong("true or false"),
        },
        (Kind::Int, Value::Int(n)) => Ok(Value::Int(n)),
        (Kind::Int | Kind::Float, Value::Float(n)) => {
            // Some services write whole numbers with a fraction of nought.
            let whole = n as i64;
            Ok(if whole as f64 == n { Value::Int(whole) } else { Value::Float(n) })
        }
        (Kind::Float, Value::Int(n)) => Ok(Value::Int(n)),
        (Kind::Int, value) => match value.as_str().and_then(|text| text.parse().ok()) {
            Some(n) => Ok(Value::Int(n)),
            None => wrong("a whole number"),
        },
        (Kind::Text(_) | Kind::Choice(_) | Kind::Ref(_) | Kind::AnyRef, Value::Text(text)) => {
            Ok(match (kind, text.literal()) {
                (Kind::Choice(choice), Some(word)) => match choice.by_wire(word) {
                    Some(variant) => Value::literal(variant.wire),
                    None => Value::Text(text),
                },
                _ => Value::Text(text),
            })
        }
        (Kind::Text(_) | Kind::Choice(_), Value::Int(n)) => Ok(Value::from(n.to_string())),
        (Kind::Text(_), Value::Float(n)) => Ok(Value::from(n.to_string())),
        (Kind::Text(_), Value::Bool(b)) => Ok(Value::from(if b { "true" } else { "false" })),
        (Kind::Ref(_) | Kind::AnyRef, Value::Map(entries)) => match entries.get_ignore_case("id") {
            Some(id @ Value::Text(_)) => Ok(id.clone()),
            _ => wrong("a resource ID"),
        },
        (Kind::Block(block), value @ Value::Map(_)) => {
            let mut bad = Vec::new();
            let fields = raise_body(block.props, &value, &mut bad);
            bad.into_iter().next().map_or(Ok(Value::Block(fields)), Err)
        }
        (Kind::List(inner) | Kind::Set(inner), Value::List(items)) => {
            let items = items.into_iter().filter(|item| !matches!(item, Value::Null));
            items.map(|item| decode_kind(inner, item)).collect::<Result<_, _>>().map(Value::List)
        }
        (Kind::Map(inner), Value::Map(entries)) => {
            let mut out = Entries::new();
            for (key, value) in entries {
                if !matches!(value, Value::Null) {
                    out.insert(key, decode_kind(inner, value)?);
                }
            }
            Ok(Value::Map(out))
        }
        (Kind::Json, value) => Ok(value),
        (Kind::Float, _) => wrong("a number"),
        (Kind::Text(_) | Kind::Choice(_), _) => wrong("text"),
        (Kind::Ref(_) | Kind::AnyRef, _) => wrong("a resource ID"),
        (Kind::Block(_) | Kind::Map(_), _) => wrong("an object"),
        (Kind::List(_) | Kind::Set(_), _) => wrong("a list"),
        (Kind::Secret, _) => wrong("nothing"),
    }
}
