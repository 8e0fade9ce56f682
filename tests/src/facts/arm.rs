//! Emitted ARM bodies against the types' definitions.

use serde_json::{Map, Value as Json, json};

use super::extract::has_flag;
use super::{Finding, is_expression, join};

/// What a resource in a template says beside its body.
const META: &[&str] = &["type", "apiVersion", "name", "scope", "dependsOn", "resourceGroup"];

/// Types whose bodies are defined by what another type has inside: type, the other, and the definition in it (its own where
/// none is named).
const ALIKE: [(&str, &str, &str); 6] = [
    ("Microsoft.Network/natGateways", "Microsoft.Network/publicIPAddresses", "NatGateway"),
    (
        "Microsoft.Network/networkSecurityGroups/securityRules",
        "Microsoft.Network/networkSecurityGroups",
        "SecurityRule",
    ),
    ("Microsoft.Network/routeTables", "Microsoft.Network/virtualNetworks/subnets", "RouteTable"),
    ("Microsoft.Network/routeTables/routes", "Microsoft.Network/virtualNetworks/subnets", "Route"),
    (
        "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        "Microsoft.Network/virtualNetworks",
        "VirtualNetworkPeering",
    ),
    ("Microsoft.Web/sites/slots/config", "Microsoft.Web/sites/config", ""),
];

/// The definitions of ARM types.
pub struct Facts(Map<String, Json>);

impl Facts {
    /// The facts that ship with the tests.
    pub fn shipped() -> Self {
        let mut all = Map::new();
        for text in
            [include_str!("../../facts/arm.json"), include_str!("../../facts/arm-source.json")]
        {
            if let Ok(Json::Object(map)) = serde_json::from_str(text) {
                all.extend(map.into_iter().filter(|(name, _)| name != "//"));
            }
        }
        for (kind, of, def) in ALIKE {
            let root =
                all[of]["defs"].as_object().into_iter().flatten().map(|(name, _)| name.clone());
            let root = match def {
                "" => all[of]["root"].as_str().map(str::to_owned),
                def => root.clone().find(|name| name.split('#').next() == Some(def)),
            };
            if let Some(root) = root {
                let mut facts = all[of].clone();
                // Inside another resource these are given by the service; alone they are said.
                for own in ["name", "type"] {
                    facts["defs"][&root]["props"][own] = json!({"t": "string"});
                }
                facts["root"] = Json::from(root);
                all.insert(kind.to_owned(), facts);
            }
        }
        Self(all)
    }

    /// What is wrong with a template and those nested in it, and which of its types there are no facts of.
    pub fn check_template(&self, template: &Json) -> (Vec<Finding>, Vec<String>) {
        let (mut found, mut unknown) = (Vec::new(), Vec::new());
        for resource in template["resources"].as_array().into_iter().flatten() {
            let kind = resource["type"].as_str().unwrap_or_default();
            let inner = &resource["properties"]["template"];
            if kind == "Microsoft.Resources/deployments" && inner.is_object() {
                let (more, others) = self.check_template(inner);
                found.extend(more);
                unknown.extend(others);
                continue;
            }
            let name = resource["name"].as_str().unwrap_or_default();
            match self.check_body(kind, resource, &format!("{kind} {name}")) {
                Some(more) => found.extend(more),
                None => unknown.push(kind.to_owned()),
            }
        }
        (found, unknown)
    }

    /// What is wrong with the body of a resource of this type; `None` where there are no facts of it.
    pub fn check_body(&self, kind: &str, body: &Json, path: &str) -> Option<Vec<Finding>> {
        let (_, facts) = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind))?;
        let root = facts["root"].as_str().unwrap_or_default();
        let mut found = Vec::new();
        let check = Check { defs: &facts["defs"], top: path };
        check.value(&facts["defs"][root], body, path, &mut found);
        Some(found)
    }
}

struct Check<'c> {
    defs: &'c Json,
    /// The path of the resource itself, whose envelope is not part of its body.
    top: &'c str,
}

impl Check<'_> {
    fn value(&self, fact: &Json, value: &Json, path: &str, found: &mut Vec<Finding>) {
        if value.is_null() || is_expression(value) && fact["t"] != "object" && fact["t"] != "ref" {
            return;
        }
        let wrong = |found: &mut Vec<Finding>, what: &str| {
            found.push(Finding::new(path, format!("is {value}, and should be {what}")));
        };
        match fact["t"].as_str().unwrap_or_default() {
            "ref" => {
                self.value(&self.defs[fact["ref"].as_str().unwrap_or_default()], value, path, found)
            }
            "string" if !value.is_string() => wrong(found, "text"),
            "bool" if !value.is_boolean() => wrong(found, "true or false"),
            // The definitions know one kind of number, with a fraction or without.
            "int" => match value.as_f64() {
                None => wrong(found, "a number"),
                Some(n) if fact["minValue"].as_f64().is_some_and(|least| n < least) => {
                    wrong(found, "more");
                }
                Some(n) if fact["maxValue"].as_f64().is_some_and(|most| n > most) => {
                    wrong(found, "less");
                }
                Some(_) => {}
            },
            // Services take members in any case, and many would take more; a template says them as they are defined.
            "enum" if !fact["values"].as_array().is_some_and(|all| all.contains(value)) => {
                wrong(found, &format!("one of {}", fact["values"]));
            }
            "literal" if fact["v"] != *value => wrong(found, &fact["v"].to_string()),
            "array" => match value.as_array() {
                Some(items) => {
                    for item in items {
                        self.value(&fact["items"], item, path, found);
                    }
                }
                None => wrong(found, "a list"),
            },
            "object" => self.object(fact, value, path, found),
            _ => {}
        }
    }

    fn object(&self, fact: &Json, value: &Json, path: &str, found: &mut Vec<Finding>) {
        let Some(entries) = value.as_object() else {
            if !is_expression(value) {
                found.push(Finding::new(path, format!("is {value}, and should be an object")));
            }
            return;
        };
        let variant = fact["discriminator"].as_str().and_then(|key| {
            // A child's name in a template has those of what holds it in front.
            let word = entries.get(key)?.as_str()?.rsplit('/').next()?;
            let variant = &fact["variants"][word];
            Some(match variant["ref"].as_str() {
                Some(name) => &self.defs[name],
                None => variant,
            })
        });
        let property = |key: &str| {
            let own = fact["props"].get(key);
            own.or_else(|| variant.and_then(|variant| variant["props"].get(key)))
        };
        for (key, inner) in entries {
            if path == self.top && META.contains(&key.as_str()) {
                continue;
            }
            let at = join(path, key);
            match property(key) {
                Some(fact) if has_flag(fact, "readOnly") => {
                    found.push(Finding::new(&at, "is read-only"));
                }
                Some(fact) => self.value(fact, inner, &at, found),
                None if fact["additional"].is_object() => {
                    self.value(&fact["additional"], inner, &at, found);
                }
                // A variant that is not known cannot be held against anything.
                None if fact["discriminator"].is_string() && variant.is_none() => {}
                None => found.push(Finding::new(&at, "there is no such property")),
            }
        }
        let props = |fact: &Json| fact["props"].as_object().cloned().unwrap_or_default();
        let own = props(fact).into_iter().chain(variant.map(props).unwrap_or_default());
        for (key, inner) in own {
            let said = entries.get(&key).is_some_and(|value| !value.is_null());
            let envelope = path == self.top && META.contains(&key.as_str());
            if has_flag(&inner, "required") && !said && !envelope {
                found.push(Finding::new(&join(path, &key), "is required"));
            }
        }
    }
}
