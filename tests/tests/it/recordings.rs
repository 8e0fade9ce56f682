//! Conformance over real recorded exchanges, where the variable `XAT_RECORDINGS` says where they are.

use std::path::PathBuf;

use xat_tests::conformance;

/// The targets hold for every modelled type: no noise, no missed change, every pair read, 98 % of leaves.
fn conforms(cloud: &str) {
    let Some(folder) = std::env::var_os("XAT_RECORDINGS").map(PathBuf::from) else {
        println!("skipped: XAT_RECORDINGS does not say where the recorded exchanges are");
        return;
    };
    let report = conformance::run(&folder.join(cloud), None).unwrap();
    let told = report.text();
    assert!(report.totals.pairs > 0, "no pairs in {}", folder.display());
    for (name, counts) in &report.by_type {
        assert_eq!((counts.noisy, counts.missed, counts.unreadable), (0, 0, 0), "{name}\n{told}");
        assert!(counts.coverage() >= 98.0, "{name}\n{told}");
    }
    println!(
        "{} pairs of {} types conform; not modelled: {:?}; left out: {:?}",
        report.totals.pairs,
        report.by_type.len(),
        report.unmodelled_types,
        report.left_out,
    );
}

#[test]
fn recorded_pairs_conform() {
    conforms("azure");
}

#[test]
fn recorded_pairs_of_google_conform() {
    conforms("gcp");
}

/// The runner counts what it should: a planted pair that is noisy, says something unknown, and answers with another
/// type's shape.
#[test]
fn planted_pairs_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv";
    let pair = |request: serde_json::Value, live: serde_json::Value| {
        serde_json::json!({
            "write_method": "PUT", "put_uri": format!("https://management.example{id}?api-version=2024-11-01"),
            "put_request_body": request, "get_response_body": live, "source": "planted", "recorded": "2026",
        })
        .to_string()
    };
    let good = serde_json::json!({"location": "westeurope", "properties": {"enablePurgeProtection": true}});
    let spelt = serde_json::json!({"id": id, "location": "West Europe", "properties": {"enablePurgeProtection": true}});
    let noisy = serde_json::json!({"id": id, "location": "North Europe", "properties": {"enablePurgeProtection": true}});
    let broken = serde_json::json!({"id": id, "location": {"a": 1}, "properties": {}});
    let unknown = serde_json::json!({"location": "westeurope", "properties": {"nobodyKnows": 1}});
    let run = |lines: &[String]| {
        std::fs::write(folder.path().join("pairs.jsonl"), lines.join("\n")).unwrap();
        conformance::run(folder.path(), None).unwrap().totals
    };
    let fine = run(&[pair(good.clone(), spelt.clone())]);
    assert_eq!(
        (fine.noisy, fine.missed, fine.leaves, fine.modelled, fine.mutations),
        (0, 0, 2, 2, 2)
    );
    assert_eq!(run(&[pair(good.clone(), noisy)]).noisy, 1);
    assert_eq!(run(&[pair(good, broken)]).unreadable, 1);
    let unknown = run(&[pair(unknown, spelt)]);
    assert_eq!((unknown.leaves, unknown.modelled), (2, 1));
}

/// The same for a pair of Google's: wrapped, with a mask, and numbers in place of words where the client asked for them.
#[test]
fn planted_pairs_of_google_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let uri = "https://compute.googleapis.com/compute/v1/projects/${projectId}/global/networks/${networkID}";
    let run = |query: &str, request: serde_json::Value, live: serde_json::Value| {
        let pair = serde_json::json!({
            "write_method": "PATCH", "write_uri": format!("{uri}{query}"), "request_body": request,
            "get_uri": uri, "get_response_body": live, "source": "planted",
        });
        std::fs::write(folder.path().join("pairs.jsonl"), pair.to_string()).unwrap();
        conformance::run(folder.path(), None).unwrap()
    };
    let asked =
        serde_json::json!({"name": "${networkID}", "autoCreateSubnetworks": false, "mtu": 1500});
    let same = serde_json::json!({"name": "${networkID}", "id": "1", "kind": "compute#network",
        "autoCreateSubnetworks": false, "mtu": 1500});
    let other = serde_json::json!({"autoCreateSubnetworks": false, "mtu": 1460});
    let fine = run("", asked.clone(), same).totals;
    assert_eq!(
        (fine.noisy, fine.missed, fine.leaves, fine.modelled, fine.mutations),
        (0, 0, 2, 2, 2)
    );
    assert_eq!(run("", asked.clone(), other.clone()).totals.noisy, 1);
    let masked = run("?updateMask=autoCreateSubnetworks", asked, other.clone()).totals;
    assert_eq!((masked.noisy, masked.leaves), (0, 1));
    let unknown = run("", serde_json::json!({"nobodyKnows": 1, "mtu": 1460}), other).totals;
    assert_eq!((unknown.leaves, unknown.modelled), (2, 1));
    assert_eq!(
        run("", serde_json::json!({"mtu": 1460}), serde_json::json!({"mtu": {}})).totals.unreadable,
        1
    );
}

/// A pair about a part of a resource, or about a body that mirrors a subtree of it, is compared as that, and counts
/// under its own REST type; one about a body below a resource that no type knows is not modelled.
#[test]
fn parts_and_mirrors_are_compared_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let run = |below: &str, request: serde_json::Value, live: serde_json::Value| {
        let id =
            format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app/{below}");
        let pair = serde_json::json!({
            "write_method": "PUT", "put_uri": format!("https://management.example{id}?api-version=2023-01-01"),
            "put_request_body": request, "get_response_body": live, "source": "planted", "recorded": "2026",
        });
        std::fs::write(folder.path().join("pairs.jsonl"), pair.to_string()).unwrap();
        conformance::run(folder.path(), None).unwrap()
    };
    let settings = |value: &str| serde_json::json!({"properties": {"MODE": value}});
    let fine = run("config/appsettings", settings("a"), settings("a"));
    let counts = &fine.by_type["Microsoft.Web/sites/config/appsettings"];
    assert_eq!(
        (counts.noisy, counts.missed, counts.leaves, counts.modelled, counts.mutations),
        (0, 0, 1, 1, 1)
    );
    assert_eq!(run("config/appsettings", settings("a"), settings("b")).totals.noisy, 1);

    let web =
        |on: bool| serde_json::json!({"location": "westeurope", "properties": {"alwaysOn": on}});
    let fine = run("config/web", web(true), web(true));
    let counts = &fine.by_type["Microsoft.Web/sites/config/web"];
    assert_eq!(
        (counts.noisy, counts.missed, counts.leaves, counts.modelled, counts.mutations),
        (0, 0, 2, 2, 2)
    );
    assert_eq!(run("config/web", web(true), web(false)).totals.noisy, 1);
    let unknown = serde_json::json!({"properties": {"nobodyKnows": 1}});
    let unknown = run("config/web", unknown, web(true)).totals;
    assert_eq!((unknown.leaves, unknown.modelled), (1, 0));

    let other = run("config/other", settings("a"), settings("a"));
    assert_eq!((other.totals.pairs, other.unmodelled_types.len()), (0, 1));
}
