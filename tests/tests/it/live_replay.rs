//! Azure over HTTP, beyond single resources: lists and their pages, versions, whole groups, and what was really answered.

#![cfg(feature = "azure")]

use std::path::Path;

use serde_json::{Value as Json, json};
use xat_infra::live::{Ask, Estate, Fault, Source};
use xat_tests::scripted::short;
use xat_tests::server::{Answer, Server};

use crate::live_azure::{NOT_FOUND, azure, reads_only, run};

#[test]
fn lists_are_read_page_by_page_and_stay_on_their_server() {
    let group = "/subscriptions/s/resourceGroups/g";
    let one = short(&format!("{group}/providers/Microsoft.Odd/things/one"), "Microsoft.Odd/things");
    let two = short(&format!("{group}/providers/Microsoft.Odd/things/two"), "Microsoft.Odd/things");
    let (first, second) = (one.clone(), two.clone());
    let server = Server::start(move |request, _| match request.query.contains("skiptoken") {
        true => Answer::new(200, json!({"value": [second]}).to_string()),
        false => {
            // The link names the server, whose port only the request knows here: a path is a link too.
            let next = format!("{}?api-version=2021-04-01&%24skiptoken=x", request.path);
            Answer::new(200, json!({"value": [first], "nextLink": next}).to_string())
        }
    });
    let listed = azure(&server).list(group).unwrap();
    let ids: Vec<&Json> = listed.iter().map(|body| &body["id"]).collect();
    assert_eq!(ids, [&one["id"], &two["id"]]);
    assert_eq!(server.log().len(), 2);
    reads_only(&server);
    let away = Server::start(|_, _| {
        Answer::new(
            200,
            r#"{"value": [], "nextLink": "https://elsewhere.example/list?api-version=2021-04-01"}"#,
        )
    });
    let error = azure(&away).list(group).unwrap_err();
    assert!(error.why.contains("another server"), "{}", error.why);
    let ask = Ask {
        id: group.into(),
        wire: "Microsoft.Odd/deletedThings".into(),
        api: Some("2024-01-01".into()),
    };
    assert!(azure(&away).deleted(&ask).unwrap_err().why.contains("another server"));
}

/// A resource of which only the ID is known is read in the newest version of its type that is no preview.
#[test]
fn the_newest_stable_version_is_found_out() {
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Odd/things/o";
    let server = Server::start(move |request, _| {
        match request.path.as_str() {
        "/subscriptions/s/providers/Microsoft.Odd" => Answer::new(
            200,
            json!({"resourceTypes": [
                {"resourceType": "others", "apiVersions": ["2030-01-01"]},
                {"resourceType": "Things", "apiVersions": ["2025-06-01-preview", "2023-02-01", "2024-09-15", "2019-01-01"]},
            ]})
            .to_string(),
        ),
        path if path == id => Answer::new(200, short(id, "Microsoft.Odd/things").to_string()),
        _ => Answer::new(404, NOT_FOUND),
    }
    });
    let ask = Ask { id: id.into(), wire: "Microsoft.Odd/things".into(), api: None };
    let azure = azure(&server);
    azure.get(&ask).unwrap();
    azure.get(&ask).unwrap();
    let log = server.log();
    assert_eq!(log.iter().filter(|r| r.query == "api-version=2024-09-15").count(), 2);
    assert_eq!(log.len(), 3, "what the versions are is asked once");
    reads_only(&server);
}

/// A group is recorded with all that it holds, and without its secrets.
#[test]
fn a_group_is_recorded_without_its_secrets() {
    const CANARY: &str = "canary-of-a-live-group";
    let group = "/subscriptions/5a1e/resourceGroups/g";
    let vault = format!("{group}/providers/Microsoft.KeyVault/vaults/v");
    let odd = format!("{group}/providers/Microsoft.Odd/things/o");
    let mut whole = short(&vault, "Microsoft.KeyVault/vaults");
    whole["properties"] = json!({"sku": {"name": "standard"}, "adminPassword": CANARY});
    let listed = json!({"value": [short(&vault, "Microsoft.KeyVault/vaults"), {
        "id": odd, "name": "o", "type": "Microsoft.Odd/things", "tags": {"connectionString": CANARY, "team": "web"},
    }]});
    let secrets =
        json!({"value": [{"id": format!("{vault}/secrets/s"), "properties": {"value": CANARY}}]});
    let server = Server::start(move |request, _| match request.path.as_str() {
        path if path == vault => Answer::new(200, whole.to_string()),
        path if path == group => {
            Answer::new(200, short(group, "Microsoft.Resources/resourceGroups").to_string())
        }
        path if path.ends_with("/vaults/v/secrets") => Answer::new(200, secrets.to_string()),
        path if path.ends_with("/resources") => Answer::new(200, listed.to_string()),
        _ => Answer::new(404, NOT_FOUND),
    });
    let folder = tempfile::tempdir().unwrap();
    let url = server.url();
    let args = [
        "record",
        "--live",
        "azure",
        "--azure-endpoint",
        &url,
        "--subscription",
        "5a1e",
        "--group",
        "g",
        "--out",
        "g.json",
    ];
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert_eq!(err, "4 bodies recorded; left out as secret: 3 values\n");
    let text = std::fs::read_to_string(folder.path().join("g.json")).unwrap();
    assert!(!text.contains(CANARY), "{text}");
    assert!(text.contains("\"team\": \"web\"") && text.contains("\"standard\""), "{text}");
    assert_eq!(Estate::from_text("g.json", text).unwrap().len(), 4);
    reads_only(&server);
}

/// What was really answered, over HTTP: bodies arrive as they were sent, and errors are what they are.
#[test]
fn recorded_exchanges_are_read_as_they_were() {
    let Some(folder) = std::env::var_os("XAT_RECORDINGS") else {
        println!("skipped: XAT_RECORDINGS does not say where the recorded exchanges are");
        return;
    };
    let folder = Path::new(&folder).join("azure");
    let mut exchanges = Vec::new();
    for of_type in std::fs::read_dir(folder).unwrap().flatten().filter(|e| e.path().is_dir()) {
        for file in std::fs::read_dir(of_type.path()).unwrap().flatten() {
            if file.path().extension().is_some_and(|e| e == "json")
                && file.file_name() != "index.json"
            {
                let text = std::fs::read_to_string(file.path()).unwrap();
                let json: Json = serde_json::from_str(&text).unwrap();
                match json["exchanges"].as_array() {
                    Some(several) => exchanges.extend(several.iter().cloned()),
                    None => exchanges.push(json),
                }
            }
        }
    }
    // Errors to writes look as those to reads do; of successes, only reads of a resource.
    let told = |exchange: &Json| {
        exchange["status"].as_u64().is_some_and(|s| s >= 400)
            && !exchange["response_body"].is_null()
    };
    let got = |exchange: &Json| {
        exchange["kind"] == "get"
            && exchange["status"] == 200
            && exchange["response_body"].is_object()
    };
    exchanges.retain(|exchange| told(exchange) || got(exchange));
    let (mut bodies, mut absent, mut paused) = (0, 0, Vec::new());
    let played = exchanges.clone();
    let server = Server::start(move |request, _| {
        let nth: usize = request.path.rsplit('/').next().unwrap().parse().unwrap();
        let exchange = &played[nth];
        let status = u16::try_from(exchange["status"].as_u64().unwrap()).unwrap();
        let body = match exchange["response_body"]["_raw"].as_str() {
            Some(raw) => raw.to_owned(),
            None => exchange["response_body"].to_string(),
        };
        match exchange["response_headers"]["retry-after"].as_str() {
            Some(wait) => Answer::new(status, body).header("Retry-After", wait),
            None => Answer::new(status, body),
        }
    });
    let azure = azure(&server);
    for (nth, exchange) in exchanges.iter().enumerate() {
        let ask = Ask {
            id: format!("/subscriptions/s/{nth}"),
            wire: String::new(),
            api: Some("2021-04-01".into()),
        };
        let said = || format!("{nth}: {} {}", exchange["status"], exchange["response_body"]);
        match (azure.get(&ask), exchange["status"].as_u64().unwrap()) {
            (Ok(body), 200) => {
                assert_eq!(body, exchange["response_body"], "{}", said());
                bodies += 1;
            }
            (Err(error), 404) => {
                let html = exchange["response_body"]["_raw"].is_string();
                assert_eq!(error.fault == Fault::Absent, !html, "{}", said());
                absent += usize::from(!html);
            }
            (Err(error), status) => {
                let again = [408, 429, 500, 502, 503, 504].contains(&status);
                assert_eq!(error.fault == Fault::Busy, again, "{}", said());
                assert_eq!(error.fault == Fault::Forbidden, status == 403, "{}", said());
                assert!(error.why.starts_with(&status.to_string()), "{}", error.why);
                if status == 429 {
                    paused.push(error.wait.map(|wait| wait.as_secs()));
                }
            }
            (Ok(_), status) => panic!("{status} was taken for a body"),
        }
    }
    reads_only(&server);
    paused.sort();
    paused.dedup();
    assert!(bodies > 100 && absent > 5, "{bodies} bodies, {absent} absences");
    assert!(
        paused.contains(&None) && paused.contains(&Some(11)),
        "both shapes of throttling: {paused:?}"
    );
    println!("{} exchanges: {bodies} bodies, {absent} absences", exchanges.len());
}
