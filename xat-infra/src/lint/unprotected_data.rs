//! `unprotected-data`: what holds data, and nothing keeps anybody from deleting it.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::Fact;
use crate::value::Value;

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let guards: Vec<&Node> =
        graph.nodes.iter().filter(|node| super::has(node, Fact::Guards)).collect();
    for node in graph.nodes.iter().filter(|node| holds_data(node)) {
        // What is in it goes with it, so that the outermost is told of.
        let outermost = !super::upwards(graph, node).skip(1).any(holds_data);
        let guarded =
            guards.iter().any(|guard| super::is_about(guard, node)) || guards_itself(node);
        if outermost && !node.meta.protect && !guarded {
            let what = format!("nothing protects the data in this {}", node.ty.label);
            report(
                node,
                Diagnostic::warning("unprotected-data", what)
                    .at(node.declared_at(), "anybody with a role may delete this")
                    .help(
                        "keep plans from deleting it by `.protect()`, and everyone else by a lock or its own protection, or say why that is not \
                         needed: `.allow(\"unprotected-data\", \"..\")`",
                    ),
            );
        }
    }
}

/// A group holds what is in it, and no data of its own.
fn holds_data(node: &Node) -> bool {
    node.ty.holds_data && !super::has(node, Fact::Groups)
}

/// Whether its service refuses to delete it, as the stack says it should.
fn guards_itself(node: &Node) -> bool {
    node.ty.facts.iter().any(|fact| match fact {
        Fact::GuardedBy(properties) => properties.iter().any(|path| {
            super::declared(node, path).iter().any(|value| !matches!(value, Value::Bool(false)))
        }),
        _ => false,
    })
}
