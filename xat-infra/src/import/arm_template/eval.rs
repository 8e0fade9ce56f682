//! What a template's texts mean: variables, expressions, and what is taken from them.

use super::expr::{self, Expr};
use super::given::scalar;
use super::json::{Kind, Node};
use super::world::{Template, World};
use crate::diagnostic::Diagnostic;
use crate::import::references;
use crate::value::{Entries, Value};

/// What an expression yields.
#[derive(Clone)]
pub(super) enum Got {
    /// A value.
    Value(Value),
    /// What `reference(..)` says of a resource, and what is taken from it.
    Reference { of: usize, full: bool, path: Vec<String> },
}

/// A result, or what is wrong.
pub(super) type Found<T> = Result<T, Diagnostic>;

/// Evaluates values as one template of the world sees them.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'w, 't> {
    pub(super) world: &'w World<'t>,
    /// The template.
    pub(super) at: usize,
}

impl<'w, 't> Evaluator<'w, 't> {
    pub(super) fn template(&self) -> &'w Template<'t> {
        &self.world.templates[self.at]
    }

    /// An error at a byte of the file.
    pub(super) fn wrong(&self, code: &'static str, what: String, at: usize) -> Diagnostic {
        self.world.file.wrong(code, what, at)
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
                        return Err(self.wrong("template-malformed", what, node.at + 1 + at).help(
                            "functions are called as `name(..)`, and text stands in single quotes",
                        ));
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

    /// A key may be an expression too. It stands before its value, which starts at `at`.
    fn key(&self, key: &str, at: usize) -> Found<String> {
        let value = match expr::parse(key) {
            Ok(Some(expr)) => {
                let got = self.expr(&expr, at)?;
                self.settle(got, at)?
            }
            Ok(None) => return Ok(expr::plain(key).to_owned()),
            Err((why, _)) => {
                let what = format!("the key `{key}` of this cannot be read: {why}");
                return Err(self.wrong("template-malformed", what, at).help(
                    "a key that starts with a bracket and is no expression has two: `[[key]`",
                ));
            }
        };
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| self.wrong("template-malformed", "a key must be text".to_owned(), at))
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
        let to = &self.template().to;
        let (what, value) = if is("resourceGroup", "location") {
            // The file itself may make the group.
            if to.location.is_none()
                && let Ok(id) = self.group_id(at)
                && let Some(group) = self.world.with_id(&id)
            {
                let group = &self.world.declared[group];
                let by =
                    Evaluator { world: self.world, at: self.world.templates[group.by].read_by };
                return group.node.get("location").map(|node| by.value(node));
            }
            ("location", &to.location)
        } else if is("subscription", "tenantId") {
            ("tenant", &to.tenant)
        } else {
            return None;
        };
        Some(self.said(value.as_deref(), what, at).map(|value| Value::from(value.to_owned())))
    }

    fn take(&self, of: Got, key: &str, at: usize) -> Found<Got> {
        match of {
            Got::Reference { of, full, mut path } => {
                path.push(key.to_owned());
                Ok(Got::Reference { of, full, path })
            }
            Got::Value(secret @ Value::Secret(_)) => Ok(Got::Value(secret)),
            Got::Value(value) => value.at(&[key]).cloned().map(Got::Value).ok_or_else(|| {
                self.wrong("template-malformed", format!("there is no `{key}` in this value"), at)
                    .help("look at the parameter, variable or function that it is taken from")
            }),
        }
    }

    /// A result as a value: what is taken from a reference becomes an output of the resource.
    pub(super) fn settle(&self, got: Got, at: usize) -> Found<Value> {
        let (of, full, path) = match got {
            Got::Value(value) => return Ok(value),
            Got::Reference { of, full, path } => (of, full, path),
        };
        let declared = &self.world.declared[of];
        let (id, wire) = (&declared.id, declared.wire.as_str());
        let mut keys: Vec<&str> = path.iter().map(String::as_str).collect();
        match keys.as_slice() {
            ["id"] if full => return Ok(Value::from(id.clone())),
            ["name"] if full => {
                return Ok(Value::from(id.rsplit('/').next().unwrap_or_default().to_owned()));
            }
            _ => {}
        }
        if !full {
            keys.insert(0, "properties");
        }
        if let (Some(inner), ["properties", "outputs", name, "value", rest @ ..]) =
            (declared.deploys, keys.as_slice())
        {
            return self.output_of(inner, name, rest, at);
        }
        let ty = self
            .world
            .types
            .iter()
            .map(|registered| (registered.ty)())
            .find(|ty| ty.wire.eq_ignore_ascii_case(wire));
        let outputs = ty.map(|ty| ty.outputs).unwrap_or_default();
        if outputs.iter().any(|spec| references::same_path(spec.wire, &keys)) {
            return Ok(Value::from(references::marker(id, &keys.join("."))));
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
        Err(self.wrong("template-unsupported", what, at).help(help))
    }

    /// What a template inside says to the outer one.
    fn output_of(&self, inner: usize, name: &str, rest: &[&str], at: usize) -> Found<Value> {
        let outputs = self.world.templates[inner].node.get("outputs");
        let Some(value) = outputs.and_then(|all| all.get(name)?.get("value")) else {
            let known = outputs.map(Node::entries).unwrap_or_default();
            let known: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
            let what = format!("the template inside has no output `{name}`");
            let help = match known.as_slice() {
                [] => "declare it under its `outputs`".to_owned(),
                known => format!("it has: {}", known.join(", ")),
            };
            return Err(self.wrong("template-unknown-name", what, at).help(help));
        };
        let by = Evaluator { world: self.world, at: self.world.templates[inner].read_by };
        let what = by.open_name("output", name);
        let value = by.once(what, at, || by.value(value))?;
        let mut got = Got::Value(value);
        for key in rest {
            got = self.take(got, key, at)?;
        }
        self.settle(got, at)
    }

    /// The value of a variable.
    pub(super) fn variable_value(&self, name: &str, at: usize) -> Found<Value> {
        let variables = self.template().node.get("variables");
        match variables.and_then(|variables| variables.get(name)) {
            Some(node) => self.once(self.open_name("variable", name), at, || self.value(node)),
            None => {
                let known = variables.map(Node::entries).unwrap_or_default();
                let near = crate::diagnostic::nearest(name, known.iter().map(|(n, _)| n.as_str()));
                let what = format!("the template has no variable `{name}`");
                Err(self.wrong("template-unknown-name", what, at).help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "declare it under `variables`".to_owned(),
                }))
            }
        }
    }

    /// What messages call something that is being evaluated; templates inside are told apart by their deployments.
    pub(super) fn open_name(&self, kind: &str, name: &str) -> String {
        match self.template().deployed_by.map(|of| &self.world.declared[of].id) {
            None => format!("{kind} `{name}`"),
            Some(id) => {
                let of = id.rsplit('/').next().unwrap_or_default();
                format!("{kind} `{name}` of `{of}`")
            }
        }
    }

    /// Evaluates something that must not need itself.
    pub(super) fn once(
        &self,
        what: String,
        at: usize,
        value: impl FnOnce() -> Found<Value>,
    ) -> Found<Value> {
        let ring = {
            let open = self.world.open.borrow();
            let start = open.iter().position(|(of, other)| *of == self.at && *other == what);
            let names = |start: usize| open[start..].iter().map(|(_, name)| name.as_str());
            start.map(|start| names(start).collect::<Vec<_>>().join(", "))
        };
        if let Some(ring) = ring {
            let told = format!("the {what} needs itself");
            return Err(self
                .wrong("template-cycle", told, at)
                .help(format!("the ring is: {ring}")));
        }
        self.world.open.borrow_mut().push((self.at, what));
        let value = value();
        self.world.open.borrow_mut().pop();
        value
    }
}
