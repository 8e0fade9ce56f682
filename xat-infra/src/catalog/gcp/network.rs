//! VPC networks.

use crate::dsl::{Meta, Name, Stack};
use crate::gcp::PROVIDER;
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A VPC network, without subnets of its own making: a network that makes one in every region cannot be peered with
/// another of its kind, since their ranges are the same.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "compute.googleapis.com/Network@v1",
    id = "//compute.googleapis.com/projects/{gcp.project}/global/networks/{name}",
    terraform = "google_compute_network",
    scope = Root,
    check = limits,
    source = "https://cloud.google.com/compute/docs/reference/rest/v1/networks"
)]
#[output(self_link: Text, rest = "selfLink", tf = "self_link",
    made = "https://www.googleapis.com/compute/v1/projects/{gcp.project}/global/networks/{name}",
    doc = "Its URL, by which some services name it.")]
pub struct Network {
    /// The network's name, unique in its project.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/compute/docs/naming-resources#resource-name-format"
    )]
    name: Name<Self>,
    /// What it is for.
    #[prop(rest = "description", tf = "description", replace, danger = Cosmetic)]
    description: Option<Text>,
    /// Whether it makes a subnet in every region by itself.
    #[prop(
        rest = "autoCreateSubnetworks",
        tf = "auto_create_subnetworks",
        replace,
        default = false
    )]
    auto_create_subnetworks: bool,
    /// Whether routers announce the subnets of all regions or of their own.
    #[prop(rest = "routingConfig.routingMode", tf = "routing_mode", service = RoutingMode::Regional)]
    routing_mode: Option<RoutingMode>,
    /// The largest packet in bytes: 1300 to 8896.
    #[prop(rest = "mtu", tf = "mtu", service = 1460u16, unit = "bytes", danger = Downtime)]
    mtu: Option<u16>,
    /// Whether machines in it may have private IPv6 addresses.
    #[prop(rest = "enableUlaInternalIpv6", tf = "enable_ula_internal_ipv6", service = false)]
    enable_ula_internal_ipv6: Option<bool>,
    /// The private IPv6 range, a /48 of `fd20::/20`; Google picks one unless it is said.
    #[prop(rest = "internalIpv6Range", tf = "internal_ipv6_range", replace)]
    internal_ipv6_range: Option<Text>,
    /// Whether firewall policies are asked before or behind the network's own rules.
    #[prop(rest = "networkFirewallPolicyEnforcementOrder", tf = "network_firewall_policy_enforcement_order",
        service = FirewallOrder::AfterClassicFirewall)]
    firewall_policy_order: Option<FirewallOrder>,
    /// A profile that makes it a network of a special kind (`projects/P/global/networkProfiles/..`).
    #[prop(rest = "networkProfile", tf = "network_profile", replace, canon = super::references::REFERENCE)]
    network_profile: Option<Text>,
    meta: Meta,
}

/// How far routers announce subnets.
#[derive(Clone, Copy, Choice)]
pub enum RoutingMode {
    /// Those of the router's own region.
    #[choice("REGIONAL")]
    Regional,
    /// Those of all regions.
    #[choice("GLOBAL")]
    Global,
}

/// When firewall policies are asked.
#[derive(Clone, Copy, Choice)]
pub enum FirewallOrder {
    /// Behind the network's own rules.
    #[choice("AFTER_CLASSIC_FIREWALL")]
    AfterClassicFirewall,
    /// Before them.
    #[choice("BEFORE_CLASSIC_FIREWALL")]
    BeforeClassicFirewall,
}

fn limits(check: &mut CheckContext<'_>) {
    check.range("mtu", 1300..=8896, "https://cloud.google.com/vpc/docs/mtu");
    let range = check.text("internal_ipv6_range").map(str::to_owned);
    if range.is_some() && !matches!(check.get("enable_ula_internal_ipv6"), Some(Value::Bool(true)))
    {
        check.report(
            "internal_ipv6_range",
            "a network without private IPv6 has no range for it",
            "also say `.enable_ula_internal_ipv6(true)`: https://cloud.google.com/vpc/docs/subnets#ipv6-ranges",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = Network::new(name!("shop"))
        .description("Everything private")
        .routing_mode(RoutingMode::Global)
        .mtu(1500)
        .enable_ula_internal_ipv6(true)
        .internal_ipv6_range("fd20:0:1::/48")
        .firewall_policy_order(FirewallOrder::BeforeClassicFirewall)
        .network_profile(crate::text!(
            "projects/{}/global/networkProfiles/europe-west1-b-vpc-roce",
            crate::gcp::GoogleScope::project_id(stack)
        ));
    stack.add(network).node()
}
