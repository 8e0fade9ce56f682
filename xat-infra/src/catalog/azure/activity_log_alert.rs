//! Activity log alerts: tell someone when something happens to the subscription rather than in it.

use std::collections::BTreeMap;

use crate::azure::activity_condition::CONDITIONS;
use crate::azure::alert_parts::{check_actions, renamed};
use crate::azure::{
    ActionGroup, ActivityCondition, AlertAction, HealthEvent, Region, ResourceGroup,
};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Codec, Fact, Saying, Set, codecs};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// An activity log alert: tells action groups of failures of Azure itself, of resources that become unwell, and of who
/// changes what.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/activityLogAlerts@2020-10-01",
    terraform = "azurerm_monitor_activity_log_alert",
    private_new,
    import = say,
    check = limits,
    fact = Fact::Tells(&["actions"]),
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/activitylogalerts"
)]
pub struct ActivityLogAlert {
    /// The alert's name, unique in its group.
    #[name(
        len = 1..=260, chars = alphanumeric, and = " -_.()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// What is watched: the subscription, a group, a resource, with all that is below.
    #[prop(arm = "properties.scopes", tf = "scopes")]
    scopes: Set<AnyRef>,
    /// What is told of.
    #[prop(arm = "properties.condition.allOf", tf = "criteria", codec = CONDITIONS)]
    condition: ActivityCondition,
    /// Where the alert is processed: everywhere, or only in one region for data that must stay there.
    #[prop(arm = "location", tf = "location", default = Region::Global, replace)]
    location: Region,
    /// What it means that the alert fires, and what to do then.
    #[prop(arm = "properties.description", tf = "description", service = Text::from(""), danger = Cosmetic)]
    description: Option<Text>,
    /// Whether the alert tells anyone.
    #[prop(arm = "properties.enabled", tf = "enabled", default = true, service = true, danger = Downtime)]
    enabled: bool,
    /// Who is told: 5 action groups at most.
    #[prop(arm = "properties.actions.actionGroups", tf = "action", codec = ACTIONS, each = "action")]
    actions: Option<Set<AlertAction>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl ActivityLogAlert {
    /// An alert on what happens below a scope. Of failures of Azure itself, only the subscription is told:
    /// `stack.subscription_scope()`.
    #[track_caller]
    #[must_use]
    pub fn on(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        scope: impl Into<AnyRef>,
        condition: ActivityCondition,
    ) -> Self {
        Self::declare_new(name, group, Set(vec![scope.into()]), condition)
    }

    /// Watches this scope too.
    #[track_caller]
    #[must_use]
    pub fn and_on(mut self, scope: impl Into<AnyRef>) -> Self {
        self.meta.set_here(Self::SCOPES.index());
        self.scopes.extend([scope.into()]);
        self
    }
}

/// The first scope is the constructor's.
fn say(alert: &mut Saying<'_>) {
    let base = ["name", "group", "condition"].map(|property| alert.expression(property));
    let scopes = alert.each("scopes").unwrap_or_default();
    if let ([Some(name), Some(group), Some(condition)], [first, more @ ..]) =
        (base, scopes.as_slice())
    {
        let head = format!("ActivityLogAlert::on({name}, {group}, {first}, {condition})");
        alert.construct_as(head, &["name", "group", "condition"]);
        let more = more.iter().map(|scope| format!(".and_on({scope})"));
        alert.call(more.collect(), &["scopes"]);
    }
}

/// This service writes what web hooks are told with another letter than that of metric alerts.
static ACTIONS: Codec = Codec {
    name: "list with webhookProperties",
    encode: |value| {
        codecs::each(value, |one| renamed(one, "webHookProperties", "webhookProperties"))
    },
    decode: |value| matches!(value, Value::List(_)).then(|| value.clone()),
};

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-types#activity-log-alerts";
    const OF_SERVICES: [&str; 3] = ["events", "services", "regions"];
    const OF_RESOURCES: [&str; 3] = ["current_health", "previous_health", "cause"];
    const OF_ADVICE: [&str; 3] =
        ["recommendation_category", "recommendation_impact", "recommendation_type"];
    check_actions(check, "actions");
    for condition in check.blocks("condition") {
        let category = condition.text("category").unwrap_or_default();
        for (kind, only) in [
            ("ServiceHealth", OF_SERVICES),
            ("ResourceHealth", OF_RESOURCES),
            ("Recommendation", OF_ADVICE),
        ] {
            if let Some(said) = only.iter().find(|one| condition.get(one).is_some())
                && category != kind
            {
                check.report(
                    "condition",
                    format!("`{said}` is said of {kind}, and this alert is on {category}"),
                    format!("start from the constructor of that kind: {SOURCE}"),
                );
            }
        }
        let of_type = condition.get("recommendation_type").is_some();
        if of_type && OF_ADVICE[..2].iter().any(|one| condition.get(one).is_some()) {
            check.report(
                "condition",
                "a type of recommendation has its category and impact already",
                format!("say the type alone: {SOURCE}"),
            );
        }
    }
    // The service tells of its own failures to subscriptions only.
    let narrow = |scope: &Value| scope.as_str().is_some_and(|id| id.contains("/resourceGroups/"));
    let of_service =
        check.blocks("condition").iter().any(|c| c.text("category") == Some("ServiceHealth"));
    if let Some(Value::List(scopes)) = check.get("scopes")
        && of_service
        && scopes
            .iter()
            .any(|scope| narrow(scope) || scope.as_text().is_some_and(|t| t.output().is_some()))
    {
        check.report(
            "scopes",
            "failures of Azure itself are told to a subscription, not to a part of it",
            "watch `stack.subscription_scope()`: \
             https://learn.microsoft.com/azure/service-health/alerts-activity-log-service-notifications-portal",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    use crate::azure::AzureScope as _;
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let on_call = ActionGroup::new(name!("shop-on-call"), group, "shop-on-call");
    let on_call = stack.add(on_call.email("on call", "on-call@example.com"));
    let failures = ActivityCondition::service_health()
        .event(HealthEvent::Incident)
        .event(HealthEvent::Maintenance)
        .services(["App Service", "Azure Database for PostgreSQL flexible servers"])
        .region("West Europe");
    let alert =
        ActivityLogAlert::on(name!("azure-fails"), group, stack.subscription_scope(), failures)
            .description("Azure itself fails where the shop runs.")
            .action(AlertAction::new(on_call).property("team", "shop"))
            .tag("owner", "platform");
    stack.add(alert).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refusals};
    use crate::azure::{HealthCause, RecommendationImpact};

    #[test]
    fn the_services_limits_hold() {
        let on = |scope: &'static str, condition| {
            ActivityLogAlert::on(name!("x"), group(), AnyRef::existing(scope), condition)
        };
        let all = "/subscriptions/5a1e";
        assert_eq!(refusals(on(all, ActivityCondition::service_health())), [""; 0]);
        let narrow =
            on("/subscriptions/5a1e/resourceGroups/g", ActivityCondition::service_health());
        assert_eq!(
            refusals(narrow),
            ["scopes: failures of Azure itself are told to a subscription, not to a part of it"]
        );
        let odd = ActivityCondition::administrative("x").because(HealthCause::UserInitiated);
        assert_eq!(
            refusals(on(all, odd)),
            ["condition: `cause` is said of ResourceHealth, and this alert is on Administrative"]
        );
        let twice = ActivityCondition::recommendation()
            .recommendation_type("x")
            .recommendation_impact(RecommendationImpact::High);
        assert_eq!(
            refusals(on(all, twice)),
            ["condition: a type of recommendation has its category and impact already"]
        );
    }
}
