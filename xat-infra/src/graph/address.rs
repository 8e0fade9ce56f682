//! Addresses: what identifies a resource in plans and in the state.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::dsl::Declared;
use crate::value::{Piece, Text, Value};

/// A resource's address.
pub(crate) struct Address {
    /// `component/type.key`.
    pub(crate) full: String,
    /// The key alone.
    pub(crate) key: String,
}

/// The address of every resource, and the resources by address; two with one address are reported.
pub(crate) fn addresses(
    resources: &[Declared],
    problems: &mut Diagnostics,
) -> (Vec<Address>, HashMap<String, u32>) {
    let mut keys: Vec<Option<String>> = resources.iter().map(declared_key).collect();
    // Types without a name of their own are called after what they connect, which has one by now.
    for (index, declared) in resources.iter().enumerate() {
        if keys[index].is_none() {
            keys[index] = Some(derived_key(declared, &keys));
        }
    }
    let mut by_address: HashMap<String, u32> = HashMap::with_capacity(resources.len());
    let mut out = Vec::with_capacity(resources.len());
    for (index, (declared, key)) in (0u32..).zip(resources.iter().zip(keys)) {
        let key = key.unwrap_or_default();
        let full = match &declared.component {
            Some(component) => format!("{component}/{}.{key}", declared.ty.slug),
            None => format!("{}.{key}", declared.ty.slug),
        };
        if let Some(first) = by_address.insert(full.clone(), index) {
            problems.push(
                Diagnostic::error(
                    "duplicate-address",
                    format!("two resources have the address `{full}`"),
                )
                .at(declared.meta.at, "the second")
                .at(resources[first as usize].meta.at, "the first")
                .help(
                    "give one of them a key of its own, `.key(\"..\")`, or put it into a component",
                ),
            );
        }
        out.push(Address { full, key });
    }
    (out, by_address)
}

fn declared_key(declared: &Declared) -> Option<String> {
    if let Some(key) = &declared.meta.key {
        return Some(key.clone());
    }
    name_text(declared)?.literal().map(str::to_owned)
}

/// What the resource declares as its name.
pub(crate) fn name_text(declared: &Declared) -> Option<&Text> {
    let at = declared.ty.props.iter().position(|p| p.is_name)?;
    declared.fields.get(u16::try_from(at).ok()?)?.as_text()
}

fn derived_key(declared: &Declared, keys: &[Option<String>]) -> String {
    let mut pieces: Vec<String> = declared.meta.key_hint.iter().cloned().collect();
    let parent = declared.ty.props.iter().find(|p| p.is_parent).map(|p| p.name);
    // The only one of its kind in what holds it is called after that.
    let alone = parent.filter(|_| declared.ty.derived_name.is_empty());
    for property in declared.ty.derived_name.iter().copied().chain(alone) {
        let Some(text) =
            declared.fields.named(declared.ty.props, property).and_then(Value::as_text)
        else {
            continue;
        };
        for piece in text.parts() {
            match piece {
                Piece::Output(output) => {
                    pieces.extend(keys.get(output.node.index as usize).cloned().flatten());
                }
                // With a hint, literals (GUIDs, mostly) say nothing more.
                Piece::Literal(_) if declared.meta.key_hint.is_some() => {}
                Piece::Literal(text) => {
                    let last = text.rsplit('/').next().filter(|last| !last.is_empty());
                    pieces.extend(last.map(str::to_owned));
                }
            }
        }
    }
    pieces.join(".")
}
