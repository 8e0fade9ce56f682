//! Outputs that stand for something else: a declared value, or an output of what holds the resource.
//!
//! They are replaced here once, so that every later stage sees only IDs, names and what services make.

use crate::diagnostic::Diagnostic;
use crate::dsl::Declared;
use crate::schema::OutputSource;
use crate::value::{NodeRef, OutputRef, SecretPart, SecretText, Text, Value};

/// How far a chain of stand-ins may go: types nest a handful deep, and a longer chain is a ring.
const MAX_HOPS: usize = 16;

/// The resource of this stack that holds resource `index`, if it is one.
pub(crate) fn parent(resources: &[Declared], index: u32) -> Option<NodeRef> {
    parent_text(resources, index)?.output().map(|output| output.node)
}

fn parent_text(resources: &[Declared], index: u32) -> Option<&Text> {
    let declared = resources.get(index as usize)?;
    let at = declared.ty.props.iter().position(|p| p.is_parent)?;
    declared.fields.get(u16::try_from(at).ok()?)?.as_text()
}

/// Replaces every stand-in of one stack. Returns, for each resource, what its values were taken through.
pub(crate) fn replace(
    resources: &mut [Declared],
    stack: u32,
) -> (Vec<Vec<NodeRef>>, Vec<Diagnostic>) {
    let mut through = vec![Vec::new(); resources.len()];
    let mut problems = Vec::new();
    for index in 0..resources.len() {
        if !has_stand_in(&resources[index]) {
            continue;
        }
        // The fields leave the list while they change, so that the others can be read.
        let mut fields = std::mem::take(&mut resources[index].fields);
        let mut replacer = Replacer { resources, stack, through: Vec::new(), failed: None };
        for field in fields.iter_mut() {
            replacer.value(&mut field.value);
        }
        let (seen, failed) = (replacer.through, replacer.failed);
        resources[index].fields = fields;
        through[index] = seen;
        if let Some(what) = failed {
            problems.push(
                Diagnostic::error(
                    "unknown-reference",
                    format!(
                        "nothing can give the `{what}` that this {} needs",
                        resources[index].ty.label
                    ),
                )
                    .at(resources[index].meta.at, "needed here")
                    .help("pass the value itself, or declare the resource that it belongs to in this stack"),
            );
        }
    }
    (through, problems)
}

/// Replaces the stand-ins of one text that belongs to no resource; what cannot be given, where something cannot.
pub(crate) fn replace_text(resources: &[Declared], stack: u32, text: &mut Text) -> Option<String> {
    let mut replacer = Replacer { resources, stack, through: Vec::new(), failed: None };
    replacer.text(text);
    replacer.failed
}

fn has_stand_in(declared: &Declared) -> bool {
    let mut found = false;
    for field in declared.fields.iter() {
        field.value.each_output(&mut |output| found |= is_stand_in(&output));
        field.value.each_secret(&mut |secret| secret.each_source(&mut |_| found = true));
    }
    found
}

fn is_stand_in(output: &OutputRef) -> bool {
    matches!(output.output.source, OutputSource::Declared(_) | OutputSource::Parent(_))
}

struct Replacer<'a> {
    resources: &'a [Declared],
    stack: u32,
    through: Vec<NodeRef>,
    failed: Option<String>,
}

impl Replacer<'_> {
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Text(text) => self.text(text),
            Value::List(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Block(fields) => {
                fields.iter_mut().for_each(|field| self.value(&mut field.value))
            }
            Value::Map(entries) => entries.iter_mut().for_each(|(_, value)| self.value(value)),
            Value::Secret(secret) => *secret = self.secret(secret),
            _ => {}
        }
    }

    fn text(&mut self, text: &mut Text) {
        if text.outputs().any(|output| is_stand_in(&output)) {
            let parts = text.parts().map(|piece| match piece {
                crate::value::Piece::Literal(literal) => Text::from(literal.to_owned()),
                crate::value::Piece::Output(output) => self.output(output),
            });
            *text = Text::join(parts.collect::<Vec<_>>());
        }
    }

    fn output(&mut self, mut output: OutputRef) -> Text {
        for _ in 0..MAX_HOPS {
            if output.node.stack != self.stack {
                return Text::Output(output);
            }
            match output.output.source {
                OutputSource::Parent(spec) => {
                    self.through.push(output.node);
                    match parent_text(self.resources, output.node.index) {
                        Some(Text::Output(parent)) => {
                            output = OutputRef { node: parent.node, output: spec }
                        }
                        Some(id @ Text::Literal(_)) if matches!(spec.source, OutputSource::Id) => {
                            return id.clone();
                        }
                        _ => break,
                    }
                }
                OutputSource::Declared(property) => {
                    let declared = self.resources.get(output.node.index as usize);
                    let value = declared.and_then(|d| d.fields.named(d.ty.props, property));
                    self.through.push(output.node);
                    match value.and_then(Value::as_text) {
                        Some(Text::Output(next)) if is_stand_in(next) => output = *next,
                        Some(text) => return text.clone(),
                        None => break,
                    }
                }
                _ => return Text::Output(output),
            }
        }
        self.fail(output.output.name);
        Text::Output(output)
    }

    fn secret(&mut self, secret: &SecretText) -> SecretText {
        let mut parts = Vec::new();
        for part in secret.parts() {
            match part {
                SecretPart::Plain(text) => {
                    let mut text = text.clone();
                    self.text(&mut text);
                    parts.push(SecretPart::Plain(text));
                }
                SecretPart::Encoded(inner) => parts.push(SecretPart::Encoded(self.secret(inner))),
                SecretPart::DeclaredBy { node, property } => {
                    match self.declared_secret(*node, property) {
                        Some(found) => parts.extend(found.parts().iter().cloned()),
                        None => self.fail(property),
                    }
                }
                other => parts.push(other.clone()),
            }
        }
        SecretText::from_parts(parts)
    }

    /// The secret that a resource, or one that holds it, declares at a property.
    fn declared_secret(&mut self, mut node: NodeRef, property: &str) -> Option<SecretText> {
        for _ in 0..MAX_HOPS {
            if node.stack != self.stack {
                return None;
            }
            self.through.push(node);
            let declared = self.resources.get(node.index as usize)?;
            if let Some(Value::Secret(found)) = declared.fields.named(declared.ty.props, property) {
                return Some(found.clone());
            }
            node = parent(self.resources, node.index)?;
        }
        None
    }

    fn fail(&mut self, what: &str) {
        self.failed.get_or_insert_with(|| what.to_owned());
    }
}
