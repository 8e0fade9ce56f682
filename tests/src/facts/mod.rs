//! Provider facts: what Terraform's providers and ARM accept, as names, types and flags; and checks against them.
//!
//! The facts in `tests/facts` were taken from the providers' own schemas by the program `facts`, which takes what the
//! catalogue uses and no more.

pub mod arm;
pub mod extract;
pub mod terraform;

use serde_json::Value as Json;

/// One thing that a provider would refuse.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// Where: the resource, and the path in it.
    pub path: String,
    /// What is wrong.
    pub what: String,
}

impl Finding {
    fn new(path: &str, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), what: what.into() }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Whether text is, or holds, something that is only known later.
fn is_expression(value: &Json) -> bool {
    value.as_str().is_some_and(|text| text.contains("${") || text.starts_with('['))
}
