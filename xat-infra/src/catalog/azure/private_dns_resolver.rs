//! Private DNS resolvers: what answers questions from outside the network with the network's private zones.

use std::collections::BTreeMap;

use crate::azure::{Region, ResourceGroup, VirtualNetwork};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::value::{NodeRef, Text};
use crate::{Resource, cidr, name};

/// A private DNS resolver of a virtual network, which has one at most.
///
/// By itself it answers nobody: its inbound endpoints do, in subnets of the network.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/dnsResolvers@2025-05-01",
    terraform = "azurerm_private_dns_resolver",
    label = "private DNS resolver",
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/dnsresolvers"
)]
#[output(guid: Text, arm = "properties.resourceGuid",
    doc = "The GUID that Azure itself knows the resolver by.")]
pub struct PrivateDnsResolver {
    /// The resolver's name, unique in its group.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region, which must be the network's; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The network whose names it knows.
    #[prop(arm = "properties.virtualNetwork.id", tf = "virtual_network_id", replace, danger = Downtime)]
    network: Ref<VirtualNetwork>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let network = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16")));
    let resolver =
        PrivateDnsResolver::new(name!("shop-dns"), group, network).tag("owner", "platform");
    stack.add(resolver).node()
}
