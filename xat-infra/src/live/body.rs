//! Reading one body: a single pass over its text that builds the leaves asked for and skips the rest.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Estate, Mask, Trie};
use crate::diagnostic::Diagnostic;
use crate::schema::ResourceType;
use crate::value::Value;

/// The leaves of one live resource that were asked for.
#[derive(Default)]
pub struct Reading {
    leaves: Vec<(u16, Value)>,
}

impl Reading {
    /// Takes the leaf in a slot: a property by its index, or an output behind all properties.
    pub(crate) fn take(&mut self, slot: u16) -> Option<Value> {
        // A mirror is read last and overrides the main body.
        let at = self.leaves.iter().rposition(|(s, _)| *s == slot)?;
        Some(std::mem::take(&mut self.leaves[at].1))
    }
}

/// The trees of one type: its own body, its mirrors, its parts.
pub(crate) struct Tries {
    main: Trie,
    parts: Vec<(&'static str, Trie)>,
}

impl Tries {
    pub(crate) fn of(ty: &'static ResourceType) -> Self {
        Self {
            main: Trie::of(ty.props, ty.outputs),
            parts: ty.parts.iter().map(|p| (p.suffix, Trie::of_part(ty.props, p.key))).collect(),
        }
    }
}

impl Estate {
    /// Reads the leaves in `wanted` of the resource whose body is at `at`.
    ///
    /// # Errors
    /// The body's text is not JSON after all (it was checked as a whole, so this does not happen by itself).
    pub(crate) fn reading(
        &self,
        ty: &'static ResourceType,
        tries: &Tries,
        at: u32,
        wanted: &Mask,
    ) -> Result<Reading, Diagnostic> {
        let id = &*self.bodies[at as usize].id;
        let mut reading = Reading::default();
        let mut result = self.read_one(at, &tries.main, wanted, &mut reading, &[]);
        for mirror in ty.mirrors {
            if let Some(below) = tries.main.at(mirror.at).filter(|below| below.below.meets(wanted))
                && let Some(at) = self.find(&[id, "/", mirror.suffix])
            {
                result = result
                    .and_then(|()| self.read_one(at, below, wanted, &mut reading, mirror.from));
            }
        }
        for (suffix, trie) in &tries.parts {
            if trie.below.meets(wanted)
                && let Some(at) = self.find(&[id, "/", suffix])
            {
                result = result.and_then(|()| self.read_one(at, trie, wanted, &mut reading, &[]));
            }
        }
        result.map(|()| reading)
    }

    fn read_one(
        &self,
        at: u32,
        trie: &Trie,
        wanted: &Mask,
        into: &mut Reading,
        from: &[&str],
    ) -> Result<(), Diagnostic> {
        let text = self.body_text(at);
        let mut json = serde_json::Deserializer::from_str(text);
        let walk = Walk { trie, wanted, into: &mut into.leaves, from };
        walk.deserialize(&mut json).map_err(|error| {
            Diagnostic::error("body-mismatch", format!("this body cannot be read: {error}"))
                .at(self.spot(at, 0), "this body")
        })
    }
}

/// One level of the walk: descends along `from`, then along the tree.
struct Walk<'w> {
    trie: &'w Trie,
    wanted: &'w Mask,
    into: &'w mut Vec<(u16, Value)>,
    from: &'w [&'w str],
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.from.is_empty() && self.trie.slots.iter().any(|slot| self.wanted.has(*slot)) {
            let value = <Value as serde::Deserialize>::deserialize(deserializer)?;
            hand_out(self.trie, self.wanted, value, self.into);
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

/// Gives a value to the slots here, and its inner values to the slots below.
fn hand_out(trie: &Trie, wanted: &Mask, value: Value, into: &mut Vec<(u16, Value)>) {
    for child in trie.children.iter().filter(|child| child.below.meets(wanted)) {
        if let Some(inner) = value.at(&[child.key]) {
            hand_out(child, wanted, inner.clone(), into);
        }
    }
    let mut here = trie.slots.iter().filter(|slot| wanted.has(**slot)).peekable();
    while let Some(slot) = here.next() {
        if here.peek().is_none() {
            into.push((*slot, value));
            return;
        }
        into.push((*slot, value.clone()));
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            let next = match self.from.split_first() {
                Some((step, rest)) => key.eq_ignore_ascii_case(step).then_some((self.trie, rest)),
                None => self
                    .trie
                    .child(&key)
                    .filter(|child| child.below.meets(self.wanted))
                    .map(|child| (child, self.from)),
            };
            match next {
                Some((trie, from)) => {
                    map.next_value_seed(Walk {
                        trie,
                        wanted: self.wanted,
                        into: &mut *self.into,
                        from,
                    })?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        // Paths name places in lists by number; there are few such, and lists are short where they are.
        for place in 0usize.. {
            let by_place =
                |child: &&Trie| child.key.parse() == Ok(place) && child.below.meets(self.wanted);
            let next =
                match self.trie.children.iter().find(by_place).filter(|_| self.from.is_empty()) {
                    Some(trie) => {
                        let walk = Walk {
                            trie,
                            wanted: self.wanted,
                            into: &mut *self.into,
                            from: self.from,
                        };
                        seq.next_element_seed(walk)?
                    }
                    None => seq.next_element::<IgnoredAny>()?.map(|_| ()),
                };
            if next.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// An object's key, borrowed from the text wherever it has no escapes.
struct Key<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }
            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}
