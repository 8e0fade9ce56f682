//! Live resources of one name where the service numbers them and a stack knows them by that name: nothing but the number tells
//! them apart.

use std::collections::{BTreeMap, HashMap};

use super::items::candidates;
use super::{Body, Item};
use crate::schema::{Property, Registered, ResourceType};
use crate::wire;

/// Those that have a namesake, by their ID in lower case: what each is called.
pub(super) fn namesakes(
    bodies: &[Body],
    types: &[Registered],
    notes: &mut Vec<String>,
) -> HashMap<String, String> {
    let mut called: BTreeMap<(String, String), Vec<(&Body, &'static str, String)>> =
        BTreeMap::new();
    for body in bodies {
        let found = candidates(types, &body.wire).find_map(|ty| Some((ty, named(ty, body)?)));
        if let (Some((ty, (property, name))), Some((collection, _))) =
            (found, body.id.rsplit_once('/'))
        {
            let same = (property.canon().apply)(&name).into_owned();
            let of = called.entry((collection.to_ascii_lowercase(), same)).or_default();
            of.push((body, ty.label, name));
        }
    }
    let mut out = HashMap::new();
    for several in called.into_values().filter(|several| several.len() > 1) {
        if let Some((_, label, name)) = several.first() {
            notes.push(format!(
                "{} of the type {label} are called `{name}`: each is said by the raw escape, under the number that its service gave it",
                several.len()
            ));
        }
        out.extend(several.into_iter().map(|(body, _, name)| (body.id.to_ascii_lowercase(), name)));
    }
    out
}

/// What a body of a type that is found by a property says there.
fn named(ty: &'static ResourceType, body: &Body) -> Option<(&'static Property, String)> {
    let property = &ty.props[usize::from(ty.prop(ty.found_by?)?)];
    Some((property, wire::text_at(property, &body.value)?))
}

/// Says of an item that it has a namesake.
pub(super) fn note(item: &mut Item, name: &str) {
    item.notes.push(format!(
        "another is called `{name}` too: only the number in its name tells them apart"
    ));
}
