//! Deployments of ARM templates that someone already has.

use std::collections::BTreeMap;

use crate::azure::json_text::JSON_TEXT;
use crate::azure::{KeyVault, Region, ResourceGroup};
use crate::dsl::{Meta, Name, RawBody, Ref, Stack};
use crate::schema::{CheckContext, PropertyType, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name, text};

/// A deployment of an ARM template into a resource group.
///
/// For a template that someone already has and nobody wants to take apart. What it makes is not seen: no rule looks at
/// it, no plan shows its changes, and nothing else in the stack can refer to it. Template and parameters are compared
/// with what was last deployed, because the service keeps neither as it was told. Deleting a deployment deletes nothing
/// that it made.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Resources/deployments@2025-04-01",
    terraform = "azurerm_resource_group_template_deployment",
    // Its own parameters and variables are meant, wherever it is deployed from.
    constant(arm = "properties.expressionEvaluationOptions.scope", value = "inner"),
    private_new,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.resources/deployments"
)]
pub struct TemplateDeployment {
    /// The deployment's name, unique in its group.
    #[name(
        len = 1..=64, chars = alphanumeric, and = "-_.()", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources"
    )]
    name: Name<Self>,
    /// The group that it deploys into.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// What happens to resources of the group that the template does not have.
    #[prop(arm = "properties.mode", tf = "deployment_mode", default = DeploymentMode::Incremental, danger = DataLoss)]
    mode: DeploymentMode,
    /// The template itself.
    #[prop(arm = "properties.template", tf = "template_content", tf_codec = JSON_TEXT, by_record, verbatim,
        no_setter, danger = Downtime)]
    template: Option<RawBody>,
    /// A version of a template spec, by its full ID.
    #[prop(arm = "properties.templateLink.id", tf = "template_spec_version_id", canon = canons::RESOURCE_ID, no_setter,
        danger = Downtime)]
    template_spec: Option<Text>,
    /// The template's parameters.
    #[prop(arm = "properties.parameters", tf = "parameters_content", tf_codec = JSON_TEXT, by_record, no_setter,
        danger = Downtime)]
    parameters: Option<BTreeMap<String, Value>>,
    /// Which messages Azure keeps; bodies of requests can hold secrets.
    #[prop(arm = "properties.debugSetting.detailLevel", tf = "debug_level", canon = canons::CASE, label = "debug",
        service = DebugDetail::None, danger = Exposure)]
    debug: Option<DebugDetail>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl TemplateDeployment {
    /// A deployment of a template as JSON.
    #[track_caller]
    #[must_use]
    pub fn of(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>, template: RawBody) -> Self {
        Self { template: Some(template), ..Self::declare_new(name, group) }
    }

    /// A deployment of a version of a template spec, by its full ID.
    #[track_caller]
    #[must_use]
    pub fn of_spec(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        version: impl Into<Text>,
    ) -> Self {
        Self { template_spec: Some(version.into()), ..Self::declare_new(name, group) }
    }

    /// A parameter of the template.
    #[track_caller]
    #[must_use]
    pub fn parameter(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.with_parameter(name.into(), Value::map([("value", value.into())]))
    }

    /// A parameter whose value Azure reads from a vault when it deploys: nobody else sees it. The vault must allow
    /// deployments.
    #[track_caller]
    #[must_use]
    pub fn vault_parameter(
        self,
        name: impl Into<String>,
        vault: impl Into<Ref<KeyVault>>,
        secret: impl Into<Text>,
    ) -> Self {
        let vault = Value::map([("id", vault.into().into_value())]);
        let reference =
            Value::map([("keyVault", vault), ("secretName", Value::Text(secret.into()))]);
        self.with_parameter(name.into(), Value::map([("reference", reference)]))
    }

    #[track_caller]
    fn with_parameter(mut self, name: String, value: Value) -> Self {
        self.meta.set_here(Self::PARAMETERS.index());
        self.parameters.get_or_insert_default().insert(name, value);
        self
    }
}

/// What happens to resources of a group that a template does not have.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DeploymentMode {
    /// They stay.
    Incremental,
    /// They are deleted, with all that is in them.
    Complete,
}

/// Which messages Azure keeps of a deployment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DebugDetail {
    /// None.
    #[choice("none")]
    None,
    /// What was asked.
    #[choice("requestContent")]
    Requests,
    /// What was answered.
    #[choice("responseContent")]
    Responses,
    /// Both.
    #[choice("requestContent, responseContent")]
    Both,
}

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax";
    let Some(template) = check.get("template") else { return };
    let has = |key: &str| template.at(&[key]).is_some_and(|value| !matches!(value, Value::Null));
    for key in ["$schema", "contentVersion", "resources"] {
        if !has(key) {
            check.report(
                "template",
                format!("a template has `{key}`, and this has not"),
                format!("the provider's reference: {SOURCE}"),
            );
        }
    }
    let names = template.at(&["parameters"]).and_then(|parameters| match parameters {
        Value::Map(entries) => Some(entries),
        _ => None,
    });
    if let Some(Value::Map(given)) = check.get("parameters") {
        let unknown = |name: &&str| names.is_none_or(|names| names.get_ignore_case(name).is_none());
        let unknown: Vec<&str> = given.iter().map(|(name, _)| name).filter(unknown).collect();
        for name in unknown {
            let what = format!("the template has no parameter `{name}`");
            check.report("parameters", what, format!("the provider's reference: {SOURCE}"));
        }
        let secure = |name: &str| {
            let of = names.and_then(|names| names.get_ignore_case(name)?.at(&["type"])?.as_str());
            of.is_none_or(|of| of.to_ascii_lowercase().starts_with("secure"))
        };
        let shown = |(name, given): &(&str, &Value)| {
            let mut secret = false;
            given.each_secret(&mut |_| secret = true);
            (secret || given.at(&["reference"]).is_some()) && !secure(name)
        };
        let shown: Vec<&str> = given.iter().filter(shown).map(|(name, _)| name).collect();
        for name in shown {
            check.report(
                "parameters",
                format!("`{name}` is given a secret, and the template shows its value"),
                format!("make it a `secureString` in the template: {SOURCE}"),
            );
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let template = RawBody::new(serde_json::json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"owner": {"type": "string"}, "token": {"type": "securestring"}},
        "resources": [],
        "outputs": {"owner": {"type": "string", "value": "[parameters('owner')]"}},
    }));
    let deployment = TemplateDeployment::of(name!("bought-appliance"), group, template)
        .parameter("owner", text!("of {}", group.name()))
        .vault_parameter("token", vault, "appliance-token")
        .debug(DebugDetail::None)
        .tag("owner", "platform");
    stack.add(deployment).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refusals};

    #[test]
    fn a_template_is_a_template() {
        let of = |json| TemplateDeployment::of(name!("one"), group(), RawBody::new(json));
        let template = serde_json::json!({
            "$schema": "x", "contentVersion": "1.0.0.0", "resources": [], "parameters": {"a": {}},
        });
        assert_eq!(refusals(of(template.clone()).parameter("A", "b")), [""; 0]);
        assert_eq!(
            refusals(of(template).parameter("c", "d")),
            ["parameters: the template has no parameter `c`"]
        );
        assert_eq!(
            refusals(of(serde_json::json!({"resources": []}))),
            [
                "template: a template has `$schema`, and this has not",
                "template: a template has `contentVersion`, and this has not",
            ]
        );
        let vault = Ref::<KeyVault>::existing(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
        );
        let secret = |ty| {
            let template = serde_json::json!({
                "$schema": "x", "contentVersion": "1.0.0.0", "resources": [], "parameters": {"a": {"type": ty}},
            });
            refusals(of(template).vault_parameter("a", vault.clone(), "s"))
        };
        assert_eq!(secret("secureString"), [""; 0]);
        assert_eq!(
            secret("string"),
            ["parameters: `a` is given a secret, and the template shows its value"]
        );
        assert_eq!(refusals(TemplateDeployment::of_spec(name!("one"), group(), "x")), [""; 0]);
    }
}
