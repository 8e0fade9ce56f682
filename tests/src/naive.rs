//! A planner that is too simple to be wrong: compares specs, knows nothing of graphs, bodies or states.

use std::collections::{BTreeMap, BTreeSet};

use xat_infra::plan::Action;

use crate::spec::{Spec, ThingSpec, name};

/// What must happen to each thing, by name.
pub fn plan(old: &Spec, new: &Spec) -> BTreeMap<String, Action> {
    let mut out = BTreeMap::new();
    let mut remade: BTreeSet<usize> = BTreeSet::new();
    let mut replaced: BTreeSet<usize> = BTreeSet::new();
    let absent = ThingSpec::default();
    // References go to earlier things only, so one pass sees every cause before its effects.
    for at in 0..old.len().max(new.len()) {
        let before = old.get(at).unwrap_or(&absent);
        let after = new.get(at).unwrap_or(&absent);
        let action = match (before.present, after.present) {
            (false, false) => None,
            (false, true) => Some(Action::Create),
            (true, false) => Some(Action::Delete),
            (true, true) => changed(before, after, &remade, &replaced),
        };
        if matches!(action, Some(Action::Create | Action::Replace)) {
            remade.insert(at);
        }
        if action == Some(Action::Replace) {
            replaced.insert(at);
        }
        if let Some(action) = action {
            out.insert(name(at), action);
        }
    }
    out
}

fn changed(
    old: &ThingSpec,
    new: &ThingSpec,
    remade: &BTreeSet<usize>,
    replaced: &BTreeSet<usize>,
) -> Option<Action> {
    // A SKU or anchor that goes has no default to go back to, so it too takes a replacement.
    if old.sku != new.sku
        || old.anchor != new.anchor
        || new.anchor.is_some_and(|to| replaced.contains(&to))
    {
        return Some(Action::Replace);
    }
    let size = |thing: &ThingSpec| thing.size.unwrap_or(1);
    let same = size(old) == size(new)
        && old.token_of == new.token_of
        && !new.token_of.is_some_and(|to| remade.contains(&to))
        && old.labels == new.labels
        && old.peers == new.peers
        && old.rules == new.rules
        && old.public == new.public
        // A password that is no longer declared stays: there is no value to write in its place.
        && (new.password.is_none() || old.password == new.password)
        && old.settings == new.settings
        && old.tags == new.tags;
    if same { None } else { Some(Action::Update) }
}
