//! Virtual networks: the private address space of an estate.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::azure::common::EDGE_ZONE;
use crate::azure::subnet::{
    ADDRESS_PREFIXES, PrivateEndpointPolicies, ServiceEndpoint, SubnetDelegation,
};
use crate::azure::{NetworkSecurityGroup, Region, ResourceGroup, RouteTable};
use crate::dsl::{AnyRef, Cidr, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_OBJECTS};
use crate::schema::{CheckContext, Fact, PropertyType as _, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, cidr, name};

/// A virtual network. Its subnets and peerings are resources of their own, and no change of the network drops them.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/virtualNetworks@2025-05-01",
    terraform = "azurerm_virtual_network",
    check = limits,
    import = say,
    fact = Fact::Addresses("address_space"),
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks"
)]
#[output(guid: Text, arm = "properties.resourceGuid", tf = "guid",
    doc = "The GUID that Azure itself knows the network by.")]
pub struct VirtualNetwork {
    /// The network's name, unique in its group.
    #[name(
        len = 2..=64, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The ranges that subnets are cut from. A range that a subnet uses cannot be taken away.
    #[prop(arm = "properties.addressSpace.addressPrefixes", tf = "address_space", danger = Downtime)]
    address_space: Set<Cidr>,
    /// The DNS servers of its machines and of VPN clients, in order; none means Azure's own. Clients resolve private names
    /// by the fixed address of a private DNS inbound endpoint. Running machines learn of a change when they restart.
    #[prop(arm = "properties.dhcpOptions.dnsServers", tf = "dns_servers", label = "DNS servers",
        service = Vec::new(), danger = Downtime, each = "dns_server")]
    dns_servers: Option<Vec<Text>>,
    /// After how many minutes an idle flow is forgotten: 4 to 30.
    #[prop(
        arm = "properties.flowTimeoutInMinutes",
        tf = "flow_timeout_in_minutes",
        label = "flow timeout"
    )]
    flow_timeout_minutes: Option<u8>,
    /// Whether traffic between its machines is encrypted.
    #[prop(arm = "properties.encryption.enabled", service = false, no_setter)]
    encrypted: Option<bool>,
    /// What becomes of traffic that cannot be encrypted. In Terraform, saying so is what turns encryption on.
    #[prop(arm = "properties.encryption.enforcement", tf = "encryption.enforcement",
        service = EncryptionEnforcement::AllowUnencrypted, danger = Downtime, no_setter)]
    encryption_enforcement: Option<EncryptionEnforcement>,
    /// Whether the DDoS protection plan is in force.
    #[prop(arm = "properties.enableDdosProtection", tf = "ddos_protection_plan.enable",
        label = "DDoS protection", service = false, danger = Cost)]
    ddos_protection: Option<bool>,
    /// The DDoS protection plan that the network belongs to.
    #[prop(arm = "properties.ddosProtectionPlan.id", tf = "ddos_protection_plan.id",
        label = "DDoS protection plan", danger = Cost)]
    ddos_plan: Option<AnyRef>,
    /// Whether the machines in it are protected as virtual machines. Current services ignore it.
    #[prop(arm = "properties.enableVmProtection", label = "VM protection", service = false)]
    vm_protection: Option<bool>,
    /// Whether private endpoints of the network share routes instead of having one each.
    #[prop(arm = "properties.privateEndpointVNetPolicies", tf = "private_endpoint_vnet_policies",
        service = PrivateEndpointVnetPolicies::Disabled)]
    private_endpoint_policies: Option<PrivateEndpointVnetPolicies>,
    /// The BGP community that the network's routes carry over ExpressRoute (`12076:20000`).
    #[prop(
        arm = "properties.bgpCommunities.virtualNetworkCommunity",
        tf = "bgp_community",
        label = "BGP community"
    )]
    bgp_community: Option<Text>,
    /// The edge zone that holds the network, where it is not in the region itself.
    #[prop(arm = "extendedLocation", tf = "edge_zone", codec = EDGE_ZONE, canon = canons::CASE, replace)]
    edge_zone: Option<Text>,
    /// Subnets that are declared with the network. Only the named ones are owned; the others stay as they are.
    /// Prefer [`Subnet`](crate::azure::Subnet): an inline subnet has no handle.
    #[prop(arm = "properties.subnets", tf = "subnet", key = "name", open, danger = Downtime, each = "inline_subnet",
        tf_object("address_prefixes", "default_outbound_access_enabled", "delegation", "id", "name",
            "private_endpoint_network_policies", "private_link_service_network_policies_enabled", "route_table_id",
            "security_group", "service_endpoint", "service_endpoint_policy_ids"))]
    inline_subnets: Option<Set<InlineSubnet>>,
    /// Peerings that were declared with the network. Only the named ones are owned.
    #[prop(arm = "properties.virtualNetworkPeerings", key = "name", open, danger = Downtime, no_setter)]
    inline_peerings: Option<Set<InlinePeering>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl VirtualNetwork {
    /// Encrypts the traffic between the network's machines.
    #[track_caller]
    #[must_use]
    pub fn encryption(mut self, enforcement: EncryptionEnforcement) -> Self {
        self.meta.set_here(Self::ENCRYPTED.index());
        self.meta.set_here(Self::ENCRYPTION_ENFORCEMENT.index());
        self.encrypted = Some(true);
        self.encryption_enforcement = Some(enforcement);
        self
    }

    /// Puts the network under a DDoS protection plan, which costs by the month.
    #[track_caller]
    #[must_use]
    pub fn ddos_protected_by(self, plan: impl Into<AnyRef>) -> Self {
        self.ddos_plan(plan).ddos_protection(true)
    }
}

/// Subnets that are resources of their own are not said here again.
fn say(network: &mut Saying<'_>) {
    network.construct("VirtualNetwork::new", &["name", "group", "address_space"]);
    if network.is("encrypted", true)
        && let Some(enforcement) = network.expression("encryption_enforcement")
    {
        let says = ["encrypted", "encryption_enforcement"];
        network.call(format!(".encryption({enforcement})"), &says);
    }
    let Some(Value::List(subnets)) = network.get("inline_subnets") else { return };
    let apart = |subnet: &Value| {
        let name = subnet.as_block()?.named(InlineSubnet::KIND.block()?.props, "name")?.as_str()?;
        Some(network.variables.has(&format!("{}/subnets/{name}", network.found.id)))
    };
    let here: Vec<usize> =
        (0..subnets.len()).filter(|at| apart(&subnets[*at]) != Some(true)).collect();
    if here.is_empty() {
        network.settle(&["inline_subnets"]);
    } else if let Some(said) = network.each("inline_subnets") {
        let calls = here.iter().map(|at| format!(".inline_subnet({})", said[*at])).collect();
        network.call(calls, &["inline_subnets"]);
    }
}

/// What becomes of traffic that cannot be encrypted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum EncryptionEnforcement {
    /// It passes as it is.
    AllowUnencrypted,
    /// It is dropped. Azure offers this to few subscriptions.
    DropUnencrypted,
}

/// How private endpoints of a network are routed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PrivateEndpointVnetPolicies {
    /// A route for each endpoint.
    Disabled,
    /// Routes for whole ranges, which allows many more endpoints.
    Basic,
}

/// A subnet that is declared with its network.
#[derive(Clone, Block)]
pub struct InlineSubnet {
    /// The subnet's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// The subnet's range; one of each address family at most.
    #[prop(arm = "properties", tf = "address_prefixes", codec = ADDRESS_PREFIXES, danger = Downtime)]
    range: Set<Cidr>,
    /// The security group that filters its traffic.
    #[prop(arm = "properties.networkSecurityGroup.id", tf = "security_group", danger = Exposure)]
    network_security_group: Option<Ref<NetworkSecurityGroup>>,
    /// The route table that it follows.
    #[prop(arm = "properties.routeTable.id", tf = "route_table_id", danger = Downtime)]
    route_table: Option<Ref<RouteTable>>,
    /// The service that the subnet is handed to.
    #[prop(arm = "properties.delegations", tf = "delegation", key = "name", danger = Downtime, each = "delegation")]
    delegations: Option<Vec<SubnetDelegation>>,
    /// Services that the subnet reaches over Azure's own network.
    #[prop(arm = "properties.serviceEndpoints", tf = "service_endpoint", key = "service",
        tf_object("network_identifier", "service"),
        danger = Downtime, each = "service_endpoint")]
    service_endpoints: Option<Set<ServiceEndpoint>>,
    /// Policies that limit what the service endpoints reach.
    #[prop(arm = "properties.serviceEndpointPolicies", tf = "service_endpoint_policy_ids", codec = ID_OBJECTS,
        each = "service_endpoint_policy")]
    service_endpoint_policies: Option<Set<AnyRef>>,
    /// Which network policies apply to private endpoints in it.
    #[prop(arm = "properties.privateEndpointNetworkPolicies", tf = "private_endpoint_network_policies",
        service = PrivateEndpointPolicies::Disabled)]
    private_endpoint_policies: Option<PrivateEndpointPolicies>,
    /// Whether network policies apply to private link services in it.
    #[prop(arm = "properties.privateLinkServiceNetworkPolicies",
        tf = "private_link_service_network_policies_enabled", codec = ENABLED_DISABLED, service = true)]
    private_link_service_policies: Option<bool>,
    /// Whether machines without a gateway of their own get a public address for outbound traffic.
    #[prop(arm = "properties.defaultOutboundAccess", tf = "default_outbound_access_enabled",
        service = true, danger = Downtime)]
    default_outbound_access: Option<bool>,
}

/// A peering that was declared with its network.
#[derive(Clone, Block)]
pub struct InlinePeering {
    /// The peering's name.
    #[prop(arm = "name", canon = canons::CASE)]
    name: Text,
    /// The network on the other side.
    #[prop(arm = "properties.remoteVirtualNetwork.id")]
    remote_network: Ref<VirtualNetwork>,
    /// Whether machines on both sides reach each other.
    #[prop(arm = "properties.allowVirtualNetworkAccess", service = true, exposes = true)]
    allow_access: Option<bool>,
    /// Whether traffic that the other side only forwards is accepted.
    #[prop(arm = "properties.allowForwardedTraffic", service = false, exposes = true)]
    allow_forwarded_traffic: Option<bool>,
    /// Whether the other side may use this network's gateway.
    #[prop(arm = "properties.allowGatewayTransit", service = false)]
    allow_gateway_transit: Option<bool>,
    /// Whether this network uses the other side's gateway.
    #[prop(arm = "properties.useRemoteGateways", service = false)]
    use_remote_gateways: Option<bool>,
}

fn limits(check: &mut CheckContext<'_>) {
    check.range(
        "flow_timeout_minutes",
        4..=30,
        "https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks#virtualnetworkpropertiesformat",
    );
    let servers = match check.get("dns_servers") {
        Some(Value::List(servers)) => servers.iter().filter_map(Value::as_str),
        _ => [].iter().filter_map(Value::as_str),
    };
    let bad = servers.filter(|server| server.parse::<IpAddr>().is_err());
    for server in bad.map(str::to_owned).collect::<Vec<_>>() {
        check.report(
            "dns_servers",
            format!("DNS servers are named by their addresses, which `{server}` is not"),
            "the provider's reference: \
             https://learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances",
        );
    }
    let protected = matches!(check.get("ddos_protection"), Some(Value::Bool(true)));
    if protected && check.get("ddos_plan").is_none() {
        check.report(
            "ddos_protection",
            "DDoS protection needs a plan",
            "name the plan with `.ddos_protected_by(..)`: \
             https://learn.microsoft.com/azure/ddos-protection/manage-ddos-protection",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let plan = AnyRef::existing(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared-rg/providers/\
         Microsoft.Network/ddosProtectionPlans/shared-ddos",
    );
    let jobs = InlineSubnet::new("jobs", cidr!("10.30.9.0/24"))
        .service_endpoint("Microsoft.Storage")
        .private_endpoint_policies(PrivateEndpointPolicies::Enabled)
        .default_outbound_access(false);
    let network = VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16"))
        .dns_server("10.30.0.4")
        .flow_timeout_minutes(10)
        .encryption(EncryptionEnforcement::AllowUnencrypted)
        .ddos_protected_by(plan)
        .private_endpoint_policies(PrivateEndpointVnetPolicies::Basic)
        .bgp_community("12076:20000")
        .inline_subnet(jobs)
        .tag("owner", "platform");
    stack.add(network).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let network = || {
            let group = Ref::existing("/subscriptions/s/resourceGroups/g");
            VirtualNetwork::new(name!("net"), group, cidr!("10.0.0.0/16"))
        };
        assert_eq!(refused(network().dns_server("10.0.0.4").flow_timeout_minutes(4)), [""; 0]);
        assert_eq!(refused(network().dns_server("dns.internal")), ["dns_servers"]);
        assert_eq!(refused(network().flow_timeout_minutes(3)), ["flow_timeout_minutes"]);
        assert_eq!(refused(network().ddos_protection(true)), ["ddos_protection"]);
        let plan = AnyRef::existing("/subscriptions/s/plan");
        assert_eq!(refused(network().ddos_protected_by(plan)), [""; 0]);
    }
}
