//! Google Cloud in the core: IDs, references, policies member by member, APIs that are turned on first, stacks of two clouds.

use serde_json::json;
use xat_infra::azure::prelude::*;
use xat_infra::catalog;
use xat_infra::gcp::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::{Estate, Limits, Wants, model, read};
use xat_infra::plan::{self, Action, Options, Plan};
use xat_infra::state::State;
use xat_tests::examples;
use xat_tests::scripted::{Noted, Scripted};

fn built(stack: Stack) -> Graph {
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn planned(graph: &Graph, estate: &Estate) -> Plan {
    plan::plan(graph, estate, &State::empty(), &Options::default()).expect("a plan")
}

fn actions(plan: &Plan) -> Vec<(&str, Action)> {
    plan.steps.iter().map(|step| (step.address.as_str(), step.action)).collect()
}

fn secret(stack: &mut Stack, name: Name<SecretManagerSecret>) -> Handle<SecretManagerSecret> {
    stack.add(SecretManagerSecret::new(name).automatic(AutomaticReplication::default()))
}

/// One account that may read one secret.
fn reader() -> Stack {
    let mut stack = examples::stack();
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let key = secret(&mut stack, name!("session-key"));
    stack.add(SecretIamMember::new(key, IamRole::SECRET_ACCESSOR, account));
    stack
}

const ACCOUNT: &str = "serviceAccount:shop-run@example-project.iam.gserviceaccount.com";
const KEY: &str = "//secretmanager.googleapis.com/projects/example-project/secrets/session-key";

/// The policy is asked for once, whatever it holds of what is declared, and read member by member.
#[test]
fn members_are_read_out_of_their_policy() {
    let graph = built(reader());
    let body = |slug: &str| {
        let node = graph.nodes.iter().find(|node| node.ty.slug == slug).expect("it is declared");
        (node.id.clone(), model::bodies(&graph, node).remove(0).body)
    };
    let policy = |members: &[&str]| {
        let binding = json!({"role": "roles/secretmanager.secretAccessor", "members": members});
        json!({"version": 1, "etag": "x", "bindings": [binding]})
    };
    let (account, secret) = (body("service_account"), body("secret_manager_secret"));
    let plan_over = |members: &[&str]| {
        let cloud = Scripted::default()
            .with(&account.0, account.1.clone())
            .with(&secret.0, secret.1.clone())
            .with(&format!("{KEY}/iamPolicy"), policy(members));
        let types = catalog::types().into_iter().map(|registered| (registered.ty)());
        let wants = Wants::new(types).stack(&graph);
        let found = read(&cloud, wants, &Limits::default(), &Noted::default(), &mut |_, _| {});
        let estate = found.expect("it reads").into_estate("scripted").expect("an estate");
        let asked = cloud.asked();
        assert_eq!(asked.iter().filter(|id| id.contains("iamPolicy")).count(), 1, "{asked:?}");
        (planned(&graph, &estate), estate)
    };
    let (plan, estate) = plan_over(&[ACCOUNT, "user:other@example.com"]);
    assert!(actions(&plan).iter().all(|(_, action)| *action == Action::Adopt), "{plan:#?}");
    // Who else is in the policy is known, and left alone.
    assert!(estate.ids().any(|id| id.ends_with("/user:other@example.com")));
    let (plan, _) = plan_over(&["user:other@example.com"]);
    let created: Vec<&str> = plan
        .steps
        .iter()
        .filter(|step| step.action == Action::Create)
        .map(|step| step.address.as_str())
        .collect();
    assert_eq!(created, ["secret_iam_member.session-key.secretmanager.secretAccessor.shop-run"]);
}

/// A recorded estate keeps Google's bodies in assets, untouched, and says where a bad one is.
#[test]
fn assets_are_read() {
    let body =
        json!({"name": "projects/123456789/secrets/session-key", "replication": {"automatic": {}}});
    let asset = json!([{"name": KEY, "assetType": "secretmanager.googleapis.com/Secret",
        "resource": {"version": "v1", "data": body}, "ancestors": ["projects/123456789"]}]);
    let estate = Estate::from_text("estate.json", asset.to_string()).expect("it reads");
    assert_eq!(estate.ids().collect::<Vec<_>>(), [KEY]);
    assert_eq!(estate.text(KEY).map(str::to_owned), Some(body.to_string()));
    for bad in [
        json!([{"name": KEY, "assetType": "x/Y"}]),
        json!([{"assetType": "x/Y", "resource": {"data": {}}}]),
        json!([{"name": 3, "assetType": "x/Y", "resource": {"data": {}}}]),
    ] {
        let problems = Estate::from_text("estate.json", format!("{bad:#}")).err().expect("refused");
        assert_eq!(problems[0].code, "estate-malformed");
        assert!(problems[0].spot().is_some_and(|spot| spot.line == 2), "{}", problems[0]);
    }
}

/// Services answer with the project's number, and with URLs.
#[test]
fn references_compare_by_what_they_name() {
    let mut stack = examples::stack();
    let network = stack.add(Network::new(name!("shop")));
    stack.add(GlobalAddress::for_peering(name!("services"), network, 20));
    let graph = built(stack);
    let with = |network: &str| {
        let mut applied = model::applied(&graph);
        for asset in applied["resources"].as_array_mut().expect("assets") {
            let body = &mut asset["resource"]["data"];
            if body.get("network").is_some() {
                body["network"] = json!(network);
            }
        }
        Estate::from_text("estate.json", applied.to_string()).expect("it reads")
    };
    for same in [
        "projects/example-project/global/networks/shop",
        "https://www.googleapis.com/compute/v1/projects/example-project/global/networks/shop",
        "projects/123456789/global/networks/shop",
    ] {
        let plan = planned(&graph, &with(same));
        assert!(plan.steps.iter().all(|step| step.action == Action::Adopt), "{same}");
    }
    let other =
        "https://www.googleapis.com/compute/v1/projects/example-project/global/networks/old";
    let plan = planned(&graph, &with(other));
    let replaced = plan.steps.iter().find(|step| step.action == Action::Replace).expect("a change");
    assert_eq!(replaced.address, "global_address.services");
    let change = &replaced.changes[0];
    let shown = |shown: &Option<plan::Shown>| shown.as_ref().map(|s| s.text.clone());
    assert_eq!(shown(&change.before).as_deref(), Some("old"));
    assert_eq!(shown(&change.after).as_deref(), Some("shop"));
}

/// Whatever belongs to an API waits until the API is on, and nothing else does.
#[test]
fn an_api_is_turned_on_before_it_is_used() {
    let mut stack = examples::stack();
    secret(&mut stack, name!("a-key"));
    stack.add(ServiceAccount::new(name!("shop-run")));
    let api = stack.add(ProjectService::new(name!("secretmanager.googleapis.com")));
    let graph = built(stack);
    let waits = |slug: &str| {
        let node = graph.nodes.iter().find(|node| node.ty.slug == slug).expect("it is declared");
        node.edges.iter().any(|edge| graph.reference(edge.to) == api.node())
    };
    assert!(waits("secret_manager_secret"));
    assert!(!waits("service_account"));
    let first = &graph.nodes[graph.order[0] as usize];
    assert_ne!(first.ty.slug, "secret_manager_secret");
}

/// One stack, two clouds: a vault of one holds an output of the other, and knows it before anything exists.
#[test]
fn a_stack_may_hold_both_clouds() {
    let mut stack = examples::stack();
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group).tag("runs-as", "google"));
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    stack.add(
        VaultSecret::new(name!("runs-as"), vault, Secret::generated("runs-as"))
            .content_type(account.email()),
    );
    let graph = built(stack);
    let at = |address: &str| {
        let index = graph.at(address).expect("it is declared");
        graph.order.iter().position(|other| *other == index)
    };
    assert!(at("service_account.shop-run") < at("vault_secret.runs-as"));
    let plan = planned(&graph, &Estate::empty());
    let step = plan.steps.iter().find(|step| step.address == "vault_secret.runs-as");
    let change = step.and_then(|s| s.changes.iter().find(|c| c.path == "content_type"));
    let after = change.and_then(|c| c.after.as_ref()).expect("it is set");
    assert_eq!(after.json, json!("shop-run@example-project.iam.gserviceaccount.com"));
    let estate = Estate::as_applied(&graph).expect("the model reads");
    let adopted = planned(&graph, &estate);
    assert!(adopted.steps.iter().all(|step| step.action == Action::Adopt));
}

/// What the stack does not say once, it is asked for.
#[test]
fn a_stack_without_a_project_is_told() {
    let mut stack = Stack::new("nowhere");
    stack.add(ServiceAccount::new(name!("shop-run")));
    let problems = graph::build(stack).err().expect("it has no project");
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].code, "missing-parameter");
    assert!(problems[0].to_string().contains(".project(\"..\")"), "{}", problems[0]);
}

/// Two secrets, one account, one role: two resources.
#[test]
fn members_are_told_apart_by_what_they_are_about() {
    let mut stack = reader();
    let account = Ref::<ServiceAccount>::existing(
        "projects/example-project/serviceAccounts/shop-run@example-project.iam.gserviceaccount.com",
    );
    let other = secret(&mut stack, name!("database-url"));
    stack.add(SecretIamMember::new(other, IamRole::SECRET_ACCESSOR, account));
    let graph = built(stack);
    let mut ids: Vec<&str> = graph
        .nodes
        .iter()
        .filter(|node| node.ty.slug == "secret_iam_member")
        .map(|node| node.id.as_str())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids.len(), 2);
    assert!(ids.iter().all(|id| id.ends_with(ACCOUNT)), "{ids:?}");
}
