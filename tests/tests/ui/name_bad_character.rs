//! A registry's name has no hyphens: the rule is the type's.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    stack.add(ContainerRegistry::standard(name!("demo-images"), group));
}
