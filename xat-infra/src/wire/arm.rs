//! Outputs, names and secrets as the expressions of ARM templates
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions>).

use serde_json::Value as Json;

use super::{Body, Expressions, render};
use crate::graph::{Graph, Node};
use crate::schema::OutputSource;
use crate::value::{OutputRef, Piece, SecretPart, SecretText, Text};

/// ARM template expressions, as a deployment to one resource group or to the subscription sees them.
pub struct Arm<'g> {
    graph: &'g Graph,
    /// The scope that the deployment goes to: an ID of a group or a subscription.
    scope: &'g str,
}

impl<'g> Arm<'g> {
    /// Expressions in a template that is deployed to the scope with this ID.
    pub fn at(graph: &'g Graph, scope: &'g str) -> Self {
        Self { graph, scope }
    }

    /// Expressions in the template that deploys this node.
    pub fn of(graph: &'g Graph, node: &'g Node) -> Self {
        Self::at(graph, deployment_scope(&node.id))
    }

    /// The ID of a node, or of a part of it, as an expression without its brackets, as `dependsOn` takes it: a group is
    /// called there as if it were a resource of a provider, which its ID does not say.
    pub fn id(&self, node: &Node, suffix: &str) -> String {
        let id = match suffix {
            "" => node.id.clone(),
            suffix => format!("{}/{suffix}", node.id),
        };
        self.id_of(&id)
    }

    /// A full ID as an expression: relative to where the template is deployed wherever it can be.
    pub fn id_of(&self, id: &str) -> String {
        let Some((scope, kind, names)) = parts(id) else { return quoted(id) };
        let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
        let names = names.join(", ");
        if scope.contains("/providers/") {
            return format!(
                "extensionResourceId({}, {}, {names})",
                self.id_of(scope),
                quoted(&kind)
            );
        }
        let (subscription, own) = (subscription_of(scope), subscription_of(self.scope));
        let elsewhere = !subscription.eq_ignore_ascii_case(own);
        match group_of(scope) {
            // `resourceId` takes no group where a template is deployed to a subscription.
            Some(_) if group_of(self.scope).is_none() => {
                format!(
                    "extensionResourceId({}, {}, {names})",
                    self.scope_expression(scope),
                    quoted(&kind)
                )
            }
            Some(_) if scope.eq_ignore_ascii_case(self.scope) => {
                format!("resourceId({}, {names})", quoted(&kind))
            }
            Some(group) => {
                let of = if elsewhere {
                    quoted(subscription)
                } else {
                    "subscription().subscriptionId".to_owned()
                };
                format!("resourceId({of}, {}, {}, {names})", quoted(group), quoted(&kind))
            }
            None if scope.is_empty() => format!("tenantResourceId({}, {names})", quoted(&kind)),
            None if elsewhere => {
                format!(
                    "subscriptionResourceId({}, {}, {names})",
                    quoted(subscription),
                    quoted(&kind)
                )
            }
            None => format!("subscriptionResourceId({}, {names})", quoted(&kind)),
        }
    }

    /// The ID of a group or a subscription, as it is.
    fn scope_expression(&self, scope: &str) -> String {
        let (subscription, own) = (subscription_of(scope), subscription_of(self.scope));
        match group_of(scope) {
            Some(_) if scope.eq_ignore_ascii_case(self.scope) => "resourceGroup().id".to_owned(),
            Some(group) if subscription.eq_ignore_ascii_case(own) => {
                format!(
                    "concat(subscription().id, {})",
                    quoted(&format!("/resourceGroups/{group}"))
                )
            }
            None if !subscription.is_empty() && subscription.eq_ignore_ascii_case(own) => {
                "subscription().id".to_owned()
            }
            _ => quoted(scope),
        }
    }

    /// The ID of a node as it is, as an expression.
    fn value_id(&self, node: &Node) -> String {
        match node.id.contains("/providers/") {
            true => self.id(node, ""),
            false => self.scope_expression(&node.id),
        }
    }

    fn expression(&self, output: OutputRef) -> String {
        let Some(node) = self.graph.node(output.node) else { return "null".into() };
        match output.output.source {
            OutputSource::Id => self.value_id(node),
            OutputSource::Name => quoted(&node.name),
            // Only what stands below `properties` is what `reference` returns unless the whole is asked for.
            _ => match output.output.wire.split_first() {
                Some((&"properties", rest)) => {
                    format!("reference({}, '{}'){}", self.value_id(node), node.api, steps(rest))
                }
                _ => format!(
                    "reference({}, '{}', 'Full'){}",
                    self.value_id(node),
                    node.api,
                    steps(output.output.wire)
                ),
            },
        }
    }

    fn joined(&self, text: &Text, pieces: &mut Vec<String>) {
        pieces.extend(text.parts().map(|piece| match piece {
            Piece::Literal(literal) => quoted(literal),
            Piece::Output(output) => self.expression(output),
        }));
    }

    fn secret_pieces(&self, secret: &SecretText, pieces: &mut Vec<String>) {
        for part in secret.parts() {
            match part {
                SecretPart::Plain(text) => self.joined(text, pieces),
                SecretPart::Generated { name } | SecretPart::Supplied { name } => {
                    pieces.push(format!("parameters('{}')", Self::parameter(name)));
                }
                SecretPart::Encoded(inner) => {
                    let mut within = Vec::new();
                    self.secret_pieces(inner, &mut within);
                    pieces.push(format!("uriComponent({})", concat(&within)));
                }
                SecretPart::Base64(inner) => {
                    let mut within = Vec::new();
                    self.secret_pieces(inner, &mut within);
                    pieces.push(format!("base64({})", concat(&within)));
                }
                // Emission refuses these before anything is written.
                SecretPart::Value(_) | SecretPart::DeclaredBy { .. } => {}
            }
        }
    }

    /// A body of a node, as a template has it. A template that is in it stays one.
    pub fn body(&self, node: &Node, body: &Body) -> Json {
        let mut json = render(&body.value, self);
        let inner = node.ty.props.iter().filter(|property| property.verbatim);
        for wire in inner.filter_map(|property| property.wire.filter(|w| w.part == body.part)) {
            let at = wire.path.iter().try_fold(&mut json, |at, key| at.get_mut(*key));
            if let (Some(at), Some(value)) = (at, body.value.at(wire.path)) {
                *at = render(value, &Verbatim(self));
            }
        }
        json
    }

    /// The parameter that takes a secret of this name: parameters are called as JavaScript's names are.
    pub fn parameter(name: &str) -> String {
        let mut out = String::new();
        let mut upper = false;
        for c in name.chars() {
            match c {
                c if c.is_ascii_alphanumeric() && upper => out.push(c.to_ascii_uppercase()),
                c if c.is_ascii_alphanumeric() || c == '_' => out.push(c),
                _ => {}
            }
            upper = !c.is_ascii_alphanumeric() && c != '_' && !out.is_empty();
        }
        if !out.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            out.insert(0, '_');
        }
        out
    }
}

/// The ID of the scope whose deployment makes the resource with this ID: its group's, or for a group its subscription's.
pub fn deployment_scope(id: &str) -> &str {
    let third = || id.match_indices('/').nth(2).map_or(id.len(), |(at, _)| at);
    &id[..id.find("/providers/").unwrap_or_else(third)]
}

/// The group in a scope's ID.
pub fn group_of(scope: &str) -> Option<&str> {
    let mut segments = scope.split('/').skip(3);
    segments.next().filter(|word| word.eq_ignore_ascii_case("resourceGroups"))?;
    segments.next()
}

fn subscription_of(scope: &str) -> &str {
    scope.split('/').nth(2).unwrap_or_default()
}

/// What holds a resource, its type and the names along it; `None` for a scope that is no resource of a provider.
fn parts(id: &str) -> Option<(&str, String, Vec<&str>)> {
    let Some(at) = id.rfind("/providers/") else {
        // A group is a resource of its subscription.
        let (scope, name) = (deployment_scope(id), group_of(id)?);
        return Some((scope, "Microsoft.Resources/resourceGroups".to_owned(), vec![name]));
    };
    let segments: Vec<&str> = id[at + "/providers/".len()..].split('/').collect();
    let (namespace, rest) = segments.split_first()?;
    let kinds: Vec<&str> = rest.iter().step_by(2).copied().collect();
    let names: Vec<&str> = rest.iter().skip(1).step_by(2).copied().collect();
    Some((&id[..at], format!("{namespace}/{}", kinds.join("/")), names))
}

fn steps(path: &[&str]) -> String {
    path.iter()
        .map(|step| match step.parse::<usize>() {
            Ok(place) => format!("[{place}]"),
            Err(_) => format!(".{step}"),
        })
        .collect()
}

fn concat(pieces: &[String]) -> String {
    match pieces {
        [one] => one.clone(),
        pieces => format!("concat({})", pieces.join(", ")),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A literal that would be taken for an expression has a bracket more in front.
fn escaped(literal: &str) -> String {
    match literal.starts_with('[') && literal.ends_with(']') {
        true => format!("[{literal}"),
        false => literal.to_owned(),
    }
}

impl Expressions for Arm<'_> {
    fn text(&self, text: &Text) -> String {
        match text {
            Text::Literal(literal) => escaped(literal),
            text => Verbatim(self).text(text),
        }
    }

    fn key(&self, key: &str) -> String {
        escaped(key)
    }

    fn secret(&self, secret: &SecretText) -> String {
        let mut pieces = Vec::new();
        self.secret_pieces(secret, &mut pieces);
        format!("[{}]", concat(&pieces))
    }
}

/// What is itself a template, for a deployment to the same scope: its expressions stand as they are.
struct Verbatim<'a>(&'a Arm<'a>);

impl Expressions for Verbatim<'_> {
    fn text(&self, text: &Text) -> String {
        match text {
            Text::Literal(literal) => literal.to_string(),
            text => {
                let mut pieces = Vec::new();
                self.0.joined(text, &mut pieces);
                format!("[{}]", concat(&pieces))
            }
        }
    }

    fn secret(&self, secret: &SecretText) -> String {
        self.0.secret(secret)
    }
}
