//! `overlapping-peers`: two networks that share addresses and are joined.
//!
//! Source: <https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview>.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::Fact;

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let joins = super::with_fact(graph, |fact| match fact {
        Fact::Joins(property) => Some(property),
        _ => None,
    });
    for (peering, property) in joins {
        let here = peering.parent.and_then(|parent| graph.nodes.get(parent as usize));
        for (_, there) in super::outputs(graph, super::declared(peering, property)) {
            let Some(here) = here else { continue };
            let (Some(ours), Some(theirs)) = (super::addresses(here), super::addresses(there))
            else {
                continue;
            };
            let shared = ours
                .iter()
                .find_map(|our| Some((our, theirs.iter().find(|their| our.overlaps(**their))?)));
            if let Some((our, their)) = shared {
                let what =
                    format!("`{}` and `{}` share addresses and are joined", here.key, there.key);
                report(
                    peering,
                    Diagnostic::error("overlapping-peers", what)
                        .at(peering.declared_at(), "joined here")
                        .at(here.declared_at(), format!("this network has {our}"))
                        .at(there.declared_at(), format!("this one has {their}"))
                        .help("give one of the networks another range"),
                );
            }
        }
    }
}
