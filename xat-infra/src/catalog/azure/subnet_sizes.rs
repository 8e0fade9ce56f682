//! How large a subnet must be: Azure's own bounds, and those of the services that subnets are handed to.

use crate::azure::SubnetDelegation;
use crate::dsl::Cidr;
use crate::schema::{CheckContext, PropertyType};
use crate::value::Value;

/// The prefixes that a service takes, from the longest to the shortest, and where it says so.
struct Size {
    service: &'static str,
    smallest: u8,
    largest: u8,
    source: &'static str,
}

const SIZES: &[Size] = &[
    Size {
        service: "Microsoft.Web/serverFarms",
        smallest: 28,
        largest: 0,
        source: "https://learn.microsoft.com/azure/app-service/overview-vnet-integration#subnet-requirements",
    },
    Size {
        service: "Microsoft.DBforPostgreSQL/flexibleServers",
        smallest: 28,
        largest: 0,
        source: "https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private",
    },
    // With the older kind of environment it is a /23, which is never handed over.
    Size {
        service: "Microsoft.App/environments",
        smallest: 27,
        largest: 0,
        source: "https://learn.microsoft.com/azure/container-apps/custom-virtual-networks",
    },
    Size {
        service: "Microsoft.Network/dnsResolvers",
        smallest: 28,
        largest: 24,
        source: "https://learn.microsoft.com/azure/dns/dns-private-resolver-overview#subnet-restrictions",
    },
];

/// Gateways of all kinds that are still made; see the FAQ on the size of the gateway subnet.
const GATEWAYS: Size = Size {
    service: "gateways",
    smallest: 27,
    largest: 0,
    source: "https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub",
};

const NETWORKS: &str = "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq#how-small-and-how-large-can-virtual-networks-and-subnets-be";

pub(super) fn limits(check: &mut CheckContext<'_>) {
    let Some(Value::List(ranges)) = check.get("range") else { return };
    let ranges: Vec<Cidr> =
        ranges.iter().filter_map(|range| range.as_str()?.parse().ok()).collect();
    let named = check.get("name").and_then(Value::as_str);
    let gateways = named.is_some_and(|name| name.eq_ignore_ascii_case("GatewaySubnet"));
    let services = services(check);
    let size = SIZES
        .iter()
        .find(|size| services.iter().any(|service| service.eq_ignore_ascii_case(size.service)))
        .or(gateways.then_some(&GATEWAYS));
    for range in ranges {
        if let Some((message, source)) = problem(range, size) {
            check.report("range", message, format!("the provider's reference: {source}"));
        }
    }
    if gateways && check.get("network_security_group").is_some() {
        check.report(
            "network_security_group",
            "the gateway subnet takes no security group: behind one, gateways may stop working",
            format!("leave it out: {}", GATEWAYS.source),
        );
    }
}

/// The services that the subnet is handed to.
fn services(check: &CheckContext<'_>) -> Vec<String> {
    let Some(Value::List(delegations)) = check.get("delegations") else { return Vec::new() };
    let props = SubnetDelegation::KIND.block().map_or(&[][..], |block| block.props);
    let service = |delegation: &Value| {
        Some(delegation.as_block()?.named(props, "service")?.as_str()?.to_owned())
    };
    delegations.iter().filter_map(service).collect()
}

/// What is wrong with a range's size, and where the provider says so.
fn problem(range: Cidr, size: Option<&Size>) -> Option<(String, &'static str)> {
    let bits = range.prefix();
    if range.is_v6() {
        return (bits != 64).then(|| {
            (format!("a subnet's range of version 6 is a /64, and `{range}` is not"), NETWORKS)
        });
    }
    if !(2..=29).contains(&bits) {
        let message =
            format!("a subnet is a /29 at the smallest and a /2 at the largest, not a /{bits}");
        return Some((message, NETWORKS));
    }
    let size = size?;
    if bits > size.smallest {
        let message = format!(
            "a subnet for {} is a /{} at the smallest, not a /{bits}",
            size.service, size.smallest
        );
        return Some((message, size.source));
    }
    (bits < size.largest).then(|| {
        let message = format!(
            "a subnet for {} is a /{} at the largest, not a /{bits}",
            size.service, size.largest
        );
        (message, size.source)
    })
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::azure::{
        ContainerEnvironments, DelegatedService, DnsResolvers, NetworkSecurityGroup,
        PostgresFlexibleServers, Subnet, WebServerFarms,
    };
    use crate::dsl::{Cidr, Ref};
    use crate::{cidr, name};

    fn network() -> Ref<crate::azure::VirtualNetwork> {
        Ref::existing("/subscriptions/s/network")
    }

    fn delegated<D: DelegatedService>(to: D, range: Cidr) -> Vec<&'static str> {
        refused(Subnet::delegated_to(to, name!("sub"), network(), range))
    }

    #[test]
    fn services_take_subnets_of_some_sizes() {
        let (small, large) = (cidr!("10.0.0.0/28"), cidr!("10.0.0.0/29"));
        assert_eq!(delegated(WebServerFarms, small), [""; 0]);
        assert_eq!(delegated(WebServerFarms, large), ["range"]);
        assert_eq!(delegated(PostgresFlexibleServers, small), [""; 0]);
        assert_eq!(delegated(PostgresFlexibleServers, large), ["range"]);
        assert_eq!(delegated(ContainerEnvironments, cidr!("10.0.0.0/27")), [""; 0]);
        assert_eq!(delegated(ContainerEnvironments, small), ["range"]);
        assert_eq!(delegated(DnsResolvers, small), [""; 0]);
        assert_eq!(delegated(DnsResolvers, cidr!("10.0.0.0/24")), [""; 0]);
        assert_eq!(delegated(DnsResolvers, large), ["range"]);
        assert_eq!(delegated(DnsResolvers, cidr!("10.0.0.0/23")), ["range"]);
    }

    #[test]
    fn every_subnet_keeps_to_the_bounds_of_the_network() {
        let plain = |range: Cidr| refused(Subnet::new(name!("sub"), network(), range));
        assert_eq!(plain(cidr!("10.0.0.0/29")), [""; 0]);
        assert_eq!(plain(cidr!("10.0.0.0/30")), ["range"]);
        assert_eq!(plain(cidr!("0.0.0.0/1")), ["range"]);
        assert_eq!(plain("fd00::/64".parse().unwrap()), [""; 0]);
        assert_eq!(plain("fd00::/56".parse().unwrap()), ["range"]);
    }

    #[test]
    fn gateways_need_room_and_no_security_group() {
        assert_eq!(refused(Subnet::gateways(network(), cidr!("10.0.0.0/27"))), [""; 0]);
        assert_eq!(refused(Subnet::gateways(network(), cidr!("10.0.0.0/28"))), ["range"]);
        // The name is what makes it one, however it was made.
        let by_name = Subnet::new(name!("GatewaySubnet"), network(), cidr!("10.0.0.0/28"));
        assert_eq!(refused(by_name), ["range"]);
        let filter = Ref::<NetworkSecurityGroup>::existing("/subscriptions/s/nsg");
        let filtered =
            Subnet::gateways(network(), cidr!("10.0.0.0/27")).network_security_group(filter);
        assert_eq!(refused(filtered), ["network_security_group"]);
    }
}
