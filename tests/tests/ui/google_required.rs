//! A service runs as an account, and a private database takes its address from a peering.
use xat_infra::gcp::prelude::*;

fn main() {
    let mut stack = Stack::new("demo").project("demo").region(Location::EUROPE_WEST4);
    let _ = CloudRunService::new(name!("shop"));
    let network = stack.add(Network::new(name!("shop")));
    let tier = SqlTier::custom(2, 7680);
    let _ = SqlInstance::private(name!("shop-pg"), PostgresVersion::V17, tier, network);
}
