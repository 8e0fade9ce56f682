//! Lifecycle rules of a storage account: when blobs move to cheaper tiers, and when they go.

use crate::azure::common::inner;
use crate::azure::{Region, ResourceGroup, StorageAccount, StorageSku};
use crate::dsl::{Meta, Ref, Stack};
use crate::schema::{CheckContext, Set};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, name};

/// The lifecycle rules of a storage account, all in one: an account has one set of them.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01",
    terraform = "azurerm_storage_management_policy",
    scope = Child,
    fixed_name = "default",
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts/managementpolicies"
)]
pub struct StorageLifecycle {
    /// The account whose blobs the rules are about.
    #[prop(tf = "storage_account_id", parent)]
    account: Ref<StorageAccount>,
    /// The rules; 100 at most.
    #[prop(arm = "properties.policy.rules", tf = "rule", key = "name", danger = DataLoss)]
    rules: Vec<LifecycleRule>,
    meta: Meta,
}

/// What happens to some blobs as they age. All numbers are days, and count once they are over.
#[derive(Clone, Block)]
pub struct LifecycleRule {
    /// The rule's name: letters and digits.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// Whether the rule is followed.
    #[prop(arm = "enabled", tf = "enabled", default = true, service = true, danger = DataLoss)]
    enabled: bool,
    /// The kind of rule; there is one.
    #[prop(arm = "type", default = "Lifecycle".into(), no_setter)]
    kind: Text,
    /// The kinds of blobs that it is about.
    #[prop(arm = "definition.filters.blobTypes", tf = "filters.blob_types",
        default = Set(vec![BlobType::BlockBlob]), danger = DataLoss)]
    blob_types: Set<BlobType>,
    /// The beginnings of the names that it is about, with the container in front (`logs/2026`); all, unless said.
    #[prop(arm = "definition.filters.prefixMatch", tf = "filters.prefix_match", danger = DataLoss, each = "prefix")]
    prefixes: Option<Set<Text>>,
    /// The index tags that it is about; 10 at most.
    #[prop(arm = "definition.filters.blobIndexMatch", tf = "filters.match_blob_index_tag", danger = DataLoss,
        each = "index_tag")]
    index_tags: Option<Set<IndexTag>>,
    /// Moves blobs to the cool tier so long after their last change.
    #[prop(arm = "definition.actions.baseBlob.tierToCool.daysAfterModificationGreaterThan",
        tf = "actions.base_blob.tier_to_cool_after_days_since_modification_greater_than", unit = "days", danger = Cost)]
    cool_after_change: Option<u32>,
    /// Moves blobs to the cool tier so long after their last use.
    #[prop(arm = "definition.actions.baseBlob.tierToCool.daysAfterLastAccessTimeGreaterThan",
        tf = "actions.base_blob.tier_to_cool_after_days_since_last_access_time_greater_than", unit = "days",
        danger = Cost)]
    cool_after_access: Option<u32>,
    /// Moves blobs to the cool tier so long after they were made.
    #[prop(arm = "definition.actions.baseBlob.tierToCool.daysAfterCreationGreaterThan",
        tf = "actions.base_blob.tier_to_cool_after_days_since_creation_greater_than", unit = "days", danger = Cost)]
    cool_after_creation: Option<u32>,
    /// Moves blobs back to the hot tier when they are used; with a move to cool by last use.
    #[prop(arm = "definition.actions.baseBlob.enableAutoTierToHotFromCool",
        tf = "actions.base_blob.auto_tier_to_hot_from_cool_enabled", service = false, danger = Cost)]
    hot_on_access: Option<bool>,
    /// Moves blobs to the cold tier so long after their last change.
    #[prop(arm = "definition.actions.baseBlob.tierToCold.daysAfterModificationGreaterThan",
        tf = "actions.base_blob.tier_to_cold_after_days_since_modification_greater_than", unit = "days", danger = Cost)]
    cold_after_change: Option<u32>,
    /// Moves blobs to the cold tier so long after their last use.
    #[prop(arm = "definition.actions.baseBlob.tierToCold.daysAfterLastAccessTimeGreaterThan",
        tf = "actions.base_blob.tier_to_cold_after_days_since_last_access_time_greater_than", unit = "days",
        danger = Cost)]
    cold_after_access: Option<u32>,
    /// Moves blobs to the cold tier so long after they were made.
    #[prop(arm = "definition.actions.baseBlob.tierToCold.daysAfterCreationGreaterThan",
        tf = "actions.base_blob.tier_to_cold_after_days_since_creation_greater_than", unit = "days", danger = Cost)]
    cold_after_creation: Option<u32>,
    /// Moves blobs to the archive, from which they take hours to come back, so long after their last change.
    #[prop(arm = "definition.actions.baseBlob.tierToArchive.daysAfterModificationGreaterThan",
        tf = "actions.base_blob.tier_to_archive_after_days_since_modification_greater_than", unit = "days",
        danger = Downtime)]
    archive_after_change: Option<u32>,
    /// Moves blobs to the archive so long after their last use.
    #[prop(arm = "definition.actions.baseBlob.tierToArchive.daysAfterLastAccessTimeGreaterThan",
        tf = "actions.base_blob.tier_to_archive_after_days_since_last_access_time_greater_than", unit = "days",
        danger = Downtime)]
    archive_after_access: Option<u32>,
    /// Moves blobs to the archive so long after they were made.
    #[prop(arm = "definition.actions.baseBlob.tierToArchive.daysAfterCreationGreaterThan",
        tf = "actions.base_blob.tier_to_archive_after_days_since_creation_greater_than", unit = "days",
        danger = Downtime)]
    archive_after_creation: Option<u32>,
    /// Leaves blobs that came out of the archive alone for so long.
    #[prop(arm = "definition.actions.baseBlob.tierToArchive.daysAfterLastTierChangeGreaterThan",
        tf = "actions.base_blob.tier_to_archive_after_days_since_last_tier_change_greater_than", unit = "days",
        danger = Downtime)]
    archive_rest: Option<u32>,
    /// Deletes blobs so long after their last change.
    #[prop(arm = "definition.actions.baseBlob.delete.daysAfterModificationGreaterThan",
        tf = "actions.base_blob.delete_after_days_since_modification_greater_than", unit = "days", danger = DataLoss)]
    delete_after_change: Option<u32>,
    /// Deletes blobs so long after their last use.
    #[prop(arm = "definition.actions.baseBlob.delete.daysAfterLastAccessTimeGreaterThan",
        tf = "actions.base_blob.delete_after_days_since_last_access_time_greater_than", unit = "days",
        danger = DataLoss)]
    delete_after_access: Option<u32>,
    /// Deletes blobs so long after they were made.
    #[prop(arm = "definition.actions.baseBlob.delete.daysAfterCreationGreaterThan",
        tf = "actions.base_blob.delete_after_days_since_creation_greater_than", unit = "days", danger = DataLoss)]
    delete_after_creation: Option<u32>,
    /// Moves snapshots to the cool tier so long after they were taken.
    #[prop(arm = "definition.actions.snapshot.tierToCool.daysAfterCreationGreaterThan",
        tf = "actions.snapshot.change_tier_to_cool_after_days_since_creation", unit = "days", danger = Cost)]
    snapshot_cool_after: Option<u32>,
    /// Moves snapshots to the cold tier so long after they were taken.
    #[prop(
        arm = "definition.actions.snapshot.tierToCold.daysAfterCreationGreaterThan",
        tf = "actions.snapshot.tier_to_cold_after_days_since_creation_greater_than",
        unit = "days",
        danger = Cost
    )]
    snapshot_cold_after: Option<u32>,
    /// Moves snapshots to the archive so long after they were taken.
    #[prop(arm = "definition.actions.snapshot.tierToArchive.daysAfterCreationGreaterThan",
        tf = "actions.snapshot.change_tier_to_archive_after_days_since_creation", unit = "days", danger = Downtime)]
    snapshot_archive_after: Option<u32>,
    /// Deletes snapshots so long after they were taken.
    #[prop(arm = "definition.actions.snapshot.delete.daysAfterCreationGreaterThan",
        tf = "actions.snapshot.delete_after_days_since_creation_greater_than", unit = "days", danger = DataLoss)]
    snapshot_delete_after: Option<u32>,
    /// Moves old versions to the cool tier so long after they were made.
    #[prop(arm = "definition.actions.version.tierToCool.daysAfterCreationGreaterThan",
        tf = "actions.version.change_tier_to_cool_after_days_since_creation", unit = "days", danger = Cost)]
    version_cool_after: Option<u32>,
    /// Moves old versions to the cold tier so long after they were made.
    #[prop(
        arm = "definition.actions.version.tierToCold.daysAfterCreationGreaterThan",
        tf = "actions.version.tier_to_cold_after_days_since_creation_greater_than",
        unit = "days",
        danger = Cost
    )]
    version_cold_after: Option<u32>,
    /// Moves old versions to the archive so long after they were made.
    #[prop(arm = "definition.actions.version.tierToArchive.daysAfterCreationGreaterThan",
        tf = "actions.version.change_tier_to_archive_after_days_since_creation", unit = "days", danger = Downtime)]
    version_archive_after: Option<u32>,
    /// Deletes old versions so long after they were made.
    #[prop(arm = "definition.actions.version.delete.daysAfterCreationGreaterThan",
        tf = "actions.version.delete_after_days_since_creation", unit = "days", danger = DataLoss)]
    version_delete_after: Option<u32>,
}

/// A kind of blob.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum BlobType {
    /// Written whole.
    #[choice("blockBlob")]
    BlockBlob,
    /// Written at its end only; rules can delete it and nothing else.
    #[choice("appendBlob")]
    AppendBlob,
}

/// An index tag of blobs, and the value that it must have.
#[derive(Clone, Block)]
pub struct IndexTag {
    /// The tag's name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// How the values are compared; there is one way.
    #[prop(arm = "op", tf = "operation", default = "==".into(), no_setter)]
    operation: Text,
    /// The value.
    #[prop(arm = "value", tf = "value")]
    value: Text,
}

/// What a rule does, by the groups of properties of which a service takes one only.
const ACTIONS: [&[&str]; 7] = [
    &["cool_after_change", "cool_after_access", "cool_after_creation"],
    &["cold_after_change", "cold_after_access", "cold_after_creation"],
    &["archive_after_change", "archive_after_access", "archive_after_creation"],
    &["delete_after_change", "delete_after_access", "delete_after_creation"],
    &["snapshot_cool_after", "version_cool_after", "snapshot_cold_after", "version_cold_after"],
    &["snapshot_archive_after", "version_archive_after"],
    &["snapshot_delete_after", "version_delete_after"],
];

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-policy-structure";
    let Some(Value::List(rules)) = check.get("rules") else { return };
    let mut problems = Vec::new();
    if rules.is_empty() || rules.len() > 100 {
        problems.push(format!("{} rules: a policy has 1 to 100", rules.len()));
    }
    let mut names: Vec<&str> = Vec::new();
    for rule in rules {
        let says = |property: &str| inner::<LifecycleRule>(rule, property);
        let name = says("name").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            problems.push(format!("a rule cannot be called `{name}`: letters and digits alone"));
        }
        if names.contains(&name) {
            problems.push(format!("two rules are called `{name}`"));
        }
        names.push(name);
        let said = |group: &[&str]| group.iter().filter(|action| says(action).is_some()).count();
        if ACTIONS.iter().all(|group| said(group) == 0) {
            problems.push(format!("the rule `{name}` does nothing"));
        }
        for group in ACTIONS.iter().take(4).filter(|group| said(group) > 1) {
            let both: Vec<&str> =
                group.iter().copied().filter(|action| says(action).is_some()).collect();
            problems.push(format!("the rule `{name}` says both {}", both.join(" and ")));
        }
        let hot = matches!(says("hot_on_access"), Some(Value::Bool(true)));
        if hot && says("cool_after_access").is_none() {
            problems.push(format!(
                "the rule `{name}` brings blobs back to the hot tier, and never cools them by last use"
            ));
        }
        let rest = says("archive_rest").is_some();
        if rest && says("archive_after_change").is_none() {
            problems
                .push(format!("the rule `{name}` says archive_rest without archive_after_change"));
        }
        let append = matches!(says("blob_types"), Some(Value::List(types))
            if types.iter().any(|kind| kind.as_str() == Some(BlobType::AppendBlob.word())));
        let moves = [0, 1, 2, 4, 5].iter().any(|group| said(ACTIONS[*group]) > 0);
        if append && moves {
            problems.push(format!(
                "the rule `{name}` is about append blobs, which can be deleted and not moved"
            ));
        }
        if let Some(Value::List(tags)) = says("index_tags")
            && tags.len() > 10
        {
            problems.push(format!("the rule `{name}` names {} index tags: 10 at most", tags.len()));
        }
    }
    for problem in problems {
        check.report("rules", problem, format!("the provider's reference: {SOURCE}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let account = StorageAccount::new(name!("shopfiles"), group, StorageSku::StandardGrs);
    let account = stack.add(account.last_access_tracking(true));
    let dumps = LifecycleRule::new("dumps")
        .prefix("dumps/")
        .index_tag(IndexTag::new("keep", "no"))
        .cool_after_change(30)
        .cold_after_change(90)
        .archive_after_change(180)
        .archive_rest(7)
        .delete_after_change(365)
        .snapshot_cool_after(10)
        .snapshot_cold_after(20)
        .snapshot_archive_after(30)
        .snapshot_delete_after(90)
        .version_cool_after(10)
        .version_cold_after(20)
        .version_archive_after(30)
        .version_delete_after(90);
    let images = LifecycleRule::new("images").cool_after_access(30).hot_on_access(true);
    let logs = LifecycleRule::new("logs")
        .enabled(false)
        .blob_types([BlobType::BlockBlob, BlobType::AppendBlob])
        .delete_after_creation(90);
    stack.add(StorageLifecycle::new(account, vec![dumps, images, logs])).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn with(rules: Vec<LifecycleRule>) -> usize {
        let account = Ref::<StorageAccount>::existing("/subscriptions/s/x");
        refused(StorageLifecycle::new(account, rules)).len()
    }

    fn rule() -> LifecycleRule {
        LifecycleRule::new("old").delete_after_change(30)
    }

    #[test]
    fn each_limit_is_refused_once() {
        assert_eq!(with(vec![rule()]), 0);
        assert_eq!(with(Vec::new()), 1);
        assert_eq!(with(vec![rule(), rule()]), 1);
        assert_eq!(with(vec![LifecycleRule::new("old-ones").delete_after_change(30)]), 1);
        assert_eq!(with(vec![LifecycleRule::new("idle")]), 1);
        assert_eq!(with(vec![rule().delete_after_access(30)]), 1);
        assert_eq!(with(vec![rule().hot_on_access(true)]), 1);
        assert_eq!(with(vec![rule().hot_on_access(true).cool_after_access(3)]), 0);
        assert_eq!(with(vec![rule().archive_rest(3)]), 1);
        let appended = rule().blob_types([BlobType::AppendBlob]);
        assert_eq!(with(vec![appended.clone()]), 0);
        assert_eq!(with(vec![appended.cool_after_change(3)]), 1);
        let tags = (0..11).map(|_| IndexTag::new("a", "b"));
        assert_eq!(with(vec![rule().index_tags(tags)]), 1);
    }
}
