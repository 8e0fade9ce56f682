//! How a virtual network gateway translates addresses.

use crate::dsl::Cidr;
use crate::schema::codecs::{each, try_each};
use crate::schema::{Codec, Set, canons};
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// A rule by which a gateway translates addresses.
#[derive(Clone, Block)]
pub struct GatewayNatRule {
    /// The rule's name, unique in its gateway.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// Whether each address has one that stands for it, or several share a few.
    #[prop(arm = "properties.type", tf = "type", service = NatKind::Static, danger = Downtime)]
    kind: Option<NatKind>,
    /// Which traffic is translated: that leaves the network, or that enters it.
    #[prop(arm = "properties.mode", tf = "mode", service = NatMode::EgressSnat, danger = Downtime)]
    mode: Option<NatMode>,
    /// The ranges inside.
    #[prop(arm = "properties.internalMappings", tf = "internal_mapping", codec = MAPPINGS, tf_codec = TF_MAPPINGS,
        danger = Downtime, each = "internal")]
    internal_ranges: Option<Set<Cidr>>,
    /// The ranges that stand for them outside.
    #[prop(arm = "properties.externalMappings", tf = "external_mapping", codec = MAPPINGS, tf_codec = TF_MAPPINGS,
        danger = Downtime, each = "external")]
    external_ranges: Option<Set<Cidr>>,
}

/// Whether each address has one that stands for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NatKind {
    /// Each has its own.
    Static,
    /// Several share a few.
    Dynamic,
}

/// Which traffic a NAT rule translates.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum NatMode {
    /// That leaves the network.
    EgressSnat,
    /// That enters the network.
    IngressSnat,
}

/// Ranges that ARM wraps each in a mapping.
static MAPPINGS: Codec = Codec {
    name: "list of objects with addressSpace",
    encode: |value| each(value, |range| Value::map([("addressSpace", range.clone())])),
    decode: |value| try_each(value, |mapping| mapping.at(&["addressSpace"]).cloned()),
};

/// Ranges that Terraform wraps each in a mapping.
static TF_MAPPINGS: Codec = Codec {
    name: "list of objects with address_space",
    encode: |value| each(value, |range| Value::map([("address_space", range.clone())])),
    decode: |value| try_each(value, |mapping| mapping.at(&["address_space"]).cloned()),
};
