//! Lint: rules that need the whole graph. One file each, a stable code, and `.allow(code, reason)` to set one aside.
//!
//! Rules know no type. What they need to know of one it declares as a [`Fact`].

mod missing_role;
mod outside_network;
mod overlapping_peers;
mod overlapping_subnets;
mod silent_alert;
mod too_many_connections;
mod unlinked_zone;
mod unprotected_data;
mod unrecorded_logs;
mod unused_secret;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::{Fact, Property};
use crate::value::{Fields, OutputRef, Value};

/// A rule: reports what it finds, with the resource that may set it aside.
type Rule = fn(&Graph, &mut dyn FnMut(&Node, Diagnostic));

/// All rules, by code.
static RULES: &[Rule] = &[
    missing_role::check,
    outside_network::check,
    overlapping_peers::check,
    overlapping_subnets::check,
    silent_alert::check,
    too_many_connections::check,
    unlinked_zone::check,
    unprotected_data::check,
    unrecorded_logs::check,
    unused_secret::check,
];

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

/// What `pick` makes of the facts of every resource's type, in the order of the stack.
fn with_fact<T>(
    graph: &Graph,
    pick: impl Fn(Fact) -> Option<T> + Copy,
) -> impl Iterator<Item = (&Node, T)> {
    graph.nodes.iter().flat_map(move |node| {
        node.ty.facts.iter().filter_map(move |fact| Some((node, pick(*fact)?)))
    })
}

/// Whether a resource's type declares a fact that says no more than that.
fn has(node: &Node, fact: Fact) -> bool {
    node.ty.facts.iter().any(|other| other.is(fact))
}

/// A resource, what holds it, what holds that, and so on.
fn upwards<'g>(graph: &'g Graph, node: &'g Node) -> impl Iterator<Item = &'g Node> {
    std::iter::successors(Some(node), |node| graph.nodes.get(node.parent? as usize))
}

/// Whether a resource beside another (a lock, a role) is about `node`, or about something that holds it.
fn is_about(beside: &Node, node: &Node) -> bool {
    let above = beside.ty.provider.parent_of_id;
    let Some(scope) = above(&beside.id) else { return false };
    // What holds a resource does not everywhere stand in front of its name.
    if std::ptr::eq(beside.ty.provider, node.ty.provider)
        && std::iter::successors(Some(node.id.clone()), |id| above(id))
            .take(MAX_LEVELS)
            .any(|id| id.eq_ignore_ascii_case(&scope))
    {
        return true;
    }
    node.id.get(..scope.len()).is_some_and(|start| start.eq_ignore_ascii_case(&scope))
        && matches!(node.id.as_bytes().get(scope.len()), None | Some(b'/'))
}

/// How many levels resources lie in each other at most; what goes on and on is no place.
const MAX_LEVELS: usize = 16;

/// The values that a resource declares at a property, or at `list.property` in each of its blocks, however deep.
fn declared<'g>(node: &'g Node, path: &str) -> Vec<&'g Value> {
    declared_in(&node.fields, node.ty.props, path)
}

fn declared_in<'g>(fields: &'g Fields, props: &'static [Property], path: &str) -> Vec<&'g Value> {
    match path.split_once('.') {
        None => fields.named(props, path).into_iter().collect(),
        Some((list, rest)) => blocks_in(fields, props, list)
            .into_iter()
            .flat_map(|(fields, props)| declared_in(fields, props, rest))
            .collect(),
    }
}

/// The blocks that a resource declares at a property: one, or those of a list.
fn blocks<'g>(node: &'g Node, property: &str) -> Vec<(&'g Fields, &'static [Property])> {
    blocks_in(&node.fields, node.ty.props, property)
}

fn blocks_in<'g>(
    fields: &'g Fields,
    props: &'static [Property],
    property: &str,
) -> Vec<(&'g Fields, &'static [Property])> {
    let described = props.iter().find(|prop| prop.name == property);
    let Some(block) = described.and_then(|prop| prop.kind.block()) else { return Vec::new() };
    let values = match fields.named(props, property) {
        Some(Value::List(items)) => items.iter().collect(),
        Some(Value::Map(entries)) => entries.iter().map(|(_, value)| value).collect(),
        one => Vec::from_iter(one),
    };
    values.into_iter().filter_map(Value::as_block).map(|fields| (fields, block.props)).collect()
}

/// The outputs in some values, with the resources that they are of.
fn outputs<'g>(
    graph: &'g Graph,
    values: impl IntoIterator<Item = &'g Value>,
) -> Vec<(OutputRef, &'g Node)> {
    let mut found = Vec::new();
    for value in values {
        value.each_output(&mut |output| {
            found.extend(graph.node(output.node).map(|node| (output, node)));
        });
    }
    found
}

/// The literal ranges that a resource declares at a property.
fn ranges(node: &Node, property: &str) -> Vec<crate::dsl::Cidr> {
    let Some(Value::List(items)) = node.fields.named(node.ty.props, property) else {
        return Vec::new();
    };
    items.iter().filter_map(|item| item.as_str()?.parse().ok()).collect()
}

/// The literal ranges of addresses that a resource has, if it is something that has some.
fn addresses(node: &Node) -> Option<Vec<crate::dsl::Cidr>> {
    node.ty.facts.iter().find_map(|fact| match fact {
        Fact::Addresses(property) => Some(ranges(node, property)),
        _ => None,
    })
}

/// The parts of every network of the graph, with their ranges: the network and its ranges, the part and its ranges.
fn parts(graph: &Graph) -> impl Iterator<Item = [(&Node, Vec<crate::dsl::Cidr>); 2]> {
    graph.nodes.iter().filter_map(|part| {
        let network = graph.nodes.get(part.parent? as usize)?;
        Some([(network, addresses(network)?), (part, addresses(part)?)])
    })
}
