//! Rendering: a lowered body as JSON, with outputs of other resources as a format's expressions.

use serde_json::Value as Json;

use crate::value::{SecretText, Text, Value};

/// How a format spells what is not literal.
pub trait Expressions {
    /// Text with outputs in it.
    fn text(&self, text: &Text) -> String;

    /// A key of an object.
    fn key(&self, key: &str) -> String {
        key.to_owned()
    }

    /// A secret, by what stands for it: a parameter, a variable, another resource's output. Never its value.
    fn secret(&self, secret: &SecretText) -> String;
}

/// A body as JSON.
pub fn render(value: &Value, spell: &dyn Expressions) -> Json {
    match value {
        Value::Null | Value::Block(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(text) => Json::String(spell.text(text)),
        Value::List(items) => Json::Array(items.iter().map(|item| render(item, spell)).collect()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(k, v)| (spell.key(k), render(v, spell))).collect())
        }
        Value::Pairs(pairs) => {
            Json::Object(pairs.iter().map(|(k, v)| (spell.text(k), render(v, spell))).collect())
        }
        Value::Secret(secret) => Json::String(spell.secret(secret)),
    }
}
