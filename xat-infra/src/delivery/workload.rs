//! A workload: what an application needs of whatever runs it, each fact once.

use super::said::Said;
use super::{AppSecret, Backups, Database, Machine, Pinned, Python, Workers};
use crate::value::Place;

/// A Django service in a container. Everything around it is made from this: the resources' settings, the image, the server's
/// configuration, the files for working on it.
///
/// ```
/// use xat_infra::delivery::{AppSecret, Database, Postgres, Python, Workers, Workload};
/// use xat_infra::sha256;
///
/// let python = Python::V3_13
///     .at(sha256!("67a1e1f215ccda113cfc024e8639049257e88f273898f595b61476d128d387e8"));
/// let postgres = Postgres::V17
///     .at(sha256!("742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193"));
/// let shop = Workload::django("shop-web", "shop", python)
///     .port(8000)
///     .workers(Workers::exactly(4))
///     .probes("/health/", "/health/live/")
///     .secret(AppSecret::signing_key("shop-signing-key"))
///     .secret(AppSecret::database_url("shop-database-url"))
///     .database(Database::postgres(postgres, "orders", "shop"));
/// assert_eq!(shop.ready_path(), "/health/");
/// ```
#[derive(Clone, Debug)]
pub struct Workload {
    pub(super) name: &'static str,
    pub(super) project: &'static str,
    pub(super) python: Pinned<Python>,
    pub(super) at: Place,
    pub(super) port: Said<u16>,
    pub(super) ready: Said<&'static str>,
    pub(super) alive: Said<&'static str>,
    pub(super) workers: Said<Workers>,
    pub(super) machine: Option<Said<Machine>>,
    pub(super) instances: Option<Said<(u16, u16)>>,
    pub(super) request: Said<u16>,
    pub(super) shutdown: Said<u16>,
    pub(super) static_files: bool,
    pub(super) settings: Vec<(&'static str, Said<String>)>,
    pub(super) secrets: Vec<Said<AppSecret>>,
    pub(super) database: Option<Said<Database>>,
    pub(super) backups: Option<Said<Backups>>,
}

impl Workload {
    /// A service by the repository of its image, the package of its Django project (`core` has `core.settings` and
    /// `core.wsgi`), and its Python. What else is said has a default: port 8000, `/health/` and `/health/live/`, 2 workers, 60 s
    /// for a request, 30 s to end.
    #[track_caller]
    #[must_use]
    pub fn django(name: &'static str, project: &'static str, python: Pinned<Python>) -> Self {
        Self {
            name,
            project,
            python,
            at: std::panic::Location::caller(),
            port: Said::here(8000),
            ready: Said::here("/health/"),
            alive: Said::here("/health/live/"),
            workers: Said::here(Workers::exactly(2)),
            machine: None,
            instances: None,
            request: Said::here(60),
            shutdown: Said::here(30),
            static_files: false,
            settings: Vec::new(),
            secrets: Vec::new(),
            database: None,
            backups: None,
        }
    }

    /// The port that the server binds and everything in front of it forwards to: 1024 or more, since it runs as nobody in
    /// particular.
    #[track_caller]
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = Said::here(port);
        self
    }

    /// Where it says whether it can work, its database included, and where it says no more than that it runs. What asks the
    /// second restarts it, which mends no database; the two must not be one.
    #[track_caller]
    #[must_use]
    pub fn probes(mut self, ready: &'static str, alive: &'static str) -> Self {
        self.ready = Said::here(ready);
        self.alive = Said::here(alive);
        self
    }

    /// How many processes serve requests on each machine.
    #[track_caller]
    #[must_use]
    pub fn workers(mut self, workers: Workers) -> Self {
        self.workers = Said::here(workers);
        self
    }

    /// How big each instance of it is, where the service that hosts it does not put several on one machine of the stack's.
    #[track_caller]
    #[must_use]
    pub fn machine(mut self, machine: Machine) -> Self {
        self.machine = Some(Said::here(machine));
        self
    }

    /// Between so many and so many instances. All of them together open no more connections than the database takes: one for each
    /// worker, unless a pooler stands before it.
    #[track_caller]
    #[must_use]
    pub fn instances(mut self, least: u16, most: u16) -> Self {
        self.instances = Some(Said::here((least, most)));
        self
    }

    /// For how many seconds one request may keep a worker before it is taken for stuck.
    #[track_caller]
    #[must_use]
    pub fn request_timeout(mut self, seconds: u16) -> Self {
        self.request = Said::here(seconds);
        self
    }

    /// How many seconds are left to requests under way when the service is told to end.
    #[track_caller]
    #[must_use]
    pub fn shutdown_timeout(mut self, seconds: u16) -> Self {
        self.shutdown = Said::here(seconds);
        self
    }

    /// Collects static files into the image and serves them from there, by WhiteNoise.
    #[must_use]
    pub fn static_files(mut self) -> Self {
        self.static_files = true;
        self
    }

    /// A setting that is the same wherever the service runs. What must stay secret goes by [`Self::secret`].
    #[track_caller]
    #[must_use]
    pub fn setting(mut self, variable: &'static str, value: impl Into<String>) -> Self {
        self.settings.push((variable, Said::here(value.into())));
        self
    }

    /// A secret that it finds in its environment.
    #[track_caller]
    #[must_use]
    pub fn secret(mut self, secret: AppSecret) -> Self {
        self.secrets.push(Said::here(secret));
        self
    }

    /// Its database.
    #[track_caller]
    #[must_use]
    pub fn database(mut self, database: Database) -> Self {
        self.database = Some(Said::here(database));
        self
    }

    /// How its database is backed up.
    #[track_caller]
    #[must_use]
    pub fn backups(mut self, backups: Backups) -> Self {
        self.backups = Some(Said::here(backups));
        self
    }

    /// The repository of its image.
    #[must_use]
    pub fn repository(&self) -> &'static str {
        self.name
    }

    /// The port that the server binds.
    #[must_use]
    pub fn bound_port(&self) -> u16 {
        self.port.value
    }

    /// Where it says whether it can work.
    #[must_use]
    pub fn ready_path(&self) -> &'static str {
        self.ready.value
    }

    /// Where it says that it runs.
    #[must_use]
    pub fn alive_path(&self) -> &'static str {
        self.alive.value
    }

    /// How many processes serve requests on each machine.
    #[must_use]
    pub fn worker_number(&self) -> u16 {
        self.workers.value.number()
    }

    /// How big each instance is, if it says so.
    #[must_use]
    pub fn size(&self) -> Option<Machine> {
        self.machine.as_ref().map(|said| said.value)
    }

    /// How few instances there are and how many at most, if it says so.
    #[must_use]
    pub fn instance_range(&self) -> Option<(u16, u16)> {
        self.instances.as_ref().map(|said| said.value)
    }

    /// For how many seconds one request may keep a worker.
    #[must_use]
    pub fn request_seconds(&self) -> u16 {
        self.request.value
    }

    /// How many seconds are left to requests under way when it is told to end.
    #[must_use]
    pub fn shutdown_seconds(&self) -> u16 {
        self.shutdown.value
    }

    /// The settings that are the same wherever it runs.
    pub fn settings(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.settings.iter().map(|(variable, value)| (*variable, value.value.as_str()))
    }

    /// The secrets that it finds in its environment.
    pub fn secrets(&self) -> impl Iterator<Item = AppSecret> {
        self.secrets.iter().map(|secret| secret.value)
    }
}
