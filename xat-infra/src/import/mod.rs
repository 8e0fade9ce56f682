//! Import: bodies as a cloud has them, as the Rust that declares them.
//!
//! The Rust is read from the static descriptions alone. Bodies become [`Item`]s: the properties that a type declares, or
//! the raw escape for what no type models (`items`). The planner then judges each against its own body, so that what
//! is written plans to nothing but adoption (`judge`). Items that are in order are said in Rust ([`write`]), or put
//! into a stack as they are (`stack`). Secrets are never read: what must be given is declared as supplied.

pub mod arm_template;
#[cfg(feature = "import")]
mod format;
mod items;
mod judge;
mod namesakes;
mod order;
mod place;
mod prune;
mod raw;
mod references;
mod say;
mod scope;
mod stack;
mod write;

use std::collections::BTreeMap;

use crate::diagnostic::Spot;
use crate::live::Estate;
use crate::schema::{OutputSpec, Provider, Registered, ResourceType};
use crate::value::{Fields, Value};

pub use stack::stack;

/// A body to be imported.
#[derive(Clone)]
pub struct Body {
    /// The resource's full ID.
    pub id: String,
    /// Its REST type.
    pub wire: String,
    /// The API version, where it is known.
    pub api: Option<String>,
    /// The body, as the cloud returns or takes it.
    pub value: Value,
    /// Where it is written, if it is written in a file.
    pub at: Option<Spot>,
}

/// A resource on its way to Rust.
#[derive(Clone)]
pub struct Item {
    /// Its full ID.
    pub id: String,
    /// Its REST type.
    pub wire: String,
    /// The API version.
    pub api: String,
    /// Its type: of the catalogue, or the raw escape.
    pub ty: &'static ResourceType,
    /// Its body, as it was read.
    pub body: Value,
    /// What it declares.
    pub fields: Fields,
    /// The live values of its outputs.
    pub outputs: Vec<(&'static OutputSpec, String)>,
    /// Properties that it leaves to others.
    pub ignore: Vec<u16>,
    /// What it says of the REST body itself.
    pub raw: Vec<(String, Value)>,
    /// Resources that it waits for beside those that it refers to, by ID.
    pub depends_on: Vec<String>,
    /// What could not be said, for whoever reads the Rust.
    pub notes: Vec<String>,
}

/// How an import is written.
#[derive(Clone, Default)]
pub struct Options {
    /// The stack's name, and that of its function in snake case; `imported` if it is empty.
    pub name: String,
    /// Where the bodies came from, in words, for the file's first line.
    pub from: String,
}

/// What was imported.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The Rust: a module with one function that gives the stack.
    pub source: String,
    /// How many resources are of a type of the catalogue.
    pub typed: usize,
    /// How many are said by the raw escape.
    pub raw: usize,
    /// What there is to know, a line each: what was left out, what has to be given.
    pub notes: Vec<String>,
}

/// The bodies of an estate.
pub fn bodies(estate: &Estate, types: &[Registered]) -> Vec<Body> {
    let type_of =
        |id: &str| types.iter().find_map(|registered| ((registered.ty)().provider.type_of_id)(id));
    estate
        .ids()
        .filter_map(|id| {
            let value: Value = serde_json::from_str(estate.text(id)?).ok()?;
            let said = value.at(&["type"]).and_then(Value::as_str).map(str::to_owned);
            let kept = || estate.kind(estate.locate(id)?).map(str::to_owned);
            let wire = type_of(id).or(said).or_else(kept)?;
            let api = value.at(&["apiVersion"]).and_then(Value::as_str).map(str::to_owned);
            Some(Body { id: id.to_owned(), wire, api, value, at: estate.spot_of(id) })
        })
        .collect()
}

/// The Rust that declares an estate.
///
/// # Errors
/// The source that was made is not Rust, which would be a mistake in a type's description.
#[cfg(feature = "import")]
pub fn import(
    estate: &Estate,
    types: &[Registered],
    options: &Options,
) -> Result<Imported, crate::diagnostic::Diagnostic> {
    let mut notes = Vec::new();
    let mut items = items::items(bodies(estate, types), types, items::Live::Read, &mut notes);
    judge::judge(&mut items, estate, types, &mut notes);
    say(items, types, options, notes)
}

/// The Rust that declares bodies which were written rather than read: a template's.
///
/// # Errors
/// As [`import`].
#[cfg(feature = "import")]
pub fn import_bodies(
    bodies: Vec<Body>,
    types: &[Registered],
    options: &Options,
) -> Result<Imported, crate::diagnostic::Diagnostic> {
    let mut notes = Vec::new();
    let items = items::items(bodies, types, items::Live::Written, &mut notes);
    say(items, types, options, notes)
}

#[cfg(feature = "import")]
fn say(
    items: Vec<Item>,
    types: &[Registered],
    options: &Options,
    mut notes: Vec<String>,
) -> Result<Imported, crate::diagnostic::Diagnostic> {
    let raw = items.iter().filter(|item| is_raw(item.ty)).count();
    let typed = items.len() - raw;
    let (source, comments) = write::write(items, types, options, &mut notes);
    let source = format::format(&source, &comments)?;
    Ok(Imported { source, typed, raw, notes })
}

/// Whether a type is the raw escape: its bodies have any REST type.
pub(crate) fn is_raw(ty: &ResourceType) -> bool {
    ty.wire == "raw"
}

/// The clouds that items are of, each once, in the order in which they come.
fn providers(items: &[Item]) -> Vec<&'static Provider> {
    let mut out: Vec<&'static Provider> = Vec::new();
    for item in items {
        if !out.iter().any(|known| std::ptr::eq(*known, item.ty.provider)) {
            out.push(item.ty.provider);
        }
    }
    out
}

/// The value of every scope parameter: as IDs have it, or as most resources say.
fn parameters(items: &[Item]) -> BTreeMap<&'static str, String> {
    let mut seen: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
    for item in items {
        for parameter in item.ty.provider.parameters {
            let said = (0u16..).zip(item.ty.props).find_map(|(index, property)| {
                let ours = property.parameter == Some(parameter.key);
                item.fields.get(index).filter(|_| ours)?.as_str()
            });
            if let Some(value) = (parameter.of_id)(&item.id).or(said) {
                let of = seen.entry(parameter.key).or_default();
                *of.entry(value.to_ascii_lowercase()).or_default() += 1;
            }
        }
    }
    seen.into_iter()
        .filter_map(|(key, values)| {
            // Ties go to the first in order, so that equal input gives equal output.
            let most = values.values().copied().max()?;
            values.into_iter().find(|(_, count)| *count == most).map(|(value, _)| (key, value))
        })
        .collect()
}
