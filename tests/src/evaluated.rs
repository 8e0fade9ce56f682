//! Emitted ARM templates, evaluated and held against the stack that they were made of: every body leaf by leaf, who waits for
//! whom, and the plan over what the stack makes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};
use xat_infra::dsl::Resource;
use xat_infra::graph::{self, Graph, Node};
use xat_infra::import::arm_template::{self, Deployment, Read};
use xat_infra::import::{self, Body};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action};
use xat_infra::schema::{OutputSource, Registered};
use xat_infra::state::State;
use xat_infra::value::{OutputRef, Piece, SecretText, Text, Value};
use xat_infra::wire::{Arm, Expressions, lower_rest, render};

use crate::readback;
use crate::thing::Thing;

/// Azure's types, and those of the tests' own.
pub fn types() -> Vec<Registered> {
    let thing = Registered {
        ty: <Thing as Resource>::resource_type,
        example: xat_infra::azure::TYPES[0].example,
    };
    xat_infra::azure::TYPES.iter().copied().chain([thing]).collect()
}

/// What the templates declare together, in the order in which they are deployed.
///
/// # Errors
/// What is wrong with one of them.
pub fn read(graph: &Graph, templates: &[Json]) -> Result<Read, String> {
    let deployment = Deployment {
        subscription: graph
            .nodes
            .iter()
            .find_map(|node| node.id.split('/').nth(2))
            .map(str::to_owned),
        ..Deployment::default()
    };
    let mut all = Read::default();
    for template in templates {
        let text = serde_json::to_string_pretty(template).map_err(|e| e.to_string())?;
        let read = arm_template::read("main.json", &text, &deployment, &types());
        let read = read.map_err(|problems| {
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        })?;
        all.bodies.extend(read.bodies);
        all.deployments.extend(read.deployments);
    }
    Ok(all)
}

/// Holds templates against the stack that they were made of.
///
/// # Errors
/// The first difference.
pub fn judge(graph: &Graph, templates: &[Json]) -> Result<(), String> {
    let read = read(graph, templates)?;
    leaves(graph, &read)?;
    order(graph, &read)?;
    parts_wait(graph, &read)?;
    secrets_stay_secure(&templates.iter().collect::<Vec<_>>())
}

/// Holds the leaves of templates alone against the stack that they were made of.
///
/// # Errors
/// The first difference.
pub fn judge_leaves(graph: &Graph, templates: &[Json]) -> Result<(), String> {
    leaves(graph, &read(graph, templates)?)
}

/// Holds the plan of the templates over what their stack makes: everything is there, and nothing is left to do.
///
/// # Errors
/// What is left to do, or not there.
pub fn plan(graph: &Graph, templates: &[Json]) -> Result<(), String> {
    let read = read(graph, templates)?;
    let declared = read.bodies.len();
    let (stack, notes) = import::stack(read.bodies, &types(), "evaluated");
    if !notes.is_empty() {
        return Err(notes.join("; "));
    }
    let told = |problems: Vec<xat_infra::diagnostic::Diagnostic>| format!("{problems:#?}");
    let evaluated = graph::build(stack).map_err(told)?;
    let estate = Estate::as_applied(graph).map_err(told)?;
    let options = plan::Options::default();
    let plan = plan::plan(&evaluated, &estate, &State::empty(), &options).map_err(told)?;
    if let Some(step) = plan.steps.iter().find(|step| step.action != Action::Adopt) {
        return Err(format!(
            "{} is to be {}: {:#?}",
            step.address,
            step.action.word(),
            step.changes
        ));
    }
    let made = graph.nodes.iter().filter(|node| is_in_templates(node)).count();
    let adopted = plan.steps.len();
    match adopted == made && declared >= made {
        true => Ok(()),
        false => Err(format!("{adopted} of {made} resources are adopted")),
    }
}

/// Whether a template makes a resource that is read back as one: what an action makes is made beforehand, and of a
/// deployment what it deploys is read.
fn is_in_templates(node: &Node) -> bool {
    node.ty.action.is_none() && !is_deployment(&node.wire)
}

fn is_deployment(wire: &str) -> bool {
    wire.eq_ignore_ascii_case("Microsoft.Resources/deployments")
}

/// Every body has every leaf that its resource declares, and no other.
fn leaves(graph: &Graph, read: &Read) -> Result<(), String> {
    let mut found: BTreeMap<String, &Body> = BTreeMap::new();
    for body in read.bodies.iter().chain(&read.deployments) {
        if found.insert(body.id.to_ascii_lowercase(), body).is_some() {
            return Err(format!("{} is made twice", body.id));
        }
    }
    let mut within: Vec<String> = Vec::new();
    for node in graph.nodes.iter().filter(|node| node.ty.action.is_none()) {
        if is_deployment(&node.wire) {
            within.push(format!(
                "{}/",
                node.id[..node.id.find("/providers/").unwrap_or(0)].to_ascii_lowercase()
            ));
        }
        for body in lower_rest(node, &node.fields) {
            let id = match &*body.suffix {
                "" => node.id.clone(),
                suffix => format!("{}/{suffix}", node.id),
            };
            let made = found.remove(&id.to_ascii_lowercase()).ok_or(format!("{id} is not made"))?;
            if made.wire != body.kind || made.api.as_deref() != Some(&*node.api) {
                return Err(format!("{id} is made as {} {:?}", made.wire, made.api));
            }
            let mut said = render(&made.value, &Plain);
            said.as_object_mut().map(|map| map.remove("dependsOn"));
            differs(
                "",
                &without_nothing(&said),
                &without_nothing(&render(&body.value, &Said(graph))),
            )
            .map_err(|why| format!("{id}: {why}"))?;
        }
    }
    // What is left deploys others, or is deployed by a template of the stack's own.
    let odd = found.values().find(|body| {
        let id = body.id.to_ascii_lowercase();
        !is_deployment(&body.wire) && !within.iter().any(|group| id.starts_with(group))
    });
    odd.map_or(Ok(()), |body| Err(format!("the stack has no {}", body.id)))
}

/// The bodies wait for all that the stack's own resources wait for.
fn order(graph: &Graph, read: &Read) -> Result<(), String> {
    let addresses: BTreeMap<String, &str> = graph
        .nodes
        .iter()
        .map(|node| (node.id.to_ascii_lowercase(), node.address.as_str()))
        .collect();
    // A part is its resource's.
    let owner = |id: &str| {
        let mut id = id.to_ascii_lowercase();
        loop {
            if let Some(address) = addresses.get(&id) {
                return Some((*address).to_owned());
            }
            id.truncate(id.rfind('/')?);
        }
    };
    let mut direct: BTreeMap<String, BTreeSet<String>> =
        graph.nodes.iter().map(|node| (node.address.clone(), BTreeSet::new())).collect();
    for node in &graph.nodes {
        // A template cannot wait for what is made beforehand.
        let before = node.edges.iter().map(|edge| &graph.nodes[edge.to as usize]);
        let before = before.filter(|node| node.ty.action.is_some());
        direct
            .entry(node.address.clone())
            .or_default()
            .extend(before.map(|node| node.address.clone()));
    }
    for body in read.bodies.iter().chain(&read.deployments) {
        let Some(own) = addresses.get(&body.id.to_ascii_lowercase()) else { continue };
        if let Some(Value::List(waits)) = body.value.at(&["dependsOn"]) {
            let waits = waits.iter().filter_map(Value::as_str).filter_map(owner);
            direct.entry((*own).to_owned()).or_default().extend(waits.filter(|to| to != own));
        }
    }
    let said = readback::close(direct);
    for (address, waits) in readback::of_stack(graph) {
        if let Some(less) = waits.difference(&said[&address]).next() {
            return Err(format!("{address} does not wait for {less}"));
        }
        if said[&address].contains(&address) {
            return Err(format!("{address} waits for itself"));
        }
    }
    Ok(())
}

/// What a resource has in a body of its own comes behind it.
fn parts_wait(graph: &Graph, read: &Read) -> Result<(), String> {
    for node in graph.nodes.iter().filter(|node| node.ty.action.is_none()) {
        for part in lower_rest(node, &node.fields).iter().filter(|body| body.part.is_some()) {
            let id = format!("{}/{}", node.id, part.suffix);
            let body = read.bodies.iter().find(|body| body.id.eq_ignore_ascii_case(&id));
            let waits = body.and_then(|body| body.value.at(&["dependsOn"]));
            let waits = waits.is_some_and(|waits| match waits {
                Value::List(ids) => ids
                    .iter()
                    .any(|of| of.as_str().is_some_and(|of| of.eq_ignore_ascii_case(&node.id))),
                _ => false,
            });
            if !waits {
                return Err(format!("{id} does not wait for what it is a part of"));
            }
        }
    }
    Ok(())
}

/// A secure parameter goes into parameters that are secure, through all levels, and into no output.
fn secrets_stay_secure(templates: &[&Json]) -> Result<(), String> {
    for template in templates {
        let secure: Vec<&str> = template["parameters"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, said)| is_secure(said))
            .map(|(name, _)| name.as_str())
            .collect();
        let names_one = |json: &Json| {
            let text = json.to_string();
            secure.iter().any(|name| text.contains(&format!("parameters('{name}')")))
        };
        if names_one(&template["outputs"]) || names_one(&template["variables"]) {
            return Err("a secret is shown".to_owned());
        }
        let mut inner = Vec::new();
        for deployment in template["resources"].as_array().into_iter().flatten() {
            let properties = &deployment["properties"];
            if !properties["template"].is_object() {
                continue;
            }
            for (name, given) in properties["parameters"].as_object().into_iter().flatten() {
                let takes = &properties["template"]["parameters"][name];
                if (names_one(given) || given["reference"].is_object()) && !is_secure(takes) {
                    return Err(format!("the secret `{name}` is shown by a deployment"));
                }
            }
            if properties["expressionEvaluationOptions"]["scope"] != "inner"
                && names_one(properties)
            {
                return Err("a secret is shown by a deployment in the outer one's words".to_owned());
            }
            inner.push(&properties["template"]);
        }
        secrets_stay_secure(&inner)?;
    }
    Ok(())
}

fn is_secure(parameter: &Json) -> bool {
    parameter["type"].as_str().is_some_and(|ty| ty.to_ascii_lowercase().starts_with("secure"))
}

fn without_nothing(json: &Json) -> Json {
    match json {
        Json::Object(map) => Json::Object(
            map.iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), without_nothing(value)))
                .collect::<Map<String, Json>>(),
        ),
        Json::Array(items) => Json::Array(items.iter().map(without_nothing).collect()),
        other => other.clone(),
    }
}

fn differs(path: &str, said: &Json, meant: &Json) -> Result<(), String> {
    match (said, meant) {
        (Json::Object(a), Json::Object(b)) => {
            if let Some(key) =
                a.keys().chain(b.keys()).find(|k| !a.contains_key(*k) || !b.contains_key(*k))
            {
                return Err(format!("`{path}.{key}` is only on one side"));
            }
            a.iter().try_for_each(|(key, value)| differs(&format!("{path}.{key}"), value, &b[key]))
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).try_for_each(|(a, b)| differs(&format!("{path}[]"), a, b))
        }
        (Json::Number(a), Json::Number(b)) if a.as_f64() == b.as_f64() => Ok(()),
        (a, b) if a == b => Ok(()),
        (a, b) => Err(format!("`{path}` is {a}, and not {b}")),
    }
}

/// What stands for the value that only the service has.
fn made(id: &str, path: &str) -> String {
    format!("\u{1}{id}\u{2}{path}\u{1}")
}

/// What a body says that was evaluated.
struct Plain;

impl Expressions for Plain {
    fn text(&self, text: &Text) -> String {
        text.literal().unwrap_or("an output").to_owned()
    }

    fn secret(&self, secret: &SecretText) -> String {
        first_name(secret)
    }
}

/// What a stack means.
struct Said<'g>(&'g Graph);

impl Said<'_> {
    fn output(&self, output: OutputRef) -> String {
        let Some(node) = self.0.node(output.node) else { return "no node".to_owned() };
        match output.output.source {
            OutputSource::Id => node.id.clone(),
            OutputSource::Name => node.name.clone(),
            _ => made(&node.id, &output.output.wire.join(".")),
        }
    }
}

impl Expressions for Said<'_> {
    fn text(&self, text: &Text) -> String {
        text.parts()
            .map(|piece| match piece {
                Piece::Literal(literal) => literal.to_owned(),
                Piece::Output(output) => self.output(output),
            })
            .collect()
    }

    fn secret(&self, secret: &SecretText) -> String {
        // A secret that only a service has is an output like others.
        let mut outputs = String::new();
        secret.each_text(&mut |text| outputs += &self.text(text));
        if secret.sources().is_empty() { outputs } else { first_name(secret) }
    }
}

/// Secrets are compared by the parameter that they come from; what stands around one is not read.
fn first_name(secret: &SecretText) -> String {
    let sources = secret.sources();
    let name = sources.first().and_then(|source| source.split('`').nth(1));
    format!("secret {}", Arm::parameter(name.unwrap_or_default()))
}
