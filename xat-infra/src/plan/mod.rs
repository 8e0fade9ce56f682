//! The plan: what applying a stack would do, as a value.
//!
//! [`plan`] is a pure function of graph, live estate and state: no clock, environment, network, file or chance.
//! It is handed values that can only be read.

mod types;

pub use types::{Action, Change, Kept, Options, Plan, Refusal, Shown, Step, Summary, Unmanaged};
