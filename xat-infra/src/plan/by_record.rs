//! Values compared with what was last applied, by the salted hashes in the state: what the service does not return, and
//! whether somebody else changed what it does.

use super::diff::Differ;
use super::leaf::canonical;
use super::resolve::Resolved;
use crate::schema::{Kind, Property};
use crate::value::Value;

impl Differ<'_, '_> {
    /// A value that the service does not return: compared by its salted hash in the state.
    pub(super) fn by_record(&mut self, property: &'static Property, path: &str, declared: &Value) {
        if let (Kind::Map(_), Value::Map(entries)) = (property.kind, declared) {
            for (key, value) in entries.iter() {
                let inner = format!("{path}.{key}");
                self.leaf_by_record(property, &inner, &format!("{} {key}", property.label), value);
            }
        } else {
            self.leaf_by_record(property, path, property.label, declared);
        }
    }

    pub(super) fn leaf_by_record(
        &mut self,
        property: &'static Property,
        path: &str,
        label: &str,
        declared: &Value,
    ) {
        let Some(owned) = self.owned else {
            if !property.by_record && self.unverified.last() != Some(&property.label) {
                self.unverified.push(property.label);
            }
            return;
        };
        let now =
            canonical(self.resolver, property, declared).map(|text| self.salt.hash(path, &text));
        match (owned.fields.get(path), now) {
            (Some(recorded), Some(now)) if *recorded == now => {}
            // What it will be is not known yet; it is set again only when it must have changed.
            (Some(_), None) if !self.is_new(declared) => {}
            _ => self.push(property, path, label, None, Some(declared)),
        }
    }

    fn is_new(&self, value: &Value) -> bool {
        let mut new = false;
        value.each_text(&mut |text| new |= matches!(self.resolver.text(text), Resolved::New));
        new
    }

    /// Whether a list is, as a whole, what was last applied.
    pub(super) fn is_recorded(
        &self,
        property: &'static Property,
        path: &str,
        items: &[Value],
    ) -> bool {
        let recorded = self.owned.and_then(|owned| owned.fields.get(path));
        recorded.is_some_and(|recorded| {
            canonical(self.resolver, property, &Value::List(items.to_vec()))
                .is_some_and(|text| self.salt.hash(path, &text) == *recorded)
        })
    }

    /// Whether what is declared is what was last applied, so that the live value was changed by someone else.
    pub(super) fn drifted(
        &self,
        property: &Property,
        path: &str,
        before: Option<&Value>,
        after: Option<&Value>,
    ) -> bool {
        let recorded = self.owned.and_then(|owned| owned.fields.get(path));
        let (Some(recorded), Some(after), true) = (recorded, after, before.is_some()) else {
            return false;
        };
        canonical(self.resolver, property, after)
            .is_some_and(|text| self.salt.hash(path, &text) == *recorded)
    }
}
