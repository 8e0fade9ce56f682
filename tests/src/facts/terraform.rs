//! Emitted Terraform resources against the providers' schemas.

use serde_json::{Map, Value as Json};

use super::{Finding, arm, is_expression, join};

/// What a module's resources may say beside their arguments.
const META: &[&str] = &["depends_on", "lifecycle", "provider", "count", "for_each", "provisioner"];

/// The schemas of a provider's resources, and what it asks of several arguments at once.
pub struct Facts {
    resources: Map<String, Json>,
    rules: Json,
}

impl Facts {
    /// The facts that ship with the tests.
    pub fn shipped() -> Self {
        let mut all = Map::new();
        for text in [
            include_str!("../../facts/azurerm.json"),
            include_str!("../../facts/azurerm-source.json"),
            include_str!("../../facts/google.json"),
            include_str!("../../facts/google-source.json"),
        ] {
            if let Ok(Json::Object(map)) = serde_json::from_str(text) {
                all.extend(map.into_iter().filter(|(name, _)| name != "//"));
            }
        }
        let rules = serde_json::from_str(include_str!("../../facts/azurerm-rules.json"));
        Self { resources: all, rules: rules.unwrap_or_default() }
    }

    /// The facts of a resource: `{"a": {name: [type, flags]}, "b": {name: [nesting, least, most, facts]}}`.
    pub fn resource(&self, name: &str) -> Option<&Json> {
        self.resources.get(name)
    }

    /// What is wrong with a module, and which of its resources there are no facts of.
    ///
    /// What the raw provider is to write is held against the definitions of ARM's types.
    pub fn check_module(&self, module: &Json, arm: &arm::Facts) -> (Vec<Finding>, Vec<String>) {
        let (mut found, mut unknown) = (Vec::new(), Vec::new());
        for (resource, labels) in module["resource"].as_object().into_iter().flatten() {
            let Some(facts) = self.resources.get(resource) else {
                unknown.push(resource.clone());
                continue;
            };
            for (label, body) in labels.as_object().into_iter().flatten() {
                let body = &resolved(body, &module["locals"]);
                let path = format!("{resource}.{label}");
                self::body(facts, body, &path, true, &mut found);
                rules(&self.rules[resource], body, &path, &mut found);
                if resource == "azapi_resource" {
                    let (kind, whole) = raw(body);
                    match arm.check_body(&kind, &whole, &path) {
                        Some(more) => found.extend(more),
                        None => unknown.push(kind),
                    }
                }
            }
        }
        (found, unknown)
    }
}

/// A value with the local values that it names in their places.
fn resolved(value: &Json, locals: &Json) -> Json {
    let local = |text: &str| {
        let name = text.strip_prefix("${local.")?.strip_suffix('}')?;
        locals.get(name).cloned()
    };
    match value {
        Json::String(text) => local(text).unwrap_or_else(|| value.clone()),
        Json::Array(items) => items.iter().map(|item| resolved(item, locals)).collect(),
        Json::Object(map) => {
            map.iter().map(|(key, value)| (key.clone(), resolved(value, locals))).collect()
        }
        other => other.clone(),
    }
}

/// The type and the REST body that a resource of the raw provider writes.
fn raw(resource: &Json) -> (String, Json) {
    let kind = resource["type"].as_str().unwrap_or_default();
    let kind = kind.split('@').next().unwrap_or_default().to_owned();
    let mut whole = resource["body"].clone();
    lay(&mut whole, &resource["sensitive_body"]);
    for own in ["name", "location", "tags"] {
        if !resource[own].is_null() {
            whole[own] = resource[own].clone();
        }
    }
    (kind, whole)
}

fn lay(under: &mut Json, over: &Json) {
    match (under, over) {
        (_, Json::Null) => {}
        (Json::Object(under), Json::Object(over)) => {
            for (key, value) in over {
                lay(under.entry(key.clone()).or_insert(Json::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

/// A body against a schema: `{"a": {name: [type, flags]}, "b": {name: [nesting, least, most, schema]}}`.
fn body(facts: &Json, body: &Json, path: &str, top: bool, found: &mut Vec<Finding>) {
    let Some(entries) = body.as_object() else {
        return found.push(Finding::new(path, "is not an object"));
    };
    let empty = Map::new();
    let attributes = facts["a"].as_object().unwrap_or(&empty);
    let blocks = facts["b"].as_object().unwrap_or(&empty);
    for (key, value) in entries {
        if top && META.contains(&key.as_str()) {
            continue;
        }
        let path = join(path, key);
        if let Some(fact) = attributes.get(key) {
            attribute(fact, value, &path, found);
        } else if let Some(fact) = blocks.get(key) {
            nested(fact, value, &path, found);
        } else {
            found.push(Finding::new(&path, "there is no such argument"));
        }
    }
    let missing = |key: &String| entries.get(key).is_none_or(Json::is_null);
    for (key, _) in attributes.iter().filter(|(_, fact)| has(fact, 'r')) {
        if missing(key) {
            found.push(Finding::new(&join(path, key), "is required"));
        }
    }
    for (key, fact) in blocks {
        if missing(key) && fact[1].as_u64().unwrap_or(0) > 0 {
            found.push(Finding::new(&join(path, key), "a block is required"));
        }
    }
}

/// What is asked of several arguments at once: `[rule, argument, [other, ..]]`.
fn rules(rules: &Json, body: &Json, path: &str, found: &mut Vec<Finding>) {
    for rule in rules.as_array().into_iter().flatten() {
        let argument = rule[1].as_str().unwrap_or_default();
        let others: Vec<&str> =
            rule[2].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let own = says(body, argument);
        let wrong = match rule[0].as_str() {
            Some("conflicts_with") => own && others.iter().any(|other| says(body, other)),
            Some("required_with") => own && !others.iter().all(|other| says(body, other)),
            Some("exactly_one_of") => {
                let holder = argument.rsplit_once('.').is_none_or(|(holder, _)| says(body, holder));
                holder && others.iter().filter(|other| says(body, other)).count() != 1
            }
            _ => true,
        };
        if wrong {
            let what = format!("{} {}", rule[0].as_str().unwrap_or_default(), others.join(", "));
            found.push(Finding::new(&join(path, argument), what));
        }
    }
}

/// Whether something stands at a path, in any of the blocks on the way.
fn says(value: &Json, path: &str) -> bool {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    match value {
        Json::Array(items) => items.iter().any(|item| says(item, path)),
        value => match (&value[first], rest) {
            (Json::Null, _) => false,
            (_, "") => true,
            (inner, rest) => says(inner, rest),
        },
    }
}

fn has(fact: &Json, flag: char) -> bool {
    fact[1].as_str().is_some_and(|flags| flags.contains(flag))
}

fn attribute(fact: &Json, value: &Json, path: &str, found: &mut Vec<Finding>) {
    if has(fact, 'c') && !has(fact, 'o') && !has(fact, 'r') {
        found.push(Finding::new(path, "is read-only"));
    }
    if has(fact, 'd') {
        found.push(Finding::new(path, "is deprecated"));
    }
    let sensitive =
        value.as_str().is_some_and(|text| text.contains("${var.") || text.contains("ephemeral."));
    if sensitive && !has(fact, 'w') && !path.ends_with("_wo_version") {
        found.push(Finding::new(path, "a secret at an argument that Terraform keeps"));
    }
    fits(&fact[0], value, path, found);
}

fn fits(kind: &Json, value: &Json, path: &str, found: &mut Vec<Finding>) {
    if value.is_null() || is_expression(value) && kind.is_string() {
        return;
    }
    let wrong = |found: &mut Vec<Finding>| {
        found.push(Finding::new(path, format!("is {value}, and should be {kind}")));
    };
    match (kind.as_str(), kind[0].as_str()) {
        (Some("string"), _) if value.is_string() => {}
        (Some("number"), _) if value.is_number() => {}
        (Some("bool"), _) if value.is_boolean() => {}
        (Some("dynamic"), _) => {}
        (None, Some("list" | "set")) => match value.as_array() {
            Some(items) => items.iter().for_each(|item| fits(&kind[1], item, path, found)),
            None => wrong(found),
        },
        (None, Some("map")) => match value.as_object() {
            Some(map) => map.values().for_each(|item| fits(&kind[1], item, path, found)),
            None => wrong(found),
        },
        (None, Some("object")) => match value.as_object() {
            Some(map) => {
                for key in kind[1].as_object().into_iter().flatten().map(|(key, _)| key) {
                    if !map.contains_key(key) {
                        found.push(Finding::new(
                            &join(path, key),
                            "an object says every key, be it null",
                        ));
                    }
                }
                for (key, item) in map {
                    match kind[1].get(key) {
                        Some(kind) => fits(kind, item, &join(path, key), found),
                        None => {
                            found.push(Finding::new(&join(path, key), "there is no such argument"))
                        }
                    }
                }
            }
            None => wrong(found),
        },
        _ => wrong(found),
    }
}

fn nested(fact: &Json, value: &Json, path: &str, found: &mut Vec<Finding>) {
    let one;
    let items = match value {
        Json::Array(items) => items,
        value => {
            one = vec![value.clone()];
            &one
        }
    };
    let most = fact[2].as_u64().unwrap_or(0);
    if fact[0] == "single" && items.len() > 1 || most > 0 && items.len() as u64 > most {
        found.push(Finding::new(path, format!("{} blocks, and {most} at most", items.len())));
    }
    if (items.len() as u64) < fact[1].as_u64().unwrap_or(0) {
        found.push(Finding::new(path, "too few blocks"));
    }
    for item in items {
        body(&fact[3], item, path, false, found);
    }
}
