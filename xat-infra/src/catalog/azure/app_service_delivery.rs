//! Delivery to App Service: its limits, its settings for a workload, and typed handles to what runs one.

use std::collections::BTreeMap;

use crate::azure::{
    ContainerRegistry, FlexibleServer, KeyVault, PgDatabase, PgVersion, Premium, RegistryTier,
    VaultSecret, WebApp, WebAppSlot,
};
use crate::delivery::{AppSecret, Host, Postgres, Target, Workload};
use crate::dsl::Handle;
use crate::value::Text;

/// App Service, for containers on Linux.
///
/// A request is cut off after 230 s by the load balancer in front. A container has 5 s to end unless
/// `WEBSITES_CONTAINER_STOP_TIME_LIMIT` says more, 120 s at most.
static APP_SERVICE: Host = Host {
    name: "App Service",
    request: 230,
    shutdown: 120,
    settings: "settings",
    port: "WEBSITES_PORT",
    health: "health_check_path",
    unresolved: "@Microsoft.KeyVault(",
    workflow: "deploy-azure.yml",
    source: "https://learn.microsoft.com/azure/app-service/reference-app-settings",
};

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
    /// The label of GitHub runners that stand in the network. GitHub's own reach nothing that is private.
    pub runner: &'static str,
}

impl<T: RegistryTier> From<AppServiceTarget<T>> for Target {
    fn from(target: AppServiceTarget<T>) -> Self {
        Self {
            host: &APP_SERVICE,
            apps: vec![target.app.node(), target.next.node()],
            server: target.server.node(),
            version: "version",
            database: target.database.node(),
            registry: target.registry.node(),
            vault: target.vault.node(),
            runner: target.runner,
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
            (APP_SERVICE.port, self.bound_port().into()),
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
