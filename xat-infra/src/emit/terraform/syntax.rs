//! A Terraform module as a tree that both of its spellings, JSON and HCL, are written from.

/// An expression.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Expr {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text as Terraform's templates have it: `${..}` is an expression, a literal one is escaped already.
    Template(String),
    /// Something that is never quoted in HCL and never wrapped in JSON: an address, an attribute's name, a type.
    Bare(String),
    /// A list.
    List(Vec<Expr>),
    /// An object; keys are templates.
    Object(Vec<(String, Expr)>),
}

impl Expr {
    /// Literal text without expressions in it.
    pub(crate) fn text(text: &str) -> Self {
        Expr::Template(crate::wire::escape_template(text))
    }
}

/// What stands between braces, in order.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Body(pub(crate) Vec<Item>);

/// One thing in a body.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Item {
    /// `name = value`.
    Attr(String, Expr),
    /// `kind "label" { .. }`.
    Block(Block),
    /// An argument that is not said. JSON says so where Terraform's objects must have every key.
    Absent(&'static str),
    /// An empty line between groups; only HCL shows it.
    Gap,
}

/// A block.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Block {
    pub(crate) kind: String,
    pub(crate) labels: Vec<String>,
    pub(crate) body: Body,
    /// Whether it is an element of an attribute, which the JSON has as a list however many there are.
    pub(crate) element: bool,
}

impl Block {
    pub(crate) fn new(kind: impl Into<String>, labels: &[&str], body: Body) -> Self {
        Self {
            kind: kind.into(),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            body,
            element: false,
        }
    }
}

impl Body {
    pub(crate) fn attr(&mut self, name: impl Into<String>, value: Expr) {
        self.0.push(Item::Attr(name.into(), value));
    }

    pub(crate) fn block(&mut self, kind: impl Into<String>, labels: &[&str], body: Body) {
        self.0.push(Item::Block(Block::new(kind, labels, body)));
    }

    /// Replaces the attribute of this name, or adds it.
    pub(crate) fn set(&mut self, name: &str, value: Expr) {
        for item in &mut self.0 {
            if let Item::Attr(known, old) = item
                && known == name
            {
                *old = value;
                return;
            }
        }
        self.attr(name, value);
    }
}
