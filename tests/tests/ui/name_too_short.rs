//! A vault's name has three characters at least.
use xat_infra::azure::prelude::*;

fn main() {
    let _: Name<KeyVault> = name!("kv");
}
