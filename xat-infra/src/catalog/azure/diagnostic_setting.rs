//! Diagnostic settings: which logs and metrics of a resource go where.

use crate::azure::{KeyVault, LogAnalyticsWorkspace, Region, ResourceGroup, Retention};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Codec, Fact, Saying, Set, canons, codecs};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, name};

/// A diagnostic setting: sends logs and metrics of one resource to a workspace, to storage or to an event hub.
///
/// Categories that it does not name are off, and the service lists them as such.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/diagnosticSettings@2021-05-01-preview",
    terraform = "azurerm_monitor_diagnostic_setting",
    tf_import = "{parent}|{name}",
    scope = Extension,
    private_new,
    import = say,
    check = limits,
    fact = Fact::Records,
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/diagnosticsettings"
)]
pub struct DiagnosticSetting {
    /// The setting's name, unique for its resource.
    #[name(
        len = 1..=260, chars = alphanumeric, and = " -_.()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/templates/microsoft.insights/diagnosticsettings"
    )]
    name: Name<Self>,
    /// The resource whose logs and metrics they are.
    #[prop(tf = "target_resource_id", parent)]
    target: AnyRef,
    /// The workspace that they go to.
    #[prop(arm = "properties.workspaceId", tf = "log_analytics_workspace_id")]
    workspace: Option<Ref<LogAnalyticsWorkspace>>,
    /// Whether the workspace keeps them in tables of their own or in the one that all resources share.
    #[prop(
        arm = "properties.logAnalyticsDestinationType",
        tf = "log_analytics_destination_type",
        label = "tables"
    )]
    tables: Option<WorkspaceTables>,
    /// The storage account that they go to.
    #[prop(arm = "properties.storageAccountId", tf = "storage_account_id")]
    storage_account: Option<AnyRef>,
    /// The rule of an event hub namespace by which they are sent there.
    #[prop(
        arm = "properties.eventHubAuthorizationRuleId",
        tf = "eventhub_authorization_rule_id",
        label = "event hub rule",
        no_setter
    )]
    event_hub_rule: Option<AnyRef>,
    /// The event hub that they go to; one that the service names for each category, unless said.
    #[prop(arm = "properties.eventHubName", tf = "eventhub_name", label = "event hub", no_setter)]
    event_hub: Option<Text>,
    /// The partner's monitoring resource that they go to, by its full ID.
    #[prop(arm = "properties.marketplacePartnerId", tf = "partner_solution_id", canon = canons::RESOURCE_ID)]
    partner: Option<Text>,
    /// The logs that are sent: by category, or by group of categories.
    #[prop(arm = "properties.logs", tf = "enabled_log", codec = THOSE_ENABLED, each = "log", danger = DataLoss)]
    logs: Option<Set<LogSelection>>,
    /// The metrics that are sent.
    #[prop(arm = "properties.metrics", tf = "enabled_metric", codec = THOSE_ENABLED, key = "category", no_setter,
        danger = DataLoss)]
    metrics: Option<Set<MetricSelection>>,
    meta: Meta,
}

impl DiagnosticSetting {
    /// A setting that sends to a workspace.
    #[track_caller]
    #[must_use]
    pub fn to_workspace(
        name: Name<Self>,
        target: impl Into<AnyRef>,
        workspace: impl Into<Ref<LogAnalyticsWorkspace>>,
    ) -> Self {
        Self::declare_new(name, target).workspace(workspace)
    }

    /// A setting that sends to a storage account, for keeping.
    #[track_caller]
    #[must_use]
    pub fn to_storage(
        name: Name<Self>,
        target: impl Into<AnyRef>,
        storage_account: impl Into<AnyRef>,
    ) -> Self {
        Self::declare_new(name, target).storage_account(storage_account)
    }

    /// A setting that sends to an event hub, by a rule of its namespace.
    #[track_caller]
    #[must_use]
    pub fn to_event_hub(
        name: Name<Self>,
        target: impl Into<AnyRef>,
        rule: impl Into<AnyRef>,
        hub: impl Into<Text>,
    ) -> Self {
        Self::declare_new(name, target).event_hub(rule, hub)
    }

    /// Sends to an event hub too, by a rule of its namespace.
    #[track_caller]
    #[must_use]
    pub fn event_hub(mut self, rule: impl Into<AnyRef>, hub: impl Into<Text>) -> Self {
        self.meta.set_here(Self::EVENT_HUB_RULE.index());
        self.meta.set_here(Self::EVENT_HUB.index());
        (self.event_hub_rule, self.event_hub) = (Some(rule.into()), Some(hub.into()));
        self
    }

    /// Sends every log that the resource has.
    #[track_caller]
    #[must_use]
    pub fn all_logs(self) -> Self {
        self.log(LogSelection::group("allLogs"))
    }

    /// Sends the logs that say who did what.
    #[track_caller]
    #[must_use]
    pub fn audit_logs(self) -> Self {
        self.log(LogSelection::group("audit"))
    }

    /// Sends every metric that the resource has.
    #[track_caller]
    #[must_use]
    pub fn all_metrics(self) -> Self {
        self.metric("AllMetrics")
    }

    /// Sends the metrics of one category.
    #[track_caller]
    #[must_use]
    pub fn metric(mut self, category: impl Into<Text>) -> Self {
        self.meta.set_here(Self::METRICS.index());
        self.metrics.get_or_insert_default().extend([MetricSelection::new(category)]);
        self
    }
}

/// The first destination is the constructor's; whole groups have calls of their own.
fn say(setting: &mut Saying<'_>) {
    const HUB: [&str; 2] = ["event_hub_rule", "event_hub"];
    let to = |what: &[&'static str]| [&["name", "target"], what].concat();
    let _ = setting.construct("DiagnosticSetting::to_workspace", &to(&["workspace"]))
        || setting.construct("DiagnosticSetting::to_storage", &to(&["storage_account"]))
        || setting.construct("DiagnosticSetting::to_event_hub", &to(&HUB));
    let constructed = ["workspace", "storage_account"];
    if constructed.iter().any(|property| setting.get(property).is_some())
        && let [Some(rule), Some(hub)] = HUB.map(|property| setting.expression(property))
    {
        setting.call(format!(".event_hub({rule}, {hub})"), &HUB);
    }
    for (group, call) in [("allLogs", ".all_logs()"), ("audit", ".audit_logs()")] {
        if setting
            .each("logs")
            .is_some_and(|logs| logs == [format!("LogSelection::group({group:?})")])
        {
            setting.call(call.to_owned(), &["logs"]);
        }
    }
    // Azure has retired how long storage keeps them: what still says so is left to the raw escape.
    let category = |metric: &Saying<'_>| {
        let kept = matches!(metric.get("retention"), Some(value) if value.as_int() != Some(0));
        let metric = metric.expression("category").filter(|_| !kept)?;
        Some(match metric.as_str() {
            "\"AllMetrics\"" => ".all_metrics()".to_owned(),
            metric => format!(".metric({metric})"),
        })
    };
    let metrics: Option<Vec<String>> = setting.blocks("metrics").iter().map(category).collect();
    if let Some(calls) = metrics.filter(|calls| !calls.is_empty()) {
        setting.call(calls.concat(), &["metrics"]);
    }
}

/// Logs that are sent.
#[derive(Clone, Block)]
#[block(private_new, import = say_logs)]
pub struct LogSelection {
    /// One category (`AuditEvent`). Which there are, each service's own reference says.
    #[prop(arm = "category", tf = "category", no_setter)]
    category: Option<Text>,
    /// A group of categories (`allLogs`, `audit`).
    #[prop(arm = "categoryGroup", tf = "category_group", no_setter)]
    group: Option<Text>,
    /// For how many days storage keeps them. Azure has retired it: use a lifecycle rule of the storage account.
    #[prop(arm = "retentionPolicy", codec = DAYS_OR_OFF, service = Retention::days(0), no_setter)]
    retention: Option<Retention>,
}

impl LogSelection {
    /// The logs of one category.
    #[must_use]
    pub fn category(category: impl Into<Text>) -> Self {
        Self { category: Some(category.into()), ..Self::new() }
    }

    /// The logs of a group of categories.
    #[must_use]
    pub fn group(group: impl Into<Text>) -> Self {
        Self { group: Some(group.into()), ..Self::new() }
    }
}

fn say_logs(logs: &mut Saying<'_>) {
    let _ = match (logs.get("category"), logs.get("group")) {
        (Some(_), None) => logs.construct("LogSelection::category", &["category"]),
        (None, Some(_)) => logs.construct("LogSelection::group", &["group"]),
        _ => false,
    };
}

/// Metrics that are sent.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct MetricSelection {
    /// The category.
    #[prop(arm = "category", tf = "category")]
    category: Text,
    /// For how many days storage keeps them. Azure has retired it: use a lifecycle rule of the storage account.
    #[prop(arm = "retentionPolicy", codec = DAYS_OR_OFF, service = Retention::days(0), no_setter)]
    retention: Option<Retention>,
    /// Over how long they are summed up (`PT1M`). The service takes it and never returns it.
    #[prop(arm = "timeGrain", write_only, no_setter)]
    time_grain: Option<Text>,
}

/// In which tables a workspace keeps the logs of a resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum WorkspaceTables {
    /// In a table for each category.
    Dedicated,
    /// In the one that all resources share.
    AzureDiagnostics,
}

/// What is listed as enabled; the service also lists what is not.
static THOSE_ENABLED: Codec = Codec {
    name: "list of those enabled",
    encode: |value| {
        codecs::each(value, |item| match item {
            Value::Map(entries) => {
                let mut entries = entries.clone();
                entries.insert("enabled", Value::Bool(true));
                Value::Map(entries)
            }
            other => other.clone(),
        })
    },
    decode: |value| match value {
        Value::List(items) => {
            let on = |item: &&Value| matches!(item.at(&["enabled"]), Some(Value::Bool(true)));
            Some(Value::List(items.iter().filter(on).cloned().collect()))
        }
        _ => None,
    },
};

/// Days beside a switch; none is off.
static DAYS_OR_OFF: Codec = Codec {
    name: "object with days and enabled",
    encode: |value| {
        let on = value.as_int().is_some_and(|days| days > 0);
        Value::map([("enabled", Value::Bool(on)), ("days", value.clone())])
    },
    decode: |value| match value.at(&["enabled"])? {
        Value::Bool(true) => value.at(&["days"]).cloned(),
        _ => Some(Value::Int(0)),
    },
};

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings";
    let logs = check.blocks("logs");
    let mixed =
        ["category", "group"].iter().all(|way| logs.iter().any(|log| log.get(way).is_some()));
    if logs.is_empty() && check.blocks("metrics").is_empty() {
        check.report(
            "target",
            "a diagnostic setting that sends nothing is refused",
            format!("name logs or metrics: `.all_logs()`, `.log(..)`, `.all_metrics()` ({SOURCE})"),
        );
    }
    if mixed {
        check.report(
            "logs",
            "categories and groups of categories do not go together",
            format!("name one or the other, or make a second setting: {SOURCE}"),
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let logs = stack.add(LogAnalyticsWorkspace::new(name!("shop-logs"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let archive = "/subscriptions/5a1e0000-0000-4000-8000-000000000001/resourceGroups/archive-rg\
                   /providers/Microsoft.Storage/storageAccounts/shoparchive";
    let setting = DiagnosticSetting::to_workspace(name!("to-logs"), vault, logs)
        .tables(WorkspaceTables::Dedicated)
        .storage_account(AnyRef::existing(archive))
        .log(LogSelection::category("AuditEvent"))
        .log(LogSelection::category("AzurePolicyEvaluationDetails"))
        .all_metrics();
    stack.add(setting).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refusals;

    #[test]
    fn the_services_limits_hold() {
        let vault = || AnyRef::existing("/subscriptions/5a1e/resourceGroups/g/providers/v");
        let new = || DiagnosticSetting::to_storage(name!("all"), vault(), vault());
        assert_eq!(refusals(new().all_logs().audit_logs()), [""; 0]);
        assert_eq!(refusals(new().metric("Transactions")), [""; 0]);
        assert_eq!(refusals(new()), ["target: a diagnostic setting that sends nothing is refused"]);
        let mixed = new().all_logs().log(LogSelection::category("AuditEvent"));
        assert_eq!(
            refusals(mixed),
            ["logs: categories and groups of categories do not go together"]
        );
    }

    #[test]
    fn what_is_listed_as_off_is_not_there() {
        let entry = |name: &'static str, on| {
            Value::map([("category", Value::literal(name)), ("enabled", Value::Bool(on))])
        };
        let live = Value::List(vec![entry("AuditEvent", true), entry("AllMetrics", false)]);
        let read = (THOSE_ENABLED.decode)(&live).expect("a list");
        assert!(matches!(&read, Value::List(items) if items.len() == 1));
        assert_eq!(read.at(&["0", "category"]).and_then(Value::as_str), Some("AuditEvent"));
    }
}
