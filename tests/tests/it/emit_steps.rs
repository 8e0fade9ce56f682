//! The emitted scripts, run by a real bash against an `az` that keeps a cloud in a folder.
//!
//! Without bash or jq on the machine these tests say that they were skipped.

use serde_json::{Map, Value as Json, json};
use xat_infra::azure::prelude::*;
use xat_infra::emit::steps;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, model};
use xat_infra::plan::{self, Action, Plan};
use xat_infra::state::{Salt, State};
use xat_tests::spec::CANARY;

use crate::steps_place::{Place, file, planned, secrets, text};

fn stack() -> Graph {
    let stack = (xat_stacks::STACKS[0].build)();
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn an_empty_subscription_becomes_the_estate() {
    let graph = stack();
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let names = secrets(&graph, &plan);

    // Without its secrets it begins nothing.
    let refused = place.run("apply.sh", &[], &[]);
    assert!(!refused.status.success() && text(&refused).contains(&names[0]), "{}", text(&refused));
    assert!(place.bodies().is_empty());

    let env: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CANARY)).collect();
    // A run that is stopped in the middle is taken up again.
    let mut failing = env.clone();
    failing.push(("FAKE_FAIL", "flexibleservers"));
    let stopped = place.run("apply.sh", &[], &failing);
    assert!(!stopped.status.success(), "{}", text(&stopped));
    let made = place.bodies().len();
    assert!(made > 0);
    let done = place.run("apply.sh", &[], &env);
    assert!(done.status.success(), "{}", text(&done));
    assert!(place.bodies().len() > made);

    // What is there is what was declared.
    let after = planned(&graph, &place.estate(&graph), &State::empty());
    let odd: Vec<_> = after.steps.iter().filter(|step| step.action != Action::Adopt).collect();
    assert!(odd.is_empty(), "{odd:#?}");
    // The secret went to the cloud, and nowhere else.
    assert!(file(&place.path("estate.json")).contains(CANARY));
    assert!(!file(&place.path("argv.log")).contains(CANARY));
    assert!(!text(&done).contains(CANARY) && !text(&stopped).contains(CANARY));

    // A second run does nothing; without the journal it writes the same again.
    let before = place.bodies();
    let again = place.run("apply.sh", &[], &env);
    assert!(again.status.success() && text(&again).contains("done before"), "{}", text(&again));
    assert_eq!(place.bodies(), before);
    std::fs::remove_file(place.path("apply.journal")).unwrap();
    let anew = place.run("apply.sh", &[], &env);
    assert!(anew.status.success(), "{}", text(&anew));
    assert_eq!(place.bodies(), before);

    deleted(&place, &graph);
}

/// Deleting keeps what holds data, and what that needs, until it is named; then nothing is left.
fn deleted(place: &Place, graph: &Graph) {
    let gone = place.run("destroy.sh", &[], &[]);
    assert!(gone.status.success(), "{}", text(&gone));
    let kept = place.bodies();
    for node in graph.nodes.iter().filter(|node| node.ty.holds_data) {
        assert!(kept.contains_key(&node.id.to_ascii_lowercase()), "{} is gone", node.address);
    }
    let listed = text(&place.run("destroy.sh", &["--list"], &[]));
    assert!(kept.len() < graph.nodes.len() && text(&gone).contains("kept: "));
    let mut args: Vec<&str> = Vec::new();
    for node in &graph.nodes {
        if listed.contains(&format!("delete {}\n", node.address)) {
            args.extend(["--data", node.address.as_str()]);
        }
    }
    let gone = place.run("destroy.sh", &args, &[]);
    assert!(gone.status.success(), "{}", text(&gone));
    let left: Vec<String> = place.bodies().into_iter().map(|(id, _)| id).collect();
    assert!(left.iter().all(|id| id.contains("/deletedvaults/")), "{left:?}");
}

/// The staging estate is stopped at random steps, before a write and behind one whose answer was lost, and taken up again;
/// then much of it is changed by hand and brought back, and at last deleted.
#[test]
fn an_estate_survives_being_stopped_anywhere() {
    let graph = graph::build((xat_stacks::STACKS[1].build)()).unwrap_or_else(|p| panic!("{p:#?}"));
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let names = secrets(&graph, &plan);
    let env: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CANARY)).collect();
    let mut seed = std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos() as usize;
    let mut chosen = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + (seed >> 33) % most
    };
    let lost: Vec<String> = (0..3).map(|_| chosen(plan.steps.len()).to_string()).collect();
    let lost = lost.join(",");
    eprintln!("the answers of these writes are lost: {lost}");
    let mut losing = env.clone();
    losing.push(("FAKE_LOSE", &lost));
    for run in 0.. {
        let out = place.run("apply.sh", &[], &losing);
        if out.status.success() {
            break;
        }
        assert!(text(&out).contains("the connection was lost") && run < 4, "{}", text(&out));
    }
    let after = planned(&graph, &place.estate(&graph), &State::empty());
    let odd: Vec<_> = after.steps.iter().filter(|step| step.action != Action::Adopt).collect();
    assert!(odd.is_empty(), "{odd:#?}");

    // Changed by hand, and brought back.
    let state = plan::record(&graph, &place.estate(&graph), Salt::new("salt"), 1);
    let mut bodies = place.bodies();
    for (_, body) in bodies.iter_mut().filter(|(_, body)| body["tags"].is_object()) {
        body["tags"]["service"] = json!("theirs");
    }
    std::fs::write(place.path("estate.json"), Json::Object(bodies).to_string()).unwrap();
    let changed = planned(&graph, &place.estate(&graph), &state);
    assert!(changed.steps.len() > 20 && changed.steps.iter().all(|s| s.action == Action::Update));
    place.put(&steps::emit(&graph, &changed, &steps::Options::default()).unwrap());
    let done = place.run("apply.sh", &[], &env);
    assert!(done.status.success(), "{}", text(&done));
    assert!(planned(&graph, &place.estate(&graph), &state).steps.is_empty());
    assert!(!file(&place.path("argv.log")).contains(CANARY));
    deleted(&place, &graph);
}

/// What an action makes is waited for; what it takes back too.
#[test]
fn what_an_action_makes_is_made_and_taken_back() {
    let mut stack = Stack::new("shop").subscription("5a1e0000-0000-4000-8000-000000000001");
    stack.add(ResourceProviderRegistration::new(name!("Microsoft.App")));
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let state = || place.bodies().into_iter().next().unwrap().1["registrationState"].clone();
    let done = place.run("apply.sh", &[], &[]);
    assert!(done.status.success(), "{}", text(&done));
    assert_eq!(state(), "Registered");
    let again = place.run("apply.sh", &["--from", "step_001"], &[]);
    assert!(again.status.success(), "{}", text(&again));
    assert_eq!(state(), "Registered");
    let gone = place.run("destroy.sh", &[], &[]);
    assert!(gone.status.success(), "{}", text(&gone));
    assert_eq!(state(), "Unregistered");
}

/// The name of a deleted vault is taken: it is recovered, with what it held.
#[test]
fn a_deleted_vault_is_recovered() {
    let mut stack = Stack::new("shop")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002");
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let graph = graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let Some(place) = Place::new(&graph) else { return };
    let emit = |plan: &Plan| {
        place.put(&steps::emit(&graph, plan, &steps::Options::default()).unwrap());
        let _ = std::fs::remove_file(place.path("apply.journal"));
    };
    emit(&planned(&graph, &Estate::empty(), &State::empty()));
    assert!(place.run("apply.sh", &[], &[]).status.success());
    let address = graph.node(vault.node()).unwrap().address.clone();
    assert!(place.run("destroy.sh", &["--data", &address], &[]).status.success());
    // As if nothing had been there, the name is taken.
    let refused = place.run("apply.sh", &["--from", "step_001"], &[]);
    assert!(text(&refused).contains("a deleted vault has the name"), "{}", text(&refused));
    let plan = planned(&graph, &place.estate(&graph), &State::empty());
    assert!(plan.steps.iter().any(|step| step.action == Action::Recover), "{:#?}", plan.steps);
    emit(&plan);
    let done = place.run("apply.sh", &[], &[]);
    assert!(done.status.success(), "{}", text(&done));
    let after = planned(&graph, &place.estate(&graph), &State::empty());
    assert!(after.steps.iter().all(|step| step.action == Action::Adopt), "{:#?}", after.steps);
}

#[test]
fn a_step_can_be_named_and_unknown_words_are_refused() {
    let graph = stack();
    let Some(place) = Place::new(&graph) else { return };
    let plan = planned(&graph, &Estate::empty(), &State::empty());
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let listed = place.run("apply.sh", &["--list"], &[]);
    assert_eq!(text(&listed).lines().count(), plan.steps.len());
    let names = secrets(&graph, &plan);
    let env: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CANARY)).collect();
    for args in [&["--form", "x"][..], &["--from", "step_999"][..], &["--from"][..]] {
        let refused = place.run("apply.sh", args, &env);
        assert!(!refused.status.success(), "{args:?}: {}", text(&refused));
        assert!(place.bodies().is_empty(), "{args:?}");
    }
    // Beginning in the middle begins there: what holds the second step's resource is not there yet.
    let second = format!("step_{:03}", plan.steps[1].id);
    let early = place.run("apply.sh", &["--from", &second], &env);
    assert!(!early.status.success() && text(&early).contains("which holds it"), "{}", text(&early));
}

#[test]
fn an_update_keeps_what_the_stack_does_not_manage() {
    let graph = stack();
    let Some(place) = Place::new(&graph) else { return };
    let mut bodies = Map::new();
    let state = {
        let estate = Estate::as_applied(&graph).unwrap();
        plan::record(&graph, &estate, Salt::new("salt"), 1)
    };
    for body in model::applied(&graph)["resources"].as_array().unwrap() {
        let mut body = body.clone();
        if body["type"] == "Microsoft.Network/virtualNetworks" {
            body["properties"]["addressSpace"]["addressPrefixes"] = json!(["10.99.0.0/16"]);
            body["properties"]["ddosProtectionPlan"] = json!({"id": "someone's"});
            body["properties"]["subnets"] = json!([{"name": "theirs"}]);
        }
        bodies.insert(body["id"].as_str().unwrap().to_ascii_lowercase(), body);
    }
    std::fs::write(place.path("estate.json"), Json::Object(bodies).to_string()).unwrap();
    let plan = planned(&graph, &place.estate(&graph), &state);
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].action, Action::Update);
    place.put(&steps::emit(&graph, &plan, &steps::Options::default()).unwrap());
    let done = place.run("apply.sh", &[], &[]);
    assert!(done.status.success(), "{}", text(&done));
    let net = place.bodies().into_iter().find(|(id, _)| id.ends_with("virtualnetworks/xat-vnet"));
    let (_, net) = net.unwrap();
    assert_eq!(net["properties"]["addressSpace"]["addressPrefixes"], json!(["10.20.0.0/16"]));
    assert_eq!(net["properties"]["ddosProtectionPlan"]["id"], "someone's");
    assert_eq!(net["properties"]["subnets"][0]["name"], "theirs");
    assert!(planned(&graph, &place.estate(&graph), &state).steps.is_empty());
}
