//! Private connections to Google's own services.

use crate::dsl::{Meta, Ref, Stack};
use crate::gcp::{GlobalAddress, Network, PROVIDER};
use crate::schema::{Listed, Set, Update, Verbs};
use crate::value::{NodeRef, Text};
use crate::{Resource, name};

/// The peering of a network with the services that Google runs, such as databases with private addresses. A network has
/// one.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "servicenetworking.googleapis.com/Connection@v1",
    id = "//servicenetworking.googleapis.com/{parent}/connections/{name}",
    fixed_name = "servicenetworking-googleapis-com",
    terraform = "google_service_networking_connection",
    tf_import = "{parent}:servicenetworking.googleapis.com",
    scope = Child,
    unlisted,
    verbs = Verbs {
        read: "GET {api}/services/servicenetworking.googleapis.com/connections?network=projects/{number}/global/networks/{holder_name}",
        listed: Some(Listed { list: "connections", key: "peering" }),
        create: "POST {api}/services/servicenetworking.googleapis.com/connections",
        says: &[("network", "projects/{number}/global/networks/{holder_name}")],
        updates: &[Update {
            request: "PATCH {api}/services/servicenetworking.googleapis.com/connections/-?updateMask={mask}&force=true",
            says: &[("network", "projects/{number}/global/networks/{holder_name}")],
            ..Update::MASK
        }],
        delete: "POST {api}/services/servicenetworking.googleapis.com/connections/{name}",
        delete_says: &[("consumerNetwork", "projects/{number}/global/networks/{holder_name}")],
        ..Verbs::STANDARD
    },
    constant(tf = "service", value = "servicenetworking.googleapis.com"),
    source = "https://cloud.google.com/service-infrastructure/docs/service-networking/reference/rest/v1/services.connections"
)]
#[output(network_id: Text, tf = "network", parent = crate::schema::ID,
    doc = "The network's ID; whoever uses it waits for the connection.")]
pub struct ServiceConnection {
    /// The network.
    #[prop(tf = "network", parent)]
    network: Ref<Network>,
    /// The ranges that the services take their addresses from.
    #[prop(rest = "reservedPeeringRanges", tf = "reserved_peering_ranges", via = "name", each = "range", danger = Downtime)]
    ranges: Set<Ref<GlobalAddress>>,
    meta: Meta,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")));
    let range = stack.add(GlobalAddress::for_peering(name!("shop-services"), network, 20));
    stack.add(ServiceConnection::new(network, [Ref::from(range)])).node()
}
