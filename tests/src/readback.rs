//! Emitted files read back as a graph: who waits for whom, by the resources' IDs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use xat_infra::graph::Graph;
use xat_infra::schema::TfPart;
use xat_infra::wire::{Arm, Terraform, deployment_scope};

/// For each resource everything that it waits for, however far.
pub type Closure = BTreeMap<String, BTreeSet<String>>;

/// What the stack itself says.
pub fn of_stack(graph: &Graph) -> Closure {
    let direct = graph.nodes.iter().map(|node| {
        let to = node.edges.iter().map(|edge| graph.nodes[edge.to as usize].address.clone());
        (node.address.clone(), to.collect())
    });
    close(direct.collect())
}

/// The Terraform resources that carry each resource of a stack, by its address: its own first, then those of its parts, which
/// name it where they link to it.
pub fn carriers(graph: &Graph, module: &Json) -> BTreeMap<String, Vec<String>> {
    let spell = Terraform::new(graph);
    let own: Vec<String> = (0..graph.nodes.len())
        .map(|at| format!("{}.{}", spell.resource(at), spell.label(at)))
        .collect();
    let mut out = BTreeMap::new();
    for (at, node) in graph.nodes.iter().enumerate() {
        let raw = node.ty.provider.terraform_raw.as_ref().filter(|_| spell.is_raw(at));
        let parts: Vec<(&str, &str, &str)> = match raw {
            Some(raw) => vec![(raw.resource, "parent_id", "id")],
            None => {
                let part =
                    |part: &TfPart| (part.resource, part.attribute(), part.held_by(node.ty).tf);
                node.ty.tf_parts.iter().map(part).collect()
            }
        };
        let mut carriers = vec![own[at].clone()];
        for (resource, link, by) in parts {
            let link_to = format!("${{{}.{by}}}", own[at]);
            for (label, body) in module["resource"][resource].as_object().into_iter().flatten() {
                let address = format!("{resource}.{label}");
                if body[link] == link_to && !own.contains(&address) {
                    carriers.push(address);
                }
            }
        }
        out.insert(node.address.clone(), carriers);
    }
    out
}

/// What a Terraform module says: expressions and `depends_on`.
pub fn of_terraform(graph: &Graph, module: &Json) -> Closure {
    let carriers = carriers(graph, module);
    let nodes: BTreeMap<&str, &str> = carriers
        .iter()
        .flat_map(|(node, all)| all.iter().map(move |carrier| (carrier.as_str(), node.as_str())))
        .collect();
    let waits = of_module(module);
    let direct = carriers.iter().map(|(node, all)| {
        let to = all.iter().filter_map(|carrier| waits.get(carrier)).flatten();
        let to = to.filter_map(|to| nodes.get(to.as_str())).filter(|to| *to != node);
        (node.clone(), to.map(|to| (*to).to_owned()).collect())
    });
    close(direct.collect())
}

/// The same of each of the module's own resources, by its address there.
pub fn of_module(module: &Json) -> Closure {
    let mut direct = Closure::new();
    for (resource, labels) in module["resource"].as_object().into_iter().flatten() {
        for (label, body) in labels.as_object().into_iter().flatten() {
            let mut to = BTreeSet::new();
            texts(body, &mut |text| {
                // An address stands in an expression, or alone where nothing but an address can.
                for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))
                {
                    let mut words = word.splitn(3, '.');
                    if let (Some(resource), Some(label)) = (words.next(), words.next())
                        && module["resource"][resource][label].is_object()
                    {
                        to.insert(format!("{resource}.{label}"));
                    }
                }
            });
            direct.insert(format!("{resource}.{label}"), to);
        }
    }
    close(direct)
}

/// Which resources of a module wait for others in part: for one of their carriers, and not for another.
pub fn half_waits(graph: &Graph, module: &Json) -> Vec<String> {
    let (carriers, waits) = (carriers(graph, module), of_module(module));
    let mut out = Vec::new();
    for (own, to) in &waits {
        for whole in carriers.values().filter(|whole| !whole.contains(own)) {
            let missing = whole.iter().filter(|carrier| !to.contains(*carrier));
            let missing: Vec<&String> = missing.collect();
            if missing.len() < whole.len() {
                out.extend(
                    missing.iter().map(|missing| format!("{own} does not wait for {missing}")),
                );
            }
        }
    }
    out
}

/// What an ARM template says: `dependsOn`, of resources and of the deployments that they are in.
pub fn of_arm(graph: &Graph, template: &Json) -> Closure {
    let mut direct: Closure =
        graph.nodes.iter().map(|node| (node.address.clone(), BTreeSet::new())).collect();
    // A template cannot wait for what is made beforehand.
    for node in &graph.nodes {
        let before = node.edges.iter().map(|edge| &graph.nodes[edge.to as usize]);
        let before = before.filter(|node| node.ty.action.is_some());
        let before: BTreeSet<String> = before.map(|node| node.address.clone()).collect();
        direct.entry(node.address.clone()).or_default().extend(before);
    }
    // What stands for what: a resource's ID as the template that makes it spells it.
    let ids = |scope: &str| -> BTreeMap<String, String> {
        let spell = Arm::at(graph, scope);
        graph.nodes.iter().map(|node| (spell.id(node, ""), node.address.clone())).collect()
    };
    let main_scope = graph.nodes.iter().map(|node| deployment_scope(&node.id)).min().unwrap_or("");
    let main_scope = main_scope.split("/resourceGroups").next().unwrap_or_default().to_owned();
    let main_ids = ids(&main_scope);
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut waits: Vec<(BTreeSet<String>, Vec<String>)> = Vec::new();
    for resource in template["resources"].as_array().into_iter().flatten() {
        let inner = &resource["properties"]["template"];
        if !inner.is_object() {
            let own = resource_address(graph, &main_scope, resource);
            waits.push((own.into_iter().collect(), depends(resource)));
            continue;
        }
        let group = resource["resourceGroup"].as_str().unwrap_or_default();
        let scope = format!("{main_scope}/resourceGroups/{group}");
        let own_ids = ids(&scope);
        let mut inside = BTreeSet::new();
        for resource in inner["resources"].as_array().into_iter().flatten() {
            let Some(own) = resource_address(graph, &scope, resource) else { continue };
            inside.insert(own.clone());
            let to = depends(resource).into_iter().filter_map(|id| own_ids.get(&id).cloned());
            direct.entry(own.clone()).or_default().extend(to.filter(|to| *to != own));
        }
        let name = resource["name"].as_str().unwrap_or_default().to_owned();
        waits.push((inside.clone(), depends(resource)));
        members.insert(name, inside);
    }
    for (own, to) in waits {
        for id in to {
            let of_deployment = members
                .iter()
                .find(|(name, _)| {
                    id.ends_with(&format!("'Microsoft.Resources/deployments', '{name}')"))
                })
                .map(|(_, members)| members.clone());
            let targets =
                of_deployment.unwrap_or_else(|| main_ids.get(&id).cloned().into_iter().collect());
            for own in &own {
                direct.entry(own.clone()).or_default().extend(targets.iter().cloned());
            }
        }
    }
    close(direct)
}

/// The resource that an entry of a template makes.
pub fn resource_address(graph: &Graph, scope: &str, entry: &Json) -> Option<String> {
    let kind = entry["type"].as_str()?;
    let names: Vec<&str> = entry["name"].as_str()?.split('/').collect();
    let (namespace, kinds) = kind.split_once('/')?;
    let below: String =
        kinds.split('/').zip(names).map(|(kind, name)| format!("/{kind}/{name}")).collect();
    let id = match (kind, entry["scope"].as_str()) {
        ("Microsoft.Resources/resourceGroups", _) => {
            format!("{scope}/resourceGroups/{}", entry["name"].as_str()?)
        }
        (_, Some(of)) => format!("{scope}/providers/{of}/providers/{namespace}{below}"),
        _ => format!("{scope}/providers/{namespace}{below}"),
    };
    graph.with_id(&id).map(|node| node.address.clone())
}

fn depends(entry: &Json) -> Vec<String> {
    let list = entry["dependsOn"].as_array().into_iter().flatten().filter_map(Json::as_str);
    list.map(|text| text.trim_start_matches('[').trim_end_matches(']').to_owned()).collect()
}

fn texts(json: &Json, see: &mut dyn FnMut(&str)) {
    match json {
        Json::String(text) => see(text),
        Json::Array(items) => items.iter().for_each(|item| texts(item, see)),
        Json::Object(map) => map.iter().for_each(|(key, value)| {
            see(key);
            texts(value, see);
        }),
        _ => {}
    }
}

/// Everything that is reached, however far.
pub fn close(direct: Closure) -> Closure {
    direct
        .keys()
        .map(|from| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
            while let Some(at) = open.pop() {
                for to in direct.get(at).into_iter().flatten() {
                    if seen.insert(to.clone()) {
                        open.push(to);
                    }
                }
            }
            (from.clone(), seen)
        })
        .collect()
}
