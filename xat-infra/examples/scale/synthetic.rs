//! A synthetic estate: realistic resources, wide (many groups) and deep (chains of `depends_on`), and its live bodies.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};
use xat_infra::azure::prelude::*;
use xat_infra::{graph, live};

use super::Failure;

/// A stack of `resources` resources.
pub(crate) fn stack(resources: usize) -> Stack {
    let mut stack = Stack::new("scale")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002")
        .tag("env", "production")
        .tag("owner", "platform");
    let mut number = 0;
    let mut previous: Option<Handle<WebApp>> = None;
    while stack.len() < resources {
        number += 1;
        let left = resources - stack.len();
        // A chain of applications, broken now and then, makes the graph deep as well as wide.
        let before = previous.filter(|_| number % 40 != 0);
        previous = stack
            .component(&format!("team-{number}"), |stack| service(stack, number, left, before))
            .or(previous);
    }
    stack
}

/// One team's service, twenty resources at most; fewer where fewer are `left`.
fn service(
    stack: &mut Stack,
    number: usize,
    left: usize,
    before: Option<Handle<WebApp>>,
) -> Option<Handle<WebApp>> {
    let end = stack.len() + left;
    let group =
        stack.add(ResourceGroup::new(Name::new(format!("scale-{number}-rg")), Region::WestEurope));
    if left < 20 {
        while stack.len() < end {
            let identity = Name::new(format!("spare-{}", stack.len()));
            stack.add(UserAssignedIdentity::new(identity, group));
        }
        return None;
    }
    let range = cidr!("10.0.0.0/16");
    let network = stack.add(VirtualNetwork::new(name!("net"), group, range));
    let guard = stack.add(
        NetworkSecurityGroup::new(name!("guard"), group)
            .rule(
                SecurityRule::allow("https", Direction::Inbound, 100)
                    .from("VirtualNetwork")
                    .port("443"),
            )
            .rule(SecurityRule::deny("rest", Direction::Inbound, 4096)),
    );
    let part = |index| range.subnet(24, index).unwrap_or(range);
    let apps = stack.add(Subnet::delegated_to(WebServerFarms, name!("apps"), network, part(1)));
    let endpoints =
        stack.add(Subnet::new(name!("endpoints"), network, part(2)).network_security_group(guard));
    let vault = stack.add(KeyVault::new(Name::new(format!("scale-{number}-kv")), group));
    let zone = stack.add(PrivateDnsZone::private_link::<KeyVault>(group));
    stack.add(PrivateDnsZoneLink::new(name!("net"), zone, network));
    stack.add(PrivateEndpoint::to(name!("vault-endpoint"), group, endpoints, vault).dns_zone(zone));
    let secrets: Vec<_> = ["key", "token", "dsn", "mail"]
        .map(|secret| {
            stack.add(VaultSecret::new(Name::new(secret), vault, Secret::generated(secret)))
        })
        .into();
    let identity = stack.add(UserAssignedIdentity::new(name!("service"), group));
    let registry =
        stack.add(ContainerRegistry::premium(Name::new(format!("scale{number}images")), group));
    let may_pull = stack.add(RoleAssignment::new(Role::AcrPull, registry, identity));
    let may_read = stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, vault, identity));
    let plan = stack.add(AppServicePlan::linux(name!("plan"), group, PlanSku::P1v3));
    let mut last = before;
    for name in ["web", "worker"] {
        let image = ContainerImage::tag(registry, name, tag!("1.4.2"));
        let mut web =
            WebApp::container(Name::new(format!("scale-{number}-{name}")), group, plan, image)
                .pull_as(identity)
                .integrate(apps)
                .port(8000)
                .setting("MODE", "production")
                .depends_on(may_pull)
                .depends_on(may_read);
        for (key, secret) in ["KEY", "TOKEN", "DSN", "MAIL"].into_iter().zip(&secrets) {
            web = web.secret_setting(key, *secret);
        }
        if let Some(last) = last {
            web = web.depends_on(last);
        }
        last = Some(stack.add(web));
    }
    last
}

/// Writes the live bodies of the stack, as a cloud would return them: about 1 KB each with leaves that nobody
/// manages and values that come back rewritten; `changed_percent` of them differ from what is declared.
pub(crate) fn write_estate(
    file: &Path,
    resources: usize,
    changed_percent: f64,
) -> Result<u64, Failure> {
    let graph = graph::build(stack(resources)).map_err(|problems| problems[0].to_string())?;
    let mut out = BufWriter::new(File::create(file)?);
    write!(out, "{{\"format\":\"xat-estate/1\",\"recorded\":\"2026-01-02\",\"resources\":[")?;
    let every = if changed_percent > 0.0 { (100.0 / changed_percent) as usize } else { usize::MAX };
    let mut first = true;
    for (number, node) in graph.nodes.iter().enumerate() {
        for mut found in live::model::bodies(&graph, node) {
            let body = &mut found.body;
            add_noise(body, number);
            let tagged = body["tags"]["env"].is_string();
            if tagged && every != usize::MAX && number % every == every - 1 {
                body["tags"]["env"] = json!("changed by hand");
            }
            let entry = found.entry();
            write!(out, "{}{entry}", if first { "\n" } else { ",\n" })?;
            first = false;
        }
    }
    write!(out, "\n]}}\n")?;
    out.flush()?;
    Ok(std::fs::metadata(file)?.len())
}

/// What real bodies hold beside what was written.
fn add_noise(body: &mut Value, number: usize) {
    if body["location"] == "westeurope" {
        body["location"] = json!("West Europe");
    }
    body["etag"] = json!(format!("W/\"{number:08x}-fff6-44d8-97a3-08e6611bc442\""));
    body["systemData"] = json!({
        "createdBy": "pipeline@example.com", "createdByType": "Application", "createdAt": "2025-11-03T04:46:17.26Z",
        "lastModifiedBy": "pipeline@example.com", "lastModifiedByType": "Application", "lastModifiedAt": "2025-12-20T04:47:01.281Z",
    });
    let properties = &mut body["properties"];
    if !properties.is_object() {
        *properties = json!({});
    }
    properties["provisioningState"] = json!("Succeeded");
    properties["hostNames"] = json!(["one.example.net", "two.example.net", "three.example.net"]);
    properties["privateEndpointConnections"] = json!([{
        "id": format!("/subscriptions/5a1e0000-0000-4000-8000-000000000001/privateEndpointConnections/{number}"),
        "properties": {"privateLinkServiceConnectionState": {"status": "Approved", "description": "", "actionsRequired": "None"}},
    }]);
}
