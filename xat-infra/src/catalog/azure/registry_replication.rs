//! Replications of a container registry: the same images, near those who pull them.

use std::collections::BTreeMap;

use crate::azure::{ContainerRegistry, Premium, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::codecs::ENABLED_DISABLED;
use crate::schema::{CheckContext, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A copy of a container registry in another region, under the same host name. Only Premium registries have them.
///
/// Terraform has no resource of its own for it (it is a block of its registry there), so it has no Terraform reading.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ContainerRegistry/registries/replications@2025-11-01",
    scope = Child,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/replications"
)]
pub struct RegistryReplication {
    /// The replication's name; most call it after its region.
    #[name(
        len = 5..=50, chars = alphanumeric,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry"
    )]
    name: Name<Self>,
    /// The registry.
    #[prop(parent)]
    registry: Ref<ContainerRegistry<Premium>>,
    /// The region, which must be another than the registry's.
    #[prop(arm = "location", replace)]
    location: Region,
    /// Whether it answers pulls. If not, it is only kept up to date.
    #[prop(arm = "properties.regionEndpointEnabled", service = true, danger = Downtime)]
    answers: Option<bool>,
    /// Whether it is spread over the region's zones; fixed when it is made.
    #[prop(arm = "properties.zoneRedundancy", codec = ENABLED_DISABLED, service = false, replace)]
    zone_redundancy: Option<bool>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

fn limits(check: &mut CheckContext<'_>) {
    let home = check.holder("location").and_then(Value::as_str).map(str::to_owned);
    if home
        .is_some_and(|home| canons::REGION.same(&home, check.text("location").unwrap_or_default()))
    {
        let source = "https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication";
        let what = "the registry is in this region already";
        check.report("location", what, format!("name another region: {source}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let near = RegistryReplication::new(name!("northeurope"), registry, Region::NorthEurope)
        .answers(true)
        .zone_redundancy(true)
        .tag("owner", "platform");
    stack.add(near).node()
}
