//! Handles to declared resources, their typed outputs, and references between them.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Deref;

use super::Resource;
use crate::schema::{ID, Kind, NAME, OutputSpec, PropertyType, Set, Variables, rust};
use crate::value::{NodeRef, OutputRef, Text, Value};

/// A resource that is in a stack. It is `Copy`: pass it to whatever refers to the resource.
///
/// The type's own outputs are methods on it, through `Deref`.
pub struct Handle<R: Resource> {
    node: NodeRef,
    outputs: R::Outputs,
}

impl<R: Resource> Clone for Handle<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Resource> Copy for Handle<R> {}

impl<R: Resource> Deref for Handle<R> {
    type Target = R::Outputs;
    fn deref(&self) -> &R::Outputs {
        &self.outputs
    }
}

impl<R: Resource> Handle<R> {
    pub(crate) fn new(node: NodeRef) -> Self {
        Self { node, outputs: R::Outputs::from(node) }
    }

    /// The resource's full ID.
    pub fn id(self) -> Output {
        Output::new(self.node, &ID)
    }

    /// The resource's name.
    pub fn name(self) -> Output {
        Output::new(self.node, &NAME)
    }

    /// The resource without its type.
    pub fn node(self) -> NodeRef {
        self.node
    }
}

impl<R: Resource> From<Handle<R>> for NodeRef {
    fn from(handle: Handle<R>) -> Self {
        handle.node
    }
}

/// A value of type `T` that a resource gives to others, perhaps only after it is applied.
pub struct Output<T = Text> {
    reference: OutputRef,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Output<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Output<T> {}

impl<T> Output<T> {
    /// An output of a resource. The derive writes these.
    pub const fn new(node: NodeRef, output: &'static OutputSpec) -> Self {
        Self { reference: OutputRef { node, output }, of: PhantomData }
    }

    /// The output without its type.
    pub const fn reference(self) -> OutputRef {
        self.reference
    }
}

/// A reference to a resource of type `R`: one of this stack, or one that exists elsewhere.
pub struct Ref<R> {
    text: Text,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Ref<R> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), of: PhantomData }
    }
}

impl<R> Ref<R> {
    /// A resource that exists outside this stack, by its full ID.
    pub fn existing(id: impl Into<Cow<'static, str>>) -> Self {
        Self { text: Text::Literal(id.into()), of: PhantomData }
    }

    /// The reference as text: the resource's ID.
    pub fn text(&self) -> &Text {
        &self.text
    }
}

impl<R: Resource> Ref<R> {
    /// The same reference by another output than the ID. What exists elsewhere is said by the last segment of its ID.
    #[doc(hidden)]
    #[must_use]
    pub fn by(self, output: impl Fn(R::Outputs) -> OutputRef) -> Self {
        self.through(|node| output(R::Outputs::from(node)))
    }

    /// The same reference by the resource's name.
    #[doc(hidden)]
    #[must_use]
    pub fn by_name(self) -> Self {
        self.through(|node| OutputRef { node, output: &NAME })
    }

    fn through(self, output: impl Fn(NodeRef) -> OutputRef) -> Self {
        let text = match self.text {
            Text::Output(id) if id.output.name == ID.name => Text::Output(output(id.node)),
            // What is numbered is said by all of its ID, number and all.
            Text::Literal(id) if R::resource_type().found_by.is_some() => Text::Literal(id),
            Text::Literal(id) => {
                let last = id.rsplit('/').next().unwrap_or(&id).to_owned();
                Text::Literal(last.into())
            }
            other => other,
        };
        Self { text, of: PhantomData }
    }
}

/// A property of references that bodies say by another output than the ID: `#[prop(via = "..")]`.
#[doc(hidden)]
pub trait Via {
    /// What is referred to.
    type Of;

    /// The value, each reference by what `by` makes of it.
    fn via(self, by: impl Fn(Ref<Self::Of>) -> Ref<Self::Of>) -> Value;
}

impl<R: Resource> Via for Ref<R> {
    type Of = R;
    fn via(self, by: impl Fn(Ref<R>) -> Ref<R>) -> Value {
        by(self).into_value()
    }
}

impl<R: Resource> Via for Vec<Ref<R>> {
    type Of = R;
    fn via(self, by: impl Fn(Ref<R>) -> Ref<R>) -> Value {
        Value::List(self.into_iter().map(|one| by(one).into_value()).collect())
    }
}

impl<R: Resource> Via for Set<Ref<R>> {
    type Of = R;
    fn via(self, by: impl Fn(Ref<R>) -> Ref<R>) -> Value {
        self.0.via(by)
    }
}

/// Holds where a resource is of the type that is asked for: a handle of another type makes no reference.
#[diagnostic::on_unimplemented(
    message = "a `{R}` is wanted here, and this is a `{Self}`",
    label = "this is a `{Self}`"
)]
pub trait OfType<R> {}

#[diagnostic::do_not_recommend]
impl<R> OfType<R> for R {}

impl<R: Resource, S: Resource + OfType<R>> From<Handle<S>> for Ref<R> {
    fn from(handle: Handle<S>) -> Self {
        Self { text: handle.id().into(), of: PhantomData }
    }
}

#[diagnostic::do_not_recommend]
impl<R: Resource> PropertyType for Ref<R> {
    const KIND: &'static Kind = &Kind::Ref(R::resource_type);
    fn into_value(self) -> Value {
        Value::Text(self.text)
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        rust::reference(value, variables, "Ref", Some((R::resource_type(), R::argument())))
    }
    fn rust_exact(value: &Value, variables: &dyn Variables) -> Option<String> {
        Some(format!("Ref::from({})", Self::rust(value, variables)?))
    }
}

/// A reference to any resource at all (a role assignment's scope, a lock's target).
#[derive(Clone)]
pub struct AnyRef(pub(crate) Text);

impl AnyRef {
    /// A resource or scope that exists outside this stack, by its full ID.
    pub fn existing(id: impl Into<Cow<'static, str>>) -> Self {
        Self(Text::Literal(id.into()))
    }
}

impl<R: Resource> From<Handle<R>> for AnyRef {
    fn from(handle: Handle<R>) -> Self {
        Self(handle.id().into())
    }
}

impl<R> From<Ref<R>> for AnyRef {
    fn from(reference: Ref<R>) -> Self {
        Self(reference.text)
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for AnyRef {
    const KIND: &'static Kind = &Kind::AnyRef;
    fn into_value(self) -> Value {
        Value::Text(self.0)
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        rust::reference(value, variables, "AnyRef", None)
    }
    fn rust_exact(value: &Value, variables: &dyn Variables) -> Option<String> {
        Some(format!("AnyRef::from({})", Self::rust(value, variables)?))
    }
}
