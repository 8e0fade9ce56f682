//! `overlapping-subnets`: two subnets of one virtual network that share addresses.
//!
//! Source: <https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-subnet>.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let mut by_network: BTreeMap<&str, Vec<(crate::dsl::Cidr, &Node)>> = BTreeMap::new();
    for [(network, _), (subnet, ranges)] in super::parts(graph) {
        let all = by_network.entry(&network.address).or_default();
        all.extend(ranges.into_iter().map(|range| (range, subnet)));
    }
    for ranges in by_network.values_mut() {
        // Each pair is reported once, whichever was declared first.
        ranges.sort_by_key(|(range, subnet)| (range.to_string(), subnet.address.clone()));
        for (at, (range, subnet)) in ranges.iter().enumerate() {
            for (other_range, other) in &ranges[at + 1..] {
                if range.overlaps(*other_range) && !std::ptr::eq(*subnet, *other) {
                    let (range, key) = (range.to_string(), &subnet.key);
                    report(
                        other,
                        Diagnostic::error("overlapping-subnets", format!("`{}` and `{key}` share addresses", other.key))
                            .at(other.declared_at(), format!("this subnet has {other_range}"))
                            .at(subnet.declared_at(), format!("this one has {range}"))
                            .help("give one of them another range: `network.subnet(24, 3)` counts them out"),
                    );
                }
            }
        }
    }
}
