//! Global addresses, and ranges that are kept free for services.

use super::verbs::NAMED;
use crate::schema::{Update, Verbs};
use std::collections::BTreeMap;

use super::common::labels;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{Network, PROVIDER};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text};
use crate::{Choice, Resource, name};

/// A global address: one on the internet, or a range of a network that is kept free for Google's own services.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "compute.googleapis.com/GlobalAddress@v1",
    id = "//compute.googleapis.com/projects/{gcp.project}/global/addresses/{name}",
    terraform = "google_compute_global_address",
    scope = Root,
    verbs = Verbs {
        late: &["labels"],
        updates: &[Update {
            of: &["labels"], request: "POST {self}/setLabels", carries: &["labelFingerprint"], ..Update::MASK
        }],
        ..NAMED
    },
    check = limits,
    check = labels,
    source = "https://cloud.google.com/compute/docs/reference/rest/v1/globalAddresses"
)]
#[output(address: Text, rest = "address", tf = "address", doc = "The address, or the first one of the range.")]
pub struct GlobalAddress {
    /// The address's name, unique in its project.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/compute/docs/naming-resources#resource-name-format"
    )]
    name: Name<Self>,
    /// What it is for, for people.
    #[prop(rest = "description", tf = "description", replace, danger = Cosmetic)]
    description: Option<Text>,
    /// Whether it is on the internet.
    #[prop(rest = "addressType", tf = "address_type", replace, service = AddressType::External)]
    address_type: Option<AddressType>,
    /// What a range is kept free for.
    #[prop(rest = "purpose", tf = "purpose", replace)]
    purpose: Option<AddressPurpose>,
    /// The network whose range it is.
    #[prop(rest = "network", tf = "network", replace)]
    network: Option<Ref<Network>>,
    /// How many bits of the range are fixed: 8 to 29.
    #[prop(rest = "prefixLength", tf = "prefix_length", replace)]
    prefix_length: Option<u8>,
    /// The address itself, or the first one of the range; Google picks one unless it is said.
    #[prop(rest = "address", tf = "address", replace)]
    address: Option<Text>,
    /// Which internet protocol.
    #[prop(rest = "ipVersion", tf = "ip_version", replace, service = AddressVersion::Ipv4)]
    ip_version: Option<AddressVersion>,
    /// Labels for people and for cost reports.
    #[prop(rest = "labels", tf = "labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// Where an address is.
#[derive(Clone, Copy, Choice)]
pub enum AddressType {
    /// On the internet.
    #[choice("EXTERNAL")]
    External,
    /// In a network.
    #[choice("INTERNAL")]
    Internal,
}

/// What a range is kept free for.
#[derive(Clone, Copy, Choice)]
pub enum AddressPurpose {
    /// Services that are peered with the network, such as databases.
    #[choice("VPC_PEERING")]
    VpcPeering,
    /// One address by which the network reaches Google's APIs.
    #[choice("PRIVATE_SERVICE_CONNECT")]
    PrivateServiceConnect,
}

/// An internet protocol.
#[derive(Clone, Copy, Choice)]
pub enum AddressVersion {
    /// IPv4.
    #[choice("IPV4")]
    Ipv4,
    /// IPv6.
    #[choice("IPV6")]
    Ipv6,
}

impl GlobalAddress {
    /// A range of a network, kept free for services that are peered with it: a `/prefix_length`.
    #[track_caller]
    #[must_use]
    pub fn for_peering(
        name: Name<Self>,
        network: impl Into<Ref<Network>>,
        prefix_length: u8,
    ) -> Self {
        Self::new(name)
            .address_type(AddressType::Internal)
            .purpose(AddressPurpose::VpcPeering)
            .network(network)
            .prefix_length(prefix_length)
    }
}

fn limits(check: &mut CheckContext<'_>) {
    // Google's services take no range that is smaller than a /24, and ask for a /16.
    let peered = check.text("purpose") == Some(AddressPurpose::VpcPeering.word());
    check.range(
        "prefix_length",
        8..=if peered { 24 } else { 29 },
        "https://cloud.google.com/vpc/docs/configure-private-services-access#allocating-range",
    );
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")));
    let range = GlobalAddress::for_peering(name!("shop-services"), network, 20)
        .description("Managed databases")
        .address("10.60.0.0")
        .ip_version(AddressVersion::Ipv4)
        .label("owner", "platform");
    stack.add(range).node()
}
