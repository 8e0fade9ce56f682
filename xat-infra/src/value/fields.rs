//! The declared properties of one resource or block, by their place in the static description.

use std::panic::Location;

use super::Value;
use crate::schema::Property;

/// Where in the user's Rust something was said.
pub type Place = &'static Location<'static>;

/// One declared property.
#[derive(Clone)]
pub struct Field {
    /// The property's index in its description.
    pub prop: u16,
    /// Whether the value is the type's secure default rather than something the stack said.
    pub by_default: bool,
    /// What was declared.
    pub value: Value,
    /// Where, when the stack said it.
    pub at: Option<Place>,
}

/// Declared properties, ordered by index.
#[derive(Clone, Default)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// No property declared.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// An empty set with room for `capacity` properties.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    /// Declares a property, replacing an earlier declaration.
    pub fn set(&mut self, prop: u16, value: Value, at: Option<Place>) {
        self.insert(Field { prop, by_default: false, value, at });
    }

    /// Declares a property with its type's secure default.
    pub fn set_default(&mut self, prop: u16, value: Value) {
        self.insert(Field { prop, by_default: true, value, at: None });
    }

    fn insert(&mut self, field: Field) {
        match self.0.binary_search_by_key(&field.prop, |f| f.prop) {
            Ok(at) => self.0[at] = field,
            Err(at) => self.0.insert(at, field),
        }
    }

    /// Takes a declaration away, by the property's place in its description.
    pub(crate) fn take(&mut self, prop: usize) {
        self.0.retain(|field| usize::from(field.prop) != prop);
    }

    /// The declared value of the property with this index.
    pub fn get(&self, prop: u16) -> Option<&Value> {
        self.field(prop).map(|f| &f.value)
    }

    /// The declaration of the property with this index.
    pub fn field(&self, prop: u16) -> Option<&Field> {
        self.0.binary_search_by_key(&prop, |f| f.prop).ok().map(|at| &self.0[at])
    }

    /// The declared value of the property of this name.
    pub fn named(&self, props: &[Property], name: &str) -> Option<&Value> {
        let at = props.iter().position(|p| p.name == name)?;
        self.get(u16::try_from(at).ok()?)
    }

    /// All declarations, in the description's order.
    pub fn iter(&self) -> std::slice::Iter<'_, Field> {
        self.0.iter()
    }

    /// All declarations, to change.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Field> {
        self.0.iter_mut()
    }

    /// How many properties are declared.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
