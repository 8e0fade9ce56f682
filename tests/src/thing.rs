//! A resource type that is not in the catalogue, as a user's own crate would declare one. It has a property of
//! every kind that the planner treats in its own way.

use std::collections::BTreeMap;

use xat_infra::azure::{Region, ResourceGroup};
use xat_infra::dsl::{Meta, Name, Ref};
use xat_infra::schema::{Set, canons, codecs};
use xat_infra::value::{Secret, Text};
use xat_infra::{Block, Choice, Resource};

/// A thing that exists only in tests.
#[derive(Resource)]
#[resource(
    arm = "Test.Things/things@2026-01-01",
    terraform = "azurerm_thing",
    part(key = "extra", suffix = "extras/default", arm = "Test.Things/things/extras"),
    source = "https://example.com/things"
)]
#[output(token: Text, arm = "properties.token", tf = "token", doc = "Made by the service.")]
pub struct Thing {
    /// The thing's name.
    #[name(len = 1..=60, chars = alphanumeric, and = "-", source = "https://example.com/names")]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// Its region.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// A number that can change in place.
    #[prop(arm = "properties.size", tf = "size", service = 1, danger = Downtime)]
    size: Option<u32>,
    /// A word that cannot change in place.
    #[prop(arm = "sku.name", tf = "sku", replace, canon = canons::CASE)]
    sku: Option<Text>,
    /// Text with other things' tokens in it.
    #[prop(arm = "properties.notes", tf = "notes")]
    notes: Option<Text>,
    /// Words in any order.
    #[prop(arm = "properties.labels", tf = "labels", each = "label")]
    labels: Option<Set<Text>>,
    /// Other things, in any order.
    #[prop(arm = "properties.peers", tf = "peer_ids", codec = codecs::ID_OBJECTS, each = "peer")]
    peers: Option<Set<Ref<Thing>>>,
    /// Another thing, for good.
    #[prop(arm = "properties.anchor", tf = "anchor_id", codec = codecs::ID_OBJECT, replace)]
    anchor: Option<Ref<Thing>>,
    /// Rules, told apart by name.
    #[prop(arm = "properties.rules", tf = "rule", key = "name", each = "rule")]
    rules: Option<Vec<Rule>>,
    /// Whether the world may see it.
    #[prop(arm = "properties.publicAccess", tf = "public_access_enabled", codec = codecs::ENABLED_DISABLED,
        default = false, service = true, exposes = true)]
    public_access: bool,
    /// What nobody may see.
    #[prop(arm = "properties.password", tf = "password_wo", write_only)]
    password: Option<Secret>,
    /// Settings that a plain GET never returns.
    #[prop(arm = "extra:properties", tf = "settings", write_only, each = "setting")]
    settings: Option<BTreeMap<String, Text>>,
    /// Labels for people.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// One rule of a thing.
#[derive(Clone, Block)]
pub struct Rule {
    /// The rule's name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// What it does.
    #[prop(arm = "properties.effect", tf = "effect")]
    effect: Effect,
    /// Where it stands among the others.
    #[prop(arm = "properties.priority", tf = "priority")]
    priority: Option<u32>,
}

/// What a rule does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum Effect {
    /// Lets through.
    Allow,
    /// Turns away.
    Deny,
}
