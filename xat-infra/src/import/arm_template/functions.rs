//! The functions of template expressions that are read.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions>

use super::eval::{Evaluator, Found, Got};
use super::expr::Expr;
use crate::diagnostic::Diagnostic;
use crate::value::{Entries, Value};

/// The functions that are read, by name.
pub const FUNCTIONS: &[&str] = &[
    "concat",
    "extensionResourceId",
    "format",
    "parameters",
    "reference",
    "resourceGroup",
    "resourceId",
    "subscription",
    "subscriptionResourceId",
    "toLower",
    "toUpper",
    "variables",
];

/// Calls a function. `at`: where the text starts; `name_at`: where the call does.
pub(super) fn call(
    evaluator: &Evaluator<'_>,
    name: &str,
    arguments: &[Expr],
    at: usize,
    name_at: usize,
) -> Found<Got> {
    let call = Call { evaluator, name, at: name_at };
    if !FUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        let what = format!("the function `{name}` is not read");
        return Err(evaluator
            .file
            .wrong("template-unsupported", what, name_at)
            .help(format!("the functions that are read: {}", FUNCTIONS.join(", "))));
    }
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let got = evaluator.expr(argument, at)?;
        values.push(evaluator.settle(got, at)?);
    }
    // What is made of a secret is one.
    let made_of_text = ["concat", "format", "tolower", "toupper"];
    let lower = name.to_ascii_lowercase();
    if made_of_text.contains(&lower.as_str())
        && let Some(secret) = values.iter().find(|value| matches!(value, Value::Secret(_)))
    {
        return Ok(Got::Value(secret.clone()));
    }
    let value = match lower.as_str() {
        "parameters" => evaluator.parameter_value(call.only(&values)?, name_at)?,
        "variables" => evaluator.variable_value(call.only(&values)?, name_at)?,
        "concat" => call.concat(&values)?,
        "format" => call.format(&values)?,
        "tolower" => Value::from(call.only(&values)?.to_lowercase()),
        "toupper" => Value::from(call.only(&values)?.to_uppercase()),
        "resourcegroup" => call.group()?,
        "subscription" => call.subscription()?,
        "resourceid" => call.resource_id(&values)?,
        "subscriptionresourceid" => {
            let scope = format!("/subscriptions/{}", evaluator.subscription(name_at)?);
            call.id(&scope, &call.texts(&values)?)?
        }
        "extensionresourceid" => {
            let texts = call.texts(&values)?;
            let (scope, rest) =
                texts.split_first().ok_or_else(|| call.wrong("a scope and a type"))?;
            call.id(scope, rest)?
        }
        _ => return call.reference(&values),
    };
    Ok(Got::Value(value))
}

impl Evaluator<'_> {
    /// The subscription that the template is deployed to.
    pub(super) fn subscription(&self, at: usize) -> Found<&str> {
        self.said(self.deployment.subscription.as_deref(), "subscription", at)
    }

    /// The ID of the group that the template is deployed to.
    pub(super) fn group_id(&self, at: usize) -> Found<String> {
        let group = self.said(self.deployment.group.as_deref(), "group", at)?;
        Ok(format!("/subscriptions/{}/resourceGroups/{group}", self.subscription(at)?))
    }

    pub(super) fn said<'v>(&self, value: Option<&'v str>, what: &str, at: usize) -> Found<&'v str> {
        value.ok_or_else(|| {
            let told = format!("the {what} that the template is deployed to is needed here");
            self.file
                .wrong("template-missing-value", told, at)
                .help(format!("say it with --{what}"))
        })
    }
}

struct Call<'c, 't> {
    evaluator: &'c Evaluator<'t>,
    name: &'c str,
    at: usize,
}

impl Call<'_, '_> {
    fn wrong(&self, wanted: &str) -> Diagnostic {
        let what = format!("`{}` takes {wanted}", self.name);
        self.evaluator.file.wrong("template-malformed", what, self.at).help(
            "the functions: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions",
        )
    }

    fn only<'v>(&self, values: &'v [Value]) -> Found<&'v str> {
        match values {
            [value] => value.as_str().ok_or_else(|| self.wrong("one text")),
            _ => Err(self.wrong("one text")),
        }
    }

    fn texts(&self, values: &[Value]) -> Found<Vec<String>> {
        values.iter().map(|value| self.text(value)).collect()
    }

    fn text(&self, value: &Value) -> Found<String> {
        match value {
            Value::Int(n) => Ok(n.to_string()),
            Value::Bool(true) => Ok("True".to_owned()),
            Value::Bool(false) => Ok("False".to_owned()),
            other => other.as_str().map(str::to_owned).ok_or_else(|| self.wrong("texts")),
        }
    }

    fn concat(&self, values: &[Value]) -> Found<Value> {
        if matches!(values.first(), Some(Value::List(_))) {
            let mut out = Vec::new();
            for value in values {
                let Value::List(items) = value else { return Err(self.wrong("lists, or texts")) };
                out.extend(items.iter().cloned());
            }
            return Ok(Value::List(out));
        }
        Ok(Value::from(self.texts(values)?.concat()))
    }

    /// `{0}` is the first argument; a brace is written twice to stand for itself.
    fn format(&self, values: &[Value]) -> Found<Value> {
        let texts = self.texts(values)?;
        let (pattern, arguments) =
            texts.split_first().ok_or_else(|| self.wrong("a text and what goes into it"))?;
        let (mut out, mut rest) = (String::new(), pattern.as_str());
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let (brace, behind) = rest[at..].split_at(1);
            if let Some(behind) = behind.strip_prefix(brace) {
                out.push_str(brace);
                rest = behind;
                continue;
            }
            let end = behind.find('}').filter(|_| brace == "{");
            let argument = end.and_then(|end| arguments.get(behind[..end].parse::<usize>().ok()?));
            match (end, argument) {
                (Some(end), Some(argument)) => {
                    out.push_str(argument);
                    rest = &behind[end + 1..];
                }
                _ => return Err(self.wrong("places like `{0}`, one for each further argument")),
            }
        }
        out.push_str(rest);
        Ok(Value::from(out))
    }

    fn group(&self) -> Found<Value> {
        let evaluator = self.evaluator;
        let id = evaluator.group_id(self.at)?;
        let name = id.rsplit('/').next().unwrap_or_default().to_owned();
        let mut out = Entries::new();
        out.insert("id", Value::from(id));
        out.insert("name", Value::from(name));
        Ok(Value::Map(out))
    }

    fn subscription(&self) -> Found<Value> {
        let id = self.evaluator.subscription(self.at)?;
        let mut out = Entries::new();
        out.insert("id", Value::from(format!("/subscriptions/{id}")));
        out.insert("subscriptionId", Value::from(id.to_owned()));
        Ok(Value::Map(out))
    }

    /// In front of the type may stand a group, or a subscription and a group.
    fn resource_id(&self, values: &[Value]) -> Found<Value> {
        let texts = self.texts(values)?;
        let at = texts.iter().position(|text| text.contains('/') && !text.starts_with('/'));
        let at = at.ok_or_else(|| self.wrong("a type and a name for each part of it"))?;
        let scope = match &texts[..at] {
            [] => self.evaluator.group_id(self.at)?,
            [group] => {
                let subscription = self.evaluator.subscription(self.at)?;
                format!("/subscriptions/{subscription}/resourceGroups/{group}")
            }
            [subscription, group] => {
                format!("/subscriptions/{subscription}/resourceGroups/{group}")
            }
            _ => return Err(self.wrong("at most a subscription and a group in front of the type")),
        };
        self.id(&scope, &texts[at..])
    }

    fn id(&self, scope: &str, texts: &[String]) -> Found<Value> {
        let parts = texts.split_first();
        let id = parts.and_then(|(wire, names)| {
            let names: Vec<&str> = names.iter().flat_map(|name| name.split('/')).collect();
            super::resources::id(scope, wire, &names)
        });
        id.map(Value::from).ok_or_else(|| self.wrong("a type and a name for each part of it"))
    }

    /// What a resource of the template is once it is deployed.
    fn reference(&self, values: &[Value]) -> Found<Got> {
        let name =
            values.first().and_then(Value::as_str).ok_or_else(|| self.wrong("a resource"))?;
        let full =
            values.last().and_then(Value::as_str).is_some_and(|v| v.eq_ignore_ascii_case("Full"));
        match super::resources::find(&self.evaluator.declared, name) {
            Some(resource) => {
                Ok(Got::Reference { id: resource.id.clone(), full, path: Vec::new() })
            }
            None => {
                let what = format!("the template declares no resource `{name}`");
                Err(self.evaluator.file.wrong("template-unknown-name", what, self.at).help(
                    "a preview knows what a template declares, and not what others made: pass the value as a parameter",
                ))
            }
        }
    }
}
