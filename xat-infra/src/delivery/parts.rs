//! What a workload is made of beside its plain facts: its machine, its workers, its database, its secrets.

use super::{Pinned, Postgres};

/// What one machine, or one instance of a container, has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Machine {
    /// Its cores.
    pub cores: u16,
    /// Its memory, in MiB.
    pub memory: u32,
}

/// How many processes serve requests on one machine.
///
/// ```
/// use xat_infra::delivery::{Machine, Workers};
/// let machine = Machine { cores: 2, memory: 8192 };
/// assert_eq!(Workers::on(machine), Workers::exactly(4));
/// // A core could do more than the memory holds.
/// assert_eq!(Workers::on(Machine { cores: 2, memory: 2048 }), Workers::exactly(2));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Workers(u16);

impl Workers {
    /// The memory that a worker of a Django service is given, in MiB.
    const MEMORY: u32 = 512;

    /// So many as the machine can feed: two on each core, since a worker often waits for its database, and no more than
    /// half of the memory holds; the other half is for the release that warms up beside them.
    #[must_use]
    pub fn on(machine: Machine) -> Self {
        let held = u16::try_from(machine.memory / 2 / Self::MEMORY).unwrap_or(u16::MAX);
        Self(machine.cores.saturating_mul(2).min(held).max(1))
    }

    /// Just so many.
    #[must_use]
    pub const fn exactly(number: u16) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }
}

/// What a secret is for: what the generated files do with it follows from this.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Purpose {
    SigningKey,
    DatabaseUrl,
    ErrorReports,
    Telemetry,
    Own,
}

/// A secret that the application finds in its environment, and its name in the store that keeps it. There is no value here.
///
/// ```
/// use xat_infra::delivery::AppSecret;
/// const KEY: AppSecret = AppSecret::signing_key("django-secret-key");
/// assert_eq!((KEY.variable(), KEY.name()), ("SECRET_KEY", "django-secret-key"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AppSecret {
    variable: &'static str,
    name: &'static str,
    purpose: Purpose,
}

impl AppSecret {
    const fn of(purpose: Purpose, variable: &'static str, name: &'static str) -> Self {
        Self { variable, name, purpose }
    }

    /// The key with which Django signs: `SECRET_KEY`.
    #[must_use]
    pub const fn signing_key(name: &'static str) -> Self {
        Self::of(Purpose::SigningKey, "SECRET_KEY", name)
    }

    /// How to reach the database, password included: `DATABASE_URL`.
    #[must_use]
    pub const fn database_url(name: &'static str) -> Self {
        Self::of(Purpose::DatabaseUrl, "DATABASE_URL", name)
    }

    /// The token with which errors are reported to Rollbar: `ROLLBAR_ACCESS_TOKEN`.
    #[must_use]
    pub const fn rollbar(name: &'static str) -> Self {
        Self::of(Purpose::ErrorReports, "ROLLBAR_ACCESS_TOKEN", name)
    }

    /// Where Application Insights takes telemetry: `APPLICATIONINSIGHTS_CONNECTION_STRING`.
    #[must_use]
    pub const fn application_insights(name: &'static str) -> Self {
        Self::of(Purpose::Telemetry, "APPLICATIONINSIGHTS_CONNECTION_STRING", name)
    }

    /// Any other, by the variable that the application reads.
    #[must_use]
    pub const fn own(variable: &'static str, name: &'static str) -> Self {
        Self::of(Purpose::Own, variable, name)
    }

    /// The variable of the environment.
    #[must_use]
    pub const fn variable(&self) -> &'static str {
        self.variable
    }

    /// The name in the store.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn is_signing_key(&self) -> bool {
        self.purpose == Purpose::SigningKey
    }

    pub(crate) fn is_database_url(&self) -> bool {
        self.purpose == Purpose::DatabaseUrl
    }

    pub(super) fn is_rollbar(&self) -> bool {
        self.purpose == Purpose::ErrorReports
    }

    pub(super) fn is_telemetry(&self) -> bool {
        self.purpose == Purpose::Telemetry
    }

    pub(super) fn is_own(&self) -> bool {
        self.purpose == Purpose::Own
    }
}

/// The application's database.
#[derive(Clone, Debug)]
pub struct Database {
    pub(super) postgres: Pinned<Postgres>,
    pub(super) name: &'static str,
    pub(super) user: &'static str,
    pub(super) pooled: bool,
}

impl Database {
    /// A PostgreSQL database, and the user that the application is there.
    #[must_use]
    pub fn postgres(postgres: Pinned<Postgres>, name: &'static str, user: &'static str) -> Self {
        Self { postgres, name, user, pooled: false }
    }

    /// A pooler stands before it which lends a connection for one transaction. The application then keeps nothing on a
    /// connection from one transaction to the next: no cursors on the server.
    #[must_use]
    pub fn pooled_by_transaction(mut self) -> Self {
        self.pooled = true;
        self
    }

    /// The major version.
    #[must_use]
    pub fn version(&self) -> &Postgres {
        &self.postgres.version
    }

    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The application's user.
    #[must_use]
    pub fn user(&self) -> &'static str {
        self.user
    }
}
