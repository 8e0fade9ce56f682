//! A secret is not printed for debugging either.
use xat_infra::azure::prelude::*;

fn main() {
    let password = Secret::generated("db");
    println!("{password:?}");
    println!("{:?}", password.into_inner());
}
