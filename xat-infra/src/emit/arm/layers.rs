//! In which deployment of its group each resource is made.

use std::collections::HashMap;

use super::limits::MOST_RESOURCES;
use crate::diagnostic::Diagnostics;
use crate::emit::unsayable;
use crate::graph::{Graph, Node};
use crate::wire::{deployment_scope, group_of, lower_rest};

/// The layer of each resource in its group. A layer only ever waits for lower ones, and holds no more than a template can.
pub(super) fn layers(graph: &Graph, subscription: &str, problems: &mut Diagnostics) -> Vec<u32> {
    let mut layers = vec![0u32; graph.nodes.len()];
    let mut held: HashMap<(String, u32), usize> = HashMap::new();
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        let scope = deployment_scope(&node.id);
        let is_own = |a: &&str, b: &&str| a.eq_ignore_ascii_case(b);
        let segments: Vec<&str> = scope.split('/').take(3).collect();
        let own: Vec<&str> = subscription.split('/').collect();
        if segments.len() != own.len() || !segments.iter().zip(&own).all(|(a, b)| is_own(a, b)) {
            problems.push(unsayable(
                node,
                "ARM",
                "it lives outside the subscription that the template is deployed to",
                "give each subscription a stack of its own, or emit this one as Terraform or steps",
            ));
        }
        let mut layer = 0;
        for edge in &node.edges {
            let to = &graph.nodes[edge.to as usize];
            let theirs = deployment_scope(&to.id);
            // A group is made before anything that is deployed to it.
            let is_group = !to.id.contains("/providers/");
            let crosses = !theirs.eq_ignore_ascii_case(scope) && !is_group;
            layer = layer.max(layers[edge.to as usize] + u32::from(crosses));
        }
        if let Some(group) = group_of(scope) {
            let bodies = bodies(node);
            // What waits for a resource comes behind it, so that a full layer is left for good.
            while held.get(&(group.to_owned(), layer)).is_some_and(|n| n + bodies > MOST_RESOURCES)
            {
                layer += 1;
            }
            *held.entry((group.to_owned(), layer)).or_default() += bodies;
        }
        layers[index as usize] = layer;
    }
    layers
}

/// How many resources of a template carry a node.
fn bodies(node: &Node) -> usize {
    if node.ty.parts.is_empty() { 1 } else { lower_rest(node, &node.fields).len() }
}
