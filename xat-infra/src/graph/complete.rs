//! What completes others: whoever uses a secret waits for its version, and for the members of its policy.
//!
//! No property says so, and the service refuses whoever comes earlier. Where the wait would go round in a ring (a member that is
//! what uses the resource), there is none.

use std::collections::{BTreeMap, HashSet};

use super::address::Address;
use super::{Edge, Why, symbolic};
use crate::dsl::Declared;

/// Adds the edges from what refers to a resource to what completes that resource.
pub(super) fn wait(resources: &[Declared], edges: &mut [Vec<Edge>], addresses: &[Address]) {
    let mut completing: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (index, _) in (0u32..).zip(resources).filter(|(_, declared)| declared.ty.completes) {
        if let Some(holder) = symbolic::parent(resources, index) {
            completing.entry(holder.index).or_default().push(index);
        }
    }
    if completing.is_empty() {
        return;
    }
    let by_address = |indices: &mut [u32]| {
        indices.sort_by_key(|index| addresses.get(*index as usize).map(|address| &address.full));
    };
    completing.values_mut().for_each(|all| by_address(all));
    let mut users: Vec<u32> = (0u32..)
        .zip(resources)
        .filter(|(_, declared)| !declared.ty.completes)
        .map(|(index, _)| index)
        .collect();
    // Which ring is left open must not depend on the order in which a stack was written.
    by_address(&mut users);
    for user in users {
        let used = edges[user as usize].iter().filter(|edge| matches!(edge.why, Why::Property(_)));
        let mut used: Vec<(u32, Edge)> = used.map(|edge| (edge.to, *edge)).collect();
        used.sort_by_key(|(to, _)| addresses.get(*to as usize).map(|address| &address.full));
        for (holder, edge) in used {
            for to in completing.get(&holder).into_iter().flatten() {
                let known = edges[user as usize].iter().any(|edge| edge.to == *to);
                if !known && !reaches(edges, *to, user) {
                    edges[user as usize].push(Edge { to: *to, why: Why::Ordered, at: edge.at });
                }
            }
        }
    }
}

/// Whether one resource waits for another, however far away.
fn reaches(edges: &[Vec<Edge>], from: u32, to: u32) -> bool {
    let (mut open, mut seen) = (vec![from], HashSet::new());
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(edges[at as usize].iter().map(|edge| edge.to));
        }
    }
    false
}
