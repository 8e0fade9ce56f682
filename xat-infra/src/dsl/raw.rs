//! The raw escape: free JSON with outputs of other resources in it.

use crate::schema::{Kind, PropertyType, Variables, rust};
use crate::value::{Text, Value, from_json};

/// The body of a raw resource.
///
/// ```
/// use xat_infra::dsl::RawBody;
/// let body = RawBody::new(serde_json::json!({"properties": {"enabled": true}}));
/// ```
#[derive(Clone, Default)]
pub struct RawBody(Value);

impl RawBody {
    /// A body of literal JSON.
    pub fn new(json: serde_json::Value) -> Self {
        Self(from_json(&json))
    }

    /// The body with free JSON at a dotted path. Bodies of many leaves are said in pieces: the compiler's limit on
    /// macros holds for each of them.
    pub fn with_json(mut self, path: &str, json: impl Into<serde_json::Value>) -> Self {
        put_dotted(&mut self.0, path, from_json(&json.into()));
        self
    }

    /// The body with `text` (perhaps another resource's output) at a dotted path.
    pub fn with(mut self, path: &str, text: impl Into<Text>) -> Self {
        put_dotted(&mut self.0, path, Value::Text(text.into()));
        self
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for RawBody {
    const KIND: &'static Kind = &Kind::Json;
    fn into_value(self) -> Value {
        self.0
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        let (plain, outputs) = rust::split(value, variables)?;
        let (body, pieces) = rust::pieces(plain);
        let apart = pieces.iter().map(|(path, json)| format!(".with_json({path:?}, {json})"));
        let with = outputs.iter().map(|(path, text)| format!(".with({path:?}, {text})"));
        Some(format!("RawBody::new({body})") + &apart.chain(with).collect::<String>())
    }
}

/// Puts a value at a dotted path of object keys.
pub(crate) fn put_dotted(into: &mut Value, path: &str, value: Value) {
    let mut at = into;
    for key in path.split('.') {
        if !matches!(at, Value::Map(_)) {
            *at = Value::Map(Default::default());
        }
        match at {
            Value::Map(entries) => at = entries.entry(key.to_owned()),
            _ => return,
        }
    }
    *at = value;
}
