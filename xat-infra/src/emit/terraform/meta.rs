//! What Terraform is told of a resource beside its arguments: order and life cycle.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::carrier::Lowered;
use super::syntax::{Body, Expr};
use crate::graph::{Graph, Node};
use crate::schema::Property;
use crate::value::Value;
use crate::wire::{self, Terraform};

/// The addresses of what carries parts of each resource, by the resource's index; those without parts have none.
pub(super) type Parts = HashMap<u32, Vec<String>>;

/// What each carrier of a resource waits for without a reference that says so: what the stack says beside all references, and the
/// parts of whatever is referred to. A resource is of use only with its parts (a subnet with its NAT gateway), and a
/// reference to it makes nothing wait for them.
pub(super) fn order(
    graph: &Graph,
    spell: &Terraform<'_>,
    index: u32,
    carriers: &[Lowered],
    parts: &Parts,
) -> Vec<Vec<String>> {
    let said: Vec<BTreeSet<u32>> =
        carriers.iter().map(|lowered| referred_to(graph, index, lowered)).collect();
    let Some(main) = said.first() else { return Vec::new() };
    let edges = graph.nodes[index as usize].edges.iter().map(|edge| edge.to);
    let unsaid: Vec<u32> = edges.filter(|to| !said.iter().any(|said| said.contains(to))).collect();
    let has_parts = |to: &&u32| parts.contains_key(to);
    let behind_main =
        if unsaid.is_empty() && !main.iter().any(|to| has_parts(&to)) && said.len() == 1 {
            HashSet::new()
        } else {
            behind(graph, main)
        };
    let mut out = Vec::with_capacity(said.len());
    for (at, own) in said.iter().enumerate() {
        let referred = own.iter().filter(has_parts);
        let waits: BTreeSet<String> = if at == 0 {
            let open = referred.chain(&unsaid).filter(|to| !behind_main.contains(to));
            open.flat_map(|to| last(spell, parts, *to)).collect()
        } else {
            // A part waits for the resource itself, and so for all that this waits for.
            let known = |to: &&u32| main.contains(to) || behind_main.contains(to);
            let mut open = referred.filter(|to| !known(to)).peekable();
            let behind_own =
                if open.peek().is_some() { behind(graph, own) } else { HashSet::new() };
            open.filter(|to| !behind_own.contains(to))
                .flat_map(|to| last(spell, parts, *to))
                .collect()
        };
        out.push(waits.into_iter().collect());
    }
    out
}

/// The other resources that a carrier refers to.
fn referred_to(graph: &Graph, index: u32, lowered: &Lowered) -> BTreeSet<u32> {
    let mut said = BTreeSet::new();
    lowered.value.each_output(&mut |output| {
        // What is written as it is known beforehand makes nothing wait.
        let known = || graph.node(output.node).and_then(|node| node.known(output.output));
        if output.node.index != index && (!output.output.tf.is_empty() || known().is_none()) {
            said.insert(output.node.index);
        }
    });
    said
}

/// What is there last of a resource: its parts, or itself where it has none.
fn last(spell: &Terraform<'_>, parts: &Parts, index: u32) -> Vec<String> {
    let own =
        || vec![format!("{}.{}", spell.resource(index as usize), spell.label(index as usize))];
    parts.get(&index).cloned().unwrap_or_else(own)
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

/// What those wait for, however far on.
fn behind(graph: &Graph, from: &BTreeSet<u32>) -> HashSet<u32> {
    let mut seen = HashSet::new();
    let mut open: Vec<u32> = from.iter().copied().collect();
    while let Some(at) = open.pop() {
        let edges = graph.nodes[at as usize].edges.iter().map(|edge| edge.to);
        open.extend(edges.filter(|to| seen.insert(*to)));
    }
    seen
}

/// The arguments of this resource that the stack leaves to others.
fn ignored(node: &Node, lowered: &Lowered, raw: bool) -> BTreeSet<String> {
    let props = node.meta.ignore.iter();
    let Some(free) = node.ty.provider.terraform_raw.as_ref().filter(|_| raw) else {
        let of_part = |prop: &&u16| {
            let property = node.ty.props.get(**prop as usize);
            property.and_then(|property| property.tf).is_some_and(|tf| tf.part == lowered.part)
        };
        let own = props.filter(of_part).flat_map(|prop| places(node, *prop));
        return own.chain(ignored_in_blocks(node, lowered)).collect();
    };
    let props = props.filter_map(|&prop| node.ty.props.get(prop as usize));
    let paths = props.filter_map(|property| property.wire.as_ref());
    let own = paths.filter(|path| path.part == lowered.part && !path.path.is_empty());
    own.map(|path| (free.path)(path.path)).collect()
}

/// Where Terraform has a property of a resource, as `ignore_changes` names it: mostly one argument, several where the property
/// is merged into the body, none where Terraform does not have it or where it is merged and not said.
pub fn places(node: &Node, prop: u16) -> Vec<String> {
    let Some(property) = node.ty.props.get(prop as usize) else { return Vec::new() };
    let mut out: Vec<String> = place(property).into_iter().collect();
    if let Some(merged) = wire::merged(node, prop) {
        leaves(&merged, "", &mut out);
    }
    out
}

/// The arguments in a body that is merged into another, through blocks of which there is one.
fn leaves(body: &Value, within: &str, out: &mut Vec<String>) {
    let Value::Map(entries) = body else { return };
    for (key, value) in entries.iter() {
        match value {
            Value::Map(_) => leaves(value, &format!("{within}{key}[0]."), out),
            _ => out.push(format!("{within}{key}")),
        }
    }
}

/// Where an argument stands, from its block on: those in between are lists of one, but for a map.
fn place(property: &Property) -> Option<String> {
    let (last, outer) = property.tf.as_ref()?.path.split_last()?;
    let map = outer.len().checked_sub(1).filter(|_| property.tf_map);
    let steps = outer.iter().enumerate().map(|(at, step)| match map {
        Some(map) if at == map => format!("{step}."),
        _ => format!("{step}[0]."),
    });
    Some(steps.chain([(*last).to_owned()]).collect())
}

/// The arguments of repeated blocks that the stack leaves to others, one for each block.
fn ignored_in_blocks(node: &Node, lowered: &Lowered) -> Vec<String> {
    let mut found = Vec::new();
    for (prop, leaf) in &node.meta.ignore_in {
        let Some(property) = node.ty.props.get(*prop as usize) else { continue };
        let block = property.kind.block();
        let inner = block.and_then(|block| block.props.iter().find(|inner| inner.name == *leaf));
        let own = property.tf.is_some_and(|path| path.part == lowered.part);
        let (true, Some(outer), Some(inner)) = (own, place(property), inner.and_then(place)) else {
            continue;
        };
        let number = match node.fields.get(*prop) {
            Some(Value::List(items)) => items.len(),
            _ => 1,
        };
        found.extend((0..number).map(|at| format!("{outer}[{at}].{inner}")));
    }
    found
}
