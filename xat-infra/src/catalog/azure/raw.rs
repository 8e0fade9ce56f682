//! The raw escape: any ARM resource, by its type, API version and body.

use crate::azure::{Region, ResourceGroup};
use crate::dsl::{AnyRef, Meta, Name, RawBody, Stack};
use crate::schema::{Saying, rust};
use crate::value::NodeRef;
use crate::{Resource, name, text};

/// An ARM resource that no type models. It plans, emits and applies like the rest; nothing checks its body.
#[derive(Resource)]
#[resource(
    arm = "raw@raw",
    label = "raw ARM resource",
    scope = Group,
    private_new,
    import = say,
    source = "https://learn.microsoft.com/azure/templates/"
)]
pub struct RawArm {
    /// The resource's name.
    #[name(
        len = 1..=260, chars = alphanumeric, and = "-_.()@/", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
    )]
    name: Name<Self>,
    /// What holds it: a group, another resource, or the scope of an extension.
    #[prop(parent)]
    parent: AnyRef,
    /// Its body, without `id`, `name` and `type`. Every leaf in it is compared, and no other.
    #[prop(arm = "")]
    body: RawBody,
    meta: Meta,
}

impl RawArm {
    /// A resource of a REST type (`Microsoft.Insights/components`) in an API version (`2020-02-02`).
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// let mut stack = Stack::new("demo");
    /// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    /// let body = RawBody::new(serde_json::json!({"location": "global", "properties": {"enabled": true}}));
    /// stack.add(RawArm::new("Microsoft.Cdn/profiles", "2024-02-01", name!("demo-cdn"), group, body));
    /// ```
    #[track_caller]
    #[must_use]
    pub fn new(
        wire: impl Into<String>,
        api: impl Into<String>,
        name: Name<Self>,
        parent: impl Into<AnyRef>,
        body: RawBody,
    ) -> Self {
        let mut raw = Self::declare_new(name, parent, body);
        raw.meta.wire_type(wire, api);
        raw
    }
}

fn say(raw: &mut Saying<'_>) {
    let (wire, api) = (rust::literal(raw.found.wire), rust::literal(raw.found.api));
    let base = ["name", "parent", "body"].map(|property| raw.expression(property));
    if let [Some(name), Some(parent), Some(body)] = base {
        let head = format!("RawArm::new({wire}, {api}, {name}, {parent}, {body})");
        raw.construct_as(head, &["name", "parent", "body"]);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let body = RawBody::new(serde_json::json!({
        "location": "westeurope",
        "kind": "web",
        "properties": {"Application_Type": "web", "RetentionInDays": 30},
    }))
    .with("tags.group", text!("in {}", group.name()));
    stack
        .add(RawArm::new(
            "Microsoft.Insights/components",
            "2020-02-02",
            name!("shop-insights"),
            group,
            body,
        ))
        .node()
}
