//! Nothing is wrong here: a test that expects a refusal must fail on it.
use xat_infra::azure::prelude::*;

fn main() {
    let _: Name<KeyVault> = name!("demo-kv");
}
