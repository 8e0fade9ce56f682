//! Secrets: values that no output of this library ever shows.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use super::{NodeRef, OutputRef, Text};
use crate::schema::OutputSpec;

/// A secret value of type `T`.
///
/// It has no `Debug`, `Display` or `Serialize`, and none of its pieces can be read back: a secret reaches
/// a cloud only as a vault reference, a secure parameter or a write-only argument.
///
/// ```compile_fail
/// use xat_infra::value::Secret;
/// let password = Secret::generated("pg-admin");
/// println!("{password}");
/// ```
pub struct Secret<T = Text> {
    text: SecretText,
    of: PhantomData<fn() -> T>,
}

/// A secret in the property tree, without its type.
#[derive(Clone)]
pub struct SecretText {
    parts: Box<[SecretPart]>,
}

/// A piece of a secret. Private to the library: only lowering and hashing may look inside.
#[derive(Clone)]
pub(crate) enum SecretPart {
    /// Text around the secret; its outputs make edges.
    Plain(Text),
    /// Made once, at random, when it is first applied, and known by this name afterwards.
    Generated { name: String },
    /// Supplied by the operator at apply, under this name.
    Supplied { name: String },
    /// A value that the program already holds.
    Value(String),
    /// Another secret, percent-encoded so that it is safe inside a URL.
    Encoded(SecretText),
    /// Another secret in base 64. Only codecs make it, for the wire.
    Base64(SecretText),
    /// The secret that another resource declares at a property: resolved when the graph is built.
    DeclaredBy { node: NodeRef, property: &'static str },
}

impl<T> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self { text: self.text.clone(), of: PhantomData }
    }
}

impl Secret<Text> {
    /// A secret that is made once, at random (at least 50 characters), and never changes by itself.
    /// Two uses of one `name` in a stack are the same secret.
    pub fn generated(name: impl Into<String>) -> Self {
        Self::of(SecretPart::Generated { name: name.into() })
    }

    /// A secret that the operator supplies when the plan is applied.
    pub fn supplied(name: impl Into<String>) -> Self {
        Self::of(SecretPart::Supplied { name: name.into() })
    }

    /// A secret whose value the program already holds (never write one in source code).
    pub fn new(value: impl Into<String>) -> Self {
        Self::of(SecretPart::Value(value.into()))
    }

    /// A secret that a resource gives to others. The derive writes these.
    pub fn of_output(node: NodeRef, output: &'static OutputSpec) -> Self {
        Self::of(SecretPart::Plain(Text::Output(OutputRef { node, output })))
    }

    pub(crate) fn of(part: SecretPart) -> Self {
        Self::from_parts([part])
    }

    pub(crate) fn from_parts(parts: impl IntoIterator<Item = SecretPart>) -> Self {
        Self { text: SecretText { parts: parts.into_iter().collect() }, of: PhantomData }
    }
}

impl<T> Secret<T> {
    /// The secret as it stands in a property tree.
    pub fn into_inner(self) -> SecretText {
        self.text
    }
}

impl SecretText {
    pub(crate) fn from_parts(parts: Vec<SecretPart>) -> Self {
        Self { parts: parts.into_boxed_slice() }
    }

    /// The secret in base 64, as some services take it.
    pub(crate) fn base64(&self) -> Self {
        Self::from_parts(vec![SecretPart::Base64(self.clone())])
    }

    pub(crate) fn parts(&self) -> &[SecretPart] {
        &self.parts
    }

    /// Whether the secret is made of names alone, so that a file can refer to it: a value that the program holds cannot be
    /// referred to.
    pub(crate) fn is_named(&self) -> bool {
        self.parts.iter().all(|part| match part {
            SecretPart::Value(_) | SecretPart::DeclaredBy { .. } => false,
            SecretPart::Encoded(inner) | SecretPart::Base64(inner) => inner.is_named(),
            SecretPart::Plain(_) | SecretPart::Generated { .. } | SecretPart::Supplied { .. } => {
                true
            }
        })
    }

    /// The names of what the secret is made of, each once.
    pub(crate) fn names(&self) -> BTreeSet<String> {
        let mut out = BTreeSet::new();
        for part in &self.parts {
            match part {
                SecretPart::Generated { name } | SecretPart::Supplied { name } => {
                    out.insert(name.clone());
                }
                SecretPart::Encoded(inner) | SecretPart::Base64(inner) => {
                    out.extend(inner.names());
                }
                SecretPart::Plain(_) | SecretPart::Value(_) | SecretPart::DeclaredBy { .. } => {}
            }
        }
        out
    }

    /// Calls `see` with every plain text around the secret (where outputs can be).
    pub fn each_text<'a>(&'a self, see: &mut dyn FnMut(&'a Text)) {
        for part in &self.parts {
            match part {
                SecretPart::Plain(text) => see(text),
                SecretPart::Encoded(inner) | SecretPart::Base64(inner) => inner.each_text(see),
                _ => {}
            }
        }
    }

    /// Calls `see` with every resource whose declared secret this one takes up.
    pub(crate) fn each_source(&self, see: &mut dyn FnMut(NodeRef)) {
        for part in &self.parts {
            match part {
                SecretPart::DeclaredBy { node, .. } => see(*node),
                SecretPart::Encoded(inner) | SecretPart::Base64(inner) => inner.each_source(see),
                _ => {}
            }
        }
    }

    /// The name under which the operator supplies it, where it is nothing else.
    pub fn supplied_name(&self) -> Option<&str> {
        match &*self.parts {
            [SecretPart::Supplied { name }] => Some(name),
            _ => None,
        }
    }

    /// What may be said of the secret without saying it: the names of its sources.
    pub fn sources(&self) -> Vec<String> {
        let mut out = Vec::new();
        for part in &self.parts {
            match part {
                SecretPart::Generated { name } => out.push(format!("generated `{name}`")),
                SecretPart::Supplied { name } => out.push(format!("supplied `{name}`")),
                SecretPart::Encoded(inner) | SecretPart::Base64(inner) => {
                    out.extend(inner.sources());
                }
                SecretPart::Plain(_) | SecretPart::Value(_) | SecretPart::DeclaredBy { .. } => {}
            }
        }
        out
    }
}
