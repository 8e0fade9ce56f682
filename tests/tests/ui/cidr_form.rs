//! A range is `a.b.c.d/n`.
use xat_infra::azure::prelude::*;

fn main() {
    let _ = cidr!("10.20.0.0");
    let _ = cidr!("10.20.0.0/33");
}
