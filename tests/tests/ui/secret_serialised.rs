//! A secret is not written to a file.
use xat_infra::azure::prelude::*;

fn main() {
    let password = Secret::generated("db");
    let _ = serde_json::to_string(&password);
}
