//! Metric alerts: tell someone when a measurement leaves its bounds.

use std::collections::BTreeMap;

use crate::azure::alert_parts::{check_actions, check_failing, check_periods};
use crate::azure::metric_alert_parts::{BY_KIND, MetricCriteria, ODATA_TYPE};
use crate::azure::{
    ActionGroup, AlertAction, AlertDimension, AlertPeriod, AlertSeverity, AppServicePlan,
    ApplicationInsights, MetricAggregation, MetricCriterion, PlanSku, Region, ResourceGroup,
    WebTest,
};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Fact, Set, canons};
use crate::value::{NodeRef, Text};
use crate::{Resource, name};

/// A metric alert: looks at measurements at regular intervals, and tells action groups when they leave their bounds.
///
/// What it looks for is said by its constructor. An alert that nobody is told of can only be seen in the portal:
/// [`MetricAlert::action`] says who is told.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/metricAlerts@2018-03-01",
    terraform = "azurerm_monitor_metric_alert",
    private_new,
    import = crate::azure::metric_alert_import::say,
    constant(arm = "location", value = "global"),
    check = limits,
    fact = Fact::Tells(&["actions"]),
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/metricalerts"
)]
pub struct MetricAlert {
    /// The alert's name, unique in its group.
    #[name(
        len = 1..=260, chars = alphanumeric, and = " -_.()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// What is watched: one resource, or several of one type and region.
    #[prop(arm = "properties.scopes", tf = "scopes")]
    targets: Set<AnyRef>,
    /// What is looked for.
    #[prop(arm = "properties.criteria", tf = "", codec = ODATA_TYPE, tf_codec = BY_KIND)]
    criteria: MetricCriteria,
    /// The REST type of what is watched, where it is more than one.
    #[prop(arm = "properties.targetResourceType", tf = "target_resource_type", canon = canons::CASE, no_setter)]
    target_type: Option<Text>,
    /// The region of what is watched, where it is more than one.
    #[prop(arm = "properties.targetResourceRegion", tf = "target_resource_location", no_setter)]
    target_region: Option<Region>,
    /// What it means that the alert fires, and what to do then.
    #[prop(arm = "properties.description", tf = "description", service = Text::from(""), danger = Cosmetic)]
    description: Option<Text>,
    /// How bad it is that the alert fires.
    #[prop(arm = "properties.severity", tf = "severity", default = AlertSeverity::Warning)]
    severity: AlertSeverity,
    /// Whether the alert looks at all.
    #[prop(arm = "properties.enabled", tf = "enabled", default = true, danger = Downtime)]
    enabled: bool,
    /// How often it looks: every 1, 5, 15, 30 or 60 minutes.
    #[prop(arm = "properties.evaluationFrequency", tf = "frequency", default = AlertPeriod::Minute, danger = Cost)]
    frequency: AlertPeriod,
    /// Over how long it looks back: 1, 5, 15, 30 or 60 minutes, 6, 12 or 24 hours.
    #[prop(arm = "properties.windowSize", tf = "window_size", default = AlertPeriod::FiveMinutes)]
    window: AlertPeriod,
    /// Whether the alert resolves itself once the measurements are within bounds again.
    #[prop(arm = "properties.autoMitigate", tf = "auto_mitigate", default = true, service = true)]
    auto_mitigate: bool,
    /// Who is told: 5 action groups at most.
    #[prop(arm = "properties.actions", tf = "action", each = "action")]
    actions: Option<Set<AlertAction>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl MetricAlert {
    /// An alert on a measurement of one resource.
    #[track_caller]
    #[must_use]
    pub fn on(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        target: impl Into<AnyRef>,
        criterion: MetricCriterion,
    ) -> Self {
        Self::declare_new(name, group, Set(vec![target.into()]), MetricCriteria::metrics(criterion))
    }

    /// An alert on a measurement of several resources of one REST type and region, each watched by itself.
    #[track_caller]
    #[must_use]
    pub fn on_each<T: Into<AnyRef>>(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        targets: impl IntoIterator<Item = T>,
        (target_type, region): (&'static str, Region),
        criterion: MetricCriterion,
    ) -> Self {
        let targets = Set(targets.into_iter().map(Into::into).collect());
        let criteria = MetricCriteria::metrics(criterion).of_many();
        Self {
            target_type: Some(target_type.into()),
            target_region: Some(region),
            ..Self::declare_new(name, group, targets, criteria)
        }
    }

    /// An alert on an availability test that fails from so many places or more.
    #[track_caller]
    #[must_use]
    pub fn web_test(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        test: impl Into<Ref<WebTest>>,
        insights: impl Into<Ref<ApplicationInsights>>,
        failed_places: u8,
    ) -> Self {
        let (test, insights) = (test.into(), insights.into());
        let targets = Set(vec![test.clone().into(), insights.clone().into()]);
        let criteria = MetricCriteria::availability(test, insights, failed_places);
        Self::declare_new(name, group, targets, criteria)
    }

    /// Fires only when this measurement leaves its bounds too: 5 in all at most, none of them learned.
    #[track_caller]
    #[must_use]
    pub fn and(mut self, criterion: MetricCriterion) -> Self {
        self.meta.set_here(Self::CRITERIA.index());
        self.criteria = self.criteria.and(criterion);
        self
    }
}

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-types#metric-alerts";
    let help = || format!("the provider's reference: {SOURCE}");
    let frequencies = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H"];
    let windows = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D"];
    check_periods(check, ["frequency", "window"], [&frequencies, &windows], SOURCE);
    check_actions(check, "actions");
    if matches!(check.get("targets"), Some(crate::value::Value::List(all)) if all.is_empty()) {
        check.report("targets", "an alert watches one resource at least", help());
    }
    for criteria in check.blocks("criteria") {
        let all = criteria.blocks("all");
        if all.len() > 5 {
            let what = format!("an alert has 5 conditions at most, not {}", all.len());
            check.report("criteria", what, help());
        }
        let learned = all.iter().filter(|one| one.get("sensitivity").is_some()).count();
        if learned > 0 && all.len() > 1 {
            let what = "a condition whose bounds are learned stands alone";
            check.report("criteria", what, help());
        }
        for one in &all {
            let (of, least) = (one.int("periods"), one.int("failing_periods"));
            check_failing(check, "criteria", of, least, SOURCE);
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let on_call = ActionGroup::new(name!("shop-on-call"), group, "shop-on-call");
    let on_call = stack.add(on_call.email("on call", "on-call@example.com"));
    let plans = ["shop-plan-a", "shop-plan-b"]
        .map(|plan| stack.add(AppServicePlan::linux(Name::new(plan), group, PlanSku::P1v3)));
    const PLANS: &str = "Microsoft.Web/serverfarms";
    let busy = MetricCriterion::above(PLANS, "CpuPercentage", MetricAggregation::Average, 85.0)
        .dimension(AlertDimension::only("Instance", ["*"]))
        .skip_validation(false);
    let full =
        MetricCriterion::at_least(PLANS, "MemoryPercentage", MetricAggregation::Maximum, 90.0);
    let alert =
        MetricAlert::on_each(name!("shop-busy"), group, plans, (PLANS, Region::WestEurope), busy)
            .and(full)
            .description("The shop's machines are busy: see the runbook.")
            .severity(AlertSeverity::Error)
            .frequency(AlertPeriod::FiveMinutes)
            .window(AlertPeriod::QuarterHour)
            .action(AlertAction::new(on_call).property("team", "shop"))
            .tag("owner", "platform");
    stack.add(alert).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::AlertSensitivity;
    use crate::azure::refusals::{group, refusals};

    #[test]
    fn the_services_limits_hold() {
        let app = || AnyRef::existing("/subscriptions/5a1e");
        let many = MetricAggregation::Total;
        let errors = || MetricCriterion::above("Microsoft.Web/sites", "Http5xx", many, 5.0);
        let usual = || {
            MetricCriterion::unusual("Microsoft.Web/sites", "Requests", many, AlertSensitivity::Low)
        };
        let on = |criterion| MetricAlert::on(name!("x"), group(), app(), criterion);
        assert_eq!(refusals(on(errors()).and(errors())), [""; 0]);
        assert_eq!(refusals(on(usual().only_above().failing(2, 6))), [""; 0]);
        let six = (0..5).fold(on(errors()), |alert, _| alert.and(errors()));
        assert_eq!(refusals(six), ["criteria: an alert has 5 conditions at most, not 6"]);
        assert_eq!(
            refusals(on(usual()).and(errors())),
            ["criteria: a condition whose bounds are learned stands alone"]
        );
        assert_eq!(
            refusals(on(usual().failing(5, 4))),
            ["criteria: the periods that must fail are 1 to 6, and no more than are looked at"]
        );
        let odd = on(errors()).frequency(AlertPeriod::TenMinutes).window(AlertPeriod::Hour);
        assert_eq!(refusals(odd), ["frequency: `PT10M` is none of PT1M, PT5M, PT15M, PT30M, PT1H"]);
        let none: [AnyRef; 0] = [];
        let kind = ("Microsoft.Web/sites", Region::WestEurope);
        let nobody = MetricAlert::on_each(name!("x"), group(), none, kind, errors());
        assert_eq!(refusals(nobody), ["targets: an alert watches one resource at least"]);
        let told = (0..6).fold(on(errors()), |alert, n| {
            alert.action(Ref::existing(format!("/subscriptions/5a1e/{n}")))
        });
        assert_eq!(refusals(told), ["actions: an alert takes 5 action groups, not 6"]);
    }
}
