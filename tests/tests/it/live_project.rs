//! All of a project of Google Cloud, over HTTP: what the inventory lists is read where it is, recorded and imported.

#![cfg(feature = "gcp")]

use serde_json::{Value as Json, json};
use xat_infra::cli::{Io, StackEntry, run_with};
use xat_infra::live::{Estate, model};
use xat_tests::server::{Answer, Request, Server};

use crate::live_gcp::{built, playing, shop};

const PROJECT: &str = "shop-prod";

const STACKS: &[StackEntry] =
    &[StackEntry { name: "shop", about: "A shop.", build: shop, estate: None, state: None }];

/// What the inventory does not know.
fn unlisted(asset: &Json) -> bool {
    let within = ["/connections/", "/databases/", "/users/"];
    asset["name"].as_str().is_some_and(|name| within.iter().any(|of| name.contains(of)))
}

/// The inventory of an estate: names with the project's number, as it has them for some services; policies whole.
fn inventory(estate: &Json, content: &str) -> Vec<Json> {
    let assets = estate["resources"].as_array().expect("assets").iter();
    let is_member = |asset: &&Json| asset["name"].as_str().unwrap().contains("/iamPolicy/");
    let numbered = |name: &str| match name.contains("secretmanager") {
        true => name.replace(PROJECT, "123456789012").replace("/versions/latest", "/versions/3"),
        false => name.to_owned(),
    };
    assets
        .filter(|asset| is_member(asset) == (content == "IAM_POLICY") && !unlisted(asset))
        .map(|asset| {
            let name = asset["name"].as_str().unwrap();
            let data = &asset["resource"]["data"];
            match name.split_once("/iamPolicy/") {
                Some((holder, _)) => {
                    let binding = json!({"role": data["role"], "members": [data["member"]]});
                    json!({
                        "name": numbered(holder), "assetType": "x/Y", "iamPolicy": {"bindings": [binding]},
                    })
                }
                None => json!({
                    "name": numbered(name), "assetType": asset["assetType"],
                    "resource": {"version": "v1", "data": data},
                }),
            }
        })
        .collect()
}

/// Plays an estate and its inventory, one asset on each page.
fn play(estate: Json) -> impl Fn(&Request, usize) -> Answer + Send + Sync {
    let services = playing(&estate);
    move |request, nth| {
        if !request.path.starts_with("/cloudasset.googleapis.com/") {
            return services(request, nth);
        }
        assert_eq!(request.path, "/cloudasset.googleapis.com/v1/projects/shop-prod/assets");
        let asked = |key: &str| {
            request.query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
        };
        let mut assets = inventory(&estate, asked("contentType").expect("a content type"));
        // Nobody models this one.
        assets.push(json!({"name": "//nowhere.googleapis.com/projects/shop-prod/x/y", "assetType": "nowhere.googleapis.com/X"}));
        let page: usize = asked("pageToken").map_or(0, |page| page.parse().unwrap());
        let mut out = json!({"assets": [assets[page]]});
        if page + 1 < assets.len() {
            out["nextPageToken"] = (page + 1).to_string().into();
        }
        Answer::new(200, out.to_string())
    }
}

fn run(folder: &std::path::Path, args: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut io = Io {
        out: &mut out,
        err: &mut err,
        out_is_terminal: false,
        err_is_terminal: false,
        width: Some(100),
        no_color: true,
        cwd: folder.to_owned(),
    };
    let args = std::iter::once("xat").chain(args.iter().copied()).map(Into::into);
    let code = run_with(STACKS, args, &mut io);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// What is imported over HTTP is what is imported of the same estate recorded: what the inventory does not know is listed where it
/// is, in what holds it.
#[test]
fn a_project_is_recorded_and_imported() {
    let mut estate = model::applied(&built());
    let server = Server::start(play(estate.clone()));
    let (folder, url) = (tempfile::tempdir().unwrap(), server.url());
    let live = ["--live", "gcp", "--project", PROJECT, "--gcp-endpoint", &url];
    let record = ["record", "--date", "2026-01-02", "--out", "estate.json"];
    let (code, _, err) = run(folder.path(), &[&record[..], &live[..]].concat());
    assert_eq!(code, 0, "{err}");
    let text = std::fs::read_to_string(folder.path().join("estate.json")).unwrap();
    let recorded = Estate::from_text("estate.json", text).unwrap();
    assert_eq!(estate["resources"].as_array().unwrap().iter().filter(|a| unlisted(a)).count(), 3);
    let mut wanted: Vec<&str> = estate["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| asset["name"].as_str().unwrap())
        .collect();
    let mut found: Vec<&str> = recorded.ids().collect();
    wanted.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, wanted);

    // In the order in which a recording has them.
    let by_name = |asset: &Json| asset["name"].as_str().unwrap().to_ascii_lowercase();
    estate["resources"].as_array_mut().unwrap().sort_by_key(by_name);
    std::fs::write(folder.path().join("applied.json"), estate.to_string()).unwrap();
    let import = |live: &[&str], out: &str| {
        let args = [&["import", "--name", "shop", "--out", out], live].concat();
        let (code, _, err) = run(folder.path(), &args);
        assert_eq!(code, 0, "{err}");
        let text = std::fs::read_to_string(folder.path().join(out)).unwrap();
        // The first line says where it came from.
        text.split_once('\n').unwrap().1.to_owned()
    };
    let over_http = import(&live, "http.rs");
    assert_eq!(over_http, import(&["--live", "recorded:applied.json"], "recorded.rs"));
    for word in [
        "AlertPolicy::new",
        "name!(\"On call\")",
        "SecretIamMember::new",
        "SecretVersion::new",
        "ServiceConnection::new",
        "SqlDatabase::new",
        "SqlUser::as_found",
        "AppEngineApplication::new",
    ] {
        assert!(over_http.contains(word), "{word}: {over_http}");
    }
    let log = server.log();
    assert!(
        log.iter()
            .all(|request| request.method == "GET" || request.path.ends_with(":getIamPolicy")),
        "only reads"
    );
    assert!(log.iter().all(|request| !request.path.contains("nowhere")));
    // Each list is asked for once in a reading, whatever it holds.
    for list in ["/instances/shop/databases", "/instances/shop/users", "/connections"] {
        let asked = log.iter().filter(|request| request.path.ends_with(list)).count();
        assert_eq!(asked, 2, "{list}: one recording, one import");
    }
}

/// What the stack does not declare is listed where it is asked for, and the inventory is not asked unless it is.
#[test]
fn a_plan_lists_what_nobody_declared() {
    let mut estate = model::applied(&built());
    let stray = "//compute.googleapis.com/projects/shop-prod/global/networks/stray";
    let network = json!({"name": stray, "assetType": "compute.googleapis.com/Network",
        "resource": {"data": {"name": "stray", "autoCreateSubnetworks": false}}});
    estate["resources"].as_array_mut().unwrap().push(network);
    let server = Server::start(play(estate));
    let (folder, url) = (tempfile::tempdir().unwrap(), server.url());
    let plan = ["plan", "shop", "--live", "gcp", "--gcp-endpoint", &url];
    let asked = || server.log().iter().any(|request| request.path.contains("cloudasset"));
    let (code, out, err) = run(folder.path(), &plan);
    assert_eq!(code, 0, "{err}");
    assert!(!out.contains("stray") && !asked(), "{out}");
    let (code, out, err) = run(folder.path(), &[&plan[..], &["--show-unmanaged"]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("networks/stray") && asked(), "{out}");
}

/// What cannot be listed is no empty list: nothing is recorded around it.
#[test]
fn a_list_that_cannot_be_read_is_an_error() {
    let estate = model::applied(&built());
    let play = play(estate);
    let server = Server::start(move |request, nth| match request.path.ends_with("/databases") {
        true => Answer::new(
            400,
            r#"{"error": {"code": 400, "message": "The instance is not running.", "errors": [{"reason": "instanceNotRunning"}]}}"#,
        ),
        false => play(request, nth),
    });
    let (folder, url) = (tempfile::tempdir().unwrap(), server.url());
    let args = [
        "record",
        "--live",
        "gcp",
        "--project",
        PROJECT,
        "--gcp-endpoint",
        &url,
        "--out",
        "e.json",
    ];
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!(code, 1, "{out}");
    assert!(err.contains("each SQL database of") && err.contains("not running"), "{err}");
    assert!(!folder.path().join("e.json").exists());
}

#[test]
fn what_is_to_be_read_has_to_be_said() {
    let folder = tempfile::tempdir().unwrap();
    let (code, _, err) = run(folder.path(), &["import", "--live", "gcp"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("--project ID"), "{err}");
    let server = Server::start(|_, _| {
        Answer::new(
            403,
            r#"{"error": {"code": 403, "message": "denied", "status": "PERMISSION_DENIED"}}"#,
        )
    });
    let url = server.url();
    let args = ["import", "--live", "gcp", "--project", PROJECT, "--gcp-endpoint", &url];
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!(code, 1, "{out}");
    assert!(err.contains("roles/cloudasset.viewer"), "{err}");
}
