//! For the types' own tests: which properties of a resource break a rule of the provider.

use crate::dsl::Resource;
use crate::schema::CheckContext;

/// The properties that the type's checks report, in the order of the reports.
pub(crate) fn refused<R: Resource>(resource: R) -> Vec<&'static str> {
    let ty = R::resource_type();
    let (fields, _) = resource.declare();
    let mut context =
        CheckContext { fields: &fields, props: ty.props, holder: None, found: Vec::new() };
    ty.checks.iter().for_each(|check| check(&mut context));
    context.found.iter().map(|finding| finding.property).collect()
}
