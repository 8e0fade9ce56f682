//! One declared resource against its live body: every declared property, and those that the last apply owned.

use super::decide::{Decider, Decision};
use super::diff::Differ;
use crate::diagnostic::Diagnostic;
use crate::graph::Node;
use crate::live::Reading;
use crate::schema::{Kind, Mirror, Property};
use crate::state::Owned;
use crate::value::{Fields, Value};
use crate::wire::decode;

impl<'a> Decider<'a> {
    pub(super) fn differ<'s>(&'s self, owned: Option<&'s Owned>) -> Differ<'s, 'a> {
        Differ {
            resolver: &self.resolver,
            salt: &self.state.salt,
            owned,
            changes: Vec::new(),
            unverified: Vec::new(),
            settled: false,
        }
    }

    pub(super) fn diff(
        &mut self,
        node: &'a Node,
        owned: Option<&Owned>,
        mut reading: Reading,
        decision: &mut Decision,
    ) {
        let mut mismatches = Vec::new();
        let id = self.resolver.places.shown(node);
        let mut live = |slot: u16| -> Option<Value> {
            let property = node.ty.props.get(slot as usize)?;
            let value = reading.take(slot)?;
            decode(property, value).unwrap_or_else(|mismatch| {
                mismatches.push((property, mismatch));
                None
            })
        };
        let missing: Vec<&Mirror> = node
            .ty
            .mirrors
            .iter()
            .filter(|mirror| !self.estate.has_below(id, mirror.suffix))
            .collect();
        let elsewhere = |property: &Property| {
            let path = property.wire.as_ref().map_or(&[] as &[&str], |wire| wire.path);
            missing.iter().any(|mirror| path.starts_with(mirror.at))
        };
        let mut maps: Vec<(u16, Option<Value>)> = Vec::new();
        let mut differ = self.differ(owned);
        for field in node.fields.iter() {
            let Some(property) = node.ty.props.get(field.prop as usize) else { continue };
            // The name is the ID, unless the service numbers what has a name.
            if (property.is_name && node.ty.found_by.is_none())
                || property.is_parent
                || property.wire.is_none()
                || node.ignores(field.prop)
            {
                continue;
            }
            let value = live(field.prop);
            let Some(declared) = node.compared(field.prop) else { continue };
            differ.property(property, &declared, value.as_ref(), elsewhere(property));
            // A reading yields each leaf once; single leaves of a map or block may still be asked for.
            if owned.is_some() && matches!(property.kind, Kind::Map(_) | Kind::Block(_)) {
                maps.push((field.prop, value));
            }
        }
        self.released(node, owned, &mut differ, &mut |slot| match maps
            .iter_mut()
            .find(|(prop, _)| *prop == slot)
        {
            Some((_, value)) => value.take(),
            None => live(slot),
        });
        let raw: Vec<_> = node.raw().collect();
        if !raw.is_empty() {
            let body =
                self.estate.text(id).and_then(|text| serde_json::from_str::<Value>(text).ok());
            for (path, value, _) in raw {
                let keys: Vec<&str> = path.split('.').collect();
                differ.raw(path, value, body.as_ref().and_then(|body| body.at(&keys)));
            }
        }
        decision.unverified = std::mem::take(&mut differ.unverified);
        decision.changes = differ.changes;
        for (property, mismatch) in mismatches {
            let path = match (
                property.wire.as_ref().map(|wire| wire.path.join(".")),
                mismatch.path.as_str(),
            ) {
                (Some(path), "") => path,
                (Some(path), inner) => format!("{path}.{inner}"),
                (None, inner) => inner.to_owned(),
            };
            let what = format!(
                "the live {} `{}` holds something else than {} at `{path}`",
                node.ty.label, node.key, mismatch.expected
            );
            let mut problem = Diagnostic::error("body-mismatch", what);
            if let Some(spot) = self.estate.spot_of(self.resolver.places.shown(node)) {
                problem = problem.at(spot, "in this body");
            }
            self.problems.push(
                problem.at(node.declared_at(), "declared here").help("record the estate again"),
            );
        }
    }

    /// Fields that the last apply owned and the stack no longer declares.
    fn released(
        &self,
        node: &Node,
        owned: Option<&Owned>,
        differ: &mut Differ<'_, '_>,
        live: &mut dyn FnMut(u16) -> Option<Value>,
    ) {
        let Some(owned) = owned else { return };
        let mut last: Option<(u16, Option<Value>)> = None;
        for path in owned.fields.keys() {
            let (name, key) =
                path.split_once('.').map_or((path.as_str(), None), |(name, key)| (name, Some(key)));
            let Some(prop) = node.ty.prop(name) else { continue };
            let property = &node.ty.props[prop as usize];
            let declared = node.fields.get(prop);
            if let (Kind::Block(block), Some(Value::Block(fields)), Some(inner)) =
                (property.kind, declared, key)
            {
                if last.as_ref().is_none_or(|(slot, _)| *slot != prop) {
                    last = Some((prop, live(prop)));
                }
                let whole =
                    last.as_ref().and_then(|(_, value)| value.as_ref()).and_then(Value::as_block);
                if let Some((leaf, false, value)) = descend(block.props, fields, whole, inner)
                    && !node.ignores(prop)
                {
                    differ.released(leaf, path, value);
                }
                continue;
            }
            let is_map = matches!(property.kind, Kind::Map(_));
            let gone = match (declared, key) {
                (None, _) => true,
                (Some(Value::Map(entries)), Some(key)) if is_map => entries.get(key).is_none(),
                _ => false,
            };
            if !gone || property.is_name || property.is_parent || node.ignores(prop) {
                continue;
            }
            if last.as_ref().is_none_or(|(slot, _)| *slot != prop) {
                last = Some((prop, live(prop)));
            }
            let whole = last.as_ref().and_then(|(_, value)| value.as_ref());
            match (is_map, key) {
                // It cannot be read, but it was set, and only a write can take it away again.
                (true, Some(key)) if property.write_only && whole.is_none() => {
                    differ.push(property, path, &format!("{} {key}", property.label), None, None);
                }
                (true, Some(key)) => {
                    differ.released(property, path, whole.and_then(|value| value.at(&[key])))
                }
                _ => differ.released(property, name, whole),
            }
        }
        differ.changes.dedup_by(|a, b| a.path == b.path);
    }
}

/// The leaf at a path inside a block: its property, whether it is declared, and what is live.
fn descend<'v>(
    props: &'static [Property],
    declared: &Fields,
    live: Option<&'v Fields>,
    path: &str,
) -> Option<(&'static Property, bool, Option<&'v Value>)> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let property = props.iter().find(|property| property.name == name)?;
    let declared = declared.named(props, name);
    let live = live.and_then(|live| live.named(props, name));
    match (property.kind, declared, rest) {
        (Kind::Block(block), Some(Value::Block(fields)), Some(rest)) => {
            descend(block.props, fields, live.and_then(Value::as_block), rest)
        }
        (Kind::Map(_), Some(Value::Map(entries)), Some(key)) => {
            Some((property, entries.get(key).is_some(), live.and_then(|live| live.at(&[key]))))
        }
        (_, declared, None) => Some((property, declared.is_some(), live)),
        _ => None,
    }
}
