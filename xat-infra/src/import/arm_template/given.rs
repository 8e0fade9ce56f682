//! Parameters: where their values come from, and what they are.

use super::eval::{Evaluator, Found};
use super::json::{self, Kind, Node};
use super::world::{Given, World};
use super::{Deployment, Text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::value::{Secret, Value};

/// Takes the values that the file's own template is given, in files and one by one.
pub(super) fn take<'t>(
    world: &mut World<'t>,
    deployment: &'t Deployment,
    problems: &mut Diagnostics,
) {
    take_files(world, deployment, problems);
    take_named(world, deployment, problems);
}

fn take_files<'t>(world: &mut World<'t>, deployment: &'t Deployment, problems: &mut Diagnostics) {
    for (name, text) in &deployment.files {
        let file = Text { name, text };
        let node = match json::parse(text) {
            Ok(node) => node,
            Err((why, at)) => {
                let what = format!("the file of parameters is not JSON: {why}");
                problems.push(
                    file.wrong("template-malformed", what, at)
                        .help("it is an object with `parameters`, each with a `value`"),
                );
                continue;
            }
        };
        for (key, given) in node.get("parameters").unwrap_or(&node).entries() {
            if key.starts_with('$') || key.eq_ignore_ascii_case("contentVersion") {
                continue;
            }
            if world.templates[0].parameter(key).is_none() {
                let what = format!("the template has no parameter `{key}`");
                let problem = file.wrong("template-unknown-name", what, given.at);
                problems.push(unknown(world, 0, key, problem));
                continue;
            }
            // A reference to a vault's secret says where the value is, and nothing of it is read here.
            let value = given.get("value").map(as_it_is);
            let value = value.map_or(Given::Withheld, Given::Value);
            world.templates[0].given.insert(key.to_ascii_lowercase(), value);
        }
    }
}

fn take_named<'t>(world: &mut World<'t>, deployment: &'t Deployment, problems: &mut Diagnostics) {
    for (name, text) in &deployment.parameters {
        let template = &world.templates[0];
        let Some(declaration) = template.parameter(name) else {
            let what = format!("the template has no parameter `{name}`");
            let at = template.node.get("parameters").map_or(template.node.at, |node| node.at);
            let problem = world.file.wrong("template-unknown-name", what, at);
            problems.push(unknown(world, 0, name, problem));
            continue;
        };
        let of = declaration.get("type").and_then(Node::text).unwrap_or("string");
        let value = if of.to_ascii_lowercase().ends_with("string") {
            Value::from(text.clone())
        } else {
            match json::parse(text) {
                Ok(node) => as_it_is(&node),
                Err((why, _)) => {
                    let what = format!("the value of `{name}` is no {of}: {why}");
                    problems.push(
                        world
                            .file
                            .wrong("template-malformed", what, declaration.at)
                            .help("numbers, lists and objects are given as JSON"),
                    );
                    continue;
                }
            }
        };
        world.templates[0].given.insert(name.to_ascii_lowercase(), Given::Value(value));
    }
}

/// Takes the values that a deployment gives to the template inside it: they are said in the outer one's words.
///
/// # Errors
/// The template has no parameter of a name.
pub(super) fn take_said<'t>(
    world: &mut World<'t>,
    inner: usize,
    outer: usize,
    said: &'t Node,
) -> Found<()> {
    for (key, given) in said.entries() {
        if world.templates[inner].parameter(key).is_none() {
            let what = format!("the template inside has no parameter `{key}`");
            let problem = world.file.wrong("template-unknown-name", what, given.at);
            return Err(unknown(world, inner, key, problem));
        }
        let value = given.get("value").map_or(Given::Withheld, |value| Given::Said(value, outer));
        world.templates[inner].given.insert(key.to_ascii_lowercase(), value);
    }
    Ok(())
}

/// A name that no parameter has, with those that there are.
fn unknown(world: &World<'_>, template: usize, name: &str, problem: Diagnostic) -> Diagnostic {
    let known: Vec<&str> = world.templates[template]
        .node
        .get("parameters")
        .map(|parameters| parameters.entries().iter().map(|(name, _)| name.as_str()).collect())
        .unwrap_or_default();
    let near = crate::diagnostic::nearest(name, known.iter().copied());
    match (near, known.is_empty()) {
        (Some(near), _) => problem.help(format!("did you mean `{near}`?")),
        (None, true) => problem.help("the template has no parameters"),
        (None, false) => problem.help(format!("it has: {}", known.join(", "))),
    }
}

impl Evaluator<'_, '_> {
    /// The value of a parameter. Secure ones are declared as secrets, whatever value they are given.
    pub(super) fn parameter_value(&self, name: &str, at: usize) -> Found<Value> {
        let template = self.template();
        let file = self.world.file;
        let Some(declaration) = template.parameter(name) else {
            let what = format!("the template has no parameter `{name}`");
            let problem = file.wrong("template-unknown-name", what, at);
            return Err(unknown(self.world, self.at, name, problem));
        };
        let of = declaration.get("type").and_then(Node::text).unwrap_or_default();
        let secure = of.to_ascii_lowercase().starts_with("secure");
        let given = match template.given.get(&name.to_ascii_lowercase()) {
            Some(Given::Value(_)) if secure => return Ok(supplied(name)),
            Some(Given::Value(value)) => Some(value.clone()),
            Some(Given::Withheld) => return Ok(supplied(name)),
            Some(Given::Said(node, outer)) => {
                let outer = Evaluator { world: self.world, at: *outer };
                let what = self.open_name("parameter", name);
                Some(self.once(what, at, || outer.value(node))?)
            }
            None => None,
        };
        match given {
            // A secret that is handed on keeps its first name.
            Some(secret @ Value::Secret(_)) => return Ok(secret),
            _ if secure => return Ok(supplied(name)),
            Some(value) => return Ok(value),
            None => {}
        }
        let Some(default) = declaration.get("defaultValue") else {
            let what = format!("the parameter `{name}` has no value");
            let help = match template.deployed_by {
                None => format!(
                    "give it one: --parameter {name}=VALUE, or a file with --parameters FILE"
                ),
                Some(_) => {
                    "give it one in the deployment, under `properties.parameters`".to_owned()
                }
            };
            return Err(file.wrong("template-missing-value", what, declaration.at).help(help));
        };
        self.once(self.open_name("parameter", name), at, || self.value(default))
    }
}

/// A secret that is supplied under a parameter's name.
fn supplied(name: &str) -> Value {
    Value::Secret(Secret::supplied(name).into_inner())
}

/// JSON as a value, without a look at expressions.
pub(super) fn as_it_is(node: &Node) -> Value {
    match &node.kind {
        Kind::List(items) => Value::List(items.iter().map(as_it_is).collect()),
        Kind::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.clone(), as_it_is(value))))
        }
        Kind::Text(text) => Value::from(text.clone()),
        other => scalar(other),
    }
}

/// A value without anything in it.
pub(super) fn scalar(kind: &Kind) -> Value {
    match kind {
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(n) => {
            n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or_default()), Value::Int)
        }
        _ => Value::Null,
    }
}
