//! Types as a catalogue lists them, each with its example.

use super::ResourceType;
use crate::dsl::Stack;
use crate::value::NodeRef;

/// A function that puts an example of a type, and what it needs, into a stack.
pub type Example = fn(&mut Stack) -> NodeRef;

/// A type of a catalogue, with its example.
#[derive(Clone, Copy)]
pub struct Registered {
    /// The type.
    pub ty: fn() -> &'static ResourceType,
    /// Its example.
    pub example: Example,
}
