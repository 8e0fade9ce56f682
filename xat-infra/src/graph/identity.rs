//! Identities: the name and ID that each resource has in its cloud, known before anything exists.

use std::collections::HashMap;

use super::Numbered;
use super::address::{Address, name_text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::dsl::{Declared, Stack};
use crate::schema::{IdRequest, OutputSource};
use crate::value::{Piece, Text, Value, fold};

/// What a resource is called, before it exists.
#[derive(Default)]
pub(crate) struct Identity {
    /// Its name in the cloud.
    pub(crate) name: String,
    /// Its full ID.
    pub(crate) id: String,
    /// What it is found by, where the service makes up its ID.
    pub(crate) numbered: Option<Numbered>,
    /// Its outputs that follow from these.
    pub(crate) made: Vec<(&'static str, String)>,
}

/// The identity of every resource, and the resources by hash of their ID; bad names, missing parameters and duplicates are reported.
pub(crate) fn identities(
    stack: &Stack,
    order: &[u32],
    addresses: &[Address],
    problems: &mut Diagnostics,
) -> (Vec<Identity>, HashMap<u64, u32>) {
    let resources = &stack.resources;
    let mut out: Vec<Identity> = resources.iter().map(|_| Identity::default()).collect();
    let mut seen: HashMap<u64, u32> = HashMap::with_capacity(resources.len());
    for &index in order {
        let declared = &resources[index as usize];
        let name = name_text(declared).map(|text| known(text, resources, &out));
        check_name(declared, name.as_deref(), problems);
        let parent = parent_id(declared, resources, &out);
        let derive_from: Vec<String> = declared
            .ty
            .derived_name
            .iter()
            .filter_map(|property| declared.fields.named(declared.ty.props, property))
            .map(|value| {
                value.as_text().map(|text| known(text, resources, &out)).unwrap_or_default()
            })
            .collect();
        let property = |name: &str| {
            let text = declared.fields.named(declared.ty.props, name)?.as_text()?;
            Some(known(text, resources, &out))
        };
        let request = IdRequest {
            ty: declared.ty,
            wire: declared.meta.wire.as_ref().map_or(declared.ty.wire, |(wire, _)| wire),
            name: name
                .as_deref()
                .or(declared.ty.fixed_name)
                .or(declared.meta.given_name.as_deref()),
            derive_from: &derive_from,
            parent: parent.as_deref(),
            scope: &stack.scope,
            property: &property,
        };
        match (declared.ty.provider.identity)(&request) {
            Ok(identity) => {
                let made = made(&request, &identity.name);
                let first = seen.insert(fold(&[&identity.id]), index);
                let address_of = |index: u32| &addresses[index as usize].full;
                // One address twice has been told already.
                let twice = first.filter(|first| {
                    out[*first as usize].id.eq_ignore_ascii_case(&identity.id)
                        && address_of(*first) != address_of(index)
                });
                if let Some(first) = twice {
                    let address = address_of(first);
                    let what = format!(
                        "`{}` and `{address}` are one resource in the cloud",
                        address_of(index)
                    );
                    problems.push(
                        Diagnostic::error("duplicate-identity", what)
                            .at(declared.meta.at, "the second")
                            .at(resources[first as usize].meta.at, "the first")
                            .help("remove one of them, or give it another name"),
                    );
                }
                let (name, id) = (identity.name, identity.id);
                // Two services may call their resources alike; the first then has the short name.
                let reference = (declared.ty.provider.reference)(&id);
                if reference.len() != id.len() {
                    seen.entry(fold(&[reference])).or_insert(index);
                }
                let numbered = numbered(&request);
                out[index as usize] = Identity { name, id, numbered, made };
            }
            Err(why) => problems.push(
                Diagnostic::error(
                    "missing-parameter",
                    format!("`{}` cannot be named: {why}", addresses[index as usize].full),
                )
                .at(declared.meta.at, "declared here")
                .help("say it once, where the stack is made"),
            ),
        }
        for (prop, property) in (0u16..).zip(declared.ty.props) {
            if (property.inherited || property.parameter.is_some())
                && declared.fields.get(prop).is_none()
            {
                let setter = format!("`.{}(..)`", property.name);
                let (from, help) = match property.parameter {
                    Some(parameter) => (
                        format!("the stack has no `{parameter}`"),
                        format!("say it once, where the stack is made, or here with {setter}"),
                    ),
                    None => (
                        "what holds it has none that is known".to_owned(),
                        format!(
                            "say it here with {setter}, or declare what holds it in this stack"
                        ),
                    ),
                };
                let what = format!(
                    "`{}` has no {}: {from}",
                    addresses[index as usize].full, property.label
                );
                problems.push(
                    Diagnostic::error("missing-parameter", what)
                        .at(declared.meta.at, "declared here")
                        .help(help),
                );
            }
        }
    }
    (out, seen)
}

/// A text with IDs and names filled in; other outputs by whose they are, which is as stable.
fn known(text: &Text, resources: &[Declared], identities: &[Identity]) -> String {
    let mut out = String::new();
    for piece in text.parts() {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Output(output) => {
                let at = output.node.index as usize;
                let (Some(identity), Some(declared)) = (identities.get(at), resources.get(at))
                else {
                    continue;
                };
                let made = || identity.made.iter().find(|(name, _)| *name == output.output.name);
                match output.output.source {
                    OutputSource::Name => out.push_str(&identity.name),
                    OutputSource::Id => {
                        out.push_str((declared.ty.provider.reference)(&identity.id));
                    }
                    OutputSource::Made(_) if let Some((_, made)) = made() => out.push_str(made),
                    _ => out.push_str(&format!("{}#{}", identity.id, output.output.name)),
                }
            }
        }
    }
    out
}

/// The outputs that are known before the resource exists. What a template asks for and nobody said was reported with the
/// ID.
fn made(request: &IdRequest<'_>, name: &str) -> Vec<(&'static str, String)> {
    let request = IdRequest { name: Some(name), ..*request };
    let outputs = request.ty.outputs.iter();
    outputs
        .filter_map(|output| match output.source {
            OutputSource::Made(template) => Some((output.name, request.fill(template).ok()?)),
            _ => None,
        })
        .collect()
}

/// What a resource is found by whose ID the service makes up.
fn numbered(request: &IdRequest<'_>) -> Option<Numbered> {
    let by = request.ty.prop(request.ty.found_by?)?;
    let value = (request.property)(request.ty.props[by as usize].name)?;
    let (collection, _) = request.ty.id.split_once("/{name}")?;
    Some(Numbered { collection: request.fill(collection).ok()?, by, value })
}

fn parent_id(
    declared: &Declared,
    resources: &[Declared],
    identities: &[Identity],
) -> Option<String> {
    let at = declared.ty.props.iter().position(|p| p.is_parent)?;
    let text = declared.fields.get(u16::try_from(at).ok()?).and_then(Value::as_text)?;
    Some(known(text, resources, identities)).filter(|id| !id.is_empty())
}

fn check_name(declared: &Declared, name: Option<&str>, problems: &mut Diagnostics) {
    let (Some(rule), Some(name)) = (declared.ty.name_rule, name) else { return };
    if let Some(problem) = rule.check(name) {
        problems.push(
            Diagnostic::error(
                "invalid-name",
                format!("`{name}` cannot name a {}: {}", declared.ty.label, problem.message()),
            )
            .at(declared.meta.at, "declared here")
            .help(format!("a name has {rule} ({})", rule.source)),
        );
    }
}
