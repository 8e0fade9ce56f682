//! ARM templates: what they declare, as Rust and as a preview, and everything that can be wrong with them.

use std::path::Path;

use xat_infra::azure::TYPES;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::import::arm_template::{self, Deployment};
use xat_infra::import::{self, Body, Imported, Options};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action};
use xat_infra::state::State;
use xat_infra::value::Value;
use xat_infra::{graph, report};

use crate::snapshots;

const SHOP: &str = include_str!("../../data/shop.template.json");
const CANARY: &str = "canary-7d1f";

pub(crate) fn deployment() -> Deployment {
    Deployment {
        subscription: Some("5a1e0000-0000-4000-8000-000000000001".into()),
        group: Some("shop-rg".into()),
        location: Some("westeurope".into()),
        tenant: Some("5a1e0000-0000-4000-8000-000000000002".into()),
        parameters: vec![("retention".into(), "30".into())],
        files: Vec::new(),
    }
}

pub(crate) fn read(text: &str, deployment: &Deployment) -> Result<Vec<Body>, Vec<Diagnostic>> {
    arm_template::bodies("shop.json", text, deployment, TYPES)
}

fn imported(text: &str) -> Imported {
    let bodies = read(text, &deployment()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let options = Options { name: "shop".into(), from: "shop.json".into() };
    import::import_bodies(bodies, TYPES, &options).unwrap()
}

#[test]
fn a_template_reads_as_a_person_would_write_it() {
    let imported = imported(SHOP);
    let notes: String = imported.notes.iter().map(|note| format!("- {note}\n")).collect();
    assert!(!imported.source.contains(CANARY) && !notes.contains(CANARY));
    snapshots::check("import", "template", &format!("{}\n{notes}", imported.source));
}

/// What is live after the template was deployed, as services answer: with more than was sent, and in other spellings.
fn deployed() -> Estate {
    let group =
        "/subscriptions/5a1e0000-0000-4000-8000-000000000001/resourceGroups/shop-rg/providers";
    let body = |id: &str, rest: serde_json::Value| {
        let mut body = serde_json::json!({"id": format!("{group}/{id}")});
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        body
    };
    let bodies = serde_json::json!([
        body(
            "Microsoft.Network/virtualNetworks/shop-net",
            serde_json::json!({
                "location": "westeurope", "etag": "W/1",
                "properties": {"addressSpace": {"addressPrefixes": ["10.40.0.0/16"]}, "subnets": []},
            })
        ),
        body(
            "Microsoft.Network/virtualNetworks/shop-net/subnets/machines",
            serde_json::json!({
                "properties": {"addressPrefixes": ["10.40.1.0/24"], "delegations": [],
                    "privateEndpointNetworkPolicies": "Disabled"},
            })
        ),
        body(
            "Microsoft.KeyVault/vaults/shop-kv",
            serde_json::json!({
                "location": "West Europe",
                "properties": {"tenantId": "5A1E0000-0000-4000-8000-000000000002", "sku": {"name": "Standard", "family": "A"},
                    "enableRbacAuthorization": true, "softDeleteRetentionInDays": 7,
                    "vaultUri": "https://shop-kv.vault.azure.net/"},
            })
        ),
        body(
            "Microsoft.ManagedIdentity/userAssignedIdentities/shop-id",
            serde_json::json!({
                "location": "westeurope", "properties": {"principalId": "0b0b0000-0000-4000-8000-000000000009"},
            })
        ),
    ]);
    Estate::from_text("live.json", bodies.to_string()).unwrap()
}

#[test]
fn a_template_previews_without_noise() {
    let bodies = read(SHOP, &deployment()).unwrap();
    let (stack, notes) = import::stack(bodies, TYPES, "shop");
    assert_eq!(notes, Vec::<String>::new());
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let plan = plan::plan(&graph, &deployed(), &State::empty(), &plan::Options::default()).unwrap();
    let mut of_vault = plan.steps.iter().filter(|step| step.key == "shop-kv");
    let vault = of_vault.next().unwrap();
    assert_eq!(vault.changes.len(), 1, "{:#?}", vault.changes);
    let other = |key: &str| plan.steps.iter().find(|step| step.key == key).unwrap();
    assert_eq!(other("shop-net").action, Action::Adopt);
    assert_eq!(other("machines").action, Action::Adopt);
    assert_eq!(other("shop-cdn").action, Action::Create);
    // What it waits for is known from the template.
    assert!(other("shop-cdn").after.contains(&vault.id));
    let options = report::Options { width: 100, ..Default::default() };
    let mut shown = plan.clone();
    for step in &mut shown.steps {
        step.declared_at = None;
    }
    let text = report::to_text(&shown, &options);
    assert!(!text.contains(CANARY) && !report::to_json(&shown, &options).unwrap().contains(CANARY));
    snapshots::check("import", "template-plan", &text);
}

/// Symbolic names: resources stand in an object, and are referred to by their keys.
#[test]
fn symbolic_names_are_resolved() {
    let text = r#"{"languageVersion": "2.0", "resources": {
        "net": {"type": "Microsoft.Network/virtualNetworks", "apiVersion": "2025-05-01", "name": "n",
            "location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}},
        "there": {"existing": true, "type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": "kv"},
        "cdn": {"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "c", "dependsOn": ["net"],
            "condition": true, "tags": {"network": "[reference('net', '2025-05-01', 'Full').id]"}},
        "off": {"type": "Microsoft.Cdn/profiles", "apiVersion": "2024-02-01", "name": "d", "condition": false}
    }}"#;
    let bodies = read(text, &Deployment { parameters: Vec::new(), ..deployment() }).unwrap();
    let ids: Vec<&str> = bodies.iter().map(|body| body.id.rsplit('/').next().unwrap()).collect();
    assert_eq!(ids, ["n", "c"]);
    assert!(bodies[1].at.as_ref().is_some_and(|spot| spot.line == 5));
    let (stack, _) = import::stack(bodies, TYPES, "demo");
    let graph = graph::build(stack).unwrap();
    assert_eq!(graph.nodes[1].edges.len(), 1);
}

/// Templates inside a template: what goes down as parameters and comes up as outputs, in whose words each is written, where
/// it is deployed, and what waits for it.
#[test]
fn templates_inside_a_template_are_opened() {
    const NESTED: &str = include_str!("../../data/nested.template.json");
    let deployment = Deployment {
        group: None,
        location: None,
        parameters: vec![("prefix".into(), "shop".into()), ("token".into(), CANARY.into())],
        ..deployment()
    };
    let read = arm_template::read("nested.json", NESTED, &deployment, TYPES)
        .unwrap_or_else(|problems| panic!("{problems:#?}"));
    let names = |bodies: &[Body]| -> Vec<String> {
        bodies.iter().map(|body| body.id.rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&read.bodies), ["shop-rg", "shop-kv", "token", "shop-cdn"]);
    assert_eq!(names(&read.deployments), ["vault", "secret", "front"]);
    let body = |name: &str| read.bodies.iter().find(|body| body.id.ends_with(name)).unwrap();
    let text = |name: &str, path: &[&str]| {
        body(name).value.at(path).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    let subscription = "/subscriptions/5a1e0000-0000-4000-8000-000000000001";
    assert_eq!(
        body("/token").id,
        format!(
            "{subscription}/resourceGroups/shop-rg/providers/Microsoft.KeyVault/vaults/shop-kv/secrets/token"
        )
    );
    assert_eq!(text("/shop-kv", &["location"]), "westeurope");
    assert_eq!(text("/shop-kv", &["tags", "owner"]), "inner");
    assert_eq!(text("/shop-kv", &["tags", "note"]), "[plain]");
    assert_eq!(text("/shop-cdn", &["tags", "owner"]), "platform");
    assert_eq!(text("/shop-cdn", &["tags", "scope"]), subscription);
    assert_eq!(text("/shop-cdn", &["tags", "name"]), "shop-kv");
    let waits = |name: &str| -> Vec<String> {
        let json = xat_infra::value::to_json_lossy(&body(name).value, &|text| {
            text.literal().unwrap_or_default().into()
        });
        let waits = json["dependsOn"].as_array().unwrap().iter();
        waits.map(|id| id.as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(waits("/shop-kv"), ["shop-rg"]);
    assert_eq!(waits("/token"), ["shop-rg", "shop-kv"]);
    assert_eq!(waits("/shop-cdn"), ["shop-kv", "token"]);

    // The secret keeps its first name, and the output of a template inside is one of the resource.
    let (stack, notes) = import::stack(read.bodies, TYPES, "shop");
    assert_eq!(notes, Vec::<String>::new());
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let empty = Estate::empty();
    let plan = plan::plan(&graph, &empty, &State::empty(), &plan::Options::default()).unwrap();
    let shown = report::to_json(&plan, &report::Options::default()).unwrap();
    assert!(!shown.contains(CANARY));
    let at = |key: &str| plan.steps.iter().find(|step| step.key == key).unwrap();
    assert!(at("shop-cdn").after.contains(&at("shop-kv").id));
    let token = graph.nodes.iter().find(|node| node.key == "token").unwrap();
    let secrets: Vec<String> = token
        .fields
        .iter()
        .filter_map(|field| match &field.value {
            Value::Secret(secret) => Some(secret.sources()),
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(secrets, ["supplied `token`"]);
}

/// Every template that was recorded imports, or names what in it is outside the subset.
#[test]
fn recorded_templates_import_or_say_why_not() {
    let Some(folder) = std::env::var_os("XAT_RECORDINGS") else {
        println!("skipped: XAT_RECORDINGS does not say where the recorded exchanges are");
        return;
    };
    let pairs = Path::new(&folder).join("azure/Microsoft.Resources_deployments/pairs.jsonl");
    let text = std::fs::read_to_string(pairs).unwrap();
    let (mut read_whole, mut refused, mut none) = (0, 0, 0);
    for line in text.lines() {
        let pair: serde_json::Value = serde_json::from_str(line).unwrap();
        let request = &pair["put_request_body"]["properties"];
        if !request["template"].is_object() {
            none += 1;
            continue;
        }
        let deployment = Deployment {
            files: vec![("parameters.json".into(), request["parameters"].to_string())],
            parameters: Vec::new(),
            ..deployment()
        };
        let template = serde_json::to_string_pretty(&request["template"]).unwrap();
        match read(&template, &deployment) {
            Ok(bodies) => {
                let options = Options { name: "recorded".into(), from: "a template".into() };
                import::import_bodies(bodies.clone(), TYPES, &options).unwrap();
                let (stack, _) = import::stack(bodies, TYPES, "recorded");
                graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
                read_whole += 1;
            }
            Err(problems) => {
                for problem in &problems {
                    assert!(problem.spot().is_some_and(|spot| spot.line > 0), "{problem}");
                    assert!(
                        problem.code == "template-unsupported"
                            || problem.code == "template-unknown-name",
                        "{problem}"
                    );
                }
                refused += 1;
            }
        }
    }
    println!("{read_whole} templates imported, {refused} refused, {none} without a template");
    assert!(read_whole > 0 && refused > 0);
}
