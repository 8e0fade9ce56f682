//! Routes of route tables as resources of their own.

use crate::azure::common::NAMELESS;
use crate::azure::route_table::{ROUTES, problems_of};
use crate::azure::{Region, ResourceGroup, Route, RouteTable, RoutesApart};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Saying};
use crate::value::{NodeRef, Value};
use crate::{Resource, cidr, name};

/// A route of a table whose routes are declared apart from it, for tables that several stacks add to.
///
/// A table that has its routes inside takes none from elsewhere:
///
/// ```compile_fail,E0277
/// use xat_infra::azure::prelude::*;
/// let mut stack = Stack::new("demo");
/// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
/// let table = stack.add(RouteTable::new(name!("demo-routes"), group));
/// let route = TableRoute::new(table, Route::dropped("legacy", cidr!("10.99.0.0/16")));
/// ```
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/routeTables/routes@2025-05-01",
    terraform = "azurerm_route",
    scope = Child,
    label = "route",
    private_new,
    import = say,
    tf_ancestor(attr = "resource_group_name", arm = "Microsoft.Resources/resourceGroups", output = "name"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/routetables/routes"
)]
pub struct TableRoute {
    /// The route's name, unique in its table.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The table that it belongs to.
    #[prop(tf = "route_table_name", tf_ref = "name", parent)]
    table: Ref<RouteTable<RoutesApart>>,
    /// The route itself.
    #[prop(arm = "", tf = "", codec = NAMELESS, danger = Downtime)]
    route: Route,
    meta: Meta,
}

impl TableRoute {
    /// A route of a table, under the route's own name.
    #[track_caller]
    #[must_use]
    pub fn new(table: impl Into<Ref<RouteTable<RoutesApart>>>, route: Route) -> Self {
        let name = Name::new(route.name().unwrap_or_default());
        Self::declare_new(name, table, route)
    }
}

fn say(declared: &mut Saying<'_>) {
    declared.construct("TableRoute::new", &["table", "route"]);
    declared.settle(&["name"]);
}

fn limits(check: &mut CheckContext<'_>) {
    let Some(route) = check.get("route").and_then(Value::as_block) else { return };
    for problem in problems_of(route, &[]) {
        check.report("route", problem, format!("the provider's reference: {ROUTES}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let table = stack.add(RouteTable::with_routes_apart(name!("shop-routes"), group));
    stack.add(TableRoute::new(table, Route::dropped("legacy", cidr!("10.99.0.0/16"))));
    let inspected = Route::through("internet", cidr!("0.0.0.0/0"), "10.30.6.4");
    stack.add(TableRoute::new(table, inspected)).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let through = |appliance| {
            let route = Route::through("all", cidr!("0.0.0.0/0"), appliance);
            refused(TableRoute::new(Ref::existing("/subscriptions/s/table"), route))
        };
        assert_eq!(through("10.0.0.4"), [""; 0]);
        assert_eq!(through("firewall"), ["route"]);
    }
}
