//! For the tests of the catalogue: what a type's checks say of a resource, and how an import would say a value.

use crate::azure::ResourceGroup;
use crate::dsl::{Ref, Resource};
use crate::schema::{CheckContext, PropertyType, Variable, Variables};
use crate::value::{NodeRef, OutputRef, Text};

/// What a resource's checks complain of: the property, and what is wrong with it.
fn complaints<R: Resource>(resource: R) -> Vec<(&'static str, String)> {
    let ty = R::resource_type();
    let (fields, _) = resource.declare();
    let mut context =
        CheckContext { fields: &fields, props: ty.props, holder: None, found: Vec::new() };
    for check in ty.checks {
        check(&mut context);
    }
    let found = std::mem::take(&mut context.found);
    assert!(found.iter().all(|f| ty.prop(f.property).is_some() && !f.help.is_empty()));
    found.into_iter().map(|f| (f.property, f.message)).collect()
}

/// Every complaint of a resource's checks, as `property: message`; none where the provider takes it.
pub(crate) fn refusals<R: Resource>(resource: R) -> Vec<String> {
    complaints(resource).into_iter().map(|(of, what)| format!("{of}: {what}")).collect()
}

/// The properties that a resource's checks complain of, in the order of the complaints.
pub(crate) fn refused<R: Resource>(resource: R) -> Vec<&'static str> {
    complaints(resource).into_iter().map(|(of, _)| of).collect()
}

/// A group that exists elsewhere.
pub(crate) fn group() -> Ref<ResourceGroup> {
    Ref::existing("/subscriptions/5a1e/resourceGroups/shop-rg")
}

/// A value as an import would write it, in a stack without other resources.
pub(crate) fn said<T: PropertyType>(value: T) -> Option<String> {
    said_value::<T>(&value.into_value())
}

/// The same of what was read from a body.
pub(crate) fn said_value<T: PropertyType>(value: &crate::value::Value) -> Option<String> {
    T::rust(value, &Nothing)
}

/// No resource has a variable.
struct Nothing;

impl Variables for Nothing {
    fn variable(&self, _: NodeRef) -> Option<Variable<'_>> {
        None
    }

    fn known(&self, _: OutputRef) -> Option<String> {
        None
    }

    fn child(&self, _: &Text, _: &str) -> Option<Variable<'_>> {
        None
    }

    fn with_output(&self, _: &str, _: &str) -> Option<Variable<'_>> {
        None
    }

    fn has(&self, _: &str) -> bool {
        false
    }
}
