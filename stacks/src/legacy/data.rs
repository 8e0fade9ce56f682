//! What is to be kept: the database, and the three secrets of the application.

use std::collections::BTreeMap;

use xat_infra::gcp::prelude::*;

use crate::internal::workload::{DATABASE_URL, ROLLBAR_TOKEN, SIGNING_KEY};

/// What the data is made from.
pub struct DataInputs<'a> {
    /// The network's peering, from whose range the database takes its address.
    pub connection: Handle<ServiceConnection>,
    /// The database.
    pub database: &'a Database,
    /// For how many days backups are kept.
    pub kept_days: u16,
}

/// What others need of the data.
pub struct Data {
    /// The database's server.
    pub instance: Handle<SqlInstance>,
    /// How many connections it takes at once.
    pub connections: u16,
    /// The database itself.
    pub database: Handle<SqlDatabase>,
    /// The secrets of the application.
    pub secrets: BTreeMap<AppSecret, Handle<SecretManagerSecret>>,
}

/// Two cores and 7.5 GB, the least memory that takes 400 connections.
fn tier() -> SqlTier {
    SqlTier::custom(2, 7680)
}

impl Data {
    /// Declares the data, all of it protected against deletion.
    pub fn new(stack: &mut Stack, inputs: &DataInputs<'_>) -> Self {
        let instance = SqlInstance::private(
            name!("xat-postgres-instance"),
            inputs.database.version().into(),
            tier(),
            inputs.connection,
        )
        .availability(SqlAvailability::Regional)
        .audit_log()
        .disk_limit_gb(200)
        .backup_start("03:00")
        .retained_backups(inputs.kept_days)
        .log_retention_days(7)
        .retain_backups_on_delete(true)
        .maintenance_window(SqlMaintenance::new(7, 4).track(SqlTrack::Stable))
        .protect();
        let instance = stack.add(instance);
        let named = Name::new(inputs.database.name());
        let database = stack.add(SqlDatabase::new(named, instance).protect());
        let password = Secret::generated("xat-postgres-xatadmin");
        let user = stack.add(SqlUser::built_in(inputs.database.user(), instance, password));

        let secrets = [
            (SIGNING_KEY, Secret::generated("django-secret-key")),
            (DATABASE_URL, database.url(user)),
            (ROLLBAR_TOKEN, Secret::supplied("rollbar-token")),
        ];
        let secrets =
            secrets.map(|(wanted, value)| (wanted, secret(stack, Name::new(wanted.name()), value)));
        let connections = tier().connections().unwrap_or_default();
        Self { instance, connections, database, secrets: secrets.into() }
    }
}

/// A secret and what it holds.
fn secret(
    stack: &mut Stack,
    name: Name<SecretManagerSecret>,
    value: Secret,
) -> Handle<SecretManagerSecret> {
    let secret =
        SecretManagerSecret::new(name).automatic(AutomaticReplication::default()).protect();
    let secret = stack.add(secret);
    stack.add(SecretVersion::new(secret, value));
    secret
}
