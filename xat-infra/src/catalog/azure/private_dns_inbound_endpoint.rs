//! Inbound endpoints of private DNS resolvers: the address that is asked.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::azure::{
    DnsResolvers, IpAllocation, PrivateDnsResolver, Region, ResourceGroup, Subnet, VirtualNetwork,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, PropertyType, Saying};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Resource, cidr, name};

/// An inbound endpoint of a private DNS resolver: an address in a subnet of the network that answers from its private
/// zones whoever can reach it, such as VPN clients.
///
/// VPN clients take the DNS servers of the gateway's network. A network that names the endpoint's output as its DNS
/// server would wait for the endpoint, and the endpoint for the network: give the endpoint a fixed address, and name that.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let mut stack = Stack::new("demo");
/// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
/// let asked = "10.30.5.4";
/// let net = VirtualNetwork::new(name!("demo-net"), group, cidr!("10.30.0.0/16")).dns_server(asked);
/// let net = stack.add(net);
/// let names = Subnet::delegated_to(DnsResolvers, name!("names"), net, cidr!("10.30.5.0/28"));
/// let names = stack.add(names);
/// let resolver = stack.add(PrivateDnsResolver::new(name!("demo-dns"), group, net));
/// stack.add(PrivateDnsInboundEndpoint::at(name!("vpn"), resolver, names, asked));
/// ```
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/dnsResolvers/inboundEndpoints@2025-05-01",
    terraform = "azurerm_private_dns_resolver_inbound_endpoint",
    scope = Child,
    label = "DNS inbound endpoint",
    private_new,
    import = say,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/dnsresolvers/inboundendpoints"
)]
#[output(address: Text, arm = "properties.ipConfigurations.0.privateIpAddress",
    tf = "ip_configurations.0.private_ip_address", doc = "The address that is asked.")]
pub struct PrivateDnsInboundEndpoint {
    /// The endpoint's name, unique in its resolver.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The resolver.
    #[prop(tf = "private_dns_resolver_id", parent)]
    resolver: Ref<PrivateDnsResolver>,
    /// The region; the resolver's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The address that is asked: there is one.
    #[prop(
        arm = "properties.ipConfigurations",
        tf = "ip_configurations",
        label = "address",
        replace,
        danger = Downtime,
        no_setter
    )]
    addresses: Vec<InboundAddress>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl PrivateDnsInboundEndpoint {
    /// An endpoint whose address Azure picks in a subnet that is handed to DNS resolvers.
    #[track_caller]
    #[must_use]
    pub fn new(
        name: Name<Self>,
        resolver: impl Into<Ref<PrivateDnsResolver>>,
        subnet: impl Into<Ref<Subnet<DnsResolvers>>>,
    ) -> Self {
        Self::with_address(name, resolver, InboundAddress::new(subnet))
    }

    /// An endpoint with a fixed address of the subnet, of which Azure keeps the first four and the last for itself.
    #[track_caller]
    #[must_use]
    pub fn at(
        name: Name<Self>,
        resolver: impl Into<Ref<PrivateDnsResolver>>,
        subnet: impl Into<Ref<Subnet<DnsResolvers>>>,
        address: impl Into<Text>,
    ) -> Self {
        Self::with_address(name, resolver, InboundAddress::new(subnet).fixed(address))
    }

    /// An endpoint with an address that is written out.
    #[track_caller]
    #[must_use]
    pub fn with_address(
        name: Name<Self>,
        resolver: impl Into<Ref<PrivateDnsResolver>>,
        address: InboundAddress,
    ) -> Self {
        Self::declare_new(name, resolver, vec![address])
    }
}

/// The address of an inbound endpoint.
#[derive(Clone, Block)]
#[block(import = say_address)]
pub struct InboundAddress {
    /// The subnet that it is in.
    #[prop(arm = "subnet.id", tf = "subnet_id", replace, danger = Downtime)]
    subnet: Ref<Subnet<DnsResolvers>>,
    /// Whether it is fixed or given out.
    #[prop(arm = "privateIpAllocationMethod", tf = "private_ip_allocation_method",
        default = IpAllocation::Dynamic, service = IpAllocation::Dynamic, replace, danger = Downtime, no_setter)]
    allocation: IpAllocation,
    /// The fixed address.
    #[prop(arm = "privateIpAddress", tf = "private_ip_address", replace, danger = Downtime, no_setter)]
    address: Option<Text>,
}

impl InboundAddress {
    /// The same, fixed to this address of the subnet.
    #[must_use]
    pub fn fixed(mut self, address: impl Into<Text>) -> Self {
        self.allocation = IpAllocation::Static;
        self.address = Some(address.into());
        self
    }
}

fn say(endpoint: &mut Saying<'_>) {
    let base = ["name", "resolver"].map(|property| endpoint.expression(property));
    if let ([Some(name), Some(resolver)], Some([address])) =
        (base, endpoint.each("addresses").as_deref())
    {
        let type_and_name = "PrivateDnsInboundEndpoint::with_address";
        let head = format!("{type_and_name}({name}, {resolver}, {address})");
        endpoint.construct_as(head, &["name", "resolver", "addresses"]);
    }
}

/// An address that is not fixed was given out by the service.
fn say_address(address: &mut Saying<'_>) {
    address.construct("InboundAddress::new", &["subnet"]);
    match address.expression("address") {
        Some(fixed) if address.reads("allocation", "Static") => {
            address.call(format!(".fixed({fixed})"), &["allocation", "address"]);
        }
        _ => address.settle(&["address"]),
    }
}

fn limits(check: &mut CheckContext<'_>) {
    let Some(Value::List(addresses)) = check.get("addresses") else { return };
    let props = InboundAddress::KIND.block().map_or(&[][..], |block| block.props);
    let fixed = addresses.iter().filter_map(|address| address.as_block()?.named(props, "address"));
    let wrong: Vec<String> = fixed
        .filter_map(Value::as_str)
        .filter(|address| address.parse::<Ipv4Addr>().is_err())
        .map(str::to_owned)
        .collect();
    for address in wrong {
        check.report(
            "addresses",
            format!("`{address}` is no address of version 4"),
            "name an address of the subnet, such as `10.30.5.4`: \
             https://learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let asked = "10.30.5.4";
    let network = VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16"));
    let network = stack.add(network.dns_server(asked));
    let names = Subnet::delegated_to(DnsResolvers, name!("names"), network, cidr!("10.30.5.0/28"));
    let names = stack.add(names);
    let resolver = stack.add(PrivateDnsResolver::new(name!("shop-dns"), group, network));
    stack.add(PrivateDnsInboundEndpoint::new(name!("offices"), resolver, names));
    let endpoint = PrivateDnsInboundEndpoint::at(name!("vpn"), resolver, names, asked)
        .tag("owner", "platform");
    stack.add(endpoint).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{refused, said};

    #[test]
    fn a_fixed_address_is_an_address() {
        let at = |address: &'static str| {
            let resolver = Ref::existing("/subscriptions/s/resolver");
            let subnet = Ref::existing("/subscriptions/s/subnet");
            refused(PrivateDnsInboundEndpoint::at(name!("vpn"), resolver, subnet, address))
        };
        assert_eq!(at("10.30.5.4"), [""; 0]);
        assert_eq!(at("10.30.5.0/28"), ["addresses"]);
    }

    #[test]
    fn an_import_leaves_out_what_the_service_gave() {
        let given = InboundAddress::new(Ref::existing("/subscriptions/s/subnet"));
        let plain = r#"InboundAddress::new(Ref::existing("/subscriptions/s/subnet"))"#;
        assert_eq!(said(given.clone()).as_deref(), Some(plain));
        let fixed = format!("{plain}.fixed(\"10.30.5.4\")");
        assert_eq!(said(given.fixed("10.30.5.4")).as_deref(), Some(&*fixed));
    }
}
