//! NAT gateways: one or a few addresses from which whole subnets reach the internet.

use std::collections::BTreeMap;

use crate::azure::{PublicIpAddress, Region, ResourceGroup};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::codecs::ID_OBJECTS;
use crate::schema::{CheckContext, Saying, Set};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A NAT gateway. Subnets that name it reach the internet from its addresses; nobody reaches them through it.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/natGateways@2025-05-01",
    terraform = "azurerm_nat_gateway",
    label = "NAT gateway",
    private_new,
    import = say,
    tf_part(
        key = "ip",
        resource = "azurerm_nat_gateway_public_ip_association",
        link = "nat_gateway_id",
        each,
        import = "{id}|{element}"
    ),
    tf_part(
        key = "prefix",
        resource = "azurerm_nat_gateway_public_ip_prefix_association",
        link = "nat_gateway_id",
        each,
        import = "{id}|{element}"
    ),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/natgateways"
)]
#[output(guid: Text, arm = "properties.resourceGuid", tf = "resource_guid",
    doc = "The GUID that Azure itself knows the gateway by.")]
pub struct NatGateway {
    /// The gateway's name, unique in its group.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region, which must be the subnets'; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The price tier.
    #[prop(arm = "sku.name", tf = "sku_name", label = "tier", default = NatGatewaySku::Standard, replace,
        danger = Downtime)]
    sku: NatGatewaySku,
    /// The addresses from which the subnets are seen. Connections from an address that is taken away are cut.
    #[prop(arm = "properties.publicIpAddresses", tf = "ip:public_ip_address_id", codec = ID_OBJECTS,
        label = "public IP addresses", danger = Downtime, each = "public_ip")]
    public_ips: Option<Set<Ref<PublicIpAddress>>>,
    /// Whole prefixes of addresses from which the subnets are seen.
    #[prop(arm = "properties.publicIpPrefixes", tf = "prefix:public_ip_prefix_id", codec = ID_OBJECTS,
        label = "public IP prefixes", danger = Downtime, each = "public_ip_prefix")]
    public_ip_prefixes: Option<Set<AnyRef>>,
    /// After how many minutes an idle connection is dropped: 4 to 120.
    #[prop(
        arm = "properties.idleTimeoutInMinutes",
        tf = "idle_timeout_in_minutes",
        label = "idle timeout",
        unit = "minutes",
        service = 4
    )]
    idle_timeout_minutes: Option<u8>,
    /// The zone that the gateway is in, for the tier Standard; StandardV2 is in all of them by itself.
    #[prop(arm = "zones", tf = "zones", replace, danger = Downtime, each = "zone")]
    zones: Option<Set<Text>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl NatGateway {
    /// A gateway with an address. [`public_ip`](Self::public_ip) adds more: each gives 64,512 connections to one target.
    #[track_caller]
    #[must_use]
    pub fn new(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        address: impl Into<Ref<PublicIpAddress>>,
    ) -> Self {
        Self::declare_new(name, group).public_ip(address)
    }

    /// A gateway with the addresses of a whole prefix.
    #[track_caller]
    #[must_use]
    pub fn with_prefix(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        prefix: impl Into<AnyRef>,
    ) -> Self {
        Self::declare_new(name, group).public_ip_prefix(prefix)
    }
}

/// The first address, or the first prefix where there is none, is the constructor's.
fn say(gateway: &mut Saying<'_>) {
    for (constructor, property, call) in [
        ("NatGateway::new", "public_ips", "public_ip"),
        ("NatGateway::with_prefix", "public_ip_prefixes", "public_ip_prefix"),
    ] {
        if gateway.construct_with_first(constructor, &["name", "group"], property, call) {
            return;
        }
    }
}

/// The price tier of a NAT gateway. Addresses must be of the same tier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NatGatewaySku {
    /// In one zone.
    Standard,
    /// Spread over all zones of its region.
    StandardV2,
}

fn limits(check: &mut CheckContext<'_>) {
    const RESOURCE: &str = "https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource";
    check.range("idle_timeout_minutes", 4..=120, RESOURCE);
    let count = |property| match check.get(property) {
        Some(Value::List(items)) => items.len(),
        _ => 0,
    };
    let (addresses, zones) = (count("public_ips"), count("zones"));
    let zonal = check.get("sku").and_then(Value::as_str) != Some("StandardV2");
    if addresses > 16 {
        check.report(
            "public_ips",
            format!("a NAT gateway has 16 addresses at most, not {addresses}"),
            format!("give some subnets a gateway of their own: {RESOURCE}"),
        );
    }
    if zones > usize::from(zonal) {
        let most = if zonal { "one zone at most" } else { "no zones of its own: it is in all" };
        check.report(
            "zones",
            format!("a NAT gateway of this tier has {most}"),
            "the provider's reference: \
             https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let first = stack.add(PublicIpAddress::new(name!("shop-out-1"), group).zone("1"));
    let second = stack.add(PublicIpAddress::new(name!("shop-out-2"), group).zone("1"));
    let prefix = AnyRef::existing(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared-rg/providers/\
         Microsoft.Network/publicIPPrefixes/shared-prefix",
    );
    stack.add(NatGateway::with_prefix(name!("shop-batch-nat"), group, prefix.clone()));
    let gateway = NatGateway::new(name!("shop-nat"), group, first)
        .public_ip(second)
        .public_ip_prefix(prefix)
        .idle_timeout_minutes(10)
        .zone("1")
        .tag("owner", "platform");
    stack.add(gateway).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn gateway() -> NatGateway {
        let group = Ref::existing("/subscriptions/s/resourceGroups/g");
        NatGateway::new(name!("nat"), group, Ref::existing("/subscriptions/s/ip"))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(gateway().idle_timeout_minutes(120).zone("1")), [""; 0]);
        assert_eq!(refused(gateway().idle_timeout_minutes(3)), ["idle_timeout_minutes"]);
        assert_eq!(refused(gateway().zones(["1", "2"])), ["zones"]);
        assert_eq!(refused(gateway().sku(NatGatewaySku::StandardV2).zone("1")), ["zones"]);
        let many = |count: usize| {
            let ips = (0..count).map(|i| Ref::existing(format!("/subscriptions/s/ip{i}")));
            gateway().public_ips(ips.collect::<Vec<Ref<PublicIpAddress>>>())
        };
        assert_eq!(refused(many(16)), [""; 0]);
        assert_eq!(refused(many(17)), ["public_ips"]);
    }
}
