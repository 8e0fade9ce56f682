//! Lifecycles: recorded ones, where the variable `XAT_RECORDINGS` says where they are, and planted ones everywhere.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use xat_tests::lifecycle::{self, Report};

/// At every point of every recorded lifecycle the plan says what was really done.
#[test]
fn recordings_are_replayed_action_by_action() {
    let Some(folder) = std::env::var_os("XAT_RECORDINGS").map(PathBuf::from) else {
        println!("skipped: XAT_RECORDINGS does not say where the recorded exchanges are");
        return;
    };
    for (cloud, kinds) in [("azure", AZURE), ("gcp", GOOGLE)] {
        replayed_of(&folder.join(cloud), kinds);
    }
}

/// What each cloud's recordings have points of.
const AZURE: &[&str] =
    &["create", "update", "delete", "recover", "no change", "nothing after write and read"];
const GOOGLE: &[&str] = &["create", "update", "delete", "nothing after write and read"];

fn replayed_of(folder: &Path, kinds: &[&str]) {
    let report = lifecycle::run(folder, None).unwrap();
    let told = report.text();
    let totals = &report.totals;
    assert!(totals.points > 0, "no points in {}", folder.display());
    assert_eq!(totals.disagreed, 0, "{told}");
    assert_eq!(totals.points, totals.agreed + totals.histories, "{told}");
    for kind in kinds {
        assert!(report.by_expectation.contains_key(*kind), "no point expects `{kind}`\n{told}");
    }
    println!("{told}");
}

const ID: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv";

/// A vault's body as the service answers it.
fn vault(location: &str, purge: bool, tags: Json) -> Json {
    json!({
        "id": ID, "name": "kv", "type": "Microsoft.KeyVault/vaults", "location": location, "tags": tags,
        "properties": {"enablePurgeProtection": purge, "enableSoftDelete": true, "provisioningState": "Succeeded"},
    })
}

fn exchange(method: &str, status: u16, request: Json, answer: Json) -> Json {
    let uri = format!("https://management.example{ID}?api-version=2024-11-01");
    let kind = if status == 404 { "get-404".to_owned() } else { method.to_lowercase() };
    json!({
        "kind": kind, "method": method, "uri": uri, "status": status, "request_body": request, "response_body": answer,
    })
}

fn put(location: &str, purge: bool, tags: Json) -> Json {
    let asked = json!({"location": location, "tags": tags.clone(), "properties": {"enablePurgeProtection": purge}});
    exchange("PUT", 200, asked, vault(location, purge, tags))
}

fn get(body: Json) -> Json {
    exchange("GET", 200, Json::Null, body)
}

fn replayed(exchanges: &[Json]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let recording =
        json!({"type": "Microsoft.KeyVault/vaults", "source": "planted", "exchanges": exchanges});
    std::fs::write(folder.path().join("01.json"), recording.to_string()).unwrap();
    lifecycle::run(folder.path(), None).unwrap()
}

fn expectations(report: &Report) -> Vec<(&str, usize)> {
    report.by_expectation.iter().map(|(word, points)| (*word, *points)).collect()
}

/// A whole life, every step as it should be: made, changed, said again, changed in part, deleted, taken back.
#[test]
fn a_planted_life_agrees() {
    let owner = || json!({"owner": "a"});
    let report = replayed(&[
        exchange("GET", 404, Json::Null, json!({"error": {"code": "ResourceNotFound"}})),
        put("westeurope", true, json!({})),
        get(vault("West Europe", true, json!({}))),
        put("westeurope", true, owner()),
        get(vault("westeurope", true, owner())),
        put("westeurope", true, owner()),
        get(vault("westeurope", true, owner())),
        exchange(
            "PATCH",
            200,
            json!({"tags": {"owner": "b"}}),
            vault("westeurope", true, json!({"owner": "b"})),
        ),
        get(vault("westeurope", true, json!({"owner": "b"}))),
        exchange("DELETE", 200, Json::Null, Json::Null),
        exchange("GET", 404, Json::Null, Json::Null),
        put("westeurope", true, owner()),
        get(vault("westeurope", true, owner())),
    ]);
    assert_eq!((report.totals.disagreed, report.totals.points), (0, 12), "{}", report.text());
    assert_eq!(
        expectations(&report),
        [
            ("create", 1),
            ("delete", 1),
            ("no change", 1),
            ("nothing after write and read", 5),
            ("recover", 2),
            ("update", 2),
        ]
    );
    assert_eq!(report.recreated.len(), 1, "deleted and made again");
}

/// The judge notices each wrong action, planted by a recording in which something else happened.
#[test]
fn a_wrong_action_is_noticed() {
    let first = [put("westeurope", true, json!({})), get(vault("westeurope", true, json!({})))];
    let wrong = |more: &[Json]| -> Vec<(&'static str, String)> {
        let report = replayed(&[&first, more].concat());
        report.disagreements.iter().map(|d| (d.expected, d.got.clone())).collect()
    };
    assert_eq!(wrong(&[]), []);
    // The service moved it in place, and the type says that this takes a replacement.
    let moved = [put("northeurope", true, json!({})), get(vault("northeurope", true, json!({})))];
    assert_eq!(wrong(&moved), [("update", "replace: location (forces it)".to_owned())]);
    // What was written is not what is read.
    assert_eq!(
        wrong(&[get(vault("westeurope", false, json!({})))]),
        [("nothing after write and read", "update: purge_protection".to_owned())]
    );
    // It changed, and the type cannot say what.
    let mut after = vault("westeurope", true, json!({}));
    after["properties"]["nobodyKnows"] = json!(2);
    let asked = json!({"location": "westeurope", "properties": {"enablePurgeProtection": true, "nobodyKnows": 2}});
    assert_eq!(
        wrong(&[exchange("PUT", 200, asked, after.clone()), get(after)]),
        [("update", "none".to_owned())]
    );
    // What cannot be read is no agreement.
    let mut broken = vault("westeurope", true, json!({}));
    broken["location"] = json!({"name": "westeurope"});
    let found = wrong(&[get(broken)]);
    assert!(found.len() == 1 && found[0].1.starts_with("unreadable"), "{found:?}");
    // A refused write changes nothing.
    let mut refused = put("northeurope", true, json!({}));
    refused["status"] = json!(409);
    assert_eq!(wrong(&[refused, get(vault("westeurope", true, json!({})))]), []);
}

const SECRET: &str = "https://secretmanager.googleapis.com/v1/projects/${projectId}/secrets";

fn google(method: &str, uri: &str, status: u16, request: Json, answer: Json) -> Json {
    let kind = if status == 404 { "get-404".to_owned() } else { method.to_lowercase() };
    let uri = format!("{SECRET}{uri}");
    json!({
        "kind": kind, "method": method, "uri": uri, "status": status, "request_body": request, "response_body": answer,
    })
}

/// A life on Google Cloud: made in a collection, changed by a mask, read in between, deleted. Whatever is made a second time under one
/// placeholder is somebody else.
#[test]
fn a_planted_life_of_google_agrees_and_a_wrong_one_does_not() {
    let body = |labels: Json| json!({"name": "projects/1/secrets/key", "replication": {"automatic": {}}, "labels": labels});
    let asked = json!({"replication": {"automatic": {}}, "labels": {"a": "1"}});
    let changed = json!({"name": "projects/1/secrets/key", "labels": {"a": "2"}, "etag": "x"});
    let made = google("POST", "?secretId=key", 200, asked.clone(), body(json!({"a": "1"})));
    let read = |labels: Json| google("GET", "/key", 200, Json::Null, body(labels));
    let patched = google("PATCH", "/key?updateMask=labels", 200, changed, body(json!({"a": "2"})));
    let gone = google("GET", "/key", 404, Json::Null, json!({"error": {"code": 404}}));
    let deleted = google("DELETE", "/key", 200, Json::Null, json!({}));
    let life =
        [gone, made.clone(), read(json!({"a": "1"})), patched, read(json!({"a": "2"})), deleted];
    let report = replayed(&life);
    assert_eq!((report.totals.disagreed, report.totals.points), (0, 5), "{}", report.text());
    assert_eq!(
        expectations(&report),
        [("create", 1), ("delete", 1), ("nothing after write and read", 2), ("update", 1)]
    );
    let wrong = replayed(&[made.clone(), read(json!({"a": "3"}))]);
    assert_eq!(wrong.totals.disagreed, 1, "{}", wrong.text());
    let two = replayed(&[made.clone(), read(json!({"a": "1"})), made, read(json!({"a": "3"}))]);
    assert_eq!((two.totals.disagreed, two.totals.points), (0, 2), "{}", two.text());
}
