//! The same shop, delivered to Cloud Run: each fact in all files that need it, what the service does not allow, and what a release
//! may change without the stack taking it back.

use std::collections::BTreeMap;

use xat_infra::delivery;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::emit::terraform::{self, Options, Syntax};
use xat_infra::gcp::prelude::*;
use xat_infra::graph::Graph;
use xat_infra::live::{Estate, model};
use xat_infra::plan;
use xat_infra::state::State;

use crate::delivery::{CD, EF, Fact, each_is_said_once, headed, postgres, stored};
use crate::provocations::{Case, built, case};
use crate::provocations_delivery::{KEY, URL, bare, database, python, workload};

/// This file, for whoever shows the lines that diagnostics point at.
pub(crate) const SOURCE: &str = include_str!("delivery_google.rs");

/// What a service on Cloud Run says differently.
fn short(workload: Workload) -> Workload {
    workload.shutdown_timeout(10)
}

/// What a shop has wherever it runs on Google Cloud.
pub(crate) struct Ground {
    pub(crate) server: Handle<SqlInstance>,
    pub(crate) database: Handle<SqlDatabase>,
    pub(crate) secrets: BTreeMap<AppSecret, Handle<SecretManagerSecret>>,
    pub(crate) registry: Handle<ArtifactRepository>,
    pub(crate) provider: Handle<IdentityProvider>,
    pub(crate) pool: Handle<IdentityPool>,
    /// From which environment of GitHub workflows are let in.
    pub(crate) environment: &'static str,
}

/// A shop in a project and a region, with all that it has wherever it runs.
pub(crate) fn ground(stack: Stack, real: &Workload, postgres: &Database) -> (Stack, Ground) {
    let mut stack = stack.project("shop-prod").region(Location::EUROPE_WEST4);
    let tier = SqlTier::custom(2, 7680);
    let server = SqlInstance::public(name!("shop-pg"), postgres.version().into(), tier);
    let server = stack.add(server);
    let database = stack.add(SqlDatabase::new(Name::new(postgres.name()), server));
    let password = Secret::generated("shop-pg-user");
    stack.add(SqlUser::built_in(postgres.user(), server, password));
    let secrets = real
        .secrets()
        .map(|secret| {
            let kept = SecretManagerSecret::new(Name::new(secret.name()))
                .automatic(AutomaticReplication::default());
            (secret, stack.add(kept))
        })
        .collect();
    let registry = stack.add(ArtifactRepository::new(name!("images"), ArtifactFormat::Docker));
    let pool = stack.add(IdentityPool::new(name!("github")));
    let provider = stack.add(IdentityProvider::github(name!("shop"), pool, "example/shop"));
    let environment = "production";
    (stack, Ground { server, database, secrets, registry, provider, pool, environment })
}

/// What the resources of a stack say, as a module of Terraform.
pub(crate) fn estate(graph: &Graph) -> String {
    let options = Options { syntax: Syntax::Json, ..Options::default() };
    terraform::emit(graph, &options).unwrap_or_else(|p| panic!("{p:#?}"))[0].text.clone()
}

/// The jobs that migrate and ask, and what lets workflows act as the account that runs them.
pub(crate) fn jobs(
    stack: &mut Stack,
    ground: &Ground,
    real: &Workload,
    account: Handle<ServiceAccount>,
) -> (Handle<CloudRunJob>, Handle<CloudRunJob>) {
    let workflows = IamMember::of_environment(ground.pool, "example/shop", ground.environment);
    stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflows));
    let path = || text!("{}/{}", ground.registry.docker_path(), real.repository());
    let image = || RunImage::tag(path(), tag!("1.0"));
    let migration = real.cloud_run_migration(image(), &ground.secrets);
    let migrate = CloudRunJob::new(name!("shop-migrate"), account).container(migration);
    let migrate = stack.add(migrate.images_by_delivery());
    let verification = real.cloud_run_verification(image());
    let verify = CloudRunJob::new(name!("shop-verify"), account).container(verification);
    (migrate, stack.add(verify.images_by_delivery()))
}

/// A stack whose resources are as `real` says, and which delivers `said`.
fn shop(real: &Workload, postgres: &Database, said: &Workload) -> Stack {
    let stack = Stack::new("shop").project_number("123456789012");
    shop_of(stack, "production", real, postgres, said)
}

/// The same in a stack that is begun already, whose workflows are let in from this environment.
fn shop_of(
    stack: Stack,
    environment: &'static str,
    real: &Workload,
    postgres: &Database,
    said: &Workload,
) -> Stack {
    let (mut stack, mut ground) = ground(stack, real, postgres);
    ground.environment = environment;
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let path = text!("{}/{}", ground.registry.docker_path(), real.repository());
    let hosts = ["shop.example.com".to_owned()];
    let (image, project) = (RunImage::tag(path, tag!("1.0")), stack.project_id());
    let container = real.cloud_run_container(image, "production", &hosts, project, &ground.secrets);
    let service = CloudRunService::new(name!("shop-web"), account)
        .container(container)
        .images_by_delivery()
        .timeout(real.request_seconds().into());
    let service = match real.instance_range() {
        Some((least, most)) => service.instances(least, most),
        None => service,
    };
    let service = stack.add(service);
    let (migrate, verify) = jobs(&mut stack, &ground, real, account);
    let Ground { server, database, registry, provider, .. } = ground;
    let target =
        CloudRunTarget { service, migrate, verify, server, database, registry, provider, account };
    stack.deliver(Delivery::new(said, target));
    stack
}

/// Every file of a shop with this workload, and what its resources say as `(estate)`.
fn files(workload: &Workload, postgres: &Database) -> BTreeMap<String, String> {
    let workload = short(workload.clone());
    let graph = built(shop(&workload, postgres, &workload));
    let emitted = delivery::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut files: BTreeMap<String, String> =
        emitted.into_iter().map(|file| (file.name, file.text)).collect();
    files.insert("(estate)".to_owned(), estate(&graph));
    files
}

fn base() -> Workload {
    crate::delivery::base()
}

const FACTS: &[Fact] = &[
    Fact {
        what: "the port",
        changed: || (base().port(9456), database()),
        before: &["8123"],
        after: &["9456"],
        stands_in: &["(estate)", "Dockerfile", "compose.yaml", "gunicorn-cfg.py"],
    },
    Fact {
        what: "the path of readiness",
        changed: || (base().probes("/ready/", "/lives/"), database()),
        before: &["/works/"],
        after: &["/ready/"],
        stands_in: &["(estate)", "workload/logs.py", "workload/release.sh"],
    },
    Fact {
        what: "the path of liveness",
        changed: || (base().probes("/works/", "/alive/"), database()),
        before: &["/lives/"],
        after: &["/alive/"],
        stands_in: &["(estate)", "Dockerfile", "workload/logs.py"],
    },
    Fact {
        what: "the workers",
        changed: || (base().workers(Workers::exactly(19)), database()),
        before: &["\"17\""],
        after: &["\"19\""],
        stands_in: &["(estate)", "gunicorn-cfg.py"],
    },
    Fact {
        what: "the time of a request",
        changed: || (base().request_timeout(83), database()),
        before: &["timeout = 97", "\"97s\""],
        after: &["timeout = 83", "\"83s\""],
        stands_in: &["(estate)", "gunicorn-cfg.py"],
    },
    Fact {
        what: "a setting",
        changed: || {
            let workload = bare().port(8123).probes("/works/", "/lives/");
            let workload = workload.setting("SHOP_MODE", "wholesale");
            (workload.secret(KEY).secret(URL).database(database()), database())
        },
        before: &["retail"],
        after: &["wholesale"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "cloudbuild.yaml", "compose.yaml"],
    },
    Fact {
        what: "the version of Python",
        changed: || {
            (headed(Workload::django("shop/web", "shopfront", Python::V3_14.at(EF))), database())
        },
        before: &["3.12", "(3, 12)", "abab"],
        after: &["3.14", "(3, 14)", "efef"],
        stands_in: &[".github/workflows/test.yml", "Dockerfile", "cloudbuild.yaml"],
    },
    Fact {
        what: "the image",
        changed: || (headed(Workload::django("shop/counter", "shopfront", python())), database()),
        before: &["/shop/web"],
        after: &["/shop/counter"],
        stands_in: &["(estate)", ".github/workflows/deploy-gcp.yml", "cloudbuild.yaml"],
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
        what: "the database's user",
        changed: || stored(Database::postgres(postgres(Postgres::V16, CD), "orders", "seller")),
        before: &["shopper"],
        after: &["seller"],
        stands_in: &["(estate)", ".github/workflows/test.yml", "cloudbuild.yaml", "compose.yaml"],
    },
    Fact {
        what: "the name of the database's secret",
        changed: || {
            let workload = bare().port(8123).probes("/works/", "/lives/");
            let workload = workload.setting("SHOP_MODE", "retail");
            let renamed = AppSecret::database_url("shop-other-url");
            (workload.secret(KEY).secret(renamed).database(database()), database())
        },
        before: &["shop-database-url"],
        after: &["shop-other-url"],
        stands_in: &["(estate)", "workload/settings.py"],
    },
];

/// Changing a fact in its one place changes every file that says it, and leaves no trace of the old one anywhere.
#[test]
fn a_fact_is_said_once() {
    each_is_said_once(FACTS, &files(&base(), &database()), files);
}

/// Files that only one cloud needs stand in no other delivery.
#[test]
fn files_are_of_one_cloud() {
    let files = files(&base(), &database());
    for (name, text) in files.iter().filter(|(name, _)| *name != "(estate)") {
        assert!(!name.contains("azure"), "{name}");
        for word in ["azure", "Azure", "App Service", "KeyVault"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
    assert!(files["workload/logs.py"].contains("trace.TraceFields"));
    assert!(!files["workload/settings.py"].contains("still a reference"));
}

/// A dollar is one wherever it means something else.
#[test]
fn a_dollar_stays_one() {
    let files = files(&base().setting("SHOP_PRICE", "$HOME"), &database());
    for name in ["compose.yaml", "cloudbuild.yaml"] {
        assert!(files[name].contains("$$HOME"), "{name}");
    }
    assert!(files[".github/workflows/test.yml"].contains("SHOP_PRICE: \"$HOME\""));
}

/// What runs the code of a pull request has no token that writes and no identity, and what may comment runs no code of it.
#[test]
fn previews_divide_what_they_may() {
    for (name, text) in files(&base(), &database()) {
        if name != ".github/workflows/plan.yml" {
            continue;
        }
        let jobs: Vec<&str> = text
            .split("\n  record:")
            .flat_map(|part| part.split("\n  preview:"))
            .flat_map(|part| part.split("\n  comment:"))
            .collect();
        let [head, record, preview, comment] = jobs[..] else { panic!("{text}") };
        assert!(head.contains("permissions: {}") && head.contains("pull_request:"));
        assert!(!text.contains("pull_request_target") && !text.contains("workflow_run"));
        // Only what is merged already runs with an identity.
        assert!(record.contains("id-token: write") && record.contains("pull_request.base.sha"));
        assert!(record.contains("record shop --live gcp"));
        assert!(!preview.contains("write") && preview.contains("cargo run"));
        assert!(comment.contains("pull-requests: write") && !comment.contains("checkout"));
        assert!(!comment.contains("cargo"));
        return;
    }
    panic!("no plan.yml");
}

/// An environment beside production has workflows of its own: two stacks of one repository do not write over each other's.
#[test]
fn workflows_are_named_by_their_environment() {
    let workload = short(workload());
    let stack = Stack::new("shop-staging").environment("staging").project_number("123456789012");
    let graph = built(shop_of(stack, "staging", &workload, &database(), &workload));
    let files = delivery::emit(&graph).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    for name in [
        ".github/workflows/deploy-gcp-staging.yml",
        ".github/workflows/plan-staging.yml",
        "cloudbuild-staging.yaml",
        "workload/release-staging.sh",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    let text = |name: &str| &files.iter().find(|file| file.name == name).expect("a file").text;
    let workflow = text(".github/workflows/deploy-gcp-staging.yml");
    assert!(workflow.contains("bash workload/release-staging.sh"), "{workflow}");
    assert!(workflow.contains("group: deploy-gcp-staging"), "{workflow}");
}

/// A release brings another image: the plan leaves it, and still sees everything else.
#[test]
fn the_image_is_deliverys() {
    let workload = short(workload());
    let graph = built(shop(&workload, &database(), &workload));
    let text = serde_json::to_string(&model::applied(&graph)).expect("JSON");
    let changes = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let estate = Estate::from_text("live", text.replace(from, to)).expect("an estate");
        let plan = plan::plan(&graph, &estate, &State::empty(), &plan::Options::default());
        let steps = plan.unwrap_or_else(|p| panic!("{p:#?}")).steps;
        steps.iter().map(|step| step.changes.len()).sum::<usize>()
    };
    assert_eq!(changes("shop/web:1.0", "shop/web@sha256:0123"), 0);
    assert_eq!(changes("shop.example.com", "other.example.com"), 1);
    let module = estate(&graph);
    for path in ["template[0].containers[0].image", "template[0].template[0].containers[0].image"] {
        assert!(module.contains(path), "{path}");
    }
}

fn refused(real: &Workload, said: &Workload) -> Vec<Diagnostic> {
    let (real, graph) = (short(real.clone()), |real: &Workload| shop(real, &database(), said));
    delivery::emit(&built(graph(&real))).expect_err("something wrong")
}

fn well() -> Workload {
    short(workload())
}

pub(crate) const CASES: &[Case] = &[
    case("delivery-limit", "a shutdown that Cloud Run does not wait for", || {
        refused(&workload(), &workload().shutdown_timeout(300))
    }),
    case("delivery-limit", "a variable that is Cloud Run's own", || {
        let said = well().setting("K_SERVICE", "shop");
        refused(&said, &said)
    }),
    case("delivery-disagrees", "another port on Cloud Run", || {
        refused(&workload(), &well().port(9000))
    }),
    case("delivery-disagrees", "probes of Cloud Run that ask elsewhere", || {
        refused(&workload(), &well().probes("/ready/", "/alive/"))
    }),
    case("delivery-disagrees", "a request that Cloud Run is told to cut off", || {
        refused(&workload(), &well().request_timeout(600))
    }),
    case("delivery-disagrees", "a setting that the service is not given", || {
        let said = well().setting("SHOP_MODE", "retail").setting("SHOP_SIZE", "small");
        refused(&workload().setting("SHOP_MODE", "wholesale"), &said)
    }),
    case("delivery-disagrees", "another size of instances on Cloud Run, and more of them", || {
        let (small, large) =
            (Machine { cores: 1, memory: 1536 }, Machine { cores: 2, memory: 4096 });
        let real = workload().machine(small).instances(1, 3);
        refused(&real, &well().machine(large).instances(2, 5))
    }),
    case("delivery-disagrees", "more connections than the database takes", || {
        let many = well().workers(Workers::exactly(30)).machine(Machine { cores: 8, memory: 8192 });
        let many = many.instances(1, 20);
        refused(&many, &many)
    }),
    case("delivery-disagrees", "an account that another environment may act as", || {
        let stack = Stack::new("shop").project_number("123456789012");
        let stack = shop_of(stack, "staging", &well(), &database(), &well());
        delivery::emit(&built(stack)).expect_err("something wrong")
    }),
    case("delivery-secret", "a secret that Cloud Run is not given", || {
        refused(&workload(), &well().secret(AppSecret::rollbar("shop-rollbar")))
    }),
    case("delivery-unknown", "a project without its number", || {
        let stack = shop_of(Stack::new("shop"), "production", &well(), &database(), &well());
        delivery::emit(&built(stack)).expect_err("something wrong")
    }),
];
