//! What the core must know of a cloud: how it names a resource, and what Terraform calls it. Each cloud supplies one
//! [`Provider`].

use std::collections::BTreeMap;

use super::{ResourceType, Verbs};
use crate::dsl::Stack;
use crate::value::{Text, Value};

/// A cloud, as the core sees it.
pub struct Provider {
    /// Its name on the command line and in addresses (`azure`).
    pub name: &'static str,
    /// What people call it (`Azure`).
    pub label: &'static str,
    /// What people call its REST interface (`ARM`).
    pub rest: &'static str,
    /// Its Terraform provider.
    pub terraform: TerraformProvider,
    /// How Terraform says what it has no resource for, by the REST body; `None` where it cannot.
    pub terraform_raw: Option<RawTerraform>,
    /// The identity of a resource from its type, name and parent.
    pub identity: fn(&IdRequest<'_>) -> Result<WireIdentity, String>,
    /// The type of a body as the cloud returns it, by its ID.
    pub type_of_id: fn(&str) -> Option<String>,
    /// The ID of what holds a resource, by its own: a resource, a group, or a scope that is no resource.
    pub parent_of_id: fn(&str) -> Option<String>,
    /// An ID as bodies name the resource, and so what the output `id` says: without what stands in front of it, such as
    /// the service's host.
    pub reference: fn(&str) -> &str,
    /// Whether two references, as bodies spell them, are to one resource.
    pub same_reference: fn(&str, &str) -> bool,
    /// The source of the cloud's prelude, by which imports know what they need not name.
    pub prelude: &'static str,
    /// REST types that record what was once done rather than what is to be: no stack declares them.
    pub records: &'static [&'static str],
    /// What a stack says once for all its resources.
    pub parameters: &'static [ScopeParameter],
    /// How its services take resources, each in its own way; `None` where one way serves all, as ARM's does.
    pub requests: Option<Requests>,
}

/// How the services of a cloud take resources.
pub struct Requests {
    /// The verbs of a type that says none of its own, by the type and its REST type; `None` where nobody knows them.
    pub verbs: fn(&ResourceType, &str) -> Option<&'static Verbs>,
    /// Where the service of a REST type is, in an API version (`https://run.googleapis.com/v2`).
    pub api: fn(&str, &str) -> Option<String>,
    /// The path of a resource there, by its ID.
    pub path: fn(&str) -> String,
}

/// A parameter that a stack gives once, such as the subscription.
pub struct ScopeParameter {
    /// Its key (`azure.subscription`).
    pub key: &'static str,
    /// The method that sets it (`subscription`).
    pub setter: &'static str,
    /// Sets it.
    pub set: fn(Stack, String) -> Stack,
    /// Its value in an ID, for parameters that stand in IDs.
    pub of_id: fn(&str) -> Option<&str>,
}

/// A Terraform provider, as a root module asks for it.
pub struct TerraformProvider {
    /// Its local name (`azurerm`).
    pub name: &'static str,
    /// Where it comes from (`hashicorp/azurerm`).
    pub source: &'static str,
    /// Which versions fit (`~> 5.0`).
    pub version: &'static str,
    /// Its configuration, from the stack's scope parameters: objects are blocks.
    pub config: fn(&BTreeMap<&'static str, String>) -> Value,
}

/// A Terraform resource that takes any REST body.
pub struct RawTerraform {
    /// The provider that has it.
    pub provider: TerraformProvider,
    /// The resource (`azapi_resource`).
    pub resource: &'static str,
    /// By what it imports a live resource: text with `{id}` and `{api}`.
    pub import: &'static str,
    /// Where an argument has a leaf of the REST body, by the leaf's path.
    pub path: fn(&[&str]) -> String,
    /// Its arguments. Values below `body` are objects, not blocks.
    pub arguments: fn(&RawRequest<'_>) -> Value,
}

/// What [`RawTerraform`] gets to say a resource.
pub struct RawRequest<'a> {
    /// The REST type.
    pub wire: &'a str,
    /// The API version.
    pub api: &'a str,
    /// The name.
    pub name: &'a str,
    /// What holds it: an ID, or the output that is one.
    pub parent: Text,
    /// The REST body.
    pub body: Value,
}

/// What a provider gets to name a resource.
pub struct IdRequest<'a> {
    /// The resource's type.
    pub ty: &'static ResourceType,
    /// The REST type (the raw escape has its own).
    pub wire: &'a str,
    /// The declared name, where the type has one.
    pub name: Option<&'a str>,
    /// The values from which the name is derived, where the type derives it.
    pub derive_from: &'a [String],
    /// The ID of the resource that holds this one.
    pub parent: Option<&'a str>,
    /// The stack's scope parameters by key (`azure.subscription`).
    pub scope: &'a BTreeMap<&'static str, String>,
    /// The text of a property, by its name.
    pub property: &'a dyn Fn(&str) -> Option<String>,
}

impl IdRequest<'_> {
    /// A template with the name, what holds the resource, parameters and properties in it.
    ///
    /// # Errors
    /// What is asked for and not known, in words that say how to say it.
    pub fn fill(&self, template: &str) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, at)) = rest.split_once('{') {
            let (key, after) = at.split_once('}').unwrap_or((at, ""));
            out.push_str(before);
            let known = match key {
                "name" => self.name.map(str::to_owned),
                "parent" => self.parent.map(str::to_owned),
                _ if key.contains('.') => self.scope.get(key).cloned(),
                _ => (self.property)(key).filter(|text| !text.is_empty()),
            };
            out.push_str(&known.ok_or_else(|| self.unknown(key))?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn unknown(&self, key: &str) -> String {
        let parameters = self.ty.provider.parameters;
        match (key, parameters.iter().find(|parameter| parameter.key == key)) {
            ("parent", _) => "what holds it is not known".to_owned(),
            (_, Some(parameter)) => format!(
                "the stack names no {}: `Stack::new(..).{}(\"..\")`",
                parameter.setter, parameter.setter
            ),
            _ => format!("it has no {}", key.replace('_', " ")),
        }
    }
}

/// A resource's name and full ID in its cloud.
pub struct WireIdentity {
    /// The last part of the ID.
    pub name: String,
    /// The whole ID.
    pub id: String,
}
