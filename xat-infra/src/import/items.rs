//! From bodies to items: what each type can say of its body, and the raw escape for the rest.

use std::collections::{HashMap, HashSet};

use super::namesakes::{self, namesakes};
use super::raw::raw;
use super::{Body, Item, is_raw, prune};
use crate::schema::{
    CheckContext, Kind, OutputSource, OutputSpec, Property, Registered, ResourceType, rust,
};
use crate::value::{Fields, Secret, Value};
use crate::wire;

/// Where bodies come from.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Live {
    /// A cloud returned them: what is never returned is not in them, and much in them nobody said.
    Read,
    /// Somebody wrote them, to be sent.
    Written,
}

/// The API version of a raw resource whose body says none.
pub(super) const UNKNOWN_API: &str = "0000-00-00";

/// The items of all bodies that are resources; parts of others belong to those.
pub(super) fn items(
    bodies: Vec<Body>,
    types: &[Registered],
    live: Live,
    notes: &mut Vec<String>,
) -> Vec<Item> {
    let by_id: HashMap<String, usize> =
        bodies.iter().enumerate().map(|(i, body)| (body.id.to_ascii_lowercase(), i)).collect();
    let parts = parts(&bodies, types, &by_id);
    let namesakes = namesakes(&bodies, types, notes);
    let (mut out, mut withheld, mut versions, mut records) = (Vec::new(), Vec::new(), 0, 0);
    let is_record = |wire: &str| {
        let mut providers = types.iter().map(|registered| (registered.ty)().provider);
        providers.any(|provider| provider.records.iter().any(|r| r.eq_ignore_ascii_case(wire)))
    };
    for body in &bodies {
        if parts.contains(&body.id.to_ascii_lowercase()) || body.wire.contains("/deleted") {
            continue;
        }
        if is_record(&body.wire) {
            records += 1;
            continue;
        }
        let part = |suffix: &str| {
            let at = by_id.get(&format!("{}/{suffix}", body.id).to_ascii_lowercase())?;
            Some(&bodies[*at].value)
        };
        let typed = || candidates(types, &body.wire).find_map(|ty| typed(ty, body, &part, live));
        let item = match namesakes.get(&body.id.to_ascii_lowercase()) {
            Some(name) => raw(types, body, &mut withheld).map(|mut item| {
                namesakes::note(&mut item, name);
                item
            }),
            None => typed().or_else(|| raw(types, body, &mut withheld)),
        };
        match item {
            Some(item) => {
                versions += usize::from(item.api == UNKNOWN_API);
                out.push(item);
            }
            None => notes.push(format!(
                "`{}` is left out: its name cannot be said, or nothing holds it",
                body.id
            )),
        }
    }
    if versions > 0 {
        notes.push(format!(
            "the API version of {versions} raw resources is not in their bodies: put it in place of \"{UNKNOWN_API}\""
        ));
    }
    if records > 0 {
        notes.push(format!(
            "{} left out: records of what was once done declare nothing",
            crate::report::count(records, "body")
        ));
    }
    notes.extend(withheld);
    out
}

/// The types of a REST type, the raw escape not among them.
pub(super) fn candidates<'t>(
    types: &'t [Registered],
    wire: &'t str,
) -> impl Iterator<Item = &'static ResourceType> + 't {
    types
        .iter()
        .map(|registered| (registered.ty)())
        .filter(move |ty| !is_raw(ty) && ty.wire.eq_ignore_ascii_case(wire))
}

/// Bodies that are parts or mirrors of another body's resource, by their ID.
fn parts(bodies: &[Body], types: &[Registered], by_id: &HashMap<String, usize>) -> HashSet<String> {
    let mut out = HashSet::new();
    for body in bodies {
        for ty in candidates(types, &body.wire) {
            let suffixes =
                ty.parts.iter().map(|p| p.suffix).chain(ty.mirrors.iter().map(|m| m.suffix));
            for suffix in suffixes {
                let id = format!("{}/{suffix}", body.id).to_ascii_lowercase();
                if by_id.contains_key(&id) {
                    out.insert(id);
                }
            }
        }
    }
    out
}

/// A body as its type has it; `None` where the type cannot say it.
fn typed<'v>(
    ty: &'static ResourceType,
    body: &'v Body,
    part: &dyn Fn(&str) -> Option<&'v Value>,
    live: Live,
) -> Option<Item> {
    let (raised, bad) = wire::raise(ty, &body.value, part);
    let provider = ty.provider;
    let (in_id, in_body) = (ty.id_parts(&body.id).unwrap_or_default(), name_in(ty, &body.value));
    // The ID of what the service numbers does not say what it is called.
    let name = match (ty.found_by, ty.fixed_name) {
        (Some(_), _) => in_body.as_deref()?,
        (None, Some(fixed)) if !ty.is_named_in_id() => fixed,
        (None, _) => name_of(ty, &body.id),
    };
    // What holds it may stand further up, with a fixed part of the path between.
    let parent = (provider.parent_of_id)(&body.id).map(|parent| {
        let through = format!("/{}", ty.through);
        let at = parent.len().saturating_sub(through.len());
        match parent.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(&through)) {
            true if !ty.through.is_empty() => parent[..at].to_owned(),
            _ => parent,
        }
    });
    let mut item = Item {
        id: body.id.clone(),
        wire: body.wire.clone(),
        api: ty.api.to_owned(),
        ty,
        fields: Fields::with_capacity(raised.len() + 2),
        outputs: outputs(ty, &body.value),
        body: body.value.clone(),
        ignore: Vec::new(),
        raw: Vec::new(),
        depends_on: Vec::new(),
        notes: Vec::new(),
    };
    for (index, property) in (0u16..).zip(ty.props) {
        let value = if property.is_name {
            Some(Value::from(name.to_owned()))
        } else if property.is_parent {
            parent.clone().map(Value::from)
        } else if matches!(property.kind, Kind::Secret) {
            secret(property, ty, name, &body.value, live)
        } else {
            let kept = live == Live::Written
                || property.required
                || !(property.write_only || property.by_record);
            let said = raised.get(index).filter(|_| kept);
            // What the ID says, bodies need not say.
            let in_id = in_id.get(property.name);
            // Where the body says the same in another spelling (a region's URL), the ID's makes the ID again.
            let same = |value: &&Value| {
                value.as_str().zip(in_id).is_some_and(|(a, b)| property.canon().same(a, b))
            };
            let said = said.filter(|value| !same(value)).cloned();
            let value = said.or_else(|| in_id.map(|text| Value::from(text.to_owned())));
            value.map(|value| known_words(property, &value))
        };
        match value {
            Some(value) => item.fields.set(index, value, None),
            None if property.required => return None,
            None => {}
        }
    }
    if ty.name_rule.is_some_and(|rule| rule.check(name).is_some())
        || ty.fixed_name.is_some_and(|f| f != name)
    {
        return None;
    }
    item.notes.extend(bad.iter().map(|bad| {
        format!("`{}` is something else than {} and is left out", bad.path, bad.expected)
    }));
    Some(item)
}

/// The name that a body says, where it does.
fn name_in(ty: &ResourceType, body: &Value) -> Option<String> {
    wire::text_at(ty.props.iter().find(|property| property.is_name)?, body)
}

/// The name that a resource declares, where it does.
pub(super) fn called<'f>(ty: &ResourceType, fields: &'f Fields) -> Option<&'f str> {
    let at = ty.props.iter().position(|property| property.is_name)?;
    fields.get(u16::try_from(at).ok()?)?.as_str()
}

/// The name in an ID: where the type's template has it, else what stands last.
pub(super) fn name_of<'i>(ty: &ResourceType, id: &'i str) -> &'i str {
    let last = || id.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    ty.id_parts(id).and_then(|parts| parts.get("name")).unwrap_or_else(last)
}

/// The outputs that the service made.
fn outputs(ty: &'static ResourceType, body: &Value) -> Vec<(&'static OutputSpec, String)> {
    let live = |spec: &&OutputSpec| {
        matches!(spec.source, OutputSource::Live | OutputSource::Made(_)) && !spec.wire.is_empty()
    };
    let value = |spec: &'static OutputSpec| Some((spec, body.at(spec.wire)?.as_str()?.to_owned()));
    ty.outputs.iter().filter(live).filter_map(value).collect()
}

/// A secret that must be given, or that somebody gives: declared under a name, never by value.
fn secret(
    property: &Property,
    ty: &ResourceType,
    name: &str,
    body: &Value,
    live: Live,
) -> Option<Value> {
    let given = property.wire.as_ref().and_then(|wire| body.at(wire.path));
    if let Some(secret @ Value::Secret(_)) = given {
        return Some(secret.clone());
    }
    let wanted = property.required || (live == Live::Written && given.is_some());
    // A resource with several secrets needs their names told apart; one that is a secret lends it its own.
    let only = ty.props.iter().filter(|p| matches!(p.kind, Kind::Secret)).count() == 1;
    let label = property.name.replace('_', "-");
    let name = if only && label == "value" { name.to_owned() } else { format!("{name}-{label}") };
    wanted.then(|| Value::Secret(Secret::supplied(name).into_inner()))
}

/// Words of closed sets in their own spelling: services change it, and names are derived from some.
fn known_words(property: &Property, value: &Value) -> Value {
    match (property.kind, value.as_str()) {
        (Kind::Choice(choice), Some(word)) => {
            let same = |wire: &str| property.canon().same(wire, word);
            match choice.variants.iter().find(|variant| same(variant.wire)) {
                Some(variant) => Value::literal(variant.wire),
                None => value.clone(),
            }
        }
        _ => value.clone(),
    }
}

/// Properties that break a limit of the provider's as this library knows it, if it is declared so, are said raw. False if
/// that cannot be.
pub(super) fn limits(item: &mut Item, declared: &Fields) -> bool {
    let mut context =
        CheckContext { fields: declared, props: item.ty.props, holder: None, found: Vec::new() };
    for check in item.ty.checks {
        check(&mut context);
    }
    let found: Vec<(&'static str, String)> =
        context.found.into_iter().map(|finding| (finding.property, finding.message)).collect();
    for (property, message) in found {
        let Some(index) = item.ty.prop(property) else { return false };
        let description = &item.ty.props[index as usize];
        // A secret that such a resource has: it is never returned, and has to be given.
        if matches!(description.kind, Kind::Secret) && item.fields.get(index).is_none() {
            let name = called(item.ty, &item.fields).unwrap_or_else(|| name_of(item.ty, &item.id));
            let name = format!("{name}-{}", description.name.replace('_', "-"));
            item.fields.set(index, Value::Secret(Secret::supplied(name).into_inner()), None);
            continue;
        }
        if description.required || description.is_name || item.fields.get(index).is_none() {
            return false;
        }
        drop_field(item, index);
        unsaid(item, index);
        item.notes.push(format!("{}: {message}", description.label));
    }
    true
}

/// Declares a property no more.
pub(super) fn drop_field(item: &mut Item, index: u16) {
    let mut kept = Fields::new();
    for field in item.fields.iter().filter(|field| field.prop != index) {
        kept.set(field.prop, field.value.clone(), None);
    }
    item.fields = kept;
}

/// Says a property by the raw escape, if its path leads to it alone, and leaves the typed one to others.
pub(super) fn unsaid(item: &mut Item, index: u16) {
    let property = &item.ty.props[index as usize];
    if property.default.is_some() && !item.ignore.contains(&index) {
        item.ignore.push(index);
    }
    let said = raw_path(item.ty, property).and_then(|path| {
        let value = property.wire.as_ref().and_then(|wire| item.body.at(wire.path))?;
        Some((path, prune::inner(value, "", &mut Vec::new())))
    });
    match said {
        Some(said) if !rust::is_nothing(&said.1) => item.raw.push(said),
        _ => item.notes.push(format!("{} cannot be said here", property.label)),
    }
}

/// The dotted path by which the raw escape says a property; `None` where it shares the path with others, or stands in
/// another body.
pub(super) fn raw_path(ty: &ResourceType, property: &Property) -> Option<String> {
    let wire =
        property.wire.as_ref().filter(|wire| wire.part.is_none() && !wire.path.is_empty())?;
    let mirrored = ty.mirrors.iter().any(|mirror| wire.path.starts_with(mirror.at));
    let shared = ty.props.iter().filter(|other| !std::ptr::eq(*other, property)).any(|other| {
        other.wire.as_ref().is_some_and(|o| o.part.is_none() && o.path.starts_with(wire.path))
    });
    (!mirrored && !shared && !property.write_only).then(|| wire.path.join("."))
}
