//! The trait of resource types, with what can be said of any resource.

use super::{DataLoss, Meta};
use crate::schema::{PropId, ResourceType};
use crate::value::{Fields, NodeRef, Value};

/// Holds where a type is `T` itself: setters that exist for one variant of a generic resource ask for it.
#[diagnostic::on_unimplemented(
    message = "this can be said of a `{T}` alone",
    label = "not of a `{Self}`"
)]
pub trait Is<T> {}

#[diagnostic::do_not_recommend]
impl<T> Is<T> for T {}

/// A type of resource. Implemented by `#[derive(Resource)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource type",
    label = "not a resource",
    note = "a resource type is a struct with `#[derive(Resource)]`; what is in a stack already is a `Handle`"
)]
pub trait Resource: Sized {
    /// The outputs that a handle offers.
    type Outputs: From<NodeRef> + Copy + 'static;

    /// The static description.
    fn resource_type() -> &'static ResourceType;

    /// The type's argument, for generic types (`Premium`); empty for others.
    fn argument() -> &'static str {
        ""
    }

    /// The declared properties, and what was said beside them.
    fn declare(self) -> (Fields, Meta);

    /// What is said beside the properties.
    fn meta_mut(&mut self) -> &mut Meta;

    /// The key in addresses, where it should not be the resource's name.
    fn key(mut self, key: impl Into<String>) -> Self {
        self.meta_mut().key = Some(key.into());
        self
    }

    /// The name of a resource that was made by other means, where this library would derive another (a role
    /// assignment's GUID). Types whose name the constructor asks for take it from there.
    fn named(mut self, name: impl Into<String>) -> Self {
        self.meta_mut().given_name = Some(name.into());
        self
    }

    /// Orders this resource after another to which it does not refer.
    #[track_caller]
    fn depends_on(mut self, other: impl Into<NodeRef>) -> Self {
        let at = std::panic::Location::caller();
        self.meta_mut().depends_on.push((other.into(), at));
        self
    }

    /// Refuses every plan that would delete or replace this resource.
    fn protect(mut self) -> Self {
        self.meta_mut().protect = true;
        self
    }

    /// When it must be replaced, makes the new one before the old one goes. Its name must then change too.
    fn create_before_destroy(mut self) -> Self {
        self.meta_mut().create_first = true;
        self
    }

    /// Leaves a property to others once the resource exists: it is set on creation and not compared later.
    fn ignore(mut self, property: PropId<Self>) -> Self {
        self.meta_mut().ignore.push(property.index());
        self
    }

    /// The key or address that this resource had in earlier versions of the stack.
    #[track_caller]
    fn was(mut self, old: impl Into<String>) -> Self {
        let at = std::panic::Location::caller();
        self.meta_mut().was.push((old.into(), at));
        self
    }

    /// Sets a lint rule aside for this resource, for a reason that stands in the report.
    #[track_caller]
    fn allow(mut self, code: &'static str, reason: impl Into<String>) -> Self {
        self.meta_mut().allow(code, reason);
        self
    }

    /// Allows a plan to replace this resource although its data goes with it.
    fn allow_replace(mut self, leave: DataLoss) -> Self {
        self.meta_mut().allow_replace = Some(leave);
        self
    }

    /// Says something that the type does not model: a value at a dotted path of the REST body.
    ///
    /// It is compared, shown and sent like every other property.
    #[track_caller]
    fn raw(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        let at = std::panic::Location::caller();
        self.meta_mut().raw.push((path.into(), value.into(), at));
        self
    }
}
