//! A range is written by its first address.
use xat_infra::azure::prelude::*;

fn main() {
    let _ = cidr!("10.20.0.1/16");
}
