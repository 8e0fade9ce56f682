//! Subnets: slices of a virtual network, some of them handed to one service.

use std::marker::PhantomData;

use crate::azure::subnet_sizes::limits;
use crate::azure::{
    NatGateway, NetworkSecurityGroup, PublicIpAddress, Region, ResourceGroup, RouteTable,
    VirtualNetwork,
};
use crate::dsl::{AnyRef, Cidr, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_OBJECTS};
use crate::schema::{Codec, Fact, PropertyType as _, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, cidr, name};

/// A subnet.
///
/// Its type says which service it is handed to, so that a resource which needs a delegated subnet takes no other,
/// and one that needs a plain subnet takes no delegated one.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/virtualNetworks/subnets@2025-05-01",
    terraform = "azurerm_subnet",
    scope = Child,
    one_by_one,
    private_new,
    import = say,
    tf_part(key = "nsg", resource = "azurerm_subnet_network_security_group_association", link = "subnet_id"),
    tf_part(key = "nat", resource = "azurerm_subnet_nat_gateway_association", link = "subnet_id"),
    tf_part(key = "routes", resource = "azurerm_subnet_route_table_association", link = "subnet_id"),
    tf_ancestor(attr = "resource_group_name", arm = "Microsoft.Resources/resourceGroups", output = "name"),
    check = limits,
    fact = Fact::Addresses("range"),
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks/subnets"
)]
pub struct Subnet<D: Delegation = Undelegated> {
    /// The subnet's name, unique in its network. Gateways and firewalls ask for fixed ones (`GatewaySubnet`).
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The network that it is cut from.
    #[prop(tf = "virtual_network_name", tf_ref = "name", parent)]
    network: Ref<VirtualNetwork>,
    /// The subnet's range, inside the network's; one of each address family at most. Azure keeps five addresses
    /// of it, and changes it only while the subnet is empty.
    #[prop(arm = "properties", tf = "address_prefixes", codec = ADDRESS_PREFIXES, danger = Downtime)]
    range: Set<Cidr>,
    /// The service that the subnet is handed to, if any.
    #[prop(arm = "properties.delegations", tf = "delegation", label = "delegation", key = "name",
        default = Vec::new(), service = Vec::new(), danger = Downtime, no_setter)]
    delegations: Vec<SubnetDelegation>,
    /// The security group that filters its traffic.
    #[prop(arm = "properties.networkSecurityGroup.id", tf = "nsg:network_security_group_id", danger = Exposure)]
    network_security_group: Option<Ref<NetworkSecurityGroup>>,
    /// The NAT gateway through which it reaches the internet.
    #[prop(arm = "properties.natGateway.id", tf = "nat:nat_gateway_id", label = "NAT gateway", danger = Downtime)]
    nat_gateway: Option<Ref<NatGateway>>,
    /// The route table that it follows.
    #[prop(arm = "properties.routeTable.id", tf = "routes:route_table_id", danger = Downtime)]
    route_table: Option<Ref<RouteTable>>,
    /// Services that the subnet reaches over Azure's own network, with its own address as the sender.
    #[prop(arm = "properties.serviceEndpoints", tf = "service_endpoint", key = "service",
        danger = Downtime, each = "service_endpoint")]
    service_endpoints: Option<Set<ServiceEndpoint>>,
    /// Policies that limit what the service endpoints reach.
    #[prop(arm = "properties.serviceEndpointPolicies", tf = "service_endpoint_policy_ids", codec = ID_OBJECTS,
        each = "service_endpoint_policy")]
    service_endpoint_policies: Option<Set<AnyRef>>,
    /// Which network policies apply to private endpoints in it.
    #[prop(arm = "properties.privateEndpointNetworkPolicies", tf = "private_endpoint_network_policies",
        service = PrivateEndpointPolicies::Disabled, danger = Downtime)]
    private_endpoint_policies: Option<PrivateEndpointPolicies>,
    /// Whether network policies apply to private link services in it.
    #[prop(arm = "properties.privateLinkServiceNetworkPolicies",
        tf = "private_link_service_network_policies_enabled", codec = ENABLED_DISABLED, service = true)]
    private_link_service_policies: Option<bool>,
    /// Whether machines without a gateway of their own get a public address for outbound traffic.
    #[prop(arm = "properties.defaultOutboundAccess", tf = "default_outbound_access_enabled",
        default = false, service = true, danger = Downtime)]
    default_outbound_access: bool,
    /// Who else may place resources in it.
    #[prop(arm = "properties.sharingScope", tf = "sharing_scope", danger = Exposure)]
    sharing_scope: Option<SharingScope>,
    delegation: PhantomData<D>,
    meta: Meta,
}

impl Subnet<Undelegated> {
    /// A subnet for machines, private endpoints and whatever else needs no delegation.
    #[track_caller]
    #[must_use]
    pub fn new(
        name: Name<Self>,
        network: impl Into<Ref<VirtualNetwork>>,
        range: impl Into<Set<Cidr>>,
    ) -> Self {
        Self::declare_new(name, network, range)
    }
}

impl Subnet<Gateways> {
    /// The subnet of the network's gateways, which is always called `GatewaySubnet`: a /27 or larger.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// let mut stack = Stack::new("demo");
    /// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    /// let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.0.0.0/16")));
    /// let gateways: Handle<Subnet<Gateways>> = stack.add(Subnet::gateways(net, cidr!("10.0.255.0/27")));
    /// ```
    #[track_caller]
    #[must_use]
    pub fn gateways(network: impl Into<Ref<VirtualNetwork>>, range: impl Into<Set<Cidr>>) -> Self {
        Self::declare_new(Name::literal("GatewaySubnet"), network, range)
    }
}

impl<D: DelegatedService> Subnet<D> {
    /// A subnet that is handed to one service, which then places its own machines in it.
    ///
    /// A delegated subnet is not taken where a plain one is needed:
    ///
    /// ```compile_fail,E0308
    /// use xat_infra::azure::prelude::*;
    /// let mut stack = Stack::new("demo");
    /// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    /// let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.0.0.0/16")));
    /// let apps = Subnet::delegated_to(WebServerFarms, name!("apps"), net, cidr!("10.0.1.0/24"));
    /// let plain: Subnet = apps;
    /// ```
    #[track_caller]
    #[must_use]
    pub fn delegated_to(
        service: D,
        name: Name<Self>,
        network: impl Into<Ref<VirtualNetwork>>,
        range: impl Into<Set<Cidr>>,
    ) -> Self {
        // Only the marker's type is of use.
        let _ = service;
        Self::declare_new(name, network, range).delegation_name("delegation")
    }

    /// What the delegation itself is called (`delegation`, unless said). Subnets made by other means call it
    /// otherwise, and Azure keeps the name.
    #[track_caller]
    #[must_use]
    pub fn delegation_name(mut self, name: impl Into<Text>) -> Self {
        self.meta.set_here(Self::DELEGATIONS.index());
        self.delegations = vec![SubnetDelegation::new(name, D::SERVICE)];
        self
    }
}

/// To whom a subnet is handed, as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say to whom a subnet is handed",
    label = "not a delegation",
    note = "a subnet is `Subnet<Undelegated>`, or handed to a service: `Subnet<WebServerFarms>`"
)]
pub trait Delegation: 'static {}

/// A service that a subnet can be handed to. Implement it for services that are not listed here.
#[diagnostic::on_unimplemented(
    message = "a subnet cannot be handed to `{Self}`",
    label = "not a service that takes subnets",
    note = "`WebServerFarms`, `PostgresFlexibleServers`, `ContainerEnvironments` and `DnsResolvers` take subnets; for a \
            subnet of your own, write `Subnet::new(..)`"
)]
pub trait DelegatedService: Delegation {
    /// The service's name in a delegation (`Microsoft.Web/serverFarms`).
    const SERVICE: &'static str;
}

/// Not handed to any service.
#[derive(Clone, Copy, Debug)]
pub struct Undelegated;

impl Delegation for Undelegated {}

/// Not handed to any service, and for the network's gateways alone: nothing else may be in it.
#[derive(Clone, Copy, Debug)]
pub struct Gateways;

impl Delegation for Gateways {}

macro_rules! services {
    ($($(#[doc = $doc:literal])+ $marker:ident = $service:literal, $action:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $marker;

        impl Delegation for $marker {}

        #[diagnostic::do_not_recommend]
        impl DelegatedService for $marker {
            const SERVICE: &'static str = $service;
        }
    )+

    /// The markers, their services, and what Azure lets each of these do to the subnet
    /// (<https://learn.microsoft.com/rest/api/virtualnetwork/available-delegations/list>).
    const SERVICES: &[(&str, &str, &str)] = &[
        $((stringify!($marker), $service, concat!("Microsoft.Network/virtualNetworks/subnets/", $action))),+
    ];
    };
}

services! {
    /// App Service plans: apps reach the network through the subnet.
    WebServerFarms = "Microsoft.Web/serverFarms", "action";
    /// PostgreSQL flexible servers with private access.
    PostgresFlexibleServers = "Microsoft.DBforPostgreSQL/flexibleServers", "join/action";
    /// Container Apps environments.
    ContainerEnvironments = "Microsoft.App/environments", "join/action";
    /// Endpoints of private DNS resolvers.
    DnsResolvers = "Microsoft.Network/dnsResolvers", "join/action";
}

/// The service is the type's argument; a subnet of another service than those listed has no constructor.
fn say(subnet: &mut Saying<'_>) {
    let delegations = match subnet.get("delegations") {
        Some(Value::List(delegations)) => delegations.as_slice(),
        _ => &[],
    };
    let part = |property| {
        let fields = delegations.first()?.as_block()?;
        fields.named(SubnetDelegation::KIND.block()?.props, property)?.as_str()
    };
    let marker = SERVICES
        .iter()
        .find(|(_, service, _)| part("service").is_some_and(|of| of.eq_ignore_ascii_case(service)));
    match (delegations.len(), marker) {
        (0, _) if subnet.reads("name", "GatewaySubnet") => {
            subnet.argument("Gateways");
            subnet.construct("Subnet::gateways", &["network", "range"]);
            subnet.settle(&["name"]);
        }
        (0, _) => {
            subnet.argument("Undelegated");
            subnet.construct("Subnet::new", &["name", "network", "range"]);
        }
        (1, Some((marker, ..))) => {
            subnet.argument(marker);
            let base = ["name", "network", "range"].map(|property| subnet.expression(property));
            let [Some(name), Some(network), Some(range)] = base else { return };
            let head = format!("Subnet::delegated_to({marker}, {name}, {network}, {range})");
            subnet.construct_as(head, &["name", "network", "range", "delegations"]);
            if let Some(name) = part("name").filter(|name| *name != "delegation") {
                subnet.call(format!(".delegation_name({name:?})"), &[]);
            }
        }
        _ => {}
    }
}

/// The handing of a subnet to a service.
#[derive(Clone, Block)]
pub struct SubnetDelegation {
    /// What the delegation itself is called.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// The service (`Microsoft.Web/serverFarms`).
    #[prop(arm = "properties.serviceName", tf = "service_delegation", tf_codec = DELEGATED, canon = canons::CASE,
        danger = Downtime)]
    service: Text,
}

/// A delegation as Terraform has it: with the actions that Azure adds for the service, or it would show them as drift.
static DELEGATED: Codec = Codec {
    name: "service with its actions",
    encode: |value| {
        let mut out = Value::map([("name", value.clone())]);
        let known = |service: &&(&str, &str, &str)| {
            value.as_str().is_some_and(|said| said.eq_ignore_ascii_case(service.1))
        };
        if let Some((_, _, action)) = SERVICES.iter().find(known) {
            out.put(&["actions"], Value::List(vec![Value::literal(*action)]));
        }
        out
    },
    decode: |value| value.at(&["name"]).cloned(),
};

/// A service that a subnet reaches over Azure's own network.
#[derive(Clone, Block)]
pub struct ServiceEndpoint {
    /// The service (`Microsoft.Storage`).
    #[prop(arm = "service", tf = "service", canon = canons::CASE)]
    service: Text,
    /// The regions in which it is reached. Azure adds the paired region of some services by itself.
    #[prop(arm = "locations", open, each = "location")]
    locations: Option<Set<Region>>,
    /// The public address that the service sees, where it should not be the subnet's own.
    #[prop(arm = "networkIdentifier.id", tf = "network_identifier")]
    network_identifier: Option<AnyRef>,
}

impl From<&'static str> for ServiceEndpoint {
    fn from(service: &'static str) -> Self {
        Self::new(service)
    }
}

/// Which network policies apply to private endpoints in a subnet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PrivateEndpointPolicies {
    /// None: the subnet's security group and routes pass them by.
    Disabled,
    /// Security groups and routes.
    Enabled,
    /// Security groups alone.
    NetworkSecurityGroupEnabled,
    /// Routes alone.
    RouteTableEnabled,
}

/// Who else may place resources in a subnet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SharingScope {
    /// Other subscriptions of the tenant.
    Tenant,
    /// Services that the subnet is delegated to.
    DelegatedServices,
}

/// ARM has one field for a single range and another for several, and services answer with either.
pub(super) static ADDRESS_PREFIXES: Codec = Codec {
    name: "addressPrefix or addressPrefixes",
    encode: |value| match value {
        Value::List(ranges) => match ranges.as_slice() {
            [range] => Value::map([("addressPrefix", range.clone())]),
            _ => Value::map([("addressPrefixes", value.clone())]),
        },
        other => Value::map([("addressPrefix", other.clone())]),
    },
    decode: |body| match body.at(&["addressPrefixes"]) {
        Some(Value::List(ranges)) if !ranges.is_empty() => Some(Value::List(ranges.clone())),
        _ => body.at(&["addressPrefix"]).map(|range| Value::List(vec![range.clone()])),
    },
};

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let network = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16")));
    let filter = stack.add(NetworkSecurityGroup::new(name!("shop-apps-nsg"), group));
    let address = stack.add(PublicIpAddress::new(name!("shop-out"), group));
    let out = stack.add(NatGateway::new(name!("shop-nat"), group, address));
    let routes = stack.add(RouteTable::new(name!("shop-routes"), group));
    let subnet =
        Subnet::delegated_to(WebServerFarms, name!("apps"), network, cidr!("10.30.1.0/24"))
            .network_security_group(filter)
            .nat_gateway(out)
            .route_table(routes)
            .service_endpoint(
                ServiceEndpoint::new("Microsoft.Storage").location(Region::WestEurope),
            )
            .private_endpoint_policies(PrivateEndpointPolicies::Enabled)
            .private_link_service_policies(true)
            .sharing_scope(SharingScope::Tenant);
    stack.add(subnet).node()
}
