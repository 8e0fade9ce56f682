//! Log search alerts: tell someone when a query over logs finds too much or too little.

use std::collections::BTreeMap;

use crate::azure::alert_parts::{check_action_groups, check_failing, check_periods, count};
use crate::azure::log_search_alert_parts::EMAIL_SUBJECT;
use crate::azure::{
    ActionGroup, AlertDimension, AlertPeriod, AlertSeverity, IdentityType, LogAlertActions,
    LogAnalyticsWorkspace, LogCriterion, LogOperator, MetricAggregation, PrincipalId, Region,
    ResourceGroup, UserAssignedIdentity,
};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ID_KEYS, ONE_IN_LIST};
use crate::schema::{CheckContext, Fact, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A log search alert: asks logs a question at regular intervals, and tells action groups when the answer is bad.
///
/// An alert that nobody is told of can only be seen in the portal: [`LogSearchAlert::action_group`] says who is told.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/scheduledQueryRules@2023-12-01",
    terraform = "azurerm_monitor_scheduled_query_rules_alert_v2",
    constant(arm = "kind", value = "LogAlert"),
    import = say,
    check = limits,
    fact = Fact::Tells(&["actions.groups"]),
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/scheduledqueryrules"
)]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the alert's own identity, if it has one.")]
pub struct LogSearchAlert {
    /// The alert's name, unique in its group.
    #[name(
        len = 1..=260, chars = alphanumeric, and = " -_.()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region, which is that of the workspace; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// Whose logs are asked: a workspace, an Application Insights resource, or any resource that sends logs.
    #[prop(arm = "properties.scopes", tf = "scopes", codec = ONE_IN_LIST, tf_codec = ONE_IN_LIST, replace)]
    target: AnyRef,
    /// What is asked, and which answer is bad.
    #[prop(arm = "properties.criteria.allOf", tf = "criteria", codec = ONE_IN_LIST)]
    criterion: LogCriterion,
    /// The name that people see; the alert's own, unless said.
    #[prop(arm = "properties.displayName", tf = "display_name", danger = Cosmetic)]
    display_name: Option<Text>,
    /// What it means that the alert fires, and what to do then.
    #[prop(arm = "properties.description", tf = "description", service = Text::from(""), danger = Cosmetic)]
    description: Option<Text>,
    /// How bad it is that the alert fires.
    #[prop(arm = "properties.severity", tf = "severity", default = AlertSeverity::Warning)]
    severity: AlertSeverity,
    /// Whether the alert asks at all.
    #[prop(arm = "properties.enabled", tf = "enabled", default = true, danger = Downtime)]
    enabled: bool,
    /// How often it asks: from every minute to once a day.
    #[prop(arm = "properties.evaluationFrequency", tf = "evaluation_frequency", default = AlertPeriod::FiveMinutes,
        danger = Cost)]
    frequency: AlertPeriod,
    /// Over how long it looks back: a minute to two days.
    #[prop(arm = "properties.windowSize", tf = "window_duration", default = AlertPeriod::FiveMinutes)]
    window: AlertPeriod,
    /// Over how long the query looks back, where that is longer than the window times the periods.
    #[prop(arm = "properties.overrideQueryTimeRange", tf = "query_time_range_override")]
    query_time_range: Option<AlertPeriod>,
    /// Whether the alert resolves itself once the answer is good again.
    #[prop(
        arm = "properties.autoMitigate",
        tf = "auto_mitigation_enabled",
        default = true,
        service = true,
        no_setter
    )]
    auto_mitigate: bool,
    /// For how long nobody is told again after the alert fired.
    #[prop(
        arm = "properties.muteActionsDuration",
        tf = "mute_actions_after_alert_duration",
        label = "mute",
        no_setter
    )]
    mute: Option<AlertPeriod>,
    /// The REST types of what is watched, where the target is a group or a subscription.
    #[prop(arm = "properties.targetResourceTypes", tf = "target_resource_types", canon = canons::CASE,
        each = "target_type")]
    target_types: Option<Set<Text>>,
    /// Whether the alert may be made although its query fails, as before the first logs come in.
    #[prop(arm = "properties.skipQueryValidation", tf = "skip_query_validation", service = false)]
    skip_query_validation: Option<bool>,
    /// Whether what the query finds is kept in storage of one's own, which is linked to the workspace.
    #[prop(
        arm = "properties.checkWorkspaceAlertsStorageConfigured",
        tf = "workspace_alerts_storage_enabled",
        label = "own storage",
        service = false
    )]
    own_storage: Option<bool>,
    /// Who is told: 5 action groups at most.
    #[prop(arm = "properties.actions", tf = "action", codec = EMAIL_SUBJECT, default = LogAlertActions::new(),
        no_setter)]
    actions: LogAlertActions,
    /// Which identity asks.
    #[prop(arm = "identity.type", tf = "identity.type", canon = canons::CASE, service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identity that asks, where it stands on its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl LogSearchAlert {
    /// Tells an action group.
    #[track_caller]
    #[must_use]
    pub fn action_group(mut self, group: impl Into<Ref<ActionGroup>>) -> Self {
        self.meta.set_here(Self::ACTIONS.index());
        self.actions = self.actions.group(group);
        self
    }

    /// Tells web hooks this, beside the alert itself.
    #[track_caller]
    #[must_use]
    pub fn custom_property(mut self, key: impl Into<String>, value: impl Into<Text>) -> Self {
        self.meta.set_here(Self::ACTIONS.index());
        self.actions = self.actions.custom_property(key, value);
        self
    }

    /// What e-mails have for a subject.
    #[track_caller]
    #[must_use]
    pub fn email_subject(mut self, subject: impl Into<Text>) -> Self {
        self.meta.set_here(Self::ACTIONS.index());
        self.actions = self.actions.email_subject(subject);
        self
    }

    /// Tells nobody again for so long after the alert fired. The alert then does not resolve itself.
    #[track_caller]
    #[must_use]
    pub fn mute_for(mut self, period: AlertPeriod) -> Self {
        self.meta.set_here(Self::MUTE.index());
        self.meta.set_here(Self::AUTO_MITIGATE.index());
        (self.mute, self.auto_mitigate) = (Some(period), false);
        self
    }

    /// Keeps the alert fired until someone closes it.
    #[track_caller]
    #[must_use]
    pub fn until_closed(mut self) -> Self {
        self.meta.set_here(Self::AUTO_MITIGATE.index());
        self.auto_mitigate = false;
        self
    }

    /// Asks as an identity, which needs a role over what it asks.
    #[track_caller]
    #[must_use]
    pub fn ask_as(mut self, identity: impl Into<Ref<UserAssignedIdentity>>) -> Self {
        self.meta.set_here(Self::IDENTITY_TYPE.index());
        self.meta.set_here(Self::IDENTITIES.index());
        self.identity_type = Some(IdentityType::UserAssigned);
        self.identities = Some(Set(vec![identity.into()]));
        self
    }

    /// Asks as an identity of the alert's own, which needs a role over what it asks.
    #[track_caller]
    #[must_use]
    pub fn ask_as_itself(mut self) -> Self {
        self.meta.set_here(Self::IDENTITY_TYPE.index());
        (self.identity_type, self.identities) = (Some(IdentityType::SystemAssigned), None);
        self
    }
}

/// What has no setter of its name is said by the calls above.
fn say(alert: &mut Saying<'_>) {
    match (alert.expression("mute"), alert.is("auto_mitigate", false)) {
        (Some(period), true) => {
            alert.call(format!(".mute_for({period})"), &["mute", "auto_mitigate"]);
        }
        (None, true) => alert.call(".until_closed()".into(), &["auto_mitigate"]),
        _ => {}
    }
    let told: Option<String> = alert.blocks("actions").iter().map(say_actions).collect();
    if let Some(calls) = told {
        alert.call(calls, &["actions"]);
    }
    let asks = ["identity_type", "identities"];
    let identities = alert.each("identities").unwrap_or_default();
    if let ([identity], true) =
        (identities.as_slice(), alert.reads("identity_type", IdentityType::UserAssigned.word()))
    {
        alert.call(format!(".ask_as({identity})"), &asks);
    } else if identities.is_empty()
        && alert.reads("identity_type", IdentityType::SystemAssigned.word())
    {
        alert.call(".ask_as_itself()".into(), &asks);
    }
}

fn say_actions(actions: &Saying<'_>) -> Option<String> {
    let mut calls = String::new();
    for (property, call) in [("groups", "action_group"), ("custom_properties", "custom_property")] {
        if actions.get(property).is_some() {
            calls.extend(actions.each(property)?.iter().map(|one| format!(".{call}({one})")));
        }
    }
    if actions.get("email_subject").is_some() {
        calls += &format!(".email_subject({})", actions.expression("email_subject")?);
    }
    Some(calls)
}

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/templates/microsoft.insights/scheduledqueryrules";
    let frequencies = [
        "PT1M", "PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT4H", "PT5H",
        "PT6H", "P1D",
    ];
    let windows = [&frequencies[..], &["P2D"]].concat();
    check_periods(check, ["frequency", "window"], [&frequencies, &windows], SOURCE);
    let help = || format!("the provider's reference: {SOURCE}");
    let short = |period: &&str| ["PT1M", "PT12H"].contains(period);
    for property in ["mute", "query_time_range"] {
        if let Some(period) = check.get(property).and_then(Value::as_str).filter(short) {
            check.report(property, format!("`{period}` is not a length that this takes"), help());
        }
    }
    for criterion in check.blocks("criterion") {
        let (of, least) = (criterion.int("periods"), criterion.int("failing_periods"));
        check_failing(check, "criterion", of, least, SOURCE);
        if criterion.get("column").is_some() && criterion.text("aggregation") == Some("Count") {
            let what = "rows are counted without a column";
            check.report("criterion", what, help());
        }
    }
    let groups = check.blocks("actions").first().and_then(|actions| actions.get("groups"));
    let groups = groups.and_then(count);
    check_action_groups(check, "actions", groups);
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let logs = stack.add(LogAnalyticsWorkspace::new(name!("shop-logs"), group));
    let on_call = ActionGroup::new(name!("shop-on-call"), group, "shop-on-call");
    let on_call = stack.add(on_call.email("on call", "on-call@example.com"));
    let asker = stack.add(UserAssignedIdentity::new(name!("shop-alerts-id"), group));
    let failures =
        "AppRequests | where Success == false | summarize Failures = count() by AppRoleName";
    let total = MetricAggregation::Total;
    let criterion =
        LogCriterion::column(failures, "Failures", total, LogOperator::GreaterThan, 10.0)
            .dimension(AlertDimension::only("AppRoleName", ["shop-web", "shop-jobs"]))
            .resource_column("_ResourceId")
            .periods(3)
            .failing_periods(2);
    let alert = LogSearchAlert::new(name!("shop-failures"), group, logs, criterion)
        .display_name("The shop fails")
        .description("Requests fail: see the runbook.")
        .severity(AlertSeverity::Error)
        .frequency(AlertPeriod::FiveMinutes)
        .window(AlertPeriod::QuarterHour)
        .query_time_range(AlertPeriod::Hour)
        .mute_for(AlertPeriod::HalfHour)
        .target_type("Microsoft.OperationalInsights/workspaces")
        .skip_query_validation(true)
        .own_storage(false)
        .action_group(on_call)
        .custom_property("team", "shop")
        .email_subject("The shop fails")
        .ask_as(asker)
        .tag("owner", "platform");
    stack.add(alert).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refusals};

    #[test]
    fn the_services_limits_hold() {
        let rows = || LogCriterion::rows("AppTraces", LogOperator::GreaterThan, 0.0);
        let new = |criterion| {
            let logs = AnyRef::existing("/subscriptions/5a1e");
            LogSearchAlert::new(name!("x"), group(), logs, criterion)
        };
        let good = new(rows().periods(6).failing_periods(6)).window(AlertPeriod::TwoDays);
        assert_eq!(refusals(good), [""; 0]);
        let bad = new(rows().periods(2).failing_periods(3))
            .frequency(AlertPeriod::Hour)
            .window(AlertPeriod::TwelveHours)
            .mute_for(AlertPeriod::Minute);
        let found = refusals(bad);
        assert!(found[0].starts_with("window: `PT12H` is none of PT1M, "), "{found:?}");
        assert_eq!(
            found[1..],
            [
                "mute: `PT1M` is not a length that this takes",
                "criterion: the periods that must fail are 1 to 6, and no more than are looked at",
            ]
        );
        assert_eq!(
            refusals(new(rows()).frequency(AlertPeriod::Hour)),
            ["window: looking back over 5 minutes every 60 minutes leaves gaps"]
        );
        let groups = (0..6).map(|n| Ref::existing(format!("/subscriptions/5a1e/{n}")));
        let told = groups.fold(new(rows()), |alert, group| alert.action_group(group));
        assert_eq!(refusals(told), ["actions: an alert takes 5 action groups, not 6"]);
    }

    #[test]
    fn the_subject_has_a_key_with_a_full_stop() {
        let tree = Value::map([("actionProperties", Value::map([("emailSubject", "x")]))]);
        let sent = (EMAIL_SUBJECT.encode)(&tree);
        assert!(sent.at(&["actionProperties", "Email.Subject"]).is_some());
        let back = (EMAIL_SUBJECT.decode)(&sent).expect("an object");
        assert!(back.at(&["actionProperties", "emailSubject"]).is_some());
    }
}
