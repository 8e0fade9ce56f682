//! The static description: everything the rest of the library may know of a resource type.
//!
//! The derive writes one [`ResourceType`] for each typed struct. Graph, lint, plan, emission, import and the
//! book read resources through it alone; none of them ever sees the struct.

mod canon;
mod codec;
mod danger;
mod fact;
mod kind;
mod name;
mod property;
mod provider;
mod registered;
mod resource;
pub mod rust;
mod rust_json;
mod saying;
mod template;
mod verbs;

pub use canon::{Canon, canons};
pub use codec::{Codec, codecs};
pub use danger::Danger;
pub use fact::Fact;
pub use kind::{BlockType, ChoiceType, Kind, PropertyType, Set, Variant, kebab};
pub(crate) use name::Complaint;
pub use name::{Chars, Edge, NameProblem, NameRule, Named};
pub use property::{Path, PropId, Property, WirePath};
pub use provider::{
    IdRequest, Provider, RawRequest, RawTerraform, Requests, ScopeParameter, TerraformProvider,
    WireIdentity,
};
pub use registered::{Example, Registered};
pub use resource::{
    Check, CheckContext, Constant, DeclaredBlock, ElementOf, ID, Mirror, NAME, OutputSource,
    OutputSpec, Part, ResourceAction, ResourceType, Scope, SoftDelete, TfPart,
};
pub use rust::{Variable, Variables};
pub use saying::{Found, Rest, Said, Say, Saying, block, rest};
pub use template::IdParts;
pub use verbs::{Listed, Says, Update, Verbs};
