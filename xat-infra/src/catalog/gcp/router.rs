//! Cloud Routers, and the address translation (Cloud NAT) that they bring: what has no public address reaches the internet by it.

use super::references::REFERENCE;
use super::subnetwork::REGION;
use super::verbs::NAMED;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{Location, Network, PROVIDER, Subnetwork};
use crate::schema::{CheckContext, DeclaredBlock, Set, canons};
use crate::value::{NodeRef, Text};
use crate::{Block, Choice, Resource, cidr, name};

/// The page of Cloud NAT.
const NAT: &str = "https://cloud.google.com/nat/docs/overview";

/// A Cloud Router: routes of a region of a network, and address translation for what is in it. Nobody on the internet reaches
/// anything by it.
///
/// ```
/// use xat_infra::gcp::prelude::*;
/// # fn stack(stack: &mut Stack, network: Handle<Network>) {
/// let router = Router::new(name!("shop"), network).nat(RouterNat::new("shop-out"));
/// stack.add(router);
/// # }
/// ```
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "compute.googleapis.com/Router@v1",
    id = "//compute.googleapis.com/projects/{gcp.project}/regions/{region}/routers/{name}",
    terraform = "google_compute_router",
    scope = Root,
    tf_part(
        key = "nat",
        resource = "google_compute_router_nat",
        link = "router:name",
        each,
        shares = "region",
        import = "{id}/{element}"
    ),
    verbs = NAMED,
    check = limits,
    source = "https://cloud.google.com/compute/docs/reference/rest/v1/routers"
)]
#[output(self_link: Text, rest = "selfLink", tf = "self_link",
    made = "https://www.googleapis.com/compute/v1/projects/{gcp.project}/regions/{region}/routers/{name}",
    doc = "Its URL, by which some services name it.")]
pub struct Router {
    /// The router's name, unique in its project and region.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/compute/docs/naming-resources#resource-name-format"
    )]
    name: Name<Self>,
    /// The network.
    #[prop(rest = "network", tf = "network", replace, danger = Downtime)]
    network: Ref<Network>,
    /// The region.
    #[prop(rest = "region", tf = "region", codec = REGION, canon = canons::LAST_SEGMENT,
        parameter = "gcp.region", replace)]
    region: Option<Location>,
    /// What it is for, for people.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// What translates the addresses of those inside.
    #[prop(rest = "nats", tf = "nat:nat", key = "name", label = "NAT", each = "nat", danger = Downtime)]
    nats: Option<Vec<RouterNat>>,
    meta: Meta,
}

/// A translation of addresses: everything in the router's region of the network goes out by it, unless it says what.
#[derive(Clone, Block)]
pub struct RouterNat {
    /// Its name, unique on its router.
    #[prop(rest = "name", tf = "name")]
    name: Text,
    /// What goes out by it.
    #[prop(rest = "sourceSubnetworkIpRangesToNat", tf = "source_subnetwork_ip_ranges_to_nat",
        default = NatRanges::All, danger = Downtime)]
    ranges: NatRanges,
    /// The subnets that go out by it, where not all do.
    #[prop(rest = "subnetworks", tf = "subnetwork", each = "subnet", danger = Downtime)]
    subnets: Option<Set<NatSubnet>>,
    /// Who chooses the addresses from which it goes out.
    #[prop(rest = "natIpAllocateOption", tf = "nat_ip_allocate_option", default = NatAllocation::Auto, danger = Downtime)]
    allocation: NatAllocation,
    /// The addresses, by name or URL, where the stack chooses them.
    #[prop(rest = "natIps", tf = "nat_ips", canon = REFERENCE, each = "address", danger = Downtime)]
    addresses: Option<Set<Text>>,
    /// How many ports each machine has at least: 64, or 32 where they are given out by need.
    #[prop(rest = "minPortsPerVm", tf = "min_ports_per_vm", danger = Downtime)]
    least_ports: Option<u32>,
    /// How many ports each machine has at most, where they are given out by need.
    #[prop(rest = "maxPortsPerVm", tf = "max_ports_per_vm", danger = Downtime)]
    most_ports: Option<u32>,
    /// Whether ports are given out by need.
    #[prop(rest = "enableDynamicPortAllocation", tf = "enable_dynamic_port_allocation", service = false, danger = Downtime)]
    dynamic_ports: Option<bool>,
    /// Whether one port inside has one port outside, whoever it speaks with.
    #[prop(rest = "enableEndpointIndependentMapping", tf = "enable_endpoint_independent_mapping", service = false,
        danger = Downtime)]
    independent_mapping: Option<bool>,
    /// What it writes into the log.
    #[prop(rest = "logConfig", tf = "log_config")]
    log: Option<NatLog>,
}

/// What goes out by an address translation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NatRanges {
    /// Everything in the region.
    #[choice("ALL_SUBNETWORKS_ALL_IP_RANGES")]
    All,
    /// The own range of every subnet, and no others that it has.
    #[choice("ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES")]
    Primary,
    /// The subnets that are named.
    #[choice("LIST_OF_SUBNETWORKS")]
    Named,
}

/// Who chooses addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NatAllocation {
    /// Google, as many as are needed.
    #[choice("AUTO_ONLY")]
    Auto,
    /// The stack: others can be told them in advance.
    #[choice("MANUAL_ONLY")]
    Manual,
}

/// A subnet that goes out by an address translation.
#[derive(Clone, Block)]
pub struct NatSubnet {
    /// The subnet.
    #[prop(rest = "name", tf = "name")]
    subnet: Ref<Subnetwork>,
    /// Which of its ranges.
    #[prop(rest = "sourceIpRangesToNat", tf = "source_ip_ranges_to_nat")]
    ranges: Set<NatSubnetRanges>,
}

/// Ranges of a subnet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NatSubnetRanges {
    /// All.
    #[choice("ALL_IP_RANGES")]
    All,
    /// Its own.
    #[choice("PRIMARY_IP_RANGE")]
    Primary,
}

/// What an address translation writes into the log.
#[derive(Clone, Block)]
pub struct NatLog {
    /// Whether it writes.
    #[prop(rest = "enable", tf = "enable", default = true, service = false)]
    enabled: bool,
    /// What.
    #[prop(rest = "filter", tf = "filter", default = NatLogged::Errors, service = NatLogged::All)]
    filter: NatLogged,
}

/// What of an address translation stands in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NatLogged {
    /// What could not go out.
    #[choice("ERRORS_ONLY")]
    Errors,
    /// What went out.
    #[choice("TRANSLATIONS_ONLY")]
    Translations,
    /// Both.
    #[choice("ALL")]
    All,
}

fn limits(check: &mut CheckContext<'_>) {
    let mut found: Vec<String> = Vec::new();
    for nat in check.blocks("nats") {
        let name = nat.text("name").unwrap_or_default();
        found.extend(refused(&nat).into_iter().map(|why| format!("`{name}`: {why}")));
    }
    for message in found {
        check.report("nats", message, format!("what goes together: {NAT}"));
    }
}

/// What one translation says against itself.
fn refused(nat: &DeclaredBlock<'_>) -> Vec<&'static str> {
    let said = |property| nat.get(property).is_some();
    let is = |property, wanted: &str| nat.text(property) == Some(wanted);
    let on = |property| matches!(nat.get(property), Some(crate::value::Value::Bool(true)));
    let mut found = Vec::new();
    match (is("ranges", NatRanges::Named.word()), said("subnets")) {
        (true, false) => found.push("no subnet is named"),
        (false, true) => found.push("subnets are named, and all go out by it"),
        _ => {}
    }
    match (is("allocation", NatAllocation::Manual.word()), said("addresses")) {
        (true, false) => found.push("nobody chooses its addresses"),
        (false, true) => found.push("addresses are named, and Google chooses them"),
        _ => {}
    }
    if on("dynamic_ports") && on("independent_mapping") {
        found.push("ports that are given out by need cannot be the same for everybody");
    }
    if said("most_ports") && !on("dynamic_ports") {
        found.push("only ports that are given out by need have a most");
    }
    let power = |n: i64| n >= 32 && n.count_ones() == 1;
    let ports = ["least_ports", "most_ports"].map(|property| nat.int(property));
    if on("dynamic_ports") && ports.into_iter().flatten().any(|n| !power(n)) {
        found.push("numbers of ports are powers of two from 32 on");
    }
    found
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")));
    let subnet = stack.add(Subnetwork::new(name!("jobs"), network, cidr!("10.8.2.0/24")));
    let all = RouterNat::new("shop-out")
        .ranges(NatRanges::Primary)
        .allocation(NatAllocation::Auto)
        .least_ports(64)
        .independent_mapping(true)
        .log(NatLog::new().filter(NatLogged::All));
    let jobs = RouterNat::new("jobs-out")
        .ranges(NatRanges::Named)
        .subnet(NatSubnet::new(subnet, [NatSubnetRanges::Primary]))
        .allocation(NatAllocation::Manual)
        .address(crate::text!(
            "projects/{}/regions/europe-west4/addresses/jobs-out",
            crate::gcp::GoogleScope::project_id(stack)
        ))
        .dynamic_ports(true)
        .least_ports(32)
        .most_ports(1024);
    let router = Router::new(name!("shop"), network)
        .region(Location::EUROPE_WEST4)
        .description("The way out")
        .nat(all)
        .nat(jobs);
    stack.add(router).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::gcp::prelude::*;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let with = |nat| {
            let network = Ref::<Network>::existing("projects/p/global/networks/n");
            refused(Router::new(name!("shop"), network).nat(nat))
        };
        let nat = || RouterNat::new("out");
        assert_eq!(with(nat()), [""; 0]);
        assert_eq!(with(nat().allocation(NatAllocation::Manual)), ["nats"]);
        assert_eq!(with(nat().address("projects/p/regions/r/addresses/a")), ["nats"]);
        let named =
            nat().allocation(NatAllocation::Manual).address("projects/p/regions/r/addresses/a");
        assert_eq!(with(named), [""; 0]);
        assert_eq!(with(nat().ranges(NatRanges::Named)), ["nats"]);
        assert_eq!(with(nat().most_ports(64)), ["nats"]);
        assert_eq!(with(nat().dynamic_ports(true).most_ports(64)), [""; 0]);
        assert_eq!(with(nat().dynamic_ports(true).least_ports(48)), ["nats"]);
        assert_eq!(with(nat().dynamic_ports(true).independent_mapping(true)), ["nats"]);
    }
}
