//! Everything that people read in previews and reference pages has a doc comment.
use xat_infra::azure::prelude::*;
use xat_infra::dsl::Meta;
use xat_infra::{Block, Choice, Resource};

#[derive(Resource)]
#[resource(arm = "Test.Things/things@2026-01-01", source = "https://example.com")]
#[output(token: Text, arm = "properties.token")]
pub struct Thing {
    #[name(len = 1..=60, chars = alphanumeric, source = "https://example.com")]
    name: Name<Self>,
    #[prop(parent)]
    group: Ref<ResourceGroup>,
    meta: Meta,
}

#[derive(Clone, Block)]
pub struct Rule {
    #[prop(arm = "name")]
    name: Text,
}

#[derive(Clone, Choice)]
pub enum Effect {
    Allow,
}

fn main() {}
