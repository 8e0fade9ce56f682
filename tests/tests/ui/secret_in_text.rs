//! Text is shown; a secret inside it would be too.
use xat_infra::azure::prelude::*;

fn main() {
    let password = Secret::generated("db");
    let _ = text!("postgres://xat:{password}@db");
    let _ = text!("postgres://xat:{}@db", password);
}
