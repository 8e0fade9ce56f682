//! What a template's texts mean: parameters, variables, and expressions over them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::expr::{self, Expr};
use super::json::{self, Kind, Node};
use super::{Deployment, Text};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::import::references;
use crate::schema::Registered;
use crate::value::{Entries, Secret, Value};

/// A resource that the template declares.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) id: String,
    pub(super) wire: String,
    pub(super) symbol: Option<String>,
}

/// What an expression yields.
#[derive(Clone)]
pub(super) enum Got {
    /// A value.
    Value(Value),
    /// What `reference(..)` says of a resource, and what is taken from it.
    Reference { id: String, full: bool, path: Vec<String> },
}

/// A result, or what is wrong.
pub(super) type Found<T> = Result<T, Diagnostic>;

/// Evaluates a template's values.
pub(super) struct Evaluator<'t> {
    pub(super) file: Text<'t>,
    template: &'t Node,
    pub(super) deployment: &'t Deployment,
    pub(super) types: &'t [Registered],
    given: BTreeMap<String, Value>,
    /// Resources, once they are known.
    pub(super) declared: Vec<Declared>,
    /// Parameters and variables that are being evaluated, to notice rings.
    open: RefCell<Vec<String>>,
}

impl<'t> Evaluator<'t> {
    pub(super) fn new(
        file: Text<'t>,
        template: &'t Node,
        deployment: &'t Deployment,
        types: &'t [Registered],
        problems: &mut Diagnostics,
    ) -> Self {
        let mut evaluator = Self {
            file,
            template,
            deployment,
            types,
            given: BTreeMap::new(),
            declared: Vec::new(),
            open: RefCell::default(),
        };
        evaluator.take_files(problems);
        evaluator.take_named(problems);
        evaluator
    }

    /// The declaration of a parameter.
    fn parameter(&self, name: &str) -> Option<&'t Node> {
        self.template.get("parameters")?.get(name)
    }

    fn unknown_parameter(&self, name: &str, mut problem: Diagnostic) -> Diagnostic {
        let known: Vec<&str> = self
            .template
            .get("parameters")
            .map(|parameters| parameters.entries().iter().map(|(name, _)| name.as_str()).collect())
            .unwrap_or_default();
        let near = crate::diagnostic::nearest(name, known.iter().copied());
        problem = match (near, known.is_empty()) {
            (Some(near), _) => problem.help(format!("did you mean `{near}`?")),
            (None, true) => problem.help("the template has no parameters"),
            (None, false) => problem.help(format!("it has: {}", known.join(", "))),
        };
        problem
    }

    fn take_files(&mut self, problems: &mut Diagnostics) {
        for (name, text) in &self.deployment.files {
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
                if self.parameter(key).is_none() {
                    let what = format!("the template has no parameter `{key}`");
                    let problem = file.wrong("template-unknown-name", what, given.at);
                    problems.push(self.unknown_parameter(key, problem));
                    continue;
                }
                // A reference to a vault's secret says where the value is, and nothing of it is read here.
                let value = given.get("value").map(as_it_is);
                let value = value.unwrap_or_else(|| supplied(key));
                self.given.insert(key.to_ascii_lowercase(), value);
            }
        }
    }

    fn take_named(&mut self, problems: &mut Diagnostics) {
        for (name, text) in &self.deployment.parameters {
            let Some(declaration) = self.parameter(name) else {
                let what = format!("the template has no parameter `{name}`");
                let at = self.template.get("parameters").map_or(self.template.at, |node| node.at);
                let problem = self.file.wrong("template-unknown-name", what, at);
                problems.push(self.unknown_parameter(name, problem));
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
                            self.file
                                .wrong("template-malformed", what, declaration.at)
                                .help("numbers, lists and objects are given as JSON"),
                        );
                        continue;
                    }
                }
            };
            self.given.insert(name.to_ascii_lowercase(), value);
        }
    }

    /// A value of the template, evaluated to the end.
    pub(super) fn value(&self, node: &Node) -> Found<Value> {
        let got = self.got(node)?;
        self.settle(got, node.at)
    }

    fn got(&self, node: &Node) -> Found<Got> {
        Ok(Got::Value(match &node.kind {
            Kind::Text(text) => {
                match expr::parse(text) {
                    Ok(Some(expr)) => return self.expr(&expr, node.at),
                    Ok(None) => Value::from(expr::plain(text).to_owned()),
                    Err((why, at)) => {
                        let what = format!("this expression cannot be read: {why}");
                        // The quotation mark in front is a byte too.
                        return Err(self
                        .file
                        .wrong("template-malformed", what, node.at + 1 + at)
                        .help("functions are called as `name(..)`, and text stands in single quotes"));
                    }
                }
            }
            Kind::List(items) => {
                Value::List(items.iter().map(|item| self.value(item)).collect::<Found<_>>()?)
            }
            Kind::Object(entries) => {
                let mut out = Entries::new();
                for (key, value) in entries {
                    out.insert(self.key(key, value.at)?, self.value(value)?);
                }
                Value::Map(out)
            }
            other => scalar(other),
        }))
    }

    /// A key may be an expression too.
    fn key(&self, key: &str, at: usize) -> Found<String> {
        match expr::parse(key) {
            Ok(Some(expr)) => {
                let got = self.expr(&expr, at)?;
                let value = self.settle(got, at)?;
                value
                    .as_str()
                    .map(str::to_owned)
                    .ok_or_else(|| self.file.wrong("template-malformed", "a key must be text", at))
            }
            _ => Ok(expr::plain(key).to_owned()),
        }
    }

    /// An expression. `at`: the byte at which the text that holds it starts.
    pub(super) fn expr(&self, expr: &Expr, at: usize) -> Found<Got> {
        match expr {
            Expr::Text(text) => Ok(Got::Value(Value::from(text.clone()))),
            Expr::Int(n) => Ok(Got::Value(Value::Int(*n))),
            Expr::Bool(value) => Ok(Got::Value(Value::Bool(*value))),
            Expr::Null => Ok(Got::Value(Value::Null)),
            Expr::Call(name, arguments, offset) => {
                super::functions::call(self, name, arguments, at, at + 1 + offset)
            }
            Expr::Property(of, name) => {
                if let Some(said) = self.of_deployment(of, name, at) {
                    return said.map(Got::Value);
                }
                let of = self.expr(of, at)?;
                self.take(of, name, at)
            }
            Expr::Index(of, index) => {
                let of = self.expr(of, at)?;
                let index = self.expr(index, at)?;
                let key = match self.settle(index, at)? {
                    Value::Int(n) => n.to_string(),
                    other => other.as_str().unwrap_or_default().to_owned(),
                };
                self.take(of, &key, at)
            }
        }
    }

    /// What only the deployment knows of its group and subscription: it is needed by those alone who ask for it.
    fn of_deployment(&self, of: &Expr, property: &str, at: usize) -> Option<Found<Value>> {
        let Expr::Call(function, _, _) = of else { return None };
        let is = |name: &str, of: &str| {
            function.eq_ignore_ascii_case(name) && property.eq_ignore_ascii_case(of)
        };
        let (what, value) = if is("resourceGroup", "location") {
            ("location", &self.deployment.location)
        } else if is("subscription", "tenantId") {
            ("tenant", &self.deployment.tenant)
        } else {
            return None;
        };
        Some(self.said(value.as_deref(), what, at).map(|value| Value::from(value.to_owned())))
    }

    fn take(&self, of: Got, key: &str, at: usize) -> Found<Got> {
        match of {
            Got::Reference { id, full, mut path } => {
                path.push(key.to_owned());
                Ok(Got::Reference { id, full, path })
            }
            Got::Value(secret @ Value::Secret(_)) => Ok(Got::Value(secret)),
            Got::Value(value) => value.at(&[key]).cloned().map(Got::Value).ok_or_else(|| {
                self.file
                    .wrong("template-malformed", format!("there is no `{key}` in this value"), at)
                    .help("look at the parameter, variable or function that it is taken from")
            }),
        }
    }

    /// A result as a value: what is taken from a reference becomes an output of the resource.
    pub(super) fn settle(&self, got: Got, at: usize) -> Found<Value> {
        let (id, full, path) = match got {
            Got::Value(value) => return Ok(value),
            Got::Reference { id, full, path } => (id, full, path),
        };
        let mut keys: Vec<&str> = path.iter().map(String::as_str).collect();
        match keys.as_slice() {
            ["id"] if full => return Ok(Value::from(id)),
            ["name"] if full => {
                return Ok(Value::from(id.rsplit('/').next().unwrap_or_default().to_owned()));
            }
            _ => {}
        }
        if !full {
            keys.insert(0, "properties");
        }
        let declared = self.declared.iter().find(|resource| resource.id.eq_ignore_ascii_case(&id));
        let wire = declared.map_or("", |resource| resource.wire.as_str());
        let ty = self
            .types
            .iter()
            .map(|registered| (registered.ty)())
            .find(|ty| ty.wire.eq_ignore_ascii_case(wire));
        let outputs = ty.map(|ty| ty.outputs).unwrap_or_default();
        if outputs.iter().any(|spec| references::same_path(spec.wire, &keys)) {
            return Ok(Value::from(references::marker(&id, &keys.join("."))));
        }
        let what = format!("`{}` is no output that this library knows of `{wire}`", path.join("."));
        let known: Vec<String> = outputs
            .iter()
            .filter(|spec| !spec.wire.is_empty())
            .map(|spec| spec.wire.join(".").trim_start_matches("properties.").to_owned())
            .collect();
        let help = match known.as_slice() {
            [] => {
                "what the service makes of a resource is known only after it is deployed".to_owned()
            }
            known => format!("its outputs are: {}", known.join(", ")),
        };
        Err(self.file.wrong("template-unsupported", what, at).help(help))
    }

    /// The value of a parameter. Secure ones are declared as secrets, whatever value they are given.
    pub(super) fn parameter_value(&self, name: &str, at: usize) -> Found<Value> {
        let Some(declaration) = self.parameter(name) else {
            let what = format!("the template has no parameter `{name}`");
            return Err(
                self.unknown_parameter(name, self.file.wrong("template-unknown-name", what, at))
            );
        };
        let of = declaration.get("type").and_then(Node::text).unwrap_or_default();
        if of.to_ascii_lowercase().starts_with("secure") {
            return Ok(supplied(name));
        }
        if let Some(given) = self.given.get(&name.to_ascii_lowercase()) {
            return Ok(given.clone());
        }
        let Some(default) = declaration.get("defaultValue") else {
            let what = format!("the parameter `{name}` has no value");
            return Err(self.file.wrong("template-missing-value", what, declaration.at).help(
                format!("give it one: --parameter {name}=VALUE, or a file with --parameters FILE"),
            ));
        };
        self.once(format!("parameter `{name}`"), at, || self.value(default))
    }

    /// The value of a variable.
    pub(super) fn variable_value(&self, name: &str, at: usize) -> Found<Value> {
        let variables = self.template.get("variables");
        match variables.and_then(|variables| variables.get(name)) {
            Some(node) => self.once(format!("variable `{name}`"), at, || self.value(node)),
            None => {
                let known = variables.map(Node::entries).unwrap_or_default();
                let near = crate::diagnostic::nearest(name, known.iter().map(|(n, _)| n.as_str()));
                let what = format!("the template has no variable `{name}`");
                Err(self.file.wrong("template-unknown-name", what, at).help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "declare it under `variables`".to_owned(),
                }))
            }
        }
    }

    /// Evaluates something that must not need itself.
    fn once(&self, what: String, at: usize, value: impl FnOnce() -> Found<Value>) -> Found<Value> {
        let ring = {
            let open = self.open.borrow();
            let start = open.iter().position(|other| *other == what);
            start.map(|start| open[start..].join(", "))
        };
        if let Some(ring) = ring {
            let told = format!("the {what} needs itself");
            return Err(self
                .file
                .wrong("template-cycle", told, at)
                .help(format!("the ring is: {ring}")));
        }
        self.open.borrow_mut().push(what);
        let value = value();
        self.open.borrow_mut().pop();
        value
    }
}

/// A secret that is supplied under a parameter's name.
fn supplied(name: &str) -> Value {
    Value::Secret(Secret::supplied(name).into_inner())
}

/// JSON as a value, without a look at expressions: values of parameters have none.
fn as_it_is(node: &Node) -> Value {
    match &node.kind {
        Kind::List(items) => Value::List(items.iter().map(as_it_is).collect()),
        Kind::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.clone(), as_it_is(value))))
        }
        Kind::Text(text) => Value::from(text.clone()),
        other => scalar(other),
    }
}

fn scalar(kind: &Kind) -> Value {
    match kind {
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Number(n) => {
            n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or_default()), Value::Int)
        }
        _ => Value::Null,
    }
}
