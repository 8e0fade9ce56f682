//! `unrecorded-logs`: logs that nobody keeps, in a stack that has a place for them.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::Fact;

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let of = |fact| graph.nodes.iter().filter(move |node| super::has(node, fact));
    let Some(keeper) = of(Fact::KeepsLogs).next() else { return };
    let recorded: HashSet<u32> = of(Fact::Records).filter_map(|setting| setting.parent).collect();
    for (index, node) in (0u32..).zip(&graph.nodes) {
        if super::has(node, Fact::Logs) && !recorded.contains(&index) {
            let what = format!("the logs of this {} are kept nowhere", node.ty.label);
            report(
                node,
                Diagnostic::warning("unrecorded-logs", what)
                    .at(node.declared_at(), "no diagnostic setting is about this")
                    .at(keeper.declared_at(), "logs could be kept here")
                    .help("add a diagnostic setting: `DiagnosticSetting::to_workspace(..)`"),
            );
        }
    }
}
