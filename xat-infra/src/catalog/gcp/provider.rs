//! How Google Cloud names a resource, and the parameters that a stack gives once.
//!
//! A resource's ID is its full name, `//service/projects/..`: two services may call their resources alike, and full names
//! tell them apart. Bodies name each other by the part behind the service.
//! <https://cloud.google.com/apis/design/resource_names>, <https://cloud.google.com/asset-inventory/docs/asset-names>.

use std::collections::BTreeMap;

use super::TYPES;
use crate::dsl::Stack;
use crate::schema::{
    IdRequest, Kind, Provider, ResourceType, ScopeParameter, TerraformProvider, WireIdentity,
};
use crate::value::{Text, Value};

/// Google Cloud, as the core sees it.
pub static PROVIDER: Provider = Provider {
    name: "gcp",
    label: "Google Cloud",
    rest: "REST",
    terraform: TerraformProvider {
        name: "google",
        source: "hashicorp/google",
        version: "~> 6.50",
        config: terraform,
    },
    terraform_raw: None,
    identity,
    type_of_id,
    parent_of_id,
    reference,
    same_reference,
    prelude: include_str!("prelude.rs"),
    records: &[],
    requests: Some(super::verbs::REQUESTS),
    parameters: &[
        ScopeParameter {
            key: PROJECT,
            setter: "project",
            set: |stack, id| stack.project(id),
            of_id: project_of_id,
        },
        ScopeParameter {
            key: PROJECT_NUMBER,
            setter: "project_number",
            set: |stack, number| stack.project_number(number),
            of_id: |_| None,
        },
        ScopeParameter {
            key: REGION,
            setter: "region",
            set: |stack, id| stack.region(id),
            of_id: |_| None,
        },
    ],
};

const PROJECT: &str = "gcp.project";
const PROJECT_NUMBER: &str = "gcp.project_number";
const REGION: &str = "gcp.region";

/// The project and region of a stack, given once.
pub trait GoogleScope: Sized {
    /// The project that the stack's resources live in: its ID (`xat-prod`), not its number.
    fn project(self, id: impl Into<String>) -> Self;
    /// The project's number, where it is known: policies name what comes in from outside by it, and without it their
    /// members cannot be told before what they name is there.
    fn project_number(self, number: impl Into<String>) -> Self;
    /// The region of everything that does not say its own (`us-central1`).
    fn region(self, region: impl Into<String>) -> Self;
    /// The project's ID as text, for properties that name it; empty before [`project`](Self::project) was said.
    fn project_id(&self) -> Text;
}

impl GoogleScope for Stack {
    fn project(self, id: impl Into<String>) -> Self {
        self.parameter(PROJECT, id)
    }

    fn project_number(self, number: impl Into<String>) -> Self {
        self.parameter(PROJECT_NUMBER, number)
    }

    fn region(self, region: impl Into<String>) -> Self {
        self.parameter(REGION, region)
    }

    fn project_id(&self) -> Text {
        self.scope.get(PROJECT).cloned().unwrap_or_default().into()
    }
}

/// What resources leave out, the provider takes from here.
fn terraform(parameters: &BTreeMap<&'static str, String>) -> Value {
    let said = [("project", PROJECT), ("region", REGION)];
    let known = said.iter().filter_map(|(key, name)| Some((*key, parameters.get(name)?.clone())));
    Value::Map(known.collect())
}

fn identity(request: &IdRequest<'_>) -> Result<WireIdentity, String> {
    // What exists elsewhere may be said by its full name or URL.
    let request = &IdRequest { parent: request.parent.map(reference), ..*request };
    let derived = || {
        // What holds it stands in front of its name anyway.
        let said = request.derive_from.iter().map(String::as_str);
        let said = said.filter(|text| !text.is_empty() && Some(reference(text)) != request.parent);
        said.collect::<Vec<_>>().join("/")
    };
    let name = request.name.map_or_else(derived, str::to_owned);
    let id = IdRequest { name: Some(&name), ..*request }.fill(request.ty.id)?;
    Ok(WireIdentity { name, id })
}

fn type_of_id(id: &str) -> Option<String> {
    type_of(id).map(|(ty, _)| ty.wire.to_owned())
}

/// The type whose template of IDs fits, and what stands in the place of its parent.
fn type_of(id: &str) -> Option<(&'static ResourceType, Option<&str>)> {
    let fitting = || {
        TYPES.iter().map(|registered| (registered.ty)()).filter_map(|ty| {
            let parts = ty.id_parts(id)?;
            Some((ty, parts.get("parent")))
        })
    };
    // Members of two policies look alike but for what holds them.
    fitting()
        .find(|(ty, parent)| parent.is_none_or(|parent| held_by(ty, id, parent)))
        .or_else(|| fitting().next())
}

/// Whether what stands in the parent's place is of the type that holds this one.
fn held_by(ty: &'static ResourceType, id: &str, parent: &str) -> bool {
    let Some(Kind::Ref(of)) = ty.props.iter().find(|prop| prop.is_parent).map(|prop| prop.kind)
    else {
        return true;
    };
    let host = id.strip_prefix("//").and_then(|id| id.split('/').next()).unwrap_or_default();
    of().id_parts(&format!("//{host}/{parent}")).is_some()
}

fn parent_of_id(id: &str) -> Option<String> {
    let (_, parent) = type_of(id)?;
    let host = id.strip_prefix("//")?.split('/').next()?;
    match parent {
        Some(parent) => Some(format!("//{host}/{parent}")),
        None => project_of_id(id)
            .map(|project| format!("//cloudresourcemanager.googleapis.com/projects/{project}")),
    }
}

fn project_of_id(id: &str) -> Option<&str> {
    let Some((_, behind)) = id.split_once("/projects/") else {
        // App Engine calls a project an app.
        return type_of(id)?.0.id_parts(id)?.get(PROJECT);
    };
    behind.split('/').next().filter(|project| !project.is_empty())
}

/// Names come with the service, with a URL in front that says a version, or alone.
pub(super) fn reference(id: &str) -> &str {
    let Some(rest) = id.strip_prefix("//").or_else(|| id.strip_prefix("https://")) else {
        return id;
    };
    if let Some((_, behind)) = rest.split_once("/projects/") {
        return &id[id.len() - behind.len() - "projects/".len()..];
    }
    match rest.split_once("/b/") {
        Some((_, bucket)) => bucket,
        None => rest.split_once('/').map_or(id, |(_, name)| name),
    }
}

/// Services answer with the project's number where its ID was written, and take what is in their own project by its bare name.
fn same_reference(a: &str, b: &str) -> bool {
    let (a, b) = (reference(a), reference(b));
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let bare = a.contains('/') != b.contains('/');
    if a.eq_ignore_ascii_case(b) || (bare && last(a) == last(b)) {
        return true;
    }
    let split = |text| -> Option<(&str, &str)> {
        str::strip_prefix(text, "projects/").and_then(|rest| rest.split_once('/'))
    };
    let (Some((of_a, a)), Some((of_b, b))) = (split(a), split(b)) else { return false };
    let number = |project: &str| project.bytes().all(|b| b.is_ascii_digit());
    a.eq_ignore_ascii_case(b) && number(of_a) != number(of_b)
}

#[cfg(test)]
mod tests {
    use super::{parent_of_id, reference, same_reference, type_of_id};

    #[test]
    fn one_resource_has_many_spellings() {
        let network = "projects/shop/global/networks/main";
        for spelling in [
            network,
            "//compute.googleapis.com/projects/shop/global/networks/main",
            "https://www.googleapis.com/compute/v1/projects/shop/global/networks/main",
            "https://compute.googleapis.com/compute/v1/projects/shop/global/networks/main",
        ] {
            assert_eq!(reference(spelling), network);
            assert!(same_reference(spelling, network));
        }
        assert_eq!(reference("//storage.googleapis.com/shop-exports"), "shop-exports");
        let url = "https://www.googleapis.com/storage/v1/b/shop-exports";
        assert_eq!(reference(url), "shop-exports");
        assert!(same_reference("key", "projects/shop/secrets/key"));
        assert!(!same_reference("key", "projects/shop/secrets/other"));
        let numbered = "projects/123456789/secrets/key";
        assert!(same_reference(numbered, "projects/shop/secrets/key"));
        assert!(!same_reference(numbered, "projects/shop/secrets/other"));
        assert!(!same_reference("projects/a/secrets/key", "projects/b/secrets/key"));
        assert!(!same_reference("projects/1/secrets/key", "projects/2/secrets/key"));
    }

    #[test]
    fn the_type_and_the_holder_stand_in_the_id() {
        let secret = "//secretmanager.googleapis.com/projects/shop/secrets/key";
        let wire = "secretmanager.googleapis.com/Secret";
        assert_eq!(type_of_id(secret).as_deref(), Some(wire));
        let project = "//cloudresourcemanager.googleapis.com/projects/shop";
        assert_eq!(parent_of_id(secret).as_deref(), Some(project));
        let version = format!("{secret}/versions/latest");
        assert_eq!(
            type_of_id(&version).as_deref(),
            Some("secretmanager.googleapis.com/SecretVersion")
        );
        assert_eq!(parent_of_id(&version).as_deref(), Some(secret));
        let member = format!("{secret}/iamPolicy/roles/viewer/user:a@example.com");
        assert_eq!(parent_of_id(&member).as_deref(), Some(secret));
        for (collection, wire) in [("jobs", "JobMember"), ("services", "ServiceMember")] {
            let held = format!("//run.googleapis.com/projects/shop/locations/x/{collection}/web");
            let member = format!("{held}/iamPolicy/roles/run.invoker/user:a@example.com");
            let wire = format!("run.googleapis.com/{wire}");
            assert_eq!(type_of_id(&member), Some(wire));
            assert_eq!(parent_of_id(&member), Some(held));
        }
        // What holds it may be another service's.
        let network = "projects/shop/global/networks/main";
        let connection = format!(
            "//servicenetworking.googleapis.com/{network}/connections/servicenetworking-googleapis-com"
        );
        let wire = "servicenetworking.googleapis.com/Connection";
        assert_eq!(type_of_id(&connection).as_deref(), Some(wire));
        let parent = parent_of_id(&connection).expect("a network");
        assert_eq!(reference(&parent), network);
        assert_eq!(type_of_id("//nowhere.googleapis.com/projects/shop/things/x"), None);
        assert_eq!(type_of_id("/subscriptions/s"), None);
    }
}
