//! What exists live and nobody declares. Paths only: an undeclared value may be a secret.

use std::collections::HashSet;

use super::Unmanaged;
use super::decide::Decider;
use crate::graph::Graph;
use crate::value::Value;

/// Undeclared resources, and undeclared properties of declared ones, by ID.
pub(super) fn unmanaged(decider: &Decider<'_>) -> Vec<Unmanaged> {
    let (graph, estate, state) = (decider.graph, decider.estate, decider.state);
    let owned: HashSet<String> =
        state.resources.values().map(|owned| owned.id.to_ascii_lowercase()).collect();
    let mut out = Vec::new();
    for id in estate.ids() {
        let node = decider.resolver.places.node(graph, id);
        match node {
            Some(node) => {
                let Some(body) =
                    estate.text(id).and_then(|text| serde_json::from_str::<Value>(text).ok())
                else {
                    continue;
                };
                let mut declared: Vec<Vec<&str>> =
                    ["id", "name", "type", "etag", "systemData", "apiVersion"]
                        .map(|key| vec![key])
                        .into();
                let of_fields = node.fields.iter().filter_map(|field| {
                    node.ty.props.get(field.prop as usize)?.wire.as_ref().map(|wire| wire.path)
                });
                let of_type = node.ty.constants.iter().filter_map(|constant| constant.wire);
                let of_outputs = node.ty.outputs.iter().map(|output| output.wire);
                declared.extend(of_fields.chain(of_type).chain(of_outputs).map(<[&str]>::to_vec));
                // How the service is getting on is not a setting.
                declared.push(vec!["properties", "provisioningState"]);
                let mut paths = Vec::new();
                leaves(&body, &mut Vec::new(), &declared, &mut paths);
                if !paths.is_empty() {
                    paths.sort();
                    out.push(Unmanaged {
                        address: Some(node.address.clone()),
                        id: id.to_owned(),
                        paths,
                    });
                }
            }
            None if owned.contains(&id.to_ascii_lowercase()) || is_part(graph, id) => {}
            None => out.push(Unmanaged { address: None, id: id.to_owned(), paths: Vec::new() }),
        }
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out
}

/// Whether a body is a part or a mirror of a declared resource.
fn is_part(graph: &Graph, id: &str) -> bool {
    graph.nodes.iter().any(|node| {
        let suffixes =
            node.ty.parts.iter().map(|p| p.suffix).chain(node.ty.mirrors.iter().map(|m| m.suffix));
        let head = id.get(..node.id.len()).is_some_and(|head| head.eq_ignore_ascii_case(&node.id));
        head && suffixes
            .into_iter()
            .any(|suffix| id[node.id.len()..].trim_start_matches('/').eq_ignore_ascii_case(suffix))
    })
}

fn leaves(value: &Value, path: &mut Vec<String>, declared: &[Vec<&str>], out: &mut Vec<String>) {
    let here = |d: &&Vec<&str>| {
        d.len() == path.len() && d.iter().zip(path.iter()).all(|(a, b)| a.eq_ignore_ascii_case(b))
    };
    if declared.iter().any(|d| here(&d)) {
        return;
    }
    match value {
        Value::Null => {}
        Value::Map(entries) => {
            for (key, value) in entries.iter() {
                path.push(key.to_owned());
                leaves(value, path, declared, out);
                path.pop();
            }
        }
        _ => out.push(path.join(".")),
    }
}
