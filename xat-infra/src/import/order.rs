//! The order in which resources are written: each behind what it uses, groups first, else as they were read.

use std::collections::{BTreeSet, HashSet};

/// The items in order. `uses` says what each would use; where that goes round in a ring, one of the ring goes first and
/// does without.
pub(super) fn order(uses: &[BTreeSet<u32>], first: &dyn Fn(u32) -> bool) -> Vec<u32> {
    let count = u32::try_from(uses.len()).unwrap_or(u32::MAX);
    let mut open: BTreeSet<(bool, u32)> = (0..count).map(|index| (!first(index), index)).collect();
    let mut waiting: Vec<usize> = vec![0; uses.len()];
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); uses.len()];
    for (user, used) in (0..count).zip(uses) {
        for of in used.iter().filter(|of| **of != user) {
            waiting[user as usize] += 1;
            users[*of as usize].push(user);
        }
    }
    let mut ready: BTreeSet<(bool, u32)> =
        open.iter().filter(|(_, index)| waiting[*index as usize] == 0).copied().collect();
    let mut placed = HashSet::new();
    let mut out = Vec::with_capacity(uses.len());
    while let Some(next) = ready.pop_first().or_else(|| open.first().copied()) {
        open.remove(&next);
        let (_, index) = next;
        if !placed.insert(index) {
            continue;
        }
        out.push(index);
        for user in &users[index as usize] {
            waiting[*user as usize] = waiting[*user as usize].saturating_sub(1);
            if waiting[*user as usize] == 0 && !placed.contains(user) {
                ready.insert((!first(*user), *user));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::order;
    use std::collections::BTreeSet;

    #[test]
    fn what_is_used_goes_first_and_rings_are_cut() {
        let uses = |lists: &[&[u32]]| -> Vec<BTreeSet<u32>> {
            lists.iter().map(|list| list.iter().copied().collect()).collect()
        };
        assert_eq!(order(&uses(&[&[1], &[2], &[]]), &|_| false), [2, 1, 0]);
        assert_eq!(order(&uses(&[&[], &[], &[]]), &|index| index == 2), [2, 0, 1]);
        assert_eq!(order(&uses(&[&[1], &[0], &[1]]), &|_| false), [0, 1, 2]);
        assert_eq!(order(&uses(&[&[0]]), &|_| false), [0]);
    }
}
