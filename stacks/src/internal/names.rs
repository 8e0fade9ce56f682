//! Private names: the zones that stand for Azure's public ones inside the network, and the resolver that answers for them,
//! also to people who dial in.

use xat_infra::azure::prelude::*;

use super::naming::Naming;
use super::network::Network;

/// A private zone, linked to the network.
#[derive(Clone, Copy)]
pub struct Zone {
    /// The zone.
    pub zone: Handle<PrivateDnsZone>,
    /// Its link to the network: names resolve only once it is there.
    pub link: Handle<PrivateDnsZoneLink>,
}

/// What the other components need of the private names.
pub struct Names {
    /// Databases.
    pub databases: Zone,
    /// Vaults.
    pub vaults: Zone,
    /// Registries.
    pub registries: Zone,
    /// Applications.
    pub apps: Zone,
    /// Blobs.
    pub blobs: Zone,
    /// What answers the network's questions. Nothing in the network finds anything before it is there.
    pub resolver: Handle<PrivateDnsInboundEndpoint>,
    naming: Naming,
    group: Handle<ResourceGroup>,
    endpoints: Handle<Subnet>,
}

impl Names {
    /// Declares the zones and the resolver.
    pub fn new(
        stack: &mut Stack,
        naming: Naming,
        group: Handle<ResourceGroup>,
        network: &Network,
    ) -> Self {
        let mut linked = |zone: PrivateDnsZone, base: &str| {
            let zone = stack.add(zone);
            let link = PrivateDnsZoneLink::new(naming.named(base), zone, network.network);
            Zone { zone, link: stack.add(link) }
        };
        // The service asks for this ending, and for a name that is not the server's own.
        let databases = format!("{}.private.postgres.database.azure.com", naming.prefix);
        let databases = linked(PrivateDnsZone::new(Name::new(databases), group), "vnet-database");
        let vaults = linked(PrivateDnsZone::private_link::<KeyVault>(group), "vnet-vault");
        let registries = linked(
            PrivateDnsZone::private_link::<ContainerRegistry<Premium>>(group),
            "vnet-registry",
        );
        let apps = linked(PrivateDnsZone::private_link::<WebApp>(group), "vnet-app");
        let blobs = linked(PrivateDnsZone::private_link::<StorageAccount>(group), "vnet-blobs");

        let resolver =
            stack.add(PrivateDnsResolver::new(naming.named("resolver"), group, network.network));
        let resolver = stack.add(PrivateDnsInboundEndpoint::at(
            name!("inbound"),
            resolver,
            network.names,
            network.name_server.to_string(),
        ));
        let endpoints = network.endpoints;
        Self { databases, vaults, registries, apps, blobs, resolver, naming, group, endpoints }
    }

    /// A private endpoint to a resource, entered in a zone. What waits for it can resolve and reach the resource.
    #[track_caller]
    pub fn private<T: PrivateLinkTarget>(
        &self,
        stack: &mut Stack,
        base: &str,
        target: Handle<T>,
        zone: Zone,
    ) -> Handle<PrivateEndpoint> {
        let name = self.naming.named(base);
        let endpoint = PrivateEndpoint::to(name, self.group, self.endpoints, target);
        self.entered(stack, endpoint, zone)
    }

    /// The same for a slot of an application, which is a part of it with a host name of its own.
    #[track_caller]
    pub fn private_slot(
        &self,
        stack: &mut Stack,
        base: &str,
        app: Handle<WebApp>,
        slot: &str,
        zone: Zone,
    ) -> Handle<PrivateEndpoint> {
        let part = format!("{}-{slot}", <WebApp as PrivateLinkTarget>::GROUP);
        let connection = PrivateLinkConnection::new(self.naming.text(base), app).group(part);
        let name = self.naming.named(base);
        let endpoint = PrivateEndpoint::through(name, self.group, self.endpoints, connection);
        self.entered(stack, endpoint, zone)
    }

    fn entered(
        &self,
        stack: &mut Stack,
        endpoint: PrivateEndpoint,
        zone: Zone,
    ) -> Handle<PrivateEndpoint> {
        stack.add(endpoint.dns_zone(zone.zone).depends_on(zone.link).depends_on(self.resolver))
    }
}
