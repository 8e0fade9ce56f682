//! The diff of one resource: what was declared against what is live, in one canonical form, and nothing else.

use serde_json::Value as Json;

use super::compare::Match;
use super::leaf::{is_empty, shown};
use super::record::{RAW, key_of};
use super::resolve::Resolver;
use super::{Change, Shown};
use crate::schema::{Danger, Kind, Property};
use crate::state::{Owned, Salt};
use crate::value::{Fields, Value};

/// Compares one resource. Collects changes as it goes.
pub(crate) struct Differ<'a, 'g> {
    pub(crate) resolver: &'a Resolver<'g>,
    pub(crate) salt: &'a Salt,
    pub(crate) owned: Option<&'a Owned>,
    pub(crate) changes: Vec<Change>,
    /// Properties that cannot be read back and whose last value is not on record.
    pub(crate) unverified: Vec<&'static str>,
    /// Whether what cannot be read back is passed over: inside a list, the list's own record settles it.
    pub(crate) settled: bool,
}

impl Differ<'_, '_> {
    /// Compares a declared property with its live value. `elsewhere`: only a body that was not read returns it.
    pub(crate) fn property(
        &mut self,
        property: &'static Property,
        declared: &Value,
        live: Option<&Value>,
        elsewhere: bool,
    ) {
        let unreadable = property.write_only || elsewhere || matches!(property.kind, Kind::Secret);
        if property.by_record || (unreadable && live.is_none()) {
            let first = self.changes.len();
            self.by_record(property, property.name, declared);
            // Whatever the service makes of what it is told: what is so already is no reason to make it anew, and nothing
            // new where it is declared for the first time.
            if live.is_some()
                && self.resolver.compare(property, property.kind, declared, live) == Match::Same
            {
                let recorded = |path: &str| self.owned.is_some_and(|o| o.fields.contains_key(path));
                if recorded(property.name) {
                    self.changes[first..].iter_mut().for_each(|c| c.forces_replacement = false);
                } else {
                    self.changes.truncate(first);
                }
            }
        } else {
            self.value(property, property.kind, property.name, property.label, declared, live);
        }
    }

    pub(super) fn value(
        &mut self,
        property: &'static Property,
        kind: &'static Kind,
        path: &str,
        label: &str,
        declared: &Value,
        live: Option<&Value>,
    ) {
        match (kind, declared) {
            (Kind::Block(block), Value::Block(fields)) => {
                let live = live.and_then(Value::as_block);
                let first = self.changes.len();
                self.block(block.props, path, label, fields, live);
                // Whether a block is there is the block's own property; what is in it speaks for itself.
                if property.replace && live.is_none() {
                    self.changes[first..].iter_mut().for_each(|c| c.forces_replacement = true);
                }
            }
            (Kind::Map(inner), Value::Map(entries)) => {
                for (key, value) in entries.iter() {
                    let live = match live {
                        Some(Value::Map(live)) => live.get_ignore_case(key),
                        _ => None,
                    };
                    self.value(
                        property,
                        inner,
                        &format!("{path}.{key}"),
                        &format!("{label} {key}"),
                        value,
                        live,
                    );
                }
            }
            (Kind::Json, Value::Map(entries)) => {
                for (key, value) in entries.iter() {
                    let live = live.and_then(|live| live.at(&[key]));
                    let inner = if path == property.name {
                        key.to_owned()
                    } else {
                        format!("{path}.{key}")
                    };
                    self.value(property, kind, &inner, &inner.clone(), value, live);
                }
            }
            (Kind::List(inner) | Kind::Set(inner), Value::List(items))
                if property.key.is_some() && inner.block().is_some() =>
            {
                self.keyed(property, inner, path, label, items, live);
            }
            _ => match self.resolver.compare(property, kind, declared, live) {
                Match::Same | Match::Unread => {}
                Match::Different | Match::New => {
                    if self.places(property, kind, path, label, declared, live) {
                        return;
                    }
                    let open = if property.open { self.joined(declared, live) } else { None };
                    self.push(property, path, label, live, Some(open.as_ref().unwrap_or(declared)));
                }
            },
        }
    }

    /// As many blocks as before in a list whose order counts: each is held against the one in its place, so that what changes in a
    /// block is shown and not the block. False where that says nothing.
    fn places(
        &mut self,
        property: &'static Property,
        kind: &'static Kind,
        path: &str,
        label: &str,
        declared: &Value,
        live: Option<&Value>,
    ) -> bool {
        let (Kind::List(inner), Value::List(items), Some(Value::List(found))) =
            (kind, declared, live)
        else {
            return false;
        };
        let Some(block) = inner.block() else { return false };
        let pairs: Option<Vec<_>> =
            items.iter().zip(found).map(|(a, b)| Some((a.as_block()?, b.as_block()?))).collect();
        let Some(pairs) = pairs.filter(|_| items.len() == found.len() && !property.open) else {
            return false;
        };
        let first = self.changes.len();
        let settled = std::mem::replace(&mut self.settled, true);
        for (at, (fields, live)) in pairs.iter().enumerate() {
            let label = match pairs.len() {
                1 => label.to_owned(),
                _ => format!("{label} {}", at + 1),
            };
            self.block(block.props, &format!("{path}[#{at}]"), &label, fields, Some(live));
        }
        self.settled = settled;
        // The service takes the list whole, so that whatever holds for it holds for each of its leaves.
        let drifted = self.drifted(property, path, live, Some(declared));
        for change in &mut self.changes[first..] {
            change.forces_replacement |= property.replace;
            change.danger = change.danger.max(property.danger);
            change.drifted |= drifted;
        }
        self.changes.len() > first
    }

    /// An open list's value after the change: what is live and not declared stays.
    fn joined(&self, declared: &Value, live: Option<&Value>) -> Option<Value> {
        match (declared, live?) {
            (Value::List(declared), Value::List(live)) => {
                Some(Value::List(live.iter().chain(declared).cloned().collect()))
            }
            _ => None,
        }
    }

    fn block(
        &mut self,
        props: &'static [Property],
        path: &str,
        label: &str,
        fields: &Fields,
        live: Option<&Fields>,
    ) {
        for field in fields.iter() {
            let Some(inner) = props.get(field.prop as usize).filter(|inner| inner.wire.is_some())
            else {
                continue;
            };
            let live = live.and_then(|live| live.get(field.prop));
            if inner.write_only && live.is_none() && self.settled {
                continue;
            }
            if inner.write_only && live.is_none() {
                self.leaf_by_record(
                    inner,
                    &format!("{path}.{}", inner.name),
                    &format!("{label} {}", inner.label),
                    &field.value,
                );
                continue;
            }
            let (path, label) =
                (format!("{path}.{}", inner.name), format!("{label} {}", inner.label));
            self.value(inner, inner.kind, &path, &label, &field.value, live);
        }
    }

    /// Blocks that are told apart by one of their properties.
    fn keyed(
        &mut self,
        property: &'static Property,
        inner: &'static Kind,
        path: &str,
        label: &str,
        items: &[Value],
        live: Option<&Value>,
    ) {
        let (Some(key), Some(block)) = (property.key, inner.block()) else { return };
        let empty: &[Value] = &[];
        let live = match live {
            Some(Value::List(live)) => live.as_slice(),
            _ => empty,
        };
        let key_of = |item: &Value| key_of(self.resolver, block, key, item.as_block()?);
        // What cannot be read back is settled with the whole list, and is written again with whatever else changes in
        // its element: it is a change of its own only where nothing else says that the element changed.
        let hidden = block.props.iter().any(|inner| inner.write_only)
            && !self.is_recorded(property, path, items);
        let live_keys: Vec<Option<String>> = live.iter().map(key_of).collect();
        let declared_keys: Vec<Option<String>> = items.iter().map(key_of).collect();
        for (item, name) in items.iter().zip(&declared_keys) {
            let known = name.clone().unwrap_or_else(|| "?".into());
            // Keys are compared in one case, and shown as they are written.
            let said = item.as_block().and_then(|fields| fields.named(block.props, key)?.as_str());
            let said = said.filter(|said| said.eq_ignore_ascii_case(&known)).unwrap_or(&known);
            let label = format!("{label} {said}");
            let path = format!("{path}[{known}]");
            let found = live_keys
                .iter()
                .position(|live| live.is_some() && live == name)
                .map(|at| &live[at]);
            match (found.and_then(Value::as_block), item.as_block()) {
                (Some(live), Some(fields)) => {
                    let before = self.changes.len();
                    self.settled = true;
                    self.block(block.props, &path, &label, fields, Some(live));
                    self.settled = false;
                    if hidden && self.changes.len() == before {
                        self.block(block.props, &path, &label, fields, Some(live));
                    }
                }
                _ => self.push(property, &path, &label, None, Some(item)),
            }
        }
        if !property.open {
            for (item, name) in live.iter().zip(&live_keys) {
                if !declared_keys.contains(name) {
                    let name = name.clone().unwrap_or_else(|| "?".into());
                    self.push(
                        property,
                        &format!("{path}[{name}]"),
                        &format!("{label} {name}"),
                        Some(item),
                        None,
                    );
                }
            }
        }
    }

    /// A property that the stack no longer declares and that the last apply owned: back to what the service assumes.
    pub(crate) fn released(
        &mut self,
        property: &'static Property,
        path: &str,
        live: Option<&Value>,
    ) {
        let Some(live) = live.filter(|live| !is_empty(live)) else { return };
        match property.service.map(|service| service()) {
            Some(service)
                if self.resolver.compare(property, property.kind, &service, Some(live))
                    == Match::Same => {}
            Some(service) => self.push(property, path, property.label, Some(live), Some(&service)),
            None => self.push(property, path, property.label, Some(live), None),
        }
    }

    /// Notes a change.
    pub(crate) fn push(
        &mut self,
        property: &'static Property,
        path: &str,
        label: &str,
        before: Option<&Value>,
        after: Option<&Value>,
    ) {
        let secret = matches!(property.kind, Kind::Secret);
        let visible =
            |value: &Value| if secret { None } else { shown(self.resolver, property, value) };
        let shown_after = after.and_then(visible);
        let known_after_apply = after.is_some() && shown_after.is_none() && !secret;
        // What is not known yet reads as what it will be made of.
        let made_of = |value: &Value| match value {
            Value::Text(text) => {
                Some(Shown { json: Json::Null, text: self.resolver.graph.show(text) })
            }
            _ => None,
        };
        let shown_after =
            shown_after.or_else(|| after.filter(|_| known_after_apply).and_then(made_of));
        let drifted = self.drifted(property, path, before, after);
        self.changes.push(Change {
            path: path.to_owned(),
            label: label.to_owned(),
            before: before.and_then(visible),
            known_after_apply,
            after: shown_after,
            forces_replacement: property.replace,
            secret,
            by_default: false,
            danger: danger(property, before, after),
            drifted,
        });
    }
}

impl Differ<'_, '_> {
    /// Compares something said of the REST body itself.
    pub(crate) fn raw(&mut self, path: &str, declared: &Value, live: Option<&Value>) {
        self.value(&RAW, RAW.kind, path, path, declared, live);
    }

    /// A property of a resource that does not exist yet: nothing is replaced or endangered by it, but it may expose.
    pub(crate) fn created(
        &mut self,
        property: &'static Property,
        declared: &Value,
        by_default: bool,
    ) {
        let first = self.changes.len();
        match (property.kind, declared) {
            _ if is_empty(declared) => {}
            (Kind::Map(_), Value::Map(entries)) => {
                for (key, value) in entries.iter() {
                    let path = format!("{}.{key}", property.name);
                    self.push(
                        property,
                        &path,
                        &format!("{} {key}", property.label),
                        None,
                        Some(value),
                    );
                }
            }
            (Kind::List(inner) | Kind::Set(inner), Value::List(items))
                if property.key.is_some() =>
            {
                self.keyed(property, inner, property.name, property.label, items, None);
            }
            (Kind::Json, Value::Map(_)) => {
                self.value(property, property.kind, property.name, property.label, declared, None);
            }
            _ => self.push(property, property.name, property.label, None, Some(declared)),
        }
        let exposes = property.exposes.is_some_and(|exposes| exposes(declared));
        for change in &mut self.changes[first..] {
            change.by_default = by_default;
            change.forces_replacement = false;
            change.danger = if exposes { Danger::Exposure } else { Danger::None };
        }
    }
}

/// What a change can do: the property's own danger, and what this direction adds.
fn danger(property: &Property, before: Option<&Value>, after: Option<&Value>) -> Danger {
    let mut danger = property.danger;
    if let Some(after) = after {
        if property.exposes.is_some_and(|exposes| exposes(after)) {
            danger = danger.max(Danger::Exposure);
        }
        let shrinks = before
            .and_then(Value::as_int)
            .zip(after.as_int())
            .is_some_and(|(before, after)| after < before);
        if shrinks {
            danger = danger.max(property.shrink);
        }
    }
    danger
}
