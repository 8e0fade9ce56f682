//! What can be said of any resource: its key, its order, its protection, what a preview may forgive.

use crate::value::{NodeRef, Place, Value};

/// What every resource carries beside its properties. A resource struct has one field of this type.
#[derive(Clone)]
pub struct Meta {
    pub(crate) at: Place,
    pub(crate) places: Vec<(u16, Place)>,
    pub(crate) key: Option<String>,
    pub(crate) key_hint: Option<String>,
    pub(crate) given_name: Option<String>,
    pub(crate) was: Vec<(String, Place)>,
    pub(crate) protect: bool,
    pub(crate) create_first: bool,
    pub(crate) ignore: Vec<u16>,
    /// Properties of blocks, by the property that holds the blocks.
    pub(crate) ignore_in: Vec<(u16, &'static str)>,
    pub(crate) depends_on: Vec<(NodeRef, Place)>,
    pub(crate) allows: Vec<Allow>,
    pub(crate) allow_replace: Option<DataLoss>,
    pub(crate) raw: Vec<(String, Value, Place)>,
    pub(crate) wire: Option<(String, String)>,
}

/// A lint rule that the stack sets aside for one resource, and why.
#[derive(Clone)]
pub(crate) struct Allow {
    pub(crate) code: &'static str,
    pub(crate) reason: String,
    pub(crate) at: Place,
}

impl Meta {
    /// Nothing said yet, at the caller's line. The derive calls it in constructors.
    #[track_caller]
    pub fn here() -> Self {
        Self {
            at: std::panic::Location::caller(),
            places: Vec::new(),
            key: None,
            key_hint: None,
            given_name: None,
            was: Vec::new(),
            protect: false,
            create_first: false,
            ignore: Vec::new(),
            ignore_in: Vec::new(),
            depends_on: Vec::new(),
            allows: Vec::new(),
            allow_replace: None,
            raw: Vec::new(),
            wire: None,
        }
    }

    /// Remembers that the caller's line set a property. The derive calls it in setters.
    #[track_caller]
    pub fn set_here(&mut self, prop: u16) {
        let at = std::panic::Location::caller();
        match self.places.iter_mut().find(|(p, _)| *p == prop) {
            Some(place) => place.1 = at,
            None => self.places.push((prop, at)),
        }
    }

    /// Whether the stack itself set this property.
    pub fn is_set(&self, prop: u16) -> bool {
        self.places.iter().any(|(p, _)| *p == prop)
    }

    /// Where a property was set: its setter's line, or the constructor's.
    pub fn place(&self, prop: u16) -> Place {
        self.places.iter().find(|(p, _)| *p == prop).map_or(self.at, |(_, at)| at)
    }

    /// Sets a lint rule aside for this resource. Constructors call it for what they were given a reason for.
    #[track_caller]
    pub fn allow(&mut self, code: &'static str, reason: impl Into<String>) {
        let at = std::panic::Location::caller();
        self.allows.push(Allow { code, reason: reason.into(), at });
    }

    /// What a resource without a name of its own is called first, before what it connects (`acr-pull`).
    pub fn key_hint(&mut self, hint: impl Into<String>) {
        self.key_hint = Some(hint.into());
    }

    /// Says which REST type and API version a raw resource has.
    pub fn wire_type(&mut self, wire: impl Into<String>, api: impl Into<String>) {
        self.wire = Some((wire.into(), api.into()));
    }
}

/// Leave to lose the data of one resource, which it names, for a reason that stands in the preview.
///
/// ```
/// use xat_infra::dsl::DataLoss;
/// let leave = DataLoss::of("xat-pg", "the trial database was never used");
/// ```
///
/// There is no other way to get one, and nothing else is accepted in its place:
///
/// ```compile_fail
/// use xat_infra::azure::prelude::*;
/// let mut stack = Stack::new("demo");
/// stack.allow_delete("xat-pg");
/// ```
#[derive(Clone)]
pub struct DataLoss {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) at: Place,
}

impl DataLoss {
    /// Leave to lose the data of the resource with this name or address.
    #[track_caller]
    pub fn of(name: &'static str, reason: &'static str) -> Self {
        Self { name, reason, at: std::panic::Location::caller() }
    }
}
