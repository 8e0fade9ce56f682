//! Emission: a graph as files for the tools that a team has already. Pure functions to text; nothing here writes a file.
//!
//! Every format reads the types' static descriptions through `wire`. A format that cannot say something reports it at the
//! resource's line, and then nothing is emitted at all.

pub mod arm;
pub mod steps;
pub mod terraform;

use crate::diagnostic::Diagnostic;
use crate::graph::Node;

/// One file to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Its name inside the folder.
    pub name: String,
    /// Its whole text.
    pub text: String,
    /// Whether it is a program.
    pub executable: bool,
}

impl File {
    /// A file that is not a program.
    pub fn text(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into(), executable: false }
    }
}

/// A resource that a format cannot say.
fn unsayable(node: &Node, format: &str, why: &str, help: &str) -> Diagnostic {
    Diagnostic::error(
        "emit-unsayable",
        format!("`{}` cannot be said in {format}: {why}", node.address),
    )
    .at(node.declared_at(), "declared here")
    .help(help)
}

/// A secret that a format has no safe place for.
fn unsafe_secret(node: &Node, format: &str, place: &str, help: &str) -> Diagnostic {
    Diagnostic::error(
        "emit-secret",
        format!("{format} has no safe place for the secret at `{place}` of `{}`", node.address),
    )
    .at(node.declared_at(), "declared here")
    .help(help)
}
