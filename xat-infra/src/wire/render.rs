//! Rendering: a lowered body as JSON, with outputs of other resources as a format's expressions.

use serde_json::Value as Json;

use crate::graph::{Graph, Node};
use crate::schema::OutputSource;
use crate::value::{OutputRef, Piece, Text, Value};

/// How a format spells what is not literal.
pub trait Expressions {
    /// Text with outputs in it.
    fn text(&self, text: &Text) -> String;

    /// A secret, by what stands for it: a parameter, a variable, another resource's output. Never its value.
    fn secret(&self, secret: &crate::value::SecretText) -> String;
}

/// A body as JSON.
pub fn render(value: &Value, spell: &dyn Expressions) -> Json {
    match value {
        Value::Null | Value::Block(_) => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(text) => Json::String(spell.text(text)),
        Value::List(items) => Json::Array(items.iter().map(|item| render(item, spell)).collect()),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(k, v)| (k.to_owned(), render(v, spell))).collect())
        }
        Value::Pairs(pairs) => {
            Json::Object(pairs.iter().map(|(k, v)| (spell.text(k), render(v, spell))).collect())
        }
        Value::Secret(secret) => Json::String(spell.secret(secret)),
    }
}

/// ARM template expressions.
pub struct Arm<'g>(pub &'g Graph);

impl Arm<'_> {
    fn expression(&self, output: OutputRef) -> String {
        let Some(node) = self.0.node(output.node) else { return "null".into() };
        match output.output.source {
            OutputSource::Id => resource_id(node),
            OutputSource::Name => quoted(&node.name),
            // Only what stands below `properties` is what `reference` returns unless the whole is asked for.
            _ => match output.output.wire.split_first() {
                Some((&"properties", rest)) => {
                    format!("reference({}, '{}').{}", resource_id(node), node.api, rest.join("."))
                }
                _ => format!(
                    "reference({}, '{}', 'Full').{}",
                    resource_id(node),
                    node.api,
                    output.output.wire.join(".")
                ),
            },
        }
    }
}

impl Expressions for Arm<'_> {
    fn text(&self, text: &Text) -> String {
        match text {
            // A literal that starts with a bracket would be taken for an expression.
            Text::Literal(literal) if literal.starts_with('[') => format!("[{literal}"),
            Text::Literal(literal) => literal.to_string(),
            Text::Output(output) => format!("[{}]", self.expression(*output)),
            Text::Joined(_) => {
                let pieces: Vec<String> = text
                    .parts()
                    .map(|piece| match piece {
                        Piece::Literal(literal) => quoted(literal),
                        Piece::Output(output) => self.expression(output),
                    })
                    .collect();
                format!("[concat({})]", pieces.join(", "))
            }
        }
    }

    fn secret(&self, secret: &crate::value::SecretText) -> String {
        match secret.output() {
            Some(output) => format!("[{}]", self.expression(output)),
            None => format!("[parameters('{}')]", secret_name(secret)),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `resourceId('Type', 'name', ..)` for the ID of a resource in the deployment's own group or subscription.
fn resource_id(node: &Node) -> String {
    // The full ID is known before anything exists, so that extension resources and other scopes need no case.
    let Some((_, rest)) = node.id.split_once("/providers/") else {
        return format!(
            "subscriptionResourceId('Microsoft.Resources/resourceGroups', {})",
            quoted(&node.name)
        );
    };
    if rest.contains("/providers/") {
        let scope = &node.id[..node.id.rfind("/providers/").unwrap_or(0)];
        return format!(
            "extensionResourceId({}, {}, {})",
            quoted(scope),
            quoted(&node.wire),
            quoted(&node.name)
        );
    }
    let names: Vec<String> = rest.split('/').skip(2).step_by(2).map(quoted).collect();
    format!("resourceId({}, {})", quoted(&node.wire), names.join(", "))
}

/// Terraform expressions, as they stand in JSON syntax.
pub struct Terraform<'g>(pub &'g Graph);

impl Terraform<'_> {
    /// The label of a resource's block: its address, in the letters that Terraform allows.
    pub fn label(node: &Node) -> String {
        let raw = match &node.component {
            Some(component) => format!("{component}_{}", node.key),
            None => node.key.clone(),
        };
        let mut label: String = raw
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' })
            .collect();
        if label.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
            label.insert(0, '_');
        }
        label
    }

    fn expression(&self, output: OutputRef) -> String {
        let Some(node) = self.0.node(output.node) else { return "${null}".into() };
        format!("${{{}.{}.{}}}", node.ty.terraform, Self::label(node), output.output.tf)
    }
}

impl Expressions for Terraform<'_> {
    fn text(&self, text: &Text) -> String {
        text.parts()
            .map(|piece| match piece {
                Piece::Literal(literal) => literal.replace("${", "$${").replace("%{", "%%{"),
                Piece::Output(output) => self.expression(output),
            })
            .collect()
    }

    fn secret(&self, secret: &crate::value::SecretText) -> String {
        match secret.output() {
            Some(output) => self.expression(output),
            None => format!("${{var.{}}}", secret_name(secret).replace('-', "_")),
        }
    }
}

/// The name under which a secret is passed: its sources' names, which are not secret.
fn secret_name(secret: &crate::value::SecretText) -> String {
    let names: Vec<String> = secret
        .sources()
        .iter()
        .filter_map(|source| source.split('`').nth(1).map(str::to_owned))
        .collect();
    match names.as_slice() {
        [] => "secret".to_owned(),
        names => names.join("-"),
    }
}
