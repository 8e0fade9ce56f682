//! Cache rules of a container registry: images of other registries, kept nearby.

use crate::azure::{
    ContainerRegistry, KeyVault, Region, RegistryCredentialSet, ResourceGroup, VaultSecret,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Secret, Text};
use crate::{Resource, name};

/// A rule by which a container registry fetches images of another registry when they are first pulled, and keeps them.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ContainerRegistry/registries/cacheRules@2025-11-01",
    terraform = "azurerm_container_registry_cache_rule",
    scope = Child,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/cacherules"
)]
pub struct RegistryCacheRule {
    /// The rule's name, unique in its registry.
    #[name(
        len = 5..=50, chars = alphanumeric, and = "-",
        source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/cacherules"
    )]
    name: Name<Self>,
    /// The registry that keeps the images.
    #[prop(tf = "container_registry_id", parent)]
    registry: Ref<ContainerRegistry>,
    /// Where the images are, with the other registry's host name (`docker.io/library/python`).
    #[prop(arm = "properties.sourceRepository", tf = "source_repo", replace)]
    source: Text,
    /// What they are called here (`python`).
    #[prop(arm = "properties.targetRepository", tf = "target_repo", replace, danger = Downtime)]
    target: Text,
    /// How the registry signs in to the other one, where it must.
    #[prop(arm = "properties.credentialSetResourceId", tf = "credential_set_id", danger = Downtime)]
    credentials: Option<Ref<RegistryCredentialSet>>,
    meta: Meta,
}

fn limits(check: &mut CheckContext<'_>) {
    const CACHE: &str =
        "https://learn.microsoft.com/azure/container-registry/artifact-cache-overview";
    let Some(source) = check.text("source").map(str::to_owned) else { return };
    let host = source.split('/').next().unwrap_or_default();
    if !host.contains('.') || source == host {
        let what = format!("`{source}` does not say which registry it is in");
        check.report(
            "source",
            what,
            format!("put its host name in front, `docker.io/..`: {CACHE}"),
        );
    }
    let wild = |text: &str| text.contains('*');
    let target = check.text("target").unwrap_or_default();
    if wild(&source) != wild(target) {
        let what = "a rule has a wildcard on both sides or on none";
        check.report("target", what, format!("`docker.io/library/*` to `library/*`: {CACHE}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let registry = stack.add(ContainerRegistry::standard(name!("shopimages"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let user = VaultSecret::new(name!("docker-user"), vault, Secret::supplied("docker-user"));
    let user = stack.add(user);
    let token = VaultSecret::new(name!("docker-token"), vault, Secret::supplied("docker-token"));
    let token = stack.add(token);
    let set = RegistryCredentialSet::new(name!("docker-hub"), registry, "docker.io", user, token);
    let set = stack.add(set);
    let source = "docker.io/library/python";
    let rule = RegistryCacheRule::new(name!("python"), registry, source, "python").credentials(set);
    stack.add(rule).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn a_source_says_its_registry() {
        let rule = |source: &'static str, target: &'static str| {
            let registry = Ref::<ContainerRegistry>::existing("/subscriptions/s/registries/a");
            refused(RegistryCacheRule::new(name!("python"), registry, source, target))
        };
        assert_eq!(rule("docker.io/library/python", "python"), [""; 0]);
        assert_eq!(rule("docker.io/library/*", "library/*"), [""; 0]);
        assert_eq!(rule("library/python", "python"), ["source"]);
        assert_eq!(rule("docker.io/library/*", "library"), ["target"]);
    }
}
