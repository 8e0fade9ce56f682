//! Plans as text: for people at a terminal, and for machines. Everything here is a pure function to a `String`.
//!
//! | module | what it writes |
//! |---|---|
//! | [`to_text`] | the preview that people read |
//! | [`to_json`] | the format `xat-plan/1`, documented by `book/src/plan.schema.json` |
//! | [`drift_to_text`], [`drift_to_json`] | drift, for people and in the format `xat-drift/1` (`book/src/drift.schema.json`) |
//! | `draw` | one diagnostic, drawn into the user's own source (with the feature `cli`) |
//!
//! Nothing here prints, asks for the terminal's size or reads a file: the command line hands all of it in.

#[cfg(feature = "cli")]
mod diagnostics;
mod drift;
mod drift_json;
mod footer;
mod json;
mod layout;
mod resource;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod schema_check;
mod style;
mod text;
mod value;

#[cfg(feature = "cli")]
pub use diagnostics::{Sources, draw};
pub use drift::drift_to_text;
pub use drift_json::{DRIFT_FORMAT, drift_to_json};
#[cfg(feature = "cli")]
pub(crate) use footer::besides_refusals;
pub(crate) use footer::count;
pub use json::{FORMAT, to_json};
#[cfg(feature = "cli")]
pub(crate) use layout::paragraph;
pub use text::to_text;

/// How a plan is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many columns a line of text may take. Below 40 nothing readable fits, so 40 is the least.
    pub width: usize,
    /// Whether text has colours, as ANSI escapes. Without them the text is the same.
    pub colour: bool,
    /// Whether resources with which nothing happens are listed too.
    pub show_unchanged: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 100, colour: false, show_unchanged: false }
    }
}
