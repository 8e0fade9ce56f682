//! The XAT estate: its stacks, and the recorded estates that ship with them.
//!
//! A stack is a plain function. [`STACKS`] names them for the command line.

use xat_infra::cli::{Embedded, StackEntry};

pub mod appengine;
pub mod gke;
pub mod internal;
pub mod legacy;

/// The live estate of production as it was recorded in mid-migration.
pub const RECORDED_ESTATE: &str = include_str!("../estates/xat-internal.live.json");
/// What the last apply of production left.
pub const RECORDED_STATE: &str = include_str!("../estates/xat-internal.state.json");

/// The same of the deployment on Google Cloud.
pub const LEGACY_ESTATE: &str = include_str!("../estates/xat-legacy.live.json");
/// What its last apply left: that of its first stack.
pub const LEGACY_STATE: &str = include_str!("../estates/xat-legacy.state.json");

/// Every stack, the default first.
pub const STACKS: &[StackEntry] = &[
    StackEntry {
        name: "xat-internal",
        about: "the XAT backend on Azure, internal only: production",
        build: || internal::stack(&internal::Environment::production()),
        estate: Some(Embedded {
            name: "stacks/estates/xat-internal.live.json",
            text: RECORDED_ESTATE,
        }),
        state: Some(Embedded {
            name: "stacks/estates/xat-internal.state.json",
            text: RECORDED_STATE,
        }),
    },
    StackEntry {
        name: "xat-internal-staging",
        about: "the same estate for staging: smaller, with nothing live yet",
        build: || internal::stack(&internal::Environment::staging()),
        estate: None,
        state: None,
    },
    StackEntry {
        name: "xat-legacy",
        about: "the XAT backend on Google Cloud, as long as it is needed",
        build: legacy::stack,
        estate: Some(Embedded { name: "stacks/estates/xat-legacy.live.json", text: LEGACY_ESTATE }),
        state: Some(Embedded { name: "stacks/estates/xat-legacy.state.json", text: LEGACY_STATE }),
    },
    StackEntry {
        name: "xat-appengine",
        about: "the same backend on App Engine, in a project of its own",
        build: appengine::stack,
        estate: None,
        state: None,
    },
    StackEntry {
        name: "xat-gke",
        about: "the same backend on GKE Autopilot, in a project of its own",
        build: gke::stack,
        estate: None,
        state: None,
    },
];
