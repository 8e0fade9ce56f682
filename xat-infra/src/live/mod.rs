//! What is there: live bodies as the clouds return them, to be read and nothing else.
//!
//! A cloud joins by a [`Source`], which can only be asked; [`read()`] asks it for what a stack wants, and the answers become
//! an estate, or a file that is one later. An [`Estate`] keeps bodies as text and an index over their IDs. The planner asks for the leaves that it
//! compares, and only those are ever built.

mod asset;
#[cfg(feature = "azure")]
pub mod azure;
mod body;
mod described;
#[cfg(feature = "gcp")]
pub mod gcp;
#[cfg(any(feature = "azure", feature = "gcp"))]
mod http;
pub mod model;
mod patience;
mod read;
mod recorded;
mod recording;
mod scrub;
mod source;
mod trie;
mod wants;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub(crate) use asset::is_full_name;
pub use body::Reading;
pub(crate) use body::Tries;
pub use patience::Limits;
pub use read::{Progress, read};
pub use recording::{Recorded, Recording};
pub use source::{Ask, Clock, Fault, ReadError, Source, WallClock};
pub(crate) use trie::Mask;
use trie::Trie;
pub use wants::Wants;

use crate::diagnostic::Spot;
use crate::value::fold;

/// A live estate, read whole: bodies by resource ID. It has no way to write.
#[derive(Default)]
pub struct Estate {
    label: String,
    texts: Vec<Origin>,
    bodies: Vec<Body>,
    /// Hashes of case-folded IDs; bodies of one hash are chained.
    index: HashMap<u64, u32>,
    /// REST types whose bodies stand for deleted resources, by the ID that they had.
    deleted: HashSet<String>,
    /// The REST types that bodies say they have, each once.
    kinds: Vec<Box<str>>,
}

/// A text that bodies were read from.
struct Origin {
    name: String,
    text: Cow<'static, str>,
}

/// One body.
struct Body {
    source: u32,
    range: Range<usize>,
    id: Box<str>,
    /// What the body says its REST type is, by its place in `kinds`.
    kind: Option<u32>,
    next: Option<u32>,
}

impl Estate {
    /// An estate with nothing in it.
    pub fn empty() -> Self {
        Self { label: "nothing".into(), ..Self::default() }
    }

    /// Where it came from, in words.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// How many bodies it has.
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    /// The IDs of all bodies, in the order in which they were read.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.bodies.iter().map(|body| &*body.id)
    }

    /// The JSON text of a resource's body, whatever the case of the ID.
    pub fn text(&self, id: &str) -> Option<&str> {
        self.find(&[id]).map(|at| self.body_text(at))
    }

    /// Whether there is a body with this ID.
    pub fn has(&self, id: &str) -> bool {
        self.find(&[id]).is_some()
    }

    /// Whether there is a body with this ID and suffix.
    pub(crate) fn has_below(&self, id: &str, suffix: &str) -> bool {
        self.find(&[id, "/", suffix]).is_some()
    }

    /// The body whose ID is these pieces joined.
    fn find(&self, pieces: &[&str]) -> Option<u32> {
        let mut at = self.index.get(&fold(pieces)).copied();
        while let Some(index) = at {
            let body = &self.bodies[index as usize];
            if same(&body.id, pieces) {
                return Some(index);
            }
            at = body.next;
        }
        None
    }

    fn body_text(&self, at: u32) -> &str {
        let body = &self.bodies[at as usize];
        &self.texts[body.source as usize].text[body.range.clone()]
    }

    /// The place of a byte of a body in the file that it was read from.
    fn spot(&self, at: u32, offset: usize) -> Spot {
        let body = &self.bodies[at as usize];
        let source = &self.texts[body.source as usize];
        place(&source.name, &source.text, body.range.start + offset)
    }

    /// Where the body of this ID starts.
    pub fn spot_of(&self, id: &str) -> Option<Spot> {
        self.find(&[id]).map(|at| self.spot(at, 0))
    }

    /// The REST type that a body says it has.
    pub(crate) fn kind(&self, at: u32) -> Option<&str> {
        self.kinds.get(self.bodies[at as usize].kind? as usize).map(|kind| &**kind)
    }

    /// The place of the body of this ID, for [`kind`](Self::kind) and [`reading`](Self::reading).
    pub(crate) fn locate(&self, id: &str) -> Option<u32> {
        self.find(&[id])
    }

    fn intern(&mut self, kind: &str) -> u32 {
        // An estate has a few dozen types; bodies of one type tend to stand together.
        let at = self.kinds.iter().rposition(|known| **known == *kind).unwrap_or_else(|| {
            self.kinds.push(kind.into());
            self.kinds.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    /// Whether the service keeps a deleted resource that had this ID.
    pub fn is_deleted(&self, wire: &str, id: &str) -> bool {
        self.deleted.contains(&deleted_key(wire, id))
    }

    fn insert(&mut self, mut body: Body) -> Result<(), u32> {
        let hash = fold(&[&body.id]);
        let at = u32::try_from(self.bodies.len()).unwrap_or(u32::MAX);
        if let Some(first) = self.find(&[&body.id]) {
            return Err(first);
        }
        body.next = self.index.insert(hash, at);
        self.bodies.push(body);
        Ok(())
    }
}

/// The place of a byte in a text.
fn place(name: &str, text: &str, offset: usize) -> Spot {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |n| n + 1) + 1;
    Spot::new(name, line, column)
}

fn deleted_key(wire: &str, id: &str) -> String {
    format!("{wire} {id}").to_ascii_lowercase()
}

fn same(id: &str, pieces: &[&str]) -> bool {
    let mut rest = id;
    for piece in pieces {
        match rest.get(..piece.len()) {
            Some(head) if head.eq_ignore_ascii_case(piece) => rest = &rest[piece.len()..],
            _ => return false,
        }
    }
    rest.is_empty()
}
