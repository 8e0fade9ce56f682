//! Leave to lose data names what is lost and says why.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let _ = KeyVault::new(name!("demo-kv"), group).allow_replace("demo-kv");
}
