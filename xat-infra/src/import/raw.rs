//! Bodies by the raw escape: what no type models, and what its type cannot say.

use super::items::{UNKNOWN_API, candidates};
use super::{Body, Item, is_raw, prune};
use crate::live::is_full_name;
use crate::schema::{Registered, ResourceType};
use crate::value::{Fields, Value};

/// A body by the raw escape; `None` where its name or what holds it cannot be said.
pub(super) fn raw(types: &[Registered], body: &Body, withheld: &mut Vec<String>) -> Option<Item> {
    // Each cloud has a raw escape of its own. A full name says everything; other IDs are made of what holds a resource and its name.
    let whole = is_full_name(&body.id);
    let fits = |ty: &&'static ResourceType| is_raw(ty) && ty.id.is_empty() != whole;
    let ty = types.iter().map(|registered| (registered.ty)()).find(fits)?;
    let name = body.id.trim_end_matches('/').rsplit('/').next()?;
    if ty.name_rule.is_some_and(|rule| rule.check(name).is_some()) {
        return None;
    }
    let mut secrets = Vec::new();
    let pruned = prune::body(&body.value, whole, &mut secrets);
    let mut fields = Fields::new();
    for (index, property) in (0u16..).zip(ty.props) {
        let value = if property.is_name {
            Value::from(name.to_owned())
        } else if property.is_parent {
            Value::from((ty.provider.parent_of_id)(&body.id)?)
        } else if ty.derived_name.contains(&property.name) {
            Value::from(body.id.clone())
        } else {
            pruned.clone()
        };
        fields.set(index, value, None);
    }
    withheld.extend(
        secrets.iter().map(|path| format!("`{path}` of `{name}` may be a secret and is left out")),
    );
    let known = candidates(types, &body.wire).next().map(|ty| ty.api.to_owned());
    Some(Item {
        id: body.id.clone(),
        wire: body.wire.clone(),
        api: body.api.clone().or(known).unwrap_or_else(|| UNKNOWN_API.to_owned()),
        ty,
        fields,
        outputs: Vec::new(),
        body: body.value.clone(),
        ignore: Vec::new(),
        raw: Vec::new(),
        depends_on: Vec::new(),
        notes: secrets
            .iter()
            .map(|path| format!("`{path}` may be a secret and is left out"))
            .collect(),
    })
}

/// A typed item by the raw escape instead, for what its type turns out not to say.
pub(super) fn as_raw(
    item: &Item,
    types: &[Registered],
    withheld: &mut Vec<String>,
) -> Option<Item> {
    let body = Body {
        id: item.id.clone(),
        wire: item.wire.clone(),
        api: Some(item.api.clone()),
        value: item.body.clone(),
        at: None,
    };
    raw(types, &body, withheld)
}
