//! What the bodies themselves prove of a write, without any description of the type: whether it certainly changed
//! something, or certainly said nothing new.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::conformance::pair::leaves;

/// The leaves of a body: what stands at each path, places in lists left out. An empty list is a leaf without a value:
/// who writes it takes away what was there.
type Leaves = BTreeMap<String, Vec<String>>;

/// Whether the write asked for something that was not so before and was so afterwards.
pub fn changed(request: &Json, before: &Json, after: &Json) -> bool {
    let (before, after) = (leaves_of(before), leaves_of(after));
    leaves_of(request)
        .iter()
        .any(|(path, asked)| !is(&before, path, asked) && is(&after, path, asked))
}

/// Whether everything that the write asked for was so already, letter by letter.
pub fn nothing_new(request: &Json, before: &Json) -> bool {
    let before = leaves_of(before);
    leaves_of(request).iter().all(|(path, asked)| is(&before, path, asked))
}

/// Whether a body has these values at a path, and nothing at or below it where there are none.
fn is(body: &Leaves, path: &str, asked: &[String]) -> bool {
    match asked {
        [] => body.iter().all(|(at, values)| {
            let below =
                at.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            !below || values.is_empty()
        }),
        _ => body.get(path).is_some_and(|values| values == asked),
    }
}

/// Whether a body says that the service is done with it.
pub fn is_settled(body: &Json) -> bool {
    let state = &body["properties"]["provisioningState"];
    state.as_str().is_none_or(|state| state.eq_ignore_ascii_case("Succeeded"))
}

/// Whether an answer is the resource rather than a word on an operation.
pub fn is_resource(body: &Json) -> bool {
    body.get("id").is_some_and(Json::is_string)
        && ["properties", "location"].iter().any(|key| body.get(key).is_some())
}

fn leaves_of(body: &Json) -> Leaves {
    let mut out = Leaves::new();
    leaves(body, "", &mut |path, value| {
        let text = match value {
            Json::String(text) => text.to_lowercase().replace(' ', ""),
            Json::Number(number) => number.as_f64().unwrap_or_default().to_string(),
            other => other.to_string(),
        };
        out.entry(without_places(path)).or_default().push(text);
    });
    empties(body, "", &mut |path| {
        out.entry(without_places(path)).or_default();
    });
    out.values_mut().for_each(|values| values.sort());
    out
}

/// The paths of all empty lists.
fn empties(body: &Json, path: &str, see: &mut dyn FnMut(&str)) {
    match body {
        Json::Array(items) if items.is_empty() => see(path),
        Json::Array(items) => items.iter().for_each(|item| empties(item, path, see)),
        Json::Object(map) => map.iter().for_each(|(key, value)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            empties(value, &path, see);
        }),
        _ => {}
    }
}

fn without_places(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bodies_prove_what_changed() {
        let body = |size: i64, names: &[&str]| json!({"id": "/a", "properties": {"size": size, "names": names}});
        let before = body(1, &["a", "b"]);
        assert!(nothing_new(&json!({"properties": {"size": 1}}), &before));
        assert!(
            nothing_new(&json!({"properties": {"names": ["b", "a"]}}), &before),
            "order proves nothing"
        );
        assert!(!nothing_new(&json!({"properties": {"size": 2}}), &before));
        assert!(!nothing_new(&json!({"properties": {"unseen": 2}}), &before));
        let asked = json!({"properties": {"size": 2}});
        assert!(changed(&asked, &before, &body(2, &["a", "b"])));
        assert!(!changed(&asked, &before, &before), "the service did not take it");
        assert!(changed(&json!({"properties": {"names": ["a"]}}), &before, &body(1, &["a"])));
        let none = json!({"properties": {"names": []}});
        assert!(!nothing_new(&none, &before) && changed(&none, &before, &body(1, &[])));
        assert!(nothing_new(&none, &body(1, &[])) && nothing_new(&none, &json!({})));
    }
}
