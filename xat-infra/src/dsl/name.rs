//! Resource names: literals are checked while compiling, the rest with the graph.

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::schema::{Complaint, Kind, Named, PropertyType, canons};
use crate::value::{Text, Value};

/// A name for a resource of type `R`.
///
/// A literal is written with [`name!`](crate::name) and checked against the type's rule while compiling:
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let name: Name<KeyVault> = name!("xat-kv");
/// ```
///
/// ```compile_fail
/// use xat_infra::azure::prelude::*;
/// let name: Name<KeyVault> = name!("kv");
/// ```
pub struct Name<R> {
    text: Cow<'static, str>,
    of: PhantomData<fn() -> R>,
}

impl<R> Clone for Name<R> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), of: PhantomData }
    }
}

impl<R: Named> Name<R> {
    /// A literal name. In a constant, a bad one does not compile: this is what [`name!`](crate::name) does.
    ///
    /// # Panics
    /// If the name breaks the type's rule. Use [`Name::new`] for names that are made while running.
    #[track_caller]
    #[expect(
        clippy::panic,
        reason = "it is evaluated in a constant, where a panic is a compile error"
    )]
    pub const fn literal(text: &'static str) -> Self {
        match R::RULE.check(text) {
            None => Self { text: Cow::Borrowed(text), of: PhantomData },
            Some(problem) => panic!("{}", Complaint::new(problem, &R::RULE).as_str()),
        }
    }
}

impl<R> Name<R> {
    /// A name that is made while running; the graph reports it if it breaks the type's rule.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Cow::Owned(text.into()), of: PhantomData }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[diagnostic::do_not_recommend]
impl<R> PropertyType for Name<R> {
    const KIND: &'static Kind = &Kind::Text(&canons::CASE);
    fn into_value(self) -> Value {
        Value::Text(Text::Literal(self.text))
    }
}

/// A resource's name, checked against its type's rule while compiling; the type is inferred.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let mut stack = Stack::new("demo");
/// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
/// ```
#[macro_export]
macro_rules! name {
    ($text:literal) => {
        const { $crate::dsl::Name::literal($text) }
    };
}
