//! A private server lives in a subnet that is handed to its service.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16")));
    let zone = stack.add(PrivateDnsZone::new(name!("demo.postgres.database.azure.com"), group));
    let link = stack.add(PrivateDnsZoneLink::new(name!("demo-net"), zone, net));
    let plain = stack.add(Subnet::new(name!("plain"), net, cidr!("10.20.1.0/24")));
    stack.add(FlexibleServer::private(name!("demo-pg"), group, PgVersion::V17, plain, link));
}
