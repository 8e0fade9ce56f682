//! What the XAT internal estate promises: its environments differ only where they should, each fact is said once, and it shares
//! none of the mistakes of the scripts that it replaces.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use xat_infra::azure::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Options};
use xat_infra::state::{Salt, State};
use xat_stacks::internal::{self, Environment};

use crate::snapshots;

fn graph_of(environment: &Environment) -> Graph {
    graph::build(internal::stack(environment)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Every leaf that a new estate would get, by address and path. What tells environments apart in names is taken out.
fn leaves(environment: &Environment) -> BTreeMap<String, String> {
    let graph = graph_of(environment);
    let plan = plan::plan(&graph, &Estate::empty(), &State::empty(), &Options::default()).unwrap();
    let alike = |text: &str| match environment.suffix {
        "" => text.to_owned(),
        suffix => ["acr", "dumps"].into_iter().fold(text.replace(suffix, ""), |text, joined| {
            text.replace(&suffix.replace('-', joined), joined)
        }),
    };
    let mut out = BTreeMap::new();
    for step in &plan.steps {
        let address = alike(&step.address);
        out.insert(address.clone(), String::new());
        for change in &step.changes {
            let after = change.after.as_ref().map_or("?", |shown| shown.text.as_str());
            out.insert(format!("{address} {}", alike(&change.path)), alike(after));
        }
    }
    out
}

/// All own bodies, by address.
fn bodies(graph: &Graph) -> BTreeMap<&str, Json> {
    graph
        .nodes
        .iter()
        .map(|node| (node.address.as_str(), model::bodies(graph, node).swap_remove(0).body))
        .collect()
}

/// The addresses of all resources of these types.
fn of_types<'g>(graph: &'g Graph, types: &[&str]) -> Vec<&'g str> {
    let found: Vec<&str> = graph
        .nodes
        .iter()
        .filter(|node| types.contains(&node.ty.slug))
        .map(|node| node.address.as_str())
        .collect();
    for wanted in types {
        assert!(graph.nodes.iter().any(|node| node.ty.slug == *wanted), "no {wanted} at all");
    }
    found
}

#[test]
fn environments_differ_only_where_they_should() {
    let (production, staging) =
        (leaves(&Environment::production()), leaves(&Environment::staging()));
    let only = |a: &BTreeMap<String, String>, b: &BTreeMap<String, String>| -> BTreeSet<String> {
        a.keys().filter(|key| !key.contains(' ') && !b.contains_key(*key)).cloned().collect()
    };
    assert_eq!(only(&staging, &production), BTreeSet::new(), "only in staging");
    let more = only(&production, &staging);
    let expected = |address: &&String| {
        let kind = address.split_once('/').map_or("", |(_, rest)| rest);
        address.starts_with("backup/")
            || kind.starts_with("management_lock.")
            || kind.ends_with("backup-failed")
    };
    let unexpected: Vec<&String> = more.iter().filter(|address| !expected(address)).collect();
    assert_eq!(unexpected, [""; 0], "only in production");

    let shared = |key: &str| {
        let address = key.split(' ').next().unwrap_or(key);
        production.contains_key(address) && staging.contains_key(address)
    };
    let differs: BTreeSet<&str> = production
        .keys()
        .chain(staging.keys())
        .filter(|key| shared(key) && production.get(*key) != staging.get(*key))
        // Everything has the tag.
        .filter(|key| !key.ends_with("tags.environment"))
        .map(String::as_str)
        .collect();
    let differs = differs.into_iter().collect::<Vec<_>>().join("\n");
    snapshots::check("xat-internal-staging", "differs", &differs);
}

/// A fact that changes, changes wherever it stands, and nothing else changes.
#[test]
fn each_fact_is_said_once() {
    let before = leaves(&Environment::production());
    let changed = |environment: Environment| -> BTreeMap<String, (String, String)> {
        let after = leaves(&environment);
        assert!(before.keys().eq(after.keys()));
        before
            .iter()
            .filter_map(|(key, old)| {
                let new = &after[key];
                (old != new).then(|| (key.clone(), (old.clone(), new.clone())))
            })
            .collect()
    };
    let production = Environment::production();
    let workload = production.workload.clone().port(9000);
    let port = changed(Environment { workload, ..production });
    let (site, slot) = ("app/web_app.xat-backend-internal", "app/web_app_slot.next");
    let places = [site, slot]
        .into_iter()
        .flat_map(|at| ["PORT", "WEBSITES_PORT"].map(|key| format!("{at} settings.{key}")));
    assert_eq!(port.keys().cloned().collect::<BTreeSet<_>>(), places.collect::<BTreeSet<_>>());
    assert!(port.values().all(|(old, new)| old == "8000" && new == "9000"), "{port:#?}");

    let region = "network/virtual_network.xat-vnet address_space";
    let clients =
        changed(Environment { clients: cidr!("172.16.30.0/24"), ..Environment::production() });
    assert!(clients.len() >= 4 && !clients.contains_key(region), "{clients:#?}");
    assert!(
        !leaves(&Environment { clients: cidr!("172.16.30.0/24"), ..Environment::production() })
            .values()
            .any(|value| value.contains("172.16.20."))
    );
    let moved =
        leaves(&Environment { network: cidr!("10.99.0.0/16"), ..Environment::production() });
    assert!(!moved.values().any(|value| value.contains("10.20.")), "{moved:#?}");

    // The pool follows from the machines, and the alert from the pool.
    let wider = changed(Environment { machines: (2, 10), ..Environment::production() });
    let touched: Vec<&str> = wider.keys().map(String::as_str).collect();
    assert_eq!(touched.len(), 3, "{touched:#?}");
    assert_eq!(wider["data/pg_configuration.pgbouncer.default_pool_size value"].1, "80");
}

/// Nothing answers on the internet, nobody signs in with a password that everyone shares, and everything is encrypted.
#[test]
fn nothing_is_public() {
    for environment in [Environment::production(), Environment::staging()] {
        let graph = graph_of(&environment);
        let bodies = bodies(&graph);
        let private = [
            "key_vault",
            "container_registry",
            "flexible_server",
            "storage_account",
            "web_app",
            "web_app_slot",
        ];
        for address in of_types(&graph, &private) {
            let properties = &bodies[address]["properties"];
            let access = properties
                .pointer("/publicNetworkAccess")
                .or(properties.pointer("/network/publicNetworkAccess"));
            assert_eq!(access, Some(&Json::from("Disabled")), "{address}");
        }
        let doors: BTreeSet<&str> = graph
            .nodes
            .iter()
            .filter(|node| node.ty.slug == "private_endpoint")
            .filter_map(|node| {
                bodies[node.address.as_str()]
                    .pointer("/properties/privateLinkServiceConnections/0/properties/groupIds/0")
                    .and_then(|group| {
                        group.as_str().map(|text| match text {
                            "blob" => "blob",
                            "registry" => "registry",
                            "vault" => "vault",
                            "sites" => "sites",
                            "sites-next" => "sites-next",
                            other => panic!("{other}"),
                        })
                    })
            })
            .collect();
        assert_eq!(doors, BTreeSet::from(["blob", "registry", "sites", "sites-next", "vault"]));
        for address in of_types(&graph, &["web_app", "web_app_slot"]) {
            let site = &bodies[address]["properties"];
            assert_eq!(site["httpsOnly"], true, "{address}");
            assert_eq!(site["siteConfig"]["ftpsState"], "Disabled", "{address}");
            assert_eq!(site["siteConfig"]["minTlsVersion"], "1.2", "{address}");
            assert_eq!(site["siteConfig"]["healthCheckPath"], "/health/", "{address}");
            assert_eq!(site["siteConfig"]["acrUseManagedIdentityCreds"], true, "{address}");
            assert_eq!(site["vnetImagePullEnabled"], true, "{address}");
            let image = site["siteConfig"]["linuxFxVersion"].as_str().unwrap();
            assert!(
                image.starts_with("DOCKER|xatbackendacr")
                    && image.contains("/xat-backend:")
                    && !image.ends_with(":latest"),
                "{image}"
            );
        }
        for address in of_types(&graph, &["container_registry"]) {
            assert_eq!(bodies[address]["properties"]["adminUserEnabled"], false);
        }
        for address in of_types(&graph, &["key_vault"]) {
            let vault = &bodies[address]["properties"];
            assert_eq!(vault["enableRbacAuthorization"], true);
            assert_eq!(vault["enablePurgeProtection"], true);
        }
    }
}

/// No setting holds a secret: each is a reference to the vault, and the port that is forwarded to is the one that is bound.
#[test]
fn secrets_are_references() {
    for (key, value) in leaves(&Environment::production()) {
        let Some((address, path)) = key.split_once(' ') else { continue };
        let Some(setting) = path.strip_prefix("settings.") else { continue };
        let hidden = ["KEY", "TOKEN", "DATABASE_URL", "CONNECTION_STRING"]
            .iter()
            .any(|w| setting.contains(w));
        assert_eq!(value.starts_with("@Microsoft.KeyVault("), hidden, "{address} {setting}");
    }
    let graph = graph_of(&Environment::production());
    let keys: BTreeSet<&str> = of_types(&graph, &["vault_secret"]).into_iter().collect();
    for name in ["django-secret-key", "database-url", "rollbar-token"] {
        assert!(keys.contains(format!("data/vault_secret.{name}").as_str()), "{keys:?}");
    }
}

/// Grants, private names and the resolver come before what needs them: the scripts started the application without.
#[test]
fn what_the_application_needs_is_there_first() {
    let graph = graph_of(&Environment::production());
    let index = |address: &str| {
        graph
            .nodes
            .iter()
            .position(|node| node.address == address)
            .unwrap_or_else(|| panic!("no {address}"))
    };
    let mut before = BTreeSet::new();
    let mut open = vec![index("app/web_app.xat-backend-internal")];
    while let Some(at) = open.pop() {
        for edge in &graph.nodes[at].edges {
            if before.insert(edge.to as usize) {
                open.push(edge.to as usize);
            }
        }
    }
    for needed in [
        "app/role_assignment.acr-pull.xatbackendacr.xat-backend-identity",
        "app/role_assignment.key-vault-secrets-user.xat-backend-kv.xat-backend-identity",
        "data/private_endpoint.xat-registry-endpoint",
        "data/private_endpoint.xat-vault-endpoint",
        "data/vault_secret.database-url",
        "network/private_dns_inbound_endpoint.inbound",
        "network/private_dns_zone_link.xat-vnet-registry",
        "network/private_dns_zone_link.xat-vnet-vault",
        "network/nat_gateway.xat-nat",
    ] {
        assert!(before.contains(&index(needed)), "{needed} is not waited for");
    }
    // And the copy's roles before the copy.
    let copy = &graph.nodes[index("backup/pg_backup_instance.xat-pg")];
    let waits: Vec<&str> =
        copy.edges.iter().map(|edge| graph.nodes[edge.to as usize].ty.slug).collect();
    assert_eq!(waits.iter().filter(|slug| **slug == "role_assignment").count(), 2, "{waits:?}");
}

/// What holds data in production is protected from plans, and locked against everybody where Azure locks by itself.
#[test]
fn data_is_kept() {
    let graph = graph_of(&Environment::production());
    let applied = model::applied(&graph).to_string();
    let estate = Estate::from_text("applied", applied).unwrap();
    let state = plan::record(&graph, &estate, Salt::new("0123456789ab"), 1);
    let mut held = 0;
    for (address, owned) in state.resources.iter().filter(|(_, owned)| owned.holds_data) {
        // Logs are kept for months and made anew every second.
        if owned.r#type != "azure.log_analytics_workspace" {
            assert!(owned.protected, "{address} is not protected");
            held += 1;
        }
    }
    assert_eq!(held, 9);
    let locked: BTreeSet<&str> = graph
        .nodes
        .iter()
        .filter(|node| node.ty.slug == "management_lock")
        .filter_map(|node| Some(graph.nodes[node.parent? as usize].ty.slug))
        .collect();
    let kept = BTreeSet::from([
        "backup_vault",
        "container_registry",
        "flexible_server",
        "key_vault",
        "storage_account",
    ]);
    assert_eq!(locked, kept);
    let server = &bodies(&graph)["data/flexible_server.xat-pg"]["properties"];
    assert_eq!(server["backup"]["backupRetentionDays"], 28);
    assert_eq!(server["backup"]["geoRedundantBackup"], "Enabled");
    assert_eq!(server["highAvailability"]["mode"], "ZoneRedundant");
}

/// Everything that can send its records does, every alert tells someone, and that someone has an address.
#[test]
fn someone_hears_of_it() {
    for environment in [Environment::production(), Environment::staging()] {
        let graph = graph_of(&environment);
        let mut sends = vec![
            "app_service_plan",
            "autoscale_setting",
            "container_app_environment",
            "container_registry",
            "flexible_server",
            "key_vault",
            "log_analytics_workspace",
            "nat_gateway",
            "network_security_group",
            "public_ip_address",
            "virtual_network",
            "virtual_network_gateway",
            "web_app",
            "web_app_slot",
        ];
        sends.extend(environment.durable.then_some("backup_vault"));
        let recorded: BTreeSet<&str> = graph
            .nodes
            .iter()
            .filter(|node| node.ty.slug == "diagnostic_setting")
            .filter_map(|node| Some(graph.nodes[node.parent? as usize].address.as_str()))
            .collect();
        for address in of_types(&graph, &sends) {
            assert!(recorded.contains(address), "{address} keeps its records to itself");
        }
        let bodies = bodies(&graph);
        for address in of_types(&graph, &["metric_alert", "log_search_alert", "activity_log_alert"])
        {
            let actions = bodies[address]["properties"]["actions"].to_string();
            assert!(actions.contains("/actionGroups/xat-on-call"), "{address}: {actions}");
        }
        let people = of_types(&graph, &["action_group"]);
        let mails = &bodies[people[0]]["properties"]["emailReceivers"][0]["emailAddress"];
        assert_eq!(mails, environment.on_call);
    }
}
