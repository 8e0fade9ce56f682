//! Webhooks of a container registry: who is told when images come and go.

use std::collections::BTreeMap;

use crate::azure::common::STATUS;
use crate::azure::{ContainerRegistry, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Set};
use crate::value::{NodeRef, Secret, Text, Value};
use crate::{Choice, Resource, name};

/// A webhook of a container registry: an address that is called when images come and go.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ContainerRegistry/registries/webhooks@2025-11-01",
    terraform = "azurerm_container_registry_webhook",
    tf_import = "{parent}/webHooks/{name}",
    scope = Child,
    tf_ancestor(attr = "resource_group_name", arm = "Microsoft.Resources/resourceGroups", output = "name"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/webhooks"
)]
pub struct RegistryWebhook {
    /// The webhook's name, unique in its registry.
    #[name(
        len = 5..=50, chars = alphanumeric,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry"
    )]
    name: Name<Self>,
    /// The registry.
    #[prop(tf = "registry_name", tf_ref = "name", parent)]
    registry: Ref<ContainerRegistry>,
    /// The region, one of the registry's; the registry's own, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The address that is called. It is a secret, for it often holds a token.
    #[prop(arm = "properties.serviceUri", tf = "service_uri", label = "address", write_only, danger = Downtime)]
    uri: Secret,
    /// What is told.
    #[prop(arm = "properties.actions", tf = "actions")]
    actions: Set<WebhookAction>,
    /// Headers that go with each call, in plain text: what is secret belongs into the address.
    #[prop(arm = "properties.customHeaders", tf = "custom_headers", label = "header", write_only, danger = Downtime,
        each = "header")]
    headers: Option<BTreeMap<String, Text>>,
    /// Which images it is about: `shop:*` is every tag of a repository, `shop` its `latest`; all, unless said.
    #[prop(arm = "properties.scope", tf = "scope", service = Text::from(""))]
    scope: Option<Text>,
    /// Whether anything is told at all.
    #[prop(arm = "properties.status", tf = "status", codec = STATUS, tf_codec = STATUS, default = true,
        service = true, danger = Downtime)]
    enabled: bool,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// What a webhook tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum WebhookAction {
    /// An image was pushed.
    #[choice("push")]
    Push,
    /// An image was deleted.
    #[choice("delete")]
    Delete,
    /// An image waits in quarantine.
    #[choice("quarantine")]
    Quarantine,
    /// A Helm chart was pushed.
    #[choice("chart_push")]
    ChartPush,
    /// A Helm chart was deleted.
    #[choice("chart_delete")]
    ChartDelete,
}

fn limits(check: &mut CheckContext<'_>) {
    if matches!(check.get("actions"), Some(Value::List(actions)) if actions.is_empty()) {
        let source =
            "https://learn.microsoft.com/azure/container-registry/container-registry-webhook";
        check.report(
            "actions",
            "a webhook that tells nothing",
            format!("name one action: {source}"),
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let actions = Set(vec![WebhookAction::Push, WebhookAction::Delete]);
    let deploy = RegistryWebhook::new(
        name!("deployshop"),
        registry,
        Secret::supplied("deploy-hook"),
        actions,
    )
    .header("X-Source", "shopimages")
    .scope("shop:*")
    .enabled(true)
    .tag("owner", "platform");
    stack.add(deploy).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn a_webhook_tells_something() {
        let hook = |actions| {
            let registry = Ref::<ContainerRegistry>::existing("/subscriptions/s/registries/a");
            let uri = Secret::supplied("hook");
            refused(RegistryWebhook::new(name!("deployshop"), registry, uri, Set(actions)))
        };
        assert_eq!(hook(vec![WebhookAction::Push]), [""; 0]);
        assert_eq!(hook(Vec::new()), ["actions"]);
    }
}
