//! Links of private DNS zones: in which networks a zone answers.

use std::collections::BTreeMap;

use crate::azure::{PrivateDnsZone, Region, ResourceGroup, VirtualNetwork};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::Fact;
use crate::value::{NodeRef, Text};
use crate::{Choice, Resource, cidr, name};

/// The link that lets a network resolve the names of a private DNS zone.
///
/// A resource that must not be made before its zone answers takes the link's handle, and finds the zone through it.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01",
    terraform = "azurerm_private_dns_zone_virtual_network_link",
    scope = Child,
    label = "private DNS zone link",
    constant(arm = "location", value = "global"),
    fact = Fact::KnownIn("network"),
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/privatednszones/virtualnetworklinks"
)]
#[output(zone_id: Text, tf = "private_dns_zone_id", parent = crate::schema::ID,
    doc = "The zone's ID; whoever uses it waits for the link.")]
pub struct PrivateDnsZoneLink {
    /// The link's name, unique in its zone.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The zone.
    #[prop(tf = "private_dns_zone_id", parent)]
    zone: Ref<PrivateDnsZone>,
    /// The network in which it answers.
    #[prop(arm = "properties.virtualNetwork.id", tf = "virtual_network_id", replace, danger = Downtime)]
    network: Ref<VirtualNetwork>,
    /// Whether machines of the network are entered in the zone under their own names.
    #[prop(arm = "properties.registrationEnabled", tf = "registration_enabled",
        default = false, service = false, danger = Downtime)]
    registration_enabled: bool,
    /// What happens to names of the zone's domain that the zone does not hold.
    #[prop(arm = "properties.resolutionPolicy", tf = "resolution_policy",
        service = ResolutionPolicy::Default, danger = Downtime)]
    resolution_policy: Option<ResolutionPolicy>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// What happens to names of a zone's domain that the zone does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ResolutionPolicy {
    /// They do not exist.
    Default,
    /// They are looked up on the internet, for zones of private endpoints.
    NxDomainRedirect,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let network = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16")));
    let zone = stack.add(PrivateDnsZone::new(name!("privatelink.vaultcore.azure.net"), group));
    let link = PrivateDnsZoneLink::new(name!("shop-net"), zone, network)
        .registration_enabled(false)
        .resolution_policy(ResolutionPolicy::NxDomainRedirect)
        .tag("owner", "platform");
    stack.add(link).node()
}
