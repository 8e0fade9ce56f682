//! Ways to every diagnostic of delivery: a shop whose resources and workload are said here, with one thing wrong in each.

use std::collections::BTreeMap;

use xat_infra::azure::prelude::*;
use xat_infra::delivery;
use xat_infra::diagnostic::Diagnostic;

use crate::provocations::{Case, built, case, grouped};

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("provocations_delivery.rs");

pub(crate) const KEY: AppSecret = AppSecret::signing_key("shop-signing-key");
pub(crate) const URL: AppSecret = AppSecret::database_url("shop-database-url");

pub(crate) fn python() -> Pinned<Python> {
    Python::V3_12.at(sha256!("abababababababababababababababababababababababababababababababab"))
}

pub(crate) fn database() -> Database {
    Database::postgres(database_image(), "orders", "shopper")
}

pub(crate) fn backups() -> Backups {
    Backups::scheduled("35 4 * * 1-6", Backups::database_url("shop-backup-url"))
        .kept_days(23)
        .place("order-dumps")
        .image_tag("16-4")
}

/// What is common to all: a service without secrets and without a database.
pub(crate) fn bare() -> Workload {
    Workload::django("shop/web", "shopfront", python())
}

/// A workload with nothing wrong in it.
pub(crate) fn workload() -> Workload {
    bare().secret(KEY).secret(URL).database(database())
}

/// One that is backed up.
pub(crate) fn backed_up(backups: Backups) -> Workload {
    workload().backups(backups)
}

/// A stack whose resources are as `real` says, and which delivers `said`.
pub(crate) fn shop(real: &Workload, postgres: &Database, said: &Workload) -> Stack {
    shop_of(grouped(), &MADE, real, postgres, said)
}

/// How a shop is put together beside its workload.
#[derive(Clone, Copy)]
pub(crate) struct Made {
    /// From which environment of GitHub workflows are let in.
    pub(crate) environment: &'static str,
    /// The label of runners.
    pub(crate) runner: &'static str,
    /// The account that backups are told of.
    pub(crate) store: &'static str,
}

/// A shop with nothing wrong in it.
pub(crate) const MADE: Made =
    Made { environment: "production", runner: "shop", store: "shopdumps" };

/// The same in a stack that is begun already.
pub(crate) fn shop_of(
    (mut stack, group): (Stack, Handle<ResourceGroup>),
    made: &Made,
    real: &Workload,
    postgres: &Database,
    said: &Workload,
) -> Stack {
    let server = FlexibleServer::public(name!("shop-pg"), group, postgres.version().into())
        .admin_login(postgres.user())
        .admin_password(Secret::generated("shop-pg-admin"));
    let server = stack.add(server);
    let database = stack.add(PgDatabase::new(Name::new(postgres.name()), server));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let secrets: BTreeMap<AppSecret, Handle<VaultSecret>> = real
        .secrets()
        .map(|secret| {
            let value = Secret::generated(secret.name());
            (secret, stack.add(VaultSecret::new(Name::new(secret.name()), vault, value)))
        })
        .collect();
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let plan = stack.add(AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3));
    let image = || ContainerImage::tag(registry, real.repository(), tag!("1.0"));
    let hosts = ["shop-web.example.com".to_owned()];
    let settings = || real.app_service_settings("production", &hosts, &secrets);
    let app = WebApp::container(name!("shop-web"), group, plan, image())
        .settings(settings())
        .health_check_path(real.ready_path());
    let app = stack.add(app);
    let next = WebAppSlot::container(name!("next"), app, image())
        .plan(plan)
        .settings(settings())
        .health_check_path(real.ready_path());
    let next = stack.add(next);
    let delivers = delivers(&mut stack, group, made.environment);
    let target = AppServiceTarget {
        app,
        next,
        server,
        database,
        registry,
        vault,
        delivers,
        runner: made.runner,
    };
    let mut delivery = Delivery::new(said, target);
    if let Some(backups) = real.backed_up() {
        let url = database.url(postgres.user());
        let url = stack.add(VaultSecret::new(Name::new(backups.url().name()), vault, url));
        let image =
            ContainerImage::tag(registry, real.backup_repository(), Tag::new(backups.tag()));
        delivery = delivery.backups(jobs(&mut stack, group, backups, (url, image), made.store));
    }
    stack.deliver(delivery);
    stack
}

/// What lets a workflow in that runs in this environment.
fn delivers(
    stack: &mut Stack,
    group: Handle<ResourceGroup>,
    environment: &str,
) -> Handle<FederatedIdentityCredential> {
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-delivery"), group));
    let subject = GithubSubject::environment("example/shop", environment);
    stack.add(FederatedIdentityCredential::github(name!("github"), identity, subject))
}

/// What makes backups, and what keeps them.
fn jobs(
    stack: &mut Stack,
    group: Handle<ResourceGroup>,
    backups: &Backups,
    (url, image): (Handle<VaultSecret>, ContainerImage),
    store: &str,
) -> ContainerJobBackups {
    let account = StorageAccount::new(name!("shopdumps"), group, StorageSku::StandardZrs);
    let account = stack.add(account);
    // What the job is told of need not be what keeps its dumps.
    let told = match store {
        "shopdumps" => account,
        _ => stack.add(StorageAccount::new(Name::new(store), group, StorageSku::StandardZrs)),
    };
    let container = stack.add(StorageContainer::new(Name::new(backups.place_name()), account));
    let lifecycle = stack.add(StorageLifecycle::new(account, vec![backups.lifecycle_rule()]));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-backup"), group));
    let environment = stack.add(ContainerAppEnvironment::public(name!("shop-jobs"), group));
    let size = ContainerSize::cores(0.5);
    let job =
        ContainerAppJob::scheduled(name!("shop-dump"), group, environment, backups.schedule())
            .container(backups.job_container(image, size, told, identity))
            .secret(Backups::JOB_SECRET, url, identity);
    ContainerJobBackups { job: stack.add(job), container, lifecycle }
}

/// What is said of a workload whose resources are all as it wants them.
fn refused(workload: &Workload) -> Vec<Diagnostic> {
    delivered(workload, &database(), workload)
}

fn delivered(real: &Workload, postgres: &Database, said: &Workload) -> Vec<Diagnostic> {
    delivery::emit(&built(shop(real, postgres, said))).expect_err("something wrong")
}

fn refused_of(stack: Stack) -> Vec<Diagnostic> {
    delivery::emit(&built(stack)).expect_err("something wrong")
}

fn old_python() -> Pinned<Python> {
    Python::end_of_life("3.9", " ")
        .at(sha256!("abababababababababababababababababababababababababababababababab"))
}

fn old_database() -> Database {
    Database::postgres(
        Postgres::V15
            .at(sha256!("efefefefefefefefefefefefefefefefefefefefefefefefefefefefefefefef")),
        "orders",
        "shopper",
    )
}

pub(crate) const CASES: &[Case] = &[
    case("delivery-none", "a stack without a workload", || {
        delivery::emit(&built(grouped().0)).expect_err("nothing to deliver")
    }),
    case("delivery-limit", "a port that only root binds", || refused(&workload().port(80))),
    case("delivery-limit", "no worker", || refused(&workload().workers(Workers::exactly(0)))),
    case("delivery-limit", "a shutdown that the service does not wait for", || {
        refused(&workload().shutdown_timeout(300))
    }),
    case("delivery-limit", "a request that the service cuts off", || {
        refused(&workload().request_timeout(600))
    }),
    case("delivery-limit", "one path for two questions", || {
        refused(&workload().probes("/health/", "/health/"))
    }),
    case("delivery-limit", "paths that are none", || {
        refused(&workload().probes("/health now/", "live"))
    }),
    case("delivery-limit", "names that other programs cannot read", || {
        let named = Workload::django("Shop Web", "shop-front", python());
        let strange = Database::postgres(database_image(), "the-orders", "a user");
        let named = named.secret(KEY).secret(URL).setting("SHOP-DEBUG", "1").database(strange);
        delivered(&workload(), &database(), &named)
            .into_iter()
            .filter(|found| found.code == "delivery-limit")
            .collect()
    }),
    case("delivery-limit", "variables that are set twice", || {
        refused(&workload().setting("PORT", "9000").setting("SHOP", "a").setting("SHOP", "b"))
    }),
    case("delivery-limit", "no key to sign with", || refused(&bare())),
    case("delivery-limit", "a database that nothing reaches", || {
        refused(&bare().secret(KEY).database(database()))
    }),
    case("empty-reason", "a Python past its end of life", || {
        refused(
            &Workload::django("shop/web", "shopfront", old_python())
                .secret(KEY)
                .secret(URL)
                .database(database()),
        )
    }),
    case("delivery-disagrees", "another port", || {
        delivered(&workload(), &database(), &workload().port(9000))
    }),
    case("delivery-disagrees", "another path", || {
        delivered(&workload(), &database(), &workload().probes("/ready/", "/alive/"))
    }),
    case("delivery-disagrees", "a server that is newer than the client", || {
        let older = bare().secret(KEY).secret(URL).database(old_database());
        delivered(&workload(), &database(), &older)
    }),
    case("delivery-disagrees", "another database", || {
        let other = Database::postgres(database_image(), "returns", "shopper");
        let said = bare().secret(KEY).secret(URL).database(other);
        delivered(&workload(), &database(), &said)
    }),
    case("delivery-secret", "a secret that nobody provides", || {
        let reports = AppSecret::rollbar("shop-rollbar");
        delivered(&workload(), &database(), &workload().secret(reports))
    }),
    case("delivery-secret", "a secret under another name", || {
        let renamed = AppSecret::signing_key("shop-key");
        let said = bare().secret(renamed).secret(URL).database(database());
        delivered(&workload(), &database(), &said)
    }),
    case("delivery-limit", "backups that are kept for no time", || {
        refused(&backed_up(backups().kept_days(0)))
    }),
    case("delivery-limit", "a schedule without a day of the week", || {
        delivered(&backed_up(backups()), &database(), &backed_up(misscheduled()))
            .into_iter()
            .filter(|found| found.code == "delivery-limit")
            .collect()
    }),
    case("delivery-limit", "an image of backups without a lasting name", || {
        delivered(&backed_up(backups()), &database(), &backed_up(backups().image_tag("latest")))
            .into_iter()
            .filter(|found| found.code == "delivery-limit")
            .collect()
    }),
    case("delivery-limit", "backups of no database", || {
        delivered(&backed_up(backups()), &database(), &bare().secret(KEY).backups(backups()))
    }),
    case("delivery-limit", "backups that read another variable", || {
        refused(&backed_up(Backups::scheduled("0 1 * * *", AppSecret::own("DUMP_URL", "shop-url"))))
            .into_iter()
            .filter(|found| found.code == "delivery-limit")
            .collect()
    }),
    case("delivery-disagrees", "backups that nothing makes", || {
        delivered(&workload(), &database(), &backed_up(backups()))
    }),
    case(
        "delivery-disagrees",
        "backups at another time, elsewhere, for longer, by another image",
        || {
            let other =
                Backups::scheduled("35 5 * * 1-6", Backups::database_url("shop-backup-url"));
            let other = other.kept_days(24).place("order-copies").image_tag("16-5");
            delivered(&backed_up(backups()), &database(), &backed_up(other))
        },
    ),
    case("delivery-secret", "backups with another secret", || {
        let other = Backups::scheduled("35 4 * * 1-6", Backups::database_url("shop-dump-url"));
        let other = other.kept_days(23).place("order-dumps").image_tag("16-4");
        delivered(&backed_up(backups()), &database(), &backed_up(other))
    }),
    case("delivery-disagrees", "a database version that the image's client cannot dump", || {
        let older = bare().secret(KEY).secret(URL).database(old_database()).backups(backups());
        delivered(&backed_up(backups()), &database(), &older)
    }),
    case("delivery-disagrees", "backups into another account than is kept", || {
        let (real, made) = (backed_up(backups()), Made { store: "shopothers", ..MADE });
        refused_of(shop_of(grouped(), &made, &real, &database(), &real))
    }),
    case("delivery-disagrees", "a workflow that is let in by its branch's environment", || {
        let made = Made { environment: "staging", ..MADE };
        refused_of(shop_of(grouped(), &made, &workload(), &database(), &workload()))
    }),
    case("delivery-disagrees", "a runner of GitHub's for a registry that is private", || {
        let made = Made { runner: "ubuntu-24.04", ..MADE };
        refused_of(shop_of(grouped(), &made, &workload(), &database(), &workload()))
    }),
    case("delivery-disagrees", "other machines, and another number of them", || {
        let machine = Machine { cores: 4, memory: 16384 };
        delivered(&workload(), &database(), &workload().machine(machine).instances(2, 6))
    }),
    case("delivery-limit", "machines and numbers that nobody can have", || {
        let machine = Machine { cores: 0, memory: 512 };
        let said = workload().machine(machine).instances(6, 2);
        delivered(&workload(), &database(), &said)
            .into_iter()
            .filter(|found| found.code == "delivery-limit")
            .collect()
    }),
    case("dangling-reference", "backups by resources of another stack", || {
        let (mut other, group) = grouped();
        let vault = other.add(KeyVault::new(name!("shop-kv"), group));
        let url = Secret::generated("shop-backup-url");
        let url = other.add(VaultSecret::new(name!("shop-backup-url"), vault, url));
        let image = ContainerImage::at("shop.example.com", "shop/web-backup", tag!("16-4"));
        let target = jobs(&mut other, group, &backups(), (url, image), MADE.store);
        let mut stack = shop(&workload(), &database(), &workload());
        stack.deliver(elsewhere_of(&backed_up(backups())).backups(target));
        let problems = delivery::emit(&built(stack)).expect_err("resources of another stack");
        problems.into_iter().filter(|found| found.message.contains("backups")).collect()
    }),
    case("dangling-reference", "a target of another stack", || {
        let mut other = grouped().0;
        other.deliver(elsewhere());
        delivery::emit(&built(other)).expect_err("resources of another stack")
    }),
];

fn database_image() -> Pinned<Postgres> {
    Postgres::V16.at(sha256!("cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"))
}

/// Four fields where there should be five.
fn misscheduled() -> Backups {
    Backups::scheduled("35 4 * *", Backups::database_url("shop-backup-url"))
        .kept_days(23)
        .place("order-dumps")
        .image_tag("16-4")
}

fn elsewhere() -> Delivery {
    elsewhere_of(&workload())
}

fn elsewhere_of(workload: &Workload) -> Delivery {
    let (mut stack, group) = grouped();
    let server = stack.add(FlexibleServer::public(name!("shop-pg"), group, PgVersion::V16));
    let database = stack.add(PgDatabase::new(name!("orders"), server));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let plan = stack.add(AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3));
    let image = || ContainerImage::tag(registry, "shop/web", tag!("1.0"));
    let app = stack.add(WebApp::container(name!("shop-web"), group, plan, image()));
    let next = stack.add(WebAppSlot::container(name!("next"), app, image()).plan(plan));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let runner = "shop";
    let delivers = delivers(&mut stack, group, "production");
    let target =
        AppServiceTarget { app, next, server, database, registry, vault, delivers, runner };
    Delivery::new(workload, target)
}
