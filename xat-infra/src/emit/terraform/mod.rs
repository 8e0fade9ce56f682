//! A graph as a Terraform root module, in JSON or in Terraform's own syntax.
//!
//! References stay references, so that Terraform sees the same graph. `depends_on` stands only where no reference says it.

mod body;
mod hcl;
mod json;
mod meta;
mod secrets;
mod syntax;

use std::collections::{BTreeMap, HashMap};

use self::body::{Shape, Writer};
use self::secrets::Secrets;
use self::syntax::{Body, Expr};
use super::{File, unsayable};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::schema::{RawRequest, ResourceType, TerraformProvider};
use crate::value::{OutputRef, Text, Value};
use crate::wire::{self, Expressions, Terraform};

/// How a module is spelt.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Syntax {
    /// `main.tf.json`.
    #[default]
    Json,
    /// `main.tf`.
    Hcl,
}

/// What a module needs to know beside the graph.
#[derive(Default)]
pub struct Options<'o> {
    /// How it is spelt.
    pub syntax: Syntax,
    /// Whether a resource exists already and is to be taken over, by its address.
    pub adopted: Option<&'o dyn Fn(&str) -> bool>,
    /// Every type that an address may name, for resources that the stack forgets.
    pub types: &'o [&'static ResourceType],
}

/// The module of a graph.
///
/// # Errors
/// Something in the graph has no Terraform resource, or a secret has no safe place; all such problems at once.
pub fn emit(graph: &Graph, options: &Options<'_>) -> Result<Vec<File>, Vec<Diagnostic>> {
    let spell = Terraform::new(graph);
    let mut problems = Diagnostics::new();
    let mut secrets = Secrets::of(graph);
    let mut shapes: HashMap<*const ResourceType, Shape> = HashMap::new();
    let mut resources = Body::default();
    let mut providers: BTreeMap<&'static str, &'static TerraformProvider> = BTreeMap::new();
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        let shape = shapes.entry(std::ptr::from_ref(node.ty)).or_insert_with(|| Shape::of(node.ty));
        let Some(bodies) = bodies(graph, node, &spell) else {
            problems.push(unsayable(
                node,
                "Terraform",
                "it has no resource for this type, and its cloud no raw one",
                "write this resource in another format",
            ));
            continue;
        };
        let is_raw = spell.is_raw(index as usize);
        let provider = match &node.ty.provider.terraform_raw {
            Some(raw) if is_raw => &raw.provider,
            _ => &node.ty.provider.terraform,
        };
        providers.insert(provider.name, provider);
        for (at, lowered) in bodies.iter().enumerate() {
            let mut writer = Writer {
                spell: &spell,
                shape,
                secrets: &mut secrets,
                node,
                raw: is_raw,
                part: lowered.part,
            };
            let mut body = writer.body(&lowered.value);
            if at == 0 {
                meta::arguments(graph, &spell, index, &bodies, &mut body);
            }
            resources.block("resource", &[&lowered.kind, &lowered.label], body);
        }
    }
    problems.extend(secrets.problems());
    problems.extend(meta::ambiguous(graph));
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let mut module = Body::default();
    module.block("terraform", &[], settings(graph, &providers, secrets.makes_some()));
    for provider in providers.values() {
        let config = (provider.config)(&graph.scope);
        module.block("provider", &[provider.name], config_body(&config));
    }
    secrets.declare(&mut module);
    meta::history(graph, &spell, options, &mut module);
    module.0.extend(resources.0);
    for output in &graph.outputs {
        let mut body = Body::default();
        body.attr("value", Expr::Template(spell.text(&output.value)));
        module.block("output", &[&output.name], body);
    }
    let header = [
        format!("Written by xat-infra from the stack {}.", graph.stack),
        "Change the stack, not this file.".to_owned(),
    ];
    Ok(vec![match options.syntax {
        Syntax::Json => File::text("main.tf.json", json::write(&header, &module)),
        Syntax::Hcl => File::text("main.tf", hcl::write(&header, &module)),
    }])
}

/// A Terraform resource that carries a node, or a part of it.
struct Lowered {
    part: Option<&'static str>,
    kind: String,
    label: String,
    value: Value,
}

/// The Terraform resources that carry a node; `None` where there is no way to say it.
fn bodies(graph: &Graph, node: &Node, spell: &Terraform<'_>) -> Option<Vec<Lowered>> {
    let index = graph.at(&node.address)?;
    let label = spell.label(index as usize).to_owned();
    if !spell.is_raw(index as usize) {
        let bodies = wire::lower_terraform(graph, node).into_iter();
        return Some(
            bodies
                .map(|body| {
                    // Resources that stand for the elements of a list are told apart by what they are about.
                    let each = body.part.and_then(|part| {
                        body.suffix.strip_prefix(part)?.strip_prefix('-').map(str::to_owned)
                    });
                    let label = match each {
                        Some(each) => Terraform::label_of(None, &format!("{label}-{each}")),
                        None => label.clone(),
                    };
                    Lowered { part: body.part, kind: body.kind, label, value: body.value }
                })
                .collect(),
        );
    }
    let raw = node.ty.provider.terraform_raw.as_ref()?;
    let own = Text::Output(OutputRef { node: graph.reference(index), output: &crate::schema::ID });
    let parent = node
        .ty
        .props
        .iter()
        .position(|p| p.is_parent)
        .and_then(|at| node.fields.get(u16::try_from(at).ok()?)?.as_text().cloned());
    let bodies = wire::lower_rest(node, &node.fields).into_iter().map(|body| {
        let (name, parent, label) = match body.part {
            None => (
                node.name.as_str(),
                parent.clone().unwrap_or_else(|| scope_of(node)),
                label.clone(),
            ),
            Some(part) => (
                body.suffix.rsplit('/').next().unwrap_or(&body.suffix),
                own.clone(),
                format!("{label}_{part}"),
            ),
        };
        let request =
            RawRequest { wire: &body.kind, api: &node.api, name, parent, body: body.value };
        Lowered {
            part: body.part,
            kind: raw.resource.to_owned(),
            label,
            value: (raw.arguments)(&request),
        }
    });
    Some(bodies.collect())
}

/// What holds a resource that no other of the stack holds: its ID without its own type and name.
fn scope_of(node: &Node) -> Text {
    Text::from(node.id.split("/providers/").next().unwrap_or_default().to_owned())
}

/// `required_version`, `required_providers` and where the state is kept.
fn settings(
    graph: &Graph,
    providers: &BTreeMap<&'static str, &'static TerraformProvider>,
    random: bool,
) -> Body {
    let mut body = Body::default();
    // Write-only arguments came with 1.11.
    body.attr("required_version", Expr::text(">= 1.11.0"));
    let mut required = Body::default();
    let mut asked: Vec<(&str, &str, &str)> =
        providers.values().map(|p| (p.name, p.source, p.version)).collect();
    if random {
        asked.push(("random", "hashicorp/random", "~> 3.7"));
    }
    asked.sort_unstable();
    for (name, source, version) in asked {
        required.attr(
            name,
            Expr::Object(vec![
                ("source".into(), Expr::text(source)),
                ("version".into(), Expr::text(version)),
            ]),
        );
    }
    body.block("required_providers", &[], required);
    if let Some(backend) = &graph.terraform_backend {
        let mut inner = Body::default();
        for (key, value) in &backend.settings {
            inner.attr(key, Expr::text(value));
        }
        body.block("backend", &[&backend.kind], inner);
    }
    body
}

/// A provider's configuration: objects are blocks.
fn config_body(config: &Value) -> Body {
    let mut body = Body::default();
    let Value::Map(entries) = config else { return body };
    for (name, value) in entries.iter() {
        match value {
            Value::Map(_) => {}
            Value::Bool(value) => body.attr(name, Expr::Bool(*value)),
            Value::Int(value) => body.attr(name, Expr::Int(*value)),
            value => body.attr(name, Expr::text(value.as_str().unwrap_or_default())),
        }
    }
    for (name, value) in entries.iter() {
        if matches!(value, Value::Map(_)) {
            body.block(name, &[], config_body(value));
        }
    }
    body
}
