//! How Azure names a resource: the shapes of ARM IDs, and the parameters that a stack gives once.

use uuid::Uuid;

use super::terraform;
use crate::dsl::{AnyRef, Stack};
use crate::schema::{
    IdRequest, Provider, RawTerraform, Scope, ScopeParameter, TerraformProvider, WireIdentity,
    canons,
};
use crate::value::Text;

/// Azure, as the core sees it.
pub static PROVIDER: Provider = Provider {
    name: "azure",
    label: "Azure",
    rest: "ARM",
    terraform: TerraformProvider {
        name: "azurerm",
        source: "hashicorp/azurerm",
        version: "~> 5.0",
        config: terraform::azurerm,
    },
    terraform_raw: Some(RawTerraform {
        provider: TerraformProvider {
            name: "azapi",
            source: "Azure/azapi",
            version: "~> 2.4",
            config: terraform::azapi,
        },
        resource: "azapi_resource",
        import: "{id}?api-version={api}",
        path: terraform::raw_path,
        arguments: terraform::raw,
    }),
    identity,
    type_of_id,
    parent_of_id,
    reference: |id| id,
    same_reference: |a, b| canons::RESOURCE_ID.same(a, b),
    prelude: include_str!("prelude.rs"),
    records: &["Microsoft.Resources/deployments"],
    requests: None,
    parameters: &[
        ScopeParameter {
            key: SUBSCRIPTION,
            setter: "subscription",
            set: |stack, id| stack.subscription(id),
            of_id: subscription_of_id,
        },
        ScopeParameter {
            key: TENANT,
            setter: "tenant",
            set: |stack, id| stack.tenant(id),
            of_id: |_| None,
        },
    ],
};

pub(super) const SUBSCRIPTION: &str = "azure.subscription";
/// The subscription as a scope (`/subscriptions/..`), for what may be about all of it.
pub(crate) const SUBSCRIPTION_SCOPE: &str = "azure.subscription_scope";
pub(super) const TENANT: &str = "azure.tenant";
/// The REST type of resource providers, whose IDs have no type in them.
const PROVIDERS: &str = "Microsoft.Resources/providers";

/// The subscription and tenant of a stack, given once.
pub trait AzureScope: Sized {
    /// The subscription that the stack's resources live in (a GUID).
    fn subscription(self, id: impl Into<String>) -> Self;
    /// The tenant of that subscription (a GUID).
    fn tenant(self, id: impl Into<String>) -> Self;
    /// The subscription as a scope, for what is about all of it: a role, a budget, an alert.
    ///
    /// What is made of it before [`subscription`](Self::subscription) was said is reported as having no scope.
    fn subscription_scope(&self) -> AnyRef;
    /// The tenant's GUID as text, for properties that name it; empty before [`tenant`](Self::tenant) was said.
    fn tenant_id(&self) -> Text;
}

impl AzureScope for Stack {
    fn subscription(self, id: impl Into<String>) -> Self {
        let id = id.into();
        let scope = format!("/subscriptions/{id}");
        self.parameter(SUBSCRIPTION, id).parameter(SUBSCRIPTION_SCOPE, scope)
    }

    fn tenant(self, id: impl Into<String>) -> Self {
        self.parameter(TENANT, id)
    }

    fn subscription_scope(&self) -> AnyRef {
        AnyRef::existing(self.scope.get(SUBSCRIPTION_SCOPE).cloned().unwrap_or_default())
    }

    fn tenant_id(&self) -> Text {
        self.scope.get(TENANT).cloned().unwrap_or_default().into()
    }
}

/// ARM IDs: <https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules>.
fn identity(request: &IdRequest<'_>) -> Result<WireIdentity, String> {
    let name = match request.name {
        Some(name) => name.to_owned(),
        // Extension resources such as role assignments have GUIDs for names; deriving them from what they say
        // makes the same declaration the same resource every time.
        None => Uuid::new_v5(&Uuid::NAMESPACE_URL, request.derive_from.join("\n").as_bytes())
            .to_string(),
    };
    let parent = || {
        request
            .parent
            .map(|id| id.trim_end_matches('/'))
            .ok_or_else(|| "what holds it is not known".to_owned())
    };
    let id = match request.ty.scope {
        Scope::Root => {
            let subscription = request.scope.get(SUBSCRIPTION).ok_or_else(|| {
                "the stack names no subscription: `Stack::new(..).subscription(\"..\")`".to_owned()
            })?;
            if request.wire.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
                format!("/subscriptions/{subscription}/resourceGroups/{name}")
            } else if request.wire.eq_ignore_ascii_case(PROVIDERS) {
                format!("/subscriptions/{subscription}/providers/{name}")
            } else {
                format!("/subscriptions/{subscription}/providers/{}/{name}", request.wire)
            }
        }
        _ => {
            let parent = parent()?;
            let (of, kind) = request.wire.rsplit_once('/').unwrap_or(("", request.wire));
            // The raw escape may hold a child of any resource: its type then continues the parent's.
            let child = request.ty.scope == Scope::Child
                || type_of_id(parent).is_some_and(|parent| parent.eq_ignore_ascii_case(of));
            if child {
                let between = if request.ty.through.is_empty() { "" } else { "/" };
                format!("{parent}{between}{}/{kind}/{name}", request.ty.through)
            } else {
                format!("{parent}/providers/{}/{name}", request.wire)
            }
        }
    };
    Ok(WireIdentity { name, id })
}

/// The REST type in an ARM ID: everything behind the last `providers`, without the names.
fn type_of_id(id: &str) -> Option<String> {
    let segments: Vec<&str> = id.split('/').filter(|s| !s.is_empty()).collect();
    let provider = segments.iter().rposition(|s| s.eq_ignore_ascii_case("providers"));
    match provider {
        Some(at) => {
            let (namespace, rest) = segments.get(at + 1..)?.split_first()?;
            let of_subscription = at == 2 && segments[0].eq_ignore_ascii_case("subscriptions");
            if rest.is_empty() && of_subscription {
                return Some(PROVIDERS.to_owned());
            }
            let kinds: Vec<&str> = rest.iter().step_by(2).copied().collect();
            (!kinds.is_empty() && rest.len() % 2 == 0)
                .then(|| format!("{namespace}/{}", kinds.join("/")))
        }
        None => match segments.as_slice() {
            [_, _, groups, _] if groups.eq_ignore_ascii_case("resourcegroups") => {
                Some("Microsoft.Resources/resourceGroups".to_owned())
            }
            _ => None,
        },
    }
}

/// A part of a resource is held by that resource, an extension by what it is about, everything else by its group.
fn parent_of_id(id: &str) -> Option<String> {
    let id = id.trim_end_matches('/');
    let (above, _) = id.rsplit_once('/').and_then(|(above, _)| above.rsplit_once('/'))?;
    let (rest, last) = above.rsplit_once('/').unwrap_or(("", above));
    let (scope, providers) = rest.rsplit_once('/').unwrap_or(("", rest));
    // `..scope/providers/Namespace/type/name`: without type and name, the namespace is left.
    let in_scope = providers.eq_ignore_ascii_case("providers") && !last.is_empty();
    let parent = if in_scope { scope } else { above };
    (!parent.is_empty()).then(|| parent.to_owned())
}

fn subscription_of_id(id: &str) -> Option<&str> {
    let mut segments = id.split('/').skip_while(|segment| segment.is_empty());
    segments.next().filter(|first| first.eq_ignore_ascii_case("subscriptions"))?;
    segments.next()
}

#[cfg(test)]
mod tests {
    use super::{AzureScope, parent_of_id, subscription_of_id, type_of_id};
    use crate::dsl::Stack;

    #[test]
    fn the_scope_is_said_once() {
        let stack = Stack::new("demo");
        assert_eq!(stack.subscription_scope().0.literal(), Some(""));
        let stack = stack.subscription("s").tenant("t");
        assert_eq!(stack.subscription_scope().0.literal(), Some("/subscriptions/s"));
        assert_eq!(stack.tenant_id().literal(), Some("t"));
    }

    #[test]
    fn what_holds_a_resource_stands_in_the_id() {
        let group = "/subscriptions/s/resourceGroups/g";
        assert_eq!(parent_of_id(group).as_deref(), Some("/subscriptions/s"));
        let vault = format!("{group}/providers/Microsoft.KeyVault/vaults/v");
        assert_eq!(parent_of_id(&vault).as_deref(), Some(group));
        let secret = format!("{vault}/secrets/x");
        assert_eq!(parent_of_id(&secret).as_deref(), Some(vault.as_str()));
        for scope in [vault.as_str(), group, "/subscriptions/s"] {
            let role = format!("{scope}/providers/Microsoft.Authorization/roleAssignments/x");
            assert_eq!(parent_of_id(&role).as_deref(), Some(scope));
        }
        let web = "/subscriptions/s/providers/Microsoft.Web";
        assert_eq!(parent_of_id(web).as_deref(), Some("/subscriptions/s"));
        assert_eq!(subscription_of_id(&vault), Some("s"));
        assert_eq!(subscription_of_id("/providers/x"), None);
    }

    #[test]
    fn the_type_stands_in_the_id() {
        let group = "/subscriptions/s/resourceGroups/g";
        assert_eq!(type_of_id(group).as_deref(), Some("Microsoft.Resources/resourceGroups"));
        let subnet = format!("{group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s");
        assert_eq!(
            type_of_id(&subnet).as_deref(),
            Some("Microsoft.Network/virtualNetworks/subnets")
        );
        let assignment = format!("{subnet}/providers/Microsoft.Authorization/roleAssignments/x");
        assert_eq!(
            type_of_id(&assignment).as_deref(),
            Some("Microsoft.Authorization/roleAssignments")
        );
        let web = type_of_id("/subscriptions/s/providers/Microsoft.Web");
        assert_eq!(web.as_deref(), Some("Microsoft.Resources/providers"));
        assert_eq!(type_of_id(&format!("{group}/providers/Microsoft.Web")), None);
        assert_eq!(type_of_id("/subscriptions/s"), None);
        assert_eq!(type_of_id("nonsense"), None);
    }
}
