//! Outputs, names and secrets as Terraform's expressions.

use std::collections::HashMap;

use super::Expressions;
use crate::graph::{Graph, Node};
use crate::schema::OutputSource;
use crate::value::{OutputRef, Piece, SecretPart, SecretText, Text, Value, fold};

/// Terraform expressions, as they stand inside quotes: `${..}`.
pub struct Terraform<'g> {
    graph: &'g Graph,
    labels: Vec<String>,
    /// The resources that go through the cloud's raw provider.
    raw: Vec<bool>,
}

impl<'g> Terraform<'g> {
    /// The expressions of one graph's module.
    pub fn new(graph: &'g Graph) -> Self {
        let raw: Vec<bool> = graph.nodes.iter().map(|node| goes_raw(graph, node)).collect();
        let labels =
            graph.nodes.iter().map(|node| Self::label_of(node.component.as_deref(), &node.key));
        let mut spell = Self { graph, labels: labels.collect(), raw };
        // Letters that labels cannot have may make two addresses one: those get a mark of their own.
        let mut seen: HashMap<(&str, &str), u32> = HashMap::new();
        for (index, label) in spell.labels.iter().enumerate() {
            *seen.entry((spell.resource(index), label)).or_default() += 1;
        }
        let twice: Vec<usize> = (0..graph.nodes.len())
            .filter(|index| seen.get(&(spell.resource(*index), spell.label(*index))) != Some(&1))
            .collect();
        for index in twice {
            let mark = format!("_{:08x}", fold(&[&graph.nodes[index].address]) as u32);
            spell.labels[index].push_str(&mark);
        }
        spell
    }

    /// The Terraform resource that the resource with this index is.
    pub fn resource(&self, index: usize) -> &'static str {
        let Some(ty) = self.graph.nodes.get(index).map(|node| node.ty) else { return "" };
        match &ty.provider.terraform_raw {
            Some(raw) if self.is_raw(index) => raw.resource,
            _ => ty.terraform,
        }
    }

    /// Whether the resource with this index goes through its cloud's raw provider: it has no resource of its own there, or
    /// one that would keep a secret.
    pub fn is_raw(&self, index: usize) -> bool {
        self.raw.get(index).copied().unwrap_or_default()
    }

    /// The label of the block of the resource with this index.
    pub fn label(&self, index: usize) -> &str {
        self.labels.get(index).map_or("", String::as_str)
    }

    /// A component and a key in the letters that Terraform allows.
    pub fn label_of(component: Option<&str>, key: &str) -> String {
        let raw = match component {
            Some(component) => format!("{component}_{key}"),
            None => key.to_owned(),
        };
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let mut label: String = raw.chars().map(|c| if legal(c) { c } else { '_' }).collect();
        if label.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            label.insert(0, '_');
        }
        label
    }

    /// An output as a traversal, without the `${}` around it.
    pub fn traversal(&self, output: OutputRef) -> String {
        let label = self.label(output.node.index as usize);
        let index = output.node.index as usize;
        let mut out = format!("{}.{label}", self.resource(index));
        let node = self.graph.nodes.get(index);
        let steps: Vec<&str> = match (output.output.source, node) {
            (OutputSource::Id, Some(node)) if !self.is_raw(index) => vec![node.ty.tf_id],
            (OutputSource::Id, _) => vec!["id"],
            // What says the name there is not always called so: `name` may be the whole one.
            (OutputSource::Name, Some(node)) if !self.is_raw(index) => {
                let name = node.ty.props.iter().find(|p| p.is_name).and_then(|p| p.tf);
                name.map_or_else(|| vec![output.output.tf], |tf| tf.path.to_vec())
            }
            (OutputSource::Name, _) => vec![output.output.tf],
            _ if self.is_raw(index) => {
                std::iter::once("output").chain(output.output.wire.iter().copied()).collect()
            }
            _ => output.output.tf.split('.').collect(),
        };
        for step in steps {
            match step.parse::<usize>() {
                Ok(place) => out.push_str(&format!("[{place}]")),
                Err(_) => {
                    out.push('.');
                    out.push_str(step);
                }
            }
        }
        out
    }

    /// A secret as a template of variables, and nothing else.
    fn secret_template(&self, secret: &SecretText, out: &mut String) {
        for part in secret.parts() {
            match part {
                SecretPart::Plain(text) => out.push_str(&self.text(text)),
                SecretPart::Generated { name } | SecretPart::Supplied { name } => {
                    out.push_str(&format!(
                        "${{var.{}}}",
                        Self::label_of(None, name).replace('-', "_")
                    ));
                }
                SecretPart::Encoded(inner) => self.call("urlencode", inner, out),
                SecretPart::Base64(inner) => self.call("base64encode", inner, out),
                // Emission refuses these before anything is written.
                SecretPart::Value(_) | SecretPart::DeclaredBy { .. } => {}
            }
        }
    }

    /// A function of a secret.
    fn call(&self, function: &str, inner: &SecretText, out: &mut String) {
        let mut template = String::new();
        self.secret_template(inner, &mut template);
        let inside = match template.strip_prefix("${").and_then(|t| t.strip_suffix('}')) {
            Some(one) if !one.contains("${") => one.to_owned(),
            _ => format!("\"{template}\""),
        };
        out.push_str(&format!("${{{function}({inside})}}"));
    }
}

/// Whether a node's own resource is missing, or has a secret at an argument that Terraform would keep.
fn goes_raw(graph: &Graph, node: &Node) -> bool {
    if node.ty.terraform.is_empty() {
        return true;
    }
    let mut secrets = false;
    for field in node.fields.iter() {
        field.value.each_secret(&mut |_| secrets = true);
    }
    secrets
        && node.ty.provider.terraform_raw.is_some()
        && super::lower_terraform(graph, node).iter().any(|body| keeps(&body.value, ""))
}

/// Whether a value has a secret under a key that is not write-only.
fn keeps(value: &Value, key: &str) -> bool {
    match value {
        Value::Secret(_) => !key.ends_with("_wo"),
        Value::Map(entries) => entries.iter().any(|(key, value)| keeps(value, key)),
        Value::List(items) => items.iter().any(|item| keeps(item, "")),
        _ => false,
    }
}

/// Literal text in a template: what would start an expression is escaped.
pub(crate) fn escape_template(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

impl Expressions for Terraform<'_> {
    fn text(&self, text: &Text) -> String {
        text.parts()
            .map(|piece| match piece {
                Piece::Literal(literal) => escape_template(literal),
                // What Terraform has no attribute for is said as it is known beforehand.
                Piece::Output(output)
                    if output.output.tf.is_empty()
                        && let Some(known) = self
                            .graph
                            .node(output.node)
                            .and_then(|node| node.known(output.output)) =>
                {
                    escape_template(known)
                }
                Piece::Output(output) => format!("${{{}}}", self.traversal(output)),
            })
            .collect()
    }

    fn secret(&self, secret: &SecretText) -> String {
        let mut out = String::new();
        self.secret_template(secret, &mut out);
        out
    }
}
