//! What Terraform is told beside the arguments: order, life cycle, and what became of what it knew.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::syntax::{Body, Expr};
use super::{Lowered, Options};
use crate::diagnostic::Diagnostic;
use crate::graph::{Graph, Node};
use crate::wire::Terraform;

/// `depends_on` and `lifecycle` of the resource with this index.
pub(super) fn arguments(
    graph: &Graph,
    spell: &Terraform<'_>,
    index: u32,
    bodies: &[Lowered],
    body: &mut Body,
) {
    let node = &graph.nodes[index as usize];
    let mut said: BTreeSet<u32> = BTreeSet::new();
    for lowered in bodies {
        lowered.value.each_output(&mut |output| {
            said.insert(output.node.index);
        });
    }
    let order: Vec<Expr> = node
        .edges
        .iter()
        .filter(|edge| !said.contains(&edge.to) && !reaches(graph, &said, edge.to))
        .map(|edge| address(spell, edge.to))
        .collect::<BTreeSet<String>>()
        .into_iter()
        .map(Expr::Bare)
        .collect();
    let mut lifecycle = Body::default();
    if node.meta.create_first {
        lifecycle.attr("create_before_destroy", Expr::Bool(true));
    }
    // What holds data is not lost for want of a word: the same rule that previews refuse by.
    if node.meta.protect || (node.ty.holds_data && node.meta.allow_replace.is_none()) {
        lifecycle.attr("prevent_destroy", Expr::Bool(true));
    }
    let ignored = ignored(node);
    if !ignored.is_empty() {
        lifecycle.attr("ignore_changes", Expr::List(ignored.into_iter().map(Expr::Bare).collect()));
    }
    if !order.is_empty() {
        body.0.push(super::syntax::Item::Gap);
        body.attr("depends_on", Expr::List(order));
    }
    if !lifecycle.0.is_empty() {
        body.block("lifecycle", &[], lifecycle);
    }
}

/// Whether one of `from` waits for `to` already, however far on.
fn reaches(graph: &Graph, from: &BTreeSet<u32>, to: u32) -> bool {
    let mut seen: HashSet<u32> = from.iter().copied().collect();
    let mut open: Vec<u32> = from.iter().copied().collect();
    while let Some(at) = open.pop() {
        for edge in &graph.nodes[at as usize].edges {
            if edge.to == to {
                return true;
            }
            if seen.insert(edge.to) {
                open.push(edge.to);
            }
        }
    }
    false
}

/// The arguments that the stack leaves to others.
fn ignored(node: &Node) -> Vec<String> {
    let mut out = BTreeSet::new();
    for &prop in &node.meta.ignore {
        let Some(path) = node.ty.props.get(prop as usize).and_then(|p| p.tf.as_ref()) else {
            continue;
        };
        if path.part.is_none()
            && let Some((last, blocks)) = path.path.split_last()
        {
            let blocks: String = blocks.iter().map(|block| format!("{block}[0].")).collect();
            out.insert(format!("{blocks}{last}"));
        }
    }
    out.into_iter().collect()
}

/// A resource's address in the module.
pub(super) fn address(spell: &Terraform<'_>, index: u32) -> String {
    format!("{}.{}", spell.resource(index as usize), spell.label(index as usize))
}

/// `import`, `moved` and `removed` blocks.
pub(super) fn history(
    graph: &Graph,
    spell: &Terraform<'_>,
    options: &Options<'_>,
    module: &mut Body,
) {
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        if options.adopted.is_some_and(|adopted| adopted(&node.address)) {
            let mut body = Body::default();
            body.attr("to", Expr::Bare(address(spell, index)));
            body.attr("id", Expr::text(&node.id));
            module.block("import", &[], body);
        }
        for (old, _) in &node.meta.was {
            let mut body = Body::default();
            body.attr("from", Expr::Bare(old_address(node, spell.resource(index as usize), old)));
            body.attr("to", Expr::Bare(address(spell, index)));
            module.block("moved", &[], body);
        }
    }
    for (forgotten, _) in &graph.forgets {
        if let Some(from) = known_address(forgotten, options) {
            let mut keep = Body::default();
            keep.attr("destroy", Expr::Bool(false));
            let mut body = Body::default();
            body.attr("from", Expr::Bare(from));
            body.block("lifecycle", &[], keep);
            module.block("removed", &[], body);
        }
    }
}

/// The address of a resource by the key or address that it had before.
fn old_address(node: &Node, resource: &str, old: &str) -> String {
    let (component, key) = split(old, node.ty.slug)
        .unwrap_or_else(|| (node.component.as_deref().map(str::to_owned), old.to_owned()));
    let label = Terraform::label_of(component.as_deref(), &key);
    format!("{resource}.{label}")
}

/// Component and key of a full address of this type.
fn split(address: &str, slug: &str) -> Option<(Option<String>, String)> {
    let (component, rest) = match address.rsplit_once('/') {
        Some((component, rest)) => (Some(component.to_owned()), rest),
        None => (None, address),
    };
    let key = rest.strip_prefix(slug)?.strip_prefix('.')?;
    Some((component, key.to_owned()))
}

fn known_address(forgotten: &str, options: &Options<'_>) -> Option<String> {
    options.types.iter().filter(|ty| !ty.terraform.is_empty()).find_map(|ty| {
        let (component, key) = split(forgotten, ty.slug)?;
        Some(format!("{}.{}", ty.terraform, Terraform::label_of(component.as_deref(), &key)))
    })
}

/// Resources that claim one old address.
pub(super) fn ambiguous(graph: &Graph) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<String, &Node> = BTreeMap::new();
    let mut out = Vec::new();
    for node in graph.order.iter().map(|&index| &graph.nodes[index as usize]) {
        for (old, at) in &node.meta.was {
            let from = old_address(node, node.ty.terraform, old);
            if let Some(first) = seen.insert(from, node) {
                let what = format!("`{}` and `{}` were both `{old}`", first.address, node.address);
                out.push(
                    Diagnostic::error("ambiguous-move", what)
                        .at(*at, "said here")
                        .help("keep `.was(..)` on the one that it became"),
                );
            }
        }
    }
    out
}
