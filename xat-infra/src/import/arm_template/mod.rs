//! ARM templates: the resources that one declares, as bodies. Nothing is sent anywhere.
//!
//! Read are parameters, variables, resources with their children, as a list or by symbolic names, templates inside a template
//! with what they are given and what they say, and of the functions those in [`FUNCTIONS`]. Whatever else a template uses is an
//! error at its place: half of a template is none.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax>

mod eval;
mod expr;
mod functions;
mod given;
mod json;
mod nested;
mod resources;
mod world;

use self::world::{Level, Template, World};
use super::Body;
use crate::diagnostic::{Diagnostic, Diagnostics, Spot};
use crate::schema::Registered;
use crate::value::Value;

pub use functions::FUNCTIONS;

/// Where a template is deployed to, and with which values.
#[derive(Clone, Default)]
pub struct Deployment {
    /// The subscription (a GUID).
    pub subscription: Option<String>,
    /// The resource group. A template whose schema is that of subscriptions needs none, and uses none.
    pub group: Option<String>,
    /// The group's region.
    pub location: Option<String>,
    /// The tenant (a GUID).
    pub tenant: Option<String>,
    /// Files of parameters: what messages call each, and its text.
    pub files: Vec<(String, String)>,
    /// Parameters by name, as text: that of a parameter of another type is JSON.
    pub parameters: Vec<(String, String)>,
}

/// A file's text, for places in it.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) name: &'t str,
    pub(super) text: &'t str,
}

impl Text<'_> {
    /// The line and column of a byte.
    pub(super) fn spot(&self, at: usize) -> Spot {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Spot::new(self.name, line, column)
    }

    /// An error at a byte.
    pub(super) fn wrong(
        &self,
        code: &'static str,
        what: impl Into<String>,
        at: usize,
    ) -> Diagnostic {
        Diagnostic::error(code, what).at(self.spot(at), "here")
    }
}

/// What a template declares. Each body has the IDs of what it waits for under `dependsOn`.
#[derive(Clone, Default)]
pub struct Read {
    /// The resources, those of templates inside too.
    pub bodies: Vec<Body>,
    /// The deployments of templates inside, each with its template as it is written.
    pub deployments: Vec<Body>,
}

/// The bodies that a template declares, as [`read`] has them.
///
/// # Errors
/// As [`read`].
pub fn bodies(
    name: &str,
    text: &str,
    deployment: &Deployment,
    types: &[Registered],
) -> Result<Vec<Body>, Vec<Diagnostic>> {
    read(name, text, deployment, types).map(|read| read.bodies)
}

/// What a template declares.
///
/// # Errors
/// Everything that is wrong with it, at its place in the file.
pub fn read(
    name: &str,
    text: &str,
    deployment: &Deployment,
    types: &[Registered],
) -> Result<Read, Vec<Diagnostic>> {
    let file = Text { name, text };
    let mut problems = Diagnostics::new();
    let node = match json::parse(text) {
        Ok(node) => node,
        Err((why, at)) => {
            let what = format!("the template is not JSON: {why}");
            return Err(vec![
                file.wrong("template-malformed", what, at)
                    .help("a template is an object with `resources`"),
            ]);
        }
    };
    let Some(resources) = node.get("resources") else {
        return Err(vec![
            file.wrong("template-malformed", "this is no template: it has no `resources`", node.at)
                .help("a template is an object with `$schema`, `contentVersion` and `resources`"),
        ]);
    };
    let mut world = World::new(file, types);
    let schema = node.get("$schema").and_then(json::Node::text).unwrap_or_default();
    let level = match schema.to_ascii_lowercase().contains("/subscriptiondeploymenttemplate.json") {
        true => Level::Subscription,
        false => Level::Group,
    };
    world.templates.push(Template::new(&node, level, deployment.clone(), 0));
    given::take(&mut world, deployment, &mut problems);
    if problems.has_errors() {
        // With parameters that mean nothing, what is made of them means nothing either.
        return Err(problems.sorted());
    }
    resources::place_all(&mut world, 0, resources, None, &mut problems);
    let read = resources::bodies(&world, &mut problems);
    problems.or_value(read, &mut Vec::new()).map_err(each_once)
}

/// What is not said at all is told where it is needed first, not everywhere.
fn each_once(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told = std::collections::HashSet::new();
    problems.retain(|problem| {
        problem.code != "template-missing-value" || told.insert(problem.message.clone())
    });
    problems
}

/// The IDs of what a body waits for, as [`bodies`] puts them there.
pub(super) fn depends_on(body: &Value) -> Vec<String> {
    match body.at(&["dependsOn"]) {
        Some(Value::List(ids)) => ids.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
