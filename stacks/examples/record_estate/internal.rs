//! Production on Azure in mid-migration. Its base was applied with an older stack; the database, the registry, the VPN
//! gateway and a secret were made by hand before; one firewall was opened by hand since; one identity is no longer wanted.

use serde_json::{Value, json};
use xat_infra::azure::prelude::*;
use xat_infra::graph;
use xat_infra::live::{Estate, model};
use xat_infra::plan;
use xat_infra::state::Salt;
use xat_stacks::internal::{self, Environment};

use super::set;

/// What was there and applied by the older stack.
const APPLIED: &[&str] = &[
    "resource_group.xat-backend-internal-rg",
    "network/virtual_network.xat-vnet",
    "network/network_security_group.xat-endpoints-nsg",
    "network/network_security_group.xat-apps-nsg",
    "network/public_ip_address.xat-out-ip",
    "network/nat_gateway.xat-nat",
    "network/subnet.apps",
    "network/subnet.endpoints",
    "network/private_dns_zone.privatelink.vaultcore.azure.net",
    "network/private_dns_zone_link.xat-vnet-vault",
    "monitoring/log_analytics_workspace.xat-logs",
    "monitoring/application_insights.xat-insights",
    "data/key_vault.xat-backend-kv",
    "data/private_endpoint.xat-vault-endpoint",
    "app/user_assigned_identity.xat-backend-identity",
    "app/role_assignment.key-vault-secrets-user.xat-backend-kv.xat-backend-identity",
    "app/app_service_plan.xat-backend-plan",
    "app/user_assigned_identity.xat-ci-identity",
];
/// What was made by hand and is in no state.
const BY_HAND: &[&str] = &[
    "network/private_dns_zone.privatelink.azurecr.io",
    "network/subnet.GatewaySubnet",
    "vpn/public_ip_address.xat-vpn-ip",
    "vpn/virtual_network_gateway.xat-vpn",
    "data/flexible_server.xat-pg",
    "data/pg_database.xatdashboard",
    "data/vault_secret.django-secret-key",
    "data/container_registry.xatbackendacr",
];

/// The stack as it was when it was last applied.
fn older() -> Stack {
    let environment = Environment {
        plan: PlanSku::B1,
        machines: (1, 1),
        backup: Retention::days(7),
        durable: false,
        ..Environment::production()
    };
    let mut stack = internal::stack(&environment);
    stack.component("app", |stack| {
        let group = Ref::existing(format!(
            "/subscriptions/{}/resourceGroups/xat-backend-internal-rg",
            environment.subscription
        ));
        let identity = UserAssignedIdentity::new(name!("xat-ci-identity"), group);
        stack.add(identity.location(Region::WestEurope));
    });
    stack
}

/// The two files' texts.
pub fn record() -> Result<(String, String), Box<dyn std::error::Error>> {
    let graph = graph::build(older()).map_err(|problems| problems[0].to_string())?;
    let mut bodies = Vec::new();
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        if APPLIED.contains(&node.address.as_str()) || BY_HAND.contains(&node.address.as_str()) {
            for mut found in model::bodies(&graph, node) {
                as_returned(&mut found.body);
                bodies.push(found.entry());
            }
        }
    }
    let live = json!({"format": "xat-estate/1", "recorded": "2026-11-20", "resources": bodies});
    let estate =
        Estate::from_text("live", live.to_string()).map_err(|problems| problems[0].to_string())?;
    let mut state = plan::record(&graph, &estate, Salt::new("4f1d7c0b9a2e"), 7);
    state.resources.retain(|address, _| APPLIED.contains(&address.as_str()));
    if let Some(network) = state.resources.get_mut("network/virtual_network.xat-vnet") {
        network.fields.retain(|path, _| !path.starts_with("dns_servers"));
    }
    let state = state.to_text().map_err(|problem| problem.to_string())?;
    Ok((serde_json::to_string_pretty(&live)? + "\n", state))
}

/// What the cloud makes of a body, and what people made of it since.
fn as_returned(body: &mut Value) {
    let kind = body["type"].as_str().unwrap_or_default().to_owned();
    let name = body["name"].as_str().unwrap_or_default().to_owned();
    let id = body["id"].as_str().unwrap_or_default().to_owned();
    let guid =
        |n: u8| format!("{:08x}-6c1e-4f2a-9d3b-{n:02x}5f0e8a7c41", id.len() * 7919 + name.len());
    match kind.as_str() {
        "Microsoft.Resources/resourceGroups" => {
            set(body, "properties.provisioningState", json!("Succeeded"))
        }
        "Microsoft.KeyVault/vaults" => {
            set(body, "systemData", system_data());
            set(body, "properties.vaultUri", json!(format!("https://{name}.vault.azure.net/")));
            set(body, "properties.accessPolicies", json!([]));
            set(body, "properties.enabledForDeployment", json!(false));
            set(body, "properties.enableSoftDelete", json!(true));
            set(body, "properties.provisioningState", json!("Succeeded"));
            // Opened by hand, and forgotten.
            set(body, "properties.publicNetworkAccess", json!("Enabled"));
        }
        "Microsoft.KeyVault/vaults/secrets" => {
            let uri = format!("https://xat-backend-kv.vault.azure.net/secrets/{name}");
            set(
                body,
                "properties.attributes",
                json!({"enabled": true, "created": 1757000000, "updated": 1757000000}),
            );
            set(body, "properties.secretUri", json!(uri));
            set(
                body,
                "properties.secretUriWithVersion",
                json!(format!("{uri}/0b6c1f6f2d3e4a5b8c7d9e0f1a2b3c4d")),
            );
        }
        "Microsoft.DBforPostgreSQL/flexibleServers" => {
            // As the old script made it: reachable from the internet, small, for another administrator.
            set(body, "location", json!("West Europe"));
            set(body, "sku", json!({"name": "Standard_B1ms", "tier": "Burstable"}));
            set(body, "systemData", json!({"createdAt": "2025-02-05T21:41:38.2802798Z"}));
            set(body, "tags", json!({}));
            set(body, "properties.network", json!({"publicNetworkAccess": "Enabled"}));
            set(
                body,
                "properties.storage",
                json!({"type": "", "iops": 120, "tier": "P4", "storageSizeGB": 32, "autoGrow": "Disabled"}),
            );
            set(
                body,
                "properties.backup",
                json!({
                    "backupRetentionDays": 7, "geoRedundantBackup": "Disabled",
                    "earliestRestoreDate": "2026-11-13T21:46:32.7142612+00:00",
                }),
            );
            set(
                body,
                "properties.fullyQualifiedDomainName",
                json!(format!("{name}.postgres.database.azure.com")),
            );
            set(body, "properties.version", json!("17"));
            set(body, "properties.minorVersion", json!("2"));
            set(body, "properties.state", json!("Ready"));
            set(body, "properties.replica", json!({"role": "Primary", "capacity": 0}));
            set(
                body,
                "properties.highAvailability",
                json!({"mode": "Disabled", "state": "NotEnabled"}),
            );
            set(
                body,
                "properties.maintenanceWindow",
                json!({"customWindow": "Disabled", "dayOfWeek": 0, "startHour": 0, "startMinute": 0}),
            );
        }
        "Microsoft.DBforPostgreSQL/flexibleServers/databases" => {
            set(body, "systemData", Value::Null);
            set(body, "properties", json!({"charset": "UTF8", "collation": "en_US.utf8"}));
        }
        "Microsoft.ContainerRegistry/registries" => {
            set(body, "systemData", system_data());
            set(body, "tags", json!({}));
            set(body, "sku", json!({"name": "Premium", "tier": "Premium"}));
            set(body, "properties.loginServer", json!(format!("{name}.azurecr.io")));
            // The old script pulled with the registry's own password.
            set(body, "properties.adminUserEnabled", json!(true));
            set(body, "properties.creationDate", json!("2025-01-23T17:07:32.4901Z"));
            set(body, "properties.provisioningState", json!("Succeeded"));
            set(body, "properties.dataEndpointHostNames", json!([]));
            // Where a region has zones, the service spreads new registries over them unasked.
            set(body, "properties.zoneRedundancy", json!("Enabled"));
        }
        "Microsoft.Web/serverfarms" => {
            set(body, "location", json!("West Europe"));
            set(
                body,
                "sku",
                json!({"name": "B1", "tier": "Basic", "size": "B1", "family": "B", "capacity": 1}),
            );
            set(body, "properties.status", json!("Ready"));
            set(body, "properties.numberOfSites", json!(0));
            set(body, "properties.geoRegion", json!("West Europe"));
        }
        "Microsoft.ManagedIdentity/userAssignedIdentities" => {
            set(body, "properties.principalId", json!(guid(1)));
            set(body, "properties.clientId", json!(guid(2)));
            set(body, "properties.tenantId", json!("2b6f0c1e-7d4a-4e55-9a53-0d1c6f7e8a90"));
        }
        "Microsoft.Authorization/roleAssignments" => {
            let subscription = id.split('/').nth(2).unwrap_or_default();
            let role =
                body["properties"]["roleDefinitionId"].as_str().unwrap_or_default().to_owned();
            set(
                body,
                "properties.roleDefinitionId",
                json!(format!("/subscriptions/{subscription}{role}")),
            );
            set(body, "properties.principalId", json!(principal()));
            set(
                body,
                "properties.scope",
                json!(id.split("/providers/Microsoft.Authorization").next()),
            );
            set(body, "properties.createdOn", json!("2026-09-01T08:12:44.0312154Z"));
        }
        "Microsoft.Network/privateDnsZones" => {
            set(body, "properties.maxNumberOfRecordSets", json!(25000));
            set(body, "properties.numberOfRecordSets", json!(2));
            set(body, "properties.provisioningState", json!("Succeeded"));
            set(body, "etag", json!(guid(3)));
            if name == "privatelink.azurecr.io" {
                set(
                    body,
                    "tags",
                    json!({"environment": "production", "service": "xat-backend", "made-by": "hand"}),
                );
            }
        }
        _ => {
            set(body, "etag", json!(format!("W/\"{}\"", guid(4))));
            set(body, "properties.provisioningState", json!("Succeeded"));
            if kind == "Microsoft.Network/virtualNetworks" {
                set(body, "properties.resourceGuid", json!(guid(5)));
                let subnet = |name| json!({"id": format!("{id}/subnets/{name}"), "name": name});
                let subnets = ["GatewaySubnet", "apps", "endpoints"].map(subnet);
                set(body, "properties.subnets", json!(subnets));
                // There was no resolver yet.
                if let Some(properties) = body["properties"].as_object_mut() {
                    properties.remove("dhcpOptions");
                }
            }
            if kind == "Microsoft.Network/virtualNetworkGateways" {
                set(
                    body,
                    "properties.sku",
                    json!({"name": "VpnGw1", "tier": "VpnGw1", "capacity": 2}),
                );
            }
            if kind == "Microsoft.Network/networkSecurityGroups" {
                set(
                    body,
                    "properties.defaultSecurityRules",
                    json!([{"name": "AllowVnetInBound", "properties": {"priority": 65000}}]),
                );
            }
        }
    }
}

/// The object ID of the application's identity, as its own body has it.
fn principal() -> String {
    let id = "/subscriptions/8f3e2a10-4b5c-4d6e-8f70-91a2b3c4d5e6/resourceGroups/xat-backend-internal-rg/providers/\
              Microsoft.ManagedIdentity/userAssignedIdentities/xat-backend-identity";
    let name = "xat-backend-identity";
    format!("{:08x}-6c1e-4f2a-9d3b-015f0e8a7c41", id.len() * 7919 + name.len())
}

fn system_data() -> Value {
    json!({
        "createdBy": "operations@example.com", "createdByType": "User", "createdAt": "2025-06-20T04:46:17.26Z",
        "lastModifiedBy": "operations@example.com", "lastModifiedByType": "User", "lastModifiedAt": "2026-11-18T22:03:01.281Z",
    })
}
