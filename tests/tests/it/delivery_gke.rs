//! The same shop, delivered to a cluster: each fact in all manifests and files that need it, no secret's value in any of them, and what
//! Autopilot does not allow.

use std::collections::BTreeMap;

use xat_infra::delivery;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::gcp::prelude::*;

use crate::delivery::{CD, EF, Fact, base, each_is_said_once, headed, postgres, stored, with};
use crate::delivery_google::{Ground, estate, ground};
use crate::provocations::{Case, built, case};
use crate::provocations_delivery::{KEY, URL, bare, database, python, workload};

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("delivery_gke.rs");

/// What a service on GKE says beside the rest, unless it says so already.
fn sized(workload: Workload) -> Workload {
    let workload = match workload.size() {
        None => workload.machine(Machine { cores: 3, memory: 7168 }),
        Some(_) => workload,
    };
    match workload.instance_range() {
        None => workload.instances(3, 7),
        Some(_) => workload,
    }
}

/// What is wrong with a shop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Nothing,
    Unread,
    Unlinked,
    WithoutAddOn,
    OutOfReach,
}

/// A stack whose resources are as `real` says, with one thing changed, and which delivers `said`.
fn shop_with(real: &Workload, postgres: &Database, said: &Workload, change: Change) -> Stack {
    let stack = Stack::new("shop").project_number("123456789012");
    let (mut stack, ground) = ground(stack, real, postgres);
    let network = stack.add(Network::new(name!("shop")));
    let cluster = AutopilotCluster::new(name!("shop"), network, "shop-gke")
        .secret_manager(change != Change::WithoutAddOn)
        .dns_endpoint(change != Change::OutOfReach);
    let cluster = stack.add(cluster);
    let runs_as = stack.add(ServiceAccount::new(name!("shop-pods")));
    let migrates_as = stack.add(ServiceAccount::new(name!("shop-migrate")));
    for (secret, handle) in &ground.secrets {
        if change != Change::Unread {
            stack.add(SecretIamMember::new(*handle, IamRole::SECRET_ACCESSOR, runs_as));
        }
        if secret.variable() == URL.variable() {
            stack.add(SecretIamMember::new(*handle, IamRole::SECRET_ACCESSOR, migrates_as));
        }
    }
    let links = [
        (runs_as, real.kubernetes_member(cluster)),
        (migrates_as, real.kubernetes_migrator(cluster)),
    ];
    for (account, pods) in links.into_iter().skip(usize::from(change == Change::Unlinked)) {
        stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, pods));
    }
    let account = stack.add(ServiceAccount::new(name!("shop-delivery")));
    let workflows = IamMember::of_environment(ground.pool, "example/shop", ground.environment);
    stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflows));
    let (hostname, project) = ("shop.example.com", stack.project_id());
    let variables = GkeTarget::variables(real, "production", hostname, project, &ground.secrets);
    let Ground { server, database, registry, provider, .. } = ground;
    let target = GkeTarget {
        cluster,
        runs_as,
        migrates_as,
        variables,
        hostname,
        certificate: "shop-certificate",
        server,
        database,
        registry,
        provider,
        account,
    };
    stack.deliver(Delivery::new(said, target));
    stack
}

/// Every file of a shop with this workload, and what its resources say as `(estate)`.
fn files(workload: &Workload, postgres: &Database) -> BTreeMap<String, String> {
    let workload = sized(workload.clone());
    let graph = built(shop_with(&workload, postgres, &workload, Change::Nothing));
    let emitted = delivery::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let files = emitted.into_iter().map(|file| (file.name, file.text));
    files.chain([("(estate)".to_owned(), estate(&graph))]).collect()
}

const DEPLOYMENT: &str = "kubernetes/serve/deployment.yaml";
const GATEWAY: &str = "kubernetes/serve/gateway.yaml";
const MIGRATE: &str = "kubernetes/migrate/job.yaml";
const VERIFY: &str = "kubernetes/verify/job.yaml";

const FACTS: &[Fact] = &[
    Fact {
        what: "the port",
        changed: || with(|workload| workload.port(9456)),
        before: &["8123"],
        after: &["9456"],
        stands_in: &["Dockerfile", "compose.yaml", "gunicorn-cfg.py", DEPLOYMENT],
    },
    Fact {
        what: "the path of readiness",
        changed: || with(|workload| workload.probes("/ready/", "/lives/")),
        before: &["/works/"],
        after: &["/ready/"],
        stands_in: &[DEPLOYMENT, GATEWAY, VERIFY, "workload/logs.py", "workload/release.sh"],
    },
    Fact {
        what: "the path of liveness",
        changed: || with(|workload| workload.probes("/works/", "/alive/")),
        before: &["/lives/"],
        after: &["/alive/"],
        stands_in: &["Dockerfile", DEPLOYMENT, "workload/logs.py"],
    },
    Fact {
        what: "the workers",
        changed: || with(|workload| workload.workers(Workers::exactly(19))),
        before: &["\"17\""],
        after: &["\"19\""],
        stands_in: &["gunicorn-cfg.py", DEPLOYMENT],
    },
    Fact {
        what: "the time of a request",
        changed: || with(|workload| workload.request_timeout(83)),
        before: &["timeout = 97", "timeoutSec: 97"],
        after: &["timeout = 83", "timeoutSec: 83"],
        stands_in: &["gunicorn-cfg.py", GATEWAY],
    },
    Fact {
        what: "the time to end, as the cluster has it",
        changed: || with(|workload| workload.shutdown_timeout(78)),
        before: &["GracePeriodSeconds: 66", "66s"],
        after: &["GracePeriodSeconds: 78", "78s"],
        stands_in: &["compose.yaml", DEPLOYMENT],
    },
    Fact {
        what: "the time to end, as gunicorn and the load balancer have it",
        changed: || with(|workload| workload.shutdown_timeout(78)),
        before: &["graceful_timeout = 55", "TimeoutSec: 55"],
        after: &["graceful_timeout = 65", "TimeoutSec: 65"],
        stands_in: &["gunicorn-cfg.py", GATEWAY],
    },
    Fact {
        what: "the size of a pod",
        changed: || with(|workload| workload.machine(Machine { cores: 5, memory: 9216 })),
        before: &["cpu: \"3\"", "7168Mi"],
        after: &["cpu: \"5\"", "9216Mi"],
        stands_in: &[DEPLOYMENT],
    },
    Fact {
        what: "the number of pods",
        changed: || with(|workload| workload.instances(5, 11)),
        before: &["minReplicas: 3", "maxReplicas: 7"],
        after: &["minReplicas: 5", "maxReplicas: 11"],
        stands_in: &["kubernetes/serve/autoscaler.yaml"],
    },
    Fact {
        what: "a setting",
        changed: || {
            let workload = bare().probes("/works/", "/lives/").setting("SHOP_MODE", "wholesale");
            (workload.secret(KEY).secret(URL).database(database()), database())
        },
        before: &["retail"],
        after: &["wholesale"],
        stands_in: &[".github/workflows/test.yml", "compose.yaml", MIGRATE, DEPLOYMENT],
    },
    Fact {
        what: "the version of Python",
        changed: || {
            (headed(Workload::django("shop/web", "shopfront", Python::V3_14.at(EF))), database())
        },
        before: &["(3, 12)", "abab"],
        after: &["(3, 14)", "efef"],
        stands_in: &["Dockerfile"],
    },
    Fact {
        what: "the image",
        changed: || (headed(Workload::django("shop/counter", "shopfront", python())), database()),
        before: &["/shop/web"],
        after: &["/shop/counter"],
        stands_in: &[
            ".github/workflows/deploy-gcp.yml",
            MIGRATE,
            DEPLOYMENT,
            VERIFY,
            "workload/release.sh",
        ],
    },
    Fact {
        what: "the names in the cluster, as whoever acts",
        changed: || (headed(Workload::django("shop/counter", "shopfront", python())), database()),
        before: &["[web/web]", "[web/web-migrate]"],
        after: &["[counter/counter]", "[counter/counter-migrate]"],
        stands_in: &["(estate)"],
    },
    Fact {
        what: "the version of PostgreSQL",
        changed: || stored(Database::postgres(postgres(Postgres::V17, EF), "orders", "shopper")),
        before: &["postgres:16", "POSTGRES_16"],
        after: &["postgres:17", "POSTGRES_17"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "compose.yaml"],
    },
    Fact {
        what: "the database's name",
        changed: || stored(Database::postgres(postgres(Postgres::V16, CD), "returns", "shopper")),
        before: &["orders"],
        after: &["returns"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "compose.yaml"],
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
        stands_in: &[
            "(estate)",
            MIGRATE,
            DEPLOYMENT,
            "kubernetes/setup/secrets.yaml",
            "workload/settings.py",
        ],
    },
];

/// Changing a fact in its one place changes every file that says it, and leaves no trace of the old one anywhere.
#[test]
fn a_fact_is_said_once() {
    each_is_said_once(FACTS, &files(&base(), &database()), files);
}

/// Secrets are mounted out of Secret Manager: the cluster keeps none, and variables say files.
#[test]
fn the_cluster_keeps_no_secret() {
    let files = files(&base(), &database());
    let manifests: Vec<&String> =
        files.keys().filter(|name| name.starts_with("kubernetes/")).collect();
    assert_eq!(manifests.len(), 14, "{manifests:?}");
    for name in manifests {
        let text = &files[name];
        let keeps = |line: &str| {
            ["kind: Secret", "secretKeyRef", "stringData"].iter().any(|word| {
                line.trim_start().trim_start_matches("- ").starts_with(word)
                    && !line.contains("Provider")
            })
        };
        assert!(!text.lines().any(keeps), "{name}");
    }
    let deployment = &files[DEPLOYMENT];
    assert!(deployment.contains("value: \"file:/run/secrets/workload/shop-database-url\""));
    assert!(deployment.contains("mountPath: \"/run/secrets/workload\""));
    // Migrations find one secret, by an account of their own.
    let secrets = &files["kubernetes/setup/secrets.yaml"];
    let (_, migrations) = secrets.split_once("\n---\n").expect("two of them");
    assert!(migrations.contains("name: \"web-migrate\"") && migrations.contains(URL.name()));
    assert!(!migrations.contains(KEY.name()));
}

fn refused_with(real: &Workload, said: &Workload, change: Change) -> Vec<Diagnostic> {
    let stack = shop_with(&sized(real.clone()), &database(), said, change);
    delivery::emit(&built(stack)).expect_err("something wrong")
}

fn refused(real: &Workload, said: &Workload) -> Vec<Diagnostic> {
    refused_with(real, said, Change::Nothing)
}

fn well() -> Workload {
    sized(workload())
}

pub(crate) const CASES: &[Case] = &[
    case("delivery-limit", "a port below 1024, and a shutdown that no cluster waits for", || {
        let said = well().port(443).shutdown_timeout(900);
        refused(&said, &said)
    }),
    case("delivery-limit", "a pod of no size, and no number of them", || {
        refused(&workload(), &workload())
    }),
    case("delivery-limit", "fewer instances at most than at least, without memory", || {
        let said = well().instances(9, 3).machine(Machine { cores: 1, memory: 0 });
        refused(&said, &said)
    }),
    case("delivery-disagrees", "a pod with more memory than its cores come with", || {
        let said = well().machine(Machine { cores: 1, memory: 16384 });
        refused(&said, &said)
    }),
    case("delivery-disagrees", "a cluster without the add-on for secrets", || {
        refused_with(&workload(), &well(), Change::WithoutAddOn)
    }),
    case("delivery-disagrees", "a control plane that no runner reaches", || {
        refused_with(&workload(), &well(), Change::OutOfReach)
    }),
    case("delivery-disagrees", "pods that may not act as their account", || {
        refused_with(&workload(), &well(), Change::Unlinked)
    }),
    case("delivery-disagrees", "a secret that the pods' account may not read", || {
        refused_with(&workload(), &well(), Change::Unread)
    }),
    case("delivery-disagrees", "an image that cannot name a namespace", || {
        let said = sized(headed(Workload::django("shop/web_front", "shopfront", python())));
        refused(&said, &said)
    }),
    case("delivery-disagrees", "a setting that pods are not given", || {
        refused(&workload(), &well().setting("SHOP_MODE", "retail"))
    }),
    case("delivery-secret", "a secret that pods are not given", || {
        refused(&workload(), &well().secret(AppSecret::rollbar("shop-rollbar")))
    }),
];
