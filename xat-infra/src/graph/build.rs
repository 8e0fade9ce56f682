//! From a stack to its graph: every check that needs no live state, all problems at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Edge, Graph, Node, Why, address, complete, identity, order, symbolic};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::dsl::{Declared, Stack};
use crate::schema::{CheckContext, Property};
use crate::value::{Entries, Fields, NodeRef, Place, Value};

/// Builds the graph of a stack.
///
/// # Errors
/// Everything that is wrong with the stack, sorted by file and line: dangling references, cycles, duplicate
/// addresses and identities, bad names, missing parameters, and values outside the providers' limits.
pub fn build(mut stack: Stack) -> Result<Graph, Vec<Diagnostic>> {
    let mut problems = Diagnostics::new();
    apply_tags(&mut stack);
    let id = stack.id();
    let dangling = dangling(&stack.resources, id);
    if !dangling.is_empty() {
        problems.extend(dangling);
        return Err(problems.sorted());
    }
    let (through, unknown) = symbolic::replace(&mut stack.resources, id);
    problems.extend(unknown);
    problems.extend(outputs(&mut stack, id));
    let enabling = enabling(&stack.resources);
    let mut edges: Vec<Vec<Edge>> = stack
        .resources
        .iter()
        .zip(&through)
        .enumerate()
        .map(|(index, (declared, through))| edges_of(declared, index, through, &enabling))
        .collect();
    let (addresses, by_address) = address::addresses(&stack.resources, &mut problems);
    complete::wait(&stack.resources, &mut edges, &addresses);
    let order = match order::order(&edges, &addresses) {
        Ok(order) => order,
        Err(ring) => {
            problems.push(order::cycle(&ring, &edges, &addresses, &stack.resources));
            return Err(problems.sorted());
        }
    };
    inherit(&mut stack, &order);
    let (identities, by_id) = identity::identities(&stack, &order, &addresses, &mut problems);
    check(&stack.resources, &mut problems);
    reasons(&stack, &mut problems);

    let mut nodes = Vec::with_capacity(addresses.len());
    let parents: Vec<Option<u32>> = (0..addresses.len())
        .map(|i| {
            symbolic::parent(&stack.resources, u32::try_from(i).unwrap_or(u32::MAX))
                .map(|p| p.index)
        })
        .collect();
    let mut wires: std::collections::HashMap<&'static str, (Arc<str>, Arc<str>)> =
        Default::default();
    let all = stack.resources.into_iter().zip(addresses).zip(identities).zip(edges).zip(parents);
    for ((((declared, address), identity), edges), parent) in all {
        let (wire, api) = match &declared.meta.wire {
            Some((wire, api)) => (wire.as_str().into(), api.as_str().into()),
            None => wires
                .entry(declared.ty.wire)
                .or_insert_with(|| (declared.ty.wire.into(), declared.ty.api.into()))
                .clone(),
        };
        nodes.push(Node {
            address: address.full,
            key: address.key,
            component: declared.component,
            ty: declared.ty,
            wire,
            api,
            fields: declared.fields,
            name: identity.name,
            id: identity.id,
            numbered: identity.numbered,
            made: identity.made,
            parent,
            edges,
            meta: declared.meta,
        });
    }
    let mut warnings = Vec::new();
    let graph = Graph {
        stack: stack.name,
        stack_id: id,
        environment: stack.environment,
        nodes,
        order,
        warnings: Vec::new(),
        by_address,
        by_id,
        forgets: stack.forgets,
        allow_deletes: stack.allow_deletes,
        outputs: stack.outputs,
        terraform_backend: stack.terraform_backend,
        delivery: stack.delivery,
        scope: stack.scope,
    };
    problems.or_value((), &mut warnings)?;
    Ok(Graph { warnings, ..graph })
}

/// Names of the stack's outputs, and what stands for something else in them.
fn outputs(stack: &mut Stack, id: u32) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (index, output) in stack.outputs.iter().enumerate() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let legal = output.name.chars().all(word)
            && output.name.starts_with(|c: char| c.is_ascii_alphabetic());
        let name = &output.name;
        if !legal {
            problems.push(
                Diagnostic::error("invalid-output", format!("`{name}` cannot name an output"))
                    .at(output.at, "named here")
                    .help("a name has letters, digits and underscores, and starts with a letter"),
            );
        }
        if let Some(first) =
            stack.outputs[..index].iter().find(|o| o.name.eq_ignore_ascii_case(name))
        {
            problems.push(
                Diagnostic::error("invalid-output", format!("two outputs are called `{name}`"))
                    .at(output.at, "the second")
                    .at(first.at, "the first")
                    .help("give one of them another name"),
            );
        }
    }
    for output in &mut stack.outputs {
        let foreign = output.value.outputs().any(|reference| reference.node.stack != id);
        match symbolic::replace_text(&stack.resources, id, &mut output.value) {
            None if !foreign => {}
            _ => problems.push(
                Diagnostic::error(
                    "invalid-output",
                    format!("nothing can give the value of `{}`", output.name),
                )
                .at(output.at, "asked for here")
                .help("an output's value comes from this stack's own resources"),
            ),
        }
    }
    problems
}

/// Lays the stack's tags under each resource's own.
fn apply_tags(stack: &mut Stack) {
    if stack.tags.is_empty() {
        return;
    }
    for declared in &mut stack.resources {
        let Some(at) = declared.ty.props.iter().position(|p| p.is_tags) else { continue };
        let prop = u16::try_from(at).unwrap_or(u16::MAX);
        let mut tags: Entries = stack
            .tags
            .iter()
            .map(|(key, value)| (key.clone(), Value::Text(value.clone())))
            .collect();
        let at = declared.fields.field(prop).and_then(|field| field.at);
        if let Some(Value::Map(own)) = declared.fields.get(prop) {
            for (key, value) in own.clone() {
                tags.insert(key, value);
            }
        }
        declared.fields.set(prop, Value::Map(tags), at);
    }
}

/// Handles of other stacks.
fn dangling(resources: &[Declared], id: u32) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for declared in resources {
        let mut see = |node: NodeRef, at: Place| {
            if node.stack != id {
                let what =
                    format!("this {} refers to a resource of another stack", declared.ty.label);
                out.push(
                    Diagnostic::error("dangling-reference", what)
                        .at(at, "the handle comes from a stack that is not this one")
                        .help("refer to it as existing: `Ref::existing(\"/subscriptions/..\")`"),
                );
            }
        };
        for field in declared.fields.iter() {
            let at = field.at.unwrap_or(declared.meta.at);
            each_node(&field.value, &mut |node| see(node, at));
        }
        for (_, value, at) in &declared.meta.raw {
            each_node(value, &mut |node| see(node, at));
        }
        for (node, at) in &declared.meta.depends_on {
            see(*node, at);
        }
    }
    out
}

/// Every resource that a value refers to, those whose secrets it takes up too.
fn each_node(value: &Value, see: &mut dyn FnMut(NodeRef)) {
    value.each_output(&mut |output| see(output.node));
    value.each_secret(&mut |secret| secret.each_source(see));
}

/// What turns on the REST types of a namespace, by cloud and namespace.
type Enabling = HashMap<(&'static str, String), u32>;

fn enabling(resources: &[Declared]) -> Enabling {
    (0u32..)
        .zip(resources)
        .filter(|(_, declared)| declared.ty.enables)
        .filter_map(|(index, declared)| {
            let name = address::name_text(declared)?.literal()?.to_ascii_lowercase();
            Some(((declared.ty.provider.name, name), index))
        })
        .collect()
}

fn edges_of(
    declared: &Declared,
    index: usize,
    through: &[NodeRef],
    enabling: &Enabling,
) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let mut push = |to: u32, why: Why, at: Place| {
        if to as usize != index {
            match edges.iter_mut().find(|edge| edge.to == to) {
                Some(edge) if why < edge.why => edge.why = why,
                Some(_) => {}
                None => edges.push(Edge { to, why, at }),
            }
        }
    };
    for field in declared.fields.iter() {
        let why = match declared.ty.props.get(field.prop as usize) {
            Some(prop) if prop.is_parent => Why::Contained,
            _ => Why::Property(field.prop),
        };
        let at = field.at.unwrap_or(declared.meta.at);
        field.value.each_output(&mut |output| push(output.node.index, why, at));
    }
    for (_, value, at) in &declared.meta.raw {
        value.each_output(&mut |output| push(output.node.index, Why::Ordered, at));
    }
    for node in through {
        push(node.index, Why::Ordered, declared.meta.at);
    }
    for (node, at) in &declared.meta.depends_on {
        push(node.index, Why::Ordered, at);
    }
    if !enabling.is_empty() && !declared.ty.enables {
        let wire = declared.meta.wire.as_ref().map_or(declared.ty.wire, |(wire, _)| wire);
        let namespace = wire.split('/').next().unwrap_or_default().to_ascii_lowercase();
        if let Some(api) = enabling.get(&(declared.ty.provider.name, namespace)) {
            push(*api, Why::Ordered, declared.meta.at);
        }
    }
    edges
}

/// Fills in what a resource takes from the one that holds it (the region) or from the stack (the tenant).
fn inherit(stack: &mut Stack, order: &[u32]) {
    for &index in order {
        let declared = &stack.resources[index as usize];
        let missing: Vec<u16> = (0u16..)
            .zip(declared.ty.props)
            .filter(|(i, p)| {
                (p.inherited || p.parameter.is_some()) && declared.fields.get(*i).is_none()
            })
            .map(|(i, _)| i)
            .collect();
        for prop in missing {
            let ty = stack.resources[index as usize].ty;
            let property = &ty.props[prop as usize];
            let value = match property.parameter {
                Some(parameter) => {
                    stack.scope.get(parameter).map(|value| Value::from(value.clone()))
                }
                None => symbolic::parent(&stack.resources, index).and_then(|parent| {
                    let parent = &stack.resources[parent.index as usize];
                    parent.fields.named(parent.ty.props, property.name).cloned()
                }),
            };
            if let Some(value) = value {
                stack.resources[index as usize].fields.set_default(prop, value);
            }
        }
    }
}

/// Reasons that are empty: of rules set aside, and of leave to lose data.
fn reasons(stack: &Stack, problems: &mut Diagnostics) {
    let metas = || stack.resources.iter().map(|declared| &declared.meta);
    let rules = metas().flat_map(|meta| &meta.allows).map(|a| (a.reason.as_str(), a.at));
    let leaves = metas().flat_map(|meta| &meta.allow_replace).chain(&stack.allow_deletes);
    for (reason, at) in rules.chain(leaves.map(|leave| (leave.reason, leave.at))) {
        if reason.trim().is_empty() {
            problems.push(
                Diagnostic::error("empty-reason", "a reason is needed here")
                    .at(at, "no reason given")
                    .help("write why in words: the preview shows it to whoever reviews this"),
            );
        }
    }
}

/// What holds a resource, where it is in the same stack.
fn holder<'a>(
    declared: &Declared,
    resources: &'a [Declared],
) -> Option<(&'a Fields, &'static [Property])> {
    let at = declared.ty.props.iter().position(|property| property.is_parent)?;
    let parent = declared.fields.get(u16::try_from(at).ok()?)?.as_text()?.output()?.node;
    let holder = resources.get(parent.index as usize)?;
    Some((&holder.fields, holder.ty.props))
}

/// Whether a property is said by the raw escape: all of it, by its path in the body.
fn is_raw(declared: &Declared, property: &Property) -> bool {
    let wire = property.wire.as_ref().filter(|wire| wire.part.is_none() && !wire.path.is_empty());
    wire.is_some_and(|wire| {
        let path = wire.path.join(".");
        declared.meta.raw.iter().any(|(raw, ..)| *raw == path)
    })
}

/// The providers' rules over single resources.
fn check(resources: &[Declared], problems: &mut Diagnostics) {
    for declared in resources {
        for check in declared.ty.checks {
            let mut context = CheckContext {
                fields: &declared.fields,
                props: declared.ty.props,
                holder: holder(declared, resources),
                found: Vec::new(),
            };
            check(&mut context);
            for finding in context.found {
                let prop = declared.ty.prop(finding.property);
                // What the stack says of the body itself is its own affair.
                if prop.is_some_and(|p| is_raw(declared, &declared.ty.props[p as usize])) {
                    continue;
                }
                let at =
                    prop.and_then(|p| declared.fields.field(p)?.at).unwrap_or(declared.meta.at);
                let label = prop.map_or("", |p| declared.ty.props[p as usize].label);
                problems.push(
                    Diagnostic::error(
                        "provider-limit",
                        format!("{label} of this {}: {}", declared.ty.label, finding.message),
                    )
                    .at(at, "set here")
                    .help(finding.help),
                );
            }
        }
    }
    for declared in resources {
        for allow in &declared.meta.allows {
            if allow.code == "end-of-life-version" && !allow.reason.trim().is_empty() {
                problems.push(
                    Diagnostic::warning(
                        "end-of-life-version",
                        format!(
                            "this {} runs a version that no longer gets fixes: {}",
                            declared.ty.label, allow.reason
                        ),
                    )
                    .at(allow.at, "chosen here")
                    .help("move to a supported version"),
                );
            }
        }
    }
}
