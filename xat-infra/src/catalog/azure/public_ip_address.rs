//! Public IP addresses: where something is reached from the internet.

use std::collections::BTreeMap;

use crate::azure::common::EDGE_ZONE;
use crate::azure::{Region, ResourceGroup};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Fact, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A public IP address. It is kept when what uses it is replaced.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/publicIPAddresses@2025-05-01",
    terraform = "azurerm_public_ip",
    label = "public IP address",
    check = limits,
    fact = Fact::Logs,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/publicipaddresses"
)]
#[output(address: Text, arm = "properties.ipAddress", tf = "ip_address", doc = "The address itself.")]
#[output(fqdn: Text, arm = "properties.dnsSettings.fqdn", tf = "fqdn",
    doc = "The host name, where the address has a DNS label.")]
pub struct PublicIpAddress {
    /// The address's name, unique in its group.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The price tier.
    #[prop(arm = "sku.name", tf = "sku", label = "tier", default = PublicIpSku::Standard,
        service = PublicIpSku::Basic, replace, danger = Downtime)]
    sku: PublicIpSku,
    /// Whether the address is announced from its region or from all regions, for load balancers across regions.
    #[prop(arm = "sku.tier", tf = "sku_tier", service = PublicIpReach::Regional, replace, danger = Downtime)]
    reach: Option<PublicIpReach>,
    /// Whether the address is fixed from the start or given out when something uses it.
    #[prop(arm = "properties.publicIPAllocationMethod", tf = "allocation_method",
        default = IpAllocation::Static, service = IpAllocation::Dynamic, danger = Downtime)]
    allocation: IpAllocation,
    /// Whether it is an address of version 4 or 6.
    #[prop(arm = "properties.publicIPAddressVersion", tf = "ip_version", label = "IP version",
        service = IpVersion::V4, replace, danger = Downtime)]
    version: Option<IpVersion>,
    /// After how many minutes an idle connection is dropped: 4 to 30.
    #[prop(
        arm = "properties.idleTimeoutInMinutes",
        tf = "idle_timeout_in_minutes",
        label = "idle timeout",
        unit = "minutes",
        service = 4
    )]
    idle_timeout_minutes: Option<u8>,
    /// The first part of its host name, unique in its region: 3 to 63 lower-case letters, digits and hyphens.
    #[prop(arm = "properties.dnsSettings.domainNameLabel", tf = "domain_name_label", label = "DNS label",
        canon = canons::CASE, danger = Downtime)]
    dns_label: Option<Text>,
    /// Who may take the same DNS label; with a scope, Azure adds a hash to the host name.
    #[prop(arm = "properties.dnsSettings.domainNameLabelScope", tf = "domain_name_label_scope",
        label = "DNS label scope", danger = Downtime)]
    dns_label_scope: Option<DnsLabelScope>,
    /// The host name that a reverse look-up of the address gives. It must lead to the address itself.
    #[prop(arm = "properties.dnsSettings.reverseFqdn", tf = "reverse_fqdn", label = "reverse host name",
        canon = canons::URL)]
    reverse_fqdn: Option<Text>,
    /// Whether the address is protected against floods as its network is, by itself, or not at all.
    #[prop(arm = "properties.ddosSettings.protectionMode", tf = "ddos_protection_mode", label = "DDoS protection",
        service = DdosProtection::Inherited, exposes = DdosProtection::Disabled, danger = Cost)]
    ddos_protection: Option<DdosProtection>,
    /// The DDoS protection plan that the address belongs to.
    #[prop(arm = "properties.ddosSettings.ddosProtectionPlan.id", tf = "ddos_protection_plan_id",
        label = "DDoS protection plan", danger = Cost)]
    ddos_plan: Option<AnyRef>,
    /// The prefix that the address is taken from.
    #[prop(arm = "properties.publicIPPrefix.id", tf = "public_ip_prefix_id", label = "prefix", replace,
        danger = Downtime)]
    prefix: Option<AnyRef>,
    /// Which address of the prefix it is; any that is free, unless said.
    #[prop(arm = "properties.ipAddress", replace, danger = Downtime)]
    address: Option<Text>,
    /// The zones of the region that it is kept in.
    #[prop(arm = "zones", tf = "zones", replace, danger = Downtime, each = "zone")]
    zones: Option<Set<Text>>,
    /// The edge zone that the address is in, where it is not in the region itself.
    #[prop(arm = "extendedLocation", tf = "edge_zone", codec = EDGE_ZONE, canon = canons::CASE, replace)]
    edge_zone: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// The price tier of a public IP address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PublicIpSku {
    /// Closed until a security group opens it.
    Standard,
    /// Spread over all zones of its region, for NAT gateways of the tier StandardV2 alone.
    StandardV2,
    /// Open from the start. It was retired on 30 September 2025: the service makes no new ones.
    Basic,
}

/// From where a public IP address is announced.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PublicIpReach {
    /// From its own region.
    Regional,
    /// From every region.
    Global,
}

/// When an IP address is given out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum IpAllocation {
    /// When it is made, for good.
    Static,
    /// When something uses it.
    Dynamic,
}

/// The version of an IP address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum IpVersion {
    /// Version 4.
    #[choice("IPv4")]
    V4,
    /// Version 6.
    #[choice("IPv6")]
    V6,
}

/// Who may take the same DNS label: the narrower the scope, the fewer can take over a name that was given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DnsLabelScope {
    /// Addresses of the same tenant.
    TenantReuse,
    /// Addresses of the same subscription.
    SubscriptionReuse,
    /// Addresses of the same resource group.
    ResourceGroupReuse,
    /// No other address.
    NoReuse,
}

/// How a public IP address is protected against floods.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DdosProtection {
    /// As the network of what uses it.
    #[choice("VirtualNetworkInherited")]
    Inherited,
    /// By itself.
    Enabled,
    /// Not at all.
    Disabled,
}

const TIERS: &str =
    "https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku";

fn limits(check: &mut CheckContext<'_>) {
    check.range(
        "idle_timeout_minutes",
        4..=30,
        "https://learn.microsoft.com/azure/virtual-network/ip-services/configure-public-ip-vm",
    );
    let word = |property| check.get(property).and_then(Value::as_str).map(str::to_owned);
    let is = |property, wanted| word(property).as_deref() == Some(wanted);
    let mut wrong: Vec<(&'static str, &str, String)> = Vec::new();
    if is("sku", "Basic") {
        wrong.push((
            "sku",
            "the tier Basic was retired on 30 September 2025, and no new addresses of it are made",
            format!("take the tier Standard, which is the default: {TIERS}"),
        ));
    } else if is("allocation", "Dynamic") {
        wrong.push((
            "allocation",
            "addresses of the tier Standard are always static",
            format!("leave the allocation out, or say `IpAllocation::Static`: {TIERS}"),
        ));
    }
    if is("reach", "Global") && !is("sku", "Standard") {
        wrong.push((
            "reach",
            "only addresses of the tier Standard can be global",
            format!("the provider's reference: {TIERS}"),
        ));
    }
    if check.get("ddos_plan").is_some() && !is("ddos_protection", "Enabled") {
        wrong.push((
            "ddos_plan",
            "a DDoS protection plan means nothing unless the address is protected by itself",
            "say `.ddos_protection(DdosProtection::Enabled)` too: \
             https://learn.microsoft.com/azure/ddos-protection/ddos-protection-sku-comparison"
                .to_owned(),
        ));
    }
    if let Some(label) = word("dns_label").filter(|label| !is_dns_label(label)) {
        wrong.push((
            "dns_label",
            "a DNS label has 3 to 63 lower-case letters, digits and hyphens, begins with a letter and does not end with \
             a hyphen",
            format!(
                "`{label}` is something else: \
                 https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#domain-name-label"
            ),
        ));
    }
    for (property, message, help) in wrong {
        check.report(property, message, help);
    }
}

fn is_dns_label(label: &str) -> bool {
    (3..=63).contains(&label.len())
        && label.starts_with(|c: char| c.is_ascii_lowercase())
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let shared = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared-rg/providers/\
                  Microsoft.Network";
    let address = PublicIpAddress::new(name!("shop-ip"), group)
        .reach(PublicIpReach::Regional)
        .version(IpVersion::V4)
        .idle_timeout_minutes(10)
        .dns_label("shop")
        .dns_label_scope(DnsLabelScope::TenantReuse)
        .reverse_fqdn("shop.example.com")
        .ddos_protection(DdosProtection::Enabled)
        .ddos_plan(AnyRef::existing(format!("{shared}/ddosProtectionPlans/shared-ddos")))
        .prefix(AnyRef::existing(format!("{shared}/publicIPPrefixes/shared-prefix")))
        .address("203.0.113.9")
        .zones(["1", "2", "3"])
        .tag("owner", "platform");
    stack.add(address).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn address() -> PublicIpAddress {
        PublicIpAddress::new(name!("ip"), Ref::existing("/subscriptions/s/resourceGroups/g"))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(address().dns_label("shop-1").idle_timeout_minutes(30)), [""; 0]);
        assert_eq!(refused(address().sku(PublicIpSku::Basic)), ["sku"]);
        assert_eq!(refused(address().allocation(IpAllocation::Dynamic)), ["allocation"]);
        assert_eq!(refused(address().idle_timeout_minutes(31)), ["idle_timeout_minutes"]);
        let global = address().reach(PublicIpReach::Global);
        assert_eq!(refused(global), [""; 0]);
        let global = address().reach(PublicIpReach::Global).sku(PublicIpSku::StandardV2);
        assert_eq!(refused(global), ["reach"]);
        let plan = || AnyRef::existing("/subscriptions/s/plan");
        assert_eq!(refused(address().ddos_plan(plan())), ["ddos_plan"]);
        let protected = address().ddos_plan(plan()).ddos_protection(DdosProtection::Enabled);
        assert_eq!(refused(protected), [""; 0]);
        for bad in ["ab", "1shop", "shop-", "Shop", "sh.op"] {
            assert_eq!(refused(address().dns_label(bad)), ["dns_label"], "{bad}");
        }
    }
}
