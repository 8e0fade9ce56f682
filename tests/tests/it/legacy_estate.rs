//! The XAT backend on Google Cloud: what its hand-written files had wrong, held to be right.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use xat_infra::graph::{self, Graph, Node};
use xat_infra::lint;
use xat_infra::live::model;
use xat_infra::value::{NodeRef, Value};

fn legacy() -> Graph {
    graph::build(xat_stacks::legacy::stack()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub(crate) fn of<'g>(graph: &'g Graph, slug: &str) -> Vec<&'g Node> {
    let found: Vec<&Node> = graph.nodes.iter().filter(|node| node.ty.slug == slug).collect();
    assert!(!found.is_empty(), "no {slug} at all");
    found
}

pub(crate) fn body(graph: &Graph, slug: &str) -> Json {
    model::bodies(graph, of(graph, slug)[0]).swap_remove(0).body
}

/// Everything that a resource waits for, however far.
fn waits_for(graph: &Graph, node: &Node) -> BTreeSet<u32> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<u32> = node.edges.iter().map(|edge| edge.to).collect();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(graph.nodes[next as usize].edges.iter().map(|edge| edge.to));
        }
    }
    seen
}

pub(crate) fn comes_behind(graph: &Graph, later: &Node, earlier: &Node) -> bool {
    let at = graph.at(&earlier.address).expect("it is declared");
    waits_for(graph, later).contains(&at)
}

/// The members of a role, wherever it is given.
pub(crate) fn given(graph: &Graph) -> Vec<(&Node, String, Vec<NodeRef>)> {
    let members = graph.nodes.iter().filter(|node| node.ty.slug.ends_with("iam_member"));
    members
        .map(|node| {
            let named = |property| node.fields.named(node.ty.props, property);
            let role = named("role").and_then(Value::as_str).unwrap_or_default().to_owned();
            let mut whom = Vec::new();
            named("member").expect("a member").each_output(&mut |output| whom.push(output.node));
            (node, role, whom)
        })
        .collect()
}

#[test]
fn nothing_is_open_to_the_internet() {
    let graph = legacy();
    let instance = body(&graph, "sql_instance");
    let addresses = &instance["settings"]["ipConfiguration"];
    assert_eq!(addresses["ipv4Enabled"], false);
    assert_eq!(addresses["privateNetwork"], "projects/xat-backend/global/networks/xat");
    let service = body(&graph, "cloud_run_service");
    assert_eq!(service["ingress"], "INGRESS_TRAFFIC_INTERNAL_ONLY");
    assert_ne!(service["invokerIamDisabled"], true);
    for (node, ..) in given(&graph) {
        let member = node.fields.named(node.ty.props, "member");
        let text = member.and_then(Value::as_str).unwrap_or_default();
        assert!(!text.contains("allUsers") && !text.contains("allAuthenticated"), "{text}");
    }
    let bucket = body(&graph, "bucket");
    assert_eq!(bucket["iamConfiguration"]["publicAccessPrevention"], "enforced");
}

#[test]
fn what_must_be_there_first_comes_first() {
    let graph = legacy();
    let (instance, service) = (of(&graph, "sql_instance")[0], of(&graph, "cloud_run_service")[0]);
    assert!(comes_behind(&graph, instance, of(&graph, "service_connection")[0]));
    assert!(comes_behind(&graph, service, instance));
    let job = |address: &str| &graph.nodes[graph.at(address).expect("the job") as usize];
    let migrate = job("delivery/cloud_run_job.xat-backend-migrate");
    let backup = job("dumps/cloud_run_job.xat-backend-backup");
    for member in of(&graph, "secret_iam_member") {
        let reader = match member.component.as_deref() {
            Some("app") => service,
            Some("dumps") => backup,
            _ => migrate,
        };
        assert!(comes_behind(&graph, reader, member), "{}", member.address);
    }
    // Whatever belongs to an API waits for it.
    for node in graph.nodes.iter().filter(|node| !node.ty.enables) {
        let namespace = node.ty.wire.split('/').next().unwrap_or_default();
        let api = of(&graph, "project_service").into_iter().find(|api| api.name == namespace);
        if let Some(api) = api {
            assert!(
                comes_behind(&graph, node, api),
                "{} does not wait for {namespace}",
                node.address
            );
        }
    }
}

/// The account that runs the service reads its three secrets and can do nothing else.
#[test]
fn the_account_has_the_least_that_it_needs() {
    let graph = legacy();
    let account = graph.at("app/service_account.xat-backend-cloudrun").expect("the account");
    let account = graph.reference(account);
    let roles = given(&graph);
    let own: Vec<&str> = roles
        .iter()
        .filter(|(node, _, whom)| {
            whom.contains(&account) && node.ty.slug != "service_account_iam_member"
        })
        .map(|(_, role, _)| role.as_str())
        .collect();
    assert_eq!(own, ["roles/secretmanager.secretAccessor"; 3]);
    let used = body(&graph, "cloud_run_service");
    let env = used["template"]["containers"][0]["env"].as_array().expect("variables");
    let secrets = env.iter().filter(|variable| variable["valueSource"].is_object()).count();
    assert_eq!(secrets, 3);
    // Of the project as a whole, a role is given to write a build's log, and two to read for previews: none of them to a secret.
    let of_project = of(&graph, "project_iam_member");
    let roles: BTreeSet<&str> = of_project
        .iter()
        .filter_map(|node| node.fields.named(node.ty.props, "role")?.as_str())
        .collect();
    assert_eq!(of_project.len(), 3);
    let expected = ["roles/iam.securityReviewer", "roles/logging.logWriter", "roles/viewer"];
    assert!(roles.into_iter().eq(expected));
}

/// The image comes from a registry that is there, under a tag that means one image.
#[test]
fn the_image_is_one_image() {
    let graph = legacy();
    let service = body(&graph, "cloud_run_service");
    let image = service["template"]["containers"][0]["image"].as_str().expect("an image");
    assert!(
        image.starts_with("us-central1-docker.pkg.dev/xat-backend/xat/xat-backend:"),
        "{image}"
    );
    assert!(!image.ends_with(":latest") && !image.contains("gcr.io"), "{image}");
    assert_eq!(body(&graph, "artifact_repository")["dockerConfig"]["immutableTags"], true);
}

/// Backups daily at three, with the logs in between, and dumps at four, by a job that its own schedule starts; both for four weeks.
#[test]
fn what_is_kept_is_kept_for_four_weeks() {
    let graph = legacy();
    let backups = &body(&graph, "sql_instance")["settings"]["backupConfiguration"];
    assert_eq!(backups["startTime"], "03:00");
    assert_eq!(backups["pointInTimeRecoveryEnabled"], true);
    assert_eq!(backups["backupRetentionSettings"]["retainedBackups"], 28);
    let rule = &body(&graph, "bucket")["lifecycle"]["rule"][0];
    assert_eq!(rule["condition"]["age"], 28, "{rule}");
    assert_eq!(body(&graph, "scheduler_job")["schedule"], "0 4 * * *");
}

#[test]
fn connections_fit_and_no_rule_is_broken() {
    let found = lint::lint(&legacy());
    assert!(found.is_empty(), "{found:#?}");
}
