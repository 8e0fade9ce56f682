//! Every unknown key is reported, each at its own place, with what was probably meant.
use xat_infra::Resource;
use xat_infra::azure::prelude::*;
use xat_infra::dsl::Meta;

/// A thing.
#[derive(Resource)]
#[resource(
    arm = "Test.Things/things@2026-01-01",
    source = "https://example.com",
    teraform = "azurerm_thing",
    colour = "red",
    part(key = "extra", sufix = "extras", arm = "Test.Things/things/extras")
)]
#[output(token: Text, arm = "properties.token", dok = "Made by the service.", sense = "none")]
pub struct Thing {
    /// Its name.
    #[name(len = 1..=60, chars = alphanumeric, andd = "-", shape = "round", source = "https://example.com")]
    name: Name<Self>,
    /// Its group.
    #[prop(tf = "resource_group_name", tf_reff = "name", parent)]
    group: Ref<ResourceGroup>,
    /// Its size.
    #[prop(arm = "properties.size", replaces, servise = 1, secret)]
    size: Option<u32>,
    meta: Meta,
}

fn main() {}
