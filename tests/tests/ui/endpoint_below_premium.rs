//! Registries take private endpoints from Premium on.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16")));
    let ends = stack.add(Subnet::new(name!("ends"), net, cidr!("10.20.1.0/24")));
    let registry = stack.add(ContainerRegistry::standard(name!("demoimages"), group));
    stack.add(PrivateEndpoint::to(name!("demo-end"), group, ends, registry));
}
