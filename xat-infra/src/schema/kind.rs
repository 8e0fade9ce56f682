//! The kinds of value that a property can hold, and the trait by which a Rust type says its kind.

use std::collections::BTreeMap;

use super::{Canon, Property, ResourceType, Say, Variables, canons, rust};
use crate::value::{Entries, Fields, Secret, Text, Value};

/// What a property holds.
pub enum Kind {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number with a fraction.
    Float,
    /// Text, compared in a canonical form.
    Text(&'static Canon),
    /// A secret: never shown, compared by salted hash.
    Secret,
    /// One of a closed set of words (a live value outside the set is kept as it is).
    Choice(&'static ChoiceType),
    /// A nested block.
    Block(&'static BlockType),
    /// A list whose order means something.
    List(&'static Kind),
    /// A list whose order means nothing.
    Set(&'static Kind),
    /// Free keys; each key is owned by itself.
    Map(&'static Kind),
    /// Another resource, by its ID. A function, because types may refer to each other in a ring.
    Ref(fn() -> &'static ResourceType),
    /// Any resource, by its ID.
    AnyRef,
    /// Free JSON (the raw escape).
    Json,
}

impl Kind {
    /// The kind of one element, for lists and sets.
    pub const fn element(&self) -> Option<&'static Kind> {
        match self {
            Kind::List(inner) | Kind::Set(inner) => Some(inner),
            _ => None,
        }
    }

    /// The block type, for a block or a list or set of blocks.
    pub const fn block(&self) -> Option<&'static BlockType> {
        match self {
            Kind::Block(block) => Some(block),
            Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => inner.block(),
            _ => None,
        }
    }
}

/// A closed set of words.
pub struct ChoiceType {
    /// The Rust type's name.
    pub rust: &'static str,
    /// What it chooses.
    pub doc: &'static str,
    /// Its members, in declaration order.
    pub variants: &'static [Variant],
}

/// One member of a [`ChoiceType`].
pub struct Variant {
    /// The Rust variant's name.
    pub rust: &'static str,
    /// The word in the property tree and in the REST body.
    pub wire: &'static str,
    /// The word in Terraform, where it is another.
    pub tf: &'static str,
    /// What it means.
    pub doc: &'static str,
}

impl ChoiceType {
    /// The member with this REST word, whatever its case.
    pub fn by_wire(&self, word: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|v| v.wire.eq_ignore_ascii_case(word))
    }

    /// The member with this Terraform word.
    pub fn by_tf(&self, word: &str) -> Option<&'static Variant> {
        self.variants.iter().find(|v| v.tf == word)
    }
}

/// A Rust name as a word for addresses: `AcrPull` is `acr-pull`.
pub fn kebab(rust: &str) -> String {
    let mut out = String::new();
    for c in rust.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A nested block.
pub struct BlockType {
    /// The Rust type's name.
    pub rust: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its properties, in declaration order.
    pub props: &'static [Property],
    /// Whether `new` is its own affair: stacks use constructors with names.
    pub private_new: bool,
    /// How imports say it by constructors and setters of its own.
    pub import: Option<Say>,
}

/// A Rust type that can be a property.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a property",
    label = "not a property type",
    note = "properties are text (`Text`), numbers, `bool`, `Secret`, `Ref<..>`, `Vec`, `Set` and `BTreeMap<String, _>` of \
            those, and types with `#[derive(Block)]` or `#[derive(Choice)]`"
)]
pub trait PropertyType: Sized {
    /// What it holds.
    const KIND: &'static Kind;

    /// The value as the property tree has it.
    fn into_value(self) -> Value;

    /// The Rust source of an expression that turns into this value by `Into`; `None` where there is none. Imports
    /// then use the raw escape.
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        let _ = (value, variables);
        None
    }

    /// The same as an expression of this very type, for where several must be of one type.
    fn rust_exact(value: &Value, variables: &dyn Variables) -> Option<String> {
        Self::rust(value, variables)
    }

    /// For types with elements: the arguments that add each of them.
    fn rust_each(value: &Value, variables: &dyn Variables) -> Option<Vec<String>> {
        let _ = (value, variables);
        None
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for bool {
    const KIND: &'static Kind = &Kind::Bool;
    fn into_value(self) -> Value {
        Value::Bool(self)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        if let Value::Bool(value) = value { Some(value.to_string()) } else { None }
    }
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl PropertyType for $number {
            const KIND: &'static Kind = &Kind::Int;
            fn into_value(self) -> Value {
                Value::Int(i64::from(self))
            }
            fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
                <$number>::try_from(value.as_int()?).ok().map(|n| n.to_string())
            }
        }
    )*};
}
whole_numbers!(u8, u16, u32, i32, i64);

#[diagnostic::do_not_recommend]
impl PropertyType for f64 {
    const KIND: &'static Kind = &Kind::Float;
    fn into_value(self) -> Value {
        Value::Float(self)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        match value {
            Value::Float(n) => Some(format!("{n:?}")),
            Value::Int(n) => Some(format!("{:?}", *n as f64)),
            _ => None,
        }
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Text {
    const KIND: &'static Kind = &Kind::Text(&canons::EXACT);
    fn into_value(self) -> Value {
        Value::Text(self)
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        rust::text(value.as_text()?, variables)
    }
    fn rust_exact(value: &Value, variables: &dyn Variables) -> Option<String> {
        Some(format!("Text::from({})", Self::rust(value, variables)?))
    }
}

#[diagnostic::do_not_recommend]
impl<T> PropertyType for Secret<T> {
    const KIND: &'static Kind = &Kind::Secret;
    fn into_value(self) -> Value {
        Value::Secret(self.into_inner())
    }
    /// Secrets are said by the name under which they are supplied, never by value.
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let Value::Secret(secret) = value else { return None };
        let name = secret.supplied_name()?;
        Some(format!("Secret::supplied({})", rust::literal(name)))
    }
}

#[diagnostic::do_not_recommend]
impl<T: PropertyType> PropertyType for Vec<T> {
    const KIND: &'static Kind = &Kind::List(T::KIND);
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        rust::array(items(value)?, variables, T::rust, T::rust_exact)
    }
    fn rust_exact(value: &Value, variables: &dyn Variables) -> Option<String> {
        Some(format!("Vec::from({})", exact_array::<T>(value, variables)?))
    }
    fn rust_each(value: &Value, variables: &dyn Variables) -> Option<Vec<String>> {
        items(value)?.iter().map(|item| T::rust(item, variables)).collect()
    }
}

#[diagnostic::do_not_recommend]
impl<T: PropertyType> PropertyType for BTreeMap<String, T> {
    const KIND: &'static Kind = &Kind::Map(T::KIND);
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(k, v)| (k, v.into_value())).collect::<Entries>())
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        let Value::Map(entries) = value else { return None };
        let pair = |(key, value): (&str, &Value)| {
            Some(format!("({}, {})", rust::literal(key), T::rust_exact(value, variables)?))
        };
        Some(format!("[{}]", entries.iter().map(pair).collect::<Option<Vec<_>>>()?.join(", ")))
    }
    fn rust_each(value: &Value, variables: &dyn Variables) -> Option<Vec<String>> {
        let Value::Map(entries) = value else { return None };
        let pair = |(key, value): (&str, &Value)| {
            Some(format!("{}, {}", rust::literal(key), T::rust(value, variables)?))
        };
        entries.iter().map(pair).collect()
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Value {
    const KIND: &'static Kind = &Kind::Json;
    fn into_value(self) -> Value {
        self
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for Fields {
    const KIND: &'static Kind = &Kind::Json;
    fn into_value(self) -> Value {
        Value::Block(self)
    }
}

fn items(value: &Value) -> Option<&[Value]> {
    if let Value::List(items) = value { Some(items) } else { None }
}

/// An array whose elements are of type `T` itself.
fn exact_array<T: PropertyType>(value: &Value, variables: &dyn Variables) -> Option<String> {
    rust::array(items(value)?, variables, T::rust_exact, T::rust_exact)
}

/// Values whose order means nothing: services return them in any.
#[derive(Clone)]
pub struct Set<T>(pub Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const N: usize> From<[T; N]> for Set<T> {
    fn from(items: [T; N]) -> Self {
        Self(items.into())
    }
}

impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        self.0.extend(items);
    }
}

#[diagnostic::do_not_recommend]
impl<T: PropertyType> PropertyType for Set<T> {
    const KIND: &'static Kind = &Kind::Set(T::KIND);
    fn into_value(self) -> Value {
        Value::List(self.0.into_iter().map(T::into_value).collect())
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        exact_array::<T>(value, variables)
    }
    fn rust_exact(value: &Value, variables: &dyn Variables) -> Option<String> {
        Some(format!("Set::from({})", exact_array::<T>(value, variables)?))
    }
    fn rust_each(value: &Value, variables: &dyn Variables) -> Option<Vec<String>> {
        items(value)?.iter().map(|item| T::rust(item, variables)).collect()
    }
}
