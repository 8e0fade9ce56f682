//! JSON in a text, which is how Terraform takes what has no schema: outputs in it stay outputs.

use crate::schema::Codec;
use crate::value::{Text, Value, from_json, to_json_lossy};

/// Free JSON as a text.
pub(super) static JSON_TEXT: Codec = Codec {
    name: "JSON in a text",
    encode: |value| Value::Text(json_text(value)),
    decode: |value| Some(from_json(&serde_json::from_str(value.as_str()?).ok()?)),
};

/// A value as JSON in a text that keeps the outputs in it.
pub(super) fn json_text(value: &Value) -> Text {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let joined = |open: &'static str, pieces: Vec<Text>, close: &'static str| {
        let mut all: Vec<Text> = vec![open.into()];
        for (at, piece) in pieces.into_iter().enumerate() {
            if at > 0 {
                all.push(",".into());
            }
            all.push(piece);
        }
        all.push(close.into());
        Text::join(all)
    };
    match value {
        Value::Text(text) if text.literal().is_none() => {
            Text::join(["\"".into(), text.clone(), "\"".into()])
        }
        Value::List(items) => joined("[", items.iter().map(json_text).collect(), "]"),
        Value::Map(entries) => {
            let pair = |(key, value): (&str, &Value)| {
                Text::join([format!("{}:", quoted(key)).into(), json_text(value)])
            };
            joined("{", entries.iter().map(pair).collect(), "}")
        }
        other => to_json_lossy(other, &|_| String::new()).to_string().into(),
    }
}
