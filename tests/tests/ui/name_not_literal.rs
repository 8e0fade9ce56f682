//! `name!` takes literals; what is made while running goes through `Name::new`.
use xat_infra::azure::prelude::*;

fn main() {
    let made = format!("demo-{}", 1);
    let _: Name<KeyVault> = name!(made);
}
