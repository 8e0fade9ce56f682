//! All that one file says: its template, the templates inside, where each is deployed, and what each declares.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::json::Node;
use super::{Deployment, Text};
use crate::schema::Registered;
use crate::value::Value;

/// A resource that a template declares.
pub(super) struct Declared<'t> {
    pub(super) id: String,
    pub(super) wire: String,
    pub(super) symbol: Option<String>,
    pub(super) api: Option<String>,
    pub(super) node: &'t Node,
    /// The template that declares it, by its place in [`World::templates`].
    pub(super) by: usize,
    /// The template that it deploys, where it is a deployment.
    pub(super) deploys: Option<usize>,
}

/// What a deployment goes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Level {
    /// A resource group.
    Group,
    /// A whole subscription.
    Subscription,
}

/// The value of a parameter.
pub(super) enum Given<'t> {
    /// It is known.
    Value(Value),
    /// The deployment says it, in words of the template with this number.
    Said(&'t Node, usize),
    /// It stands in a vault.
    Withheld,
}

/// A template, and where it is deployed.
pub(super) struct Template<'t> {
    pub(super) node: &'t Node,
    pub(super) level: Level,
    pub(super) to: Deployment,
    pub(super) given: BTreeMap<String, Given<'t>>,
    /// The template by which its expressions are evaluated: itself, unless its deployment says that it is the outer one.
    pub(super) read_by: usize,
    /// The deployment that it is, by its place in [`World::declared`]; none for the file's own.
    pub(super) deployed_by: Option<usize>,
}

impl<'t> Template<'t> {
    pub(super) fn new(node: &'t Node, level: Level, to: Deployment, number: usize) -> Self {
        Self { node, level, to, given: BTreeMap::new(), read_by: number, deployed_by: None }
    }

    /// The declaration of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&'t Node> {
        self.node.get("parameters")?.get(name)
    }
}

/// A file with all its templates.
pub(super) struct World<'t> {
    pub(super) file: Text<'t>,
    pub(super) types: &'t [Registered],
    /// The file's own template first.
    pub(super) templates: Vec<Template<'t>>,
    /// Resources, once they are known.
    pub(super) declared: Vec<Declared<'t>>,
    /// The same by their IDs, each in the one spelling of [`plain`].
    by_id: HashMap<String, usize>,
    /// The IDs of resources that a template names without making them.
    pub(super) absent: Vec<(String, usize)>,
    /// What is being evaluated, each with its template, to notice rings.
    pub(super) open: RefCell<Vec<(usize, String)>>,
}

impl<'t> World<'t> {
    pub(super) fn new(file: Text<'t>, types: &'t [Registered]) -> Self {
        Self {
            file,
            types,
            templates: Vec::new(),
            declared: Vec::new(),
            by_id: HashMap::new(),
            absent: Vec::new(),
            open: RefCell::default(),
        }
    }

    /// Takes up a resource, and gives its place.
    pub(super) fn declare(&mut self, declared: Declared<'t>) -> usize {
        let at = self.declared.len();
        self.by_id.entry(plain(&declared.id)).or_insert(at);
        self.declared.push(declared);
        at
    }

    /// The resource that a text names in a template: by ID, by symbolic name, by `type/name`, or by its name alone.
    pub(super) fn find(&self, name: &str, within: usize) -> Option<usize> {
        if let Some(at) = self.with_id(name).filter(|at| self.declared[*at].by == within) {
            return Some(at);
        }
        let is = |text: &str| text.eq_ignore_ascii_case(name);
        let own = || self.declared.iter().enumerate().filter(move |(_, of)| of.by == within);
        let exact = own().find(|(_, of)| of.symbol.as_deref().is_some_and(is));
        exact.or_else(|| own().find(|(_, of)| ends_with(&of.id, name))).map(|(at, _)| at)
    }

    /// The resource with this ID, whichever template declares it.
    pub(super) fn with_id(&self, id: &str) -> Option<usize> {
        self.by_id.get(&plain(id)).copied()
    }

    /// Whether a template names this resource and leaves it to others, or makes it under a condition that does not hold.
    pub(super) fn is_absent(&self, name: &str, within: usize) -> bool {
        let mut all = self.absent.iter().filter(|(_, by)| *by == within);
        all.any(|(id, _)| plain(id) == plain(name) || ends_with(id, name))
    }

    /// The resources that are there once this one is: itself, or all that it deploys.
    pub(super) fn made_by(&self, declared: usize, out: &mut Vec<usize>) {
        match self.declared[declared].deploys {
            None => out.push(declared),
            Some(template) => {
                for (at, _) in self.declared.iter().enumerate().filter(|(_, d)| d.by == template) {
                    self.made_by(at, out);
                }
            }
        }
    }
}

/// An ID in one spelling. A group has two: its own, and that of a resource of its subscription, by which others wait for it.
fn plain(id: &str) -> String {
    const AS_RESOURCE: &str = "/providers/microsoft.resources/resourcegroups/";
    let id = id.to_ascii_lowercase();
    match id.split_once(AS_RESOURCE) {
        Some((subscription, name)) => format!("{subscription}/resourcegroups/{name}"),
        None => id,
    }
}

/// Whether an ID ends with a name, or with `type/name`.
fn ends_with(id: &str, name: &str) -> bool {
    let at = id.len().checked_sub(name.len()).filter(|at| id.is_char_boundary(*at));
    at.is_some_and(|at| id[at..].eq_ignore_ascii_case(name) && id[..at].ends_with('/'))
}
