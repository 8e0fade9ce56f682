//! The planner judges what was read: a property that would be proposed as a change of its own body is not declared.
//!
//! That happens where a service answers with what the type takes for another value. Such a property is said raw.

use super::{Item, is_raw, items, raw};
use crate::graph::Graph;
use crate::live::Estate;
use crate::plan::{self, Action, Options};
use crate::schema::Registered;
use crate::state::State;

/// Takes from each item what does not plan to nothing against its own body.
pub(super) fn judge(
    items: &mut [Item],
    estate: &Estate,
    types: &[Registered],
    notes: &mut Vec<String>,
) {
    for item in items.iter_mut().filter(|item| !is_raw(item.ty)) {
        match noisy(item, estate) {
            Some(noisy) => noisy.into_iter().for_each(|index| drop_property(item, index)),
            // The planner cannot read the body as this type's.
            None => {
                if let Some(raw) = raw::as_raw(item, types, notes) {
                    *item = raw;
                }
            }
        }
    }
}

/// The properties that differ from the item's own body; `None` where the body is of another shape than the type.
fn noisy(item: &Item, estate: &Estate) -> Option<Vec<u16>> {
    let graph = Graph::of_one(item.ty, &item.id, item.fields.clone());
    let plan = plan::plan(&graph, estate, &State::empty(), &Options::default()).ok()?;
    let mut out = Vec::new();
    for step in plan.steps.iter().filter(|step| step.action != Action::Adopt) {
        for change in &step.changes {
            let name = change.path.split(['.', '[']).next().unwrap_or_default();
            out.extend(item.ty.prop(name).filter(|index| !out.contains(index)));
        }
    }
    Some(out)
}

/// A required property stays, for the constructor asks for it, and is not compared; any other is said raw.
fn drop_property(item: &mut Item, index: u16) {
    if item.ty.props[index as usize].required {
        item.ignore.push(index);
        return;
    }
    items::drop_field(item, index);
    items::unsaid(item, index);
}
