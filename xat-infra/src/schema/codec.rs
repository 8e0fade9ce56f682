//! Codecs: how a property's value is spelt on the wire where that is not one to one.

use crate::value::Value;

/// A two-way spelling. It works on values, not strings, so that outputs inside text survive it. Where the property holds
/// blocks, it works on these as the wire has them: objects.
pub struct Codec {
    /// The codec's name, for the reference pages.
    pub name: &'static str,
    /// Tree value to wire value.
    pub encode: fn(&Value) -> Value,
    /// Wire value to tree value: `Null` where the wire says that there is nothing, `None` when it holds something that
    /// this codec never writes.
    pub decode: fn(&Value) -> Option<Value>,
}

/// The codecs that more than one type needs; a type's own stands in its file.
pub mod codecs {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::{Codec, Value};

    /// Booleans that ARM spells `Enabled` and `Disabled`.
    pub static ENABLED_DISABLED: Codec = Codec {
        name: "Enabled/Disabled",
        encode: |value| words(value, "Enabled", "Disabled"),
        decode: |value| from_words(value, "Enabled", "Disabled"),
    };

    /// Booleans that are negated on the wire.
    pub static NOT: Codec =
        Codec { name: "negated", encode: |v| negated(v).unwrap_or_default(), decode: negated };

    /// One value that the wire wraps in a list.
    pub static ONE_IN_LIST: Codec = Codec {
        name: "list of one",
        encode: |value| Value::List(vec![value.clone()]),
        decode: |value| match value {
            Value::List(items) => items.first().cloned(),
            _ => None,
        },
    };

    /// A reference that ARM wraps in an object: `{"id": ".."}`.
    pub static ID_OBJECT: Codec = Codec {
        name: "object with id",
        encode: |value| Value::map([("id", value.clone())]),
        decode: |value| value.at(&["id"]).cloned(),
    };

    /// References that ARM wraps each in an object: `[{"id": ".."}]`.
    pub static ID_OBJECTS: Codec = Codec {
        name: "list of objects with id",
        encode: |value| each(value, |item| Value::map([("id", item.clone())])),
        decode: |value| try_each(value, |item| item.at(&["id"]).cloned()),
    };

    /// References that ARM writes as the keys of an object: `{"/subscriptions/..": {}}`.
    pub static ID_KEYS: Codec = Codec {
        name: "object keyed by id",
        encode: |value| match value {
            Value::List(items) => {
                let empty = || Value::Map(crate::value::Entries::new());
                Value::Pairs(
                    items.iter().filter_map(|id| Some((id.as_text()?.clone(), empty()))).collect(),
                )
            }
            other => other.clone(),
        },
        decode: |value| match value {
            // A key whose value is null is one that is being taken away.
            Value::Map(entries) => {
                let kept = entries.iter().filter(|(_, value)| !matches!(value, Value::Null));
                Some(Value::List(kept.map(|(id, _)| Value::from(id.to_owned())).collect()))
            }
            _ => None,
        },
    };

    /// A whole number that the wire writes as text.
    pub static INT_AS_TEXT: Codec = Codec {
        name: "number as text",
        encode: |value| value.as_int().map_or(Value::Null, |n| Value::from(n.to_string())),
        decode: |value| value.as_str()?.parse().ok().map(Value::Int),
    };

    /// Text that the wire has in base 64: literal text, for outputs could not be encoded before they are known, or a
    /// secret.
    pub static BASE64: Codec = Codec {
        name: "base64",
        encode: |value| match value {
            Value::Secret(secret) => Value::Secret(secret.base64()),
            _ => value
                .as_str()
                .map_or_else(|| value.clone(), |text| Value::from(STANDARD.encode(text))),
        },
        decode: |value| {
            let bytes = STANDARD.decode(value.as_str()?).ok()?;
            Some(Value::from(String::from_utf8(bytes).ok()?))
        },
    };

    /// `each` element through `f`.
    pub fn each(value: &Value, f: impl Fn(&Value) -> Value) -> Value {
        match value {
            Value::List(items) => Value::List(items.iter().map(f).collect()),
            other => f(other),
        }
    }

    /// `each` element through `f`, or nothing if one does not fit.
    pub fn try_each(value: &Value, f: impl Fn(&Value) -> Option<Value>) -> Option<Value> {
        match value {
            Value::List(items) => items.iter().map(f).collect::<Option<Vec<_>>>().map(Value::List),
            _ => None,
        }
    }

    /// A boolean as one of two words.
    pub fn words(value: &Value, yes: &'static str, no: &'static str) -> Value {
        match value {
            Value::Bool(true) => Value::literal(yes),
            Value::Bool(false) => Value::literal(no),
            other => other.clone(),
        }
    }

    /// A boolean from one of two words, whatever their case.
    pub fn from_words(value: &Value, yes: &str, no: &str) -> Option<Value> {
        let word = value.as_str()?;
        if word.eq_ignore_ascii_case(yes) {
            Some(Value::Bool(true))
        } else if word.eq_ignore_ascii_case(no) {
            Some(Value::Bool(false))
        } else {
            None
        }
    }

    fn negated(value: &Value) -> Option<Value> {
        match value {
            Value::Bool(value) => Some(Value::Bool(!value)),
            _ => None,
        }
    }
}
