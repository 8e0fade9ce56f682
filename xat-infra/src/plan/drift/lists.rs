//! What somebody else changed inside lists and free JSON: by the recorded hashes of their parts.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::super::record::{key_of, unescaped};
use super::by_hand::{ByHand, Unit, plan_path, split};
use crate::schema::{BlockType, Kind, Property};
use crate::value::{Fields, Value};

impl<'s> ByHand<'s, '_> {
    /// The recorded paths inside a unit: the element (empty for free JSON), the rest, and the hash.
    fn parts(&self, unit: &Unit<'_>, open: char) -> Vec<(&'s str, &'s str, &'s str)> {
        let start = format!("{}{open}", unit.path);
        let fields: &'s BTreeMap<String, String> = &self.owned.fields;
        fields
            .range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded))
            .take_while(|(path, _)| path.starts_with(&start))
            .filter_map(|(path, hash)| {
                let inner = &path[start.len()..];
                match open {
                    '[' => {
                        let (element, rest) = inner.split_once(']')?;
                        Some((element, rest.strip_prefix('.').unwrap_or(rest), hash.as_str()))
                    }
                    _ => Some(("", inner, hash.as_str())),
                }
            })
            .collect()
    }

    /// Blocks that are told apart by a key.
    pub(super) fn keyed(&mut self, unit: &Unit<'_>, block: &'static BlockType, key: &'static str) {
        let parts = self.parts(unit, '[');
        let recorded_empty = self
            .owned
            .fields
            .get(unit.path)
            .is_some_and(|recorded| self.decider.state.salt.hash(unit.path, "[]") == *recorded);
        if parts.is_empty() && !recorded_empty {
            return;
        }
        let resolver = &self.decider.resolver;
        let by_key = |value: Option<&Value>| -> BTreeMap<String, Fields> {
            let items = match value {
                Some(Value::List(items)) => items.as_slice(),
                _ => &[],
            };
            let keyed = |item: &Value| {
                let fields = item.as_block()?;
                Some((key_of(resolver, block, key, fields)?, fields.clone()))
            };
            items.iter().filter_map(keyed).collect()
        };
        let (declared, live) = (by_key(unit.declared), by_key(unit.live));
        let path = plan_path(unit.path, unit.property);
        let mut seen: Vec<String> = Vec::new();
        for (element, rest, _) in parts {
            let name = unescaped(element);
            let label = format!("{} {name}", unit.label);
            let is_new = seen.last() != Some(&name);
            if is_new {
                seen.push(name.clone());
            }
            match live.get(&name) {
                Some(fields) => {
                    let full = format!("{}[{element}].{rest}", unit.path);
                    self.within(block, &full, rest, &label, declared.get(&name), Some(fields));
                }
                None if is_new => self.push(unit, &format!("{path}[{name}]"), label, None),
                None => {}
            }
        }
        if !unit.property.open {
            for (name, fields) in live.into_iter().filter(|(name, _)| !seen.contains(name)) {
                let label = format!("{} {name}", unit.label);
                let item = Value::Block(fields);
                self.push(unit, &format!("{path}[{name}]"), label, Some(&item));
            }
        }
    }

    /// Elements without a key: each recorded one finds a live one of its own.
    pub(super) fn elements(&mut self, unit: &Unit<'_>, block: Option<&'static BlockType>) {
        let mut recorded: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (element, rest, hash) in self.parts(unit, '[') {
            recorded.entry(element).or_default().push((rest, hash));
        }
        let items = match unit.live {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        let fits = |item: &Value, leaves: &[(&str, &str)]| {
            leaves.iter().all(|(rest, hash)| match block {
                None => self.is(unit.property, &format!("{}[]", unit.path), Some(item), hash),
                Some(block) => {
                    leaf_at(block, item.as_block(), rest).is_none_or(|(property, live)| {
                        self.is(property, &format!("{}[].{rest}", unit.path), live, hash)
                    })
                }
            })
        };
        let mut left: Vec<&Value> = items.iter().collect();
        let lost =
            recorded.values().any(|leaves| match left.iter().position(|item| fits(item, leaves)) {
                Some(at) => {
                    left.remove(at);
                    false
                }
                None => true,
            });
        let added = !unit.property.open && !left.is_empty();
        let is_told = !recorded.is_empty() || items.is_empty();
        let same = self
            .owned
            .fields
            .get(unit.path)
            .is_some_and(|hash| self.is(unit.property, unit.path, unit.live, hash));
        if !same && (lost || (added && is_told)) {
            self.push(unit, &plan_path(unit.path, unit.property), unit.label.clone(), unit.live);
        }
    }

    /// Free JSON, leaf by leaf.
    pub(super) fn json(&mut self, unit: &Unit<'_>) {
        for (_, rest, hash) in self.parts(unit, '.') {
            let keys: Vec<String> = rest.split('.').map(unescaped).collect();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let live = unit.live.and_then(|live| live.at(&keys));
            let full = format!("{}.{rest}", unit.path);
            let path = plan_path(&full, unit.property);
            let declared = unit.declared.and_then(|declared| declared.at(&keys));
            let unit = Unit {
                path: &full,
                property: unit.property,
                kind: unit.kind,
                label: path.clone(),
                declared,
                live,
            };
            match declared.filter(|_| self.now.get(&full).map(String::as_str) == Some(hash)) {
                Some(declared) => self.as_planned(&unit, &path, declared, live),
                // Of objects in a list the body may hold more than was declared, and nothing says which.
                None if matches!(live, Some(Value::List(items)) if items.iter().any(|i| matches!(i, Value::Map(_)))) =>
                    {}
                None => self.leaf(&unit, hash),
            }
        }
    }
}

/// The property and the live value at a path inside a block without lists; `None` where a nested list is meant.
fn leaf_at<'v>(
    block: &'static BlockType,
    live: Option<&'v Fields>,
    path: &str,
) -> Option<(&'static Property, Option<&'v Value>)> {
    let (name, rest) = split(path);
    let property = block.props.iter().find(|property| property.name == name)?;
    let live = live.and_then(|fields| fields.named(block.props, name));
    match (property.kind, rest) {
        (_, "") => Some((property, live)),
        (Kind::Block(inner), rest) => leaf_at(inner, live.and_then(Value::as_block), rest),
        (Kind::Map(_), key) => match live {
            Some(Value::Map(entries)) => Some((property, entries.get_ignore_case(key))),
            _ => Some((property, None)),
        },
        _ => None,
    }
}
