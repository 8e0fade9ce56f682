//! The estate recorded of the deployment on Google Cloud, in mid-migration: what was applied and nobody touched shows no line, and
//! what people changed shows as theirs.

use std::collections::BTreeSet;

use xat_infra::graph::Graph;
use xat_infra::live::Estate;
use xat_infra::plan::{Action, Options, Plan, drift, plan};
use xat_infra::state::State;
use xat_stacks::{LEGACY_ESTATE, LEGACY_STATE, legacy};

use crate::stacks::record_estate::legacy as recorded;

fn state() -> State {
    State::from_text("the state", LEGACY_STATE).expect("it reads")
}

fn estate() -> Estate {
    Estate::from_text("the estate", LEGACY_ESTATE).expect("it reads")
}

fn planned(graph: &Graph, estate: &Estate) -> Plan {
    let planned = plan(graph, estate, &state(), &Options::default());
    planned.unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The first stack against what its apply left, as the services spell it: numbers for projects, URLs for names, leaves that
/// nobody declared.
#[test]
fn what_nobody_touched_shows_no_line() {
    let graph = recorded::first().unwrap();
    let untouched = recorded::untouched(&graph).unwrap();
    let plan = planned(&graph, &untouched);
    assert!(plan.steps.is_empty(), "{:#?}", plan.steps);
    assert_eq!(plan.unchanged.len(), graph.nodes.len());
    assert!(!drift(&graph, &untouched, &state(), false).unwrap().is_any());
}

/// The first stack against what is there now: nothing but what people did.
#[test]
fn only_what_people_did_shows() {
    let graph = recorded::first().unwrap();
    let plan = planned(&graph, &estate());
    let mut shown = Vec::new();
    for step in &plan.steps {
        match step.action {
            Action::Create => shown.push(format!("{} is gone", step.address)),
            Action::Update => shown.extend(step.changes.iter().map(|change| {
                assert!(change.drifted, "{} {}", step.address, change.path);
                format!("{} {}", step.address, change.path)
            })),
            other => panic!("{other:?} {}", step.address),
        }
    }
    shown.sort();
    assert_eq!(
        shown,
        [
            "app/secret_iam_member.rollbar-token.secretmanager.secretAccessor.xat-backend-cloudrun is gone",
            "delivery/identity_provider.xat-backend condition",
            "monitoring/alert_policy.XAT: failing answers conditions[5xx].threshold.value",
            "network/subnetwork.xat-run private_google_access",
            "network/vpc_connector.xat-connector is gone",
        ]
    );
}

/// The stack as it is now: what the hand-written files left is taken over, what nobody wants any more goes, and what cannot be
/// deleted or is gone already is forgotten.
#[test]
fn the_migration_is_told_as_it_is() {
    let graph = xat_infra::graph::build(legacy::stack()).unwrap();
    let plan = planned(&graph, &estate());
    let of = |action: Action| -> BTreeSet<&str> {
        let of = plan.steps.iter().filter(|step| step.action == action);
        of.map(|step| step.address.as_str()).collect()
    };
    assert_eq!(
        of(Action::Adopt),
        BTreeSet::from([
            "data/secret_version.database-url",
            "data/sql_database.xatdashboard",
            "data/sql_user.xatadmin",
        ])
    );
    assert_eq!(
        of(Action::Forget),
        BTreeSet::from([
            "apis/project_service.containerregistry.googleapis.com",
            "network/vpc_connector.xat-connector",
        ])
    );
    assert_eq!(
        of(Action::Delete),
        BTreeSet::from([
            "app/project_iam_member.cloudsql.client.xat-backend-cloudrun",
            "app/project_iam_member.storage.objectAdmin.xat-backend-cloudrun",
            "app/run_service_iam_member.xat-backend.run.invoker.allUsers",
            "app/secret_iam_member.database-url.secretmanager.secretAccessor.cloudrun-sa",
            "app/service_account.cloudrun-sa",
            // Any workflow of the repository could deliver.
            "delivery/service_account_iam_member.xat-backend-delivery.iam.workloadIdentityUser.github.xat-backend",
        ])
    );
    assert!(plan.steps.iter().all(|step| step.refused.is_none()), "nothing has to be made anew");
    let instance = plan.steps.iter().find(|step| step.address.starts_with("data/sql_instance."));
    let instance = instance.expect("the instance");
    let old = |path: &str| {
        let change = instance.changes.iter().find(|change| change.path == path);
        change.and_then(|change| change.before.as_ref()).map(|before| before.text.as_str())
    };
    assert_eq!(old("version"), Some("POSTGRES_12"));
    assert_eq!(old("tier"), Some("db-f1-micro"));
    assert_eq!(old("retained_backups"), Some("7"));
    assert!((35..=40).contains(&plan.found), "{} found", plan.found);
}
