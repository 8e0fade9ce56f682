//! Emission: a graph as files for the tools that a team has already. Pure functions to text; nothing here writes a file.
//!
//! Every format reads the types' static descriptions through `wire`. A format that cannot say something reports it at the
//! resource's line, and then nothing is emitted at all.

pub mod arm;
pub mod steps;
pub mod terraform;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};

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

/// The resources of clouds that a format cannot say at all: one message for each cloud, however many there are.
fn foreign(
    graph: &Graph,
    format: &str,
    known: &dyn Fn(&Node) -> bool,
    help: &str,
) -> Vec<Diagnostic> {
    let mut clouds: BTreeMap<&str, (&Node, usize)> = BTreeMap::new();
    for node in graph.order.iter().map(|&index| &graph.nodes[index as usize]) {
        if !known(node) {
            clouds.entry(node.ty.provider.label).or_insert((node, 0)).1 += 1;
        }
    }
    let told = clouds.into_iter().map(|(cloud, (node, count))| {
        let what = match count {
            1 => format!("`{}` cannot be said in {format}", node.address),
            _ => format!("`{}` and {} more cannot be said in {format}", node.address, count - 1),
        };
        Diagnostic::error("emit-unsayable", format!("{what}: there is none for {cloud}"))
            .at(node.declared_at(), "declared here")
            .help(help)
    });
    told.collect()
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
