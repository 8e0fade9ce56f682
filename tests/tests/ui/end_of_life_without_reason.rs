//! A version that nobody mends any more needs a reason; it is no constant.
use xat_infra::azure::prelude::*;

fn main() {
    let _ = PgVersion::V11;
    let _ = PgVersion::end_of_life("11");
}
