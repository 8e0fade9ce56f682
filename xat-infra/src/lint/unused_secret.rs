//! `unused-secret`: a secret that nothing in the stack refers to.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node, Why};
use crate::schema::Fact;

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let edges = graph.nodes.iter().flat_map(|node| &node.edges);
    let used = edges.filter(|edge| edge.why != Why::Ordered).map(|edge| edge.to);
    let given = graph.outputs.iter().flat_map(|output| output.value.outputs());
    let used: HashSet<u32> = used.chain(given.map(|output| output.node.index)).collect();
    for (index, node) in (0u32..).zip(&graph.nodes) {
        if super::has(node, Fact::ForOthers) && !used.contains(&index) {
            let what = format!("nothing refers to the {} `{}`", node.ty.label, node.key);
            report(
                node,
                Diagnostic::warning("unused-secret", what)
                    .at(node.declared_at(), "nothing in this stack uses it")
                    .help(
                        "hand its handle to what should use it; for readers outside the stack say so: \
                         `.allow(\"unused-secret\", \"..\")`",
                    ),
            );
        }
    }
}
