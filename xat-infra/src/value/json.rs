//! JSON into values, and values into JSON for readers (secrets and outputs become placeholders).

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::{Entries, Text, Value};

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::literal(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::literal(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0));
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut items: Vec<(Cow<'static, str>, Value)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            items.push((Cow::Owned(key), value));
        }
        Ok(Value::Map(Entries(items)))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        from_json(&json)
    }
}

/// A JSON value as a wire value.
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(n) => {
            n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or(0.0)), Value::Int)
        }
        Json::String(text) => Value::literal(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(from_json).collect()),
        Json::Object(map) => Value::map(map.iter().map(|(k, v)| (k.clone(), from_json(v)))),
    }
}

/// A value as JSON for a reader: a secret reads `(secret)`; an output is written by `show`.
pub fn to_json_lossy(value: &Value, show: &dyn Fn(&Text) -> String) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(text) => Json::String(match text.literal() {
            Some(literal) => literal.to_owned(),
            None => show(text),
        }),
        Value::List(items) => Json::Array(items.iter().map(|v| to_json_lossy(v, show)).collect()),
        Value::Block(_) => Json::String("(block)".into()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(k, v)| (k.into(), to_json_lossy(v, show))).collect())
        }
        Value::Pairs(pairs) => {
            let key = |key: &Text| key.literal().map_or_else(|| show(key), str::to_owned);
            Json::Object(pairs.iter().map(|(k, v)| (key(k), to_json_lossy(v, show))).collect())
        }
        Value::Secret(_) => Json::String("(secret)".into()),
    }
}
