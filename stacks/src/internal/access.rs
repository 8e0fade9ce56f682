//! Who may do what, and no more: the delivery that brings releases, and the people who operate the estate.

use xat_infra::azure::prelude::*;

use super::data::Operators;
use super::naming::Naming;

/// What access is made from.
pub struct AccessInputs {
    /// How its resources are called.
    pub naming: Naming,
    /// The group that everything is in.
    pub group: Handle<ResourceGroup>,
    /// Where delivery brings images.
    pub registry: Handle<ContainerRegistry<Premium>>,
    /// What delivery swaps.
    pub web: Handle<WebApp>,
    /// What delivery needs to change the database's tables.
    pub database_url: Option<Handle<VaultSecret>>,
    /// The repository that delivery runs for (`owner/name`).
    pub repository: &'static str,
    /// The environment of that repository; it can ask for approval first.
    pub environment: &'static str,
    /// The people who operate the estate.
    pub operators: Operators,
}

/// Declares who may do what. Nobody has a password: GitHub vouches for delivery, the directory for people. The registry and
/// the application answer inside the network only, so that delivery runs on a runner there. What it is vouched for by is given back.
pub fn access(stack: &mut Stack, inputs: &AccessInputs) -> Handle<FederatedIdentityCredential> {
    let AccessInputs { naming, group, .. } = *inputs;
    let delivery = UserAssignedIdentity::new(naming.named("backend-delivery"), group);
    let delivery = stack.add(delivery);
    let delivers = stack.add(FederatedIdentityCredential::github(
        name!("github"),
        delivery,
        GithubSubject::environment(inputs.repository, inputs.environment),
    ));
    stack.add(RoleAssignment::new(Role::AcrPush, inputs.registry, delivery));
    stack.add(RoleAssignment::new(Role::WebsiteContributor, inputs.web, delivery));
    if let Some(database_url) = inputs.database_url {
        stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, database_url, delivery));
    }
    let operators = Principal::existing(inputs.operators.id, PrincipalType::Group);
    stack.add(RoleAssignment::new(Role::Reader, group, operators));

    // Previews of pull requests read, as somebody else and from an environment of their own.
    let reader = UserAssignedIdentity::new(naming.named("backend-reader"), group);
    let reader = stack.add(reader);
    let previews = format!("{}-read", inputs.environment);
    stack.add(FederatedIdentityCredential::github(
        name!("github-previews"),
        reader,
        GithubSubject::environment(inputs.repository, &previews),
    ));
    stack.add(RoleAssignment::new(Role::Reader, group, reader));
    delivers
}
