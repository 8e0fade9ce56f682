//! How a stack is written: resources, handles, outputs, names, and the stack that gathers them.
//!
//! The DSL knows the static descriptions and no catalogue: a resource type of a user's own crate is as good
//! as one that ships here.

mod cidr;
mod handle;
mod lifecycle;
mod name;
mod raw;
mod resource;
mod stack;

pub use cidr::{Cidr, CidrProblem};
pub use handle::{AnyRef, Handle, OfType, Output, Ref, Via};
pub use lifecycle::{DataLoss, Meta};
pub use name::Name;
pub use raw::RawBody;
pub(crate) use raw::put_dotted;
pub use resource::{Is, Resource};
pub use stack::{Declared, Stack, StackOutput, TerraformBackend};
