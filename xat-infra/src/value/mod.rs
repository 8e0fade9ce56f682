//! The property tree: what a resource says, as plain data.
//!
//! A typed resource becomes [`Fields`] (one entry per declared property, by its index in the static
//! description); what goes over the wire is the same [`Value`] with [`Value::Map`] for objects. Nothing
//! here knows a cloud, a resource type or a file format.

mod fields;
mod json;
mod secret;
mod text;

use std::borrow::Cow;

pub use fields::{Field, Fields, Place};
pub use json::{from_json, to_json_lossy};
pub(crate) use secret::SecretPart;
pub use secret::{Secret, SecretText};
pub use text::{NodeRef, OutputRef, Part, Piece, Text};

/// A key of a [`Entries`] map: static where it comes from a description.
pub type Key = Cow<'static, str>;

/// One value of the property tree or of a wire body.
///
/// It has no `Serialize`: a value may hold a [`SecretText`], which reaches a cloud only through the few
/// places that ask for it by name.
#[derive(Clone, Default)]
pub enum Value {
    /// Absent on purpose (JSON `null`).
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text, possibly with outputs of other resources in it.
    Text(Text),
    /// An ordered list; whether order means anything is the property's to say.
    List(Vec<Value>),
    /// A nested block of a described type.
    Block(Fields),
    /// An object with free keys.
    Map(Entries),
    /// An object whose keys may hold outputs. Only codecs make it, for the wire.
    Pairs(Vec<(Text, Value)>),
    /// A secret: never shown, never serialised.
    Secret(SecretText),
}

/// An object with free keys, in insertion order.
#[derive(Clone, Default)]
pub struct Entries(Vec<(Key, Value)>);

impl Entries {
    /// An empty object.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The value at `key`, if there is one.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The value at `key` whatever its case: services change the case of property names.
    pub fn get_ignore_case(&self, key: &str) -> Option<&Value> {
        self.get(key)
            .or_else(|| self.0.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, v)| v))
    }

    /// The value at `key`, made `Null` first where there is none.
    pub fn entry(&mut self, key: impl Into<Key>) -> &mut Value {
        let key = key.into();
        let at = match self.0.iter().position(|(k, _)| *k == key) {
            Some(at) => at,
            None => {
                self.0.push((key, Value::Null));
                self.0.len() - 1
            }
        };
        &mut self.0[at].1
    }

    /// Sets `key`, replacing what was there.
    pub fn insert(&mut self, key: impl Into<Key>, value: Value) {
        *self.entry(key) = value;
    }

    /// Keys and values, in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(k, v)| (k.as_ref(), v))
    }

    /// Keys and values, to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(k, v)| (&**k, v))
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<Key>, V: Into<Value>> FromIterator<(K, V)> for Entries {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        Self(items.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

impl IntoIterator for Entries {
    type Item = (Key, Value);
    type IntoIter = std::vec::IntoIter<(Key, Value)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Value {
    /// Text without outputs.
    pub fn literal(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(Text::Literal(text.into()))
    }

    /// An object from keys and values.
    ///
    /// ```
    /// use xat_infra::value::Value;
    /// let rule = Value::map([("action", Value::literal("Allow")), ("priority", Value::Int(100))]);
    /// assert!(rule.at(&["priority"]).is_some());
    /// ```
    pub fn map<K: Into<Key>, V: Into<Value>>(items: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Map(items.into_iter().collect())
    }

    /// The literal text, where this is text without outputs.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(Text::Literal(text)) => Some(text),
            _ => None,
        }
    }

    /// The text, with or without outputs.
    pub fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The block's fields, where this is a block.
    pub fn as_block(&self) -> Option<&Fields> {
        match self {
            Self::Block(fields) => Some(fields),
            _ => None,
        }
    }

    /// The whole number, where this is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The value at a path of object keys; a number is the place in a list.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| match value {
            Value::Map(entries) => entries.get_ignore_case(key),
            Value::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Puts `value` at a path of object keys, making objects on the way; two objects at one place merge.
    pub fn put(&mut self, path: &[&'static str], value: Value) {
        match path.split_first() {
            None => self.merge(value),
            Some((key, rest)) => {
                if !matches!(self, Value::Map(_)) {
                    *self = Value::Map(Entries::new());
                }
                if let Value::Map(entries) = self {
                    entries.entry(*key).put(rest, value);
                }
            }
        }
    }

    fn merge(&mut self, value: Value) {
        match (self, value) {
            (Value::Map(mine), Value::Map(theirs)) => {
                for (key, value) in theirs {
                    mine.entry(key).merge(value);
                }
            }
            (
                mine @ (Value::Map(_) | Value::Pairs(_)),
                theirs @ (Value::Map(_) | Value::Pairs(_)),
            ) => {
                let both = [std::mem::take(mine), theirs];
                *mine = Value::Pairs(both.into_iter().flat_map(Value::into_pairs).collect());
            }
            (mine, theirs) => *mine = theirs,
        }
    }

    /// The keys and values of an object; none of anything else.
    fn into_pairs(self) -> Vec<(Text, Value)> {
        match self {
            Value::Map(entries) => {
                entries.into_iter().map(|(k, v)| (Text::Literal(k), v)).collect()
            }
            Value::Pairs(pairs) => pairs,
            _ => Vec::new(),
        }
    }

    /// Calls `see` with every text in this value, those inside secrets too.
    pub fn each_text<'a>(&'a self, see: &mut dyn FnMut(&'a Text)) {
        match self {
            Value::Text(text) => see(text),
            Value::List(items) => items.iter().for_each(|item| item.each_text(see)),
            Value::Block(fields) => fields.iter().for_each(|f| f.value.each_text(see)),
            Value::Map(entries) => entries.iter().for_each(|(_, v)| v.each_text(see)),
            Value::Pairs(pairs) => pairs.iter().for_each(|(key, value)| {
                see(key);
                value.each_text(see);
            }),
            Value::Secret(secret) => secret.each_text(see),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
        }
    }

    /// Calls `see` with every secret in this value.
    pub(crate) fn each_secret<'a>(&'a self, see: &mut dyn FnMut(&'a SecretText)) {
        match self {
            Value::Secret(secret) => see(secret),
            Value::List(items) => items.iter().for_each(|item| item.each_secret(see)),
            Value::Block(fields) => fields.iter().for_each(|field| field.value.each_secret(see)),
            Value::Map(entries) => entries.iter().for_each(|(_, value)| value.each_secret(see)),
            _ => {}
        }
    }

    /// Calls `see` with every output that this value refers to.
    pub fn each_output(&self, see: &mut dyn FnMut(OutputRef)) {
        self.each_text(&mut |text| text.outputs().for_each(&mut *see));
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Value::Text(text)
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Value::literal(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::literal(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::List(items)
    }
}

/// Whether two plain values are the same literal (used to recognise a value that exposes something).
pub fn same_literal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        _ => a.as_str().zip(b.as_str()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b)),
    }
}

/// A hash of joined text that does not see case (FNV-1a: IDs are short, and nobody attacks an own estate).
pub(crate) fn fold(pieces: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in pieces.iter().flat_map(|piece| piece.bytes()) {
        hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash
}
