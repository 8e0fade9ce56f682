//! `unlinked-zone`: a private name that the network of its owner cannot look up.
//!
//! Source: <https://learn.microsoft.com/azure/private-link/private-endpoint-dns>.

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::schema::Fact;

pub(super) fn check(graph: &Graph, report: &mut dyn FnMut(&Node, Diagnostic)) {
    let named = super::with_fact(graph, |fact| match fact {
        Fact::NamedIn { zones, place } => Some((zones, place)),
        _ => None,
    });
    for (endpoint, (zones, place)) in named {
        let places = super::outputs(graph, super::declared(endpoint, place));
        let Some((_, place)) = places.first() else { continue };
        let Some(network) = super::upwards(graph, place).skip(1).find(|n| is_network(n)) else {
            continue;
        };
        for (_, zone) in super::outputs(graph, super::declared(endpoint, zones)) {
            let linked = links(graph).any(|(link, property)| {
                let of_zone = link.parent.and_then(|at| graph.nodes.get(at as usize));
                let networks = super::outputs(graph, super::declared(link, property));
                of_zone.is_some_and(|of| std::ptr::eq(of, zone))
                    && networks.iter().any(|(_, known)| std::ptr::eq(*known, network))
            });
            if !linked {
                let (name, net) = (&zone.name, &network.key);
                let what = format!(
                    "the name of `{}` is in `{name}`, which `{net}` does not ask",
                    endpoint.key
                );
                report(
                    endpoint,
                    Diagnostic::warning("unlinked-zone", what)
                        .at(endpoint.declared_at(), format!("its place is in `{net}`"))
                        .at(zone.declared_at(), "this zone has no link to that network")
                        .help(
                            "link the zone to the network, and take the zone through the link: \
                             `PrivateDnsZoneLink::new(..)`",
                        ),
                );
            }
        }
    }
}

fn is_network(node: &Node) -> bool {
    super::addresses(node).is_some()
}

/// What makes zones known in networks, and the property that names the network.
fn links(graph: &Graph) -> impl Iterator<Item = (&Node, &'static str)> {
    super::with_fact(graph, |fact| match fact {
        Fact::KnownIn(network) => Some(network),
        _ => None,
    })
}
