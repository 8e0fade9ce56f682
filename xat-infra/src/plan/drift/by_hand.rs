//! What somebody else changed: live leaves against the salted hashes of what was last applied.
//!
//! Where the stack still declares what was applied, its value is known, and live is compared with it as the plan
//! compares. Where the stack says something else by now, the hash of the live value in its canonical form is compared
//! with the recorded one.

use std::collections::BTreeMap;

use super::super::Shown;
use super::super::decide::Decider;
use super::super::leaf::{canonical, is_empty, shown};
use super::super::record::{RAW, RAW_PREFIX, escaped, is_returned, unescaped};
use crate::graph::Node;
use crate::live::Reading;
use crate::schema::{BlockType, Kind, Mirror, Property};
use crate::state::Owned;
use crate::value::{Fields, Value};
use crate::wire::decode;

/// A leaf that is not as it was last applied.
pub(super) struct Found {
    pub(super) path: String,
    pub(super) label: String,
    /// What was applied, where the stack still says it.
    pub(super) applied: Option<Shown>,
    pub(super) live: Option<Shown>,
}

/// The search through one resource.
pub(super) struct ByHand<'s, 'a> {
    pub(super) decider: &'s Decider<'a>,
    pub(super) owned: &'s Owned,
    /// The recorded paths of what is declared now, with their hashes.
    pub(super) now: &'s BTreeMap<String, String>,
    pub(super) found: Vec<Found>,
    /// What the service does not return, by label.
    pub(super) unseen: Vec<String>,
}

/// One recorded leaf, list or free JSON: what is declared of it now, and what is live.
pub(super) struct Unit<'v> {
    pub(super) path: &'v str,
    pub(super) property: &'static Property,
    pub(super) kind: &'static Kind,
    pub(super) label: String,
    pub(super) declared: Option<&'v Value>,
    pub(super) live: Option<&'v Value>,
}

impl<'s, 'a> ByHand<'s, 'a> {
    pub(super) fn new(
        decider: &'s Decider<'a>,
        owned: &'s Owned,
        now: &'s BTreeMap<String, String>,
    ) -> Self {
        Self { decider, owned, now, found: Vec::new(), unseen: Vec::new() }
    }

    /// Searches everything that the state owns of a resource that is there.
    pub(super) fn search(&mut self, node: &'a Node, mut reading: Reading) {
        let missing: Vec<&Mirror> = node
            .ty
            .mirrors
            .iter()
            .filter(|mirror| !self.decider.estate.has_below(&self.owned.id, mirror.suffix))
            .collect();
        let mut live: BTreeMap<u16, Option<Value>> = BTreeMap::new();
        for path in self.owned.fields.keys() {
            let (name, rest) = split(path);
            let Some(prop) = node.ty.prop(name) else { continue };
            let property = &node.ty.props[prop as usize];
            let Some(wire) = &property.wire else { continue };
            let fixed = property.is_name && node.ty.found_by.is_none();
            if fixed || property.is_parent || node.ignores(prop) {
                continue;
            }
            // A misfit is the plan's to report.
            let live = live
                .entry(prop)
                .or_insert_with(|| decode(property, reading.take(prop)?).unwrap_or_default());
            let elsewhere =
                live.is_none() && missing.iter().any(|mirror| wire.path.starts_with(mirror.at));
            if elsewhere || property.by_record || (!is_returned(property) && live.is_none()) {
                self.hidden(property.label);
                continue;
            }
            let declared = node.compared(prop);
            let declared = declared.as_deref();
            let label = property.label.to_owned();
            self.unit(
                Unit { path, property, kind: property.kind, label, declared, live: live.as_ref() },
                rest,
            );
        }
        self.found.retain(|found| !node.ignores_path(&found.path));
        self.raws(node);
    }

    fn hidden(&mut self, label: &str) {
        if !self.unseen.iter().any(|seen| seen == label) {
            self.unseen.push(label.to_owned());
        }
    }

    /// What was said of the REST body itself, as far as the stack still says it.
    fn raws(&mut self, node: &Node) {
        if node.raw().next().is_none() {
            return;
        }
        let text = self.decider.estate.text(&self.owned.id);
        let body = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
        for (path, value, _) in node.raw() {
            let keys: Vec<&str> = path.split('.').collect();
            self.compare(&Unit {
                path: &format!("{RAW_PREFIX}{}", escaped(path)),
                property: &RAW,
                kind: RAW.kind,
                label: path.to_owned(),
                declared: Some(value),
                live: body.as_ref().and_then(|body| body.at(&keys)),
            });
        }
    }

    /// Goes down to the unit that a recorded path means; what lies inside a unit is compared with it.
    fn unit(&mut self, unit: Unit<'_>, rest: &str) {
        match (unit.kind, rest) {
            (_, "") => self.compare(&unit),
            (Kind::Block(block), rest) if !rest.starts_with('[') => {
                let declared = unit.declared.and_then(Value::as_block);
                let live = unit.live.and_then(Value::as_block);
                self.within(block, unit.path, rest, &unit.label, declared, live);
            }
            (Kind::Map(inner), key) if !key.starts_with('[') => {
                let of = |value: Option<&'_ Value>| match value {
                    Some(Value::Map(entries)) => entries.get_ignore_case(key).cloned(),
                    _ => None,
                };
                let (declared, live) = (of(unit.declared), of(unit.live));
                self.compare(&Unit {
                    kind: inner,
                    label: format!("{} {key}", unit.label),
                    declared: declared.as_ref(),
                    live: live.as_ref(),
                    ..unit
                });
            }
            _ => {}
        }
    }

    /// A recorded path inside a block.
    pub(super) fn within(
        &mut self,
        block: &'static BlockType,
        path: &str,
        rest: &str,
        label: &str,
        declared: Option<&Fields>,
        live: Option<&Fields>,
    ) {
        let (name, rest) = split(rest);
        let Some(property) = block.props.iter().find(|property| property.name == name) else {
            return;
        };
        let label = format!("{label} {}", property.label);
        let declared = declared.and_then(|fields| fields.named(block.props, name));
        let live = live.and_then(|fields| fields.named(block.props, name));
        if property.wire.is_none() {
            return;
        }
        if !is_returned(property) && live.is_none() {
            self.hidden(&label);
            return;
        }
        self.unit(Unit { path, property, kind: property.kind, label, declared, live }, rest);
    }

    fn compare(&mut self, unit: &Unit<'_>) {
        let Some(recorded) = self.owned.fields.get(unit.path).filter(|hash| !hash.is_empty())
        else {
            return;
        };
        let Unit { property, kind, declared, live, .. } = *unit;
        if let Some(declared) = declared.filter(|_| self.now.get(unit.path) == Some(recorded)) {
            self.as_planned(unit, &plan_path(unit.path, property), declared, live);
            return;
        }
        match kind {
            Kind::List(inner) | Kind::Set(inner) => match (inner.block(), property.key) {
                (Some(block), Some(key)) => self.keyed(unit, block, key),
                (Some(_), None) => self.elements(unit, inner.block()),
                (None, _) if property.open => self.elements(unit, None),
                (None, _) => self.leaf(unit, recorded),
            },
            Kind::Json if matches!(live, Some(Value::Map(_))) => self.json(unit),
            _ => self.leaf(unit, recorded),
        }
    }

    /// What was applied is declared still: the plan's own comparison.
    pub(super) fn as_planned(
        &mut self,
        unit: &Unit<'_>,
        path: &str,
        declared: &Value,
        live: Option<&Value>,
    ) {
        let mut differ = self.decider.differ(Some(self.owned));
        differ.value(unit.property, unit.kind, path, &unit.label, declared, live);
        self.found.extend(differ.changes.into_iter().map(|change| Found {
            path: change.path,
            label: change.label,
            applied: change.after,
            live: change.before,
        }));
    }

    pub(super) fn leaf(&mut self, unit: &Unit<'_>, recorded: &str) {
        if !self.is(unit.property, unit.path, unit.live, recorded) {
            self.push(unit, &plan_path(unit.path, unit.property), unit.label.clone(), unit.live);
        }
    }

    pub(super) fn push(
        &mut self,
        unit: &Unit<'_>,
        path: &str,
        label: String,
        live: Option<&Value>,
    ) {
        let live = live.and_then(|live| shown(&self.decider.resolver, unit.property, live));
        self.found.push(Found { path: path.to_owned(), label, applied: None, live });
    }

    /// Whether a live value is the one of which the hash was recorded.
    pub(super) fn is(
        &self,
        property: &Property,
        path: &str,
        live: Option<&Value>,
        recorded: &str,
    ) -> bool {
        let salt = &self.decider.state.salt;
        let hash = |value: &Value| {
            canonical(&self.decider.resolver, property, value).map(|text| salt.hash(path, &text))
        };
        match live.filter(|live| !is_empty(live)) {
            Some(live) => hash(live).as_deref() == Some(recorded),
            // Services leave out what is empty, and what they assume by themselves.
            None => {
                ["", "[]", "{}", "null"].iter().any(|empty| salt.hash(path, empty) == recorded)
                    || property
                        .service
                        .is_some_and(|service| hash(&service()).as_deref() == Some(recorded))
            }
        }
    }
}

/// The first name of a path, and what follows it.
pub(super) fn split(path: &str) -> (&str, &str) {
    match path.find(['.', '[']) {
        Some(at) => (&path[..at], path[at..].strip_prefix('.').unwrap_or(&path[at..])),
        None => (path, ""),
    }
}

/// A recorded path as the plan would write it.
pub(super) fn plan_path(path: &str, property: &Property) -> String {
    let path = match property.kind {
        Kind::Json => path.strip_prefix(RAW_PREFIX).unwrap_or_else(|| {
            path.strip_prefix(property.name)
                .map_or(path, |rest| rest.strip_prefix('.').unwrap_or(path))
        }),
        _ => path,
    };
    unescaped(path)
}
