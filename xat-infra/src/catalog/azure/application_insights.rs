//! Application Insights: what an application tells of itself, kept in a Log Analytics workspace.

use std::collections::BTreeMap;

use crate::azure::{
    KeyVault, LogAnalyticsWorkspace, Region, ResourceGroup, Retention, VaultSecret,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, NOT};
use crate::schema::{CheckContext, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// An Application Insights resource: telemetry of an application, kept in a workspace.
///
/// Secure from the start: only identities with a role may send telemetry, and client addresses are not kept. How much
/// may come in a day is the workspace's to say ([`LogAnalyticsWorkspace::daily_quota`]).
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Insights/components@2020-02-02",
    terraform = "azurerm_application_insights",
    label = "Application Insights resource",
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.insights/components"
)]
#[output(app_id: Text, arm = "properties.AppId", tf = "app_id",
    doc = "The GUID by which queries name the application.")]
#[output(connection_string: Secret, arm = "properties.ConnectionString", tf = "connection_string",
    doc = "Where and under which key an application sends its telemetry. Put it into a vault.")]
pub struct ApplicationInsights {
    /// The resource's name, unique in its group.
    #[name(
        len = 1..=255, chars = alphanumeric, and = " -_.()[]", start = Any, end = NotDot,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The workspace that keeps the telemetry. What came in before it changes stays where it was.
    #[prop(arm = "properties.WorkspaceResourceId", tf = "workspace_id")]
    workspace: Ref<LogAnalyticsWorkspace>,
    /// What the application is, in the service's own words.
    #[prop(arm = "kind", default = "web".into(), canon = canons::CASE, no_setter)]
    kind: Text,
    /// What kind of application it is.
    #[prop(arm = "properties.Application_Type", tf = "application_type", default = ApplicationType::Web, replace)]
    application_type: ApplicationType,
    /// For how many days telemetry is kept: 30, 60, 90, 120, 180, 270, 365, 550 or 730.
    #[prop(arm = "properties.RetentionInDays", tf = "retention_in_days", service = Retention::days(90), unit = "days",
        shrink = DataLoss, danger = Cost)]
    retention: Option<Retention>,
    /// Which share of the telemetry is kept, in per cent.
    #[prop(arm = "properties.SamplingPercentage", tf = "sampling_percentage", label = "sampling", unit = "per cent",
        service = 100.0, danger = DataLoss)]
    sampling: Option<f64>,
    /// Whether whoever knows the connection string may send telemetry, without a role.
    #[prop(arm = "properties.DisableLocalAuth", tf = "local_authentication_enabled", codec = NOT, default = false,
        service = true, exposes = true, danger = Downtime)]
    local_authentication: bool,
    /// Whether the addresses of clients are masked before they are kept.
    #[prop(arm = "properties.DisableIpMasking", tf = "ip_masking_enabled", codec = NOT, label = "IP masking",
        default = true, service = true, exposes = false)]
    ip_masking: bool,
    /// Whether telemetry is taken in from the internet. Without it takes a private link scope.
    #[prop(arm = "properties.publicNetworkAccessForIngestion", tf = "internet_ingestion_enabled",
        codec = ENABLED_DISABLED, label = "ingestion from the internet", service = true, exposes = true,
        danger = Downtime)]
    public_ingestion: Option<bool>,
    /// Whether telemetry can be searched from the internet. Without it takes a private link scope.
    #[prop(arm = "properties.publicNetworkAccessForQuery", tf = "internet_query_enabled", codec = ENABLED_DISABLED,
        label = "queries from the internet", service = true, exposes = true, danger = Downtime)]
    public_query: Option<bool>,
    /// Whether the profiler and the debugger must keep their files in storage of one's own.
    #[prop(
        arm = "properties.ForceCustomerStorageForProfiler",
        tf = "force_customer_storage_for_profiler",
        label = "own storage for the profiler",
        service = false
    )]
    own_storage_for_profiler: Option<bool>,
    /// Whether telemetry is purged the moment it is 30 days old, rather than some days later.
    #[prop(arm = "properties.ImmediatePurgeDataOn30Days", service = false, danger = DataLoss)]
    immediate_purge: Option<bool>,
    /// By which way the resource was made. There is no setter: it means nothing any more.
    #[prop(arm = "properties.Flow_Type", no_setter)]
    flow_type: Option<Text>,
    /// By what the resource was made. There is no setter: it means nothing any more.
    #[prop(arm = "properties.Request_Source", no_setter)]
    request_source: Option<Text>,
    /// Where telemetry goes. There is no setter: the service always says that it goes to a workspace.
    #[prop(arm = "properties.IngestionMode", by_record, no_setter)]
    ingestion_mode: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// What kind of application sends telemetry.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ApplicationType {
    /// A web application.
    #[choice("web")]
    Web,
    /// Any other.
    #[choice("other")]
    Other,
    /// One in Java.
    #[choice("java")]
    Java,
    /// One on Node.js.
    #[choice("Node.JS")]
    NodeJs,
}

fn limits(check: &mut CheckContext<'_>) {
    const DAYS: [i64; 9] = [30, 60, 90, 120, 180, 270, 365, 550, 730];
    let days = check.get("retention").and_then(Value::as_int);
    if let Some(days) = days.filter(|days| !DAYS.contains(days)) {
        check.report(
            "retention",
            format!("telemetry is not kept for {days} days"),
            "one of 30, 60, 90, 120, 180, 270, 365, 550 and 730: \
             https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure",
        );
    }
    if let Some(Value::Float(share)) = check.get("sampling")
        && !(0.0..=100.0).contains(share)
    {
        check.report(
            "sampling",
            format!("{share} is outside 0 to 100 per cent"),
            "the provider's reference: https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-sampling",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let logs = stack.add(LogAnalyticsWorkspace::new(name!("shop-logs"), group));
    let insights = ApplicationInsights::new(name!("shop-insights"), group, logs)
        .application_type(ApplicationType::Web)
        .retention(Retention::days(90))
        .sampling(50.0)
        .public_ingestion(true)
        .public_query(false)
        .own_storage_for_profiler(true)
        .immediate_purge(false)
        .tag("owner", "platform");
    let insights = stack.add(insights);
    // The application reads the connection string from a vault.
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    stack.add(VaultSecret::new(name!("insights"), vault, insights.connection_string()));
    insights.node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refusals};

    #[test]
    fn the_services_limits_hold() {
        let logs = || Ref::existing("/subscriptions/5a1e/resourceGroups/shop-rg/providers/x");
        let new = || ApplicationInsights::new(name!("shop"), group(), logs());
        assert_eq!(refusals(new().retention(Retention::days(730)).sampling(100.0)), [""; 0]);
        assert_eq!(
            refusals(new().retention(Retention::days(100)).sampling(100.5)),
            [
                "retention: telemetry is not kept for 100 days",
                "sampling: 100.5 is outside 0 to 100 per cent",
            ]
        );
    }
}
