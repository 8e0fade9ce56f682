//! ARM templates as Azure takes them: limits, order among siblings, what repeats.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use xat_infra::azure::prelude::*;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::arm;
use xat_infra::graph;
use xat_tests::readback;

use crate::emit_forms::{json as read, on_azure};

fn emitted(stack: Stack) -> Result<Json, Vec<Diagnostic>> {
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    Ok(read(&arm::emit(&graph)?[0]))
}

const SUBSCRIPTION: &str = "/subscriptions/5a1e0000-0000-4000-8000-000000000001";

fn blank() -> (Stack, Handle<ResourceGroup>) {
    let mut stack = Stack::new("shop").subscription("5a1e0000-0000-4000-8000-000000000001");
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    (stack, group)
}

/// The nested templates by the names of their deployments.
fn nested(template: &Json) -> Vec<(&str, &Json)> {
    let all = template["resources"].as_array().unwrap().iter();
    let nested = all.filter(|resource| resource["properties"]["template"].is_object());
    nested.map(|r| (r["name"].as_str().unwrap(), &r["properties"]["template"])).collect()
}

fn addresses(count: usize) -> Stack {
    let (mut stack, group) = blank();
    for at in 0..count {
        stack.add(PublicIpAddress::new(Name::new(format!("ip-{at}")), group));
    }
    stack
}

/// A group of more than a template can hold is deployed in parts, and nothing in them is lost.
#[test]
fn a_large_group_is_deployed_in_parts() {
    let whole = emitted(addresses(800)).unwrap();
    assert_eq!(nested(&whole).len(), 1);
    let template = emitted(addresses(1700)).unwrap();
    let parts = nested(&template);
    let sizes: Vec<usize> =
        parts.iter().map(|(_, part)| part["resources"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [800, 800, 100]);
    let graph = graph::build(addresses(1700)).unwrap_or_else(|p| panic!("{p:#?}"));
    let (said, stack) = (readback::of_arm(&graph, &template), readback::of_stack(&graph));
    assert_eq!(said.len(), stack.len());
    assert!(stack.iter().all(|(address, waits)| said[address].is_superset(waits)));
}

/// What Azure would refuse is refused here, and nothing is written.
#[test]
fn a_template_beyond_the_limits_is_refused() {
    let with_outputs = |count: usize| {
        let (mut stack, group) = blank();
        for at in 0..count {
            stack.output(format!("out_{at}"), group.name());
        }
        emitted(stack)
    };
    assert!(with_outputs(64).is_ok());
    let refused = with_outputs(65).unwrap_err();
    assert!(refused.iter().all(|d| d.code == "emit-limit"), "{refused:#?}");
    assert!(refused[0].message.contains("65 outputs"), "{}", refused[0].message);
    let (mut stack, group) = blank();
    let body = RawBody::new(json!({"properties": {"text": "x".repeat(5_000_000)}}));
    stack.add(RawArm::new("Shop.Things/things", "2026-01-01", name!("large"), group, body));
    let large = emitted(stack).unwrap_err();
    assert!(large.iter().all(|d| d.code == "emit-limit"), "{large:#?}");
    assert!(large[0].message.contains("Azure takes 4 MB"), "{}", large[0].message);
}

/// What Azure would not take as one template is several, each of which it takes: nothing is lost, nothing waits for what a
/// later one makes, and what was waited for stands in the same or an earlier one.
#[test]
fn a_large_estate_is_several_templates() {
    let (mut stack, group) = blank();
    let net = stack.add(VirtualNetwork::new(name!("net"), group, cidr!("10.0.0.0/16")));
    for at in 0..9 {
        let name = Name::new(format!("shop-{at}-rg"));
        let group = stack.add(ResourceGroup::new(name, Region::WestEurope));
        let zone = Name::new(format!("zone-{at}.example.com"));
        let zone = stack.add(PrivateDnsZone::new(zone, group));
        stack.add(PrivateDnsZoneLink::new(Name::new(format!("link-{at}")), zone, net));
        for ip in 0..1_500 {
            stack.add(PublicIpAddress::new(Name::new(format!("ip-{at}-{ip}")), group));
        }
    }
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let files = arm::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert!(names.len() >= 4 && names[0] == "main.json" && names[2] == "main.2.json", "{names:?}");
    // Where each resource is made: in which file, by which deployment, and what that waits for.
    let mut places: BTreeMap<String, (usize, Json, Json)> = BTreeMap::new();
    for (at, file) in files.iter().filter(|file| file.name.ends_with(".json")).enumerate() {
        assert!(file.text.len() <= 4 * 1024 * 1024, "{}: {}", file.name, file.text.len());
        let part = read(file);
        let own = part["resources"].as_array().unwrap();
        let ids: Vec<Json> = own.iter().map(deployed).collect();
        for (entry, id) in own.iter().zip(&ids) {
            let waits = entry["dependsOn"].as_array().cloned().unwrap_or_default();
            assert!(waits.iter().all(|id| ids.contains(id)), "{}: {waits:?}", file.name);
            let (scope, inner) = match entry["resourceGroup"].as_str() {
                Some(group) => (
                    format!("{SUBSCRIPTION}/resourceGroups/{group}"),
                    &entry["properties"]["template"]["resources"],
                ),
                None => (SUBSCRIPTION.to_owned(), entry),
            };
            for made in inner.as_array().map_or(std::slice::from_ref(inner), Vec::as_slice) {
                let address = readback::resource_address(&graph, &scope, made).unwrap();
                let place = (at, id.clone(), entry["dependsOn"].clone());
                assert!(places.insert(address, place).is_none());
            }
        }
    }
    assert_eq!(places.len(), graph.nodes.len());
    let mut across = 0;
    for node in &graph.nodes {
        let (file, own, waits) = &places[&node.address];
        for edge in &node.edges {
            let (theirs, id, _) = &places[&graph.nodes[edge.to as usize].address];
            assert!(theirs <= file, "{}", node.address);
            across += usize::from(theirs < file);
            let waited = waits.as_array().is_some_and(|waits| waits.contains(id));
            assert!(theirs < file || own == id || waited, "{}: {id} {waits}", node.address);
        }
    }
    assert!(across > 0);
}

/// The ID of what a template deploys, as others wait for it.
fn deployed(entry: &Json) -> Json {
    let name = entry["name"].as_str().unwrap();
    Json::from(match entry["resourceGroup"].as_str() {
        Some(group) => format!(
            "[extensionResourceId(concat(subscription().id, '/resourceGroups/{group}'), 'Microsoft.Resources/deployments', '{name}')]"
        ),
        None => format!("[subscriptionResourceId('Microsoft.Resources/resourceGroups', '{name}')]"),
    })
}

/// Secrets are parameters that come from the environment: the file that names them holds none.
#[test]
fn secrets_are_taken_from_the_environment() {
    let (mut stack, group) = blank();
    let vault = stack
        .add(KeyVault::new(name!("shop-kv"), group).tenant("5a1e0000-0000-4000-8000-000000000002"));
    stack.add(VaultSecret::new(name!("token"), vault, Secret::supplied("api-token")));
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let files = arm::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(files[1].name, "main.default.bicepparam");
    assert_eq!(
        files[1].text,
        "using './main.json'\n\nparam apiToken = readEnvironmentVariable('XAT_SECRET_API_TOKEN')\n"
    );
    assert_eq!(read(&files[0])["parameters"]["apiToken"]["type"], "secureString");
}

/// Subnets of one network, and parts of one server, are written one after another: Azure turns a second change away.
#[test]
fn parts_that_cannot_change_at_once_wait_for_each_other() {
    let (mut stack, group) = blank();
    let net = stack.add(VirtualNetwork::new(name!("net"), group, cidr!("10.0.0.0/16")));
    let other = stack.add(VirtualNetwork::new(name!("other"), group, cidr!("10.1.0.0/16")));
    stack.add(Subnet::new(name!("a"), net, cidr!("10.0.1.0/24")));
    stack.add(Subnet::new(name!("b"), net, cidr!("10.0.2.0/24")));
    stack.add(Subnet::new(name!("c"), net, cidr!("10.0.3.0/24")));
    stack.add(Subnet::new(name!("d"), other, cidr!("10.1.1.0/24")));
    let template = emitted(stack).unwrap();
    let (_, part) = nested(&template)[0];
    let waits = |name: &str| -> Vec<String> {
        let all = part["resources"].as_array().unwrap();
        let one = all.iter().find(|resource| resource["name"] == name).unwrap();
        let waits = one["dependsOn"].as_array().unwrap().iter();
        waits.map(|id| id.as_str().unwrap().split('\'').rev().nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(waits("net/a"), ["net"]);
    assert_eq!(waits("net/b"), ["net", "a"]);
    assert_eq!(waits("net/c"), ["net", "b"]);
    assert_eq!(waits("other/d"), ["other"]);
}

/// Labels that resources have alike stand in a variable, and every resource that names it has the variable in its template.
#[test]
fn labels_are_said_once() {
    let mut shared = 0;
    for (name, graph) in on_azure() {
        let template = read(&arm::emit(&graph).unwrap()[0]);
        for (_, part) in nested(&template) {
            let tags = part["resources"].as_array().unwrap().iter().map(|r| &r["tags"]);
            let named = tags.filter(|tags| *tags == "[variables('tags')]").count();
            assert_eq!(named > 0, part["variables"]["tags"].is_object(), "{name}");
            assert_ne!(named, 1, "{name}");
            shared += named;
        }
    }
    assert!(shared > 0);
}
