//! Delivery to Cloud Run: its limits, its containers for a workload, and typed handles to what runs one.

use std::collections::BTreeMap;

use super::google_delivery::{google_names, version_of_postgres};
use super::run_container::{bytes, millicores};
use crate::delivery::{
    AppSecret, Help, Host, Machine, Names, Surroundings, Target, Template, Told, Workload,
};
use crate::diagnostic::Diagnostic;
use crate::dsl::Handle;
use crate::gcp::{
    ArtifactRepository, CloudRunJob, CloudRunService, IdentityProvider, Location, RunContainer,
    RunImage, RunProbe, SecretManagerSecret, ServiceAccount, SqlDatabase, SqlInstance,
};
use crate::schema::DeclaredBlock;
use crate::value::Text;

/// Cloud Run services.
///
/// A request lasts an hour at most. A container has 10 s between SIGTERM and SIGKILL, and nothing makes that longer.
static CLOUD_RUN: Host = Host {
    name: "Cloud Run",
    request: 3600,
    shutdown: 10,
    variables: &[PROJECT, "K_CONFIGURATION", "K_REVISION", "K_SERVICE"],
    by_files: false,
    told,
    room: None,
    help: Help {
        port: "take it from the workload: `workload.cloud_run_container(..)`",
        ready: "workload.cloud_run_container(..)",
        alive: Some("workload.cloud_run_container(..)"),
        size: Some("workload.cloud_run_container(..)` and `.instances(least, most)"),
        settings: "workload.cloud_run_container(..)",
        secret: "keep it in Secret Manager, and give the secret to the container: \
                 `workload.cloud_run_container(..)` takes all of them",
    },
    version: version_of_postgres(),
    unresolved: None,
    lookup: None,
    traces: true,
    live: super::google_delivery::LIVE,
    names,
    held: super::google_delivery::let_in,
    files: &[
        Template::new(
            ".github/workflows/deploy-gcp{environment}.yml",
            include_str!("templates/deploy.yml.tera"),
        ),
        Template::new(
            "cloudbuild{environment}.yaml",
            include_str!("templates/cloudbuild.yaml.tera"),
        ),
        Template::new("workload/await_release.py", include_str!("templates/await_release.py.tera")),
        Template::new(
            "workload/release{environment}.sh",
            include_str!("templates/release.sh.tera"),
        ),
        Template::new("workload/trace.py", include_str!("templates/trace.py.tera")),
    ],
    parts: &[super::google_delivery::RUN_JOB],
    source: "https://cloud.google.com/run/docs/container-contract",
};

/// The variable by which log records name the project of their trace.
pub(super) const PROJECT: &str = "GOOGLE_CLOUD_PROJECT";

fn told(app: DeclaredBlock<'_>) -> Told<'_> {
    let containers = app.blocks("containers");
    let calls = |one: &&DeclaredBlock<'_>| one.get("listens").is_some();
    let Some(container) = containers.iter().find(calls).or(containers.first()) else {
        return Told::default();
    };
    // Where a container says no port, calls come at 8080.
    let listens = container.blocks("listens");
    let port = listens.first().and_then(|listens| listens.int("port")).unwrap_or(8080);
    let asked = |probe| {
        let probes = container.blocks(probe);
        probes.first()?.blocks("http_get").first()?.text("path")
    };
    let variables = container.blocks("variables");
    let variables = variables.iter().filter_map(|one| {
        Some((one.text("name")?, one.get("secret").or_else(|| one.get("value"))?))
    });
    Told {
        port: Some(port.to_string()),
        ready: asked("startup_probe"),
        alive: asked("liveness_probe"),
        request: Some(app.int("timeout").unwrap_or(300)),
        machine: machine(container),
        instances: app.int("least_instances").zip(app.int("most_instances")),
        variables: variables.collect(),
    }
}

/// How big a container is, where it has whole cores and whole MiB.
fn machine(container: &DeclaredBlock<'_>) -> Option<Machine> {
    let millis = container.text("cpu").and_then(millicores)?;
    let bytes = container.text("memory").and_then(bytes)?;
    let whole = millis % 1000 == 0 && bytes % MIB == 0;
    let cores = u16::try_from(millis / 1000).ok()?;
    let memory = u32::try_from(bytes / MIB).ok()?;
    whole.then_some(Machine { cores, memory })
}

/// The bytes of a MiB.
const MIB: u64 = 1 << 20;

/// The names by which `gcloud` and `docker` are told of the resources.
fn names(of: &Surroundings<'_>) -> Result<Names, Diagnostic> {
    let target = of.target();
    let part = |part| target.parts.get(part).map(|node| of.name(*node)).unwrap_or_default();
    let service = target.apps.first().copied();
    let mut names = google_names(of, service)?;
    names.extend([
        ("migrate", part("migrate")),
        ("verify", part("verify")),
        ("service", service.map(|service| of.name(service)).unwrap_or_default()),
    ]);
    Ok(names)
}

/// What runs a workload on Cloud Run.
///
/// Nothing of it needs a runner of one's own: what only the network reaches is asked by jobs that are in it.
#[derive(Clone, Copy)]
pub struct CloudRunTarget {
    /// The service.
    pub service: Handle<CloudRunService>,
    /// The job that changes the database's tables (`Workload::cloud_run_migration`).
    pub migrate: Handle<CloudRunJob>,
    /// The job that asks a release from inside the network (`Workload::cloud_run_verification`). Its account may call the
    /// service.
    pub verify: Handle<CloudRunJob>,
    /// The database's server.
    pub server: Handle<SqlInstance>,
    /// The database.
    pub database: Handle<SqlDatabase>,
    /// The registry that images are pushed to and pulled from.
    pub registry: Handle<ArtifactRepository>,
    /// What vouches for workflows.
    pub provider: Handle<IdentityProvider>,
    /// As whom workflows deliver.
    pub account: Handle<ServiceAccount>,
}

impl From<CloudRunTarget> for Target {
    fn from(target: CloudRunTarget) -> Self {
        Self {
            host: &CLOUD_RUN,
            apps: vec![target.service.node()],
            server: target.server.node(),
            database: target.database.node(),
            registry: target.registry.node(),
            parts: BTreeMap::from([
                ("account", target.account.node()),
                ("migrate", target.migrate.node()),
                ("provider", target.provider.node()),
                ("verify", target.verify.node()),
            ]),
            said: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }
}

impl CloudRunService {
    /// The name under which a service is called, known before it exists
    /// (<https://cloud.google.com/run/docs/triggering/https-request#deterministic>).
    ///
    /// ```
    /// use xat_infra::gcp::prelude::*;
    /// let host = CloudRunService::host("shop", "123456789", &Location::EUROPE_WEST4);
    /// assert_eq!(host, "shop-123456789.europe-west4.run.app");
    /// ```
    #[must_use]
    pub fn host(name: &str, project_number: &str, region: &Location) -> String {
        format!("{name}-{project_number}.{}.run.app", region.as_str())
    }
}

/// For how many seconds a start may take until it counts as failed: twelve times ten.
const STARTS: u16 = 12;

impl Workload {
    /// The container of a Cloud Run service: its port and probes, its size where the workload says one, and in its environment the settings, the workers, and each
    /// secret of Secret Manager.
    ///
    /// `hosts` are the names under which it is called, `project` the project whose traces its logs name. A secret of the
    /// workload that `secrets` does not have is left out; `xat emit delivery` reports it.
    #[must_use]
    pub fn cloud_run_container(
        &self,
        image: RunImage,
        environment: &str,
        hosts: &[String],
        project: impl Into<Text>,
        secrets: &BTreeMap<AppSecret, Handle<SecretManagerSecret>>,
    ) -> RunContainer {
        let own = [
            ("ALLOWED_HOSTS", hosts.join(",").into()),
            ("ENVIRONMENT", environment.to_owned().into()),
            (PROJECT, project.into()),
            ("GUNICORN_WORKERS", self.worker_number().into()),
        ];
        let probe = |path: &'static str| RunProbe::http(path, self.bound_port()).timeout(5);
        let container = RunContainer::of(image)
            .port(self.bound_port())
            .startup_probe(probe(self.ready_path()).failures(STARTS))
            .liveness_probe(probe(self.alive_path()));
        let container = match self.size() {
            Some(Machine { cores, memory }) if memory % 1024 == 0 => {
                container.cpu(cores.to_string()).memory(format!("{}Gi", memory / 1024))
            }
            Some(Machine { cores, memory }) => {
                container.cpu(cores.to_string()).memory(format!("{memory}Mi"))
            }
            None => container,
        };
        let container = with(container, own);
        let container = with(container, said(self));
        self.secrets()
            .filter_map(|secret| Some((secret.variable(), secrets.get(&secret)?)))
            .fold(container, |container, (variable, secret)| {
                container.secret_env(variable, *secret)
            })
    }

    /// The container of a Cloud Run job that changes the database's tables: it knows how to reach the database, and no other
    /// secret.
    #[must_use]
    pub fn cloud_run_migration(
        &self,
        image: RunImage,
        secrets: &BTreeMap<AppSecret, Handle<SecretManagerSecret>>,
    ) -> RunContainer {
        let container = RunContainer::of(image)
            .command(["python", "manage.py"])
            .arguments(["migrate", "--noinput"]);
        let container = with(container, [("ENVIRONMENT", "migrate".into())]);
        let container = with(container, said(self));
        let url = self.secrets().find(AppSecret::is_database_url);
        match url.and_then(|url| Some((url.variable(), secrets.get(&url)?))) {
            Some((variable, secret)) => container.secret_env(variable, *secret),
            None => container,
        }
    }

    /// The container of a Cloud Run job that waits until a release answers. Delivery tells each run what to ask.
    #[must_use]
    pub fn cloud_run_verification(&self, image: RunImage) -> RunContainer {
        RunContainer::of(image).command(["python", "-m", "workload.await_release"])
    }
}

/// The settings that are the same wherever it runs.
fn said(workload: &Workload) -> impl Iterator<Item = (&'static str, Text)> {
    workload.settings().map(|(variable, value)| (variable, value.to_owned().into()))
}

fn with(
    container: RunContainer,
    variables: impl IntoIterator<Item = (&'static str, Text)>,
) -> RunContainer {
    variables
        .into_iter()
        .fold(container, |container, (variable, value)| container.env(variable, value))
}
