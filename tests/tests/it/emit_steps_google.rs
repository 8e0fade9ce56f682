//! The emitted scripts for Google Cloud, run by a real bash and jq against a `curl` that keeps a cloud in a folder.
//!
//! Without bash or jq on the machine these tests say that they were skipped.

use serde_json::{Value as Json, json};
use xat_infra::emit::steps;
use xat_infra::gcp::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action, Plan};
use xat_infra::state::{Salt, State};
use xat_tests::spec::CANARY;

use crate::steps_place::{Place, file, planned, secrets, text};

pub(crate) fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Emits a plan, and forgets what was done of others.
pub(crate) fn emit(place: &Place, graph: &Graph, plan: &Plan) {
    let types: Vec<_> = xat_infra::gcp::TYPES.iter().map(|registered| (registered.ty)()).collect();
    let options = steps::Options { types: &types };
    place.put(
        &steps::emit(graph, plan, &options).unwrap_or_else(|problems| panic!("{problems:#?}")),
    );
}

fn apply(place: &Place, env: &[(&str, &str)]) {
    let done = place.run("apply.sh", &[], env);
    assert!(done.status.success(), "{}", text(&done));
}

pub(crate) fn is_as_declared(place: &Place, graph: &Graph) {
    let after = planned(graph, &place.estate(graph), &State::empty());
    let odd: Vec<_> = after.steps.iter().filter(|step| step.action != Action::Adopt).collect();
    assert!(odd.is_empty(), "{odd:#?}");
}

/// The whole deployment: stopped before a write, with answers lost, tokens that end, and others who write policies; then run
/// again with and without the journal, and deleted.
#[test]
fn an_empty_project_becomes_the_legacy_deployment() {
    let graph = built(xat_stacks::legacy::stack());
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    emit(&place, &graph, &plan);
    let names = secrets(&graph, &plan);
    let refused = place.run("apply.sh", &[], &[]);
    assert!(!refused.status.success() && text(&refused).contains(&names[0]), "{}", text(&refused));
    assert_eq!(place.google(), json!({}));

    let env: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CANARY)).collect();
    let mut hard = env.clone();
    hard.extend([("FAKE_RACE", "5"), ("FAKE_TOKEN", "60")]);
    let mut failing = hard.clone();
    failing.push(("FAKE_FAIL", "/instances"));
    let stopped = place.run("apply.sh", &[], &failing);
    assert!(
        !stopped.status.success() && text(&stopped).contains("told to fail"),
        "{}",
        text(&stopped)
    );
    let mut losing = hard.clone();
    losing.push(("FAKE_LOSE", "3,4,9"));
    let mut runs = 0;
    loop {
        let out = place.run("apply.sh", &[], &losing);
        assert!(!text(&out).contains(CANARY));
        if out.status.success() {
            break;
        }
        runs += 1;
        assert!(text(&out).contains("no answer") && runs < 4, "{}", text(&out));
    }
    assert_eq!(runs, 3);
    is_as_declared(&place, &graph);

    // Secrets went where they belong, in the service's own spelling, and nowhere else; tokens went nowhere.
    let things = place.google()["things"].clone();
    let versions: Vec<&Json> =
        things.as_object().unwrap().values().filter(|t| !t["$data"].is_null()).collect();
    assert_eq!(versions.len(), 3, "one version each");
    let url = versions
        .iter()
        .map(|v| decoded(v["$data"].as_str().unwrap()))
        .find(|v| v.starts_with("postgresql"));
    let address = &things["sqladmin.googleapis.com/projects/xat-backend/instances/xat-postgres-instance"]
        ["ipAddresses"][0]["ipAddress"];
    let expected = format!(
        "postgresql://xatadmin:{CANARY}@{}:5432/xatdashboard?sslmode=require",
        address.as_str().unwrap()
    );
    assert_eq!(url.as_deref(), Some(expected.as_str()));
    let argv = file(&place.path("argv.log"));
    assert!(
        !argv.contains(CANARY)
            && !argv.contains("CANARY-token")
            && argv.contains("print-access-token")
    );
    assert!(argv.matches("print-access-token").count() > 3, "a token that ended was renewed");

    let before = place.google();
    let again = place.run("apply.sh", &[], &env);
    assert!(again.status.success() && text(&again).contains("done before"), "{}", text(&again));
    assert_eq!(place.google(), before);
    std::fs::remove_file(place.path("apply.journal")).unwrap();
    apply(&place, &env);
    assert_eq!(place.google()["things"], before["things"]);
    assert_eq!(place.google()["policies"], before["policies"]);
    deleted(&place, &graph);
}

/// Deleting keeps what holds data, with its parts, until it is named; an instance that protects itself is not deleted even then.
fn deleted(place: &Place, graph: &Graph) {
    let gone = place.run("destroy.sh", &[], &[]);
    assert!(gone.status.success() && text(&gone).contains("kept: "), "{}", text(&gone));
    let kept = place.google()["things"].to_string();
    for part in ["versions/1", "users/xatadmin", "databases/xatdashboard"] {
        assert!(kept.contains(part), "{part} is gone");
    }
    let listed = text(&place.run("destroy.sh", &["--list"], &[]));
    let mut args: Vec<&str> = Vec::new();
    for node in &graph.nodes {
        if listed.contains(&format!("delete {}\n", node.address)) {
            args.extend(["--data", node.address.as_str()]);
        }
    }
    let refused = place.run("destroy.sh", &args, &[]);
    assert!(text(&refused).contains("The instance is protected."), "{}", text(&refused));
    let mut all = place.google();
    for (_, thing) in all["things"].as_object_mut().unwrap() {
        if thing["settings"]["deletionProtectionEnabled"] == true {
            thing["settings"]["deletionProtectionEnabled"] = json!(false);
        }
    }
    std::fs::write(place.path("google.json"), all.to_string()).unwrap();
    let gone = place.run("destroy.sh", &args, &[]);
    assert!(gone.status.success(), "{}", text(&gone));
    let left = place.google()["things"].clone();
    let left: Vec<&String> = left.as_object().unwrap().keys().collect();
    // APIs stay on, and pools are kept deleted for a while.
    let stays = |key: &&&String| {
        key.contains("/services/") && key.starts_with("serviceusage")
            || key.contains("/workloadIdentityPools/")
    };
    assert!(left.iter().all(|key| stays(&key)), "{left:?}");
}

/// A small stack whose types are taken in as many ways as there are.
pub(crate) fn shop() -> Stack {
    let mut stack =
        Stack::new("shop").project("shop").region(Location::EUROPE_WEST4).tag("owner", "shop");
    let network = stack.add(Network::new(name!("shop")));
    stack.add(
        Subnetwork::new(name!("run"), network, cidr!("10.30.0.0/24")).private_google_access(true),
    );
    let range = stack.add(GlobalAddress::for_peering(name!("services"), network, 20));
    let connection = stack.add(ServiceConnection::new(network, [Ref::from(range)]));
    let instance = SqlInstance::private(
        name!("shop"),
        PostgresVersion::V17,
        SqlTier::custom(2, 7680),
        connection,
    );
    let instance = stack.add(instance);
    stack.add(SqlUser::built_in("shop", instance, Secret::generated("shop-db")));
    let key = stack
        .add(SecretManagerSecret::new(name!("key")).automatic(AutomaticReplication::default()));
    stack.add(SecretVersion::new(key, Secret::supplied("key")));
    let account = stack.add(ServiceAccount::new(name!("shop-run")).display_name("Shop"));
    stack.add(SecretIamMember::new(key, IamRole::SECRET_ACCESSOR, account));
    stack.add(
        SecretIamMember::new(key, IamRole::SECRET_ACCESSOR, IamMember::user("ann@example.com"))
            .condition("until-2027", "request.time < timestamp(\"2027-01-01T00:00:00Z\")"),
    );
    stack.add(SecretIamMember::new(
        key,
        IamRole::named("roles/viewer"),
        IamMember::user("ann@example.com"),
    ));
    let image = RunImage::tag("europe-west4-docker.pkg.dev/shop/images/web", tag!("1.0.0"));
    let web = RunContainer::of(image).port(8000).secret_env("KEY", key);
    stack.add(CloudRunService::new(name!("shop-web"), account).container(web).instances(1, 20));
    stack
}

pub(crate) const ENV: &[(&str, &str)] =
    &[("XAT_SECRET_KEY", CANARY), ("XAT_SECRET_SHOP_DB", CANARY)];

/// What was changed by hand is brought back, each by its service's own request; what the stack does not manage stays.
#[test]
fn an_update_keeps_what_the_stack_does_not_manage() {
    let graph = built(shop());
    let Some(place) = Place::new(&graph) else { return };
    emit(&place, &graph, &planned(&graph, &Estate::empty(), &State::empty()));
    apply(&place, ENV);
    is_as_declared(&place, &graph);
    let state = plan::record(&graph, &place.estate(&graph), Salt::new("salt"), 1);

    let mut all = place.google();
    let things = all["things"].as_object_mut().unwrap();
    let mut change = |key: &str, path: &str, value: Json| {
        let thing = things.get_mut(key).unwrap_or_else(|| panic!("no {key}"));
        *thing.pointer_mut(path).unwrap_or_else(|| panic!("no {path} in {key}")) = value;
    };
    let compute = "compute.googleapis.com/projects/shop";
    let subnet = format!("{compute}/regions/europe-west4/subnetworks/run");
    let address = format!("{compute}/global/addresses/services");
    let run = "run.googleapis.com/projects/shop/locations/europe-west4/services/shop-web";
    let sql = "sqladmin.googleapis.com/projects/shop/instances/shop";
    let account =
        "iam.googleapis.com/projects/shop/serviceAccounts/shop-run@shop.iam.gserviceaccount.com";
    change(&subnet, "/privateIpGoogleAccess", json!(false));
    change(&address, "/labels", json!({"owner": "theirs", "team": "blue"}));
    change(run, "/template/scaling", json!({"minInstanceCount": 1, "maxInstanceCount": 3}));
    change(run, "/labels", json!({"owner": "shop", "team": "blue"}));
    change(sql, "/settings/tier", json!("db-custom-1-3840"));
    change(sql, "/settings/userLabels", json!({"owner": "theirs", "team": "blue"}));
    change(account, "/displayName", json!("Theirs"));
    change(
        "secretmanager.googleapis.com/projects/shop/secrets/key",
        "/labels",
        json!({"owner": "theirs", "team": "blue"}),
    );
    std::fs::write(place.path("google.json"), all.to_string()).unwrap();

    let changed = planned(&graph, &place.estate(&graph), &state);
    assert_eq!(changed.steps.len(), 6, "{:#?}", changed.steps);
    assert!(changed.steps.iter().all(|step| step.action == Action::Update));
    emit(&place, &graph, &changed);
    apply(&place, ENV);
    let steps = planned(&graph, &place.estate(&graph), &state).steps;
    assert!(steps.is_empty(), "{steps:#?}");
    let after = place.google()["things"].clone();
    assert_eq!(after[&address]["labels"], json!({"owner": "shop", "team": "blue"}));
    assert_eq!(after[run]["labels"]["team"], "blue");
    assert_eq!(after[sql]["settings"]["userLabels"]["team"], "blue");
    assert_eq!(after[run]["uri"], place.google()["things"][run]["uri"]);
}

/// One plan makes one version, whatever is lost and however often it is run; the next value makes the next one.
#[test]
fn a_secret_gets_one_version_for_each_plan() {
    let mut stack = Stack::new("shop").project("shop").region(Location::EUROPE_WEST4);
    let key = stack
        .add(SecretManagerSecret::new(name!("key")).automatic(AutomaticReplication::default()));
    stack.add(SecretVersion::new(key, Secret::supplied("key")));
    let graph = built(stack);
    let Some(place) = Place::new(&graph) else { return };
    let versions = || {
        let things = place.google()["things"].clone();
        things.as_object().unwrap().keys().filter(|key| key.contains("/versions/")).count()
    };
    emit(&place, &graph, &planned(&graph, &Estate::empty(), &State::empty()));
    let lost = place.run("apply.sh", &[], &[("XAT_SECRET_KEY", CANARY), ("FAKE_LOSE", "2")]);
    assert!(!lost.status.success() && versions() == 1, "{}", text(&lost));
    apply(&place, ENV);
    std::fs::remove_file(place.path("apply.journal")).unwrap();
    apply(&place, ENV);
    assert_eq!(versions(), 1);

    let state = plan::record(&graph, &place.estate(&graph), Salt::new("salt"), 1);
    let mut stack = Stack::new("shop").project("shop").region(Location::EUROPE_WEST4);
    let key = stack
        .add(SecretManagerSecret::new(name!("key")).automatic(AutomaticReplication::default()));
    stack.add(SecretVersion::new(key, Secret::supplied("another")));
    let graph = built(stack);
    let changed = planned(&graph, &place.estate(&graph), &state);
    assert_eq!(changed.steps.len(), 1, "{:#?}", changed.steps);
    emit(&place, &graph, &changed);
    let env: &[(&str, &str)] = &[("XAT_SECRET_ANOTHER", CANARY)];
    let lost = place.run("apply.sh", &[], &[("XAT_SECRET_ANOTHER", CANARY), ("FAKE_LOSE", "3")]);
    assert!(!lost.status.success() && versions() == 2, "{}", text(&lost));
    apply(&place, env);
    let again = place.run("apply.sh", &["--from", "step_001"], env);
    assert!(again.status.success(), "{}", text(&again));
    assert_eq!(versions(), 2);
    assert!(!file(&place.path("argv.log")).contains(CANARY));
}

/// What is taken out of a stack is deleted: a resource, and one member of a policy beside those of others.
#[test]
fn what_the_stack_no_longer_has_is_deleted() {
    let stack = |whole: bool| {
        let mut stack = Stack::new("shop").project("shop").region(Location::EUROPE_WEST4);
        let key = stack
            .add(SecretManagerSecret::new(name!("key")).automatic(AutomaticReplication::default()));
        if whole {
            let account = stack.add(ServiceAccount::new(name!("old-run")));
            stack.add(SecretIamMember::new(key, IamRole::SECRET_ACCESSOR, account));
        }
        built(stack)
    };
    let graph = stack(true);
    let Some(place) = Place::new(&graph) else { return };
    emit(&place, &graph, &planned(&graph, &Estate::empty(), &State::empty()));
    apply(&place, &[]);
    let mut all = place.google();
    let policy = "secretmanager.googleapis.com/projects/shop/secrets/key";
    let members = all["policies"][policy]["bindings"][0]["members"].as_array_mut().unwrap();
    members.push(json!("user:theirs@example.com"));
    std::fs::write(place.path("google.json"), all.to_string()).unwrap();
    let estate = place.estate(&graph);
    let state = plan::record(&graph, &estate, Salt::new("salt"), 1);
    let graph = stack(false);
    let less = planned(&graph, &estate, &state);
    assert_eq!(
        less.steps.iter().filter(|step| step.action == Action::Delete).count(),
        2,
        "{:#?}",
        less.steps
    );
    emit(&place, &graph, &less);
    apply(&place, &[]);
    let left = place.google();
    assert_eq!(
        left["policies"][policy]["bindings"][0]["members"],
        json!(["user:theirs@example.com"])
    );
    assert!(!left["things"].to_string().contains("serviceAccounts/old-run"));
}

/// The text of base 64.
fn decoded(text: &str) -> String {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for digit in text.chars().filter_map(|c| digits.find(c)) {
        bits = bits << 6 | u32::try_from(digit).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8(out).unwrap()
}
