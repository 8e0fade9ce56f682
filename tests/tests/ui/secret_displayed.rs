//! A secret is not printed.
use xat_infra::azure::prelude::*;

fn main() {
    let password = Secret::generated("db");
    println!("{password}");
}
