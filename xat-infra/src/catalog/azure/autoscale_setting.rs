//! Autoscale settings: how many machines something has, by rules over metrics and by the clock.

use std::collections::BTreeMap;

use crate::azure::autoscale_parts::{
    AutoscaleNotification, AutoscaleProfile, PredictiveScaling, problems_of,
};
use crate::azure::{
    AppServicePlan, PlanSku, PredictiveMode, Region, ResourceGroup, ScaleOperator, ScaleRule,
    ScaleSchedule, ScaleStep, ScaleWindow, Weekday,
};
use crate::dsl::{AnyRef, Handle, Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Fact, Set, canons};
use crate::value::{Fields, NodeRef, Text, Value};
use crate::{Resource, name};

/// An autoscale setting: between which bounds and by which rules the number of something's machines changes.
///
/// Profiles say this for different times. At any moment one holds: that with a fixed window around it, else that
/// whose recurrence began last, else the one without either.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// # fn stack(stack: &mut Stack, group: Handle<ResourceGroup>, plan: Handle<AppServicePlan>) {
/// let profile = AutoscaleProfile::new("default", 2, 2, 10)
///     .rule(ScaleRule::above("CpuPercentage", plan, 70.0, ScaleStep::add(1)))
///     .rule(ScaleRule::below("CpuPercentage", plan, 30.0, ScaleStep::remove(1)));
/// stack.add(AutoscaleSetting::of(name!("shop-scale"), group, plan, profile));
/// # }
/// ```
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/autoscalesettings@2022-10-01",
    terraform = "azurerm_monitor_autoscale_setting",
    tf_import = "{parent}/providers/Microsoft.Insights/autoScaleSettings/{name}",
    private_new,
    check = limits,
    fact = Fact::Logs,
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/autoscalesettings"
)]
pub struct AutoscaleSetting {
    /// The setting's name, unique in its group.
    #[name(
        len = 1..=260, chars = alphanumeric, and = "-_.()", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// What is scaled. One thing has one setting.
    #[prop(arm = "properties.targetResourceUri", tf = "target_resource_id", replace)]
    target: AnyRef,
    /// The setting's name once more, as its body has it.
    #[prop(arm = "properties.name", canon = canons::CASE, label = "inner name", no_setter)]
    inner_name: Option<Text>,
    /// Whether it is at work.
    #[prop(arm = "properties.enabled", tf = "enabled", default = true, danger = Downtime)]
    enabled: bool,
    /// The bounds and rules, by time: 1 to 20.
    #[prop(arm = "properties.profiles", tf = "profile", key = "name", default = Set::default(), each = "profile",
        danger = Cost)]
    profiles: Set<AutoscaleProfile>,
    /// Who hears of each change.
    #[prop(arm = "properties.notifications", tf = "notification", each = "notification")]
    notifications: Option<Vec<AutoscaleNotification>>,
    /// Whether the load of the days before says how many machines there should be.
    #[prop(arm = "properties.predictiveAutoscalePolicy", tf = "predictive", label = "prediction", danger = Cost)]
    predictive: Option<PredictiveScaling>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// What an autoscale setting can scale.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` has no number of machines that a setting could change",
    label = "cannot be scaled"
)]
pub trait Scalable: crate::dsl::Resource {}

impl Scalable for AppServicePlan {}

impl AutoscaleSetting {
    /// How something is scaled, by its first profile.
    #[track_caller]
    #[must_use]
    pub fn of<T: Scalable>(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        target: Handle<T>,
        profile: AutoscaleProfile,
    ) -> Self {
        Self::declare_new(name, group, target).profile(profile)
    }
}

const SOURCE: &str =
    "https://learn.microsoft.com/azure/templates/microsoft.insights/autoscalesettings";

fn limits(check: &mut CheckContext<'_>) {
    let profiles: Vec<Fields> = match check.get("profiles") {
        Some(Value::List(items)) => {
            items.iter().filter_map(|item| item.as_block().cloned()).collect()
        }
        _ => Vec::new(),
    };
    for problem in problems_of(&profiles) {
        check.report("profiles", problem, format!("the provider's reference: {SOURCE}"));
    }
    let ahead =
        check.get("predictive").and_then(Value::as_block).and_then(PredictiveScaling::ahead);
    if let Some(ahead) = ahead.filter(|ahead| !(1..=60).contains(ahead)) {
        let problem = format!("{ahead} minutes ahead are outside 1 to 60");
        check.report("predictive", problem, format!("the provider's reference: {SOURCE}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let plan = stack.add(AppServicePlan::linux(name!("shop-plan"), group, PlanSku::P1v3));
    let up = ScaleRule::above("CpuPercentage", plan, 70.0, ScaleStep::add(1))
        .window_minutes(10)
        .cooldown_minutes(5);
    let down =
        ScaleRule::below("CpuPercentage", plan, 30.0, ScaleStep::remove(1)).cooldown_minutes(10);
    let busy = ScaleRule::new("HttpQueueLength", plan, ScaleOperator::GreaterThan, 100.0)
        .metric_namespace("microsoft.web/serverfarms")
        .per_instance(true)
        .step(ScaleStep::add_percent(50));
    let nights = ScaleSchedule::weekly([Weekday::Saturday, Weekday::Sunday], 22, 30)
        .time_zone("W. Europe Standard Time");
    let sale = ScaleWindow::new("2026-11-27T00:00:00Z", "2026-11-30T23:59:00Z");
    let setting = AutoscaleSetting::of(
        name!("shop-scale"),
        group,
        plan,
        AutoscaleProfile::new("default", 2, 2, 10).rule(up).rule(down).rule(busy),
    )
    .profile(AutoscaleProfile::new("nights", 1, 1, 1).recurrence(nights))
    .profile(AutoscaleProfile::new("sale", 5, 5, 20).fixed_date(sale.time_zone("UTC")))
    .notification(
        AutoscaleNotification::email(["platform@example.com"])
            .to_administrators(false)
            .webhook("https://hooks.example.com/scale"),
    )
    .predictive(PredictiveScaling::new(PredictiveMode::ForecastOnly).look_ahead_minutes(10))
    .tag("owner", "platform");
    stack.add(setting).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::prelude::*;
    use crate::azure::refusals;

    fn refused(profiles: impl IntoIterator<Item = AutoscaleProfile>) -> Vec<&'static str> {
        let mut stack = Stack::new("test");
        let group = stack.add(ResourceGroup::new(name!("g"), Region::WestEurope));
        let plan = stack.add(AppServicePlan::linux(name!("p"), group, PlanSku::P1v3));
        let first = AutoscaleProfile::new("first", 1, 1, 2);
        refusals::refused(AutoscaleSetting::of(name!("s"), group, plan, first).profiles(profiles))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let mut stack = Stack::new("test");
        let group = stack.add(ResourceGroup::new(name!("g"), Region::WestEurope));
        let plan = stack.add(AppServicePlan::linux(name!("p"), group, PlanSku::P1v3));
        let profile = || AutoscaleProfile::new("p", 1, 1, 3);
        let rule = || ScaleRule::above("CpuPercentage", plan, 70.0, ScaleStep::add(1));
        let good = || profile().rules((0..10).map(|_| rule()));
        let window = || ScaleWindow::new("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
        assert_eq!(refused([good()]), Vec::<&str>::new());
        for bad in [
            AutoscaleProfile::new("p", 2, 1, 3),
            AutoscaleProfile::new("p", 1, 4, 3),
            profile().rules((0..11).map(|_| rule())),
            profile().rule(rule().window_minutes(4)),
            profile().rule(rule().window_minutes(721)),
            profile().rule(rule().cooldown_minutes(0)),
            profile().rule(rule().cooldown_minutes(10_081)),
            profile().rule(rule().grain_minutes(0)),
            profile().recurrence(ScaleSchedule::weekly([Weekday::Monday], 24, 0)),
            profile().recurrence(ScaleSchedule::weekly([Weekday::Monday], 0, 60)),
            profile().recurrence(ScaleSchedule::weekly([], 0, 0)),
            profile().fixed_date(window()).recurrence(ScaleSchedule::weekly(
                [Weekday::Monday],
                0,
                0,
            )),
        ] {
            assert_eq!(refused([bad]), ["profiles"]);
        }
        assert_eq!(refused([]), ["profiles"]);
        assert_eq!(refused([profile(), profile()]), ["profiles"]);
        let many = |n: usize| (0..n).map(|i| AutoscaleProfile::new(format!("p{i}"), 1, 1, 2));
        assert_eq!(refused(many(20)), Vec::<&str>::new());
        assert_eq!(refused(many(21)), ["profiles"]);
        let ahead = |minutes| {
            let setting = AutoscaleSetting::of(name!("s"), group, plan, profile());
            let predictive = PredictiveScaling::new(PredictiveMode::Enabled);
            refusals::refused(setting.predictive(predictive.look_ahead_minutes(minutes)))
        };
        assert_eq!((ahead(60), ahead(61)), (vec![], vec!["predictive"]));
    }
}
