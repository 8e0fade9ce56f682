//! Which leaves of a body a script compares, always writes, or takes away, by what the plan says of a step.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::graph::Node;
use crate::plan::{Action, Step};
use crate::schema::{Kind, Property, Verbs};
use crate::value::{Field, Fields, Value, to_json_lossy};

/// Paths of a body, each a list of keys.
#[derive(Default)]
pub(super) struct Paths {
    /// Those that are declared, can be changed in place, and are compared with what is live.
    pub(super) compared: Vec<Json>,
    /// Those of them that are objects with free keys: keys that nobody declares stay.
    pub(super) maps: Vec<Json>,
    /// Those that are written unseen, for what is live says nothing of them.
    pub(super) always: Vec<Json>,
    /// What nobody declares any more: the compared path that it is in, its own, and what it goes back to.
    pub(super) drops: Vec<Json>,
}

impl Paths {
    /// The paths of a step. An update touches what the plan shows; whatever else is written touches all that is declared.
    pub(super) fn of(node: &Node, step: &Step, verbs: &Verbs) -> Self {
        let mut out = Self::default();
        let update = step.action == Action::Update;
        let head = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
        let changed: BTreeSet<String> = step.changes.iter().map(|c| head(&c.path)).collect();
        for Field { prop, value, .. } in node.fields.iter() {
            let Some(property) = node.ty.props.get(*prop as usize) else { continue };
            let wanted = match update {
                true => changed.contains(property.name),
                false => !property.replace && !node.ignores(*prop),
            };
            if wanted {
                out.property(property, value, &[], update);
            }
        }
        for (path, _, _) in node.raw() {
            out.compared.push(path.split('.').collect());
        }
        if !update {
            // What would add one more each time is there already.
            let once = |path: &Json| {
                verbs.updates.iter().filter(|u| u.once).any(|u| u.of.contains(&first(path)))
            };
            out.always.retain(|path| !once(path));
        }
        if update {
            out.dropped(node, step);
        }
        out
    }

    fn property(&mut self, property: &Property, value: &Value, at: &[&str], update: bool) {
        let Some(wire) = property.wire.filter(|wire| wire.part.is_none()) else { return };
        let path: Vec<&str> = at.iter().chain(wire.path).copied().collect();
        if property.write_only || property.by_record || matches!(property.kind, Kind::Secret) {
            // What the record alone knows is written where the plan says that it changes.
            if update || !property.by_record {
                self.always.push(json!(path));
            }
            return;
        }
        match (wire.codec, value) {
            (None, Value::Block(fields)) if !fields.is_empty() => {
                if let Some(block) = property.kind.block() {
                    self.fields(fields, block.props, &path, update);
                }
            }
            // Its own keys stand in the body itself.
            (Some(codec), _) if path.is_empty() => {
                if let Value::Map(entries) = (codec.encode)(value) {
                    self.compared.extend(entries.iter().map(|(key, _)| json!([key])));
                }
            }
            (None, Value::Map(entries)) if path.is_empty() => {
                self.compared.extend(entries.iter().map(|(key, _)| json!([key])));
            }
            _ => {
                if wire.codec.is_none() && matches!(property.kind, Kind::Map(_)) {
                    self.maps.push(json!(path));
                }
                self.compared.push(json!(path));
            }
        }
    }

    fn fields(&mut self, fields: &Fields, props: &[Property], at: &[&str], update: bool) {
        for Field { prop, value, .. } in fields.iter() {
            if let Some(property) = props.get(*prop as usize) {
                self.property(property, value, at, update);
            }
        }
    }

    /// What the plan takes away: properties that go back to what the service assumes, and keys of maps.
    fn dropped(&mut self, node: &Node, step: &Step) {
        for change in step.changes.iter().filter(|c| !c.secret && !c.known_after_apply) {
            let mut names = change.path.splitn(2, '.');
            let (Some(name), key) = (names.next(), names.next()) else { continue };
            let Some(prop) = node.ty.prop(name) else { continue };
            let property = &node.ty.props[prop as usize];
            let Some(wire) = property.wire.filter(|wire| wire.part.is_none()) else { continue };
            match (node.fields.get(prop), key) {
                (None, _) => {
                    let service = property.service.map(|default| match wire.codec {
                        Some(codec) => (codec.encode)(&default()),
                        None => default(),
                    });
                    let to = service.map_or(Json::Null, |value| {
                        to_json_lossy(&value, &|text| text.literal().unwrap_or_default().into())
                    });
                    self.drops.push(json!({"of": wire.path, "path": wire.path, "to": to}));
                }
                (Some(_), Some(key))
                    if change.after.is_none()
                        && wire.codec.is_none()
                        && matches!(property.kind, Kind::Map(_)) =>
                {
                    let path: Vec<&str> = wire.path.iter().copied().chain([key]).collect();
                    self.drops.push(json!({"of": wire.path, "path": path, "to": null}));
                }
                _ => {}
            }
        }
    }
}

fn first(path: &Json) -> &str {
    path.get(0).and_then(Json::as_str).unwrap_or_default()
}
