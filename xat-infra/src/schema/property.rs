//! One property of a resource type or block: its names, its paths on every wire, and its flags.

use std::marker::PhantomData;

use super::{Canon, Codec, Danger, Kind, Variables, canons};
use crate::value::Value;

/// A path of object keys.
pub type Path = &'static [&'static str];

/// Where a property stands in one format.
#[derive(Clone, Copy)]
pub struct WirePath {
    /// The part of the resource that carries it, where that is not the resource itself.
    pub part: Option<&'static str>,
    /// The path inside that part's body. Empty: the value is merged into the body itself.
    pub path: Path,
    /// How it is spelt there, where that is not one to one.
    pub codec: Option<&'static Codec>,
}

impl WirePath {
    /// A path in the resource's own body, one to one.
    pub const fn plain(path: Path) -> Self {
        Self { part: None, path, codec: None }
    }
}

/// One property, as declared once by the type's author.
pub struct Property {
    /// The Rust field's name.
    pub name: &'static str,
    /// What a person calls it, in previews.
    pub label: &'static str,
    /// What it is, with units and limits.
    pub doc: &'static str,
    /// What it holds.
    pub kind: &'static Kind,
    /// Where it stands in the REST body; `None` where the body does not carry it.
    pub wire: Option<WirePath>,
    /// Where it stands in the Terraform block; `None` where Terraform does not carry it.
    pub tf: Option<WirePath>,
    /// For a reference: the attribute by which Terraform names the other resource.
    pub tf_ref: &'static str,
    /// For an ID that may leave out the scope that it lies in, and that Terraform reads back with it: the stack's parameter
    /// that is the scope. Terraform gets it put in front.
    pub tf_within: Option<&'static str>,
    /// For blocks that Terraform has as objects of an attribute: all keys of those objects, each of which its JSON must say.
    /// Of a leaf, the keys of the object that its path lies in.
    pub tf_object: &'static [&'static str],
    /// Whether Terraform has blocks where the property has free keys: its codec makes them. Without it free keys are an
    /// argument.
    pub tf_blocks: bool,
    /// Of a leaf, whether the object that its path lies in is an argument of Terraform, a map, and no block.
    pub tf_map: bool,
    /// Whether the constructor asks for it.
    pub required: bool,
    /// The secure default, declared even when the stack says nothing.
    pub default: Option<fn() -> Value>,
    /// What the service assumes when nothing is sent, and may leave out of its answers.
    pub service: Option<fn() -> Value>,
    /// Whether changing it replaces the resource. Of a block it is said whether it is there; what is in it speaks for
    /// itself.
    pub replace: bool,
    /// Whether the service never returns it.
    pub write_only: bool,
    /// Whether the service answers with a value of its own making, whatever was written: what is declared is compared
    /// with what was last applied, never with what is live.
    pub by_record: bool,
    /// Whether the declared list owns only the elements that it names.
    pub open: bool,
    /// For a list or set of blocks: the property that tells its elements apart.
    pub key: Option<&'static str>,
    /// The canonical form, where it is not the kind's own.
    pub canon: Option<&'static Canon>,
    /// What changing it can do.
    pub danger: Danger,
    /// What a smaller number can do, beside that (less retention loses backups).
    pub shrink: Danger,
    /// What its number counts, in the plural, for previews (`days`); empty where it counts nothing.
    pub unit: &'static str,
    /// The value that opens the resource to others: changing to it is an exposure.
    pub exposes: Option<fn(&Value) -> bool>,
    /// Whether it is the resource's name.
    pub is_name: bool,
    /// Whether it is the resource that holds this one.
    pub is_parent: bool,
    /// Whether an undeclared value is taken from the parent (the region).
    pub inherited: bool,
    /// The stack's scope parameter that an undeclared value is taken from (the tenant).
    pub parameter: Option<&'static str>,
    /// Whether it is a word by which the service tells kinds of a block apart, and which the block's other properties show
    /// already: previews of a whole block leave it out.
    pub marker: bool,
    /// Whether it is itself a template, whose expressions stand in an emitted one as they are.
    pub verbatim: bool,
    /// Whether it takes the stack's tags.
    pub is_tags: bool,
    /// Whether it has a setter of its name.
    pub setter: bool,
    /// The setter that adds one element, if it has one.
    pub each: Option<&'static str>,
    /// The type argument without which the setters are not there.
    pub only: Option<&'static str>,
    /// The Rust source of a value of it.
    pub rust: fn(&Value, &dyn Variables) -> Option<String>,
    /// The Rust source of each element of a value of it.
    pub rust_each: fn(&Value, &dyn Variables) -> Option<Vec<String>>,
}

impl Property {
    /// A property with nothing said of it: the derive fills in the rest.
    pub const BLANK: Property = Property {
        name: "",
        label: "",
        doc: "",
        kind: &Kind::Text(&canons::EXACT),
        wire: None,
        tf: None,
        tf_ref: "id",
        tf_within: None,
        tf_object: &[],
        tf_blocks: false,
        tf_map: false,
        required: false,
        default: None,
        service: None,
        replace: false,
        write_only: false,
        by_record: false,
        open: false,
        key: None,
        canon: None,
        danger: Danger::None,
        shrink: Danger::None,
        unit: "",
        exposes: None,
        is_name: false,
        is_parent: false,
        inherited: false,
        parameter: None,
        marker: false,
        verbatim: false,
        is_tags: false,
        setter: false,
        each: None,
        only: None,
        rust: |_, _| None,
        rust_each: |_, _| None,
    };

    /// The canonical form of a text of this property.
    pub fn canon(&self) -> &'static Canon {
        self.canon.unwrap_or_else(|| canon_of(self.kind))
    }
}

fn canon_of(kind: &Kind) -> &'static Canon {
    match kind {
        Kind::Text(canon) => canon,
        Kind::Choice(_) => &canons::CASE,
        Kind::Ref(_) | Kind::AnyRef => &canons::RESOURCE_ID,
        Kind::List(inner) | Kind::Set(inner) | Kind::Map(inner) => canon_of(inner),
        _ => &canons::EXACT,
    }
}

/// The name of a property of `R`, for [`ignore`](crate::dsl::Resource::ignore): a typo does not compile.
pub struct PropId<R> {
    index: u16,
    of: PhantomData<fn() -> R>,
}

impl<R> PropId<R> {
    /// The property with this index in the description. The derive writes these.
    pub const fn new(index: u16) -> Self {
        Self { index, of: PhantomData }
    }

    /// The index in the description.
    pub const fn index(&self) -> u16 {
        self.index
    }
}
