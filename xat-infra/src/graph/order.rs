//! The order of a graph: everything behind what it waits for, ties by address; or the ring that forbids one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::address::Address;
use super::{Edge, Why};
use crate::diagnostic::Diagnostic;
use crate::dsl::Declared;

/// The order, which depends on addresses and edges alone, never on insertion; or the resources in rings.
pub(crate) fn order(edges: &[Vec<Edge>], addresses: &[Address]) -> Result<Vec<u32>, Vec<u32>> {
    let count = edges.len();
    // The first bytes tell most addresses apart without a look at the text itself.
    let mut keyed: Vec<(u128, u32)> =
        (0u32..).zip(addresses).map(|(index, address)| (prefix(&address.full), index)).collect();
    keyed.sort_unstable_by(|(p, a), (q, b)| {
        p.cmp(q).then_with(|| addresses[*a as usize].full.cmp(&addresses[*b as usize].full))
    });
    let by_address: Vec<u32> = keyed.into_iter().map(|(_, index)| index).collect();
    let mut rank = vec![0u32; count];
    for (place, index) in (0u32..).zip(&by_address) {
        rank[*index as usize] = place;
    }
    let mut waiting: Vec<u32> = vec![0; count];
    // Who waits for whom, in one list: the followers of a resource stand between its start and the next one's.
    let mut starts: Vec<usize> = vec![0; count + 1];
    for (index, edges) in edges.iter().enumerate() {
        waiting[index] = u32::try_from(edges.len()).unwrap_or(u32::MAX);
        for edge in edges {
            starts[edge.to as usize + 1] += 1;
        }
    }
    for at in 0..count {
        starts[at + 1] += starts[at];
    }
    let mut next = starts.clone();
    let mut followers: Vec<u32> = vec![0; starts[count]];
    for (index, edges) in (0u32..).zip(edges) {
        for edge in edges {
            followers[next[edge.to as usize]] = index;
            next[edge.to as usize] += 1;
        }
    }
    let mut ready: BinaryHeap<Reverse<u32>> = by_address
        .iter()
        .filter(|i| waiting[**i as usize] == 0)
        .map(|i| Reverse(rank[*i as usize]))
        .collect();
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse(place)) = ready.pop() {
        let index = by_address[place as usize];
        order.push(index);
        for follower in &followers[starts[index as usize]..starts[index as usize + 1]] {
            waiting[*follower as usize] -= 1;
            if waiting[*follower as usize] == 0 {
                ready.push(Reverse(rank[*follower as usize]));
            }
        }
    }
    if order.len() == count { Ok(order) } else { Err(ring(edges, &rank)) }
}

/// The first bytes of a text, as a number in the same order.
fn prefix(text: &str) -> u128 {
    let mut bytes = [0u8; 16];
    for (to, from) in bytes.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    u128::from_be_bytes(bytes)
}

/// One ring, as short as following first edges finds it, starting at its first address.
fn ring(edges: &[Vec<Edge>], rank: &[u32]) -> Vec<u32> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(edges.len(), edges.len());
    for _ in edges {
        graph.add_node(());
    }
    for (index, edges) in edges.iter().enumerate() {
        for edge in edges {
            graph.add_edge(NodeIndex::new(index), NodeIndex::new(edge.to as usize), ());
        }
    }
    let component = tarjan_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1)
        .min_by_key(|component| component.iter().map(|n| rank[n.index()]).min());
    let Some(component) = component else { return Vec::new() };
    let inside: std::collections::HashSet<usize> = component.iter().map(|n| n.index()).collect();
    let Some(start) = inside.iter().copied().min_by_key(|n| rank[*n]) else { return Vec::new() };
    // Breadth first from the start, back to the start: the shortest ring through it.
    let mut from: std::collections::HashMap<usize, usize> = Default::default();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let mut next: Vec<usize> =
            edges[at].iter().map(|e| e.to as usize).filter(|to| inside.contains(to)).collect();
        next.sort_by_key(|n| rank[*n]);
        for to in next {
            if to == start {
                let mut path = vec![at];
                let mut hop = at;
                while hop != start {
                    hop = from[&hop];
                    path.push(hop);
                }
                path.reverse();
                return path.into_iter().map(|n| u32::try_from(n).unwrap_or(u32::MAX)).collect();
            }
            from.entry(to).or_insert_with(|| {
                queue.push_back(to);
                at
            });
        }
    }
    Vec::new()
}

/// The ring as a diagnostic: the path that closes, each hop at its line.
pub(crate) fn cycle(
    ring: &[u32],
    edges: &[Vec<Edge>],
    addresses: &[Address],
    resources: &[Declared],
) -> Diagnostic {
    let name = |index: u32| addresses[index as usize].full.as_str();
    let mut path: Vec<String> = ring.iter().map(|i| format!("`{}`", name(*i))).collect();
    path.extend(path.first().cloned());
    let mut out = Diagnostic::error(
        "dependency-cycle",
        format!("these wait for each other: {}", path.join(" → ")),
    );
    for (at, index) in ring.iter().enumerate() {
        let to = ring[(at + 1) % ring.len()];
        if let Some(edge) = edges[*index as usize].iter().find(|edge| edge.to == to) {
            let why = match edge.why {
                Why::Contained => "is part of".to_owned(),
                Why::Property(prop) => {
                    let label = resources[*index as usize].ty.props[prop as usize].label;
                    format!("needs, for its {label},")
                }
                Why::Ordered => "is ordered after".to_owned(),
            };
            out = out.at(edge.at, format!("`{}` {why} `{}`", name(*index), name(to)));
        }
    }
    out.help("break the ring at one of these hops")
}

#[cfg(test)]
mod tests {
    use crate::azure::prelude::*;
    use crate::value::NodeRef;

    /// No stack can be written with a ring, because a handle comes after its resource; this one is made by hand.
    #[test]
    fn a_ring_is_told_hop_by_hop() {
        let mut stack = Stack::new("demo").subscription("5a1e0000-0000-4000-8000-000000000001");
        let mut handles = Vec::new();
        for name in ["c", "a", "b", "outside"] {
            let group = ResourceGroup::new(Name::new(name), Region::WestEurope);
            handles.push(stack.add(group).node());
        }
        let mut hop = |from: usize, to: NodeRef| {
            let at = stack.resources[from].meta.at;
            stack.resources[from].meta.depends_on.push((to, at));
        };
        hop(0, handles[1]);
        hop(1, handles[2]);
        hop(2, handles[0]);
        hop(3, handles[0]);
        let problems = crate::graph::build(stack).err().unwrap_or_default();
        let [problem] = problems.as_slice() else { panic!("one ring: {problems:#?}") };
        assert_eq!(problem.code, "dependency-cycle");
        assert_eq!(
            problem.message,
            "these wait for each other: `resource_group.a` → `resource_group.b` → \
             `resource_group.c` → `resource_group.a`"
        );
        let hops: Vec<&str> = problem.labels.iter().map(|(_, word)| word.as_str()).collect();
        assert_eq!(
            hops,
            [
                "`resource_group.a` is ordered after `resource_group.b`",
                "`resource_group.b` is ordered after `resource_group.c`",
                "`resource_group.c` is ordered after `resource_group.a`",
            ]
        );
        assert!(problem.labels.iter().all(|(spot, _)| spot.file.ends_with("order.rs")));
    }
}
