//! What of a body is not a stack's to say: the envelope, what services make themselves, and secrets.

use crate::value::{Entries, Value};

/// Keys that services fill in, wherever they stand.
const MADE: &[&str] = &[
    "etag",
    "provisioningState",
    "systemData",
    "resourceGuid",
    "createdAt",
    "createdBy",
    "createdOn",
    "createdTime",
    "creationDate",
    "creationTime",
    "updatedOn",
    "updatedBy",
    "lastModifiedTime",
    "lastModifiedTimeUtc",
    "modifiedDate",
    "uniqueId",
    "timeCreated",
    "createTime",
    "updateTime",
    "creationTimestamp",
    "creationRecord",
    "mutationRecord",
    "mutationRecords",
    "selfLink",
];

/// Keys of the envelope.
const ENVELOPE: &[&str] = &["id", "name", "type", "apiVersion", "dependsOn", "comments"];

/// The same of a body that is known by its full name, which says no more of what it is.
const NAMED: &[&str] = &["id", "name", "kind"];

/// Words at the end of a key whose text may be a secret.
const SECRET: &[&str] = &[
    "password",
    "secret",
    "key",
    "connectionstring",
    "token",
    "credential",
    "credentials",
    "sas",
    "pwd",
];

/// A resource's body without what is not a stack's to say; `named`: it is known by its full name. Paths of what may be a secret go
/// to `withheld`.
pub(super) fn body(value: &Value, named: bool, withheld: &mut Vec<String>) -> Value {
    let Value::Map(entries) = value else { return value.clone() };
    let envelope = if named { NAMED } else { ENVELOPE };
    let own = entries.iter().filter(|(key, _)| !is_one_of(key, envelope));
    let own: Entries = own.map(|(key, value)| (key.to_owned(), value.clone())).collect();
    inner(&Value::Map(own), "", withheld)
}

/// A part of a body without what is not a stack's to say.
pub(super) fn inner(value: &Value, path: &str, withheld: &mut Vec<String>) -> Value {
    match value {
        Value::Map(entries) => {
            let mut out = Entries::new();
            for (key, value) in entries.iter() {
                let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                if is_one_of(key, MADE) || matches!(value, Value::Null) {
                    continue;
                }
                if is_secret(key, value) {
                    withheld.push(below);
                    continue;
                }
                out.insert(key.to_owned(), inner(value, &below, withheld));
            }
            Value::Map(out)
        }
        Value::List(items) => {
            Value::List(items.iter().map(|item| inner(item, path, withheld)).collect())
        }
        other => other.clone(),
    }
}

fn is_one_of(key: &str, keys: &[&str]) -> bool {
    keys.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Whether a text under this key may be a secret. IDs and addresses of secrets are none.
fn is_secret(key: &str, value: &Value) -> bool {
    if matches!(value, Value::Secret(_)) {
        return true;
    }
    let Some(text) = value.as_str() else { return false };
    let key = key.to_ascii_lowercase();
    let named = SECRET.iter().any(|word| key.ends_with(word)) && key != "publickey";
    named && !text.is_empty() && !text.starts_with('/') && !text.starts_with("http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_stack_may_say_is_left() {
        let json = serde_json::json!({
            "id": "/x", "type": "A/b", "etag": "W/1", "location": "westeurope",
            "properties": {
                "provisioningState": "Succeeded", "ConnectionString": "Endpoint=x;Key=y", "keyUri": "https://v/k",
                "primaryKey": "abc", "size": 3, "rules": [{"etag": "W/2", "sharedKey": "canary", "on": true}],
            },
        });
        let mut withheld = Vec::new();
        let left = body(&Value::from(json), false, &mut withheld);
        let json = crate::value::to_json_lossy(&left, &|_| String::new());
        let expected = serde_json::json!({
            "location": "westeurope",
            "properties": {"keyUri": "https://v/k", "size": 3, "rules": [{"on": true}]},
        });
        assert_eq!(json, expected);
        let expected =
            ["properties.ConnectionString", "properties.primaryKey", "properties.rules.sharedKey"];
        assert_eq!(withheld, expected);
    }
}
