//! The leaves of a type's REST body as a tree of keys, so that one pass over the text finds those asked for.

use crate::schema::{OutputSpec, Property};

/// A set of small numbers.
#[derive(Clone, Copy, Default, PartialEq, Debug)]
pub(crate) struct Mask([u64; 4]);

impl Mask {
    /// Adds a number. Those past the capacity share the last place, which only costs reading too much.
    pub(crate) fn add(&mut self, n: u16) {
        let n = n.min(255);
        self.0[usize::from(n / 64)] |= 1 << (n % 64);
    }

    pub(crate) fn has(&self, n: u16) -> bool {
        let n = n.min(255);
        self.0[usize::from(n / 64)] & (1 << (n % 64)) != 0
    }

    pub(crate) fn meets(&self, other: &Mask) -> bool {
        self.0.iter().zip(other.0).any(|(a, b)| a & b != 0)
    }
}

/// A node of the tree.
#[derive(Default, Debug)]
pub(crate) struct Trie {
    pub(crate) key: &'static str,
    /// The slots whose value stands right here.
    pub(crate) slots: Vec<u16>,
    /// Those, and all below.
    pub(crate) below: Mask,
    pub(crate) children: Vec<Trie>,
}

impl Trie {
    /// The tree of a type's own body: properties first, then outputs, numbered through.
    pub(crate) fn of(props: &'static [Property], outputs: &'static [OutputSpec]) -> Self {
        let mut root = Trie::default();
        for (slot, property) in (0u16..).zip(props) {
            if let Some(wire) = property.wire.as_ref().filter(|wire| wire.part.is_none()) {
                root.add(wire.path, slot);
            }
        }
        let first = u16::try_from(props.len()).unwrap_or(u16::MAX);
        for (slot, output) in (first..).zip(outputs) {
            if !output.wire.is_empty() {
                root.add(output.wire, slot);
            }
        }
        root
    }

    /// The tree of one part's body.
    pub(crate) fn of_part(props: &'static [Property], part: &str) -> Self {
        let mut root = Trie::default();
        for (slot, property) in (0u16..).zip(props) {
            if let Some(wire) = property.wire.as_ref().filter(|wire| wire.part == Some(part)) {
                root.add(wire.path, slot);
            }
        }
        root
    }

    fn add(&mut self, path: &[&'static str], slot: u16) {
        self.below.add(slot);
        match path.split_first() {
            None => self.slots.push(slot),
            Some((key, rest)) => {
                let at = match self.children.iter().position(|child| child.key == *key) {
                    Some(at) => at,
                    None => {
                        self.children.push(Trie { key, ..Trie::default() });
                        self.children.len() - 1
                    }
                };
                self.children[at].add(rest, slot);
            }
        }
    }

    /// The node at a path.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Trie> {
        path.iter().try_fold(self, |node, key| node.child(key))
    }

    /// The child with this key, whatever its case.
    pub(crate) fn child(&self, key: &str) -> Option<&Trie> {
        self.children
            .iter()
            .find(|child| child.key == key)
            .or_else(|| self.children.iter().find(|child| child.key.eq_ignore_ascii_case(key)))
    }
}
