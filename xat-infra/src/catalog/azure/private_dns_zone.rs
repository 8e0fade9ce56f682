//! Private DNS zones: names that only linked networks can resolve.

use std::collections::BTreeMap;

use crate::azure::{KeyVault, PrivateLinkTarget, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A private DNS zone. It answers in the networks that it is linked to.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/privateDnsZones@2024-06-01",
    terraform = "azurerm_private_dns_zone",
    label = "private DNS zone",
    constant(arm = "location", value = "global"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/privatednszones"
)]
pub struct PrivateDnsZone {
    /// The zone's domain name, of 2 to 34 labels (`shop.internal`), unique in its group.
    #[name(
        len = 1..=63, chars = alphanumeric, and = "-_.", start = Word, end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl PrivateDnsZone {
    /// The zone in which private endpoints to resources of type `T` are registered.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// let mut stack = Stack::new("demo");
    /// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    /// let zone = stack.add(PrivateDnsZone::private_link::<KeyVault>(group));
    /// ```
    #[track_caller]
    #[must_use]
    pub fn private_link<T: PrivateLinkTarget>(group: impl Into<Ref<ResourceGroup>>) -> Self {
        Self::new(Name::new(T::ZONE), group)
    }
}

fn limits(check: &mut CheckContext<'_>) {
    let Some(name) = check.get("name").and_then(Value::as_str) else { return };
    let labels = name.split('.').count();
    if !(2..=34).contains(&labels) || name.split('.').any(str::is_empty) {
        check.report(
            "name",
            format!("a zone's name has 2 to 34 labels with full stops between them, this one has {labels}"),
            "the provider's reference: \
             https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    stack.add(PrivateDnsZone::private_link::<KeyVault>(group));
    let zone = PrivateDnsZone::new(name!("shop.internal"), group).tag("owner", "platform");
    stack.add(zone).node()
}
