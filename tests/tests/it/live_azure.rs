//! Azure over HTTP: a server on this machine plays the Resource Manager, and the verbs that reach it are all reads.

#![cfg(feature = "azure")]

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::graph::Graph;
use xat_infra::live::azure::{Azure, Credential, Settings};
use xat_infra::live::{Ask, Fault, Limits, Recording, Source, Wants, model, read};
use xat_stacks::{RECORDED_ESTATE, STACKS};
use xat_tests::scripted::Noted;
use xat_tests::server::{Answer, Request, Server};

use crate::command_line::run_over;
use crate::provocations::{built, grouped, vault};

pub(crate) const NOT_FOUND: &str =
    r#"{"error": {"code": "ResourceNotFound", "message": "it is not there"}}"#;

pub(crate) fn azure(server: &Server) -> Azure {
    connect(&server.url(), Duration::from_secs(20)).unwrap_or_else(|problem| panic!("{problem}"))
}

pub(crate) fn connect(endpoint: &str, timeout: Duration) -> Result<Azure, Diagnostic> {
    let endpoint = endpoint.to_owned();
    Azure::connect(Settings { endpoint, audience: None, credential: Credential::Nobody, timeout })
}

/// Plays an estate: each body at its path, lists of deleted resources, and 404 for the rest.
fn playing(estate: &Json) -> impl Fn(&Request, usize) -> Answer + Send + Sync + use<> {
    let bodies: HashMap<String, String> = estate["resources"]
        .as_array()
        .expect("bodies")
        .iter()
        .map(|body| (body["id"].as_str().expect("an ID").to_ascii_lowercase(), body.to_string()))
        .collect();
    move |request, _| {
        assert!(request.query.contains("api-version=20"), "{request:?}");
        match bodies.get(&request.path.to_ascii_lowercase()) {
            Some(body) => Answer::new(200, body),
            None if request.path.contains("/deleted") => Answer::new(200, r#"{"value": []}"#),
            None => Answer::new(404, NOT_FOUND),
        }
    }
}

pub(crate) fn reads_only(server: &Server) {
    let log = server.log();
    assert!(!log.is_empty(), "nothing was asked");
    for request in log {
        assert!(["GET", "HEAD"].contains(&request.method.as_str()), "a write: {request:?}");
        assert_eq!(request.authorization, "Bearer nobody");
    }
}

/// Reads a graph from a server, and what the clock was asked for.
fn reading(server: &Server, graph: &Graph) -> (Result<Recording, Vec<Diagnostic>>, Vec<f64>) {
    let clock = Noted::default();
    let wants = Wants::new([]).stack(graph);
    let outcome = read(&azure(server), wants, &Limits::default(), &clock, &mut |_, _| {});
    reads_only(server);
    (outcome, clock.pauses())
}

/// The diagnostics of reading one group that a server answers so.
fn failing(play: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> String {
    let (stack, _) = grouped();
    let server = Server::start(play);
    let (outcome, _) = reading(&server, &built(stack));
    let problems = outcome.err().expect("a reading that fails");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

pub(crate) fn run(folder: &Path, args: &[&str]) -> (u8, String, String) {
    let seen = run_over(STACKS, folder, args);
    (seen.code, seen.out, seen.err)
}

/// The plan over HTTP is the plan over the same estate recorded, and so is the plan over what `record` makes of it.
#[test]
fn a_plan_over_http_is_the_plan_over_the_recording() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("estate.json"), RECORDED_ESTATE).unwrap();
    std::fs::write(folder.path().join("state.json"), xat_stacks::RECORDED_STATE).unwrap();
    let server = Server::start(playing(&serde_json::from_str(RECORDED_ESTATE).unwrap()));
    let url = server.url();
    let plan = |live: &[&str]| {
        let args = [&["plan", "--format", "json", "--state", "state.json"], live].concat();
        let (code, out, err) = run(folder.path(), &args);
        assert_eq!(code, 0, "{err}");
        let mut json: Json = serde_json::from_str(&out).unwrap();
        let live = json["live"].take();
        (json, live)
    };
    let azure = ["--live", "azure", "--azure-endpoint", &url];
    let (over_http, label) = plan(&azure);
    assert_eq!(label, "azure");
    assert_eq!(over_http, plan(&["--live", "recorded:estate.json"]).0);
    reads_only(&server);
    let record = |out: &str| {
        let rest = ["--state", "state.json", "--date", "2026-01-02", "--out", out];
        let (code, _, err) = run(folder.path(), &[&["record"], &azure[..], &rest].concat());
        assert_eq!(code, 0, "{err}");
        assert!(err.contains("bodies recorded"), "{err}");
        std::fs::read_to_string(folder.path().join(out)).unwrap()
    };
    assert_eq!(record("first.json"), record("second.json"), "the same estate, the same bytes");
    assert_eq!(over_http, plan(&["--live", "recorded:first.json"]).0);
    reads_only(&server);
}

/// The check above would see a write: this one is refused before it leaves, and one that left is noticed.
#[test]
fn a_planted_write_is_noticed() {
    let server = Server::start(|_, _| Answer::new(200, "{}"));
    let planted = std::panic::catch_unwind(|| {
        let address = server.url().trim_start_matches("http://").to_owned();
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let text = "PUT /subscriptions/s HTTP/1.1\r\nauthorization: Bearer nobody\r\n\r\n";
        std::io::Write::write_all(&mut stream, text.as_bytes()).unwrap();
        let mut answer = String::new();
        std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
        reads_only(&server);
    });
    let message = planted.expect_err("a write passes for a read");
    assert!(message.downcast_ref::<String>().is_some_and(|text| text.contains("a write")));
}

#[test]
fn each_type_is_asked_for_in_its_own_version() {
    let graph = built(vault(30));
    let server = Server::start(playing(&model::applied(&graph)));
    reading(&server, &graph).0.unwrap();
    for node in &graph.nodes {
        let of = |request: &&Request| request.path.eq_ignore_ascii_case(&node.id);
        let log = server.log();
        let request = log.iter().find(of).unwrap_or_else(|| panic!("{} was not read", node.id));
        assert_eq!(request.query, format!("api-version={}", node.api));
    }
}

#[test]
fn both_shapes_of_throttling_are_waited_out() {
    let graph = built(vault(30));
    let estate = model::applied(&graph);
    // Web: capitals, no wrapper, no word on how long. Network: the wrapper, and seconds.
    let web = r#"{"Code": "429", "Message": "Cannot acquire exclusive lock. Retry the request later.", "Details": []}"#;
    let network =
        r#"{"error": {"code": "RetryableError", "message": "A retryable error occurred."}}"#;
    let busy = move |nth: usize| match nth {
        0 => Answer::new(429, web),
        1 => Answer::new(429, network).header("Retry-After", "11"),
        2 => Answer::new(429, network).header("x-ms-retry-after-ms", "1500"),
        3 => Answer::new(503, "<html>over capacity</html>"),
        _ => Answer::new(429, network).header("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"),
    };
    let play = playing(&estate);
    let id = graph.nodes[graph.at("key_vault.demo-kv").unwrap() as usize].id.clone();
    let server = Server::start(move |request, nth| match request.path == id && nth < 5 {
        true => busy(nth),
        false => play(request, nth),
    });
    let (outcome, pauses) = reading(&server, &graph);
    assert_eq!(outcome.unwrap().len(), graph.nodes.len());
    assert_eq!(pauses, [1.0, 11.0, 1.5, 8.0, 16.0]);
}

#[test]
fn failures_say_what_is_wrong() {
    let text = failing(|_, _| {
        let body = r#"{"error": {"code": "AuthorizationFailed", "message": "The client 'me' has no authorization."}}"#;
        Answer::new(403, body)
    });
    assert!(
        text.contains("error[live-forbidden]") && text.contains("403 AuthorizationFailed"),
        "{text}"
    );
    assert!(text.contains("Microsoft.Resources/subscriptions/resourceGroups/read"), "{text}");
    let text = failing(|_, _| {
        Answer::new(
            401,
            r#"{"error": {"code": "ExpiredAuthenticationToken", "message": "Expired."}}"#,
        )
    });
    assert!(text.contains("error[live-unauthenticated]") && text.contains("Expired."), "{text}");
    let text = failing(|_, _| Answer::new(200, "{\"id\": "));
    assert!(text.contains("error[live-unreadable]") && text.contains("not JSON"), "{text}");
    let text = failing(|_, _| Answer::new(200, "[]"));
    assert!(text.contains("error[live-unreadable]") && text.contains("not an object"), "{text}");
    let text = failing(|_, _| Answer::new(204, ""));
    assert!(text.contains("error[live-unreadable]") && text.contains("204"), "{text}");
    let text = failing(|_, _| Answer::new(500, "oops"));
    assert!(text.contains("500 (asked 6 times)"), "{text}");
    let text =
        failing(|_, _| Answer { broken: true, ..Answer::new(200, "{\"id\": \"long enough\"}") });
    assert!(text.contains("error[live-unreadable]") && text.contains("asked 6 times"), "{text}");
    let text = failing(|_, _| Answer::new(302, "").header("location", "http://127.0.0.1:1/"));
    assert!(text.contains("error[live-unreadable]") && text.contains("302"), "{text}");
}

/// Only a service that knows the question can say that there is nothing.
#[test]
fn not_every_404_means_that_nothing_is_there() {
    let outcome = |body: &'static str| {
        let server = Server::start(move |_, _| Answer::new(404, body));
        let (stack, _) = grouped();
        reading(&server, &built(stack)).0.map(|recording| recording.len()).is_ok()
    };
    assert!(outcome(NOT_FOUND));
    assert!(outcome(r#"{"Code": "NotFound", "Message": "Cannot find it."}"#));
    assert!(outcome(r#"{"code": "ResourceNotFound", "message": "It doesn't exist."}"#));
    assert!(!outcome("<html>404 - File or directory not found.</html>"));
    assert!(!outcome(
        r#"{"error": {"code": "SubscriptionNotFound", "message": "No such subscription."}}"#
    ));
    assert!(!outcome(
        r#"{"error": {"code": "InvalidResourceType", "message": "No such type in this version."}}"#
    ));
}

#[test]
fn an_endpoint_that_cannot_be_reached_is_told_once_and_soon() {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://127.0.0.1:{port}");
    let args = ["plan", "--live", "azure", "--azure-endpoint", &url, "--out", "plan.txt"];
    let started = Instant::now();
    let (code, out, err) = run(folder.path(), &args);
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(err.matches("error[live-unreachable]").count(), 1, "{err}");
    assert!(err.contains("1 error; nothing was written"), "{err}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(started.elapsed() < Duration::from_secs(10));
    for bad in ["nonsense", "ftp://127.0.0.1", "http://management.example", "http://10.0.0.1:8080"]
    {
        let problem = connect(bad, Duration::from_secs(1)).err().expect(bad);
        assert_eq!(problem.code, "live-unreachable", "{bad}");
    }
    // Anyone but a server on this machine is told who asks.
    let problem = connect("https://management.example", Duration::from_secs(1)).err().unwrap();
    assert_eq!(problem.code, "live-unauthenticated");
}

#[test]
fn an_answer_that_does_not_come_is_not_waited_for_for_ever() {
    let server =
        Server::start(|_, _| Answer { delay: Duration::from_secs(5), ..Answer::new(200, "{}") });
    let azure = connect(&server.url(), Duration::from_millis(100)).unwrap();
    let ask = Ask {
        id: "/subscriptions/s/resourceGroups/g".into(),
        wire: String::new(),
        api: Some("2021-04-01".into()),
    };
    let started = Instant::now();
    let error = azure.get(&ask).unwrap_err();
    assert_eq!((error.fault, error.why.as_str()), (Fault::Busy, "no answer in time"));
    assert!(started.elapsed() < Duration::from_secs(4));
}
