//! The deployment on Google Cloud in mid-migration. Its base was applied with a first stack; what the hand-written files made before is
//! still there, in no state; people changed three things by hand since, and took two away.

use serde_json::{Value, json};
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, Recorded, model};
use xat_infra::plan;
use xat_infra::state::{Salt, State};

use super::{legacy_first, set};

/// The project's number, by which many services know it.
const NUMBER: &str = "584172936041";
/// What was applied and taken away by hand since.
const TAKEN_AWAY: &[&str] = &[
    "app/secret_iam_member.rollbar-token.secretmanager.secretAccessor.xat-backend-cloudrun",
    "network/vpc_connector.xat-connector",
];

/// The two files' texts.
pub fn record() -> Result<(String, String), Box<dyn std::error::Error>> {
    let graph = first()?;
    let applied = applied(&graph);
    let mut live: Vec<Recorded> = applied
        .iter()
        .filter(|(address, _)| !TAKEN_AWAY.contains(&address.as_str()))
        .map(|(address, body)| by_hand(address, body.clone()))
        .collect();
    live.extend(found()?);
    let state = state(&graph, applied.into_iter().map(|(_, body)| body).collect())?;
    let state = state.to_text().map_err(|problem| problem.to_string())?;
    Ok((text(live)? + "\n", state))
}

/// The graph of the first stack.
pub fn first() -> Result<Graph, Box<dyn std::error::Error>> {
    graph::build(legacy_first::stack()).map_err(|problems| problems[0].to_string().into())
}

/// The estate as the first apply left it, before anybody touched it.
pub fn untouched(graph: &Graph) -> Result<Estate, Box<dyn std::error::Error>> {
    estate(applied(graph).into_iter().map(|(_, body)| body).collect())
}

/// What was applied, by address, as the services return it.
fn applied(graph: &Graph) -> Vec<(String, Recorded)> {
    let mut out = Vec::new();
    for &index in &graph.order {
        let node = &graph.nodes[index as usize];
        for mut found in model::bodies(graph, node) {
            as_returned(&mut found);
            out.push((node.address.clone(), found));
        }
    }
    out
}

fn state(graph: &Graph, applied: Vec<Recorded>) -> Result<State, Box<dyn std::error::Error>> {
    Ok(plan::record(graph, &estate(applied)?, Salt::new("7c1e90ab44d2"), 3))
}

fn estate(bodies: Vec<Recorded>) -> Result<Estate, Box<dyn std::error::Error>> {
    Estate::from_text("live", text(bodies)?).map_err(|problems| problems[0].to_string().into())
}

/// The text of an estate, in the order in which a recording has it.
fn text(mut bodies: Vec<Recorded>) -> Result<String, serde_json::Error> {
    bodies.sort_by_key(|body| body.id.to_ascii_lowercase());
    let bodies: Vec<Value> = bodies.into_iter().map(Recorded::entry).collect();
    let live = json!({"format": "xat-estate/1", "recorded": "2026-11-20", "resources": bodies});
    serde_json::to_string_pretty(&live)
}

/// What the hand-written files left, as the services return it, in no state: a database of too old a version on a shared core, a
/// service that the internet can call, a secret and a bucket that nobody declared.
fn found() -> Result<Vec<Recorded>, serde_json::Error> {
    let assets: Vec<Value> = serde_json::from_str(include_str!("legacy-found.json"))?;
    let text = |asset: &Value, key: &str| asset[key].as_str().unwrap_or_default().to_owned();
    let of = |mut asset: Value| Recorded {
        id: text(&asset, "name"),
        kind: text(&asset, "assetType"),
        body: asset["resource"]["data"].take(),
    };
    Ok(assets.into_iter().map(of).collect())
}

/// What people changed since.
fn by_hand(address: &str, mut found: Recorded) -> Recorded {
    let body = &mut found.body;
    match address {
        // Turned off while looking for something else, and forgotten.
        "network/subnetwork.xat-run" => set(body, "privateIpGoogleAccess", json!(false)),
        // Opened to every repository of the owner.
        "delivery/identity_provider.xat-backend" => {
            set(body, "attributeCondition", json!("assertion.repository_owner == \"xat\""));
        }
        // It had told people at night.
        "monitoring/alert_policy.XAT: failing answers" => {
            if let Some(threshold) =
                body.pointer_mut("/conditions/0/conditionThreshold/thresholdValue")
            {
                *threshold = json!(5.0);
            }
            set(body, "mutationRecord", mutation("2026-11-02T03:14:55.402118211Z"));
        }
        _ => {}
    }
    found
}

/// A number as the services make them up, always the same for one resource.
fn number(id: &str, digits: usize) -> String {
    let mut out = String::from("1");
    let mut seed: u64 =
        id.bytes().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    while out.len() < digits {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        out.push(char::from(b'0' + u8::try_from((seed >> 33) % 10).unwrap_or_default()));
    }
    out
}

/// The name that stands in a body where the service knows the project by its number.
fn numbered(id: &str) -> String {
    let behind = id.split_once("/projects/xat-backend/").map_or(id, |(_, behind)| behind);
    format!("projects/{NUMBER}/{behind}")
}

fn mutation(time: &str) -> Value {
    json!({"mutateTime": time, "mutatedBy": "operations@example.com"})
}

/// What a service adds to a body, and how it spells what it was sent.
fn as_returned(found: &mut Recorded) {
    let id = found.id.clone();
    let name = id.rsplit('/').next().unwrap_or_default().to_owned();
    let reference = id.split_once("/projects/").map_or(id.as_str(), |(_, behind)| behind);
    let reference = format!("projects/{reference}");
    let body = &mut found.body;
    match found.kind.as_str() {
        "serviceusage.googleapis.com/Service" => {
            set(body, "name", json!(numbered(&id)));
            set(body, "parent", json!(format!("projects/{NUMBER}")));
            set(body, "config", json!({"name": name, "documentation": {}, "usage": {}}));
        }
        "compute.googleapis.com/Network" => {
            compute(body, &reference, "network", &name);
            set(
                body,
                "selfLinkWithId",
                json!(url(&format!("projects/xat-backend/global/networks/{}", number(&id, 19)))),
            );
            set(
                body,
                "routingConfig",
                json!({"routingMode": "REGIONAL", "bgpBestPathSelectionMode": "LEGACY"}),
            );
            set(body, "networkFirewallPolicyEnforcementOrder", json!("AFTER_CLASSIC_FIREWALL"));
            set(
                body,
                "subnetworks",
                json!([url("projects/xat-backend/regions/us-central1/subnetworks/xat-run")]),
            );
            set(
                body,
                "peerings",
                json!([{
                    "name": "servicenetworking-googleapis-com", "state": "ACTIVE",
                    "network": url("projects/k3b1vd7f0a9c2-tp/global/networks/servicenetworking"),
                    "exchangeSubnetRoutes": true, "autoCreateRoutes": true, "peerMtu": 0, "stackType": "IPV4_ONLY",
                }]),
            );
        }
        "compute.googleapis.com/Subnetwork" => {
            compute(body, &reference, "subnetwork", &name);
            set(body, "network", json!(url("projects/xat-backend/global/networks/xat")));
            set(body, "region", json!(url("projects/xat-backend/regions/us-central1")));
            set(body, "gatewayAddress", json!("10.30.0.1"));
            set(body, "fingerprint", json!("q5x0mXr7bQ0="));
            set(body, "privateIpv6GoogleAccess", json!("DISABLE_GOOGLE_ACCESS"));
            set(body, "purpose", json!("PRIVATE"));
            set(body, "stackType", json!("IPV4_ONLY"));
            set(body, "enableFlowLogs", json!(false));
            set(body, "logConfig", json!({"enable": false}));
        }
        "compute.googleapis.com/GlobalAddress" => {
            compute(body, &reference, "address", &name);
            set(body, "network", json!(url("projects/xat-backend/global/networks/xat")));
            set(body, "address", json!("10.106.0.0"));
            set(body, "status", json!("RESERVED"));
            set(body, "networkTier", json!("PREMIUM"));
            set(body, "labelFingerprint", json!("42WmSpB8rSM="));
        }
        "servicenetworking.googleapis.com/Connection" => {
            set(body, "network", json!(format!("projects/{NUMBER}/global/networks/xat")));
            set(body, "peering", json!(name));
            set(body, "service", json!("services/servicenetworking.googleapis.com"));
        }
        "artifactregistry.googleapis.com/Repository" => {
            set(body, "name", json!(reference));
            set(body, "mode", json!("STANDARD_REPOSITORY"));
            set(body, "registryUri", json!("us-central1-docker.pkg.dev/xat-backend/xat"));
            set(body, "createTime", json!("2026-09-01T08:12:44.031215Z"));
            set(body, "updateTime", json!("2026-09-01T08:12:44.031215Z"));
            set(body, "satisfiesPzi", json!(true));
            set(
                body,
                "vulnerabilityScanningConfig",
                json!({
                    "lastEnableTime": "2026-09-01T08:12:40.201331Z", "enablementState": "SCANNING_DISABLED",
                    "enablementStateReason": "API containerscanning.googleapis.com is not enabled.",
                }),
            );
        }
        "iam.googleapis.com/ServiceAccount" => {
            set(body, "name", json!(reference));
            set(body, "projectId", json!("xat-backend"));
            set(body, "email", json!(name));
            set(body, "uniqueId", json!(number(&id, 21)));
            set(body, "oauth2ClientId", json!(number(&id, 21)));
            set(body, "etag", json!("MDEwMjE5MjA="));
        }
        "secretmanager.googleapis.com/Secret" => {
            set(body, "name", json!(numbered(&id)));
            set(body, "createTime", json!("2026-09-01T08:13:02.456167Z"));
            set(body, "etag", json!("\"163c1efce157c3\""));
        }
        "secretmanager.googleapis.com/SecretVersion" => {
            set(body, "name", json!(numbered(&id).replace("/latest", "/1")));
            set(body, "createTime", json!("2026-09-01T08:13:04.814956Z"));
            set(body, "state", json!("ENABLED"));
            set(body, "replicationStatus", json!({"automatic": {}}));
            set(body, "clientSpecifiedPayloadChecksum", json!(true));
            set(body, "etag", json!("\"163c1efd0cfce3\""));
        }
        "iam.googleapis.com/WorkloadIdentityPool"
        | "iam.googleapis.com/WorkloadIdentityPoolProvider" => {
            set(body, "name", json!(numbered(&id)));
            set(body, "state", json!("ACTIVE"));
        }
        "monitoring.googleapis.com/NotificationChannel" => {
            set(body, "enabled", json!(true));
            set(body, "creationRecord", json!({"mutateTime": "2026-09-01T08:14:20.118402771Z"}));
            set(body, "mutationRecords", json!([{"mutateTime": "2026-09-01T08:14:20.118402771Z"}]));
        }
        "monitoring.googleapis.com/AlertPolicy" => {
            let of = body["name"].as_str().unwrap_or_default().to_owned();
            set(body, "enabled", json!(true));
            set(body, "creationRecord", mutation("2026-09-01T08:14:31.640022195Z"));
            set(body, "mutationRecord", mutation("2026-09-01T08:14:31.640022195Z"));
            if let Some(condition) = body.pointer_mut("/conditions/0") {
                set(condition, "name", json!(format!("{of}/conditions/{}", number(&of, 18))));
            }
        }
        // What was applied of others comes back as it was sent.
        _ => {}
    }
}

/// What every body of Compute Engine says.
fn compute(body: &mut Value, reference: &str, kind: &str, name: &str) {
    set(body, "kind", json!(format!("compute#{kind}")));
    set(body, "id", json!(number(reference, 19)));
    set(body, "creationTimestamp", json!("2026-09-01T01:12:51.633-07:00"));
    set(body, "name", json!(name));
    set(body, "selfLink", json!(url(reference)));
}

fn url(reference: &str) -> String {
    format!("https://www.googleapis.com/compute/v1/{reference}")
}
