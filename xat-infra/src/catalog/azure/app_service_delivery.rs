//! Delivery to App Service: its limits, its settings for a workload, and typed handles to what runs one.

use std::collections::BTreeMap;

use super::app_service_checks::{held, room, runner};
use crate::azure::{
    ContainerRegistry, FederatedIdentityCredential, FlexibleServer, KeyVault, PgDatabase,
    PgVersion, Premium, RegistryTier, VaultSecret, WebApp, WebAppSlot,
};
use crate::delivery::{
    AppSecret, Help, Host, Live, Names, Postgres, Surroundings, Target, Template, Told, Workload,
};
use crate::diagnostic::Diagnostic;
use crate::dsl::Handle;
use crate::schema::DeclaredBlock;
use crate::value::{NodeRef, Text, Value};

/// App Service, for containers on Linux.
///
/// A request is cut off after 230 s by the load balancer in front. A container has 5 s to end unless
/// `WEBSITES_CONTAINER_STOP_TIME_LIMIT` says more, 120 s at most.
static APP_SERVICE: Host = Host {
    name: "App Service",
    request: 230,
    shutdown: 120,
    variables: &[PORT],
    by_files: false,
    told,
    room: Some(room),
    help: Help {
        port: "take it from the workload: `.port(workload.bound_port())`",
        ready: ".health_check_path(workload.ready_path())",
        alive: None,
        size: Some(
            "workload.machine(..)` with `PlanSku::machine()`, and `AutoscaleProfile::new(\"default\", least, least, most)",
        ),
        settings: ".settings(workload.app_service_settings(..))",
        secret: "keep the secret in the vault, and give its reference to the application's settings",
    },
    version: ("version", ""),
    unresolved: Some("@Microsoft.KeyVault("),
    lookup: None,
    traces: false,
    live: Live {
        word: "azure",
        reader: "AZURE_READER_CLIENT_ID",
        sign_in: include_str!("templates/sign-in.tera"),
    },
    names,
    held,
    files: &[
        Template::new(".github/actionlint.yaml", include_str!("templates/actionlint.yaml.tera")),
        Template::new(
            ".github/workflows/deploy-azure{environment}.yml",
            include_str!("templates/deploy.yml.tera"),
        ),
        Template::new("workload/await-release.sh", include_str!("templates/await-release.sh.tera")),
    ],
    parts: &[],
    source: "https://learn.microsoft.com/azure/app-service/reference-app-settings",
};

/// The setting by which App Service is told where the container answers.
const PORT: &str = "WEBSITES_PORT";

fn told(app: DeclaredBlock<'_>) -> Told<'_> {
    let settings = match app.get("settings") {
        Some(Value::Map(entries)) => entries.iter().collect(),
        _ => BTreeMap::new(),
    };
    let port = settings.get(PORT).and_then(|port| port.as_str());
    Told {
        port: port.map(str::to_owned),
        ready: app.text("health_check_path"),
        variables: settings,
        ..Told::default()
    }
}

/// The names by which `az` and `docker` are told of the resources.
fn names(of: &Surroundings<'_>) -> Result<Names, Diagnostic> {
    let target = of.target();
    let app = target.apps.first().copied();
    // `/subscriptions/ID/resourceGroups/NAME/..`
    let id = app.map_or("", |app| of.id(app));
    let part = |at| id.split('/').nth(at).unwrap_or_default().to_owned();
    let name = |node: Option<NodeRef>| node.map(|node| of.name(node)).unwrap_or_default();
    let registry = of.name(target.registry);
    Ok(Names::from([
        ("tenant", of.needed("azure.tenant", ".tenant(\"..\")")?),
        ("subscription", part(2)),
        ("group", part(4)),
        ("app", name(app)),
        ("slot", name(target.apps.get(1).copied())),
        ("image", format!("{registry}.azurecr.io/{}", of.workload().repository())),
        ("registry", registry),
        ("vault", name(target.parts.get("vault").copied())),
        ("runner", runner(of)),
        ("runners", target.said.get("runner").cloned().unwrap_or_default()),
    ]))
}

/// What runs a workload on App Service.
#[derive(Clone, Copy)]
pub struct AppServiceTarget<T: RegistryTier = Premium> {
    /// The application.
    pub app: Handle<WebApp>,
    /// The slot in which the next release warms up.
    pub next: Handle<WebAppSlot>,
    /// The database's server.
    pub server: Handle<FlexibleServer>,
    /// The database.
    pub database: Handle<PgDatabase>,
    /// The registry that images are pushed to and pulled from.
    pub registry: Handle<ContainerRegistry<T>>,
    /// The vault with the application's secrets.
    pub vault: Handle<KeyVault>,
    /// What lets the workflow in: it must be for jobs of the GitHub environment that is called like the stack's
    /// (`GithubSubject::environment`), so that no other workflow can deliver.
    pub delivers: Handle<FederatedIdentityCredential>,
    /// The label of GitHub runners that stand in the network; for another environment than production, `-NAME` stands behind it, since
    /// its runners stand in another network. GitHub's own reach nothing that is private.
    pub runner: &'static str,
}

impl<T: RegistryTier> From<AppServiceTarget<T>> for Target {
    fn from(target: AppServiceTarget<T>) -> Self {
        Self {
            host: &APP_SERVICE,
            apps: vec![target.app.node(), target.next.node()],
            server: target.server.node(),
            database: target.database.node(),
            registry: target.registry.node(),
            parts: BTreeMap::from([
                ("delivers", target.delivers.node()),
                ("vault", target.vault.node()),
            ]),
            said: BTreeMap::from([("runner", target.runner.to_owned())]),
            variables: BTreeMap::new(),
        }
    }
}

impl From<&Postgres> for PgVersion {
    fn from(postgres: &Postgres) -> Self {
        match (postgres.as_str(), postgres.reason()) {
            (version, Some(reason)) => PgVersion::end_of_life(version.to_owned(), reason),
            ("15", None) => PgVersion::V15,
            ("16", None) => PgVersion::V16,
            ("17", None) => PgVersion::V17,
            // The four are all that there is without a reason.
            _ => PgVersion::V18,
        }
    }
}

impl Workload {
    /// What the application finds in its environment on App Service: its settings, its port and workers, each secret as a
    /// reference that the service looks up in the vault, and how the service is to treat the container.
    ///
    /// `hosts` are the names under which it is called. A secret of the workload that `secrets` does not have is left out;
    /// `xat emit delivery` reports it.
    #[must_use]
    pub fn app_service_settings(
        &self,
        environment: &str,
        hosts: &[String],
        secrets: &BTreeMap<AppSecret, Handle<VaultSecret>>,
    ) -> BTreeMap<String, Text> {
        let own = [
            ("ALLOWED_HOSTS", Text::from(hosts.join(","))),
            ("ENVIRONMENT", environment.to_owned().into()),
            ("GUNICORN_WORKERS", self.worker_number().into()),
            ("PORT", self.bound_port().into()),
            (PORT, self.bound_port().into()),
            ("WEBSITES_CONTAINER_STOP_TIME_LIMIT", self.shutdown_seconds().into()),
            // Nothing that it writes is kept: what must stay goes into the database or a store.
            ("WEBSITES_ENABLE_APP_SERVICE_STORAGE", false.into()),
            // A swap waits until the new release answers here.
            ("WEBSITE_SWAP_WARMUP_PING_PATH", self.ready_path().into()),
            ("WEBSITE_SWAP_WARMUP_PING_STATUSES", 200u16.into()),
        ];
        let said = self.settings().map(|(variable, value)| (variable, value.to_owned().into()));
        let looked_up = self
            .secrets()
            .filter_map(|secret| Some((secret.variable(), secrets.get(&secret)?.reference())));
        said.chain(own)
            .chain(looked_up)
            .map(|(variable, value)| (variable.to_owned(), value))
            .collect()
    }
}
