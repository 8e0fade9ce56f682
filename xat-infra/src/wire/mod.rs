//! Between the property tree and the wire: lowering to REST bodies and Terraform blocks, raising of live bodies.
//!
//! Both directions are driven by the static description alone. Bodies are [`Value`](crate::value::Value)s in which
//! outputs of other resources are still outputs; [`render`] spells those for a format.

mod arm;
mod lower;
mod raise;
mod render;
mod terraform;

pub use arm::{Arm, deployment_scope, group_of};
pub(crate) use lower::merged;
pub use lower::{Body, lower_rest, lower_terraform};
pub(crate) use raise::text_at;
pub use raise::{Mismatch, decode, raise, raise_body};
pub use render::{Expressions, render};
pub use terraform::Terraform;
pub(crate) use terraform::escape_template;
