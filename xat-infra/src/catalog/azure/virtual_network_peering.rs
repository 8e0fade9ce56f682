//! Peerings of virtual networks: two networks whose machines reach each other.

use crate::azure::{Region, ResourceGroup, VirtualNetwork};
use crate::dsl::{Meta, Name, Ref, Resource as _, Stack};
use crate::schema::{CheckContext, Fact, Set};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, cidr, name};

/// One side of a peering: what this network lets the other do. Machines reach each other once both sides are there.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2025-05-01",
    terraform = "azurerm_virtual_network_peering",
    scope = Child,
    one_by_one,
    tf_ancestor(attr = "resource_group_name", arm = "Microsoft.Resources/resourceGroups", output = "name"),
    check = limits,
    fact = Fact::Joins("remote_network"),
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks/virtualnetworkpeerings"
)]
pub struct VirtualNetworkPeering {
    /// The peering's name, unique in its network.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The network on this side.
    #[prop(tf = "virtual_network_name", tf_ref = "name", parent)]
    network: Ref<VirtualNetwork>,
    /// The network on the other side. The ranges of the two must not overlap.
    #[prop(arm = "properties.remoteVirtualNetwork.id", tf = "remote_virtual_network_id", replace,
        danger = Downtime)]
    remote_network: Ref<VirtualNetwork>,
    /// Whether machines on both sides reach each other.
    #[prop(arm = "properties.allowVirtualNetworkAccess", tf = "allow_virtual_network_access", service = true,
        exposes = true, danger = Downtime)]
    allow_access: Option<bool>,
    /// Whether traffic that the other side only forwards is accepted.
    #[prop(arm = "properties.allowForwardedTraffic", tf = "allow_forwarded_traffic", default = false,
        service = false, exposes = true, danger = Downtime)]
    allow_forwarded_traffic: bool,
    /// Whether the other side may use this network's gateway.
    #[prop(arm = "properties.allowGatewayTransit", tf = "allow_gateway_transit", default = false,
        service = false, exposes = true, danger = Downtime)]
    allow_gateway_transit: bool,
    /// Whether this network uses the other side's gateway, which must be there first.
    #[prop(arm = "properties.useRemoteGateways", tf = "use_remote_gateways", service = false, danger = Downtime)]
    use_remote_gateways: Option<bool>,
    /// Whether the whole of both networks is peered, rather than the named subnets.
    #[prop(arm = "properties.peerCompleteVnets", tf = "peer_complete_virtual_networks_enabled",
        label = "peering of the whole networks", service = true, replace, danger = Downtime)]
    whole_networks: Option<bool>,
    /// The subnets of this network that are peered, where not all of it is.
    #[prop(arm = "properties.localSubnetNames", tf = "local_subnet_names", danger = Downtime, each = "local_subnet")]
    local_subnets: Option<Set<Text>>,
    /// The subnets of the other network that are peered, where not all of it is.
    #[prop(arm = "properties.remoteSubnetNames", tf = "remote_subnet_names", danger = Downtime,
        each = "remote_subnet")]
    remote_subnets: Option<Set<Text>>,
    /// Whether only the ranges of version 6 are peered, for peerings of subnets.
    #[prop(arm = "properties.enableOnlyIPv6Peering", tf = "only_ipv6_peering_enabled", label = "only IPv6",
        service = false, replace, danger = Downtime)]
    only_ipv6: Option<bool>,
    meta: Meta,
}

fn limits(check: &mut CheckContext<'_>) {
    let is = |property, wanted| matches!(check.get(property), Some(Value::Bool(b)) if *b == wanted);
    let both = is("allow_gateway_transit", true) && is("use_remote_gateways", true);
    let whole = !is("whole_networks", false);
    let of_subnets = ["local_subnets", "remote_subnets", "only_ipv6"];
    let stray = of_subnets.into_iter().find(|property| whole && check.get(property).is_some());
    if both {
        check.report(
            "use_remote_gateways",
            "a network that uses the other side's gateway has none of its own to offer",
            "keep one of `.allow_gateway_transit(true)` and `.use_remote_gateways(true)`: \
             https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit",
        );
    }
    if let Some(property) = stray {
        check.report(
            property,
            "this is for peerings of subnets, and this one is of whole networks",
            "say `.whole_networks(false)` too: \
             https://learn.microsoft.com/azure/virtual-network/how-to-configure-subnet-peering",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let shop = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16")));
    let hub = stack.add(VirtualNetwork::new(name!("hub-net"), group, cidr!("10.0.0.0/16")));
    let back =
        VirtualNetworkPeering::new(name!("hub-to-shop"), hub, shop).allow_gateway_transit(true);
    let back = stack.add(back);
    let peering = VirtualNetworkPeering::new(name!("shop-to-hub"), shop, hub)
        .allow_access(true)
        .allow_forwarded_traffic(true)
        .use_remote_gateways(true)
        .whole_networks(false)
        .local_subnet("apps")
        .remote_subnet("shared")
        .only_ipv6(false)
        .depends_on(back);
    stack.add(peering).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn peering() -> VirtualNetworkPeering {
        let net = |name| Ref::existing(format!("/subscriptions/s/virtualNetworks/{name}"));
        VirtualNetworkPeering::new(name!("a-to-b"), net("a"), net("b"))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(peering().use_remote_gateways(true)), [""; 0]);
        let both = peering().use_remote_gateways(true).allow_gateway_transit(true);
        assert_eq!(refused(both), ["use_remote_gateways"]);
        assert_eq!(refused(peering().local_subnet("apps")), ["local_subnets"]);
        assert_eq!(refused(peering().whole_networks(false).local_subnet("apps")), [""; 0]);
    }
}
