//! What Terraform is told of what exists, moved or is forgotten, read as Terraform would read it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value as Json;
use xat_infra::azure::TYPES;
use xat_infra::azure::prelude::*;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::terraform::{self, Options, Syntax};
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::schema::ResourceType;
use xat_tests::modules;

use crate::emit_forms::{graphs, json};

fn types() -> Vec<&'static ResourceType> {
    TYPES.iter().map(|registered| (registered.ty)()).collect()
}

/// The module of a graph all of which exists, as an estate has it.
pub(crate) fn taken_over(graph: &Graph, estate: &Estate) -> Result<Json, Vec<Diagnostic>> {
    let text = modules::taken_over(graph, estate, Syntax::Json)?;
    Ok(serde_json::from_str(&text).unwrap())
}

fn emitted(stack: Stack) -> Result<Json, Vec<Diagnostic>> {
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let options = Options { types: &types(), ..Options::default() };
    Ok(json(&terraform::emit(&graph, &options)?[0]))
}

/// The blocks of a kind: one of them, or a list.
fn blocks(module: &Json, kind: &str) -> Vec<Json> {
    match &module[kind] {
        Json::Null => Vec::new(),
        Json::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

/// What a kind of block says: both of its addresses, or an address and an ID.
pub(crate) fn pairs(module: &Json, kind: &str, keys: [&str; 2]) -> BTreeMap<String, String> {
    let text = |block: &Json, key: &str| block[key].as_str().unwrap_or_default().to_owned();
    blocks(module, kind).iter().map(|block| (text(block, keys[0]), text(block, keys[1]))).collect()
}

fn network(stack: &mut Stack) -> (Handle<ResourceGroup>, Handle<VirtualNetwork>) {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let net = VirtualNetwork::new(name!("shop-vnet"), group, cidr!("10.30.0.0/16"));
    (group, stack.add(net))
}

fn blank() -> Stack {
    Stack::new("shop").subscription("5a1e0000-0000-4000-8000-000000000001")
}

/// A part that is declared and not there yet is made, not imported; so is an element of a list.
#[test]
fn parts_that_are_not_there_are_made() {
    let declared = |addresses: &[&'static str], guarded: bool| {
        let mut stack = blank();
        let (group, net) = network(&mut stack);
        let mut nat = None;
        for address in addresses {
            let ip = stack.add(PublicIpAddress::new(Name::new(*address), group));
            nat = Some(match nat {
                None => NatGateway::new(name!("egress"), group, ip),
                Some(nat) => NatGateway::public_ip(nat, ip),
            });
        }
        let nat = nat.map(|nat| stack.add(nat));
        let mut subnet = Subnet::new(name!("app"), net, cidr!("10.30.1.0/24"));
        if guarded {
            let guard = stack.add(NetworkSecurityGroup::new(name!("guard"), group));
            subnet = subnet.network_security_group(guard);
        }
        if let Some(nat) = nat {
            subnet = subnet.nat_gateway(nat);
        }
        stack.add(subnet);
        graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
    };
    let estate = Estate::as_applied(&declared(&["one"], false)).unwrap();
    let module = taken_over(&declared(&["one", "two"], true), &estate).unwrap();
    let imports = pairs(&module, "import", ["to", "id"]);
    let parts: Vec<&str> =
        imports.keys().filter(|to| to.contains("association")).map(String::as_str).collect();
    assert_eq!(
        parts,
        [
            "azurerm_nat_gateway_public_ip_association.egress-one",
            "azurerm_subnet_nat_gateway_association.app"
        ]
    );
}

/// A rename moves a resource with all its parts, and nothing else says so.
#[test]
fn a_rename_moves_every_part() {
    let mut stack = blank();
    let (group, net) = network(&mut stack);
    let guard = stack.add(NetworkSecurityGroup::new(name!("guard"), group).was("old-guard"));
    stack.component("web", |stack| {
        let subnet = Subnet::new(name!("app"), net, cidr!("10.30.1.0/24"))
            .network_security_group(guard)
            .was("front");
        stack.add(subnet);
    });
    let module = emitted(stack).unwrap();
    let moved = pairs(&module, "moved", ["from", "to"]);
    let expected = [
        ("azurerm_network_security_group.old-guard", "azurerm_network_security_group.guard"),
        ("azurerm_subnet.web_front", "azurerm_subnet.web_app"),
        (
            "azurerm_subnet_network_security_group_association.web_front",
            "azurerm_subnet_network_security_group_association.web_app",
        ),
    ];
    assert_eq!(moved, expected.map(|(a, b)| (a.into(), b.into())).into());
    for to in moved.values() {
        let (kind, label) = to.split_once('.').unwrap();
        assert!(module["resource"][kind][label].is_object(), "{to}");
    }
}

/// What is forgotten is named with all its parts, whatever carried it, and stays.
#[test]
fn what_is_forgotten_is_not_destroyed() {
    let removed = |address: &str| -> Vec<String> {
        let mut stack = blank();
        network(&mut stack);
        stack.forget(address);
        let module = emitted(stack).unwrap();
        blocks(&module, "removed")
            .iter()
            .map(|block| {
                assert_eq!(block["lifecycle"]["destroy"], false);
                block["from"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    assert_eq!(removed("key_vault.app-kv"), ["azurerm_key_vault.app-kv"]);
    assert_eq!(removed("web/subnet.app")[0], "azurerm_subnet.web_app");
    assert_eq!(removed("web/subnet.app").len(), 4);
    assert_eq!(removed("registry_replication.north"), ["azapi_resource.north"]);
    // One that may have gone through the raw provider is taken out of either.
    let either = removed("action_group.shop");
    assert!(either.contains(&"azurerm_monitor_action_group.shop".to_owned()), "{either:?}");
    assert!(either.contains(&"azapi_resource.shop".to_owned()), "{either:?}");
    // Every type can be forgotten but those whose elements have names of their own.
    for ty in types() {
        let mut stack = blank();
        network(&mut stack);
        stack.forget(format!("{}.x", ty.slug));
        let said = emitted(stack);
        let many = ty.tf_parts.iter().any(|part| part.each);
        match said {
            Ok(module) => assert!(!many && !blocks(&module, "removed").is_empty(), "{}", ty.slug),
            Err(problems) => assert!(many && problems[0].code == "emit-forget", "{problems:#?}"),
        }
    }
}

/// What Terraform reads back otherwise than it was said would be replaced, or changed, at every plan.
#[test]
fn what_is_said_is_what_is_read_back() {
    let (mut roles, mut delegations) = (0, 0);
    for (name, graph) in graphs() {
        let types = types();
        let options = Options { types: &types, ..Options::default() };
        let module = json(&terraform::emit(&graph, &options).unwrap()[0]);
        let names: BTreeSet<&str> = graph.nodes.iter().map(|node| node.name.as_str()).collect();
        let bodies = |kind: &str| module["resource"][kind].as_object().cloned().unwrap_or_default();
        for (label, body) in bodies("azurerm_role_assignment") {
            let role = body["role_definition_id"].as_str().unwrap();
            assert!(!role.starts_with("/providers/"), "{name}: {label}: {role}");
            assert!(names.contains(body["name"].as_str().unwrap()), "{name}: {label}");
            // The `id` of a vault's secret is an address that no role can be about.
            let scope = body["scope"].as_str().unwrap();
            let of_secret = scope.contains("azurerm_key_vault_secret.");
            assert!(!of_secret || scope.ends_with(".resource_versionless_id}"), "{label}: {scope}");
            roles += 1;
        }
        for (label, body) in bodies("azurerm_role_definition") {
            let id = body["role_definition_id"].as_str().unwrap();
            assert!(names.contains(id), "{name}: {label}");
        }
        for (label, body) in bodies("azurerm_subnet") {
            let delegated = &body["delegation"]["service_delegation"];
            assert!(delegated.is_null() || delegated["actions"].is_array(), "{name}: {label}");
            delegations += usize::from(!delegated.is_null());
        }
    }
    assert!(roles > 0 && delegations > 0);
}

/// Terraform's own reader takes every module, with its imports: `terraform providers` loads one without any provider.
///
/// Without `terraform` on the machine this says that it was skipped.
#[test]
fn terraform_reads_every_module() {
    if Command::new("terraform").arg("version").output().is_err() {
        eprintln!("skipped: no terraform on this machine");
        return;
    }
    let read = |module: &Json| {
        let folder = tempfile::tempdir().unwrap();
        // Where the state is kept would be asked first.
        let mut module = module.clone();
        module["terraform"].as_object_mut().map(|own| own.remove("backend"));
        std::fs::write(folder.path().join("main.tf.json"), module.to_string()).unwrap();
        let out = Command::new("terraform").arg("providers").current_dir(folder.path()).output();
        let out = out.unwrap();
        out.status.success().then_some(()).ok_or(String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let planted = serde_json::json!({"moved": {"from": "azurerm_subnet.a"}});
    assert!(read(&planted).is_err_and(|why| why.contains("Missing required argument")));
    for (name, graph) in graphs() {
        let estate = Estate::as_applied(&graph).unwrap();
        let module = taken_over(&graph, &estate).unwrap();
        read(&module).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// The life cycle that a stack says is the one that Terraform reads.
#[test]
fn life_cycles_are_said() {
    let mut stack = blank();
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope).protect());
    let ip = PublicIpAddress::new(name!("front"), group).create_before_destroy();
    let ip = stack.add(ip.ignore(PublicIpAddress::TAGS));
    let net = VirtualNetwork::new(name!("shop-vnet"), group, cidr!("10.30.0.0/16"));
    let net = stack.add(net);
    let guard = stack.add(NetworkSecurityGroup::new(name!("guard"), group));
    let subnet = Subnet::new(name!("app"), net, cidr!("10.30.1.0/24"));
    let subnet = subnet.network_security_group(guard).ignore(Subnet::NETWORK_SECURITY_GROUP);
    stack.add(subnet);
    let registry = ContainerRegistry::premium(name!("shopimages"), group);
    let registry = stack.add(registry);
    let north = RegistryReplication::new(name!("northeurope"), registry, Region::NorthEurope);
    stack.add(north.ignore(RegistryReplication::TAGS).depends_on(ip));
    // What is merged into the body is ignored argument by argument.
    let account = StorageAccount::new(name!("shopfiles"), group, StorageSku::StandardZrs);
    stack.add(account.ignore(StorageAccount::SKU));
    let module = emitted(stack).unwrap();
    let account = &module["resource"]["azurerm_storage_account"]["shopfiles"];
    let ignored = serde_json::json!(["account_replication_type", "account_tier"]);
    assert_eq!(account["lifecycle"]["ignore_changes"], ignored);
    let of = |kind: &str, label: &str| module["resource"][kind][label].clone();
    assert_eq!(of("azurerm_resource_group", "shop-rg")["lifecycle"]["prevent_destroy"], true);
    let front = of("azurerm_public_ip", "front");
    assert_eq!(front["lifecycle"]["create_before_destroy"], true);
    assert_eq!(front["lifecycle"]["ignore_changes"], serde_json::json!(["tags"]));
    // What is ignored stands where Terraform keeps it: in the part, or in the raw body.
    assert!(of("azurerm_subnet", "app")["lifecycle"].is_null());
    let association = of("azurerm_subnet_network_security_group_association", "app");
    let ignored = serde_json::json!(["network_security_group_id"]);
    assert_eq!(association["lifecycle"]["ignore_changes"], ignored);
    let north = of("azapi_resource", "northeurope");
    assert_eq!(north["lifecycle"]["ignore_changes"], serde_json::json!(["tags"]));
    assert_eq!(north["depends_on"], serde_json::json!(["azurerm_public_ip.front"]));
}
