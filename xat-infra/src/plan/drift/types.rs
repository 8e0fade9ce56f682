//! What a drift is made of.

use super::super::{Shown, Unmanaged};
use crate::diagnostic::Spot;

/// What is not as it was applied, and what is not as it is declared.
#[derive(Clone, Debug, Default)]
pub struct Drift {
    /// The stack's name.
    pub stack: String,
    /// Its environment, if it says one.
    pub environment: Option<String>,
    /// Where the live estate came from, in words.
    pub live: String,
    /// How often the state was written.
    pub serial: u64,
    /// How many resources the state knows. Without any, nothing can be said of the last apply.
    pub applied: usize,
    /// How many resources the stack declares.
    pub declared: usize,
    /// What differs from what was last applied, by address.
    pub from_applied: Vec<Drifted>,
    /// What differs from what is declared now, in the order of the plan.
    pub from_declared: Vec<Drifted>,
    /// What no reading shows: secrets and values that are only ever written.
    pub unseen: Vec<Unseen>,
    /// What exists live and neither stack nor state knows; filled only when asked for.
    pub unmanaged: Vec<Unmanaged>,
}

/// A resource that differs.
#[derive(Clone, Debug)]
pub struct Drifted {
    /// Its address.
    pub address: String,
    /// The last part of the address.
    pub key: String,
    /// The type's unique name.
    pub type_name: String,
    /// What a person calls the type.
    pub type_label: String,
    /// How it differs.
    pub presence: Presence,
    /// Who made it differ.
    pub cause: Cause,
    /// Where the stack declares it; `None` where it no longer does.
    pub declared_at: Option<Spot>,
    /// The properties that differ, where it is there.
    pub leaves: Vec<DriftedLeaf>,
}

/// A property that differs.
#[derive(Clone, Debug)]
pub struct DriftedLeaf {
    /// The property's path, as in the plan.
    pub path: String,
    /// What a person calls it.
    pub label: String,
    /// What was applied, or is declared. `None` for nothing, for a secret, and for what was applied and is declared no
    /// more: the state holds no values.
    pub expected: Option<Shown>,
    /// What is live; `None` for nothing.
    pub live: Option<Shown>,
    /// Whether its values are never shown.
    pub secret: bool,
    /// Who made it differ.
    pub cause: Cause,
}

/// How a resource differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// It is there, and some of its properties differ.
    Changed,
    /// It was applied and is gone.
    Gone,
    /// It was not applied and is there.
    Appeared,
    /// It is declared and not there.
    Missing,
    /// It is there, was applied, and is declared no more.
    Undeclared,
}

impl Presence {
    /// The word for it in machine-readable output.
    pub const fn word(self) -> &'static str {
        match self {
            Presence::Changed => "changed",
            Presence::Gone => "gone",
            Presence::Appeared => "appeared",
            Presence::Missing => "missing",
            Presence::Undeclared => "undeclared",
        }
    }
}

/// Who made something differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// Somebody changed the cloud since the last apply.
    ByHand,
    /// The stack says something else since the last apply.
    NotApplied,
    /// Both.
    Both,
}

impl Cause {
    /// All causes.
    pub const ALL: [Cause; 3] = [Cause::ByHand, Cause::NotApplied, Cause::Both];

    /// The word for it in machine-readable output.
    pub const fn word(self) -> &'static str {
        match self {
            Cause::ByHand => "by-hand",
            Cause::NotApplied => "not-applied",
            Cause::Both => "both",
        }
    }

    /// The words for it in the text.
    pub const fn text(self) -> &'static str {
        match self {
            Cause::ByHand => "changed by hand",
            Cause::NotApplied => "not applied yet",
            Cause::Both => "both: changed by hand, and not applied yet",
        }
    }

    pub(super) const fn of(by_hand: bool, not_applied: bool) -> Self {
        match (by_hand, not_applied) {
            (true, true) => Cause::Both,
            (true, false) => Cause::ByHand,
            (false, _) => Cause::NotApplied,
        }
    }
}

/// What no reading shows of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Unseen {
    /// Its address.
    pub address: String,
    /// What a person calls the properties.
    pub labels: Vec<String>,
}

impl Drift {
    /// Whether anything differs from anything.
    pub fn is_any(&self) -> bool {
        !self.from_applied.is_empty() || !self.from_declared.is_empty()
    }
}
