//! A template's resources: their IDs first, since expressions refer to them, then their bodies.

use super::eval::{Declared, Evaluator, Found};
use super::json::{Kind, Node};
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
];

/// A resource with its identity.
struct Placed<'t> {
    node: &'t Node,
    declared: Declared,
    api: Option<String>,
}

/// The bodies of all resources, children of others too.
pub(super) fn bodies(
    mut evaluator: Evaluator<'_>,
    resources: &Node,
    problems: &mut Diagnostics,
) -> Vec<Body> {
    let mut placed = Vec::new();
    place_all(&evaluator, resources, None, &mut placed, problems);
    evaluator.declared = placed.iter().map(|placed| placed.declared.clone()).collect();
    let mut out = Vec::new();
    for placed in &placed {
        match body(&evaluator, placed, problems) {
            Ok(value) => out.push(Body {
                id: placed.declared.id.clone(),
                wire: placed.declared.wire.clone(),
                api: placed.api.clone(),
                value,
                at: Some(evaluator.file.spot(placed.node.at)),
            }),
            Err(problem) => problems.push(problem),
        }
    }
    out
}

/// Resources stand in a list, or in an object by their symbolic names.
fn place_all<'t>(
    evaluator: &Evaluator<'_>,
    resources: &'t Node,
    parent: Option<&Declared>,
    out: &mut Vec<Placed<'t>>,
    problems: &mut Diagnostics,
) {
    let named = resources.entries().iter().map(|(name, node)| (Some(name.as_str()), node));
    let listed = resources.items().iter().map(|node| (None, node));
    for (symbol, node) in named.chain(listed) {
        match place(evaluator, node, symbol, parent) {
            Ok(Some(placed)) => {
                let declared = placed.declared.clone();
                out.push(placed);
                if let Some(children) = node.get("resources") {
                    place_all(evaluator, children, Some(&declared), out, problems);
                }
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
}

/// A resource's identity; nothing where its condition does not hold.
fn place<'t>(
    evaluator: &Evaluator<'_>,
    node: &'t Node,
    symbol: Option<&str>,
    parent: Option<&Declared>,
) -> Found<Option<Placed<'t>>> {
    let file = evaluator.file;
    if let Some(copy) = node.get("copy") {
        return Err(file
            .wrong("template-unsupported", "copies of a resource are not read", copy.at)
            .help("write the resources out, or deploy the template as it is"));
    }
    if let Some(condition) = node.get("condition")
        && matches!(evaluator.value(condition)?, Value::Bool(false))
    {
        return Ok(None);
    }
    if matches!(node.get("existing").map(|node| &node.kind), Some(Kind::Bool(true))) {
        return Ok(None);
    }
    let text = |key: &str| -> Found<String> {
        let missing = || {
            file.wrong("template-malformed", format!("this resource has no `{key}`"), node.at)
                .help("a resource has `type`, `apiVersion` and `name`")
        };
        let value = evaluator.value(node.get(key).ok_or_else(missing)?)?;
        value.as_str().map(str::to_owned).ok_or_else(missing)
    };
    let (mut wire, name) = (text("type")?, text("name")?);
    let api = node.get("apiVersion").map(|node| evaluator.value(node)).transpose()?;
    if wire.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
        return Err(file
            .wrong("template-unsupported", "templates inside a template are not read", node.at)
            .help("read the inner template by itself"));
    }
    let id = match (parent, node.get("scope")) {
        (Some(parent), _) if !wire.contains('.') => {
            let id = format!("{}/{wire}/{name}", parent.id);
            wire = format!("{}/{wire}", parent.wire);
            Some(id)
        }
        (_, Some(scope)) => {
            let scope = evaluator.value(scope)?;
            let scope = scope.as_str().unwrap_or_default();
            let of = find(&evaluator.declared, scope).map_or(scope, |of| of.id.as_str());
            let of =
                if of.starts_with('/') { of.to_owned() } else { in_group(evaluator, of, node.at)? };
            id(&of, &wire, &name.split('/').collect::<Vec<_>>())
        }
        _ if wire.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") => Some(format!(
            "/subscriptions/{}/resourceGroups/{name}",
            evaluator.subscription(node.at)?
        )),
        _ => {
            let scope = evaluator.group_id(node.at)?;
            id(&scope, &wire, &name.split('/').collect::<Vec<_>>())
        }
    };
    let Some(id) = id else {
        let what =
            format!("`{name}` does not fit the type `{wire}`: each part of a type has a name");
        return Err(file.wrong("template-malformed", what, node.at).help(
            "the name of a child is `parent/child`, and its type `Namespace/parents/children`",
        ));
    };
    let declared = Declared { id, wire, symbol: symbol.map(str::to_owned) };
    let api = api.as_ref().and_then(Value::as_str).map(str::to_owned);
    Ok(Some(Placed { node, declared, api }))
}

/// `Namespace/type/name` as an ID in the group.
fn in_group(evaluator: &Evaluator<'_>, short: &str, at: usize) -> Found<String> {
    Ok(format!("{}/providers/{short}", evaluator.group_id(at)?))
}

fn body(
    evaluator: &Evaluator<'_>,
    placed: &Placed<'_>,
    problems: &mut Diagnostics,
) -> Found<Value> {
    let mut out = Entries::new();
    for (key, node) in placed.node.entries() {
        if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(key)) {
            continue;
        }
        match evaluator.value(node) {
            Ok(Value::Null) => {}
            Ok(value) => out.insert(key.clone(), value),
            Err(problem) => problems.push(problem),
        }
    }
    let mut waits = Vec::new();
    for node in placed.node.get("dependsOn").map(Node::items).unwrap_or_default() {
        let value = evaluator.value(node)?;
        // What the template does not declare is there already.
        if let Some(of) = value.as_str().and_then(|name| find(&evaluator.declared, name)) {
            waits.push(Value::from(of.id.clone()));
        }
    }
    out.insert("dependsOn", Value::List(waits));
    Ok(Value::Map(out))
}

/// The resource that a text names: by ID, by symbolic name, by `type/name`, or by its name alone.
pub(super) fn find<'d>(declared: &'d [Declared], name: &str) -> Option<&'d Declared> {
    let is = |text: &str| text.eq_ignore_ascii_case(name);
    let by_name = |resource: &&Declared| {
        resource.id.len() > name.len()
            && resource.id.is_char_boundary(resource.id.len() - name.len())
            && is(&resource.id[resource.id.len() - name.len()..])
            && resource.id[..resource.id.len() - name.len()].ends_with('/')
    };
    declared
        .iter()
        .find(|resource| is(&resource.id) || resource.symbol.as_deref().is_some_and(is))
        .or_else(|| declared.iter().find(by_name))
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
