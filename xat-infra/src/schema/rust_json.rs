//! Free JSON as Rust source: literals, outputs in their place, and pieces that the compiler can take.

use serde_json::Value as Json;

use super::Variables;
use super::rust::{literal, text};
use crate::value::Value;

/// Free JSON as a literal part, and outputs of other resources by their dotted path.
pub fn split(value: &Value, variables: &dyn Variables) -> Option<(Json, Vec<(String, String)>)> {
    let mut outputs = Vec::new();
    let plain = plain(value, variables, Some(String::new()), &mut outputs)?;
    Some((plain.unwrap_or_default(), outputs))
}

/// `path`: where an output may stand. Inside lists and behind keys with full stops no path leads, so that outputs
/// there are their live values.
fn plain(
    value: &Value,
    variables: &dyn Variables,
    path: Option<String>,
    outputs: &mut Vec<(String, String)>,
) -> Option<Option<Json>> {
    Some(Some(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(whole) => match (whole.literal(), whole.output(), path) {
            (Some(text), ..) => Json::String(text.to_owned()),
            (None, Some(output), Some(path)) if variables.variable(output.node).is_some() => {
                outputs.push((path, text(whole, variables)?));
                return Some(None);
            }
            (None, Some(output), _) => Json::String(variables.known(output)?),
            (None, None, _) => return None,
        },
        Value::List(items) => {
            let items = items.iter().map(|item| plain(item, variables, None, outputs)?);
            Json::Array(items.collect::<Option<_>>()?)
        }
        Value::Map(entries) => {
            let mut out = serde_json::Map::new();
            for (key, value) in entries.iter() {
                let below = path.as_ref().filter(|_| !key.contains('.')).map(|path| {
                    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
                });
                if let Some(value) = plain(value, variables, below, outputs)? {
                    out.insert(key.to_owned(), value);
                }
            }
            Json::Object(out)
        }
        Value::Block(_) | Value::Pairs(_) | Value::Secret(_) => return None,
    }))
}

/// JSON as an expression, and what of it must be said apart, by dotted path: the compiler stops at macros that go deep,
/// and `json!` goes a step deeper with each leaf.
pub fn pieces(json: Json) -> (String, Vec<(String, String)>) {
    let (mut json, mut apart) = (json, Vec::new());
    take_apart(&mut json, String::new(), &mut apart);
    (expression(&json), apart)
}

/// How deep `json!` may go: the compiler's own limit is 128, and stacks are not the only macros.
const DEEPEST: usize = 90;

/// How deep `json!` goes.
fn depth(json: &Json) -> usize {
    let deepest = |step: usize, inner: &mut dyn Iterator<Item = &Json>| {
        inner.enumerate().map(|(i, v)| step * (i + 1) + depth(v)).max().unwrap_or_default() + 2
    };
    match json {
        Json::Array(items) => deepest(2, &mut items.iter()),
        Json::Object(map) => deepest(5, &mut map.values()),
        _ => 1,
    }
}

fn take_apart(json: &mut Json, path: String, apart: &mut Vec<(String, String)>) {
    let Json::Object(map) = json else { return };
    while depth(&Json::Object(map.clone())) > DEEPEST {
        let keys = map.keys().filter(|key| !key.contains('.'));
        let deepest = keys.max_by_key(|key| map.get(*key).map(depth)).cloned();
        let Some((key, mut inner)) =
            deepest.and_then(|key| map.shift_remove(&key).map(|inner| (key, inner)))
        else {
            return;
        };
        let below = if path.is_empty() { key } else { format!("{path}.{key}") };
        let at = apart.len();
        take_apart(&mut inner, below.clone(), apart);
        // What holds it is said before it.
        apart.insert(at, (below, expression(&inner)));
    }
}

/// What is too much for one macro and has no path (an element of a list) is put together key by key.
pub fn expression(value: &Json) -> String {
    match value {
        Json::Array(items) if depth(value) > DEEPEST => {
            let items: Vec<String> = items.iter().map(expression).collect();
            format!("vec![{}]", items.join(", "))
        }
        Json::Object(map) if depth(value) > DEEPEST => {
            let pairs = map.iter().map(|(key, value)| {
                format!("object[{}] = {}.into();", literal(key), expression(value))
            });
            format!("{{ let mut object = json!({{}}); {} object }}", pairs.collect::<String>())
        }
        _ => format!("json!({})", json(value)),
    }
}

/// JSON as the argument of `json!`: literals of Rust.
pub fn json(value: &Json) -> String {
    match value {
        Json::String(text) => literal(text),
        // The macro takes a number for an `i32` unless its literal says another type.
        Json::Number(n) => match (n.as_i64(), n.as_u64()) {
            (Some(n), _) if i32::try_from(n).is_err() => format!("{n}i64"),
            (None, Some(n)) => format!("{n}u64"),
            _ => n.to_string(),
        },
        Json::Array(items) => {
            format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", "))
        }
        Json::Object(map) => {
            let pairs = map.iter().map(|(key, value)| format!("{}: {}", literal(key), json(value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_for_a_macro_is_said_apart() {
        let many: serde_json::Map<String, Json> =
            (0..40).map(|n| (format!("key{n}"), Json::from(n))).collect();
        let (body, apart) =
            pieces(serde_json::json!({"a": {"small": 3_000_000_000i64}, "b": {"many": many}}));
        assert!(body.contains("3000000000i64"), "{body}");
        assert_eq!(apart[0].0, "b");
        assert!(apart.iter().any(|(path, json)| path == "b.many.key39" && json == "json!(39)"));
        let long: Vec<i32> = (0..100).collect();
        assert!(pieces(serde_json::json!({"list": long})).1[0].1.starts_with("vec![json!(0)"));
        let (body, _) = pieces(serde_json::json!({"a.b": long}));
        assert!(
            body.starts_with("{ let mut object = json!({}); object[\"a.b\"] = vec!["),
            "{body}"
        );
    }
}
