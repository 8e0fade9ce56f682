//! What outputs are worth: IDs and names are always known, the rest from live bodies of resources that stay.

use std::borrow::Cow;

use super::places::Places;
use crate::graph::Graph;
use crate::value::{OutputRef, Piece, SecretPart, SecretText, Text, Value};

/// What is known of a resource's outputs.
#[derive(Default)]
pub(crate) struct Facts {
    /// Outputs read from the live body.
    pub(crate) outputs: Vec<(&'static str, String)>,
    /// Whether the outputs will be others after the apply: the resource is made new.
    pub(crate) new: bool,
}

/// Text with its outputs filled in.
pub(crate) enum Resolved<'t> {
    /// All of it is known.
    Known(Cow<'t, str>),
    /// Some of it comes from a resource that is made new: it will be known, and be another, after the apply.
    New,
    /// Some of it exists and was not read: nothing can be said.
    Unread,
}

/// Fills in outputs.
pub(crate) struct Resolver<'g> {
    pub(crate) graph: &'g Graph,
    pub(crate) facts: Vec<Facts>,
    /// Where the resources are.
    pub(crate) places: Places,
}

impl<'g> Resolver<'g> {
    pub(crate) fn new(graph: &'g Graph) -> Self {
        let facts = graph.nodes.iter().map(|_| Facts::default()).collect();
        Self { graph, facts, places: Places::default() }
    }

    pub(crate) fn text<'t>(&'t self, text: &'t Text) -> Resolved<'t> {
        match text {
            Text::Literal(text) => Resolved::Known(Cow::Borrowed(text)),
            Text::Output(output) => self.output(*output),
            Text::Joined(_) => {
                let mut out = String::new();
                for piece in text.parts() {
                    match piece {
                        Piece::Literal(text) => out.push_str(text),
                        Piece::Output(output) => match self.output(output) {
                            Resolved::Known(text) => out.push_str(&text),
                            other => return other,
                        },
                    }
                }
                Resolved::Known(Cow::Owned(out))
            }
        }
    }

    fn output(&self, output: OutputRef) -> Resolved<'_> {
        let index = output.node.index as usize;
        let (Some(node), Some(facts)) = (self.graph.nodes.get(index), self.facts.get(index)) else {
            return Resolved::Unread;
        };
        match node.known(output.output) {
            Some(known) => Resolved::Known(Cow::Borrowed(known)),
            None if facts.new => Resolved::New,
            None => match facts.outputs.iter().find(|(name, _)| *name == output.output.name) {
                Some((_, value)) => Resolved::Known(Cow::Borrowed(value)),
                None => Resolved::Unread,
            },
        }
    }

    /// What tells one secret from another without reading it aloud; `None` where that is not known yet.
    ///
    /// It is only ever hashed.
    pub(crate) fn secret(&self, secret: &SecretText) -> Option<String> {
        let mut out = String::new();
        for part in secret.parts() {
            match part {
                SecretPart::Plain(text) => match self.text(text) {
                    Resolved::Known(text) => out.push_str(&text),
                    _ => return None,
                },
                SecretPart::Generated { name } => out.push_str(&format!("\0generated:{name}\0")),
                SecretPart::Supplied { name } => out.push_str(&format!("\0supplied:{name}\0")),
                SecretPart::Value(value) => out.push_str(value),
                SecretPart::Encoded(inner) => {
                    out.push_str(&format!("\0encoded:{}\0", self.secret(inner)?))
                }
                SecretPart::Base64(inner) => {
                    out.push_str(&format!("\0base64:{}\0", self.secret(inner)?))
                }
                SecretPart::DeclaredBy { .. } => return None,
            }
        }
        Some(out)
    }

    /// A value with its outputs filled in; `None` where one is not known.
    pub(crate) fn value(&self, value: &Value) -> Option<Value> {
        Some(match value {
            Value::Text(text) => match self.text(text) {
                Resolved::Known(text) => Value::from(text.into_owned()),
                _ => return None,
            },
            Value::List(items) => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Option<_>>()?)
            }
            Value::Block(fields) => {
                let mut fields = fields.clone();
                for field in fields.iter_mut() {
                    field.value = self.value(&field.value)?;
                }
                Value::Block(fields)
            }
            Value::Map(entries) => {
                let mut entries = entries.clone();
                for (_, value) in entries.iter_mut() {
                    *value = self.value(value)?;
                }
                Value::Map(entries)
            }
            other => other.clone(),
        })
    }
}
