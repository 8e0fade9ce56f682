//! What holds data: the database behind its pooler, the vault with the application's secrets, the registry. All private.

use std::collections::BTreeMap;

use xat_infra::azure::prelude::*;

use super::governance::Keeping;
use super::monitoring::Monitoring;
use super::names::Names;
use super::naming::Naming;
use super::network::Network;
use super::workload::{DATABASE_URL, ROLLBAR_TOKEN, SIGNING_KEY};

/// What the data is made from.
pub struct DataInputs<'a> {
    /// How its resources are called.
    pub naming: Naming,
    /// The group that holds it.
    pub group: Handle<ResourceGroup>,
    /// The network that it is in.
    pub network: &'a Network,
    /// The names under which it is found.
    pub names: &'a Names,
    /// Who hears of it.
    pub monitoring: &'a Monitoring,
    /// The database's machine. The pooler asks for more than a burstable one.
    pub machine: PgSku,
    /// For how long the server keeps its own backups: 7 to 35 days.
    pub backup: Retention,
    /// Whether data is protected, kept in several zones, and its backups in another region too.
    pub keeping: Keeping,
    /// How many connections the application has open at most.
    pub connections: u16,
    /// Who signs in to the database as themselves: a group of the directory.
    pub operators: Operators,
    /// What the application needs of it.
    pub database: &'a Database,
}

/// The people who operate the estate: a group of the directory.
#[derive(Clone, Copy, Debug)]
pub struct Operators {
    /// The group's object ID (a GUID).
    pub id: &'static str,
    /// The group's name, which is also that of its role in the database.
    pub name: &'static str,
}

/// What the other components need of the data.
pub struct Data {
    /// The database server.
    pub server: Handle<FlexibleServer>,
    /// The application's database.
    pub database: Handle<PgDatabase>,
    /// The vault.
    pub vault: Handle<KeyVault>,
    /// The registry.
    pub registry: Handle<ContainerRegistry<Premium>>,
    /// The application's secrets in the vault.
    pub secrets: BTreeMap<AppSecret, Handle<VaultSecret>>,
    /// The vault's private endpoint: its name resolves only once this is there.
    pub vault_endpoint: Handle<PrivateEndpoint>,
    /// The registry's private endpoint.
    pub registry_endpoint: Handle<PrivateEndpoint>,
}

impl Data {
    /// Declares the data.
    pub fn new(stack: &mut Stack, inputs: &DataInputs<'_>) -> Self {
        let DataInputs { naming, group, names, monitoring, keeping, .. } = *inputs;
        let server = server(stack, inputs);
        let database = PgDatabase::new(Name::new(inputs.database.name()), server);
        let database = stack.add(keeping.protect(database));

        let vault = KeyVault::new(naming.named("backend-kv"), group)
            .soft_delete_retention(Retention::days(90));
        let vault = stack.add(keeping.protect(vault));
        keeping.lock(stack, "vault", vault, "Holds the only copy of generated secrets.");
        stack.add(monitoring.records("vault", vault).audit_logs().all_metrics());
        let vault_endpoint = names.private(stack, "vault-endpoint", vault, names.vaults);
        let url = database.pooled_url(inputs.database.user());
        let secrets = [
            (SIGNING_KEY, Secret::generated(SIGNING_KEY.name())),
            (DATABASE_URL, url),
            (ROLLBAR_TOKEN, Secret::supplied(ROLLBAR_TOKEN.name())),
        ];
        let secrets = secrets.into_iter().map(|(secret, value)| {
            (secret, stack.add(VaultSecret::new(Name::new(secret.name()), vault, value)))
        });
        let secrets = secrets.collect();

        let registry = ContainerRegistry::premium(naming.joined("backendacr"), group)
            .zone_redundancy(keeping.durable)
            .untagged_retention(Retention::days(30));
        let registry = stack.add(keeping.protect(registry));
        keeping.lock(stack, "registry", registry, "Holds the images that run.");
        stack.add(monitoring.records("registry", registry).all_logs().all_metrics());
        let registry_endpoint =
            names.private(stack, "registry-endpoint", registry, names.registries);
        Self { server, database, vault, registry, secrets, vault_endpoint, registry_endpoint }
    }
}

/// The server, its parameters, and the people who sign in to it.
fn server(stack: &mut Stack, inputs: &DataInputs<'_>) -> Handle<FlexibleServer> {
    let DataInputs { naming, group, network, names, monitoring, keeping, operators, .. } = *inputs;
    let mut server = FlexibleServer::private(
        naming.named("pg"),
        group,
        inputs.database.version().into(),
        network.data,
        names.databases.link,
    )
    .sku(inputs.machine.clone())
    .storage_gb(64)
    .storage_autogrow(true)
    .backup(inputs.backup)
    .geo_redundant_backup(keeping.durable)
    .admin_login(inputs.database.user())
    .admin_password(Secret::generated("pg-admin"))
    .authentication(
        ServerAuthentication::new().password(true).directory(true).tenant(stack.tenant_id()),
    );
    if keeping.durable {
        server = server.zone("1").high_availability(
            HighAvailability::new(HighAvailabilityMode::ZoneRedundant).standby_zone("2"),
        );
    }
    let server = stack.add(keeping.protect(server));
    keeping.lock(stack, "database", server, "Holds everything that users have entered.");
    stack.add(monitoring.records("database", server).all_logs().all_metrics());

    // Django opens a connection for each request; behind the pooler these are cheap. A connection is free for others at the
    // end of a transaction, so that the application must not keep cursors on the server.
    for parameter in [
        PgBouncer::Enabled(true),
        PgBouncer::PoolMode(PoolMode::Transaction),
        PgBouncer::DefaultPoolSize(inputs.connections),
    ] {
        stack.add(PgConfiguration::pgbouncer(server, parameter));
    }
    let slow = PgConfiguration::new(name!("log_min_duration_statement"), server, 1000);
    stack.add(slow);
    for logged in PgConfiguration::logs(server) {
        stack.add(logged);
    }
    let people = PgAdministrator::new(
        Name::new(operators.id),
        server,
        operators.name,
        PgPrincipalType::Group,
    );
    stack.add(people.key("operators"));
    server
}
