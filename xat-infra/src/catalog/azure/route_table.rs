//! Route tables: where the traffic of subnets goes instead of where Azure would send it.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use crate::azure::common::said;
use crate::azure::sayings::say_inside_or_apart;
use crate::azure::{Region, ResourceGroup};
use crate::dsl::{Meta, Name, OfType, Ref, Stack};
use crate::schema::codecs::NOT;
use crate::schema::{CheckContext, Saying, Set, canons};
use crate::value::{Fields, NodeRef, Text, Value};
use crate::{Block, Choice, Resource, cidr, name};

/// A route table. Subnets follow it by naming it.
///
/// Its list of routes is the whole list: a route that someone else adds shows as a change. Azure's own routes stay
/// below it, and the longest prefix wins. A table whose routes are resources of their own, so that several stacks can
/// each add some, is another type: nothing can be declared twice.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/routeTables@2025-05-01",
    terraform = "azurerm_route_table",
    private_new,
    import = say,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/routetables"
)]
pub struct RouteTable<R: RouteKeeping = RoutesInside> {
    /// The table's name, unique in its group.
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
    /// The routes.
    #[prop(arm = "properties.routes", tf = "route", key = "name", service = Set::default(), danger = Downtime,
        each = "route", only = "RoutesInside",
        tf_object("address_prefix", "name", "next_hop_in_ip_address", "next_hop_type"))]
    routes: Option<Set<Route>>,
    /// Whether routes that a gateway learns are followed too.
    #[prop(arm = "properties.disableBgpRoutePropagation", tf = "bgp_route_propagation_enabled", codec = NOT,
        label = "BGP route propagation", service = true, danger = Downtime)]
    bgp_route_propagation: Option<bool>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    keeping: PhantomData<R>,
    meta: Meta,
}

/// Where a table's routes are declared, as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say where a route table's routes are",
    label = "neither of the two",
    note = "they are inside the table (`RoutesInside`) or resources of their own (`RoutesApart`)"
)]
pub trait RouteKeeping: 'static {}

/// The routes are declared with the table.
#[derive(Clone, Copy, Debug)]
pub struct RoutesInside;

/// The routes are resources of their own: [`TableRoute`](crate::azure::TableRoute).
#[derive(Clone, Copy, Debug)]
pub struct RoutesApart;

impl RouteKeeping for RoutesInside {}
impl RouteKeeping for RoutesApart {}

// A subnet takes either.
#[diagnostic::do_not_recommend]
impl OfType<RouteTable> for RouteTable<RoutesApart> {}

impl RouteTable<RoutesInside> {
    /// A table with no routes but Azure's own; [`route`](Self::route) adds some.
    #[track_caller]
    #[must_use]
    pub fn new(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        let mut declared = Self::declare_new(name, group);
        declared.routes = Some(Set::default());
        declared
    }
}

impl RouteTable<RoutesApart> {
    /// A table whose routes are resources of their own. Routes that nobody declares are left alone.
    #[track_caller]
    #[must_use]
    pub fn with_routes_apart(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        Self::declare_new(name, group)
    }
}

/// Routes that are written as resources of their own are not inside the table.
fn say(table: &mut Saying<'_>) {
    let inside = ("RoutesInside", "RouteTable::new");
    let apart = ("RoutesApart", "RouteTable::with_routes_apart");
    say_inside_or_apart::<Route>(table, "routes", "routes", inside, apart);
}

/// A route: to which addresses, by which way.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let inspected = Route::through("internet", cidr!("0.0.0.0/0"), "10.30.6.4");
/// let nowhere = Route::dropped("legacy", cidr!("10.99.0.0/16"));
/// ```
#[derive(Clone, Block)]
#[block(private_new, import = say_route)]
pub struct Route {
    /// The route's name, unique in its table.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// Where the traffic is headed: a range, or a service tag (`Storage.WestEurope`).
    #[prop(arm = "properties.addressPrefix", tf = "address_prefix", canon = canons::CIDR, danger = Downtime)]
    destination: Text,
    /// The way that it takes.
    #[prop(arm = "properties.nextHopType", tf = "next_hop_type", danger = Downtime, exposes = NextHop::Internet)]
    next_hop: NextHop,
    /// The address of the appliance that it is handed to.
    #[prop(arm = "properties.nextHopIpAddress", tf = "next_hop_in_ip_address", label = "appliance",
        danger = Downtime, no_setter)]
    appliance: Option<Text>,
}

impl Route {
    /// Through the network's gateway.
    #[must_use]
    pub fn to_gateway(name: impl Into<Text>, destination: impl Into<Text>) -> Self {
        Self::new(name, destination, NextHop::VirtualNetworkGateway)
    }

    /// Inside the network.
    #[must_use]
    pub fn within_network(name: impl Into<Text>, destination: impl Into<Text>) -> Self {
        Self::new(name, destination, NextHop::VnetLocal)
    }

    /// Out to the internet.
    #[must_use]
    pub fn to_internet(name: impl Into<Text>, destination: impl Into<Text>) -> Self {
        Self::new(name, destination, NextHop::Internet)
    }

    /// Through an appliance, such as a firewall, by its private address.
    #[must_use]
    pub fn through(
        name: impl Into<Text>,
        destination: impl Into<Text>,
        appliance: impl Into<Text>,
    ) -> Self {
        let mut route = Self::new(name, destination, NextHop::VirtualAppliance);
        route.appliance = Some(appliance.into());
        route
    }

    /// The route's name, where it is a literal.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.literal()
    }

    /// Nowhere: the traffic is dropped.
    #[must_use]
    pub fn dropped(name: impl Into<Text>, destination: impl Into<Text>) -> Self {
        Self::new(name, destination, NextHop::None)
    }
}

fn say_route(route: &mut Saying<'_>) {
    let constructor = match route.text("next_hop") {
        Some("VirtualNetworkGateway") => "Route::to_gateway",
        Some("VnetLocal") => "Route::within_network",
        Some("Internet") => "Route::to_internet",
        Some("None") => "Route::dropped",
        Some("VirtualAppliance") => {
            route.construct("Route::through", &["name", "destination", "appliance"]);
            return route.settle(&["next_hop"]);
        }
        _ => return,
    };
    route.construct(constructor, &["name", "destination"]);
    route.settle(&["next_hop"]);
}

/// The way that routed traffic takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NextHop {
    /// Through the network's gateway.
    VirtualNetworkGateway,
    /// Inside the network.
    VnetLocal,
    /// Out to the internet.
    Internet,
    /// Through an appliance.
    VirtualAppliance,
    /// Nowhere.
    None,
}

pub(super) const ROUTES: &str =
    "https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview";

/// What the service would refuse in a route that stands after `before`.
pub(super) fn problems_of(route: &Fields, before: &[&Fields]) -> Vec<String> {
    fn text<'f>(route: &'f Fields, property: &str) -> Option<&'f str> {
        said::<Route>(route, property).and_then(Value::as_str)
    }
    let name = text(route, "name").unwrap_or_default();
    let destination = text(route, "destination");
    let same =
        |other: &&&Fields| destination.is_some() && text(other, "destination") == destination;
    let mut problems = Vec::new();
    if let Some(other) = before.iter().find(same).and_then(|other| text(other, "name")) {
        problems.push(format!("`{name}` has the destination of `{other}`"));
    }
    if let Some(hop) = text(route, "appliance").filter(|ip| ip.parse::<std::net::IpAddr>().is_err())
    {
        problems.push(format!(
            "the appliance of `{name}` is named by its address, which `{hop}` is not"
        ));
    }
    problems
}

fn limits(check: &mut CheckContext<'_>) {
    let Some(Value::List(routes)) = check.get("routes") else { return };
    let routes: Vec<&Fields> = routes.iter().filter_map(Value::as_block).collect();
    let mut problems = Vec::new();
    if routes.len() > 400 {
        problems.push(format!("a table has 400 routes at most, not {}", routes.len()));
    }
    for (i, route) in routes.iter().enumerate() {
        problems.extend(problems_of(route, routes.get(..i).unwrap_or_default()));
    }
    for problem in problems {
        check.report("routes", problem, format!("the provider's reference: {ROUTES}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let table = RouteTable::new(name!("shop-routes"), group)
        .route(Route::through("internet", cidr!("0.0.0.0/0"), "10.30.6.4"))
        .route(Route::to_gateway("offices", cidr!("10.40.0.0/16")))
        .route(Route::to_internet("monitoring", "AzureMonitor"))
        .route(Route::within_network("apps", cidr!("10.30.1.0/24")))
        .route(Route::dropped("legacy", cidr!("10.99.0.0/16")))
        .bgp_route_propagation(false)
        .tag("owner", "platform");
    stack.add(table).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{refused, said};

    fn table() -> RouteTable {
        RouteTable::new(name!("routes"), Ref::existing("/subscriptions/s/resourceGroups/g"))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let inspected = |name: &'static str, ip| Route::through(name, cidr!("0.0.0.0/0"), ip);
        let local = Route::within_network("local", cidr!("10.0.0.0/8"));
        assert_eq!(refused(table().route(inspected("all", "10.0.0.4")).route(local)), [""; 0]);
        assert_eq!(refused(table().route(inspected("all", "firewall"))), ["routes"]);
        let twice =
            table().route(inspected("all", "10.0.0.4")).route(inspected("rest", "10.0.0.5"));
        assert_eq!(refused(twice), ["routes"]);
        let many = |count: usize| {
            let ranges = (0..count).map(|i| format!("10.{}.{}.0/24", i / 256, i % 256));
            table().routes(ranges.map(|range| Route::dropped(range.replace('/', "-"), range)))
        };
        assert_eq!(refused(many(400)), [""; 0]);
        assert_eq!(refused(many(401)), ["routes"]);
    }

    #[test]
    fn an_import_says_a_route_by_its_way() {
        let inspected = Route::through("all", cidr!("0.0.0.0/0"), "10.0.0.4");
        let expected = r#"Route::through("all", "0.0.0.0/0", "10.0.0.4")"#;
        assert_eq!(said(inspected).as_deref(), Some(expected));
        let dropped = Route::dropped("legacy", cidr!("10.99.0.0/16"));
        assert_eq!(said(dropped).as_deref(), Some(r#"Route::dropped("legacy", "10.99.0.0/16")"#));
        // An appliance without its address cannot be said.
        assert_eq!(said(Route::new("all", "0.0.0.0/0", NextHop::VirtualAppliance)), None);
    }
}
