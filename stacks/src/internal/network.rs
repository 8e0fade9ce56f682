//! The network: one range, three subnets, and the private names that resolve inside it.

use xat_infra::azure::prelude::*;

use super::Environment;

/// What the other components need of the network.
pub struct Network {
    /// Where the application's outgoing traffic enters the network.
    pub apps: Handle<Subnet<WebServerFarms>>,
    /// Where the database lives.
    pub data: Handle<Subnet<PostgresFlexibleServers>>,
    /// Where private endpoints live.
    pub endpoints: Handle<Subnet>,
    /// The database's private names, linked to the network.
    pub database_names: Handle<PrivateDnsZoneLink>,
    /// Private names of vaults.
    pub vault_names: Handle<PrivateDnsZone>,
    /// Private names of registries.
    pub registry_names: Handle<PrivateDnsZone>,
    /// Private names of applications.
    pub app_names: Handle<PrivateDnsZone>,
}

impl Network {
    /// Declares the network of one environment.
    pub fn new(stack: &mut Stack, environment: &Environment, group: Handle<ResourceGroup>) -> Self {
        let range = environment.network;
        let part = |index| range.subnet(24, index).unwrap_or(range);
        let network = stack.add(VirtualNetwork::new(environment.named("xat-vnet"), group, range));

        let guard = stack.add(
            NetworkSecurityGroup::new(name!("xat-endpoints-nsg"), group)
                .rule(
                    SecurityRule::allow("https-from-network", Direction::Inbound, 100)
                        .from("VirtualNetwork")
                        .to(part(3))
                        .port("443"),
                )
                .rule(SecurityRule::deny("all-else", Direction::Inbound, 4096)),
        );
        let guard_data = stack.add(
            NetworkSecurityGroup::new(name!("xat-data-nsg"), group)
                .rule(
                    SecurityRule::allow("postgres-from-apps", Direction::Inbound, 100)
                        .from(part(1))
                        .to(part(2))
                        .port("5432"),
                )
                .rule(SecurityRule::deny("all-else", Direction::Inbound, 4096)),
        );
        let apps = stack.add(Subnet::delegated_to(WebServerFarms, name!("apps"), network, part(1)));
        let data = stack.add(
            Subnet::delegated_to(PostgresFlexibleServers, name!("data"), network, part(2))
                .network_security_group(guard_data),
        );
        let endpoints = stack
            .add(Subnet::new(name!("endpoints"), network, part(3)).network_security_group(guard));

        let database_zone =
            stack.add(PrivateDnsZone::new(name!("xat.private.postgres.database.azure.com"), group));
        let vault_names = stack.add(PrivateDnsZone::private_link::<KeyVault>(group));
        let registry_names =
            stack.add(PrivateDnsZone::private_link::<ContainerRegistry<Premium>>(group));
        let app_names = stack.add(PrivateDnsZone::private_link::<WebApp>(group));
        let database_names =
            stack.add(PrivateDnsZoneLink::new(name!("xat-vnet-database"), database_zone, network));
        for (zone, link) in [
            (vault_names, name!("xat-vnet-vault")),
            (registry_names, name!("xat-vnet-registry")),
            (app_names, name!("xat-vnet-app")),
        ] {
            stack.add(PrivateDnsZoneLink::new(link, zone, network));
        }
        Self { apps, data, endpoints, database_names, vault_names, registry_names, app_names }
    }
}
