//! A private endpoint's address is in a subnet that no service has to itself.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16")));
    let apps = Subnet::delegated_to(WebServerFarms, name!("apps"), net, cidr!("10.20.1.0/24"));
    let apps = stack.add(apps);
    let vault = stack.add(KeyVault::new(name!("demo-kv"), group));
    stack.add(PrivateEndpoint::to(name!("demo-end"), group, apps, vault));
}
