//! Lint rules. (Stub until they land.)

use crate::diagnostic::Diagnostic;
use crate::graph::Graph;

/// What the rules find in a graph.
pub fn lint(_graph: &Graph) -> Vec<Diagnostic> {
    Vec::new()
}
