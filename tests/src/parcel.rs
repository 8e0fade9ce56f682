//! A resource type of Google Cloud that is not in the catalogue, so that random stacks can hold both clouds: what depends on a
//! cloud in the core shows in them.

use std::collections::BTreeMap;

use xat_infra::Resource;
use xat_infra::dsl::{Meta, Name};
use xat_infra::gcp::PROVIDER;
use xat_infra::value::{Secret, Text};

/// A parcel that exists only in tests.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "parcels.googleapis.com/Parcel@v1",
    id = "//parcels.googleapis.com/projects/{gcp.project}/parcels/{name}",
    terraform = "google_parcel",
    scope = Root,
    source = "https://example.com/parcels"
)]
#[output(token: Text, rest = "token", tf = "token", doc = "Made by the service.")]
pub struct Parcel {
    /// The parcel's name.
    #[name(len = 1..=60, chars = alphanumeric, and = "-", source = "https://example.com/names")]
    name: Name<Self>,
    /// A number that can change in place.
    #[prop(rest = "size", tf = "size", service = 1, danger = Downtime)]
    size: Option<u32>,
    /// A word that cannot change in place.
    #[prop(rest = "sku.name", tf = "sku", replace)]
    sku: Option<Text>,
    /// Text with tokens of other things in it, of either cloud.
    #[prop(rest = "notes", tf = "notes")]
    notes: Option<Text>,
    /// What nobody may see.
    #[prop(rest = "password", tf = "password_wo", write_only)]
    password: Option<Secret>,
    /// Labels for people.
    #[prop(rest = "labels", tf = "labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}
