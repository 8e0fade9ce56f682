//! The same shop, delivered to App Engine: each fact in all files that need it, and what App Engine does not allow.

use std::collections::BTreeMap;

use xat_infra::delivery;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::gcp::prelude::*;

use crate::delivery::{CD, EF, Fact, base, each_is_said_once, headed, postgres, stored, with};
use crate::delivery_google::{Ground, estate, ground, jobs};
use crate::provocations::{Case, built, case};
use crate::provocations_delivery::{KEY, URL, bare, database, python, workload};

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("delivery_app_engine.rs");

/// What a service on App Engine says differently, unless it says so already.
fn fitting(workload: Workload) -> Workload {
    let workload = workload.port(8080).shutdown_timeout(20);
    let workload = match workload.size() {
        None => workload.machine(Machine { cores: 4, memory: 7168 }),
        Some(_) => workload,
    };
    match workload.instance_range() {
        None => workload.instances(3, 7),
        Some(_) => workload,
    }
}

/// A stack whose resources are as `real` says, with one thing changed, and which delivers `said`.
fn shop_with(real: &Workload, postgres: &Database, said: &Workload, change: Change) -> Stack {
    let stack = Stack::new("shop").project_number("123456789012");
    let (mut stack, ground) = ground(stack, real, postgres);
    let runs_as = stack.add(ServiceAccount::new(name!("shop-app")));
    let readable = ground.secrets.values().skip(usize::from(change == Change::Unread));
    for secret in readable {
        stack.add(SecretIamMember::new(*secret, IamRole::SECRET_ACCESSOR, runs_as));
    }
    let application = stack.add(AppEngineApplication::new("europe-west"));
    let network = stack.add(Network::new(name!("shop")));
    let path = text!("{}/{}:1.0", ground.registry.docker_path(), real.repository());
    let hosts = ["shop.example.com".to_owned()];
    let version = AppEngineVersion::new(
        name!("v1"),
        application,
        path,
        real.app_engine_readiness(),
        real.app_engine_liveness(),
        runs_as,
    )
    .resources(real.app_engine_resources(10.0))
    .scaling(real.app_engine_scaling(0.5))
    .network(AppNetwork::new(network).subnetwork("shop-app"))
    .env_variables(real.app_engine_variables("production", &hosts, &ground.secrets));
    let version = match change {
        Change::OtherService => version.service("web"),
        Change::UnknownValue => version.env("SHOP_HOST", application.hostname()),
        _ => version,
    };
    let version = stack.add(version);
    let service = stack.add(AppEngineService::of(name!("default"), application, version));
    let account = stack.add(ServiceAccount::new(name!("shop-delivery")));
    let (migrate, verify) = jobs(&mut stack, &ground, real, account);
    let Ground { server, database, registry, provider, .. } = ground;
    let target = AppEngineTarget {
        application,
        version,
        service,
        runs_as: if change == Change::OtherAccount { account } else { runs_as },
        migrate,
        verify,
        server,
        database,
        registry,
        provider,
        account,
    };
    stack.deliver(Delivery::new(said, target));
    stack
}

/// What is wrong with a shop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Nothing,
    Unread,
    OtherService,
    OtherAccount,
    UnknownValue,
}

/// Every file of a shop with this workload, and what its resources say as `(estate)`.
fn files(workload: &Workload, postgres: &Database) -> BTreeMap<String, String> {
    let workload = fitting(workload.clone());
    let graph = built(shop_with(&workload, postgres, &workload, Change::Nothing));
    let emitted = delivery::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let files = emitted.into_iter().map(|file| (file.name, file.text));
    files.chain([("(estate)".to_owned(), estate(&graph))]).collect()
}

const FACTS: &[Fact] = &[
    Fact {
        what: "the path of readiness",
        changed: || with(|workload| workload.probes("/ready/", "/lives/")),
        before: &["/works/"],
        after: &["/ready/"],
        stands_in: &["(estate)", "app.yaml", "workload/logs.py", "workload/release.sh"],
    },
    Fact {
        what: "the path of liveness",
        changed: || with(|workload| workload.probes("/works/", "/alive/")),
        before: &["/lives/"],
        after: &["/alive/"],
        stands_in: &["(estate)", "Dockerfile", "app.yaml", "workload/logs.py"],
    },
    Fact {
        what: "the workers",
        changed: || with(|workload| workload.workers(Workers::exactly(19))),
        before: &["\"17\""],
        after: &["\"19\""],
        stands_in: &["(estate)", "app.yaml", "gunicorn-cfg.py"],
    },
    Fact {
        what: "the size of an instance",
        changed: || with(|workload| workload.machine(Machine { cores: 6, memory: 9216 })),
        before: &["cpu: 4", "memory_gb: 7", "\"memory_gb\": 7"],
        after: &["cpu: 6", "memory_gb: 9", "\"memory_gb\": 9"],
        stands_in: &["(estate)", "app.yaml"],
    },
    Fact {
        what: "the number of instances",
        changed: || with(|workload| workload.instances(5, 11)),
        before: &["min_num_instances: 3", "max_num_instances: 7", "_total_instances\": 7"],
        after: &["min_num_instances: 5", "max_num_instances: 11", "_total_instances\": 11"],
        stands_in: &["(estate)", "app.yaml"],
    },
    Fact {
        what: "a setting",
        changed: || {
            let workload = bare().probes("/works/", "/lives/").setting("SHOP_MODE", "wholesale");
            (workload.secret(KEY).secret(URL).database(database()), database())
        },
        before: &["retail"],
        after: &["wholesale"],
        stands_in: &[
            "(estate)",
            ".github/workflows/test.yml",
            "app.yaml",
            "cloudbuild.yaml",
            "compose.yaml",
        ],
    },
    Fact {
        what: "the image",
        changed: || (headed(Workload::django("shop/counter", "shopfront", python())), database()),
        before: &["/shop/web"],
        after: &["/shop/counter"],
        stands_in: &["(estate)", ".github/workflows/deploy-gcp.yml", "cloudbuild.yaml"],
    },
    Fact {
        what: "the version of Python",
        changed: || {
            (headed(Workload::django("shop/web", "shopfront", Python::V3_14.at(EF))), database())
        },
        before: &["(3, 12)", "abab"],
        after: &["(3, 14)", "efef"],
        stands_in: &["Dockerfile", "cloudbuild.yaml"],
    },
    Fact {
        what: "the version of PostgreSQL",
        changed: || stored(Database::postgres(postgres(Postgres::V17, EF), "orders", "shopper")),
        before: &["postgres:16", "POSTGRES_16"],
        after: &["postgres:17", "POSTGRES_17"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "cloudbuild.yaml", "compose.yaml"],
    },
    Fact {
        what: "the database's name",
        changed: || stored(Database::postgres(postgres(Postgres::V16, CD), "returns", "shopper")),
        before: &["orders"],
        after: &["returns"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "cloudbuild.yaml", "compose.yaml"],
    },
    Fact {
        what: "the name of the database's secret",
        changed: || {
            let workload = bare().probes("/works/", "/lives/").setting("SHOP_MODE", "retail");
            let renamed = AppSecret::database_url("shop-other-url");
            (workload.secret(KEY).secret(renamed).database(database()), database())
        },
        before: &["shop-database-url"],
        after: &["shop-other-url"],
        stands_in: &["(estate)", "app.yaml", "workload/settings.py"],
    },
];

/// Changing a fact in its one place changes every file that says it, and leaves no trace of the old one anywhere.
#[test]
fn a_fact_is_said_once() {
    each_is_said_once(FACTS, &files(&base(), &database()), files);
}

/// What `app.yaml` says of secrets is where they are, which the application looks up when it starts.
#[test]
fn secrets_are_looked_up() {
    let files = files(&base(), &database());
    let name = "secret-manager:projects/shop-prod/secrets/shop-database-url";
    assert!(files["app.yaml"].contains(&format!("DATABASE_URL: \"{name}\"")));
    assert!(files["workload/lookup.py"].contains("REFERENCE = \"secret-manager:\""));
    assert!(files["workload/settings.py"].contains("return lookup.read(value)"));
}

fn refused_with(real: &Workload, said: &Workload, change: Change) -> Vec<Diagnostic> {
    let stack = shop_with(&fitting(real.clone()), &database(), said, change);
    delivery::emit(&built(stack)).expect_err("something wrong")
}

fn refused(real: &Workload, said: &Workload) -> Vec<Diagnostic> {
    refused_with(real, said, Change::Nothing)
}

fn well() -> Workload {
    fitting(workload())
}

pub(crate) const CASES: &[Case] = &[
    case("delivery-limit", "a shutdown that App Engine does not wait for", || {
        refused(&workload(), &well().shutdown_timeout(60))
    }),
    case("delivery-limit", "a variable that is App Engine's own", || {
        let said = well().setting("GAE_SERVICE", "shop");
        refused(&said, &said)
    }),
    case("delivery-limit", "an instance of no size, and no number of them", || {
        refused(&workload(), &workload().port(8080).shutdown_timeout(20))
    }),
    case("delivery-disagrees", "a port that App Engine does not forward to", || {
        refused(&workload(), &well().port(8000))
    }),
    case("delivery-disagrees", "probes of App Engine that ask elsewhere", || {
        refused(&workload(), &well().probes("/ready/", "/alive/"))
    }),
    case("delivery-disagrees", "another size of instances on App Engine", || {
        refused(&workload(), &well().machine(Machine { cores: 2, memory: 4096 }).instances(1, 2))
    }),
    case("delivery-disagrees", "a version of another service", || {
        refused_with(&workload(), &well(), Change::OtherService)
    }),
    case("delivery-disagrees", "a version that runs as another account", || {
        refused_with(&workload(), &well(), Change::OtherAccount)
    }),
    case("delivery-disagrees", "a secret that the version's account may not read", || {
        refused_with(&workload(), &well(), Change::Unread)
    }),
    case("delivery-secret", "a secret that App Engine is not given", || {
        refused(&workload(), &well().secret(AppSecret::rollbar("shop-rollbar")))
    }),
    case(
        "delivery-unknown",
        "a variable that is not known before the application is there",
        || refused_with(&workload(), &well(), Change::UnknownValue),
    ),
];
