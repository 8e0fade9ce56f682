//! A role assignment has no name that anyone could choose.
use xat_infra::azure::prelude::*;

fn main() {
    let _: Name<RoleAssignment> = name!("mine");
}
