//! A property's type is one that every format can write; keywords are real ones.
use std::time::Duration;

use xat_infra::Block;
use xat_infra::value::Text;

/// A rule.
#[derive(Clone, Block)]
pub struct Rule {
    /// How long.
    #[prop(arm = "timeout")]
    timeout: Duration,
    /// Its note.
    #[prop(arm = "note", danger = Terrible)]
    note: Option<Text>,
    /// Its words.
    #[prop(arm = "words", each = "one word")]
    words: Option<Vec<Text>>,
}

/// Another.
#[derive(Clone, Block)]
pub struct Other {
    /// How long.
    #[prop(arm = "timeout")]
    timeout: Duration,
    /// Its note.
    #[prop(arm = "note", danger = Terrible)]
    note: Option<Text>,
}

fn main() {}
