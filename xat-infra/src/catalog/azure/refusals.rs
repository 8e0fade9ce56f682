//! What a type's checks say of a resource, for the tests of the catalogue.

use crate::azure::ResourceGroup;
use crate::dsl::{Ref, Resource};
use crate::schema::CheckContext;

/// Every complaint of a resource's checks, as `property: message`; none where the provider takes it.
pub(crate) fn refusals<R: Resource>(resource: R) -> Vec<String> {
    let ty = R::resource_type();
    let (fields, _) = resource.declare();
    let mut context =
        CheckContext { fields: &fields, props: ty.props, holder: None, found: Vec::new() };
    for check in ty.checks {
        check(&mut context);
    }
    let found = std::mem::take(&mut context.found);
    assert!(found.iter().all(|f| ty.prop(f.property).is_some() && !f.help.is_empty()));
    found.iter().map(|f| format!("{}: {}", f.property, f.message)).collect()
}

/// A group that exists elsewhere.
pub(crate) fn group() -> Ref<ResourceGroup> {
    Ref::existing("/subscriptions/5a1e/resourceGroups/shop-rg")
}
