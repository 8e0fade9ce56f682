//! What the unit tests of checks share: what a resource's own checks complain of.

use crate::azure::{AzureScope as _, Region, ResourceGroup};
use crate::dsl::{Handle, Ref, Resource, Stack};
use crate::schema::CheckContext;

/// The properties that the checks of a resource complain of, in order.
pub(super) fn complaints<R: Resource>(resource: R) -> Vec<&'static str> {
    let ty = R::resource_type();
    let (fields, _) = resource.declare();
    let mut context =
        CheckContext { fields: &fields, props: ty.props, holder: None, found: Vec::new() };
    for check in ty.checks {
        check(&mut context);
    }
    context.found.iter().map(|finding| finding.property).collect()
}

/// A group to put resources into.
pub(super) fn group() -> Ref<ResourceGroup> {
    Ref::existing("/subscriptions/s/resourceGroups/shop-rg")
}

/// What the checks of all resources of a stack complain of.
pub(super) fn refusals(fill: impl FnOnce(&mut Stack, Handle<ResourceGroup>)) -> Vec<String> {
    let mut stack = Stack::new("demo").subscription("s").tenant("t");
    let group = stack.add(ResourceGroup::new(crate::name!("demo-rg"), Region::WestEurope));
    fill(&mut stack, group);
    let problems = crate::graph::build(stack).err().unwrap_or_default();
    problems.into_iter().map(|problem| problem.message).collect()
}
