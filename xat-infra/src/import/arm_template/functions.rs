//! The functions of template expressions that are read.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::eval::{Evaluator, Found, Got};
use super::expr::Expr;
use super::world::Level;
use crate::diagnostic::Diagnostic;
use crate::value::{Entries, Value};

/// The functions that are read, by name.
pub const FUNCTIONS: &[&str] = &[
    "base64",
    "concat",
    "extensionResourceId",
    "format",
    "parameters",
    "reference",
    "resourceGroup",
    "resourceId",
    "subscription",
    "subscriptionResourceId",
    "tenantResourceId",
    "toLower",
    "toUpper",
    "uriComponent",
    "variables",
];

/// Calls a function. `at`: where the text starts; `name_at`: where the call does.
pub(super) fn call(
    evaluator: &Evaluator<'_, '_>,
    name: &str,
    arguments: &[Expr],
    at: usize,
    name_at: usize,
) -> Found<Got> {
    let call = Call { evaluator, name, at: name_at };
    if !FUNCTIONS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        let what = format!("the function `{name}` is not read");
        return Err(evaluator
            .wrong("template-unsupported", what, name_at)
            .help(format!("the functions that are read: {}", FUNCTIONS.join(", "))));
    }
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let got = evaluator.expr(argument, at)?;
        values.push(evaluator.settle(got, at)?);
    }
    // What is made of a secret is one.
    let made_of_text = ["base64", "concat", "format", "tolower", "toupper", "uricomponent"];
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
        "uricomponent" => Value::from(encoded(call.literal(&values)?)),
        "base64" => Value::from(STANDARD.encode(call.literal(&values)?)),
        "resourcegroup" => call.group()?,
        "subscription" => call.subscription()?,
        "resourceid" => call.resource_id(&values)?,
        "subscriptionresourceid" => {
            let scope = format!("/subscriptions/{}", evaluator.subscription(name_at)?);
            call.id(&scope, &call.texts(&values)?)?
        }
        "tenantresourceid" => call.id("", &call.texts(&values)?)?,
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

impl Evaluator<'_, '_> {
    /// The subscription that the template is deployed to.
    pub(super) fn subscription(&self, at: usize) -> Found<&str> {
        self.said(self.template().to.subscription.as_deref(), "subscription", at)
    }

    /// The ID of the group that the template is deployed to.
    pub(super) fn group_id(&self, at: usize) -> Found<String> {
        let to = &self.template().to;
        if self.template().level == Level::Subscription {
            let what = "a template that is deployed to a subscription is in no group";
            return Err(self
                .wrong("template-malformed", what.to_owned(), at)
                .help("name the group, or put this into a deployment to a group"));
        }
        let group = self.said(to.group.as_deref(), "group", at)?;
        Ok(format!("/subscriptions/{}/resourceGroups/{group}", self.subscription(at)?))
    }

    /// The ID of what the template is deployed to.
    pub(super) fn scope_id(&self, at: usize) -> Found<String> {
        match self.template().level {
            Level::Group => self.group_id(at),
            Level::Subscription => Ok(format!("/subscriptions/{}", self.subscription(at)?)),
        }
    }

    pub(super) fn said<'v>(&self, value: Option<&'v str>, what: &str, at: usize) -> Found<&'v str> {
        value.ok_or_else(|| {
            let told = format!("the {what} that the template is deployed to is needed here");
            self.wrong("template-missing-value", told, at).help(format!("say it with --{what}"))
        })
    }
}

struct Call<'c> {
    evaluator: &'c Evaluator<'c, 'c>,
    name: &'c str,
    at: usize,
}

impl Call<'_> {
    fn wrong(&self, wanted: &str) -> Diagnostic {
        let what = format!("`{}` takes {wanted}", self.name);
        self.evaluator.wrong("template-malformed", what, self.at).help(
            "the functions: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions",
        )
    }

    fn only<'v>(&self, values: &'v [Value]) -> Found<&'v str> {
        match values {
            [value] => value.as_str().ok_or_else(|| self.wrong("one text")),
            _ => Err(self.wrong("one text")),
        }
    }

    /// One text without what only a deployed resource knows: what is made of its letters is not known before.
    fn literal<'v>(&self, values: &'v [Value]) -> Found<&'v str> {
        let text = self.only(values)?;
        match text.contains('\u{1}') {
            false => Ok(text),
            true => Err(self.wrong("a text that is known before anything is deployed")),
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

    /// In front of the type may stand a group, or a subscription and a group; where the template goes to a subscription, at
    /// most that.
    fn resource_id(&self, values: &[Value]) -> Found<Value> {
        let texts = self.texts(values)?;
        let at = texts.iter().position(|text| text.contains('/') && !text.starts_with('/'));
        let at = at.ok_or_else(|| self.wrong("a type and a name for each part of it"))?;
        let level = self.evaluator.template().level;
        let scope = match (&texts[..at], level) {
            ([], _) => self.evaluator.scope_id(self.at)?,
            ([subscription], Level::Subscription) => format!("/subscriptions/{subscription}"),
            ([group], Level::Group) => {
                let subscription = self.evaluator.subscription(self.at)?;
                format!("/subscriptions/{subscription}/resourceGroups/{group}")
            }
            ([subscription, group], Level::Group) => {
                format!("/subscriptions/{subscription}/resourceGroups/{group}")
            }
            (_, Level::Group) => {
                return Err(self.wrong("at most a subscription and a group in front of the type"));
            }
            // <https://github.com/Azure/bicep/issues/3619>
            (_, Level::Subscription) => {
                return Err(self.wrong(
                    "at most a subscription in front of the type, where the template is deployed to one",
                ));
            }
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

    /// What a resource of the file is once it is deployed. One of another template is read by its ID and API version.
    fn reference(&self, values: &[Value]) -> Found<Got> {
        let name =
            values.first().and_then(Value::as_str).ok_or_else(|| self.wrong("a resource"))?;
        let full =
            values.last().and_then(Value::as_str).is_some_and(|v| v.eq_ignore_ascii_case("Full"));
        let world = self.evaluator.world;
        if let Some(of) = world.find(name, self.evaluator.at) {
            return Ok(Got::Reference { of, full, path: Vec::new() });
        }
        match world.with_id(name) {
            Some(of) if values.len() > 1 => Ok(Got::Reference { of, full, path: Vec::new() }),
            Some(_) => Err(self.wrong("an API version where another template makes the resource")),
            None => {
                let what = format!("the template declares no resource `{name}`");
                Err(self.evaluator.wrong("template-unknown-name", what, self.at).help(
                    "a preview knows what a template declares, and not what others made: pass the value as a parameter",
                ))
            }
        }
    }
}

/// Text as part of a URL: all is escaped but what RFC 3986 leaves unreserved.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_as_others_do() {
        assert_eq!(encoded("a b/ü~"), "a%20b%2F%C3%BC~");
    }
}
