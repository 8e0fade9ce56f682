//! A synthetic estate: realistic resources, wide (many groups) and deep (chains of `depends_on`), and its live bodies.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};
use xat_infra::azure::prelude::*;
use xat_infra::{graph, live};

use super::Failure;

/// A stack of `resources` resources.
pub fn stack(resources: usize) -> Stack {
    let mut stack = Stack::new("scale")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002")
        .tag("env", "production")
        .tag("owner", "platform");
    let mut group_number = 0;
    while stack.len() < resources {
        group_number += 1;
        let group = stack.add(ResourceGroup::new(
            Name::new(format!("scale-{group_number}-rg")),
            Region::WestEurope,
        ));
        let mut last = None;
        for n in 0..49 {
            if stack.len() >= resources {
                break;
            }
            let mut vault = KeyVault::new(Name::new(format!("kv-{group_number}-{n}")), group);
            if let Some(last) = last {
                vault = vault.depends_on(last).tag("previous", last);
            }
            let handle = stack.add(vault);
            last = (n % 7 != 6).then_some(handle);
        }
    }
    stack
}

/// Writes the live bodies of the stack, as a cloud would return them: about 1 KB each with leaves that nobody
/// manages and values that come back rewritten; `changed_percent` of them differ from what is declared.
pub fn write_estate(file: &Path, resources: usize, changed_percent: f64) -> Result<u64, Failure> {
    let graph = graph::build(stack(resources)).map_err(|problems| problems[0].to_string())?;
    let mut out = BufWriter::new(File::create(file)?);
    write!(out, "{{\"format\":\"xat-estate/1\",\"recorded\":\"2026-01-02\",\"resources\":[")?;
    let every = if changed_percent > 0.0 { (100.0 / changed_percent) as usize } else { usize::MAX };
    let mut first = true;
    for (number, node) in graph.nodes.iter().enumerate() {
        for mut body in live::model::bodies(&graph, node) {
            add_noise(&mut body, number);
            if every != usize::MAX && number % every == every - 1 {
                body["tags"]["env"] = json!("changed by hand");
            }
            write!(out, "{}{body}", if first { "\n" } else { ",\n" })?;
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
