//! What of a stack is known before anything exists: texts whose outputs all are, and who is given which role.

use crate::graph::Graph;
use crate::schema::Fact;
use crate::value::{NodeRef, Piece, Text, Value};

/// A value as text; `None` where it is none, or says something that only what exists can say.
pub(super) fn rendered(graph: &Graph, value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => text_of(graph, text),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(word) => Some(word.to_string()),
        _ => None,
    }
}

/// A text with its outputs in it; `None` where one of them is not known yet.
pub(super) fn text_of(graph: &Graph, text: &Text) -> Option<String> {
    text.parts()
        .map(|piece| match piece {
            Piece::Literal(literal) => Some(literal.to_owned()),
            Piece::Output(output) => graph.of(output.node)?.known(output.output).map(str::to_owned),
        })
        .collect()
}

/// Whether a role over a resource is given to a member, both as policies write them.
pub(super) fn granted(graph: &Graph, over: NodeRef, role: &str, member: &str) -> bool {
    graph.nodes.iter().filter(|node| node.parent == Some(over.index)).any(|node| {
        node.ty.facts.iter().any(|fact| {
            let Fact::Grants { role: of, to } = fact else { return false };
            let said = |property: &str| {
                let value = node.fields.named(node.ty.props, property)?;
                rendered(graph, value)
            };
            said(of).as_deref() == Some(role)
                && said(to).is_some_and(|to| to.eq_ignore_ascii_case(member))
        })
    })
}
