//! Whether a declared value and a live one are the same, in the property's canonical form.

use std::collections::HashMap;

use super::leaf::{is_empty, same_leaf, same_text};
use super::resolve::{Resolved, Resolver};
use crate::schema::{Kind, Property};
use crate::value::Value;

/// How a declared value stands to a live one.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Match {
    Same,
    Different,
    /// It will be known, and be another, after the apply.
    New,
    /// Nothing can be said; nothing is proposed.
    Unread,
}

impl Resolver<'_> {
    /// How a declared value stands to what is live.
    pub(crate) fn compare(
        &self,
        property: &'static Property,
        kind: &'static Kind,
        declared: &Value,
        live: Option<&Value>,
    ) -> Match {
        let live = match live {
            Some(live) if !matches!(live, Value::Null) => live,
            _ => return self.against_absent(property, declared),
        };
        if is_empty(declared) && is_empty(live) {
            return Match::Same;
        }
        match (kind, declared, live) {
            (_, Value::Text(text), live) => match self.text(text) {
                Resolved::Known(text) => match live.as_str() {
                    Some(live) if same_text(property, &text, live) => Match::Same,
                    _ => Match::Different,
                },
                Resolved::New => Match::New,
                Resolved::Unread => Match::Unread,
            },
            (Kind::Set(inner), Value::List(items), Value::List(live)) => {
                self.sets(property, inner, items, live)
            }
            (Kind::List(inner), Value::List(items), Value::List(live)) => {
                if items.len() != live.len() && !property.open {
                    return Match::Different;
                }
                all(items.iter().zip(live).map(|(a, b)| self.compare(property, inner, a, Some(b))))
            }
            (Kind::Json, Value::List(items), Value::List(live)) => {
                if items.len() != live.len() {
                    return Match::Different;
                }
                all(items.iter().zip(live).map(|(a, b)| self.compare(property, kind, a, Some(b))))
            }
            (Kind::Json, Value::Map(entries), live) => all(entries
                .iter()
                .map(|(key, value)| self.compare(property, kind, value, live.at(&[key])))),
            (Kind::Block(block), Value::Block(fields), Value::Block(live)) => {
                all(fields.iter().filter_map(|field| {
                    let inner = block
                        .props
                        .get(field.prop as usize)
                        .filter(|inner| inner.wire.is_some())?;
                    let live = live.get(field.prop);
                    (!inner.write_only || live.is_some())
                        .then(|| self.compare(inner, inner.kind, &field.value, live))
                }))
            }
            (Kind::Map(inner), Value::Map(entries), Value::Map(live)) => {
                all(entries.iter().map(|(key, value)| {
                    self.compare(property, inner, value, live.get_ignore_case(key))
                }))
            }
            (_, declared, live) if same_leaf(property, declared, live) => Match::Same,
            _ => Match::Different,
        }
    }

    /// A declared value of which the live body says nothing: the same only if it is what the service assumes.
    fn against_absent(&self, property: &'static Property, declared: &Value) -> Match {
        if is_empty(declared) {
            return Match::Same;
        }
        if let Some(service) = property.service {
            let assumed = service();
            return match self.compare(property, property.kind, declared, Some(&assumed)) {
                Match::Unread => Match::Unread,
                other => other,
            };
        }
        match declared {
            Value::Text(text) => match self.text(text) {
                Resolved::New => Match::New,
                Resolved::Unread => Match::Unread,
                Resolved::Known(_) => Match::Different,
            },
            _ => Match::Different,
        }
    }

    /// Two sets are the same if every element of one has its own partner in the other.
    fn sets(
        &self,
        property: &'static Property,
        inner: &'static Kind,
        items: &[Value],
        live: &[Value],
    ) -> Match {
        if items.len() != live.len() && !property.open {
            return Match::Different;
        }
        let mut taken = vec![false; live.len()];
        let mut result = Match::Same;
        let mut by_form = texts(property, live);
        for item in items {
            // Most sets are of texts: those find their partner by their form, and only what has none is held
            // against every other.
            if let Value::Text(text) = item
                && let Resolved::Known(text) = self.text(text)
                && let Some(places) = by_form.get_mut(&*(property.canon().apply)(&text))
                && let Some(at) = places.pop()
            {
                taken[at] = true;
                continue;
            }
            let mut best = Match::Different;
            for (at, candidate) in live.iter().enumerate() {
                if taken[at] {
                    continue;
                }
                let found = self.compare(property, inner, item, Some(candidate));
                if found == Match::Same {
                    taken[at] = true;
                    best = Match::Same;
                    break;
                }
                if found != Match::Different {
                    best = found;
                }
            }
            match best {
                Match::Same => {}
                Match::Different => return Match::Different,
                other => result = other,
            }
        }
        result
    }
}

/// The places of the texts in a live set, by their canonical form.
fn texts(property: &'static Property, live: &[Value]) -> HashMap<String, Vec<usize>> {
    let mut out: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, value) in live.iter().enumerate().rev() {
        if let Some(text) = value.as_str() {
            out.entry((property.canon().apply)(text).into_owned()).or_default().push(at);
        }
    }
    out
}

fn all(mut matches: impl Iterator<Item = Match>) -> Match {
    let mut result = Match::Same;
    for found in &mut matches {
        match found {
            Match::Same => {}
            Match::Different => return Match::Different,
            other => result = other,
        }
    }
    result
}
