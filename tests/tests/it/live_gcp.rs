//! Google Cloud over HTTP: a server on this machine plays all services, and what reaches it reads.

#![cfg(feature = "gcp")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value as Json, json};
use xat_infra::cli::{Io, StackEntry, run_with};
use xat_infra::diagnostic::Diagnostic;
use xat_infra::gcp::PROVIDER;
use xat_infra::gcp::prelude::*;
use xat_infra::graph::{Graph, build};
use xat_infra::live::gcp::{Credential, Google, Settings};
use xat_infra::live::{Ask, Estate, Fault, Limits, Recording, Source, Wants, model, read};
use xat_infra::plan::{Options, plan};
use xat_infra::report;
use xat_infra::state::State;
use xat_tests::conformance::google;
use xat_tests::scripted::Noted;
use xat_tests::server::{Answer, Request, Server};

const NOT_FOUND: &str =
    r#"{"error": {"code": 404, "message": "it is not there", "status": "NOT_FOUND"}}"#;

fn connect(endpoint: &str, timeout: Duration) -> Result<Google, Diagnostic> {
    let endpoint = Some(endpoint.to_owned());
    Google::connect(Settings { endpoint, credential: Credential::Nobody, timeout })
}

fn google(server: &Server) -> Google {
    connect(&server.url(), Duration::from_secs(20)).unwrap_or_else(|problem| panic!("{problem}"))
}

/// A network with a connection, a database in it, a secret with members, and what its service numbers.
pub(crate) fn shop() -> Stack {
    let mut stack = Stack::new("shop").project("shop-prod").region("europe-west1");
    let network = stack.add(Network::new(name!("shop")));
    let range = stack.add(GlobalAddress::for_peering(name!("shop-services"), network, 20));
    let connection = stack.add(ServiceConnection::new(network, [Ref::from(range)]));
    let tier = SqlTier::custom(2, 7680);
    let instance = SqlInstance::private(name!("shop"), PostgresVersion::V17, tier, connection);
    let instance = stack.add(instance);
    stack.add(SqlDatabase::new(name!("orders"), instance));
    stack.add(SqlUser::built_in("shop", instance, Secret::supplied("shop-db")));
    stack.add(AppEngineApplication::new("europe-west"));
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let secret = SecretManagerSecret::new(name!("session-key"));
    let secret = stack.add(secret.automatic(AutomaticReplication::default()));
    stack.add(SecretVersion::new(secret, Secret::supplied("session-key")));
    stack.add(SecretIamMember::new(secret, IamRole::SECRET_ACCESSOR, account));
    stack.add(SecretIamMember::new(
        secret,
        IamRole::named("roles/viewer"),
        IamMember::user("a@example.com"),
    ));
    stack.add(ProjectIamMember::new(IamRole::LOG_WRITER, account));
    let people = stack.add(NotificationChannel::email(name!("On call"), "on-call@example.com"));
    let slow = MetricThreshold::new("metric.type=\"a/b\"", Comparison::Greater, 2.0, 300);
    let policy = AlertPolicy::new(name!("Slow")).condition(AlertCondition::over("Slow", slow));
    stack.add(policy.channel(people));
    stack
}

pub(crate) fn built() -> Graph {
    build(shop()).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

/// Collections that are listed, each with the key of its list in an answer.
const LISTS: &[(&str, &str)] = &[
    ("/alertPolicies", "alertPolicies"),
    ("/notificationChannels", "notificationChannels"),
    ("/databases", "items"),
    ("/users", "items"),
];

/// A list with one resource on each page, as far as it was asked for.
fn listed(bodies: &BTreeMap<String, Json>, collection: &str, key: &str, query: &str) -> Json {
    let own = |(reference, _): &(&String, &Json)| {
        reference.rsplit_once('/').is_some_and(|(of, _)| of == collection)
    };
    // Whoever is listed says a name.
    let named = |(reference, body): (&String, &Json)| {
        let mut body = body.clone();
        if body["name"].is_null() {
            body["name"] = reference.rsplit('/').next().into();
        }
        body
    };
    let all: Vec<Json> = bodies.iter().filter(own).map(named).collect();
    let page: usize = query.strip_prefix("pageToken=").map_or(0, |page| page.parse().unwrap());
    let mut out = json!({});
    if let Some(body) = all.get(page) {
        out[key] = json!([body]);
    }
    if page + 1 < all.len() {
        out["nextPageToken"] = (page + 1).to_string().into();
    }
    out
}

/// Plays an estate: each body where its service has it, policies whole, and 404 for the rest.
pub(crate) fn playing(estate: &Json) -> impl Fn(&Request, usize) -> Answer + Send + Sync + use<> {
    let mut bodies: BTreeMap<String, Json> = BTreeMap::new();
    for asset in estate["resources"].as_array().expect("assets") {
        let data = &asset["resource"]["data"];
        let name = asset["name"].as_str().expect("a name");
        let reference = (PROVIDER.reference)(name);
        if let Some((holder, _)) = reference.split_once("/iamPolicy/") {
            let policy = bodies.entry(format!("{holder}:getIamPolicy"));
            let policy =
                policy.or_insert_with(|| json!({"etag": "x", "version": 3, "bindings": []}));
            let binding = json!({"role": data["role"], "members": [data["member"]]});
            policy["bindings"].as_array_mut().expect("a list").push(binding);
        } else if let Some((network, peering)) = reference.split_once("/connections/") {
            let mut data = data.clone();
            data["peering"] = peering.into();
            data["network"] = network.into();
            let of = "services/servicenetworking.googleapis.com/connections";
            bodies.insert(of.to_owned(), json!({"connections": [data]}));
        } else {
            bodies.insert(reference.to_owned(), data.clone());
        }
    }
    bodies.insert("projects/shop-prod".to_owned(), json!({"projectNumber": "123456789012"}));
    move |request, _| {
        let path = &request.path;
        let reference = match path.split_once("/projects/") {
            Some((_, behind)) => format!("projects/{behind}"),
            // Behind the service and its version.
            None => path.splitn(4, '/').nth(3).unwrap_or_default().to_owned(),
        };
        let list = LISTS.iter().find(|(collection, _)| reference.ends_with(collection));
        match (list, bodies.get(&reference)) {
            (Some((_, key)), _) => {
                let list = listed(&bodies, &reference, key, &request.query);
                Answer::new(200, list.to_string())
            }
            (None, Some(body)) => Answer::new(200, body.to_string()),
            (None, None) => Answer::new(404, NOT_FOUND),
        }
    }
}

/// All that arrived reads.
fn reads_only(server: &Server) {
    let log = server.log();
    assert!(!log.is_empty(), "nothing was asked");
    for request in log {
        let policy = request.method == "POST" && request.path.ends_with(":getIamPolicy");
        assert!(request.method == "GET" || policy, "a write: {request:?}");
        assert_eq!(request.authorization, "Bearer nobody");
    }
}

/// Reads a graph from a server, and what the clock was asked for.
pub(crate) fn reading(
    server: &Server,
    graph: &Graph,
) -> (Result<Recording, Vec<Diagnostic>>, Vec<f64>) {
    let clock = Noted::default();
    let wants = Wants::new([]).stack_in(graph, "gcp");
    let outcome = read(&google(server), wants, &Limits::default(), &clock, &mut |_, _| {});
    reads_only(server);
    (outcome, clock.pauses())
}

/// The plan over HTTP is the plan over the same estate recorded.
#[test]
fn a_plan_over_http_is_the_plan_over_the_recording() {
    let graph = built();
    let applied = model::applied(&graph);
    let server = Server::start(playing(&applied));
    let recording = reading(&server, &graph).0.unwrap_or_else(|problems| panic!("{}", problems[0]));
    assert_eq!(recording.len(), graph.nodes.len());
    let over_http = recording.into_estate("gcp").unwrap();
    let recorded = Estate::from_text("recorded", applied.to_string()).unwrap();
    let text = |estate: &Estate| {
        let plan = plan(&graph, estate, &State::empty(), &Options::default());
        let plan = plan.unwrap_or_else(|problems| panic!("{}", problems[0]));
        report::to_json(&plan, &report::Options::default()).unwrap()
    };
    let (mut over_http, mut recorded): (Json, Json) = (
        serde_json::from_str(&text(&over_http)).unwrap(),
        serde_json::from_str(&text(&recorded)).unwrap(),
    );
    assert_eq!(over_http["live"].take(), "gcp");
    recorded["live"].take();
    assert_eq!(over_http, recorded);

    let log = server.log();
    let asked = |end: &str| log.iter().filter(|request| request.path.ends_with(end)).count();
    assert_eq!(asked("/secrets/session-key:getIamPolicy"), 1, "two members of one policy");
    let project = log.iter().find(|request| request.path.ends_with("/shop-prod:getIamPolicy"));
    assert_eq!(project.map(|request| request.method.as_str()), Some("POST"));
    let connection = log.iter().find(|request| request.path.ends_with("/connections")).unwrap();
    assert_eq!(
        connection.query, "network=projects%2F123456789012%2Fglobal%2Fnetworks%2Fshop",
        "this service knows projects by number"
    );
    assert_eq!(
        connection.path,
        "/servicenetworking.googleapis.com/v1/services/servicenetworking.googleapis.com/connections"
    );
}

/// The check above would see a write: this one is sent past the library, and one that left is noticed.
#[test]
fn a_planted_write_is_noticed() {
    for line in ["POST /v1/projects/p:setIamPolicy", "PATCH /v1/projects/p/secrets/s"] {
        let server = Server::start(|_, _| Answer::new(200, "{}"));
        let planted = std::panic::catch_unwind(|| {
            let address = server.url().trim_start_matches("http://").to_owned();
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let text = format!("{line} HTTP/1.1\r\nauthorization: Bearer nobody\r\n\r\n");
            std::io::Write::write_all(&mut stream, text.as_bytes()).unwrap();
            let mut answer = String::new();
            std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
            reads_only(&server);
        });
        let message = planted.expect_err("a write passes for a read");
        assert!(message.downcast_ref::<String>().is_some_and(|text| text.contains("a write")));
    }
}

#[test]
fn throttling_is_waited_out() {
    let graph = built();
    let play = playing(&model::applied(&graph));
    let quota =
        r#"{"error": {"code": 429, "message": "Quota exceeded.", "status": "RESOURCE_EXHAUSTED"}}"#;
    let old = r#"{"error": {"code": 403, "message": "Slow down.", "errors": [{"reason": "rateLimitExceeded"}]}}"#;
    let busy = move |nth: usize| match nth {
        0 => Answer::new(429, quota).header("Retry-After", "7"),
        1 => Answer::new(403, old),
        _ => Answer::new(503, "<html>over capacity</html>"),
    };
    let server = Server::start(move |request, nth| {
        match request.path.ends_with("/global/networks/shop") && nth < 3 {
            true => busy(nth),
            false => play(request, nth),
        }
    });
    let (outcome, pauses) = reading(&server, &graph);
    assert_eq!(outcome.unwrap().len(), graph.nodes.len());
    assert_eq!(pauses, [7.0, 2.0, 4.0]);
}

#[test]
fn failures_say_what_is_wrong() {
    let failing = |status: u16, body: &'static str| {
        let server = Server::start(move |_, _| Answer::new(status, body));
        let problems = reading(&server, &built()).0.err().expect("a reading that fails");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let denied = r#"{"error": {"code": 403, "message": "Permission 'x.get' denied.", "status": "PERMISSION_DENIED"}}"#;
    let text = failing(403, denied);
    assert!(text.contains("error[live-forbidden]") && text.contains("roles/viewer"), "{text}");
    let off = r#"{"error": {"code": 403, "message": "The API is off.", "status": "PERMISSION_DENIED",
        "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}]}}"#;
    let text = failing(403, off);
    assert!(text.contains("error[live-unreadable]") && text.contains("SERVICE_DISABLED"), "{text}");
    let text = failing(
        401,
        r#"{"error": {"code": 401, "message": "Expired.", "status": "UNAUTHENTICATED"}}"#,
    );
    assert_eq!(text.matches("error[live-unauthenticated]").count(), 1, "{text}");
    assert!(text.contains("gcloud auth application-default login"), "{text}");
    let text = failing(200, "{\"name\": ");
    assert!(text.contains("error[live-unreadable]") && text.contains("not JSON"), "{text}");
    let text = failing(404, "<html>404</html>");
    assert!(text.contains("error[live-unreadable]"), "a page is no word of the service: {text}");
}

#[test]
fn what_is_not_there_is_missing_and_nothing_else() {
    let server = Server::start(|_, _| Answer::new(404, NOT_FOUND));
    let outcome = reading(&server, &built()).0;
    let problems = outcome.err().expect("the project's number is not a resource of the stack");
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().contains("the number of the project"), "{}", problems[0]);
    let server = Server::start(|request, _| match request.path.ends_with("/projects/shop-prod") {
        true => Answer::new(200, r#"{"projectNumber": "1"}"#),
        false => Answer::new(404, NOT_FOUND),
    });
    assert!(reading(&server, &built()).0.unwrap().is_empty());
}

#[test]
fn only_servers_that_may_know_are_told_who_asks() {
    for bad in ["nonsense", "ftp://127.0.0.1", "http://services.example", "http://10.0.0.1:8080"] {
        let problem = connect(bad, Duration::from_secs(1)).err().expect(bad);
        assert_eq!(problem.code, "live-unreachable", "{bad}");
    }
    let problem = connect("https://services.example", Duration::from_secs(1)).err().unwrap();
    assert_eq!(problem.code, "live-unauthenticated");
    let server =
        Server::start(|_, _| Answer { delay: Duration::from_secs(5), ..Answer::new(200, "{}") });
    let google = connect(&server.url(), Duration::from_millis(100)).unwrap();
    let error =
        google.get(&ask("//run.googleapis.com/projects/p/locations/l/jobs/j", "v2")).unwrap_err();
    assert_eq!((error.fault, error.why.as_str()), (Fault::Busy, "no answer in time"));
    assert_eq!(google.list("//x").unwrap_err().fault, Fault::Refused);
}

fn ask(id: &str, api: &str) -> Ask {
    let wire = (PROVIDER.type_of_id)(id).unwrap_or_default();
    Ask { id: id.to_owned(), wire, api: Some(api.to_owned()) }
}

/// The command line: `plan` and `record` over a server that plays an estate.
#[test]
fn the_command_line_reads_google() {
    const STACKS: &[StackEntry] =
        &[StackEntry { name: "shop", about: "A shop.", build: shop, estate: None, state: None }];
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(playing(&model::applied(&built())));
    let url = server.url();
    let run = |args: &[&str]| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut io = Io {
            out: &mut out,
            err: &mut err,
            out_is_terminal: false,
            err_is_terminal: false,
            width: Some(100),
            no_color: true,
            cwd: folder.path().to_owned(),
        };
        let args = std::iter::once("xat").chain(args.iter().copied()).map(Into::into);
        let code = run_with(STACKS, args, &mut io);
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    };
    let live = ["--live", "gcp", "--gcp-endpoint", &url];
    let all = format!("{} adopted as they are", built().nodes.len());
    let (code, out, err) = run(&[&["plan"], &live[..]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("live: gcp") && out.contains(&all), "{out}");
    let record = ["record", "--date", "2026-01-02", "--out", "estate.json"];
    let (code, _, err) = run(&[&record[..], &live[..]].concat());
    assert_eq!(code, 0, "{err}");
    let (code, recorded, err) = run(&["plan", "--live", "recorded:estate.json"]);
    assert_eq!(code, 0, "{err}");
    assert!(recorded.contains(&all), "{recorded}");
    let (code, _, err) = run(&[&["record", "--group", "g"], &live[..]].concat());
    assert_eq!(code, 1);
    assert!(err.contains("no resource groups"), "{err}");
    reads_only(&server);
}

/// Every body that was really read is read again, at the address of its own service.
#[test]
fn recorded_bodies_are_read_where_they_are() {
    let Some(folder) = std::env::var_os("XAT_RECORDINGS").map(PathBuf::from) else {
        println!("skipped: XAT_RECORDINGS does not say where the recorded exchanges are");
        return;
    };
    let mut read = 0;
    for kind in std::fs::read_dir(folder.join("gcp")).unwrap().flatten() {
        let text = std::fs::read_to_string(kind.path().join("pairs.jsonl")).unwrap_or_default();
        for line in text.lines() {
            let line: Json = serde_json::from_str(line).unwrap();
            for written in google::written(&line).and_then(Result::ok).unwrap_or_default() {
                let Some(ty) = of_type(&written.wire) else { continue };
                if ty.element_of.is_some() || ty.wire.ends_with("/Connection") {
                    continue;
                }
                let body = written.live.to_string();
                let server = Server::start(move |_, _| Answer::new(200, body.clone()));
                let got = google(&server).get(&ask(&written.id, ty.api)).unwrap();
                assert_eq!(got, written.live);
                let path = server.log()[0].path.clone();
                let service = ty.wire.split('/').next().unwrap();
                assert!(path.starts_with(&format!("/{service}/")), "{path}");
                assert!(path.ends_with((PROVIDER.reference)(&written.id)), "{path}");
                read += 1;
            }
        }
    }
    assert!(read > 0, "no body of a modelled type in {}", folder.display());
    println!("{read} recorded bodies were read");
}

fn of_type(wire: &str) -> Option<&'static xat_infra::schema::ResourceType> {
    xat_infra::gcp::TYPES.iter().map(|registered| (registered.ty)()).find(|ty| ty.wire == wire)
}
