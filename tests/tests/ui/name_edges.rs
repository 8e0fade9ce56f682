//! What a name starts with, ends with and holds twice.
use xat_infra::azure::prelude::*;

fn main() {
    let _: Name<KeyVault> = name!("1vault");
    let _: Name<KeyVault> = name!("my--vault");
    let _: Name<ResourceGroup> = name!("demo.");
    let _: Name<FlexibleServer> = name!("XatPg");
    let _: Name<KeyVault> = name!("a-vault-with-far-too-long-a-name");
}
