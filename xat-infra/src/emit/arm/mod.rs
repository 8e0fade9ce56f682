//! A graph as an ARM template: one deployment to the subscription, with a nested one for each resource group.
//!
//! A nested deployment waits for the others as a whole. Where two groups wait for each other's resources, or one has more
//! than a template can hold, a group is deployed in as many layers as that takes. What is larger than Azure takes in one
//! template is written as several, to be deployed one after another.

mod layers;
mod limits;
mod parts;
mod template;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value as Json, json};

use self::parts::Unit;
use self::template::{Entry, Template};
use super::{File, foreign, unsafe_secret};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::{Graph, Node};
use crate::wire::{Arm, Expressions, deployment_scope, group_of};

/// The schema of a template that is deployed to a group.
const GROUP_SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
/// The API version of nested deployments.
const DEPLOYMENTS: &str = "2025-04-01";
/// A deployment's name has at most so many characters:
/// <https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources>.
const LONGEST_NAME: usize = 64;

/// The templates of a graph in the order in which they are deployed, each before the file of its parameters in the stack's
/// environment. There is one of each unless the graph is larger than Azure takes at once.
///
/// # Errors
/// Something in the graph is not Azure's or not to be said in a template; all such problems at once.
pub fn emit(graph: &Graph) -> Result<Vec<File>, Vec<Diagnostic>> {
    let mut problems = Diagnostics::new();
    let azure = |node: &Node| node.ty.provider.name == "azure";
    let foreign = foreign(graph, "ARM", &azure, "emit this stack as Terraform or steps");
    if !foreign.is_empty() {
        return Err(foreign);
    }
    for node in graph.order.iter().map(|&index| &graph.nodes[index as usize]) {
        check_secrets(node, &mut problems);
    }
    let subscription = subscription(graph);
    let layers = layers::layers(graph, &subscription, &mut problems);
    if problems.has_errors() {
        return Err(problems.sorted());
    }

    let mut by_hand: Vec<String> = Vec::new();
    let mut units: Vec<Unit> = Vec::new();
    let mut siblings = Siblings::default();
    let mut nested: BTreeMap<(u32, String), Template> = BTreeMap::new();
    let deployment = |index: u32| {
        let node = &graph.nodes[index as usize];
        let scope = deployment_scope(&node.id);
        group_of(scope).map(|group| (layers[index as usize], group.to_owned()))
    };
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        if let Some(action) = &node.ty.action {
            // A template can only write: what an action makes is said, so that someone does it first.
            by_hand.push(format!("{} by `{}` on {}", node.address, action.make, node.id));
            continue;
        }
        let scope = deployment_scope(&node.id);
        let spell = Arm::at(graph, scope);
        let own = deployment(index);
        let entry = Entry { spell: &spell, node };
        let mut outside: BTreeSet<String> = BTreeSet::new();
        let mut within: Vec<String> = Vec::new();
        for edge in &node.edges {
            let to = &graph.nodes[edge.to as usize];
            if to.ty.action.is_some() {
                continue;
            }
            let theirs = deployment(edge.to);
            match theirs {
                theirs if theirs == own => within.extend(entry.ids_of(to)),
                Some(theirs) => {
                    outside.insert(deployment_id(graph, &subscription, &theirs));
                }
                None => {
                    outside.insert(Arm::at(graph, &subscription).id(to, ""));
                }
            }
        }
        if let Some(before) = siblings.before(graph, index, &own) {
            within.extend(entry.ids_of(before));
        }
        if let Some(key) = own {
            let template = nested.entry(key).or_insert_with(|| Template::new(GROUP_SCHEMA));
            template.secrets.extend(secret_names(node));
            entry.add(&within, template);
            template.waits.extend(outside);
        } else {
            let mut alone = Template::default();
            entry.add(&within, &mut alone);
            for (id, mut body) in entry.ids_of(node).into_iter().zip(alone.resources) {
                template::wait(&mut body, outside.iter().cloned());
                units.push(Unit { id, body, secrets: secret_names(node) });
            }
        }
    }
    for ((layer, group), template) in nested {
        // The group is waited for even where nothing in it says so.
        let id = format!("{subscription}/resourceGroups/{group}");
        let mut waits = template.waits.clone();
        if let Some(node) = graph.with_id(&id) {
            waits.insert(Arm::at(graph, &subscription).id(node, ""));
        }
        let secrets = template.secrets.clone();
        let parameters: Map<String, Json> = secrets
            .iter()
            .map(|name| {
                let name = Arm::parameter(name);
                (name.clone(), json!({"value": format!("[parameters('{name}')]")}))
            })
            .collect();
        let mut properties = json!({
            "mode": "Incremental",
            "expressionEvaluationOptions": {"scope": "inner"},
        });
        if !parameters.is_empty() {
            properties["parameters"] = Json::Object(parameters);
        }
        let key = (layer, group);
        let name = deployment_name(graph, &key);
        problems.extend(limits::check(&template, &format!("the deployment `{name}`"), graph));
        properties["template"] = template.json();
        let mut body = json!({
            "type": "Microsoft.Resources/deployments",
            "apiVersion": DEPLOYMENTS,
            "name": name,
            "resourceGroup": key.1,
        });
        template::wait(&mut body, waits);
        body["properties"] = properties;
        units.push(Unit { id: deployment_id(graph, &subscription, &key), body, secrets });
    }
    let outputs = graph.outputs.iter().map(|output| {
        let value = Arm::at(graph, &subscription).text(&output.value);
        (output.name.clone(), json!({"type": "string", "value": value}))
    });
    let files = parts::files(graph, units, by_hand, outputs.collect(), &mut problems);
    if problems.has_errors() { Err(problems.sorted()) } else { Ok(files) }
}

/// The subscription that the stack lives in.
fn subscription(graph: &Graph) -> String {
    let first = graph.order.first().map(|&index| &graph.nodes[index as usize]);
    let id = first.map_or("", |node| node.id.as_str());
    let end = id.match_indices('/').nth(2).map_or(id.len(), |(at, _)| at);
    id[..end].to_owned()
}

fn deployment_name(graph: &Graph, (layer, group): &(u32, String)) -> String {
    let mut name = format!("{}-{group}", graph.stack);
    if *layer > 0 {
        name.push_str(&format!("-{layer}"));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || "-_.()".contains(c);
    let mut name: String = name.chars().map(|c| if legal(c) { c } else { '-' }).collect();
    if name.len() > LONGEST_NAME {
        let mark = format!("-{:08x}", crate::value::fold(&[&name]) as u32);
        name.truncate(LONGEST_NAME - mark.len());
        name.push_str(&mark);
    }
    name
}

/// The ID of a nested deployment, as an expression of the outer one.
fn deployment_id(graph: &Graph, subscription: &str, key: &(u32, String)) -> String {
    let (group, name) = (&key.1, deployment_name(graph, key));
    let id = format!(
        "{subscription}/resourceGroups/{group}/providers/Microsoft.Resources/deployments/{name}"
    );
    Arm::at(graph, subscription).id_of(&id)
}

/// What was written last of the parts of each resource that take changes one at a time.
#[derive(Default)]
struct Siblings(HashMap<String, (u32, Option<(u32, String)>)>);

impl Siblings {
    /// The part that this one has to wait for, where they are deployed together.
    fn before<'g>(
        &mut self,
        graph: &'g Graph,
        index: u32,
        own: &Option<(u32, String)>,
    ) -> Option<&'g Node> {
        let node = &graph.nodes[index as usize];
        if !node.ty.one_by_one {
            return None;
        }
        let holder = (node.ty.provider.parent_of_id)(&node.id)?;
        let last = self.0.insert(holder.to_ascii_lowercase(), (index, own.clone()));
        let (before, _) = last.filter(|(_, theirs)| theirs == own)?;
        Some(&graph.nodes[before as usize])
    }
}

/// The names of the secrets that a node needs.
fn secret_names(node: &Node) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for field in node.fields.iter() {
        field.value.each_secret(&mut |secret| out.extend(secret.names()));
    }
    out
}

/// A secret that the program holds as a value stands in no file.
fn check_secrets(node: &Node, problems: &mut Diagnostics) {
    for field in node.fields.iter() {
        let name = node.ty.props.get(field.prop as usize).map_or("", |p| p.name);
        field.value.each_secret(&mut |secret| {
            if !secret.is_named() {
                problems.push(unsafe_secret(
                    node,
                    "ARM",
                    name,
                    "its value stands in the program: say `Secret::supplied(\"name\")` and hand it in when deploying",
                ));
            }
        });
    }
}
