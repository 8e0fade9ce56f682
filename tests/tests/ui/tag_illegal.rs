//! What a registry does not take as a tag.
use xat_infra::azure::prelude::*;

fn main() {
    let _ = tag!("1.0 beta");
    let _ = tag!("");
    let _ = tag!(".1");
}
