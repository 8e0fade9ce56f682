//! Virtual network gateways: where VPN tunnels and ExpressRoute circuits end.

use std::collections::BTreeMap;

use crate::azure::common::EDGE_ZONE;
use crate::azure::virtual_network_gateway_limits::limits;
use crate::azure::{
    AzureScope, BgpSettings, ClientIpsecPolicy, DhGroup, GatewayAddress, GatewayGeneration,
    GatewayKind, GatewayNatRule, GatewaySku, Gateways, IkeEncryption, IkeIntegrity,
    IpsecEncryption, IpsecIntegrity, PfsGroup, PublicIpAddress, Region, ResourceGroup,
    RevokedCertificate, RootCertificate, Subnet, VirtualNetwork, VpnClients, VpnProtocol,
    VpnRouting,
};
use crate::dsl::{AnyRef, Cidr, Meta, Name, Ref, Stack};
use crate::schema::codecs::NOT;
use crate::schema::{Codec, Fact, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, cidr, name};

/// A virtual network gateway: for VPN tunnels from sites and from single clients, or for ExpressRoute circuits.
///
/// Making one takes the service up to 45 minutes. A network has one gateway of each kind at most.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/virtualNetworkGateways@2025-05-01",
    terraform = "azurerm_virtual_network_gateway",
    private_new,
    import = say,
    tf_part(key = "nat", resource = "azurerm_virtual_network_gateway_nat_rule", link = "virtual_network_gateway_id",
        each, shares = "resource_group_name", import = "{id}/natRules/{element}"),
    check = limits,
    fact = Fact::Logs,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworkgateways"
)]
#[output(guid: Text, arm = "properties.resourceGuid", doc = "The GUID that Azure itself knows the gateway by.")]
#[output(peering_address: Text, arm = "properties.bgpSettings.bgpPeeringAddress",
    tf = "bgp_settings.0.peering_addresses.0.default_addresses.0",
    doc = "The address, in the gateway's subnet, with which others exchange routes.")]
pub struct VirtualNetworkGateway {
    /// The gateway's name, unique in its group.
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
    /// What ends at it.
    #[prop(arm = "properties.gatewayType", tf = "type", replace, danger = Downtime)]
    kind: GatewayKind,
    /// Its size. Within a generation it can be changed in place; connections drop meanwhile.
    #[prop(arm = "properties.sku", tf = "sku", codec = SKU, label = "size", danger = Downtime)]
    sku: GatewaySku,
    /// The generation of its machines; the service picks one that has the size, unless said.
    #[prop(arm = "properties.vpnGatewayGeneration", tf = "generation", replace, danger = Downtime)]
    generation: Option<GatewayGeneration>,
    /// How it chooses the tunnel for a packet.
    #[prop(arm = "properties.vpnType", tf = "vpn_type", label = "VPN type", service = VpnRouting::RouteBased,
        replace, danger = Downtime)]
    vpn_type: Option<VpnRouting>,
    /// The addresses of its machines, each public and in the gateway subnet.
    #[prop(arm = "properties.ipConfigurations", tf = "ip_configuration", key = "name", danger = Downtime, no_setter)]
    addresses: Vec<GatewayAddress>,
    /// Whether both of its machines carry traffic, each with an address of its own.
    #[prop(arm = "properties.activeActive", tf = "active_active", label = "active-active", service = false,
        danger = Downtime)]
    active_active: Option<bool>,
    /// How few units it scales down to, for the size ErGwScale.
    #[prop(arm = "properties.autoScaleConfiguration.bounds.min", tf = "minimum_scale_unit", danger = Cost,
        no_setter)]
    scale_units_min: Option<u8>,
    /// How many units it scales to at most, for the size ErGwScale.
    #[prop(arm = "properties.autoScaleConfiguration.bounds.max", tf = "maximum_scale_unit", danger = Cost,
        no_setter)]
    scale_units_max: Option<u8>,
    /// Whether sites reach it by its private address too, through an ExpressRoute circuit.
    // Terraform replaces the gateway for it; the service changes it in place.
    #[prop(arm = "properties.enablePrivateIpAddress", tf = "private_ip_address_enabled",
        label = "private IP address", service = false, danger = Downtime)]
    private_ip_address: Option<bool>,
    /// Single clients that dial in, if any may.
    #[prop(arm = "properties.vpnClientConfiguration", tf = "vpn_client_configuration", label = "VPN clients",
        danger = Downtime)]
    vpn_clients: Option<VpnClients>,
    /// Routes that clients are told beside those of the network.
    #[prop(arm = "properties.customRoutes.addressPrefixes", tf = "custom_route.address_prefixes",
        danger = Downtime, each = "custom_route")]
    custom_routes: Option<Set<Cidr>>,
    /// Whether it exchanges routes with the other side by BGP.
    #[prop(arm = "properties.enableBgp", tf = "bgp_enabled", label = "BGP", service = false, danger = Downtime,
        no_setter)]
    bgp: Option<bool>,
    /// How it exchanges routes. The service fills these in even where it does not.
    #[prop(arm = "properties.bgpSettings", tf = "bgp_settings", label = "BGP settings", danger = Downtime,
        no_setter)]
    bgp_settings: Option<BgpSettings>,
    /// Whether routes are translated as the addresses in them are.
    #[prop(arm = "properties.enableBgpRouteTranslationForNat", tf = "bgp_route_translation_for_nat_enabled",
        label = "BGP route translation for NAT", service = false, danger = Downtime)]
    bgp_route_translation_for_nat: Option<bool>,
    /// Rules by which addresses are translated on their way.
    #[prop(arm = "properties.natRules", tf = "nat:rule", key = "name", label = "NAT rules", danger = Downtime,
        each = "nat_rule")]
    nat_rules: Option<Set<GatewayNatRule>>,
    /// Whether packets that were seen before are refused.
    #[prop(arm = "properties.disableIPSecReplayProtection", tf = "ip_sec_replay_protection_enabled", codec = NOT,
        label = "IPsec replay protection", service = true, exposes = false)]
    ipsec_replay_protection: Option<bool>,
    /// Whether questions for names are forwarded to it.
    #[prop(
        arm = "properties.enableDnsForwarding",
        tf = "dns_forwarding_enabled",
        label = "DNS forwarding",
        service = false
    )]
    dns_forwarding: Option<bool>,
    /// Whether traffic from other networks with a gateway is accepted, for ExpressRoute.
    #[prop(arm = "properties.allowRemoteVnetTraffic", tf = "remote_vnet_traffic_enabled",
        label = "traffic from other networks", service = false, exposes = true, danger = Downtime)]
    remote_network_traffic: Option<bool>,
    /// Whether traffic from virtual WANs is accepted, for ExpressRoute.
    #[prop(arm = "properties.allowVirtualWanTraffic", tf = "virtual_wan_traffic_enabled",
        label = "traffic from virtual WANs", service = false, exposes = true, danger = Downtime)]
    virtual_wan_traffic: Option<bool>,
    /// The site to which all traffic for the internet is sent, as its local network gateway.
    #[prop(arm = "properties.gatewayDefaultSite.id", tf = "default_local_network_gateway_id", danger = Downtime)]
    default_site: Option<AnyRef>,
    /// The edge zone that the gateway is in, where it is not in the region itself.
    #[prop(arm = "extendedLocation", tf = "edge_zone", codec = EDGE_ZONE, canon = canons::CASE, replace)]
    edge_zone: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl VirtualNetworkGateway {
    /// A gateway for VPN tunnels, in the network's gateway subnet, behind a public address.
    ///
    /// ```compile_fail,E0277
    /// use xat_infra::azure::prelude::*;
    /// let mut stack = Stack::new("demo");
    /// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    /// let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.0.0.0/16")));
    /// let plain = stack.add(Subnet::new(name!("plain"), net, cidr!("10.0.1.0/24")));
    /// let address = stack.add(PublicIpAddress::new(name!("demo-ip"), group));
    /// let gateway = VirtualNetworkGateway::vpn(name!("demo-vpn"), group, GatewaySku::VpnGw1AZ, plain, address);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn vpn(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        sku: GatewaySku,
        subnet: impl Into<Ref<Subnet<Gateways>>>,
        address: impl Into<Ref<PublicIpAddress>>,
    ) -> Self {
        let first = GatewayAddress::new("default", subnet).public_ip(address);
        Self::of_kind(name, group, GatewayKind::Vpn, sku, first)
    }

    /// A gateway for ExpressRoute circuits, in the network's gateway subnet. The service gives it a public address of its
    /// own, unless [`public_ip`](Self::public_ip) says one.
    #[track_caller]
    #[must_use]
    pub fn express_route(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        sku: GatewaySku,
        subnet: impl Into<Ref<Subnet<Gateways>>>,
    ) -> Self {
        let first = GatewayAddress::new("default", subnet);
        Self::of_kind(name, group, GatewayKind::ExpressRoute, sku, first)
    }

    /// A gateway with an address that is written out.
    #[track_caller]
    #[must_use]
    pub fn of_kind(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        kind: GatewayKind,
        sku: GatewaySku,
        first: GatewayAddress,
    ) -> Self {
        Self::declare_new(name, group, kind, sku, vec![first])
    }

    /// Lets both of the gateway's machines carry traffic; the second has this address.
    #[track_caller]
    #[must_use]
    pub fn both_active(self, second: impl Into<Ref<PublicIpAddress>>) -> Self {
        self.active_active(true).and_address("second", second)
    }

    /// Adds an address in the same subnet: a gateway with both machines at work needs a third where clients dial in.
    #[track_caller]
    #[must_use]
    pub fn and_address(
        self,
        name: impl Into<Text>,
        address: impl Into<Ref<PublicIpAddress>>,
    ) -> Self {
        match self.addresses.first() {
            Some(first) => {
                let another = first.beside(name.into(), address.into());
                self.address(another)
            }
            None => self,
        }
    }

    /// Adds an address that is written out.
    #[track_caller]
    #[must_use]
    pub fn address(mut self, address: GatewayAddress) -> Self {
        self.meta.set_here(Self::ADDRESSES.index());
        self.addresses.push(address);
        self
    }

    /// The first public address: for ExpressRoute gateways that were made with one.
    #[track_caller]
    #[must_use]
    pub fn public_ip(mut self, address: impl Into<Ref<PublicIpAddress>>) -> Self {
        self.meta.set_here(Self::ADDRESSES.index());
        if let Some(first) = self.addresses.first_mut() {
            first.public_ip = Some(address.into());
        }
        self
    }

    /// Calls the first address's configuration so (`default`, unless said). Gateways made by other means call it
    /// otherwise, and it cannot be renamed.
    #[track_caller]
    #[must_use]
    pub fn address_name(mut self, name: impl Into<Text>) -> Self {
        self.meta.set_here(Self::ADDRESSES.index());
        if let Some(first) = self.addresses.first_mut() {
            first.name = name.into();
        }
        self
    }

    /// Exchanges routes with the other side by BGP.
    #[track_caller]
    #[must_use]
    pub fn bgp(mut self, settings: BgpSettings) -> Self {
        self.meta.set_here(Self::BGP.index());
        self.meta.set_here(Self::BGP_SETTINGS.index());
        self.bgp = Some(true);
        self.bgp_settings = Some(settings);
        self
    }

    /// Scales between so many units, for the size ErGwScale: 1 to 40.
    #[track_caller]
    #[must_use]
    pub fn scale_units(mut self, units: std::ops::RangeInclusive<u8>) -> Self {
        self.meta.set_here(Self::SCALE_UNITS_MIN.index());
        self.meta.set_here(Self::SCALE_UNITS_MAX.index());
        self.scale_units_min = Some(*units.start());
        self.scale_units_max = Some(*units.end());
        self
    }
}

fn say(gateway: &mut Saying<'_>) {
    let base = ["name", "group", "kind", "sku"].map(|property| gateway.expression(property));
    let (Some(base), Some(addresses)) =
        (base.into_iter().collect::<Option<Vec<_>>>(), gateway.each("addresses"))
    else {
        return;
    };
    let Some((first, rest)) = addresses.split_first() else { return };
    let head = format!("VirtualNetworkGateway::of_kind({}, {first})", base.join(", "));
    gateway.construct_as(head, &["name", "group", "kind", "sku", "addresses"]);
    rest.iter().for_each(|address| gateway.call(format!(".address({address})"), &[]));
    let bounds = ["scale_units_min", "scale_units_max"];
    if let [Some(least), Some(most)] = bounds.map(|property| gateway.expression(property)) {
        gateway.call(format!(".scale_units({least}..={most})"), &bounds);
    }
    // The service fills in how routes would be exchanged even where they are not.
    match gateway.expression("bgp_settings") {
        Some(settings) if gateway.is("bgp", true) => {
            gateway.call(format!(".bgp({settings})"), &["bgp", "bgp_settings"]);
        }
        _ if !gateway.is("bgp", true) => gateway.settle(&["bgp_settings"]),
        _ => {}
    }
}

/// ARM wants the size's word twice, and answers with how many machines there are beside it.
static SKU: Codec = Codec {
    name: "object with name and tier",
    encode: |value| Value::map([("name", value.clone()), ("tier", value.clone())]),
    decode: |value| value.at(&["name"]).cloned(),
};

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let asked = "10.30.5.4";
    let network = VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16"));
    let network = stack.add(network.dns_server(asked));
    let subnet = stack.add(Subnet::gateways(network, cidr!("10.30.255.0/27")));
    let mut address = |name| stack.add(PublicIpAddress::new(name, group).zones(["1", "2", "3"]));
    let (first, second) = (address(name!("shop-vpn-1")), address(name!("shop-vpn-2")));
    let third = address(name!("shop-vpn-3"));
    let circuits = VirtualNetworkGateway::express_route(
        name!("shop-circuits"),
        group,
        GatewaySku::ErGwScale,
        subnet,
    );
    stack.add(circuits.scale_units(1..=4).remote_network_traffic(true).virtual_wan_traffic(false));
    let clients = VpnClients::entra_id(stack.tenant_id(), cidr!("172.16.0.0/24"))
        .and_certificate(RootCertificate::new("devices", "MIIC8DCCAdigAwIBAgIQ"))
        .revoked_certificate(RevokedCertificate::new(
            "lost-laptop",
            "0123456789ABCDEF0123456789ABCDEF01234567",
        ));
    let policy = ClientIpsecPolicy::new(
        27_000,
        102_400_000,
        IpsecEncryption::GcmAes256,
        IpsecIntegrity::GcmAes256,
        IkeEncryption::Aes256,
        IkeIntegrity::Sha384,
        DhGroup::Ecp384,
        PfsGroup::Ecp384,
    );
    let clients = clients.protocols([VpnProtocol::OpenVpn]).ipsec_policy(policy);
    let site = AnyRef::existing(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared-rg/providers/\
         Microsoft.Network/localNetworkGateways/office",
    );
    let nat = GatewayNatRule::new("office")
        .internal(cidr!("10.30.9.0/24"))
        .external(cidr!("192.168.21.0/24"));
    let gateway =
        VirtualNetworkGateway::vpn(name!("shop-vpn"), group, GatewaySku::VpnGw2AZ, subnet, first)
            .generation(GatewayGeneration::Generation2)
            .vpn_type(VpnRouting::RouteBased)
            .both_active(second)
            .and_address("clients", third)
            .private_ip_address(false)
            .vpn_clients(clients)
            .custom_route(cidr!("10.50.0.0/16"))
            .bgp(BgpSettings::new(65_010).peer_weight(0))
            .bgp_route_translation_for_nat(true)
            .nat_rule(nat)
            .ipsec_replay_protection(true)
            .dns_forwarding(false)
            .default_site(site)
            .tag("owner", "platform");
    stack.add(gateway).node()
}
