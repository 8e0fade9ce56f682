//! The kinds of value that a property can hold, and the trait by which a Rust type says its kind.

use std::collections::BTreeMap;

use super::{Canon, Property, ResourceType, canons};
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
}

#[diagnostic::do_not_recommend]
impl PropertyType for bool {
    const KIND: &'static Kind = &Kind::Bool;
    fn into_value(self) -> Value {
        Value::Bool(self)
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
}

#[diagnostic::do_not_recommend]
impl PropertyType for Text {
    const KIND: &'static Kind = &Kind::Text(&canons::EXACT);
    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T> PropertyType for Secret<T> {
    const KIND: &'static Kind = &Kind::Secret;
    fn into_value(self) -> Value {
        Value::Secret(self.into_inner())
    }
}

#[diagnostic::do_not_recommend]
impl<T: PropertyType> PropertyType for Vec<T> {
    const KIND: &'static Kind = &Kind::List(T::KIND);
    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

#[diagnostic::do_not_recommend]
impl<T: PropertyType> PropertyType for BTreeMap<String, T> {
    const KIND: &'static Kind = &Kind::Map(T::KIND);
    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(k, v)| (k, v.into_value())).collect::<Entries>())
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

/// Values whose order means nothing: services return them in any.
#[derive(Clone)]
pub struct Set<T>(pub Vec<T>);

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Vec::new())
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
}
