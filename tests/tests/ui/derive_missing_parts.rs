//! What a resource type cannot do without, all at once.
use xat_infra::Resource;
use xat_infra::azure::prelude::*;
use xat_infra::dsl::Meta;

/// No meta, no name, no source.
#[derive(Resource)]
#[resource(arm = "Test.Things/things@2026-01-01")]
pub struct Bare {
    /// Its group.
    #[prop(parent)]
    group: Ref<ResourceGroup>,
}

/// Nothing said at all.
#[derive(Resource)]
pub struct Mute {
    /// Its name.
    #[name()]
    name: Name<Self>,
    meta: Meta,
}

/// No API version; an option that always has a value.
#[derive(Resource)]
#[resource(arm = "Test.Things/things", source = "https://example.com")]
pub struct Versionless {
    /// Its name.
    #[name(len = 3, chars = alphanumeric, source = "https://example.com")]
    name: Name<Self>,
    /// Its size.
    #[prop(arm = "properties.size", default = 1)]
    size: Option<u32>,
    meta: Meta,
}

fn main() {}
