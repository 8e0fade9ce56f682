//! Azure in Terraform: how its providers are set up, and how what `azurerm` does not have goes through `azapi`.

use std::collections::BTreeMap;

use super::provider::{SUBSCRIPTION, TENANT};
use crate::schema::RawRequest;
use crate::value::{Entries, Value};

type Parameters = BTreeMap<&'static str, String>;

/// The provider's own defaults purge deleted vaults and delete groups that still hold something; these keep both.
/// <https://github.com/hashicorp/terraform-provider-azurerm/blob/main/website/docs/guides/features-block.html.markdown>
pub(super) fn azurerm(parameters: &Parameters) -> Value {
    let keep = Value::map([
        (
            "key_vault",
            Value::map([
                ("purge_soft_delete_on_destroy", false),
                ("purge_soft_deleted_keys_on_destroy", false),
                ("purge_soft_deleted_secrets_on_destroy", false),
                ("recover_soft_deleted_key_vaults", true),
            ]),
        ),
        ("resource_group", Value::map([("prevent_deletion_if_contains_resources", true)])),
    ]);
    let mut config = Value::map([("features", keep)]);
    config.put(&[], subscription(parameters));
    // Keyless by default: accounts whose keys are off refuse the other way.
    config.put(&["storage_use_azuread"], Value::Bool(true));
    config
}

pub(super) fn azapi(parameters: &Parameters) -> Value {
    subscription(parameters)
}

fn subscription(parameters: &Parameters) -> Value {
    let said = [("subscription_id", SUBSCRIPTION), ("tenant_id", TENANT)];
    let known = said.iter().filter_map(|(key, name)| Some((*key, parameters.get(name)?.clone())));
    Value::Map(known.collect())
}

/// `azapi_resource`: <https://github.com/Azure/terraform-provider-azapi/blob/main/docs/resources/resource.md>. Location and
/// tags are arguments of their own, secrets go into a body that is written and never kept.
pub(super) fn raw(request: &RawRequest<'_>) -> Value {
    let mut out = Value::map([
        ("type", Value::from(format!("{}@{}", request.wire, request.api))),
        ("name", Value::from(request.name.to_owned())),
        ("parent_id", Value::Text(request.parent.clone())),
    ]);
    let (mut body, secrets) = split(&request.body);
    if let Value::Map(entries) = &mut body {
        for own in OWN {
            if let Some(value) = entries.get(own) {
                out.put(&[own], value.clone());
            }
        }
        let rest = entries.iter().filter(|(key, _)| !OWN.contains(key));
        *entries = rest.map(|(key, value)| (key.to_owned(), value.clone())).collect();
    }
    out.put(&["body"], body);
    if let Some(secrets) = secrets {
        // Without `sensitive_body_version` the provider keeps a salted hash and sees a change by itself; with one it leaves
        // the secrets out of every write that does not count it up, and a full write would then take them away.
        out.put(&["sensitive_body"], secrets);
    }
    out.put(&["response_export_values"], Value::List(vec![Value::literal("*")]));
    out
}

/// What a REST body says and `azapi_resource` has arguments for.
const OWN: [&str; 2] = ["location", "tags"];

/// Where `azapi_resource` has a leaf of a REST body.
pub(super) fn raw_path(path: &[&str]) -> String {
    match path {
        [own, ..] if OWN.contains(own) => path.join("."),
        _ => format!("body.{}", path.join(".")),
    }
}

/// A body without its secrets, and the secrets alone, each at its place. A list is laid over another as a whole, so one
/// with a secret anywhere in it goes there whole.
fn split(value: &Value) -> (Value, Option<Value>) {
    let Value::Map(entries) = value else { return (value.clone(), None) };
    let (mut plain, mut secret) = (Entries::new(), Entries::new());
    for (key, value) in entries.iter() {
        if hidden(value) {
            secret.insert(key.to_owned(), value.clone());
            continue;
        }
        let (rest, inner) = split(value);
        plain.insert(key.to_owned(), rest);
        if let Some(inner) = inner {
            secret.insert(key.to_owned(), inner);
        }
    }
    (Value::Map(plain), (!secret.is_empty()).then_some(Value::Map(secret)))
}

/// Whether a value is a secret, or a list with one in it.
fn hidden(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::List(items) => items.iter().any(|item| hidden(item) || split(item).1.is_some()),
        _ => false,
    }
}
