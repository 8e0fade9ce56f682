//! Emitted files against the providers' own facts: every type's example, every stack. Planted mistakes are found.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use xat_infra::emit::arm;
use xat_infra::emit::terraform::Syntax;
use xat_tests::facts::{self, Finding};

use crate::emit_forms::{graphs, json as read, module, on_azure};

/// Types that there are no facts of: what is emitted of them is held against nothing but the types' own descriptions. A type
/// that comes anew has facts, or a line here.
const WITHOUT_FACTS: &[&str] = &[];

/// What was found, a line each.
fn told(mut found: Vec<Finding>, unknown: &BTreeSet<String>) -> String {
    let unlisted: Vec<&String> =
        unknown.iter().filter(|kind| !WITHOUT_FACTS.contains(&kind.as_str())).collect();
    assert!(unlisted.is_empty(), "no facts of {unlisted:?}");
    found.sort();
    found.dedup();
    found.iter().map(|finding| format!("{}: {}\n", finding.path, finding.what)).collect()
}

#[test]
fn terraform_is_what_the_providers_accept() {
    let (facts, arm) = (facts::terraform::Facts::shipped(), facts::arm::Facts::shipped());
    let (mut found, mut unknown) = (Vec::new(), BTreeSet::new());
    for (_, graph) in graphs() {
        let (more, others) = facts.check_module(&read(&module(&graph, Syntax::Json)), &arm);
        found.extend(more);
        unknown.extend(others);
    }
    let told = told(found, &unknown);
    assert!(told.is_empty(), "{told}");
}

#[test]
fn arm_is_what_the_types_define() {
    let facts = facts::arm::Facts::shipped();
    let (mut found, mut unknown) = (Vec::new(), BTreeSet::new());
    for (name, graph) in on_azure() {
        let files = arm::emit(&graph).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"));
        let (more, others) = facts.check_template(&read(&files[0]));
        found.extend(more);
        unknown.extend(others);
    }
    let listed = WITHOUT_FACTS.iter().filter(|kind| kind.contains('/'));
    assert_eq!(unknown.len(), listed.count(), "{unknown:?}");
    let told = told(found, &unknown);
    assert!(told.is_empty(), "{told}");
}

/// Each kind of mistake in a module is found, where it is.
#[test]
fn planted_modules_are_refused() {
    let (facts, arm) = (facts::terraform::Facts::shipped(), facts::arm::Facts::shipped());
    let good = json!({"name": "v", "location": "westeurope", "resource_group_name": "g", "sku_name": "standard",
        "tenant_id": "t", "rbac_authorization_enabled": true});
    let check = |change: &dyn Fn(&mut Json)| -> Vec<String> {
        let mut body = good.clone();
        change(&mut body);
        let module = json!({"resource": {"azurerm_key_vault": {"v": body}}});
        facts
            .check_module(&module, &arm)
            .0
            .into_iter()
            .map(|f| format!("{}: {}", f.path, f.what))
            .collect()
    };
    assert_eq!(check(&|_| {}), Vec::<String>::new());
    let of = |path: &str, what: &str| vec![format!("azurerm_key_vault.v.{path}: {what}")];
    assert_eq!(check(&|b| b["colour"] = json!("red")), of("colour", "there is no such argument"));
    assert_eq!(check(&|b| b["vault_uri"] = json!("x")), of("vault_uri", "is read-only"));
    let missing = check(&|b| {
        b.as_object_mut().unwrap().remove("sku_name");
    });
    assert_eq!(missing, of("sku_name", "is required"));
    assert_eq!(check(&|b| b["purge_protection_enabled"] = json!("yes")).len(), 1);
    let twice = json!([{"bypass": "None", "default_action": "Deny"}, {"bypass": "None", "default_action": "Deny"}]);
    assert_eq!(check(&|b| b["network_acls"] = twice.clone()).len(), 1);
    let kept = "a secret at an argument that Terraform keeps";
    // What is asked of several arguments at once, at the top and inside of blocks.
    let rules = |resource: &str, body: Json| -> Vec<String> {
        let found = facts.check_module(&json!({"resource": {resource: {"r": body}}}), &arm).0;
        let found =
            found.into_iter().filter(|f| f.what.contains("_with") || f.what.contains("_of "));
        found.map(|f| format!("{}: {}", f.path, f.what)).collect()
    };
    let secret =
        |value: &str| rules("azurerm_key_vault_secret", json!({value: "x", "value_wo_version": 1}));
    assert_eq!(secret("value_wo"), [""; 0]);
    assert_eq!(
        secret("value"),
        ["azurerm_key_vault_secret.r.value_wo_version: required_with value_wo"]
    );
    assert_eq!(secret("name").len(), 3);
    let app = json!({"site_config": {"health_check_path": "/health"}});
    assert_eq!(
        rules("azurerm_linux_web_app", app),
        [
            "azurerm_linux_web_app.r.site_config.health_check_path: required_with site_config.health_check_eviction_time_in_min"
        ]
    );
    let steps = json!({"docker_step": {}, "file_step": {}});
    assert_eq!(rules("azurerm_container_registry_task", steps).len(), 2);
    assert_eq!(check(&|b| b["tenant_id"] = json!("${var.secret}")), of("tenant_id", kept));
    // A mistake in each file of facts, and a resource that none of them knows.
    let rules = json!({"name": "r", "network": "n", "enable_logging": true, "log_config": {}});
    let cluster = json!({"name": "c", "master_authorized_networks_config": {"cidr_blocks": {"cidr_block": 10}}});
    let route = json!({"name": "r", "address_prefix": "10.0.0.0/8", "next_hop_type": "None",
        "resource_group_name": "g"});
    let module = json!({"resource": {"google_compute_firewall": {"r": rules}, "google_container_cluster": {"c": cluster},
        "azurerm_route": {"r": route}, "google_unheard_of": {"u": {}}}});
    let (found, unknown) = facts.check_module(&module, &arm);
    let mut found: Vec<String> =
        found.into_iter().map(|f| format!("{}: {}", f.path, f.what)).collect();
    found.sort();
    assert_eq!(
        found,
        [
            "azurerm_route.r.route_table_name: is required",
            "google_compute_firewall.r.enable_logging: is deprecated",
            "google_compute_firewall.r.log_config.metadata: is required",
            "google_container_cluster.c.master_authorized_networks_config.cidr_blocks.cidr_block: is 10, and should be \
             \"string\"",
        ]
    );
    assert_eq!(unknown, ["google_unheard_of"]);
}

/// Each kind of mistake in a template is found, where it is.
#[test]
fn planted_templates_are_refused() {
    let facts = facts::arm::Facts::shipped();
    let check = |change: &dyn Fn(&mut Json)| -> Vec<String> {
        let mut body = json!({"type": "Microsoft.KeyVault/vaults", "apiVersion": "2024-11-01", "name": "v",
            "location": "westeurope", "properties": {"tenantId": "[subscription().tenantId]",
            "sku": {"family": "A", "name": "standard"}}});
        change(&mut body);
        let found = facts.check_template(&json!({"resources": [body]})).0;
        found.into_iter().map(|f| format!("{}: {}", f.path, f.what)).collect()
    };
    assert_eq!(check(&|_| {}), Vec::<String>::new());
    let of = |path: &str, what: &str| vec![format!("Microsoft.KeyVault/vaults v.{path}: {what}")];
    let odd = check(&|b| b["properties"]["colour"] = json!("red"));
    assert_eq!(odd, of("properties.colour", "there is no such property"));
    let own = check(&|b| b["properties"]["hsmPoolResourceId"] = json!("x"));
    assert_eq!(own, of("properties.hsmPoolResourceId", "is read-only"));
    assert_eq!(check(&|b| b["properties"]["sku"]["name"] = json!("cheap")).len(), 1);
    assert_eq!(check(&|b| b["properties"]["enablePurgeProtection"] = json!("yes")).len(), 1);
    let missing = check(&|b| {
        b["properties"].as_object_mut().unwrap().remove("tenantId");
    });
    assert_eq!(missing, of("properties.tenantId", "is required"));
    // In what was read by hand, too, and inside what is told apart by a word.
    let rule = |rule: Json| {
        let kind = "Microsoft.DataProtection/backupVaults/backupPolicies";
        let body = json!({"type": kind, "apiVersion": "2025-07-01", "name": "v/p", "properties":
            {"objectType": "BackupPolicy", "datasourceTypes": ["t"], "policyRules": [rule]}});
        let found = facts.check_template(&json!({"resources": [body]})).0;
        found.into_iter().map(|f| format!("{}: {}", f.path, f.what)).collect::<Vec<_>>()
    };
    let life = json!({"deleteAfter": {"objectType": "AbsoluteDeleteOption", "duration": "P7D"},
        "sourceDataStore": {"objectType": "DataStoreInfoBase", "dataStoreType": "VaultStore"}});
    let keep = json!({"objectType": "AzureRetentionRule", "name": "d", "lifecycles": [life]});
    assert_eq!(rule(keep.clone()), Vec::<String>::new());
    let changed = |path: &str, value: Json| {
        let mut keep = keep.clone();
        *keep.pointer_mut(path).unwrap() = value;
        rule(keep).len()
    };
    // The word, and what only a known word has.
    assert_eq!(changed("/objectType", json!("RetentionRule")), 2);
    assert_eq!(changed("/lifecycles/0/deleteAfter/duration", json!(7)), 1);
    assert_eq!(changed("/lifecycles/0/sourceDataStore", json!({"objectType": "x"})), 1);
    let (_, unknown) =
        facts.check_template(&json!({"resources": [{"type": "Microsoft.Web/unheardOf"}]}));
    assert_eq!(unknown, ["Microsoft.Web/unheardOf"]);
}
