//! A resource group has a region.
use xat_infra::azure::prelude::*;

fn main() {
    let _ = ResourceGroup::new(name!("demo-rg"));
}
