//! `outside-network`: a subnet whose range is not inside its virtual network's.
//!
//! Source: <https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet>.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    for [(network, outer), (subnet, ranges)] in super::parts(graph) {
        for range in ranges {
            if !outer.is_empty() && !outer.iter().any(|outer| outer.contains(range)) {
                let all = outer.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                report(
                    subnet,
                    Diagnostic::error(
                        "outside-network",
                        format!(
                            "`{}` has the range {range}, outside `{}`",
                            subnet.key, network.key
                        ),
                    )
                    .at(subnet.declared_at(), "this subnet")
                    .at(network.declared_at(), format!("its network has {all}"))
                    .help("take a range inside the network's, or give the network another"),
                );
            }
        }
    }
}
