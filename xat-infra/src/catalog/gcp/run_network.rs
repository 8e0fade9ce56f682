//! How Cloud Run services and jobs reach a network.

use crate::dsl::Ref;
use crate::gcp::{Network, Subnetwork, VpcConnector};
use crate::schema::Saying;
use crate::value::Text;
use crate::{Block, Choice};

/// The way into a network: an address of its own in a subnet, or a connector.
#[derive(Clone, Block)]
#[block(private_new, import = say)]
pub struct RunVpcAccess {
    /// The connector.
    #[prop(rest = "connector", tf = "connector", danger = Downtime)]
    connector: Option<Ref<VpcConnector>>,
    /// Its own addresses: at most one.
    #[prop(rest = "networkInterfaces", tf = "network_interfaces", danger = Downtime)]
    interfaces: Option<Vec<RunInterface>>,
    /// What goes that way.
    #[prop(rest = "egress", tf = "egress", default = RunEgress::PrivateRanges, service = RunEgress::PrivateRanges,
        danger = Downtime)]
    egress: RunEgress,
}

impl RunVpcAccess {
    /// An address of its own in a subnet: nothing stands in between, and nothing else is paid.
    #[must_use]
    pub fn direct(
        network: impl Into<Ref<Network>>,
        subnetwork: impl Into<Ref<Subnetwork>>,
    ) -> Self {
        Self::of([RunInterface::new().network(network).subnetwork(subnetwork)])
    }

    /// Addresses of its own, said in full: with tags, or by a subnet without its network.
    #[must_use]
    pub fn of(interfaces: impl IntoIterator<Item = RunInterface>) -> Self {
        Self::new().interfaces(interfaces)
    }

    /// Through a connector.
    #[must_use]
    pub fn through(connector: impl Into<Ref<VpcConnector>>) -> Self {
        Self::new().connector(connector)
    }
}

fn say(access: &mut Saying<'_>) {
    if access.get("interfaces").is_none() {
        access.construct("RunVpcAccess::through", &["connector"]);
        return;
    }
    if let Some(interfaces) = access.expression("interfaces")
        && access.get("connector").is_none()
    {
        access.construct_as(format!("RunVpcAccess::of({interfaces})"), &["interfaces"]);
    }
}

/// An address in a network.
#[derive(Clone, Block)]
pub struct RunInterface {
    /// The network; the subnet's, unless said.
    #[prop(rest = "network", tf = "network")]
    network: Option<Ref<Network>>,
    /// The subnet, of 64 addresses or more.
    #[prop(rest = "subnetwork", tf = "subnetwork")]
    subnetwork: Option<Ref<Subnetwork>>,
    /// The words by which firewall rules know it.
    #[prop(rest = "tags", tf = "tags")]
    tags: Option<Vec<Text>>,
}

/// What goes into the network.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunEgress {
    /// What is for private addresses.
    #[choice("PRIVATE_RANGES_ONLY")]
    PrivateRanges,
    /// Everything.
    #[choice("ALL_TRAFFIC")]
    All,
}
