//! The raw escape: any resource of Google Cloud, by its type, API version, full name and body.

use crate::dsl::{Meta, RawBody, Stack};
use crate::gcp::{GoogleScope as _, PROVIDER, ServiceAccount};
use crate::schema::{Saying, rust};
use crate::value::{NodeRef, Text};
use crate::{Resource, name, text};

/// A resource of Google Cloud that no type models. It plans like the rest; nothing checks its body, and Terraform has no
/// resource that takes one.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "raw@raw",
    id = "{full_name}",
    derived_name("full_name"),
    label = "raw Google resource",
    scope = Root,
    private_new,
    import = say,
    source = "https://cloud.google.com/asset-inventory/docs/asset-types"
)]
pub struct RawGoogle {
    /// Its full name, `//service/projects/..`.
    #[prop(replace)]
    full_name: Text,
    /// Its body, as its service takes and returns it. Every leaf in it is compared, and no other.
    #[prop(rest = "")]
    body: RawBody,
    meta: Meta,
}

impl RawGoogle {
    /// A resource of a type (`pubsub.googleapis.com/Topic`) in an API version (`v1`), by its full name.
    ///
    /// ```
    /// use xat_infra::gcp::prelude::*;
    /// let mut stack = Stack::new("demo").project("demo");
    /// let body = RawBody::new(serde_json::json!({"messageRetentionDuration": "86400s"}));
    /// let name = "//pubsub.googleapis.com/projects/demo/topics/orders";
    /// stack.add(RawGoogle::new("pubsub.googleapis.com/Topic", "v1", name, body));
    /// ```
    #[track_caller]
    #[must_use]
    pub fn new(
        wire: impl Into<String>,
        api: impl Into<String>,
        full_name: impl Into<Text>,
        body: RawBody,
    ) -> Self {
        let mut raw = Self::declare_new(full_name, body);
        raw.meta.wire_type(wire, api);
        raw
    }
}

fn say(raw: &mut Saying<'_>) {
    let (wire, api) = (rust::literal(raw.found.wire), rust::literal(raw.found.api));
    let name = rust::literal(raw.found.id);
    if let Some(body) = raw.expression("body") {
        let head = format!("RawGoogle::new({wire}, {api}, {name}, {body})");
        raw.construct_as(head, &["full_name", "body"]);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-push")));
    let topic = text!("projects/{}/topics/orders", stack.project_id());
    let body = RawBody::new(serde_json::json!({
        "ackDeadlineSeconds": 20,
        "pushConfig": {"pushEndpoint": "https://shop.example.com/orders"},
    }))
    .with("topic", topic)
    .with("pushConfig.oidcToken.serviceAccountEmail", account.email());
    let full_name =
        text!("//pubsub.googleapis.com/projects/{}/subscriptions/orders", stack.project_id());
    stack.add(RawGoogle::new("pubsub.googleapis.com/Subscription", "v1", full_name, body)).node()
}
