//! What the unit tests of checks share.

use crate::azure::ResourceGroup;
use crate::dsl::Ref;

/// A group to put resources into.
pub(super) fn group() -> Ref<ResourceGroup> {
    Ref::existing("/subscriptions/s/resourceGroups/shop-rg")
}
