//! The Terraform resources that carry a resource: its own and those of its parts, or the raw provider's.

use crate::graph::{Graph, Node};
use crate::schema::RawRequest;
use crate::value::{OutputRef, Text, Value};
use crate::wire::{self, Terraform};

/// A Terraform resource that carries a node, or a part of it.
pub(super) struct Lowered {
    pub(super) part: Option<&'static str>,
    pub(super) kind: String,
    pub(super) label: String,
    /// What the label has behind that of the node's own resource.
    pub(super) tail: String,
    /// For a part in a REST body of its own: what follows the resource's ID.
    pub(super) suffix: String,
    pub(super) value: Value,
}

/// The Terraform resources that carry a node; `None` where there is no way to say it.
pub(super) fn carriers(graph: &Graph, node: &Node, spell: &Terraform<'_>) -> Option<Vec<Lowered>> {
    let index = graph.at(&node.address)?;
    let label = spell.label(index as usize);
    if spell.is_raw(index as usize) {
        return raw(graph, node, index, label);
    }
    let carriers = wire::lower_terraform(graph, node).into_iter().map(|body| {
        // Resources that stand for the elements of a list are told apart by what they are about.
        let each = body.part.and_then(|part| body.suffix.strip_prefix(part));
        let tail = each.unwrap_or_default().to_owned();
        Lowered {
            part: body.part,
            kind: body.kind,
            label: with_tail(label, &tail),
            tail,
            suffix: String::new(),
            value: body.value,
        }
    });
    Some(carriers.collect())
}

/// A label and what stands behind it.
pub(super) fn with_tail(label: &str, tail: &str) -> String {
    if tail.is_empty() {
        label.to_owned()
    } else {
        Terraform::label_of(None, &format!("{label}{tail}"))
    }
}

fn raw(graph: &Graph, node: &Node, index: u32, label: &str) -> Option<Vec<Lowered>> {
    let raw = node.ty.provider.terraform_raw.as_ref()?;
    let own = Text::Output(OutputRef { node: graph.reference(index), output: &crate::schema::ID });
    let parent = node
        .ty
        .props
        .iter()
        .position(|p| p.is_parent)
        .and_then(|at| node.fields.get(u16::try_from(at).ok()?)?.as_text().cloned());
    let carriers = wire::lower_rest(node, &node.fields).into_iter().map(|body| {
        let (name, parent, tail) = match body.part {
            None => (
                node.name.as_str(),
                parent.clone().unwrap_or_else(|| scope_of(node)),
                String::new(),
            ),
            Some(part) => (
                body.suffix.rsplit('/').next().unwrap_or(&body.suffix),
                own.clone(),
                format!("_{part}"),
            ),
        };
        let request =
            RawRequest { wire: &body.kind, api: &node.api, name, parent, body: body.value };
        let value = (raw.arguments)(&request);
        Lowered {
            part: body.part,
            kind: raw.resource.to_owned(),
            label: with_tail(label, &tail),
            tail,
            suffix: body.suffix.into_owned(),
            value,
        }
    });
    Some(carriers.collect())
}

/// What holds a resource that no other of the stack holds.
fn scope_of(node: &Node) -> Text {
    Text::from((node.ty.provider.parent_of_id)(&node.id).unwrap_or_default())
}
