//! A graph as a Terraform root module, in JSON or in Terraform's own syntax.
//!
//! References stay references, so that Terraform sees the same graph. `depends_on` stands only where no reference says it.

mod body;
mod carrier;
mod hcl;
mod history;
mod json;
mod meta;
mod secrets;
mod shared;
mod syntax;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::body::{Shape, Writer};
pub use self::meta::places;
use self::secrets::Secrets;
use self::syntax::{Body, Expr};
use super::{File, unsayable};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::schema::{ResourceType, TerraformProvider};
use crate::value::Value;
use crate::wire::{Expressions, Terraform};

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
    /// What exists already, where that is known.
    pub existing: Option<Existing<'o>>,
    /// Every type that an address may name, for resources that the stack forgets.
    pub types: &'o [&'static ResourceType],
}

/// What is live, as far as a module needs to know.
pub struct Existing<'o> {
    /// Whether a resource exists already and is to be taken over, by its address.
    pub adopted: &'o dyn Fn(&str) -> bool,
    /// The live body of the resource with this ID, as JSON.
    pub body: &'o dyn Fn(&str) -> Option<String>,
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
    // What became of what Terraform knows, before what is to be.
    let mut told = Body::default();
    let mut parts = meta::Parts::new();
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        let shape = shapes.entry(std::ptr::from_ref(node.ty)).or_insert_with(|| Shape::of(node.ty));
        let Some(carriers) = carrier::carriers(graph, node, &spell) else {
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
        let order = meta::order(graph, &spell, index, &carriers, &parts);
        for (lowered, order) in carriers.iter().zip(order) {
            let mut writer = Writer {
                spell: &spell,
                shape,
                secrets: &mut secrets,
                node,
                raw: is_raw,
                part: lowered.part,
            };
            let mut body = writer.body(&lowered.value);
            meta::arguments(node, lowered, is_raw, order, &mut body);
            resources.block("resource", &[&lowered.kind, &lowered.label], body);
        }
        let (_, rest) = carriers.split_at(carriers.len().min(1));
        if !rest.is_empty() {
            let addresses = rest.iter().map(|part| format!("{}.{}", part.kind, part.label));
            parts.insert(index, addresses.collect());
        }
        history::of_node(graph, &spell, (node, &carriers), options, &mut told, &mut problems);
    }
    history::of_forgotten(graph, options, &mut told, &mut providers, &mut problems);
    problems.extend(secrets.problems());
    problems.extend(history::ambiguous(graph));
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    let names: BTreeSet<&'static str> = graph.nodes.iter().filter_map(labels).collect();
    let locals = shared::take_labels(&mut resources, &names.into_iter().collect::<Vec<_>>());
    let mut module = Body::default();
    module.block("terraform", &[], settings(graph, &providers, secrets.makes_some()));
    for provider in providers.values() {
        let config = (provider.config)(&graph.scope);
        module.block("provider", &[provider.name], config_body(&config));
    }
    secrets.declare(&mut module);
    if let Some(locals) = locals {
        module.block("locals", &[], locals);
    }
    module.0.extend(told.0);
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

/// What Terraform calls the labels of a resource.
fn labels(node: &Node) -> Option<&'static str> {
    let property = node.ty.props.iter().find(|property| property.is_tags)?;
    property.tf.as_ref()?.path.last().copied()
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
