//! A vault where a group is wanted, and a vault where a subnet is wanted.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let vault = stack.add(KeyVault::new(name!("demo-kv"), group));
    stack.add(KeyVault::new(name!("other-kv"), vault));
    stack.add(PrivateEndpoint::to(name!("demo-end"), group, vault, vault));
}
