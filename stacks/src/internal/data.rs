//! What holds data: the database, the vault with its three secrets, the registry.

use xat_infra::azure::prelude::*;

use super::Environment;
use super::network::Network;

/// What the application needs of the data.
pub struct Data {
    /// The vault.
    pub vault: Handle<KeyVault>,
    /// The registry.
    pub registry: Handle<ContainerRegistry<Premium>>,
    /// Django's signing key.
    pub secret_key: Handle<VaultSecret>,
    /// How to reach the database, password included.
    pub database_url: Handle<VaultSecret>,
    /// The token for error reports.
    pub rollbar_token: Handle<VaultSecret>,
    /// The vault's private endpoint: its name resolves only once this exists.
    pub vault_endpoint: Handle<PrivateEndpoint>,
    /// The registry's private endpoint.
    pub registry_endpoint: Handle<PrivateEndpoint>,
}

impl Data {
    /// Declares the data of one environment.
    pub fn new(
        stack: &mut Stack,
        environment: &Environment,
        group: Handle<ResourceGroup>,
        network: &Network,
    ) -> Self {
        let mut server = FlexibleServer::private(
            environment.named("xat-pg"),
            group,
            PgVersion::V17,
            network.data,
            network.database_names,
        )
        .sku(environment.database.clone())
        .storage_gb(64)
        .storage_autogrow(true)
        .backup(environment.backup)
        .geo_redundant_backup(environment.durable)
        .admin_login("xatadmin")
        .admin_password(Secret::generated("pg-admin"));
        if environment.durable {
            server = server.protect();
        }
        let server = stack.add(server);
        let database = stack.add(PgDatabase::new(name!("xatdashboard"), server));

        let vault = stack.add(
            KeyVault::new(environment.named("xat-backend-kv"), group)
                .soft_delete_retention(Retention::days(90)),
        );
        let vault_endpoint = stack.add(
            PrivateEndpoint::to(name!("xat-vault-endpoint"), group, network.endpoints, vault)
                .dns_zone(network.vault_names),
        );
        let secret_key = stack.add(VaultSecret::new(
            name!("django-secret-key"),
            vault,
            Secret::generated("django-secret-key"),
        ));
        let database_url =
            stack.add(VaultSecret::new(name!("database-url"), vault, database.url("xatadmin")));
        let rollbar_token = stack.add(VaultSecret::new(
            name!("rollbar-token"),
            vault,
            Secret::supplied("rollbar-token"),
        ));

        let registry =
            stack.add(ContainerRegistry::premium(environment.joined("xatbackendacr"), group));
        let registry_endpoint = stack.add(
            PrivateEndpoint::to(name!("xat-registry-endpoint"), group, network.endpoints, registry)
                .dns_zone(network.registry_names),
        );
        Self {
            vault,
            registry,
            secret_key,
            database_url,
            rollbar_token,
            vault_endpoint,
            registry_endpoint,
        }
    }
}
