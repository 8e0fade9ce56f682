//! The graph as DOT, for Graphviz: components as clusters, an arrow from each resource to what it waits for.

use std::fmt::Write;

use super::{Graph, Why};

/// The graph in the DOT language.
pub fn to_dot(graph: &Graph) -> String {
    let mut out = format!(
        "digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n",
        escape(&graph.stack)
    );
    let mut last: Option<&str> = None;
    let mut by_address: Vec<u32> = graph.order.clone();
    by_address.sort_by_key(|i| {
        let node = &graph.nodes[*i as usize];
        (node.component.clone(), node.address.clone())
    });
    for index in &by_address {
        let node = &graph.nodes[*index as usize];
        let component = node.component.as_deref();
        if component != last {
            if last.is_some() {
                out.push_str("  }\n");
            }
            if let Some(component) = component {
                let name = escape(component);
                let _ = writeln!(out, "  subgraph \"cluster_{name}\" {{\n    label=\"{name}\";");
            }
            last = component;
        }
        let indent = if component.is_some() { "    " } else { "  " };
        let (address, label, key) = (escape(&node.address), node.ty.label, escape(&node.key));
        let _ = writeln!(out, "{indent}\"{address}\" [label=\"{label}\\n{key}\"];");
    }
    if last.is_some() {
        out.push_str("  }\n");
    }
    for index in &by_address {
        let node = &graph.nodes[*index as usize];
        let mut edges: Vec<_> =
            node.edges.iter().map(|e| (&graph.nodes[e.to as usize].address, e.why)).collect();
        edges.sort();
        for (to, why) in edges {
            let style = match why {
                Why::Contained => " [style=bold]",
                Why::Property(_) => "",
                Why::Ordered => " [style=dashed]",
            };
            let _ = writeln!(out, "  \"{}\" -> \"{}\"{style};", escape(&node.address), escape(to));
        }
    }
    out.push_str("}\n");
    out
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
