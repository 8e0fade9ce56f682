//! The verbs of Google's types, held against the services' own methods and against recorded traffic.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use xat_infra::dsl::Stack;
use xat_infra::emit::steps;
use xat_infra::gcp::GoogleScope as _;
use xat_infra::graph;
use xat_infra::live::Estate;
use xat_infra::plan;
use xat_infra::state::State;
use xat_tests::double::methods::method;

/// Every request that the scripts of a type's example can send, with what is known only then filled in.
fn requests() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut out: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for registered in xat_infra::gcp::TYPES {
        let slug = (registered.ty)().slug;
        let mut stack = Stack::new("shop").project("shop").region("europe-west4");
        let (ty, node) = ((registered.ty)(), (registered.example)(&mut stack));
        let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{slug}: {problems:#?}"));
        if ty.wire == "raw" {
            continue;
        }
        let options = plan::Options::default();
        let plan = plan::plan(&graph, &Estate::empty(), &State::empty(), &options).unwrap();
        let files = steps::emit(&graph, &plan, &steps::Options::default());
        let files = files.unwrap_or_else(|problems| panic!("{slug}: {problems:#?}"));
        let json: Json = serde_json::from_str(&files[0].text).unwrap();
        let address = &graph.node(node).unwrap().address;
        let of = out.entry(slug).or_default();
        for step in json["steps"].as_array().unwrap().iter().filter(|s| s["address"] == **address) {
            let call = &step["calls"][0];
            let read = call["requests"]["read"].as_str().unwrap();
            let mut see = |request: &str| {
                of.extend(Some(request).filter(|r| !r.is_empty()).map(|r| filled(r, read)))
            };
            for key in ["read", "create", "write", "revive"] {
                see(call["requests"][key].as_str().unwrap_or_default());
            }
            for update in call["requests"]["updates"].as_array().into_iter().flatten() {
                let to = update["to"].as_str().unwrap();
                match update["words"].as_array() {
                    Some(words) => {
                        words
                            .iter()
                            .for_each(|w| see(&to.replace("{word}", w[1].as_str().unwrap())));
                    }
                    None => see(to),
                }
            }
        }
        // Of what it needs the example has more: only its own way to be deleted has its own way to be read.
        let destroy = &files[2].text;
        for line in destroy.lines().filter_map(|line| line.trim().strip_prefix("unmake '")) {
            let spec: Json = serde_json::from_str(line.trim_end_matches('\'')).unwrap();
            let read = spec["read"].as_str().unwrap();
            if of.contains(&filled(read, read)) {
                of.insert(filled(spec["delete"].as_str().unwrap(), read));
            }
        }
    }
    out
}

/// A request with what is known only when it is sent: of what the service numbers, the name stands in the live body.
fn filled(request: &str, read: &str) -> String {
    let live = match read.rsplit('/').next() {
        Some("latest") => "projects/1/secrets/s/versions/1".to_owned(),
        collection => format!("projects/1/{}/1", collection.unwrap_or_default()),
    };
    request.replace("{mask}", "a.b").replace("{number}", "1").replace("{live.name}", &live)
}

/// What is asked of a service is one of its methods, with parameters that the method has.
#[test]
fn every_request_is_a_method_of_its_service() {
    let requests = requests();
    assert!(requests.len() > 30 && requests.values().all(|of| of.len() > 1), "{requests:#?}");
    for (slug, of) in &requests {
        for request in of {
            let (verb, url) = request.split_once(' ').unwrap();
            method(verb, url).unwrap_or_else(|why| panic!("{slug}: {why}"));
        }
    }
    for planted in [
        ("POST", "https://run.googleapis.com/v2/projects/p/locations/l/services?serviceName=x"),
        ("PUT", "https://run.googleapis.com/v2/projects/p/locations/l/services/x"),
        ("GET", "http://run.googleapis.com/v2/projects/p/locations/l/services/x"),
        ("POST", "https://secretmanager.googleapis.com/v1/projects/p/secrets/s:add"),
    ] {
        assert!(method(planted.0, planted.1).is_err(), "{planted:?}");
    }
}

/// Writes in the recordings that are not ours, by verb and a part of the path, each with its reason.
const OTHERS: &[(&str, &str, &str)] = &[
    ("POST", "/wait", "a way to wait for an operation; ours asks for it again"),
    ("PUT", "/v1/projects/*/instances/*", "writes the whole instance; ours merges what changes"),
    ("PUT", "/databases/", "nothing of a database changes in place"),
    ("POST", ":batchEnable", "several APIs at once; each is a resource of its own"),
    (
        "POST",
        ":generateServiceIdentity",
        "makes an agent's account, which is no resource of a stack",
    ),
];

/// Each recorded write of a type that we have has the verb and the path that its description gives.
#[test]
fn recorded_writes_are_what_the_descriptions_say() {
    let Some(folder) = std::env::var_os("XAT_RECORDINGS").map(PathBuf::from) else {
        println!("skipped: XAT_RECORDINGS does not say where the recorded exchanges are");
        return;
    };
    let ours: BTreeSet<(String, String)> = requests()
        .values()
        .flatten()
        .filter_map(|request| {
            let (verb, url) = request.split_once(' ')?;
            let method = method(verb, url).ok()?;
            Some((verb.to_owned(), format!("{}/{}", method.service, method.path)))
        })
        .collect();
    let (mut seen, mut odd, mut used) = (0, BTreeSet::new(), BTreeSet::new());
    for (verb, uri) in writes(&folder.join("gcp")) {
        let url = uri.split('?').next().unwrap_or_default();
        // Older and newer versions have the same methods.
        let url = url
            .replace("/sql/v1beta4/", "/v1/")
            .replace("/compute/beta/", "/compute/v1/")
            .replace("/v1beta1/", "/v1/");
        let plain = plain(&url);
        let known =
            method(&verb, &url).ok().map(|m| (verb.clone(), format!("{}/{}", m.service, m.path)));
        seen += 1;
        if known.is_some_and(|known| ours.contains(&known)) {
            continue;
        }
        match OTHERS.iter().find(|(of, part, _)| *of == verb && plain.contains(part)) {
            Some((_, part, _)) => drop(used.insert(*part)),
            None => drop(odd.insert(format!("{verb} {plain}"))),
        }
    }
    assert!(seen > 200, "only {seen} writes");
    assert!(odd.is_empty(), "{odd:#?}");
    println!("{seen} recorded writes; of other kinds: {used:?}");
}

/// The names in a path as stars.
fn plain(url: &str) -> String {
    let mut of_collection = false;
    let segments = url.split('/').map(|segment| {
        let star = of_collection;
        of_collection =
            ["projects", "locations", "instances", "connectors", "databases"].contains(&segment);
        if star { "*" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn writes(folder: &Path) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for of in std::fs::read_dir(folder).unwrap().flatten() {
        let name = of.file_name();
        if name.to_string_lossy().starts_with('_') || !of.path().is_dir() {
            continue;
        }
        for file in std::fs::read_dir(of.path()).unwrap().flatten() {
            if file.path().extension().is_none_or(|e| e != "json") {
                continue;
            }
            let text = std::fs::read_to_string(file.path()).unwrap();
            let recording: Json = serde_json::from_str(&text).unwrap();
            for exchange in recording["exchanges"].as_array().into_iter().flatten() {
                let of = |key: &str| exchange[key].as_str().unwrap_or_default().to_owned();
                if of("method") != "GET" && exchange["status"].as_u64().is_some_and(|s| s < 300) {
                    out.push((of("method"), of("uri")));
                }
            }
        }
    }
    out
}
