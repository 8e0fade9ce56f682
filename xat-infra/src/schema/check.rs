//! Rules of the provider over one resource's own properties: what they see, and where they report.

use super::Property;
use crate::value::{Fields, Value};

/// A rule of the provider over one resource's own properties.
pub type Check = fn(&mut CheckContext<'_>);

/// What a [`Check`] sees, and where it reports.
pub struct CheckContext<'a> {
    /// The resource's properties.
    pub fields: &'a Fields,
    /// Their descriptions.
    pub props: &'static [Property],
    /// What holds the resource, where it is in the same stack: its properties and their descriptions.
    pub holder: Option<(&'a Fields, &'static [Property])>,
    pub(crate) found: Vec<CheckFinding>,
}

pub(crate) struct CheckFinding {
    pub(crate) property: &'static str,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// A declared block, its properties by name.
#[derive(Clone, Copy)]
pub struct DeclaredBlock<'a> {
    fields: &'a Fields,
    props: &'static [Property],
}

impl<'a> DeclaredBlock<'a> {
    /// What a resource declares, or a block.
    pub(crate) fn of(fields: &'a Fields, props: &'static [Property]) -> Self {
        Self { fields, props }
    }

    /// The declared value of a property.
    pub fn get(&self, property: &str) -> Option<&'a Value> {
        self.fields.named(self.props, property)
    }

    /// The text of a property, where it is declared without outputs.
    pub fn text(&self, property: &str) -> Option<&'a str> {
        self.get(property).and_then(Value::as_str)
    }

    /// The whole number of a property.
    pub fn int(&self, property: &str) -> Option<i64> {
        self.get(property).and_then(Value::as_int)
    }

    /// The blocks of a property: of a list or set all, of a block itself one.
    pub fn blocks(&self, property: &str) -> Vec<DeclaredBlock<'a>> {
        let props = self.props.iter().find(|p| p.name == property).and_then(|p| p.kind.block());
        let items: Vec<&'a Value> = match self.get(property) {
            Some(Value::List(items)) => items.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let blocks = items.into_iter().filter_map(Value::as_block);
        props.map_or_else(Vec::new, |block| {
            blocks.map(|fields| DeclaredBlock { fields, props: block.props }).collect()
        })
    }
}

impl<'a> CheckContext<'a> {
    /// The declared value of a property.
    pub fn get(&self, property: &str) -> Option<&'a Value> {
        self.fields.named(self.props, property)
    }

    /// The blocks of a property: of a list or set all, of a block itself one.
    pub fn blocks(&self, property: &str) -> Vec<DeclaredBlock<'a>> {
        DeclaredBlock { fields: self.fields, props: self.props }.blocks(property)
    }

    /// What the resource that holds this one declares at a property, where it is in the same stack.
    pub fn holder(&self, property: &str) -> Option<&Value> {
        let (fields, props) = self.holder?;
        fields.named(props, property)
    }

    /// Whether a declared property is this truth value.
    pub fn is(&self, property: &str, wanted: bool) -> bool {
        matches!(self.get(property), Some(Value::Bool(declared)) if *declared == wanted)
    }

    /// The declared text of a property, where it holds no output of another resource.
    pub fn text(&self, property: &str) -> Option<&str> {
        self.get(property).and_then(Value::as_str)
    }

    /// Reports that `property` breaks a rule; `help` says what to do.
    pub fn report(
        &mut self,
        property: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(CheckFinding { property, message: message.into(), help: help.into() });
    }

    /// Reports unless a declared whole number lies in `range`.
    pub fn range(
        &mut self,
        property: &'static str,
        range: std::ops::RangeInclusive<i64>,
        source: &str,
    ) {
        if let Some(n) = self.get(property).and_then(Value::as_int)
            && !range.contains(&n)
        {
            self.report(
                property,
                format!("{n} is outside {} to {}", range.start(), range.end()),
                format!("the provider's reference: {source}"),
            );
        }
    }
}
