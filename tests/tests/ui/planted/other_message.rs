//! It is refused, but not with what is written beside it.
use xat_infra::azure::prelude::*;

fn main() {
    let _: Name<KeyVault> = name!("kv");
}
