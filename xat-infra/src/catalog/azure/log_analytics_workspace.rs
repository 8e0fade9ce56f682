//! Log Analytics workspaces: where logs and telemetry are kept and searched.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::azure::{
    IdentityType, PrincipalId, Region, ResourceGroup, Retention, UserAssignedIdentity,
};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ID_KEYS, NOT};
use crate::schema::{Canon, CheckContext, Fact, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A Log Analytics workspace.
///
/// Secure from the start: its shared keys let nobody in, and people see the logs of resources that they may see. The
/// service keeps a deleted workspace for 14 days: made again under its name, it has its logs again.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.OperationalInsights/workspaces@2025-07-01",
    terraform = "azurerm_log_analytics_workspace",
    holds_data,
    check = limits,
    fact = Fact::KeepsLogs,
    source = "https://learn.microsoft.com/azure/templates/microsoft.operationalinsights/workspaces"
)]
#[output(workspace_id: Text, arm = "properties.customerId", tf = "workspace_id",
    doc = "The GUID by which agents and queries name the workspace.")]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the workspace's own identity, if it has one.")]
pub struct LogAnalyticsWorkspace {
    /// The workspace's name, unique in its group.
    #[name(
        len = 4..=63, chars = alphanumeric, and = "-",
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftoperationalinsights"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// How what comes in is paid for.
    #[prop(arm = "properties.sku.name", tf = "sku", label = "price tier", default = WorkspaceSku::PerGb,
        service = WorkspaceSku::PerGb, canon = PAID_BY_GB, no_setter, danger = Cost)]
    sku: WorkspaceSku,
    /// How many GB a day are paid for in advance. [`LogAnalyticsWorkspace::commitment`] sets it.
    #[prop(arm = "properties.sku.capacityReservationLevel", tf = "reservation_capacity_in_gb_per_day",
        label = "commitment", unit = "GB", no_setter, danger = Cost)]
    commitment: Option<u32>,
    /// For how many days logs are kept: 30 to 730.
    #[prop(arm = "properties.retentionInDays", tf = "retention_in_days", default = Retention::days(30),
        service = Retention::days(30), unit = "days", shrink = DataLoss, danger = Cost)]
    retention: Retention,
    /// How many GB a day may come in; what comes after is dropped. No limit, unless said.
    #[prop(arm = "properties.workspaceCapping.dailyQuotaGb", tf = "daily_quota_gb", label = "daily quota", unit = "GB",
        service = -1.0, danger = Cost)]
    daily_quota: Option<f64>,
    /// Whether whoever holds a shared key may write and read logs.
    #[prop(arm = "properties.features.disableLocalAuth", tf = "local_authentication_enabled", codec = NOT,
        default = false, service = true, exposes = true, danger = Downtime)]
    local_authentication: bool,
    /// Whether someone who may see a resource may see its logs, without leave for the whole workspace.
    #[prop(arm = "properties.features.enableLogAccessUsingOnlyResourcePermissions",
        tf = "allow_resource_only_permissions", default = true, service = true, danger = Exposure)]
    resource_permissions: bool,
    /// From where logs are taken in. Off the internet it takes a private link scope.
    #[prop(arm = "properties.publicNetworkAccessForIngestion", tf = "internet_ingestion_access_type",
        label = "ingestion from the internet", service = WorkspaceAccess::Enabled, exposes = WorkspaceAccess::Enabled,
        danger = Downtime)]
    public_ingestion: Option<WorkspaceAccess>,
    /// From where logs can be searched. Off the internet it takes a private link scope.
    #[prop(arm = "properties.publicNetworkAccessForQuery", tf = "internet_query_access_type",
        label = "queries from the internet", service = WorkspaceAccess::Enabled, exposes = WorkspaceAccess::Enabled,
        danger = Downtime)]
    public_query: Option<WorkspaceAccess>,
    /// Whether logs are purged the moment they are 30 days old, rather than some days later.
    #[prop(arm = "properties.features.immediatePurgeDataOn30Days", tf = "immediate_data_purge_on_30_days_enabled",
        service = false, danger = DataLoss)]
    immediate_purge: Option<bool>,
    /// Whether logs may be sent on as they come in, by data export rules.
    #[prop(arm = "properties.features.enableDataExport", service = false)]
    data_export: Option<bool>,
    /// Whether saved queries must be kept in storage that is encrypted with a key of one's own.
    #[prop(
        arm = "properties.forceCmkForQuery",
        tf = "cmk_for_query_forced",
        label = "own key for queries",
        service = false
    )]
    own_key_for_queries: Option<bool>,
    /// The data collection rule for what does not name one, by its full ID.
    #[prop(arm = "properties.defaultDataCollectionRuleResourceId", tf = "data_collection_rule_id",
        canon = canons::RESOURCE_ID)]
    data_collection_rule: Option<Text>,
    /// Which identities the workspace has.
    #[prop(arm = "identity.type", tf = "identity.type", canon = canons::CASE, service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identity that stands on its own, of which a workspace has one at most.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl LogAnalyticsWorkspace {
    /// Pays for so many GB a day in advance, at a lower price: 100, 200, 300, 400, 500, 1000, 2000, 5000, 10000,
    /// 25000 or 50000. It binds for 31 days.
    #[track_caller]
    #[must_use]
    pub fn commitment(mut self, gb_a_day: u32) -> Self {
        self.meta.set_here(Self::SKU.index());
        self.meta.set_here(Self::COMMITMENT.index());
        (self.sku, self.commitment) = (WorkspaceSku::Commitment, Some(gb_a_day));
        self
    }

    /// Gives the workspace an identity of its own, made and deleted together with it.
    #[track_caller]
    #[must_use]
    pub fn system_identity(mut self) -> Self {
        self.meta.set_here(Self::IDENTITY_TYPE.index());
        (self.identity_type, self.identities) = (Some(IdentityType::SystemAssigned), None);
        self
    }

    /// Gives the workspace an identity that stands on its own. It has one identity at most.
    #[track_caller]
    #[must_use]
    pub fn identity(mut self, identity: Handle<UserAssignedIdentity>) -> Self {
        self.meta.set_here(Self::IDENTITY_TYPE.index());
        self.meta.set_here(Self::IDENTITIES.index());
        self.identity_type = Some(IdentityType::UserAssigned);
        self.identities = Some(Set(vec![identity.into()]));
        self
    }
}

/// How what a workspace takes in is paid for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum WorkspaceSku {
    /// By the GB.
    #[choice("PerGB2018")]
    PerGb,
    /// So many GB a day in advance.
    #[choice("CapacityReservation")]
    Commitment,
    /// With the cluster that the workspace is linked to.
    #[choice("LACluster")]
    Cluster,
    /// Not at all: up to 500 MB a day, kept for seven days. Only old subscriptions have it.
    Free,
}

/// From where a workspace can be reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum WorkspaceAccess {
    /// From anywhere.
    Enabled,
    /// From private networks only.
    Disabled,
    /// From where its network security perimeter says.
    SecuredByPerimeter,
}

/// Price tiers. `Standalone` is the old word for paying by the GB, and comes back as the new one.
static PAID_BY_GB: Canon = Canon {
    name: "price tier",
    apply: |text| {
        if text.eq_ignore_ascii_case("Standalone") {
            Cow::Borrowed("pergb2018")
        } else {
            Cow::Owned(text.to_ascii_lowercase())
        }
    },
};

fn limits(check: &mut CheckContext<'_>) {
    const TIERS: [i64; 11] = [100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000];
    const RETENTION: &str =
        "https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure";
    check.range("retention", 30..=730, RETENTION);
    let level = check.get("commitment").and_then(Value::as_int);
    if let Some(level) = level.filter(|level| !TIERS.contains(level)) {
        check.report(
            "commitment",
            format!("there is no commitment tier of {level} GB a day"),
            "the tiers: https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs#commitment-tiers",
        );
    }
    let quota = match check.get("daily_quota") {
        Some(Value::Float(quota)) => *quota,
        _ => -1.0,
    };
    if quota != -1.0 && quota < 0.023 {
        check.report(
            "daily_quota",
            format!("{quota} GB is less than the service can hold to"),
            "0.023 GB or more, or -1 for no limit: https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap",
        );
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-logs-id"), group));
    let workspace = LogAnalyticsWorkspace::new(name!("shop-logs"), group)
        .commitment(100)
        .retention(Retention::days(90))
        .daily_quota(120.0)
        .public_ingestion(WorkspaceAccess::Disabled)
        .public_query(WorkspaceAccess::Disabled)
        .immediate_purge(false)
        .data_export(true)
        .own_key_for_queries(true)
        .identity(identity)
        .tag("owner", "platform");
    stack.add(workspace).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refusals};

    #[test]
    fn the_services_limits_hold() {
        let new = || LogAnalyticsWorkspace::new(name!("shop-logs"), group());
        let longest = new().retention(Retention::days(730)).commitment(500).daily_quota(0.023);
        assert_eq!(refusals(longest), [""; 0]);
        assert_eq!(refusals(new().daily_quota(-1.0)), [""; 0]);
        let bad = new().retention(Retention::days(29)).commitment(150).daily_quota(0.01);
        assert_eq!(
            refusals(bad),
            [
                "retention: 29 is outside 30 to 730",
                "commitment: there is no commitment tier of 150 GB a day",
                "daily_quota: 0.01 GB is less than the service can hold to",
            ]
        );
    }

    #[test]
    fn old_price_tiers_are_the_new_one() {
        assert!(PAID_BY_GB.same("Standalone", "pergb2018"));
        assert!(!PAID_BY_GB.same("CapacityReservation", "PerGB2018"));
    }
}
