//! A property to ignore is one of the resource's own.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let _ = KeyVault::new(name!("demo-kv"), group).ignore(ResourceGroup::TAGS);
    let _ = KeyVault::new(name!("demo-kv"), group).ignore(KeyVault::COLOUR);
}
