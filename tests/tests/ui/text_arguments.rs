//! As many arguments as places, and no formats.
use xat_infra::azure::prelude::*;

fn main() {
    let name = "xat";
    let _ = text!("{} and {}", name);
    let _ = text!("{}", name, 3u32);
    let _ = text!("{name:>8}");
    let _ = text!("{0}", name);
    let _ = text!("{name");
    let _ = text!("{missing}");
}
