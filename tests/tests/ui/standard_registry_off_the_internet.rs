//! Only a Premium registry can do without its public side.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let _ = ContainerRegistry::standard(name!("demoimages"), group).public_network_access(false);
}
