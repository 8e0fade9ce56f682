//! Delivery to App Engine, flexible environment: its limits, what a version is told of a workload, and typed handles to what runs one.

use std::collections::BTreeMap;

use super::cloud_run_delivery::PROJECT;
use super::google_delivery::{
    LIVE, RUN_JOB, google_names, let_in, referred, unread, version_of_postgres,
};
use crate::delivery::{
    AppSecret, Help, Host, Machine, Names, Surroundings, Target, Template, Told, Workload,
};
use crate::diagnostic::Diagnostic;
use crate::dsl::Handle;
use crate::gcp::{
    AppEngineApplication, AppEngineService, AppEngineVersion, AppLiveness, AppReadiness,
    AppResources, AppScaling, ArtifactRepository, CloudRunJob, IdentityProvider,
    SecretManagerSecret, ServiceAccount, SqlDatabase, SqlInstance,
};
use crate::schema::DeclaredBlock;
use crate::text;
use crate::value::{Text, Value};

/// App Engine's flexible environment.
///
/// Calls are forwarded to port 8080 of a container, and to no other. A request lasts an hour at most. A container has 30 s between
/// SIGTERM and SIGKILL, and nothing makes that longer.
static APP_ENGINE: Host = Host {
    name: "App Engine",
    request: 3600,
    shutdown: 30,
    variables: &[
        PROJECT,
        "GAE_APPLICATION",
        "GAE_ENV",
        "GAE_INSTANCE",
        "GAE_MEMORY_MB",
        "GAE_SERVICE",
        "GAE_VERSION",
        "GCLOUD_PROJECT",
    ],
    by_files: true,
    told,
    room: None,
    help: Help {
        port: "App Engine forwards to no other: say `.port(8080)` of the workload",
        ready: "workload.app_engine_readiness()",
        alive: Some("workload.app_engine_liveness()"),
        size: Some("workload.app_engine_resources(..)` and `workload.app_engine_scaling(..)"),
        settings: ".env_variables(workload.app_engine_variables(..))",
        secret: "keep it in Secret Manager, and give its reference to the version: \
                 `workload.app_engine_variables(..)` takes all of them",
    },
    version: version_of_postgres(),
    unresolved: None,
    lookup: Some(REFERENCE),
    traces: true,
    live: LIVE,
    names,
    held,
    files: &[
        Template::new(
            ".github/workflows/deploy-gcp{environment}.yml",
            include_str!("templates/deploy.yml.tera"),
        ),
        Template::new("app{environment}.yaml", include_str!("templates/app_engine/app.yaml.tera")),
        Template::new(
            "cloudbuild{environment}.yaml",
            include_str!("templates/cloudbuild.yaml.tera"),
        ),
        Template::new("workload/await_release.py", include_str!("templates/await_release.py.tera")),
        Template::new("workload/lookup.py", include_str!("templates/app_engine/lookup.py.tera")),
        Template::new(
            "workload/release{environment}.sh",
            include_str!("templates/app_engine/release.sh.tera"),
        ),
        Template::new("workload/trace.py", include_str!("templates/trace.py.tera")),
    ],
    parts: &[RUN_JOB],
    source: "https://cloud.google.com/appengine/docs/flexible/custom-runtimes/build",
};

/// Where App Engine forwards calls to.
const PORT: &str = "8080";

/// What a reference to a secret begins with. Behind it stands the secret's name, `projects/P/secrets/S`.
const REFERENCE: &str = "secret-manager:";

/// For how many seconds a start may take until it counts as failed.
const STARTS: u32 = 120;

fn told(version: DeclaredBlock<'_>) -> Told<'_> {
    let variables = match version.get("env_variables") {
        Some(Value::Map(entries)) => entries.iter().collect(),
        _ => BTreeMap::new(),
    };
    let path = |check| version.blocks(check).first()?.text("path");
    let scaling = version.blocks("scaling");
    let scaling = scaling.first();
    let count = |property| scaling?.int(property);
    Told {
        port: Some(PORT.to_owned()),
        ready: path("readiness"),
        alive: path("liveness"),
        request: None,
        machine: machine(version),
        instances: count("min_instances").zip(count("max_instances")),
        variables,
    }
}

/// How big an instance is, where it has whole cores and whole MiB.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what does not fit is not whole, or no machine"
)]
fn machine(version: DeclaredBlock<'_>) -> Option<Machine> {
    let resources = version.blocks("resources");
    let number = |property| match resources.first()?.get(property) {
        Some(Value::Float(number)) => Some(*number),
        _ => None,
    };
    let (cores, memory) = (number("cpu")?, number("memory_gb")? * 1024.0);
    let machine = Machine { cores: cores as u16, memory: memory as u32 };
    let whole = f64::from(machine.cores) == cores && f64::from(machine.memory) == memory;
    whole.then_some(machine)
}

/// The names by which `gcloud` and `docker` are told of the resources, and what `app.yaml` says as the version does.
fn names(of: &Surroundings<'_>) -> Result<Names, Diagnostic> {
    let target = of.target();
    let part = |part| target.parts.get(part).map(|node| of.name(*node)).unwrap_or_default();
    let mut names = google_names(of, target.parts.get("migrate").copied())?;
    names.extend([
        ("migrate", part("migrate")),
        ("verify", part("verify")),
        ("service", part("service")),
    ]);
    let Some(version) = target.apps.first().and_then(|app| of.declared(*app)) else {
        return Ok(names);
    };
    let number = |block: &str, property: &str, otherwise: &str| {
        let blocks = version.blocks(block);
        let said = blocks.first().and_then(|one| one.get(property)).map(|value| of.text(value));
        said.unwrap_or_else(|| otherwise.to_owned())
    };
    // A network's own words are `projects/P/global/networks/N`, and the file has its name.
    let last = |text: String| text.rsplit('/').next().unwrap_or_default().to_owned();
    let runs_as = version.get("service_account").map(|value| of.text(value)).unwrap_or_default();
    names.extend([
        ("runs_as", runs_as),
        ("network", last(number("network", "network", "default"))),
        ("subnetwork", number("network", "subnetwork", "")),
        ("addresses", number("network", "ip_mode", "EXTERNAL").to_lowercase()),
        ("disk", number("resources", "disk_gb", "10")),
        ("busy", number("scaling", "cpu", "0.5")),
        ("starts", number("readiness", "app_start_seconds", "300")),
        ("left_alone", number("liveness", "initial_delay_seconds", "300")),
    ]);
    Ok(names)
}

/// The version's account reads the secrets, and the service is the version's.
fn held(of: &Surroundings<'_>) -> Vec<Diagnostic> {
    let target = of.target();
    let (Some(app), Some(service), Some(account)) =
        (target.apps.first(), target.parts.get("service"), target.parts.get("runs_as"))
    else {
        return Vec::new();
    };
    let Some(version) = of.declared(*app) else { return Vec::new() };
    let mut found = let_in(of);
    let said = version.text("service").unwrap_or_default();
    if said != of.name(*service) {
        let what = format!("the version is of the service `{said}`, and not of this one");
        found.push(of.wrong(*service, what, "name both alike: `.service(\"..\")` on the version"));
    }
    let runs_as = version.get("service_account").map(|value| of.text(value));
    if runs_as.as_deref() != Some(&of.known(*account, "email")) {
        let what = format!("`{}` runs as another account than this", of.name(*app));
        found.push(of.wrong(*account, what, "give the target the account of the version"));
    }
    let said = |variable: &str| match version.get("env_variables") {
        Some(Value::Map(entries)) => entries.get(variable).and_then(Value::as_text),
        _ => None,
    };
    found.extend(unread(of, *account, referred(of.workload().secrets(), said)));
    found
}

/// What runs a workload on App Engine.
///
/// Nothing of it needs a runner of one's own: what only the network reaches is asked by Cloud Run jobs that are in it.
#[derive(Clone, Copy)]
pub struct AppEngineTarget {
    /// The application.
    pub application: Handle<AppEngineApplication>,
    /// The version that a new estate starts with. Releases bring others, and leave this one.
    pub version: Handle<AppEngineVersion>,
    /// The service that it is of.
    pub service: Handle<AppEngineService>,
    /// As whom versions run.
    pub runs_as: Handle<ServiceAccount>,
    /// The job that changes the database's tables (`Workload::cloud_run_migration`).
    pub migrate: Handle<CloudRunJob>,
    /// The job that asks a release from inside the network (`Workload::cloud_run_verification`).
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

impl From<AppEngineTarget> for Target {
    fn from(target: AppEngineTarget) -> Self {
        Self {
            host: &APP_ENGINE,
            apps: vec![target.version.node()],
            server: target.server.node(),
            database: target.database.node(),
            registry: target.registry.node(),
            parts: BTreeMap::from([
                ("account", target.account.node()),
                ("application", target.application.node()),
                ("migrate", target.migrate.node()),
                ("provider", target.provider.node()),
                ("runs_as", target.runs_as.node()),
                ("service", target.service.node()),
                ("verify", target.verify.node()),
            ]),
            said: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }
}

impl Workload {
    /// When an instance of App Engine is given requests: while it answers that it can work.
    #[must_use]
    pub fn app_engine_readiness(&self) -> AppReadiness {
        AppReadiness::new(self.ready_path()).app_start_seconds(STARTS)
    }

    /// When an instance of App Engine is started again: when it no longer answers that it runs.
    #[must_use]
    pub fn app_engine_liveness(&self) -> AppLiveness {
        AppLiveness::new(self.alive_path()).initial_delay_seconds(STARTS)
    }

    /// How big an instance of App Engine is: as the workload says, with a disk of so many GB.
    #[must_use]
    pub fn app_engine_resources(&self, disk_gb: f64) -> AppResources {
        let resources = AppResources::new().disk_gb(disk_gb);
        match self.size() {
            Some(machine) => resources
                .cpu(f64::from(machine.cores))
                .memory_gb(f64::from(machine.memory) / 1024.0),
            None => resources,
        }
    }

    /// How many instances App Engine keeps: as many as the workload says, with this part of their processors busy.
    #[must_use]
    pub fn app_engine_scaling(&self, busy: f64) -> AppScaling {
        let scaling = AppScaling::new(busy);
        match self.instance_range() {
            Some((least, most)) => {
                scaling.min_instances(u32::from(least)).max_instances(u32::from(most))
            }
            None => scaling,
        }
    }

    /// What a version of App Engine finds in its environment: the settings, the workers, and for each secret where it is, since App
    /// Engine puts none there itself. `workload/lookup.py` reads them when the application starts, as the version's account.
    ///
    /// `hosts` are the names under which it is called. A secret of the workload that `secrets` does not have is left out;
    /// `xat emit delivery` reports it.
    #[must_use]
    pub fn app_engine_variables(
        &self,
        environment: &str,
        hosts: &[String],
        secrets: &BTreeMap<AppSecret, Handle<SecretManagerSecret>>,
    ) -> BTreeMap<String, Text> {
        variables(self, environment, hosts, |secret| {
            Some(text!("{}{}", REFERENCE, secrets.get(secret)?.id()))
        })
    }
}

/// What a workload finds in its environment where it looks secrets up itself. `reference` says where one is.
pub(super) fn variables(
    workload: &Workload,
    environment: &str,
    hosts: &[String],
    reference: impl Fn(&AppSecret) -> Option<Text>,
) -> BTreeMap<String, Text> {
    let own = [
        ("ALLOWED_HOSTS", Text::from(hosts.join(","))),
        ("ENVIRONMENT", environment.to_owned().into()),
        ("GUNICORN_WORKERS", workload.worker_number().into()),
    ];
    let said = workload.settings().map(|(variable, value)| (variable, value.to_owned().into()));
    let secrets =
        workload.secrets().filter_map(|secret| Some((secret.variable(), reference(&secret)?)));
    said.chain(own).chain(secrets).map(|(variable, value)| (variable.to_owned(), value)).collect()
}
