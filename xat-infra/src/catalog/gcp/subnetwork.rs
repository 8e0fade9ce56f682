//! Subnets of VPC networks.

use super::verbs::NAMED;
use crate::dsl::{Cidr, Meta, Name, Ref, Stack};
use crate::gcp::{Location, Network, PROVIDER};
use crate::schema::{CheckContext, Codec, canons};
use crate::schema::{Update, Verbs};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, cidr, name};

/// A subnet of a VPC network: a range of addresses in a region.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "compute.googleapis.com/Subnetwork@v1",
    id = "//compute.googleapis.com/projects/{gcp.project}/regions/{region}/subnetworks/{name}",
    terraform = "google_compute_subnetwork",
    label = "subnetwork",
    scope = Root,
    verbs = Verbs {
        updates: &[
            Update {
                of: &["privateIpGoogleAccess"], request: "POST {self}/setPrivateIpGoogleAccess", ..Update::MASK
            },
            Update { of: &["ipCidrRange"], request: "POST {self}/expandIpCidrRange", ..Update::MASK },
            Update { carries: &["fingerprint"], ..Update::MERGE },
        ],
        ..NAMED
    },
    check = limits,
    source = "https://cloud.google.com/compute/docs/reference/rest/v1/subnetworks"
)]
#[output(self_link: Text, rest = "selfLink", tf = "self_link",
    made = "https://www.googleapis.com/compute/v1/projects/{gcp.project}/regions/{region}/subnetworks/{name}",
    doc = "Its URL, by which some services name it.")]
#[output(gateway: Text, rest = "gatewayAddress", tf = "gateway_address", doc = "The address of its gateway.")]
pub struct Subnetwork {
    /// The subnet's name, unique in its project and region.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/compute/docs/naming-resources#resource-name-format"
    )]
    name: Name<Self>,
    /// The network.
    #[prop(rest = "network", tf = "network", replace, danger = Downtime)]
    network: Ref<Network>,
    /// Its range. It can only grow.
    #[prop(rest = "ipCidrRange", tf = "ip_cidr_range", label = "range", danger = Downtime)]
    range: Cidr,
    /// The region.
    #[prop(rest = "region", tf = "region", codec = REGION, canon = canons::LAST_SEGMENT,
        parameter = "gcp.region", replace)]
    region: Option<Location>,
    /// What it is for, for people.
    #[prop(rest = "description", tf = "description", replace, danger = Cosmetic)]
    description: Option<Text>,
    /// What its addresses are used for.
    #[prop(rest = "purpose", tf = "purpose", service = SubnetPurpose::Private, replace, danger = Downtime)]
    purpose: Option<SubnetPurpose>,
    /// Whether a subnet for proxies is the one in use.
    #[prop(rest = "role", tf = "role", danger = Downtime)]
    role: Option<SubnetRole>,
    /// Whether machines without a public address reach Google's APIs.
    #[prop(rest = "privateIpGoogleAccess", tf = "private_ip_google_access", label = "private Google access",
        service = false, danger = Downtime)]
    private_google_access: Option<bool>,
    /// Ranges beside its own, for containers and services of Kubernetes.
    #[prop(rest = "secondaryIpRanges", tf = "secondary_ip_range", key = "name", each = "secondary_range",
        danger = Downtime)]
    secondary_ranges: Option<Vec<SecondaryRange>>,
    /// Which internet protocols it has.
    #[prop(rest = "stackType", tf = "stack_type", service = SubnetStack::Ipv4, danger = Downtime)]
    stack: Option<SubnetStack>,
    /// Who reaches its addresses of version 6.
    #[prop(rest = "ipv6AccessType", tf = "ipv6_access_type", label = "IPv6 access", exposes = Ipv6Access::External,
        danger = Downtime)]
    ipv6_access: Option<Ipv6Access>,
    /// What is noted about its traffic; nothing, unless said.
    #[prop(rest = "logConfig", tf = "log_config", danger = Cost)]
    flow_logs: Option<FlowLogs>,
    meta: Meta,
}

/// What a subnet's addresses are used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SubnetPurpose {
    /// Machines and whatever else is in the network.
    #[choice("PRIVATE")]
    Private,
    /// The proxies of load balancers of its region.
    #[choice("REGIONAL_MANAGED_PROXY")]
    RegionalProxy,
    /// The proxies of load balancers of several regions.
    #[choice("GLOBAL_MANAGED_PROXY")]
    GlobalProxy,
    /// Services that others reach by Private Service Connect.
    #[choice("PRIVATE_SERVICE_CONNECT")]
    ServiceConnect,
    /// Private NAT.
    #[choice("PRIVATE_NAT")]
    PrivateNat,
}

/// Whether a subnet for proxies is in use.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SubnetRole {
    /// It is.
    #[choice("ACTIVE")]
    Active,
    /// It waits, or is being left.
    #[choice("BACKUP")]
    Backup,
}

/// The internet protocols of a subnet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SubnetStack {
    /// IPv4.
    #[choice("IPV4_ONLY")]
    Ipv4,
    /// Both.
    #[choice("IPV4_IPV6")]
    Both,
}

/// Who reaches a subnet's addresses of version 6.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum Ipv6Access {
    /// What is in the network.
    #[choice("INTERNAL")]
    Internal,
    /// The internet, as far as firewall rules let it.
    #[choice("EXTERNAL")]
    External,
}

/// A range beside a subnet's own.
#[derive(Clone, Block)]
pub struct SecondaryRange {
    /// Its name, by which clusters ask for it.
    #[prop(rest = "rangeName", tf = "range_name")]
    name: Text,
    /// The range.
    #[prop(rest = "ipCidrRange", tf = "ip_cidr_range", label = "range")]
    range: Cidr,
}

/// What is noted about a subnet's traffic.
#[derive(Clone, Block)]
pub struct FlowLogs {
    // Terraform says it by the block.
    /// Whether anything is.
    #[prop(rest = "enable", default = true, no_setter)]
    enabled: bool,
    /// How often.
    #[prop(rest = "aggregationInterval", tf = "aggregation_interval", service = FlowInterval::Seconds5)]
    interval: Option<FlowInterval>,
    /// Which part of the packets, from 0 to 1.
    #[prop(rest = "flowSampling", tf = "flow_sampling", service = 0.5)]
    sampling: Option<f64>,
    /// How much about each.
    #[prop(rest = "metadata", tf = "metadata")]
    metadata: Option<FlowMetadata>,
    /// Of which packets, in the Common Expression Language.
    #[prop(rest = "filterExpr", tf = "filter_expr", service = "true".into())]
    filter: Option<Text>,
}

/// How often traffic is noted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum FlowInterval {
    /// Every 5 seconds.
    #[choice("INTERVAL_5_SEC")]
    Seconds5,
    /// Every 30 seconds.
    #[choice("INTERVAL_30_SEC")]
    Seconds30,
    /// Every minute.
    #[choice("INTERVAL_1_MIN")]
    Minute,
    /// Every 5 minutes.
    #[choice("INTERVAL_5_MIN")]
    Minutes5,
    /// Every 10 minutes.
    #[choice("INTERVAL_10_MIN")]
    Minutes10,
    /// Every 15 minutes.
    #[choice("INTERVAL_15_MIN")]
    Minutes15,
}

/// How much is noted about traffic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum FlowMetadata {
    /// Addresses and ports.
    #[choice("EXCLUDE_ALL_METADATA")]
    None,
    /// Whose they are, too.
    #[choice("INCLUDE_ALL_METADATA")]
    All,
}

/// A region as the service takes it: by a part of its URL, of which it answers with the whole.
pub(super) static REGION: Codec = Codec {
    name: "URL of a region",
    encode: |value| match value.as_str() {
        Some(region) if !region.contains('/') => Value::from(format!("regions/{region}")),
        _ => value.clone(),
    },
    decode: |value| {
        let region = value.as_str()?;
        Some(Value::from(region.strip_prefix("regions/").unwrap_or(region).to_owned()))
    },
};

fn limits(check: &mut CheckContext<'_>) {
    let source = "https://cloud.google.com/vpc/docs/subnets#valid-ranges";
    let range = |text: Option<&str>| text.and_then(|text| text.parse::<Cidr>().ok());
    let own = range(check.text("range"));
    let mut found: Vec<(&'static str, String)> = Vec::new();
    if let Some(own) = own.filter(|own| !(4..=29).contains(&own.prefix())) {
        found.push(("range", format!("{own} is not of 8 to 268,435,456 addresses, /29 to /4")));
    }
    let others: Vec<Cidr> = check
        .blocks("secondary_ranges")
        .iter()
        .filter_map(|one| range(one.text("range")))
        .collect();
    for (at, one) in others.iter().enumerate() {
        if own.iter().chain(&others[..at]).any(|other| other.overlaps(*one)) {
            found.push(("secondary_ranges", format!("{one} overlaps another range of the subnet")));
        }
    }
    let proxies = ["REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY"];
    let for_proxies = check.text("purpose").is_some_and(|purpose| proxies.contains(&purpose));
    if for_proxies != check.get("role").is_some() {
        found.push(("role", "a subnet has a role if it is for proxies".to_owned()));
    }
    for logs in check.blocks("flow_logs") {
        if let Some(Value::Float(part)) = logs.get("sampling")
            && !(0.0..=1.0).contains(part)
        {
            found.push(("flow_logs", format!("{part} is no part of the packets, 0 to 1")));
        }
    }
    for (property, problem) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")).enable_ula_internal_ipv6(true));
    let logs = FlowLogs::new()
        .interval(FlowInterval::Minute)
        .sampling(0.25)
        .metadata(FlowMetadata::All)
        .filter("inIpRange(connection.dest_ip, '10.0.0.0/8')");
    let subnet = Subnetwork::new(name!("shop-run"), network, cidr!("10.20.0.0/24"))
        .region(Location::EUROPE_WEST4)
        .description("Where the shop runs")
        .purpose(SubnetPurpose::Private)
        .private_google_access(true)
        .secondary_range(SecondaryRange::new("pods", cidr!("10.24.0.0/14")))
        .stack(SubnetStack::Both)
        .ipv6_access(Ipv6Access::Internal)
        .flow_logs(logs);
    stack.add(subnet).node()
}

#[cfg(test)]
mod tests {
    use super::REGION;
    use crate::azure::refusals::{refused, said_value};
    use crate::gcp::prelude::*;
    use crate::schema::canons;
    use crate::value::Value;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let network = || Ref::<Network>::existing("projects/p/global/networks/n");
        let of = |range| Subnetwork::new(name!("a"), network(), range);
        let one = || of(cidr!("10.0.0.0/24"));
        assert_eq!(refused(of(cidr!("10.0.0.0/29"))), [""; 0]);
        assert_eq!(refused(of(cidr!("10.0.0.0/30"))), ["range"]);
        let pods = |range| SecondaryRange::new("pods", range);
        assert_eq!(refused(one().secondary_range(pods(cidr!("10.1.0.0/16")))), [""; 0]);
        let inside = one().secondary_range(pods(cidr!("10.0.0.0/16")));
        assert_eq!(refused(inside), ["secondary_ranges"]);
        assert_eq!(refused(one().purpose(SubnetPurpose::RegionalProxy)), ["role"]);
        assert_eq!(refused(one().role(SubnetRole::Active)), ["role"]);
        assert_eq!(refused(one().flow_logs(FlowLogs::new().sampling(1.5))), ["flow_logs"]);
    }

    #[test]
    fn a_region_is_a_url_there() {
        let sent = (REGION.encode)(&Value::literal("us-east1"));
        assert_eq!(sent.as_str(), Some("regions/us-east1"));
        let back = (REGION.decode)(&sent);
        assert_eq!(back.as_ref().and_then(Value::as_str), Some("us-east1"));
        // The service answers with the whole URL, which is the same region, and is said as it.
        let url = "https://www.googleapis.com/compute/v1/projects/p/regions/us-east1";
        assert!(canons::LAST_SEGMENT.same("us-east1", url));
        let back = (REGION.decode)(&Value::literal(url)).unwrap_or_default();
        assert_eq!(said_value::<Location>(&back).as_deref(), Some("Location::US_EAST1"));
    }
}
