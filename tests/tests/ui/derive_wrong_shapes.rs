//! Structs and enums of the wrong shape.
use xat_infra::value::Text;
use xat_infra::{Block, Choice, Resource};

/// A tuple.
#[derive(Clone, Block)]
pub struct Pair(Text, Text);

/// A choice that carries something.
#[derive(Clone, Choice)]
pub enum Effect {
    /// Lets through.
    Allow(u32),
    /// Turns away.
    Deny { why: Text },
}

/// A choice that is none.
#[derive(Clone, Choice)]
pub struct Word;

/// A tuple.
#[derive(Resource)]
#[resource(arm = "Test.Things/things@2026-01-01", source = "https://example.com")]
pub struct Thing(Text);

/// An enum.
#[derive(Resource)]
#[resource(arm = "Test.Things/things@2026-01-01", source = "https://example.com")]
pub enum Things {
    /// One.
    One,
}

fn main() {}
