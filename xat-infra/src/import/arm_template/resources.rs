//! A template's resources: their IDs first, since expressions refer to them, then their bodies. Deployments are opened.

use super::eval::{Evaluator, Found};
use super::given::as_it_is;
use super::json::{Kind, Node};
use super::world::{Declared, World};
use super::{Read, nested};
use crate::diagnostic::Diagnostics;
use crate::import::Body;
use crate::value::{Entries, Value};

/// Keys of a resource that are not part of its body.
const OURS: &[&str] = &[
    "type",
    "name",
    "apiVersion",
    "dependsOn",
    "condition",
    "comments",
    "scope",
    "resources",
    "metadata",
    "resourceGroup",
    "subscriptionId",
];

/// Declares the resources of a template, children of others and those of templates inside too. They stand in a list, or in an
/// object by their symbolic names.
pub(super) fn place_all<'t>(
    world: &mut World<'t>,
    template: usize,
    resources: &'t Node,
    parent: Option<usize>,
    problems: &mut Diagnostics,
) {
    let named = resources.entries().iter().map(|(name, node)| (Some(name.as_str()), node));
    let listed = resources.items().iter().map(|node| (None, node));
    for (symbol, node) in named.chain(listed) {
        let placed = place(world, template, node, symbol, parent).and_then(|placed| {
            let Some((declared, there)) = placed else { return Ok(()) };
            if !there {
                world.absent.push((declared.id, template));
                return Ok(());
            }
            let own = world.declare(declared);
            if world.declared[own].wire.eq_ignore_ascii_case(nested::DEPLOYMENTS) {
                nested::open(world, own, problems)?;
            }
            if let Some(children) = node.get("resources") {
                place_all(world, template, children, Some(own), problems);
            }
            Ok(())
        });
        if let Err(problem) = placed {
            problems.push(problem);
        }
    }
}

/// A resource with its identity, and whether the template makes it.
fn place<'t>(
    world: &World<'t>,
    template: usize,
    node: &'t Node,
    symbol: Option<&str>,
    parent: Option<usize>,
) -> Found<Option<(Declared<'t>, bool)>> {
    let own = Evaluator { world, at: template };
    let evaluator = Evaluator { world, at: own.template().read_by };
    if let Some(copy) = node.get("copy") {
        return Err(evaluator
            .wrong("template-unsupported", "copies of a resource are not read".to_owned(), copy.at)
            .help("write the resources out, or deploy the template as it is"));
    }
    let condition = node.get("condition").map(|node| evaluator.value(node)).transpose()?;
    let existing = node.get("existing").map(|node| &node.kind);
    let there = !matches!(condition, Some(Value::Bool(false)))
        && !matches!(existing, Some(Kind::Bool(true)));
    let text = |key: &str| -> Found<String> {
        let missing = || {
            let what = format!("this resource has no `{key}`");
            evaluator
                .wrong("template-malformed", what, node.at)
                .help("a resource has `type`, `apiVersion` and `name`")
        };
        let value = evaluator.value(node.get(key).ok_or_else(missing)?)?;
        value.as_str().map(str::to_owned).ok_or_else(missing)
    };
    let (mut wire, name) = (text("type")?, text("name")?);
    let api = node.get("apiVersion").map(|node| evaluator.value(node)).transpose()?;
    let api = api.as_ref().and_then(Value::as_str).map(str::to_owned);
    let names: Vec<&str> = name.split('/').collect();
    let is_deployment = wire.eq_ignore_ascii_case(nested::DEPLOYMENTS);
    let id = match (parent.map(|parent| &world.declared[parent]), node.get("scope")) {
        (Some(parent), _) if !wire.contains('.') => {
            let id = format!("{}/{wire}/{name}", parent.id);
            wire = format!("{}/{wire}", parent.wire);
            Some(id)
        }
        _ if is_deployment => {
            let (level, to) = nested::target(&own, &evaluator, node)?;
            id(&nested::scope_of(level, &to), &wire, &names)
        }
        (_, Some(scope)) => {
            let scope = evaluator.value(scope)?;
            let scope = scope.as_str().unwrap_or_default();
            let of = world.find(scope, template);
            let of = of.map_or(scope, |of| world.declared[of].id.as_str());
            let of = match of.starts_with('/') {
                true => of.to_owned(),
                false => format!("{}/providers/{of}", own.scope_id(node.at)?),
            };
            id(&of, &wire, &names)
        }
        _ if wire.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") => {
            Some(format!("/subscriptions/{}/resourceGroups/{name}", own.subscription(node.at)?))
        }
        _ => id(&own.scope_id(node.at)?, &wire, &names),
    };
    let Some(id) = id else {
        let what =
            format!("`{name}` does not fit the type `{wire}`: each part of a type has a name");
        return Err(evaluator.wrong("template-malformed", what, node.at).help(
            "the name of a child is `parent/child`, and its type `Namespace/parents/children`",
        ));
    };
    let symbol = symbol.map(str::to_owned);
    Ok(Some((Declared { id, wire, symbol, api, node, by: template, deploys: None }, there)))
}

/// The bodies of all resources.
pub(super) fn bodies(world: &World<'_>, problems: &mut Diagnostics) -> Read {
    let mut out = Read::default();
    let waits = waits(world, problems);
    for (at, declared) in world.declared.iter().enumerate() {
        let evaluator = Evaluator { world, at: world.templates[declared.by].read_by };
        let mut value = body(&evaluator, declared, problems);
        if evaluator.at != declared.by {
            nested::check_read(&evaluator, declared, &value, problems);
        }
        let ids = waits[at].iter().map(|of| Value::from(world.declared[*of].id.clone()));
        value.insert("dependsOn", Value::List(ids.collect()));
        let body = Body {
            id: declared.id.clone(),
            wire: declared.wire.clone(),
            api: declared.api.clone(),
            value: Value::Map(value),
            at: Some(world.file.spot(declared.node.at)),
        };
        match declared.deploys {
            None => out.bodies.push(body),
            Some(_) => out.deployments.push(body),
        }
    }
    out
}

fn body(
    evaluator: &Evaluator<'_, '_>,
    declared: &Declared<'_>,
    problems: &mut Diagnostics,
) -> Entries {
    let mut out = Entries::new();
    for (key, node) in declared.node.entries() {
        if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(key)) {
            continue;
        }
        let value = match declared.deploys {
            // The template inside is evaluated as what it is.
            Some(_) if key.eq_ignore_ascii_case("properties") => {
                let entries = node.entries().iter().map(|(key, node)| {
                    let is_template = key.eq_ignore_ascii_case("template");
                    let value =
                        if is_template { Ok(as_it_is(node)) } else { evaluator.value(node) };
                    Ok((key.clone(), value?))
                });
                entries.collect::<Found<Vec<_>>>().map(Value::map)
            }
            _ => evaluator.value(node),
        };
        match value {
            Ok(Value::Null) => {}
            Ok(value) => out.insert(key.clone(), value),
            Err(problem) => problems.push(problem),
        }
    }
    out
}

/// What each resource waits for: what it says itself, and what the deployments that it is in say, with whatever is deployed
/// by what they name.
fn waits(world: &World<'_>, problems: &mut Diagnostics) -> Vec<Vec<usize>> {
    let said: Vec<Vec<usize>> = world
        .declared
        .iter()
        .map(|declared| {
            let mut made = Vec::new();
            for of in depends(world, declared, problems) {
                world.made_by(of, &mut made);
            }
            made
        })
        .collect();
    let all = world.declared.iter().zip(&said).map(|(declared, own)| {
        let mut all = own.clone();
        let mut template = declared.by;
        while let Some(deployment) = world.templates[template].deployed_by {
            all.extend(&said[deployment]);
            template = world.declared[deployment].by;
        }
        all.sort_unstable();
        all.dedup();
        all
    });
    all.collect()
}

fn depends(world: &World<'_>, declared: &Declared<'_>, problems: &mut Diagnostics) -> Vec<usize> {
    let evaluator = Evaluator { world, at: world.templates[declared.by].read_by };
    let mut out = Vec::new();
    for node in declared.node.get("dependsOn").map(Node::items).unwrap_or_default() {
        let name = match evaluator.value(node) {
            Ok(value) => value.as_str().unwrap_or_default().to_owned(),
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        match world.find(&name, declared.by) {
            Some(of) => out.push(of),
            None if world.is_absent(&name, declared.by) => {}
            None => {
                let what = format!("the template declares no resource `{name}`");
                problems.push(evaluator.wrong("template-unknown-name", what, node.at).help(
                    "a resource waits for what its own template declares: Azure refuses everything else",
                ));
            }
        }
    }
    out
}

/// The ID of a resource of a type (`Namespace/type/type`) with a name for each part; `None` where they do not fit.
pub(super) fn id(scope: &str, wire: &str, names: &[&str]) -> Option<String> {
    let (namespace, kinds) = wire.split_once('/')?;
    let kinds: Vec<&str> = kinds.split('/').collect();
    if kinds.len() != names.len() {
        return None;
    }
    let parts: String =
        kinds.iter().zip(names).map(|(kind, name)| format!("/{kind}/{name}")).collect();
    Some(format!("{}/providers/{namespace}{parts}", scope.trim_end_matches('/')))
}
