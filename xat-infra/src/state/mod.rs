//! What the last apply left: which resources are ours, which of their fields, and salted hashes of those.
//!
//! A state holds no property value and no secret, so that whoever may read a plan may read it. Planning never writes it.

mod file;
mod hash;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use hash::Salt;

/// The format that this version writes.
pub const FORMAT: &str = "xat-state/1";

/// What the last apply of one stack left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The format's name and version.
    pub format: String,
    /// The stack that owns it; empty before the first apply.
    pub stack: String,
    /// How often it was written.
    pub serial: u64,
    /// What hashes are salted with; random, made at the first apply.
    pub salt: Salt,
    /// What is owned, by address.
    pub resources: BTreeMap<String, Owned>,
}

/// One owned resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owned {
    /// The type's unique name (`azure.key_vault`).
    pub r#type: String,
    /// What a person calls the type.
    pub label: String,
    /// The resource's full ID.
    pub id: String,
    /// The addresses that it waited for: deletes run against them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// Whether deleting it loses data.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub holds_data: bool,
    /// Whether the service knows no way to delete it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undeletable: bool,
    /// Whether the stack protected it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protected: bool,
    /// The fields that the stack declared, by path, with the salted hash of what it declared. Lists of blocks stand there
    /// whole and leaf by leaf (`rules`, `rules[web].priority`), so that drift can be told inside them.
    pub fields: BTreeMap<String, String>,
}

impl State {
    /// The state before the first apply.
    pub fn empty() -> Self {
        Self {
            format: FORMAT.to_owned(),
            stack: String::new(),
            serial: 0,
            salt: Salt::default(),
            resources: BTreeMap::new(),
        }
    }

    /// Whether nothing was ever applied with it.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}
