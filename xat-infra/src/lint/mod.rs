//! Lint: rules that need the whole graph. One file each, a stable code, and `.allow(code, reason)` to set one aside.

mod outside_network;
mod overlapping_subnets;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};

/// A rule: reports what it finds, with the resource that may set it aside.
type Rule = fn(&Graph, &mut dyn FnMut(&Node, Diagnostic));

/// All rules, by code.
static RULES: &[Rule] = &[outside_network::check, overlapping_subnets::check];

/// What the rules find in a graph, sorted, without what the stack sets aside.
pub fn lint(graph: &Graph) -> Vec<Diagnostic> {
    let mut found = crate::diagnostic::Diagnostics::new();
    for rule in RULES {
        rule(graph, &mut |node, diagnostic| {
            let set_aside = node.meta.allows.iter().any(|allow| allow.code == diagnostic.code);
            if !set_aside {
                found.push(diagnostic);
            }
        });
    }
    found.sorted()
}

/// The literal ranges that a resource declares at a property.
fn ranges(node: &Node, property: &str) -> Vec<crate::dsl::Cidr> {
    let Some(crate::value::Value::List(items)) = node.fields.named(node.ty.props, property) else {
        return Vec::new();
    };
    items.iter().filter_map(|item| item.as_str()?.parse().ok()).collect()
}

/// The subnets of every virtual network of the graph.
fn subnets(graph: &Graph) -> impl Iterator<Item = (&Node, &Node)> {
    graph.nodes.iter().filter(|node| node.ty.slug == "subnet").filter_map(|subnet| {
        let network = &graph.nodes[subnet.parent? as usize];
        (network.ty.slug == "virtual_network").then_some((network, subnet))
    })
}
