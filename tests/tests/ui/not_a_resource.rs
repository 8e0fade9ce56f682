//! A stack takes resources; a handle is one that it has already.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    stack.add(group);
}
