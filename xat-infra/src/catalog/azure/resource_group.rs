//! Resource groups: what holds every other resource of an Azure estate.

use std::collections::BTreeMap;

use crate::azure::Region;
use crate::dsl::{Meta, Name, Stack};
use crate::schema::{Fact, canons};
use crate::value::{NodeRef, Text};
use crate::{Resource, name};

/// A resource group. Deleting it deletes everything in it.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Resources/resourceGroups@2024-03-01",
    terraform = "azurerm_resource_group",
    scope = Root,
    holds_data,
    fact = Fact::Groups,
    source = "https://learn.microsoft.com/azure/templates/microsoft.resources/resourcegroups"
)]
pub struct ResourceGroup {
    /// The group's name, unique in the subscription.
    #[name(
        len = 1..=90, chars = alphanumeric, and = "-_.()", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources"
    )]
    name: Name<Self>,
    /// The region of the group's own metadata, and of everything in it that names no other.
    #[prop(arm = "location", tf = "location", replace)]
    location: Region,
    /// Who manages the group, when a managed service does.
    #[prop(arm = "managedBy", tf = "managed_by", replace, canon = canons::RESOURCE_ID)]
    managed_by: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = ResourceGroup::new(name!("shop-rg"), Region::WestEurope).tag("owner", "platform");
    stack.add(group).node()
}
