//! Taking the facts that the catalogue uses out of the providers' own schemas.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value as Json, json};
use xat_infra::azure::TYPES;
use xat_infra::catalog;

/// The facts of every Terraform resource of one provider that the catalogue writes, and the ones that there is no schema of.
///
/// # Errors
/// A schema cannot be read.
pub fn terraform(folder: &Path, provider: &str) -> Result<(Json, Vec<String>), String> {
    let names = resources(provider);
    let (mut out, mut missing) = (Map::new(), Vec::new());
    for name in names {
        let path = folder.join(format!("{name}.json"));
        if !path.exists() {
            missing.push(name.to_owned());
            continue;
        }
        let mut facts = block(&read(&path)?["block"]);
        for (_, path) in DESCRIBED.iter().filter(|(of, _)| *of == name) {
            described(&mut facts, path);
        }
        out.insert(name.to_owned(), facts);
    }
    Ok((Json::Object(out), missing))
}

/// The Terraform resources of a provider that the catalogue writes.
fn resources(provider: &str) -> BTreeSet<&'static str> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let types = catalog::types().into_iter().map(|registered| (registered.ty)());
    for ty in types.filter(|ty| ty.provider.terraform.name == provider) {
        names.insert(ty.terraform);
        names.extend(ty.tf_parts.iter().map(|part| part.resource));
    }
    names.remove("");
    names
}

/// What azurerm asks of several arguments of a resource at once: `[rule, argument, [other, ..]]`, each by its path through
/// blocks.
///
/// # Errors
/// The flags cannot be read.
pub fn rules(path: &Path) -> Result<Json, String> {
    let flags = read(path)?;
    let of = |resource: &&str| {
        let asked = entries(&flags[*resource]).flat_map(|(argument, flags)| {
            RULES.iter().filter_map(move |rule| {
                let others = flags[*rule].as_array()?.iter().filter_map(Json::as_str);
                // Blocks in between are lists of one.
                let others: Vec<String> = others.map(|other| other.replace(".0.", ".")).collect();
                Some(json!([rule, argument, others]))
            })
        });
        asked.collect::<Vec<Json>>()
    };
    let all = resources("azurerm");
    let asked = all.iter().map(|resource| ((*resource).to_owned(), Json::from(of(resource))));
    Ok(Json::Object(asked.filter(|(_, rules)| rules != &json!([])).collect()))
}

const RULES: [&str; 3] = ["conflicts_with", "exactly_one_of", "required_with"];

/// Where there is an argument `description`, by resource and block: the schemas at hand took the word for prose and lost it. Each is in
/// the section "Arguments" of the resource's page
/// (<https://github.com/hashicorp/terraform-provider-azurerm/tree/main/website/docs/r>).
const DESCRIBED: &[(&str, &[&str])] = &[
    ("azurerm_application_insights_standard_web_test", &[]),
    ("azurerm_container_app", &["ingress", "ip_security_restriction"]),
    ("azurerm_linux_web_app", &["site_config", "ip_restriction"]),
    ("azurerm_linux_web_app", &["site_config", "scm_ip_restriction"]),
    ("azurerm_linux_web_app_slot", &["site_config", "ip_restriction"]),
    ("azurerm_linux_web_app_slot", &["site_config", "scm_ip_restriction"]),
    ("azurerm_monitor_activity_log_alert", &[]),
    ("azurerm_monitor_metric_alert", &[]),
    ("azurerm_monitor_scheduled_query_rules_alert_v2", &[]),
    ("azurerm_network_security_group", &["security_rule"]),
    ("azurerm_network_security_rule", &[]),
    ("azurerm_role_assignment", &[]),
];

/// Puts the argument `description` into a block, or into the objects of an attribute.
fn described(facts: &mut Json, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else {
        facts["a"]["description"] = json!(["string", "o"]);
        return;
    };
    if facts["b"][*first].is_array() {
        described(&mut facts["b"][*first][3], rest);
    } else {
        facts["a"][*first][0][1][1]["description"] = json!("string");
    }
}

fn read(path: &Path) -> Result<Json, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

fn block(schema: &Json) -> Json {
    let attributes: Map<String, Json> = entries(&schema["attributes"])
        .map(|(name, fact)| {
            let flag = |key: &str, letter: char| (fact[key] == true).then_some(letter);
            let flags: String = [
                flag("required", 'r'),
                flag("optional", 'o'),
                flag("computed", 'c'),
                flag("deprecated", 'd'),
                flag("sensitive", 's'),
                flag("write_only", 'w'),
            ]
            .into_iter()
            .flatten()
            .collect();
            (name.clone(), json!([fact["type"], flags]))
        })
        .collect();
    let blocks: Map<String, Json> = entries(&schema["block_types"])
        .filter(|(name, _)| *name != "timeouts")
        .map(|(name, fact)| {
            let count = |key: &str| fact[key].as_u64().unwrap_or(0);
            let inner = block(&fact["block"]);
            (
                name.clone(),
                json!([fact["nesting_mode"], count("min_items"), count("max_items"), inner]),
            )
        })
        .collect();
    let mut out = json!({"a": attributes});
    if !blocks.is_empty() {
        out["b"] = Json::Object(blocks);
    }
    out
}

fn entries(json: &Json) -> impl Iterator<Item = (&String, &Json)> {
    json.as_object().into_iter().flatten()
}

/// The facts of every ARM type that the catalogue writes, in its own API version or else the newest stable one.
///
/// # Errors
/// A schema cannot be read.
pub fn arm(folder: &Path) -> Result<(Json, Vec<String>), String> {
    let mut wanted: BTreeMap<String, &str> = BTreeMap::new();
    for registered in TYPES {
        let ty = (registered.ty)();
        wanted.insert(ty.wire.to_owned(), ty.api);
        for part in ty.parts {
            wanted.insert(part.wire.to_owned(), ty.api);
        }
    }
    wanted.remove("raw");
    let (mut out, mut missing) = (Map::new(), Vec::new());
    for (wire, api) in wanted {
        let path = folder.join(format!("{}.json", wire.replace('/', "_")));
        if !path.exists() {
            missing.push(wire);
            continue;
        }
        let mut schema = read(&path)?;
        let twin = TWINS.iter().find(|(of, _)| *of == wire);
        if let (Some((_, twin)), false) = (twin, schema["versions"][api].is_object()) {
            let other = read(&folder.join(format!("{}.json", twin.replace('/', "_"))))?;
            schema["versions"][api] = other["versions"][api].clone();
        }
        let versions = &schema["versions"];
        let newest = schema["newest_stable"].as_str().unwrap_or_default();
        let version = if versions[api].is_object() { api } else { newest };
        let facts = &versions[version];
        let root = facts["root"].as_str().unwrap_or_default();
        let mut defs = BTreeMap::new();
        reach(&facts["defs"], root, &mut defs);
        out.insert(wire, json!({"api": version, "root": root, "defs": defs}));
    }
    Ok((Json::Object(out), missing))
}

/// Types whose bodies the provider's specification defines by the same model: where there is no schema of the version that the
/// first is written in, the second's says the same.
const TWINS: [(&str, &str); 1] = [("Microsoft.Web/sites/slots", "Microsoft.Web/sites")];

/// Takes up a definition and what can be written through it.
fn reach(all: &Json, name: &str, out: &mut BTreeMap<String, Json>) {
    if out.contains_key(name) || all[name].is_null() {
        return;
    }
    let mut def = all[name].clone();
    // What is read-only is known to be so; what it is made of does not matter.
    if let Some(props) = def["props"].as_object_mut() {
        for fact in props.values_mut() {
            if has_flag(fact, "readOnly") {
                *fact = json!({"t": "any", "flags": ["readOnly"]});
            }
        }
    }
    out.insert(name.to_owned(), def.clone());
    references(&def, &mut |name| reach(all, name, out));
}

fn references(json: &Json, see: &mut dyn FnMut(&str)) {
    match json {
        Json::Object(map) => {
            if let Some(name) = map.get("ref").and_then(Json::as_str) {
                see(name);
            }
            map.values().for_each(|value| references(value, see));
        }
        Json::Array(items) => items.iter().for_each(|item| references(item, see)),
        _ => {}
    }
}

/// Whether a fact has a flag.
pub fn has_flag(fact: &Json, flag: &str) -> bool {
    fact["flags"].as_array().is_some_and(|flags| flags.iter().any(|f| f == flag))
}
