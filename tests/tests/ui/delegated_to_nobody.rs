//! A subnet is handed to a service, or made with `Subnet::new`.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16")));
    stack.add(Subnet::delegated_to(Undelegated, name!("apps"), net, cidr!("10.20.1.0/24")));
}
