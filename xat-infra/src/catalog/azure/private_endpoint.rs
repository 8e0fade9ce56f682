//! Private endpoints: an address in a subnet behind which one resource answers.

use std::collections::BTreeMap;

use crate::azure::common::EDGE_ZONE;
use crate::azure::{
    KeyVault, PrivateDnsZone, Region, ResourceGroup, Subnet, Undelegated, VirtualNetwork,
};
use crate::dsl::{AnyRef, Handle, Meta, Name, Ref, Resource as _, Stack};
use crate::schema::codecs::ID_OBJECTS;
use crate::schema::{Codec, Fact, PropertyType as _, Saying, Set, canons, rust};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Resource, cidr, name};

/// A private endpoint: a network interface in a subnet through which one resource is reached.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/privateEndpoints@2025-05-01",
    terraform = "azurerm_private_endpoint",
    private_new,
    import = say,
    part(
        key = "zone_group",
        suffix = "privateDnsZoneGroups/default",
        arm = "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"
    ),
    fact = Fact::NamedIn { zones: "dns_zones", place: "subnet" },
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/privateendpoints"
)]
#[output(network_interface_id: Text, arm = "properties.networkInterfaces.0.id", tf = "network_interface.0.id",
    doc = "The ID of the endpoint's network interface.")]
pub struct PrivateEndpoint {
    /// The endpoint's name, unique in its group.
    #[name(
        len = 2..=64, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region, which must be the subnet's; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The subnet that its address is in.
    #[prop(arm = "properties.subnet.id", tf = "subnet_id", replace, danger = Downtime)]
    subnet: Ref<Subnet<Undelegated>>,
    // Some callers send the subnet with what it says of itself. The service takes its ID and returns no more.
    /// Whether security groups and routes hold for endpoints in the subnet, as the call tells it.
    #[prop(
        arm = "properties.subnet.properties.privateEndpointNetworkPolicies",
        write_only,
        no_setter
    )]
    subnet_endpoint_policies: Option<Text>,
    /// Whether they hold for the sources of private link services in the subnet, as the call tells it.
    #[prop(
        arm = "properties.subnet.properties.privateLinkServiceNetworkPolicies",
        write_only,
        no_setter
    )]
    subnet_link_service_policies: Option<Text>,
    /// What it leads to, where the endpoint's owner may connect by right.
    #[prop(arm = "properties.privateLinkServiceConnections", tf = "private_service_connection", key = "name",
        label = "connections", service = Set::default(), danger = Downtime, no_setter)]
    connections: Option<Set<PrivateLinkConnection>>,
    /// What it leads to, where the target's owner must agree first.
    #[prop(arm = "properties.manualPrivateLinkServiceConnections", tf = "private_service_connection", key = "name",
        service = Set::default(), danger = Downtime, no_setter)]
    manual_connections: Option<Set<PrivateLinkConnection>>,
    /// Fixed addresses, where Azure should not choose them.
    #[prop(arm = "properties.ipConfigurations", tf = "ip_configuration", label = "IP configurations", key = "name",
        service = Set::default(), danger = Downtime, each = "ip_configuration")]
    ip_configurations: Option<Set<EndpointIp>>,
    /// Application security groups that its interface belongs to.
    #[prop(arm = "properties.applicationSecurityGroups", codec = ID_OBJECTS, danger = Exposure,
        each = "application_security_group")]
    application_security_groups: Option<Set<AnyRef>>,
    /// What its network interface is called, where Azure should not choose.
    #[prop(arm = "properties.customNetworkInterfaceName", tf = "custom_network_interface_name",
        canon = canons::CASE, service = Text::from(""), replace)]
    network_interface_name: Option<Text>,
    /// The names under which the target is known, as the service keeps them.
    #[prop(arm = "properties.customDnsConfigs", label = "DNS names", key = "fqdn", no_setter)]
    dns_names: Option<Vec<EndpointDnsName>>,
    /// Private DNS zones in which its address is entered under the target's name.
    #[prop(arm = "zone_group:properties.privateDnsZoneConfigs", tf = "private_dns_zone_group",
        codec = ZONE_CONFIGS, tf_codec = ZONE_GROUP, label = "DNS zones", danger = Downtime, each = "dns_zone")]
    dns_zones: Option<Set<Ref<PrivateDnsZone>>>,
    /// The edge zone that holds the endpoint, where it is not in the region itself.
    #[prop(arm = "extendedLocation", tf = "edge_zone", codec = EDGE_ZONE, canon = canons::CASE, replace)]
    edge_zone: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// A type of resource that private endpoints can lead to.
#[diagnostic::on_unimplemented(
    message = "no private endpoint can lead to a `{Self}`",
    label = "this takes no private endpoint",
    note = "registries take them from the tier Premium on: `ContainerRegistry::premium(..)`",
    note = "for a target that is not modelled, write the connection out: `PrivateEndpoint::through(..)`"
)]
pub trait PrivateLinkTarget: crate::dsl::Resource {
    /// The part of the resource that answers (`vault`), as private link calls it.
    const GROUP: &'static str;
    /// The well-known private DNS zone in which its endpoints are entered.
    const ZONE: &'static str;
}

impl PrivateLinkTarget for KeyVault {
    const GROUP: &'static str = "vault";
    const ZONE: &'static str = "privatelink.vaultcore.azure.net";
}

impl PrivateEndpoint {
    /// An endpoint to a resource. The endpoint's subnet must not be delegated, and the target must be one that
    /// takes private endpoints: a registry below Premium is not.
    ///
    /// ```compile_fail,E0277
    /// use xat_infra::azure::prelude::*;
    /// let mut stack = Stack::new("demo");
    /// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    /// let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.0.0.0/16")));
    /// let ends = stack.add(Subnet::new(name!("ends"), net, cidr!("10.0.1.0/24")));
    /// let images = stack.add(ContainerRegistry::basic(name!("demoimages"), group));
    /// let end = PrivateEndpoint::to(name!("demo-images"), group, ends, images);
    /// ```
    #[track_caller]
    #[must_use]
    pub fn to<T: PrivateLinkTarget>(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        subnet: impl Into<Ref<Subnet<Undelegated>>>,
        target: Handle<T>,
    ) -> Self {
        let connection =
            PrivateLinkConnection::new(name.as_str().to_owned(), target).group(T::GROUP);
        Self::through(name, group, subnet, connection)
    }

    /// An endpoint through a connection that is written out: to a resource of another stack or of a type that is not
    /// modelled, or one that its owner must agree to.
    #[track_caller]
    #[must_use]
    pub fn through(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        subnet: impl Into<Ref<Subnet<Undelegated>>>,
        connection: PrivateLinkConnection,
    ) -> Self {
        let mut endpoint = Self::declare_new(name, group, subnet);
        // An endpoint has one connection, by right or by request.
        let connections = if connection.manual {
            endpoint.meta.set_here(Self::MANUAL_CONNECTIONS.index());
            &mut endpoint.manual_connections
        } else {
            endpoint.meta.set_here(Self::CONNECTIONS.index());
            &mut endpoint.connections
        };
        *connections = Some(Set(vec![connection]));
        endpoint
    }
}

/// What a private endpoint leads to.
#[derive(Clone, Block)]
#[block(import = say_connection)]
pub struct PrivateLinkConnection {
    /// The connection's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE, replace)]
    name: Text,
    /// The resource that answers.
    #[prop(
        arm = "properties.privateLinkServiceId",
        tf = "private_connection_resource_id",
        replace
    )]
    target: AnyRef,
    /// Which of the target's parts answer (`vault`, `blob`); none for a private link service.
    #[prop(arm = "properties.groupIds", tf = "subresource_names", canon = canons::CASE, replace, each = "group")]
    groups: Option<Set<Text>>,
    /// What the target's owner is told, in at most 140 characters.
    #[prop(arm = "properties.requestMessage", tf = "request_message", danger = Cosmetic, no_setter)]
    request_message: Option<Text>,
    /// Whether the target's owner must agree first.
    #[prop(tf = "is_manual_connection", default = false, replace, no_setter)]
    manual: bool,
    /// What the target's owner has decided, as the service keeps it.
    #[prop(arm = "properties.privateLinkServiceConnectionState", no_setter)]
    state: Option<ConnectionState>,
}

impl PrivateLinkConnection {
    /// The same connection, asked for: the target's owner reads the message and must agree first.
    #[must_use]
    pub fn by_request(mut self, message: impl Into<Text>) -> Self {
        self.manual = true;
        self.request_message = Some(message.into());
        self
    }
}

/// An endpoint has one connection, by right or by request.
fn say(endpoint: &mut Saying<'_>) {
    // The service enters the names itself.
    endpoint.settle(&["dns_names"]);
    const SAID: &[&str] = &["name", "group", "subnet", "connections", "manual_connections"];
    let by_right = endpoint.each("connections").unwrap_or_default();
    let by_request = endpoint.each("manual_connections").unwrap_or_default();
    let connection = match (by_right.as_slice(), by_request.as_slice()) {
        ([connection], []) => connection.clone(),
        ([], [connection]) => {
            let Some(Value::List(items)) = endpoint.get("manual_connections") else { return };
            let message = items.first().and_then(Value::as_block).and_then(|fields| {
                fields
                    .named(PrivateLinkConnection::KIND.block()?.props, "request_message")?
                    .as_str()
            });
            format!("{connection}.by_request({})", rust::literal(message.unwrap_or_default()))
        }
        _ => return,
    };
    let base = ["name", "group", "subnet"].map(|property| endpoint.expression(property));
    if let [Some(name), Some(group), Some(subnet)] = base {
        let head = format!("PrivateEndpoint::through({name}, {group}, {subnet}, {connection})");
        endpoint.construct_as(head, SAID);
    }
}

/// What the target's owner has decided is theirs to say, and the message belongs to a request.
fn say_connection(connection: &mut Saying<'_>) {
    connection.construct("PrivateLinkConnection::new", &["name", "target"]);
    connection.settle(&["request_message", "manual", "state"]);
}

/// What the owner of a private endpoint's target has decided.
#[derive(Clone, Block)]
pub struct ConnectionState {
    /// `Pending`, `Approved`, `Rejected` or `Disconnected`.
    #[prop(arm = "status", canon = canons::CASE)]
    status: Option<Text>,
    /// Why.
    #[prop(arm = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// What is left to do (`None`).
    #[prop(arm = "actionsRequired", canon = canons::CASE)]
    actions_required: Option<Text>,
}

/// A fixed address of a private endpoint.
#[derive(Clone, Block)]
pub struct EndpointIp {
    /// The configuration's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE, replace)]
    name: Text,
    /// The address, in the endpoint's subnet.
    #[prop(
        arm = "properties.privateIPAddress",
        tf = "private_ip_address",
        label = "address",
        replace
    )]
    address: Text,
    /// The part of the target that answers there.
    #[prop(arm = "properties.groupId", tf = "subresource_name", canon = canons::CASE, replace)]
    group: Option<Text>,
    /// The member of that part, where it has several; often the same word.
    #[prop(arm = "properties.memberName", tf = "member_name", canon = canons::CASE, replace)]
    member: Option<Text>,
}

/// A name under which a private endpoint's target is known.
#[derive(Clone, Block)]
pub struct EndpointDnsName {
    /// The host name.
    #[prop(arm = "fqdn", canon = canons::URL)]
    fqdn: Text,
    /// Its addresses.
    #[prop(arm = "ipAddresses", each = "address")]
    addresses: Option<Set<Text>>,
}

/// ARM names each entry of a zone group; the names mean nothing, so they are made here and not read back.
static ZONE_CONFIGS: Codec = Codec {
    name: "list of named zone configurations",
    encode: |value| match value {
        Value::List(zones) => {
            let named = zones.iter().enumerate().map(|(i, zone)| {
                let id = Value::map([("privateDnsZoneId", zone.clone())]);
                Value::map([("name", Value::literal(format!("zone-{i}"))), ("properties", id)])
            });
            Value::List(named.collect())
        }
        other => other.clone(),
    },
    decode: |value| {
        let zone = |entry: &Value| entry.at(&["properties", "privateDnsZoneId"]).cloned();
        crate::schema::codecs::try_each(value, zone)
    },
};

/// Terraform's block needs the group's name, which is the last part of the ID in ARM.
static ZONE_GROUP: Codec = Codec {
    name: "zone group named default",
    encode: |value| {
        Value::map([("name", Value::literal("default")), ("private_dns_zone_ids", value.clone())])
    },
    decode: |value| value.at(&["private_dns_zone_ids"]).cloned(),
};

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let network = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.30.0.0/16")));
    let ends = stack.add(Subnet::new(name!("endpoints"), network, cidr!("10.30.4.0/24")));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let zone = stack.add(PrivateDnsZone::private_link::<KeyVault>(group));
    let disks = AnyRef::existing(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared-rg/providers/\
         Microsoft.Compute/diskAccesses/shared-disks",
    );
    let asked = PrivateLinkConnection::new("disks", disks)
        .group("disks")
        .by_request("The shop restores its disks through this");
    stack.add(PrivateEndpoint::through(name!("shop-disks"), group, ends, asked));
    let address = EndpointIp::new("vault", "10.30.4.10").group("vault").member("default");
    let endpoint = PrivateEndpoint::to(name!("shop-kv-endpoint"), group, ends, vault)
        .ip_configuration(address)
        .network_interface_name("shop-kv-nic")
        .dns_zone(zone)
        .tag("owner", "platform")
        .depends_on(network);
    stack.add(endpoint).node()
}
