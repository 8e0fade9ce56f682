//! What is to be kept: the database, and the three secrets of the application.

use xat_infra::gcp::prelude::*;

/// What the data is made from.
pub struct DataInputs {
    /// The network's peering, from whose range the database takes its address.
    pub connection: Handle<ServiceConnection>,
    /// The database's name.
    pub database: &'static str,
    /// For how many days backups are kept.
    pub kept_days: u16,
}

/// What others need of the data.
pub struct Data {
    /// The database's server.
    pub instance: Handle<SqlInstance>,
    /// How many connections it takes at once.
    pub connections: u16,
    /// Django's signing key.
    pub signing_key: Handle<SecretManagerSecret>,
    /// How to reach the database, password included.
    pub database_url: Handle<SecretManagerSecret>,
    /// The token for error reports.
    pub rollbar_token: Handle<SecretManagerSecret>,
}

/// Two cores and 7.5 GB, the least memory that takes 400 connections.
fn tier() -> SqlTier {
    SqlTier::custom(2, 7680)
}

impl Data {
    /// Declares the data, all of it protected against deletion.
    pub fn new(stack: &mut Stack, inputs: &DataInputs) -> Self {
        let instance = SqlInstance::private(
            name!("xat-postgres-instance"),
            PostgresVersion::V17,
            tier(),
            inputs.connection,
        )
        .availability(SqlAvailability::Regional)
        .disk_limit_gb(200)
        .backup_start("03:00")
        .retained_backups(inputs.kept_days)
        .log_retention_days(7)
        .retain_backups_on_delete(true)
        .maintenance_window(SqlMaintenance::new(7, 4).track(SqlTrack::Stable))
        .protect();
        let instance = stack.add(instance);
        let database = stack.add(SqlDatabase::new(Name::new(inputs.database), instance).protect());
        let password = Secret::generated("xat-postgres-xatadmin");
        let user = stack.add(SqlUser::built_in("xatadmin", instance, password));

        let signing_key =
            secret(stack, name!("django-secret-key"), Secret::generated("django-secret-key"));
        let database_url = secret(stack, name!("database-url"), database.url(user));
        let rollbar_token =
            secret(stack, name!("rollbar-token"), Secret::supplied("rollbar-token"));
        let connections = tier().connections().unwrap_or_default();
        Self { instance, connections, signing_key, database_url, rollbar_token }
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
