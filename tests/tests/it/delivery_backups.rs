//! Backups of a workload: each fact of them stands in all that need it, the estate keeps them for as long as the workload says, and
//! what makes them can do that and no more.

use serde_json::Value as Json;
use xat_infra::azure::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::model;
use xat_stacks::internal::{self, Environment};

use crate::delivery::{CD, EF, Fact, base, each_is_said_once, files, postgres};
use crate::provocations_delivery::{backups, database};

/// The workload that facts are changed of, with these backups.
fn backed(backups: Backups) -> (Workload, Database) {
    (base().backups(backups), database())
}

/// The same with another database.
fn stored(postgres: Database) -> (Workload, Database) {
    (base().database(postgres.clone()).backups(backups()), postgres)
}

const FACTS: &[Fact] = &[
    Fact {
        what: "the version of PostgreSQL, which is the client's",
        changed: || stored(Database::postgres(postgres(Postgres::V17, EF), "orders", "shopper")),
        before: &["postgres:16", "\"version\": \"16\"", "(PostgreSQL) 16.", "`pg_dump` 16 "],
        after: &["postgres:17", "\"version\": \"17\"", "(PostgreSQL) 17.", "`pg_dump` 17 "],
        stands_in: &[
            "(estate)",
            ".github/workflows/test.yml",
            "backup/Dockerfile",
            "backup/RUNBOOK.md",
            "compose.yaml",
        ],
    },
    Fact {
        what: "the database's name",
        changed: || stored(Database::postgres(postgres(Postgres::V16, CD), "returns", "shopper")),
        before: &["orders"],
        after: &["returns"],
        stands_in: &[
            "(estate)",
            ".github/workflows/test.yml",
            "backup/RUNBOOK.md",
            "backup/manifest.py",
            "compose.yaml",
        ],
    },
    Fact {
        what: "the time of backups",
        changed: || {
            let url = Backups::database_url("shop-backup-url");
            let changed = Backups::scheduled("55 3 * * 0", url);
            backed(changed.kept_days(23).place("order-dumps").image_tag("16-4"))
        },
        before: &["35 4 * * 1-6"],
        after: &["55 3 * * 0"],
        stands_in: &["(estate)", "backup/RUNBOOK.md"],
    },
    Fact {
        what: "how long backups are kept",
        changed: || backed(backups().kept_days(37)),
        before: &["| 23 days;", "daysAfterCreationGreaterThan\": 23"],
        after: &["| 37 days;", "daysAfterCreationGreaterThan\": 37"],
        stands_in: &["(estate)", "backup/RUNBOOK.md"],
    },
    Fact {
        what: "where backups are kept",
        changed: || backed(backups().place("order-copies")),
        before: &["order-dumps"],
        after: &["order-copies"],
        stands_in: &["(estate)", "backup/RUNBOOK.md"],
    },
    Fact {
        what: "the image that makes backups",
        changed: || backed(backups().image_tag("16-5")),
        before: &["web-backup:16-4"],
        after: &["web-backup:16-5"],
        stands_in: &[
            "(estate)",
            ".github/workflows/deploy-azure.yml",
            "backup/Dockerfile",
            "backup/RUNBOOK.md",
        ],
    },
    Fact {
        what: "the name of the backups' secret",
        changed: || {
            let url = Backups::database_url("shop-dump-url");
            let changed = Backups::scheduled("35 4 * * 1-6", url);
            backed(changed.kept_days(23).place("order-dumps").image_tag("16-4"))
        },
        before: &["shop-backup-url"],
        after: &["shop-dump-url"],
        stands_in: &["(estate)", "backup/RUNBOOK.md"],
    },
];

#[test]
fn a_fact_of_backups_is_said_once() {
    each_is_said_once(FACTS, &files(&base().backups(backups()), &database()), files);
}

fn estate(environment: &Environment) -> Graph {
    graph::build(internal::stack(environment)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn body(graph: &Graph, address: &str) -> Json {
    let node = graph.nodes.iter().find(|node| node.address == address);
    let node = node.unwrap_or_else(|| panic!("no {address}"));
    model::bodies(graph, node).swap_remove(0).body
}

/// Retention is the service's own business: one rule, about this one container, for as long as the workload says; and nobody can
/// delete a dump before.
#[test]
fn the_estate_keeps_what_the_workload_says() {
    let environment = Environment::production();
    let said = environment.workload.backed_up().expect("backups");
    assert_eq!(said.days(), 28);
    let graph = estate(&environment);
    let rules = body(&graph, "dumps/storage_lifecycle.xatbackenddumps");
    let rules = rules.pointer("/properties/policy/rules").and_then(Json::as_array).unwrap();
    assert_eq!(rules.len(), 1);
    let deletes = "/definition/actions/baseBlob/delete/daysAfterCreationGreaterThan";
    assert_eq!(rules[0].pointer(deletes), Some(&said.days().into()));
    let about = rules[0].pointer("/definition/filters/prefixMatch");
    assert_eq!(about, Some(&serde_json::json!(["database-backups/"])));
    let job = body(&graph, "dumps/container_app_job.xat-backup");
    let schedule = "/properties/configuration/scheduleTriggerConfig/cronExpression";
    assert_eq!(job.pointer(schedule), Some(&said.schedule().into()));
    let container = graph.nodes.iter().find(|node| node.ty.slug == "storage_container").unwrap();
    let held = model::bodies(&graph, container).into_iter().any(|found| {
        found.body.pointer("/properties/immutabilityPeriodSinceCreationInDays")
            == Some(&said.days().into())
    });
    assert!(held, "a dump can be deleted before its time");
}

/// The job signs in as itself, waits for its roles, and has them over the one container, the one secret and the registry.
#[test]
fn what_makes_backups_may_do_no_more() {
    let graph = estate(&Environment::staging());
    let job = graph.nodes.iter().find(|node| node.ty.slug == "container_app_job").unwrap();
    let waits = |address: &str| {
        job.edges.iter().any(|edge| graph.nodes[edge.to as usize].address == address)
    };
    let roles: Vec<&str> = graph
        .nodes
        .iter()
        .filter(|node| {
            node.ty.slug == "role_assignment" && node.key.ends_with("xat-backup-identity-stg")
        })
        .map(|node| node.address.as_str())
        .collect();
    assert_eq!(
        roles,
        [
            "dumps/role_assignment.storage-blob-data-contributor.database-backups.xat-backup-identity-stg",
            "dumps/role_assignment.acr-pull.xatbackendacrstg.xat-backup-identity-stg",
            "dumps/role_assignment.key-vault-secrets-user.backup-database-url.xat-backup-identity-stg",
        ]
    );
    assert!(roles.iter().all(|role| waits(role)), "{roles:?}");
    assert!(waits("dumps/private_endpoint.xat-dumps-endpoint-stg"));
    let body = body(&graph, &job.address);
    let variables =
        body.pointer("/properties/template/containers/0/env").unwrap().as_array().unwrap();
    let by_reference: Vec<&str> = variables
        .iter()
        .filter(|variable| variable.get("secretRef").is_some())
        .filter_map(|variable| variable["name"].as_str())
        .collect();
    assert_eq!(by_reference, [Backups::DATABASE_URL]);
}
