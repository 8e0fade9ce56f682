//! The XAT backend on App Engine and on GKE: held to the same as on Cloud Run.

use std::collections::BTreeSet;

use xat_infra::graph::{self, Graph, Node};
use xat_infra::lint;
use xat_infra::value::Value;

use crate::legacy_estate::{body, comes_behind, given, of};

fn app_engine() -> Graph {
    graph::build(xat_stacks::appengine::stack()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn gke() -> Graph {
    graph::build(xat_stacks::gke::stack()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn nothing_is_open_to_the_internet() {
    for graph in [app_engine(), gke()] {
        let addresses = &body(&graph, "sql_instance")["settings"]["ipConfiguration"];
        assert_eq!(addresses["ipv4Enabled"], false);
        let bucket = body(&graph, "bucket");
        assert_eq!(bucket["iamConfiguration"]["publicAccessPrevention"], "enforced");
        for (node, ..) in given(&graph) {
            let member = node.fields.named(node.ty.props, "member").and_then(Value::as_str);
            let member = member.unwrap_or_default();
            assert!(!member.contains("allUsers") && !member.contains("allAuth"), "{member}");
        }
    }
    let service = body(&app_engine(), "app_engine_service");
    let ingress = &service["networkSettings"]["ingressTrafficAllowed"];
    assert_eq!(*ingress, "INGRESS_TRAFFIC_ALLOWED_INTERNAL_ONLY");
    assert_eq!(body(&app_engine(), "app_engine_version")["network"]["instanceIpMode"], "INTERNAL");
    let cluster = &body(&gke(), "autopilot_cluster");
    assert_eq!(cluster["privateClusterConfig"]["enablePrivateNodes"], true);
    assert_eq!(cluster["privateClusterConfig"]["enablePrivateEndpoint"], true);
    assert_eq!(cluster["secretManagerConfig"]["enabled"], true);
}

/// Each secret's members and version come before what reads it, the peering before the database, and each API before what it serves.
#[test]
fn what_must_be_there_first_comes_first() {
    for graph in [app_engine(), gke()] {
        let instance = of(&graph, "sql_instance")[0];
        assert!(comes_behind(&graph, instance, of(&graph, "service_connection")[0]));
        for node in graph.nodes.iter().filter(|node| !node.ty.enables) {
            let namespace = node.ty.wire.split('/').next().unwrap_or_default();
            // It is on in every project.
            if namespace == "storage.googleapis.com" {
                continue;
            }
            let api = of(&graph, "project_service").into_iter().find(|api| api.name == namespace);
            let api = api.unwrap_or_else(|| panic!("nothing turns {namespace} on"));
            assert!(comes_behind(&graph, node, api), "{} and {namespace}", node.address);
        }
    }
    let graph = app_engine();
    let version = of(&graph, "app_engine_version")[0];
    assert!(comes_behind(&graph, version, of(&graph, "sql_instance")[0]));
    assert!(comes_behind(&graph, of(&graph, "app_engine_service")[0], version));
    let used = |node: &&&Node| node.component.as_deref() == Some("app");
    for member in of(&graph, "secret_iam_member").iter().filter(used) {
        assert!(comes_behind(&graph, version, member), "{}", member.address);
    }
}

/// What an account may, by its address in the graph: roles over anything but accounts.
fn roles(graph: &Graph, account: &str) -> BTreeSet<(String, usize)> {
    let account = graph.at(account).unwrap_or_else(|| panic!("no {account}"));
    let account = graph.reference(account);
    let mut all: Vec<String> = given(graph)
        .into_iter()
        .filter(|(node, _, whom)| {
            whom.contains(&account) && node.ty.slug != "service_account_iam_member"
        })
        .map(|(_, role, _)| role)
        .collect();
    all.sort();
    let kinds: BTreeSet<&String> = all.iter().collect();
    let count = |role: &&String| all.iter().filter(|one| one == role).count();
    kinds.iter().map(|role| ((*role).clone(), count(role))).collect()
}

fn expected(roles: &[(&str, usize)]) -> BTreeSet<(String, usize)> {
    roles.iter().map(|(role, times)| ((*role).to_owned(), *times)).collect()
}

/// Whoever runs the application reads its three secrets; App Engine's machines pull and write logs as it too.
#[test]
fn accounts_have_the_least_that_they_need() {
    let secrets = ("roles/secretmanager.secretAccessor", 3);
    let of_pods = roles(&gke(), "app/service_account.xat-backend-gke");
    assert_eq!(of_pods, expected(&[secrets]));
    let of_migrations = roles(&gke(), "app/service_account.xat-backend-migrate");
    assert_eq!(of_migrations, expected(&[("roles/secretmanager.secretAccessor", 1)]));
    let machine = [
        ("roles/artifactregistry.reader", 1),
        ("roles/logging.logWriter", 1),
        ("roles/monitoring.metricWriter", 1),
    ];
    let of_versions = roles(&app_engine(), "app/service_account.xat-backend-appengine");
    assert_eq!(of_versions, expected(&[&machine[..], &[secrets]].concat()));
    // Pods of one namespace act as these accounts, and no others do.
    let members: Vec<String> = of(&gke(), "service_account_iam_member")
        .iter()
        .map(|node| node.id.rsplit("serviceAccount:").next().unwrap_or_default().to_owned())
        .filter(|member| member.contains(".svc.id.goog"))
        .collect();
    assert_eq!(
        members,
        [
            "xat-gke.svc.id.goog[xat-backend/xat-backend]",
            "xat-gke.svc.id.goog[xat-backend/xat-backend-migrate]"
        ]
    );
}

/// One image by a tag that means one, from a registry that is there.
#[test]
fn the_image_is_one_image() {
    let version = body(&app_engine(), "app_engine_version");
    let image = version["deployment"]["container"]["image"].as_str().expect("an image");
    let repository = "us-central1-docker.pkg.dev/xat-appengine/xat/xat-backend:";
    assert!(image.starts_with(repository) && !image.ends_with(":latest"), "{image}");
    for graph in [app_engine(), gke()] {
        assert_eq!(body(&graph, "artifact_repository")["dockerConfig"]["immutableTags"], true);
        assert!(lint::lint(&graph).is_empty());
    }
}
