//! Unknown keys of blocks and choices.
use xat_infra::value::Text;
use xat_infra::{Block, Choice};

/// A rule.
#[derive(Clone, Block)]
#[block(privat_new, colour = "red")]
pub struct Rule {
    /// Its name.
    #[prop(arm = "name", tff = "name")]
    name: Text,
    /// Its note.
    #[prop(arms = "note")]
    note: Option<Text>,
}

/// An effect.
#[derive(Clone, Choice)]
pub enum Effect {
    /// Lets through.
    #[choice("allow", terraform = "Allow")]
    Allow,
    /// Turns away.
    #[choice("deny", word = "Deny")]
    Deny,
}

fn main() {}
