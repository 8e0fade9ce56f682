//! A resource type as the rest of the library sees it.

use super::{Check, Danger, Fact, Kind, NameRule, Path, Property, Provider, Say, Verbs};
use crate::value::Value;

/// Everything known of a resource type.
pub struct ResourceType {
    /// Its name in addresses (`key_vault`), unique in its cloud.
    pub slug: &'static str,
    /// What a person calls it (`key vault`).
    pub label: &'static str,
    /// The Rust type's name.
    pub rust: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// The provider's own reference page.
    pub source: &'static str,
    /// The cloud.
    pub provider: &'static Provider,
    /// The REST type.
    pub wire: &'static str,
    /// The REST API version.
    pub api: &'static str,
    /// The Terraform resource; empty where there is none.
    pub terraform: &'static str,
    /// The attribute of the Terraform resource that is the resource's full ID: its `id`, unless the provider has one of its
    /// own making.
    pub tf_id: &'static str,
    /// By what Terraform imports a live one: text with `{id}`, `{name}`, `{parent}` (the ID of what holds it), a property, or
    /// the name of an output in braces, whose live value stands there. A property with a question mark behind it
    /// (`{title?}`) is left out, with the space in front of it, where it is not said. Empty where what is there cannot be taken
    /// over as it is: Terraform would make it anew and destroy the old one, and so makes a new one beside it.
    pub tf_import: &'static str,
    /// The argument of the Terraform resource that takes a derived name, so that Terraform makes the same resource; empty
    /// where there is none.
    pub tf_name: &'static str,
    /// What holds a resource of this type.
    pub scope: Scope,
    /// The rule for its names, where it has names.
    pub name_rule: Option<&'static NameRule>,
    /// The properties from which the name is derived, where it is not declared.
    pub derived_name: &'static [&'static str],
    /// The name that every resource of this type has, where the service allows one only (`default`).
    pub fixed_name: Option<&'static str>,
    /// Its ID, with `{name}`, `{parent}`, properties and the stack's parameters (`{gcp.project}`) in it; empty where the
    /// provider makes IDs of type and name.
    pub id: &'static str,
    /// The property by which a live one is recognised among all of its collection, where the service makes up the last part of
    /// the ID (a number) and no state knows it: in its own template of IDs `{name}` stands for what the service makes up.
    pub found_by: Option<&'static str>,
    /// Where it is found, for what is an element of another body rather than one of its own.
    pub element_of: Option<ElementOf>,
    /// For a part of another resource: what stands between the ID of what holds it and its own segment, where the
    /// service has something there that is always called the same (`blobServices/default`); else empty.
    pub through: &'static str,
    /// Its properties, in declaration order.
    pub props: &'static [Property],
    /// Its outputs, beside the ID and the name that every resource has.
    pub outputs: &'static [OutputSpec],
    /// Parts that REST keeps in bodies of their own, written apart.
    pub parts: &'static [Part],
    /// Parts of the body that REST returns only elsewhere.
    pub mirrors: &'static [Mirror],
    /// Parts that Terraform keeps in resources of their own.
    pub tf_parts: &'static [TfPart],
    /// Leaves that never vary.
    pub constants: &'static [Constant],
    /// Terraform attributes taken from a resource further up: attribute, ancestor's REST type, output.
    pub tf_ancestors: &'static [(&'static str, &'static str, &'static str)],
    /// Whether deleting it loses data.
    pub holds_data: bool,
    /// Whether the service knows no way to delete it: taken out of a stack, it stays as it is.
    pub undeletable: bool,
    /// Whether its name is the namespace of REST types whose resources can only be made where it is: an API that is turned
    /// on. Those of the same stack wait for it.
    pub enables: bool,
    /// Whether what holds it is of use only with it: a secret with its version, with the members that may read it. Whoever
    /// refers to the one waits for the other.
    pub completes: bool,
    /// Whether the service takes changes to what one resource holds only one at a time. Templates, which write at once what
    /// does not wait, make such parts wait for each other.
    pub one_by_one: bool,
    /// Whether what lists all of a cloud's scope (Google's inventory of a project) leaves it out: where all is to be read, it is
    /// listed in what holds it.
    pub unlisted: bool,
    /// The actions by which it is made and taken back, where the service knows no writing of it: its body is read only.
    pub action: Option<ResourceAction>,
    /// Its own answer to [`verbs`](Self::verbs), where its provider's does not fit.
    pub own_verbs: Option<Verbs>,
    /// How the service keeps deleted ones, if it does.
    pub soft_delete: Option<SoftDelete>,
    /// Rules of the provider that one resource's own properties must keep.
    pub checks: &'static [Check],
    /// What rules over whole stacks need to know of it.
    pub facts: &'static [Fact],
    /// Whether `new` is its own affair: stacks use constructors with names.
    pub private_new: bool,
    /// Whether it has the constructor `as_found`, which asks for no more than the required properties.
    pub as_found: bool,
    /// How imports say it by constructors and setters of its own.
    pub import: Option<Say>,
}

/// What holds a resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// The subscription or project itself.
    Root,
    /// A resource group.
    Group,
    /// Another resource, as part of it.
    Child,
    /// Any resource, beside it.
    Extension,
}

/// A value that a resource gives to others.
pub struct OutputSpec {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Where it comes from.
    pub source: OutputSource,
    /// Where a live body has it.
    pub wire: Path,
    /// The Terraform attribute.
    pub tf: &'static str,
}

/// Where an output comes from.
#[derive(Clone, Copy)]
pub enum OutputSource {
    /// The resource's ID.
    Id,
    /// The resource's name.
    Name,
    /// Made by the service: known from the live body.
    Live,
    /// Made by the service of what is known before: a template as for IDs (`{name}@{gcp.project}.iam.gserviceaccount.com`).
    Made(&'static str),
    /// What the resource itself declares at a property.
    Declared(&'static str),
    /// An output of the resource that holds it.
    Parent(&'static OutputSpec),
}

/// The output that every resource has: its ID.
pub static ID: OutputSpec = OutputSpec {
    name: "id",
    doc: "The resource's full ID.",
    source: OutputSource::Id,
    wire: &["id"],
    tf: "id",
};

/// The output that every resource has: its name.
pub static NAME: OutputSpec = OutputSpec {
    name: "name",
    doc: "The resource's name.",
    source: OutputSource::Name,
    wire: &["name"],
    tf: "name",
};

/// Where resources are that are elements of another body: a member of a policy, an access policy of a vault.
#[derive(Clone, Copy)]
pub struct ElementOf {
    /// What follows the ID of what holds it in the ID of the body that has the elements; empty for the holder's own.
    pub suffix: &'static str,
    /// The REST type of that body.
    pub wire: &'static str,
    /// All elements of that body, each by the name that its resource has, as bodies of their own.
    pub split: fn(&Value) -> Vec<(String, Value)>,
}

/// A part of a resource that REST writes and reads as a body of its own.
pub struct Part {
    /// Its name in paths.
    pub key: &'static str,
    /// What follows the resource's ID.
    pub suffix: &'static str,
    /// Its REST type.
    pub wire: &'static str,
}

/// A subtree that is written in the main body and returned whole only by another.
pub struct Mirror {
    /// Where it stands in the main body.
    pub at: Path,
    /// What follows the resource's ID in the other body's ID.
    pub suffix: &'static str,
    /// Where it stands in the other body.
    pub from: Path,
}

/// A part of a resource that Terraform keeps in a resource of its own.
pub struct TfPart {
    /// Its name in paths.
    pub key: &'static str,
    /// The Terraform resource.
    pub resource: &'static str,
    /// The attribute that holds the main resource's ID; behind a colon the output that it holds instead (`router:name`).
    pub link: &'static str,
    /// Whether the list that stands in it gives a resource for each of its elements.
    pub each: bool,
    /// The attribute of the main resource that it has too (`resource_group_name`); empty where it has none.
    pub shares: &'static str,
    /// By what Terraform imports a live one: text with what a type's own has, of the main resource, and with `{element}`, the
    /// ID or the name that an element is.
    pub import: &'static str,
}

/// A leaf that never varies.
pub struct Constant {
    /// Its path in the REST body, if it is there.
    pub wire: Option<Path>,
    /// Its path in the Terraform block, if it is there.
    pub tf: Option<Path>,
    /// Its value.
    pub value: fn() -> Value,
}

/// The actions by which a resource is made and taken back: each is a POST to the resource's ID and the action's name,
/// without a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResourceAction {
    /// What makes it.
    pub make: &'static str,
    /// What takes it back.
    pub unmake: &'static str,
}

/// How a service keeps deleted resources.
pub struct SoftDelete {
    /// The REST type of the deleted ones.
    pub wire: &'static str,
    /// Where a deleted one's body names the ID that it had.
    pub id: Path,
    /// What a write says to take a deleted one back: a path and a word.
    pub recover: Option<(Path, &'static str)>,
}

impl TfPart {
    /// The attribute that holds the main resource.
    pub fn attribute(&self) -> &'static str {
        self.link.split_once(':').map_or(self.link, |(attribute, _)| attribute)
    }

    /// The output by which it does.
    pub fn held_by(&self, main: &ResourceType) -> &'static OutputSpec {
        self.link.split_once(':').and_then(|(_, output)| main.output(output)).unwrap_or(&ID)
    }
}

impl ResourceType {
    /// The type's unique name, with the cloud in front (`azure.key_vault`).
    pub fn name(&self) -> String {
        format!("{}.{}", self.provider.name, self.slug)
    }

    /// The index of the property of this name.
    pub fn prop(&self, name: &str) -> Option<u16> {
        self.props.iter().position(|p| p.name == name).and_then(|i| u16::try_from(i).ok())
    }

    /// The output of this name.
    pub fn output(&self, name: &str) -> Option<&'static OutputSpec> {
        match name {
            "id" => Some(&ID),
            "name" => Some(&NAME),
            _ => self.outputs.iter().find(|o| o.name == name),
        }
    }

    /// Whether resources of this type are parts of ones of the other.
    pub fn is_part_of(&self, holder: &ResourceType) -> bool {
        match self.props.iter().find(|property| property.is_parent).map(|property| property.kind) {
            Some(Kind::Ref(of)) => {
                let of = of();
                of.slug == holder.slug && of.provider.name == holder.provider.name
            }
            _ => false,
        }
    }

    /// The ID of the collection of resources of this type in one that holds them, without a slash at its end; `None` where the
    /// template of their IDs does not say it.
    pub fn collection_in(&self, holder: &str) -> Option<String> {
        let (collection, _) = self.id.split_once("/{name}")?;
        let collection = collection.replace("{parent}", (self.provider.reference)(holder));
        (!collection.contains('{')).then_some(collection)
    }

    /// Whether IDs have the name in them: some services have one resource of a type, under a name that stands nowhere.
    pub fn is_named_in_id(&self) -> bool {
        self.id.is_empty() || self.id.contains("{name}")
    }

    /// The worst that replacing or deleting a resource of this type does.
    pub fn loss(&self) -> Danger {
        if self.holds_data { Danger::DataLoss } else { Danger::Downtime }
    }
}

impl std::fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.provider.name, self.slug)
    }
}
