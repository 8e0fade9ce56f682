//! A helper that wants a Premium registry takes no other.
use xat_infra::azure::prelude::*;

fn off_the_internet(_: Handle<ContainerRegistry<Premium>>) {}

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let registry = stack.add(ContainerRegistry::standard(name!("demoimages"), group));
    off_the_internet(registry);
}
