//! Backup vaults: where long-term copies of databases are kept, out of reach of whoever runs them.

use std::collections::BTreeMap;

use crate::azure::common::{NO_SPACES, STATE, identity_setters, say_identities};
use crate::azure::{
    IdentityType, Principal, PrincipalId, PrincipalType, Region, ResourceGroup, Retention,
    UserAssignedIdentity,
};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS};
use crate::schema::{CheckContext, Codec, Fact, Saying, Set};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A backup vault of Azure Backup.
///
/// It has an identity of its own, to which what it backs up must give roles (see [`PgBackupInstance`]). Deleted copies
/// can be brought back for 14 days and longer.
///
/// [`PgBackupInstance`]: crate::azure::PgBackupInstance
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DataProtection/backupVaults@2025-07-01",
    terraform = "azurerm_data_protection_backup_vault",
    holds_data,
    private_new,
    constant(tf = "datastore_type", value = "VaultStore"),
    check = limits,
    import = say,
    fact = Fact::Logs,
    source = "https://learn.microsoft.com/azure/templates/microsoft.dataprotection/backupvaults"
)]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the vault's own identity.")]
pub struct BackupVault {
    /// The vault's name, unique in its group and region.
    #[name(
        len = 2..=50, chars = alphanumeric, and = "-", start = Letter,
        source = "https://learn.microsoft.com/azure/backup/create-manage-backup-vault"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region, which must be that of what it backs up; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// How many copies are kept, and where; fixed once something is backed up.
    #[prop(arm = "properties.storageSettings", tf = "redundancy", codec = VAULT_STORE, replace, danger = DataLoss)]
    redundancy: BackupRedundancy,
    /// Whether deleted copies can be brought back.
    #[prop(arm = "properties.securitySettings.softDeleteSettings.state", tf = "soft_delete",
        default = BackupSoftDelete::On, service = BackupSoftDelete::On, danger = DataLoss)]
    soft_delete: BackupSoftDelete,
    /// For how many days, 14 to 180, deleted copies can be brought back; the first 14 cost nothing.
    #[prop(arm = "properties.securitySettings.softDeleteSettings.retentionDurationInDays",
        tf = "retention_duration_in_days", label = "soft-delete retention", unit = "days",
        service = Retention::days(14), shrink = DataLoss)]
    soft_delete_retention: Option<Retention>,
    /// Whether copies are kept for as long as was said when they were made, whatever anyone says later.
    #[prop(arm = "properties.securitySettings.immutabilitySettings.state", tf = "immutability",
        service = BackupImmutability::Disabled, danger = DataLoss)]
    immutability: Option<BackupImmutability>,
    /// Whether copies can be restored in the paired region. It cannot be turned off again.
    #[prop(arm = "properties.featureSettings.crossRegionRestoreSettings", tf = "cross_region_restore_enabled",
        codec = STATE, service = false, danger = Cost)]
    cross_region_restore: Option<bool>,
    /// Whether failed backups raise an alert of Azure Monitor.
    #[prop(arm = "properties.monitoringSettings.azureMonitorAlertSettings.alertsForAllJobFailures",
        label = "alerts for failures", codec = ENABLED_DISABLED, service = true)]
    alerts: Option<bool>,
    /// Which identities the vault has: its own, and those that are given.
    #[prop(arm = "identity.type", tf = "identity.type", canon = NO_SPACES, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identities that the vault has beside its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

identity_setters!(impl BackupVault);

impl BackupVault {
    /// A vault with an identity of its own.
    #[track_caller]
    #[must_use]
    pub fn new(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        redundancy: BackupRedundancy,
    ) -> Self {
        let mut vault = Self::declare_new(name, group, redundancy);
        vault.identity_type = Some(IdentityType::SystemAssigned);
        vault
    }
}

/// The constructor gives a vault its own identity; others are given beside it.
fn say(vault: &mut Saying<'_>) {
    vault.construct("BackupVault::new", &["name", "group", "redundancy"]);
    if vault.reads("identity_type", IdentityType::SystemAssigned.word()) {
        vault.settle(&["identity_type"]);
    } else {
        vault.implies("identity_type", IdentityType::SystemAssigned.word());
        say_identities(vault, false);
    }
}

/// The vault's own identity, for roles over what it backs up.
impl From<Handle<BackupVault>> for Principal {
    fn from(vault: Handle<BackupVault>) -> Self {
        Self { id: vault.principal_id().into(), kind: PrincipalType::ServicePrincipal }
    }
}

/// How many copies of its content a backup vault keeps, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum BackupRedundancy {
    /// Three in one data centre.
    LocallyRedundant,
    /// One in each of three zones.
    ZoneRedundant,
    /// Three in one data centre, three in the paired region.
    GeoRedundant,
}

/// Whether deleted copies can be brought back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum BackupSoftDelete {
    /// They can, until someone turns it off.
    On,
    /// They can, for good: no one can turn it off.
    AlwaysOn,
    /// They cannot.
    Off,
}

/// Whether copies are kept whatever anyone says later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum BackupImmutability {
    /// They are not.
    Disabled,
    /// They are, until someone turns it off.
    Unlocked,
    /// They are, for good.
    Locked,
}

/// ARM has a list of stores; a vault has one.
static VAULT_STORE: Codec = Codec {
    name: "list with the vault's store",
    encode: |value| {
        let store = [("datastoreType", Value::literal("VaultStore")), ("type", value.clone())];
        Value::List(vec![Value::map(store)])
    },
    decode: |value| value.at(&["0", "type"]).cloned(),
};

fn limits(check: &mut CheckContext<'_>) {
    check.range(
        "soft_delete_retention",
        14..=180,
        "https://learn.microsoft.com/azure/backup/backup-azure-enhanced-soft-delete-about",
    );
    let geo = check.text("redundancy") == Some(BackupRedundancy::GeoRedundant.word());
    if check.is("cross_region_restore", true) && !geo {
        let what = "only what is kept in the paired region can be restored there";
        let source = "https://learn.microsoft.com/azure/backup/create-manage-backup-vault";
        check.report("cross_region_restore", what, format!("make it geo-redundant: {source}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = BackupVault::new(name!("shop-backups"), group, BackupRedundancy::GeoRedundant)
        .soft_delete(BackupSoftDelete::On)
        .soft_delete_retention(Retention::days(30))
        .immutability(BackupImmutability::Unlocked)
        .cross_region_restore(true)
        .alerts(true)
        .tag("owner", "platform");
    stack.add(vault).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::{group, refused};

    #[test]
    fn vaults_that_cannot_be() {
        let vault = |redundancy| BackupVault::new(name!("shop-backups"), group(), redundancy);
        let geo = || vault(BackupRedundancy::GeoRedundant);
        assert_eq!(refused(geo().cross_region_restore(true)), [""; 0]);
        let local = vault(BackupRedundancy::LocallyRedundant).cross_region_restore(true);
        assert_eq!(refused(local), ["cross_region_restore"]);
        let kept = |days| geo().soft_delete_retention(Retention::days(days));
        assert_eq!(refused(kept(180)), [""; 0]);
        assert_eq!(refused(kept(13)), ["soft_delete_retention"]);
    }
}
