//! Connections of container registries to private endpoints: what a registry's owner says to each.

use crate::azure::{
    ContainerRegistry, Premium, PrivateEndpoint, PrivateLinkConnection, Region, ResourceGroup,
    Subnet, VirtualNetwork,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::canons;
use crate::value::{NodeRef, Text};
use crate::{Block, Choice, Resource, cidr, name};

/// What a registry's owner says to a private endpoint that asks for the registry.
///
/// The service makes the connection when the endpoint is made, and gives it its name; declaring it is how one that asks
/// from another subscription is let in or turned away.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ContainerRegistry/registries/privateEndpointConnections@2025-11-01",
    scope = Child,
    source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/privateendpointconnections"
)]
pub struct RegistryEndpointConnection {
    /// The connection's name, which the service made (`shopimages.6594bf6d`).
    #[name(
        len = 1..=128, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/rest/api/containerregistry/private-endpoint-connections/create-or-update"
    )]
    name: Name<Self>,
    /// The registry.
    #[prop(parent)]
    registry: Ref<ContainerRegistry<Premium>>,
    /// The endpoint that asks.
    #[prop(arm = "properties.privateEndpoint.id", replace)]
    endpoint: Option<Ref<PrivateEndpoint>>,
    /// What it is told.
    #[prop(arm = "properties.privateLinkServiceConnectionState")]
    answer: ConnectionAnswer,
    meta: Meta,
}

/// What a private endpoint is told by the owner of what it asks for.
#[derive(Clone, Block)]
pub struct ConnectionAnswer {
    /// Whether it is let in.
    #[prop(arm = "status", danger = Downtime, exposes = ConnectionStatus::Approved)]
    status: ConnectionStatus,
    /// Why.
    #[prop(arm = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// What is left to do (`None`).
    #[prop(arm = "actionsRequired", canon = canons::CASE)]
    actions_required: Option<Text>,
}

impl ConnectionAnswer {
    /// The endpoint is let in.
    #[must_use]
    pub fn approved(reason: impl Into<Text>) -> Self {
        Self::new(ConnectionStatus::Approved).description(reason)
    }

    /// The endpoint is turned away.
    #[must_use]
    pub fn rejected(reason: impl Into<Text>) -> Self {
        Self::new(ConnectionStatus::Rejected).description(reason)
    }
}

/// How the connection to a private endpoint stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ConnectionStatus {
    /// Let in.
    Approved,
    /// Turned away.
    Rejected,
    /// Not answered yet.
    Pending,
    /// The endpoint is gone.
    Disconnected,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let network = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16")));
    let ends = stack.add(Subnet::new(name!("endpoints"), network, cidr!("10.30.4.0/24")));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let asked = PrivateLinkConnection::new("images", registry)
        .group("registry")
        .by_request("The shop pulls its images through this");
    let endpoint = PrivateEndpoint::through(name!("shop-images"), group, ends, asked);
    let endpoint = stack.add(endpoint);
    let answer = ConnectionAnswer::approved("Asked for by the shop").actions_required("None");
    let connection =
        RegistryEndpointConnection::new(name!("shopimages.6594bf6d"), registry, answer)
            .endpoint(endpoint);
    stack.add(RegistryEndpointConnection::new(
        name!("shopimages.4c766c12"),
        registry,
        ConnectionAnswer::rejected("Nobody knows this one"),
    ));
    stack.add(connection).node()
}
