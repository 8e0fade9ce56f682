//! A tag is for everyone to read.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let _ = KeyVault::new(name!("demo-kv"), group).tag("password", Secret::generated("db"));
}
