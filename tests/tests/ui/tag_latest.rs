//! `latest` names another image every time.
use xat_infra::azure::prelude::*;

fn main() {
    let _ = tag!("latest");
}
