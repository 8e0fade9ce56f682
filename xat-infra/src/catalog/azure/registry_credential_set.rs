//! Credential sets of a container registry: how it signs in to registries that it caches.

use crate::azure::{
    ContainerRegistry, KeyVault, Principal, PrincipalId, PrincipalType, Region, ResourceGroup,
    VaultSecret,
};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::canons;
use crate::value::{NodeRef, Secret, Text};
use crate::{Block, Resource, name};

/// The user name and password by which a container registry signs in to another registry that it caches. It holds
/// neither: it knows in which vault they are, and reads them with its own identity, which needs the role
/// `Key Vault Secrets User` there.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ContainerRegistry/registries/credentialSets@2025-11-01",
    terraform = "azurerm_container_registry_credential_set",
    scope = Child,
    private_new,
    constant(arm = "identity.type", tf = "identity.type", value = "SystemAssigned"),
    source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/credentialsets"
)]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the set's own identity.")]
pub struct RegistryCredentialSet {
    /// The set's name, unique in its registry.
    #[name(
        len = 5..=50, chars = alphanumeric, and = "-",
        source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/credentialsets"
    )]
    name: Name<Self>,
    /// The registry that signs in.
    #[prop(tf = "container_registry_id", parent)]
    registry: Ref<ContainerRegistry>,
    /// The host name of the registry that it signs in to (`docker.io`).
    #[prop(arm = "properties.loginServer", tf = "login_server", canon = canons::URL, replace)]
    login_server: Text,
    /// Where the user name and the password are.
    #[prop(arm = "properties.authCredentials", tf = "authentication_credentials", key = "name", danger = Downtime,
        no_setter)]
    credentials: Vec<UpstreamCredential>,
    meta: Meta,
}

/// Where a user name and a password are.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct UpstreamCredential {
    /// What the service calls the pair; there is one.
    #[prop(arm = "name", default = "Credential1".into(), no_setter)]
    name: Text,
    /// The address of the vault secret that holds the user name.
    #[prop(arm = "usernameSecretIdentifier", tf = "username_secret_id", canon = canons::URL)]
    username: Text,
    /// The address of the vault secret that holds the password.
    #[prop(arm = "passwordSecretIdentifier", tf = "password_secret_id", canon = canons::URL)]
    password: Text,
}

impl RegistryCredentialSet {
    /// Signs in to a registry (`docker.io`) with a user name and a password that are in a vault.
    #[track_caller]
    #[must_use]
    pub fn new(
        name: Name<Self>,
        registry: impl Into<Ref<ContainerRegistry>>,
        login_server: impl Into<Text>,
        username: Handle<VaultSecret>,
        password: Handle<VaultSecret>,
    ) -> Self {
        let pair = UpstreamCredential::new(username.versionless_uri(), password.versionless_uri());
        Self::declare_new(name, registry, login_server, vec![pair])
    }
}

impl From<Handle<RegistryCredentialSet>> for Principal {
    fn from(set: Handle<RegistryCredentialSet>) -> Self {
        Self { id: set.principal_id().into(), kind: PrincipalType::ServicePrincipal }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let user = VaultSecret::new(name!("docker-user"), vault, Secret::supplied("docker-user"));
    let user = stack.add(user);
    let token = VaultSecret::new(name!("docker-token"), vault, Secret::supplied("docker-token"));
    let token = stack.add(token);
    let set = RegistryCredentialSet::new(name!("docker-hub"), registry, "docker.io", user, token);
    stack.add(set).node()
}
