//! Cloud estates as typed Rust: resources as structs, a graph of their references, an exact preview of what
//! would change, and the same graph as Terraform, ARM or ordered steps.
//!
//! The pipeline is `catalog -> dsl -> graph -> lint -> (live, state) -> plan -> report`; each stage is a function
//! from value to value. Start at [`azure::prelude`] and [`dsl::Stack`].
//!
//! ```
//! use xat_infra::azure::prelude::*;
//!
//! fn demo() -> Stack {
//!     let mut stack = Stack::new("demo");
//!     let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
//!     stack.add(KeyVault::new(name!("demo-kv"), group).purge_protection(true));
//!     stack
//! }
//! # assert_eq!(demo().len(), 2);
//! ```

// The derives write `::xat_infra::..` paths, which must work in this crate too.
extern crate self as xat_infra;

#[cfg(doctest)]
mod book;
pub mod catalog;
#[cfg(feature = "cli")]
pub mod cli;
pub mod delivery;
pub mod diagnostic;
pub mod dsl;
pub mod emit;
pub mod graph;
pub mod import;
pub mod lint;
pub mod live;
pub mod plan;
pub mod reference;
pub mod report;
pub mod schema;
pub mod state;
pub mod value;
pub mod wire;

pub use catalog::{azure, gcp};
/// JSON for the raw escapes, as `serde_json` has it.
pub use serde_json::json;
pub use xat_infra_macros::{Block, Choice, Resource, text};
