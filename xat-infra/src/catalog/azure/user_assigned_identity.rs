//! Managed identities: who an application is when it asks for something, without a password.

use std::collections::BTreeMap;

use crate::azure::{Region, ResourceGroup};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::value::{NodeRef, Text};
use crate::{Choice, Resource, name};

/// A user-assigned managed identity: it is made before what uses it, and outlives it.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30",
    terraform = "azurerm_user_assigned_identity",
    label = "managed identity",
    source = "https://learn.microsoft.com/azure/templates/microsoft.managedidentity/userassignedidentities"
)]
#[output(principal_id: PrincipalId, arm = "properties.principalId", tf = "principal_id",
    doc = "The identity's object ID in the directory, to which roles are given.")]
#[output(client_id: ClientId, arm = "properties.clientId", tf = "client_id",
    doc = "The identity's application ID, by which code asks for its tokens.")]
#[output(tenant_id: Text, arm = "properties.tenantId", tf = "tenant_id",
    doc = "The tenant that the identity belongs to.")]
pub struct UserAssignedIdentity {
    /// The identity's name, unique in its group.
    #[name(
        len = 3..=128, chars = alphanumeric, and = "-_", start = Alphanumeric, end = Any,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// Where resources may use it: anywhere, or only in its own region.
    #[prop(arm = "properties.isolationScope", tf = "isolation_scope", service = IsolationScope::None,
        danger = Downtime)]
    isolation_scope: Option<IsolationScope>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// Where resources may use a managed identity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum IsolationScope {
    /// In any region.
    None,
    /// In the identity's own region only.
    Regional,
}

/// Marks an output as the object ID of someone in the directory.
#[derive(Clone, Copy, Debug)]
pub struct PrincipalId;

/// Marks an output as the application ID of an identity.
#[derive(Clone, Copy, Debug)]
pub struct ClientId;

/// Which identities a resource has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum IdentityType {
    /// None.
    None,
    /// One that is made and deleted together with it.
    SystemAssigned,
    /// Identities that stand on their own.
    UserAssigned,
    /// Its own, and others beside it.
    #[choice("SystemAssigned, UserAssigned")]
    SystemAndUserAssigned,
}

impl IdentityType {
    /// The type once user-assigned identities join whatever there was.
    pub(crate) fn with_user_assigned(current: Option<Self>) -> Self {
        match current {
            Some(Self::SystemAssigned | Self::SystemAndUserAssigned) => Self::SystemAndUserAssigned,
            _ => Self::UserAssigned,
        }
    }

    /// The type once the resource's own identity joins whatever there was.
    pub(crate) fn with_system_assigned(current: Option<Self>) -> Self {
        match current {
            Some(Self::UserAssigned | Self::SystemAndUserAssigned) => Self::SystemAndUserAssigned,
            _ => Self::SystemAssigned,
        }
    }
}

/// What kind of principal an object ID stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PrincipalType {
    /// A person.
    User,
    /// A group of the directory.
    Group,
    /// An application or a managed identity.
    ServicePrincipal,
    /// A group of another directory.
    ForeignGroup,
    /// A device.
    Device,
}

/// Someone to whom a role can be given.
#[derive(Clone)]
pub struct Principal {
    pub(crate) id: Text,
    pub(crate) kind: PrincipalType,
}

impl Principal {
    /// Someone who exists outside this stack, by object ID (a GUID).
    pub fn existing(object_id: impl Into<String>, kind: PrincipalType) -> Self {
        Self { id: Text::from(object_id.into()), kind }
    }
}

impl From<Handle<UserAssignedIdentity>> for Principal {
    fn from(identity: Handle<UserAssignedIdentity>) -> Self {
        Self { id: identity.principal_id().into(), kind: PrincipalType::ServicePrincipal }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let identity = UserAssignedIdentity::new(name!("shop-web-id"), group)
        .isolation_scope(IsolationScope::Regional)
        .tag("owner", "platform");
    stack.add(identity).node()
}
