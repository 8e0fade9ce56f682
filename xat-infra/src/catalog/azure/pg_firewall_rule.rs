//! Firewall rules of a PostgreSQL flexible server: from which addresses it is reached over the internet.

use std::net::Ipv4Addr;

use crate::azure::{FlexibleServer, PgVersion, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// Addresses from which a PostgreSQL flexible server may be reached over the internet. It counts only for servers with
/// public network access, never for those in a network.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01",
    terraform = "azurerm_postgresql_flexible_server_firewall_rule",
    label = "postgres firewall rule",
    scope = Child,
    one_by_one,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/firewallrules"
)]
pub struct PgFirewallRule {
    /// The rule's name, unique on its server.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_", end = Word,
        source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/firewallrules"
    )]
    name: Name<Self>,
    /// The server.
    #[prop(tf = "server_id", parent)]
    server: Ref<FlexibleServer>,
    /// The first address that may pass.
    #[prop(arm = "properties.startIpAddress", tf = "start_ip_address", danger = Exposure)]
    first: Text,
    /// The last address that may pass.
    #[prop(arm = "properties.endIpAddress", tf = "end_ip_address", danger = Exposure)]
    last: Text,
    meta: Meta,
}

impl PgFirewallRule {
    /// One address.
    #[track_caller]
    #[must_use]
    pub fn address(
        name: Name<Self>,
        server: impl Into<Ref<FlexibleServer>>,
        address: impl Into<Text>,
    ) -> Self {
        let address = address.into();
        Self::new(name, server, address.clone(), address)
    }

    /// Every machine in Azure, those of other people too.
    #[track_caller]
    #[must_use]
    pub fn all_of_azure(name: Name<Self>, server: impl Into<Ref<FlexibleServer>>) -> Self {
        Self::address(name, server, "0.0.0.0")
    }
}

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/postgresql/network/concepts-firewall-rules";
    if let Some(Value::Bool(false)) = check.holder("public_network_access") {
        let what = "the server is not on the internet, so nothing passes its firewall";
        let help = format!(
            "drop the rule, or make the server with `FlexibleServer::public(..)`: {SOURCE}"
        );
        check.report("server", what, help);
    }
    let mut ends = [None, None];
    for (end, property) in ends.iter_mut().zip(["first", "last"]) {
        let Some(text) = check.text(property).map(str::to_owned) else { continue };
        *end = text.parse::<Ipv4Addr>().ok();
        if end.is_none() {
            let what = format!("`{text}` is no IPv4 address");
            check.report(property, what, format!("write it as 203.0.113.7: {SOURCE}"));
        }
    }
    let [Some(first), Some(last)] = ends else { return };
    if first > last {
        let what = format!("the range ends at {last}, before it starts at {first}");
        check.report("last", what, format!("put the lower address first: {SOURCE}"));
    }
    if first == Ipv4Addr::UNSPECIFIED && last == Ipv4Addr::BROADCAST {
        let what = "the rule lets the whole internet in";
        check.report("last", what, format!("name the addresses that are yours: {SOURCE}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let server = stack.add(FlexibleServer::public(name!("shop-pg"), group, PgVersion::V17));
    stack.add(PgFirewallRule::address(name!("vpn"), server, "203.0.113.7"));
    let office = PgFirewallRule::new(name!("office"), server, "203.0.113.16", "203.0.113.31");
    stack.add(office).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn ranges_are_ranges() {
        let server = || Ref::<FlexibleServer>::existing("/subscriptions/s/servers/a");
        let range = |first: &'static str, last: &'static str| {
            refused(PgFirewallRule::new(name!("office"), server(), first, last))
        };
        assert_eq!(range("203.0.113.16", "203.0.113.31"), [""; 0]);
        assert_eq!(range("203.0.113.31", "203.0.113.16"), ["last"]);
        assert_eq!(range("203.0.113.0/24", "all"), ["first", "last"]);
        assert_eq!(range("0.0.0.0", "255.255.255.255"), ["last"]);
        let azure = PgFirewallRule::all_of_azure(name!("azure"), server());
        assert_eq!(refused(azure), [""; 0]);
    }
}
