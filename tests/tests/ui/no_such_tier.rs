//! A registry's tier is one of three.
use xat_infra::azure::prelude::*;

struct Gold;

fn main() {
    let _: Option<ContainerRegistry<Gold>> = None;
}
