//! Emitted files against the providers' own facts: every type's example, every stack. Planted mistakes are found.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use xat_infra::emit::arm;
use xat_infra::emit::terraform::Syntax;
use xat_tests::facts::{self, Finding};

use crate::emit_forms::{graphs, json as read, module, on_azure};

/// Types that there are no facts of: what is emitted of them is held against nothing but the types' own descriptions. A type
/// that comes anew has facts, or a line here.
const WITHOUT_FACTS: [&str; 24] = [
    "Microsoft.App/jobs",
    "Microsoft.ContainerRegistry/registries/cacheRules",
    "Microsoft.ContainerRegistry/registries/credentialSets",
    "Microsoft.ContainerRegistry/registries/replications",
    "Microsoft.ContainerRegistry/registries/tasks",
    "Microsoft.DataProtection/backupVaults",
    "Microsoft.DataProtection/backupVaults/backupInstances",
    "Microsoft.DataProtection/backupVaults/backupPolicies",
    "Microsoft.Insights/activityLogAlerts",
    "Microsoft.Insights/scheduledQueryRules",
    "Microsoft.Network/natGateways",
    "Microsoft.Storage/storageAccounts/blobServices",
    "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies",
    "Microsoft.Storage/storageAccounts/managementPolicies",
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    "Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies",
    "google_app_engine_application",
    "google_app_engine_flexible_app_version",
    "google_compute_firewall",
    "google_container_cluster",
    "google_iam_workload_identity_pool",
    "google_iam_workload_identity_pool_provider",
    "google_monitoring_uptime_check_config",
    "google_service_account_iam_member",
];

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
    assert_eq!(check(&|b| b["tenant_id"] = json!("${var.secret}")), of("tenant_id", kept));
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
}
