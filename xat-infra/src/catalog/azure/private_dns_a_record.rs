//! A records of private DNS zones: a name, and the addresses that it stands for.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::azure::{PrivateDnsZone, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::codecs::{each, try_each};
use crate::schema::{CheckContext, Codec, Saying, Set};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// An A record of a private DNS zone. Records that private endpoints enter by themselves are not declared.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/privateDnsZones/A@2024-06-01",
    terraform = "azurerm_private_dns_a_record",
    scope = Child,
    label = "private DNS record",
    private_new,
    import = say,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/privatednszones/a"
)]
#[output(fqdn: Text, arm = "properties.fqdn", tf = "fqdn",
    doc = "The whole name, with a full stop at its end.")]
pub struct PrivateDnsARecord {
    /// The name inside the zone: `www`, `*` for every other name, `@` for the zone's own.
    #[name(
        len = 1..=63, chars = alphanumeric, and = "-_.*@", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The zone.
    #[prop(tf = "private_dns_zone_id", parent)]
    zone: Ref<PrivateDnsZone>,
    /// For how many seconds whoever asked may remember the answer.
    #[prop(
        arm = "properties.ttl",
        tf = "ttl",
        label = "time to live",
        unit = "seconds",
        default = 300
    )]
    ttl: u32,
    /// The addresses, of version 4.
    #[prop(arm = "properties.aRecords", tf = "records", codec = A_RECORDS, danger = Downtime, each = "address")]
    addresses: Option<Set<Text>>,
    /// Labels for people; a record has no tags, and its metadata takes their place.
    #[prop(arm = "properties.metadata", tf = "tags", danger = Cosmetic, each = "label")]
    metadata: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl PrivateDnsARecord {
    /// A record that stands for an address; [`address`](Self::address) adds more.
    #[track_caller]
    #[must_use]
    pub fn new(
        name: Name<Self>,
        zone: impl Into<Ref<PrivateDnsZone>>,
        address: impl Into<Text>,
    ) -> Self {
        Self::declare_new(name, zone).address(address)
    }
}

/// The first address is the constructor's.
fn say(record: &mut Saying<'_>) {
    let base = ["name", "zone"];
    record.construct_with_first("PrivateDnsARecord::new", &base, "addresses", "address");
}

/// Addresses that ARM wraps each in a record.
static A_RECORDS: Codec = Codec {
    name: "list of objects with ipv4Address",
    encode: |value| each(value, |ip| Value::map([("ipv4Address", ip.clone())])),
    decode: |value| try_each(value, |record| record.at(&["ipv4Address"]).cloned()),
};

fn limits(check: &mut CheckContext<'_>) {
    const RECORDS: &str = "https://learn.microsoft.com/azure/dns/dns-zones-records";
    check.range("ttl", 1..=2_147_483_647, RECORDS);
    let Some(Value::List(addresses)) = check.get("addresses") else { return };
    let (count, words) = (addresses.len(), addresses.iter().filter_map(Value::as_str));
    let wrong: Vec<String> =
        words.filter(|ip| ip.parse::<Ipv4Addr>().is_err()).map(str::to_owned).collect();
    if !(1..=20).contains(&count) {
        check.report(
            "addresses",
            format!("a record set holds 1 to 20 records, not {count}"),
            "the provider's reference: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-dns-limits",
        );
    }
    for ip in wrong {
        check.report(
            "addresses",
            format!("`{ip}` is no address of version 4"),
            format!("an A record holds addresses such as `10.30.1.4`: {RECORDS}"),
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let zone = stack.add(PrivateDnsZone::new(name!("shop.internal"), group));
    stack.add(PrivateDnsARecord::new(name!("@"), zone, "10.30.1.4"));
    let record = PrivateDnsARecord::new(name!("www"), zone, "10.30.1.4")
        .address("10.30.1.5")
        .ttl(3600)
        .label("owner", "platform");
    stack.add(record).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn record() -> PrivateDnsARecord {
        PrivateDnsARecord::new(name!("www"), Ref::existing("/subscriptions/s/zone"), "10.0.0.4")
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(record().ttl(1).address("10.0.0.5")), [""; 0]);
        assert_eq!(refused(record().ttl(0)), ["ttl"]);
        assert_eq!(refused(record().address("fd00::1")), ["addresses"]);
        let many = |count: u8| record().addresses((0..count).map(|i| format!("10.0.0.{i}")));
        assert_eq!(refused(many(20)), [""; 0]);
        assert_eq!(refused(many(21)), ["addresses"]);
        assert_eq!(refused(many(0)), ["addresses"]);
    }
}
