//! What Terraform is told of a resource beside its arguments: order and life cycle.

use std::collections::{BTreeSet, HashSet};

use super::carrier::Lowered;
use super::syntax::{Body, Expr};
use crate::graph::{Graph, Node};
use crate::value::Value;
use crate::wire::Terraform;

/// What a resource waits for without a reference that says so.
pub(super) fn order(
    graph: &Graph,
    spell: &Terraform<'_>,
    index: u32,
    carriers: &[Lowered],
) -> Vec<String> {
    let node = &graph.nodes[index as usize];
    let mut said: BTreeSet<u32> = BTreeSet::new();
    for lowered in carriers {
        lowered.value.each_output(&mut |output| {
            // What is written as it is known beforehand makes nothing wait.
            let known = || graph.node(output.node).and_then(|node| node.known(output.output));
            if !output.output.tf.is_empty() || known().is_none() {
                said.insert(output.node.index);
            }
        });
    }
    let unsaid = node.edges.iter().filter(|edge| !said.contains(&edge.to));
    let unsaid = unsaid.filter(|edge| !reaches(graph, &said, edge.to));
    let addresses: BTreeSet<String> = unsaid.map(|edge| address(spell, edge.to)).collect();
    addresses.into_iter().collect()
}

/// `depends_on` and `lifecycle` of a resource that carries a node, or a part of it.
pub(super) fn arguments(
    node: &Node,
    lowered: &Lowered,
    raw: bool,
    order: Vec<String>,
    body: &mut Body,
) {
    let mut lifecycle = Body::default();
    if lowered.part.is_none() && node.meta.create_first {
        lifecycle.attr("create_before_destroy", Expr::Bool(true));
    }
    // What holds data is not lost for want of a word: the same rule that previews refuse by.
    let keep = node.meta.protect || (node.ty.holds_data && node.meta.allow_replace.is_none());
    if lowered.part.is_none() && keep {
        lifecycle.attr("prevent_destroy", Expr::Bool(true));
    }
    let ignored = ignored(node, lowered, raw);
    if !ignored.is_empty() {
        lifecycle.attr("ignore_changes", Expr::List(ignored.into_iter().map(Expr::Bare).collect()));
    }
    if !order.is_empty() {
        body.0.push(super::syntax::Item::Gap);
        body.attr("depends_on", Expr::List(order.into_iter().map(Expr::Bare).collect()));
    }
    if !lifecycle.0.is_empty() {
        body.block("lifecycle", &[], lifecycle);
    }
}

/// Whether one of `from` waits for `to` already, however far on.
fn reaches(graph: &Graph, from: &BTreeSet<u32>, to: u32) -> bool {
    let mut seen: HashSet<u32> = from.iter().copied().collect();
    let mut open: Vec<u32> = from.iter().copied().collect();
    while let Some(at) = open.pop() {
        for edge in &graph.nodes[at as usize].edges {
            if edge.to == to {
                return true;
            }
            if seen.insert(edge.to) {
                open.push(edge.to);
            }
        }
    }
    false
}

/// The arguments of this resource that the stack leaves to others.
fn ignored(node: &Node, lowered: &Lowered, raw: bool) -> BTreeSet<String> {
    let props = node.meta.ignore.iter().filter_map(|&prop| node.ty.props.get(prop as usize));
    let Some(free) = node.ty.provider.terraform_raw.as_ref().filter(|_| raw) else {
        let paths = props.filter_map(|property| property.tf.as_ref());
        let own = paths.filter(|path| path.part == lowered.part);
        let said = own.filter_map(|path| path.path.split_last());
        return said
            .map(|(last, blocks)| format!("{}{last}", within(blocks)))
            .chain(ignored_in_blocks(node, lowered))
            .collect();
    };
    let paths = props.filter_map(|property| property.wire.as_ref());
    let own = paths.filter(|path| path.part == lowered.part && !path.path.is_empty());
    own.map(|path| (free.path)(path.path)).collect()
}

/// What stands in front of an argument in these blocks.
fn within(blocks: &[&str]) -> String {
    blocks.iter().map(|block| format!("{block}[0].")).collect()
}

/// The arguments of repeated blocks that the stack leaves to others, one for each block.
fn ignored_in_blocks(node: &Node, lowered: &Lowered) -> Vec<String> {
    let mut found = Vec::new();
    for (prop, leaf) in &node.meta.ignore_in {
        let Some(property) = node.ty.props.get(*prop as usize) else { continue };
        let path = property.tf.as_ref().filter(|path| path.part == lowered.part);
        let inner = property
            .kind
            .block()
            .and_then(|block| block.props.iter().find(|inner| inner.name == *leaf)?.tf.as_ref());
        let (Some(path), Some(inner)) = (path, inner) else { continue };
        let Some((last, blocks)) = path.path.split_last() else { continue };
        let number = match node.fields.get(*prop) {
            Some(Value::List(items)) => items.len(),
            _ => 1,
        };
        let inner = inner.path.join(".");
        let blocks = within(blocks);
        found.extend((0..number).map(|at| format!("{blocks}{last}[{at}].{inner}")));
    }
    found
}

/// A resource's address in the module.
fn address(spell: &Terraform<'_>, index: u32) -> String {
    format!("{}.{}", spell.resource(index as usize), spell.label(index as usize))
}
