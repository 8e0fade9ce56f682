//! Text with outputs of other resources in it, and the references that make the graph's edges.

use std::borrow::Cow;

use crate::dsl::{Handle, Output, Resource};
use crate::schema::OutputSpec;

/// A resource of one stack: an index that only means something together with that stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeRef {
    /// Which stack: a reference into another stack is reported as dangling.
    pub(crate) stack: u32,
    /// The resource's place in its stack, in insertion order.
    pub(crate) index: u32,
}

/// One output of one resource.
#[derive(Clone, Copy)]
pub struct OutputRef {
    /// The resource that has the output.
    pub node: NodeRef,
    /// Which of its outputs.
    pub output: &'static OutputSpec,
}

impl PartialEq for OutputRef {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node && self.output.name == other.output.name
    }
}

/// A piece of joined text.
#[derive(Clone, PartialEq)]
pub enum Part {
    /// Text as it stands.
    Literal(Cow<'static, str>),
    /// The value of another resource's output.
    Output(OutputRef),
}

/// Text that may hold outputs of other resources.
///
/// It is written with [`text!`](crate::text), or comes from a string or an [`Output`]:
///
/// ```
/// use xat_infra::value::Text;
/// let plain: Text = "false".into();
/// assert_eq!(plain.literal(), Some("false"));
/// ```
#[derive(Clone, PartialEq)]
pub enum Text {
    /// Text as it stands.
    Literal(Cow<'static, str>),
    /// Nothing but another resource's output.
    Output(OutputRef),
    /// Several pieces, in order.
    Joined(Box<[Part]>),
}

impl Text {
    /// Text from its pieces; neighbouring literals are one piece, so that equal text is equal.
    pub fn join(parts: impl IntoIterator<Item = Text>) -> Self {
        let mut out: Vec<Part> = Vec::new();
        let mut push = |part: Part| match (out.last_mut(), part) {
            (_, Part::Literal(text)) if text.is_empty() => {}
            (Some(Part::Literal(last)), Part::Literal(text)) => last.to_mut().push_str(&text),
            (_, part) => out.push(part),
        };
        for text in parts {
            match text {
                Text::Literal(text) => push(Part::Literal(text)),
                Text::Output(output) => push(Part::Output(output)),
                Text::Joined(parts) => parts.into_vec().into_iter().for_each(&mut push),
            }
        }
        match out.len() {
            0 => Text::Literal(Cow::Borrowed("")),
            1 => match out.swap_remove(0) {
                Part::Literal(text) => Text::Literal(text),
                Part::Output(output) => Text::Output(output),
            },
            _ => Text::Joined(out.into_boxed_slice()),
        }
    }

    /// One argument of [`text!`](crate::text): whatever turns into text.
    pub fn piece(part: impl Into<Text>) -> Self {
        part.into()
    }

    /// The text, where no output is in it.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Text::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// The output, where the text is nothing else.
    pub fn output(&self) -> Option<OutputRef> {
        match self {
            Text::Output(output) => Some(*output),
            _ => None,
        }
    }

    /// The text's pieces, in order.
    pub fn parts(&self) -> impl Iterator<Item = Piece<'_>> {
        let (one, many): (Option<Piece<'_>>, &[Part]) = match self {
            Text::Literal(text) => (Some(Piece::Literal(text)), &[]),
            Text::Output(output) => (Some(Piece::Output(*output)), &[]),
            Text::Joined(parts) => (None, parts),
        };
        one.into_iter().chain(many.iter().map(|part| match part {
            Part::Literal(text) => Piece::Literal(text),
            Part::Output(output) => Piece::Output(*output),
        }))
    }

    /// The outputs in the text, in order.
    pub fn outputs(&self) -> impl Iterator<Item = OutputRef> {
        self.parts().filter_map(|piece| match piece {
            Piece::Output(output) => Some(output),
            Piece::Literal(_) => None,
        })
    }
}

/// A borrowed piece of text, as [`Text::parts`] yields it.
#[derive(Clone, Copy)]
pub enum Piece<'a> {
    /// Text as it stands.
    Literal(&'a str),
    /// Another resource's output.
    Output(OutputRef),
}

#[diagnostic::do_not_recommend]
impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Text::Literal(Cow::Borrowed(text))
    }
}

#[diagnostic::do_not_recommend]
impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::Literal(Cow::Owned(text))
    }
}

#[diagnostic::do_not_recommend]
impl From<bool> for Text {
    fn from(value: bool) -> Self {
        Text::Literal(Cow::Borrowed(if value { "true" } else { "false" }))
    }
}

macro_rules! text_from_number {
    ($($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl From<$number> for Text {
            fn from(value: $number) -> Self {
                Text::Literal(Cow::Owned(value.to_string()))
            }
        }
    )*};
}
text_from_number!(u16, u32, u64, i32, i64);

#[diagnostic::do_not_recommend]
impl<T> From<Output<T>> for Text {
    fn from(output: Output<T>) -> Self {
        Text::Output(output.reference())
    }
}

#[diagnostic::do_not_recommend]
impl<R: Resource> From<Handle<R>> for Text {
    /// The resource's ID.
    fn from(handle: Handle<R>) -> Self {
        handle.id().into()
    }
}
