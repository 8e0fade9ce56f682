//! The long-term copy: a backup vault that takes a copy of the database each week, outside the server and its region.
//!
//! The server itself keeps 35 days at most and loses all of them when it is deleted. These copies can be restored by Azure
//! alone; dumps that can be restored anywhere are in `dumps`.

use xat_infra::azure::prelude::*;

use super::governance::Keeping;
use super::monitoring::Monitoring;
use super::naming::Naming;

/// What the copy is made from.
pub struct BackupInputs<'a> {
    /// How its resources are called.
    pub naming: Naming,
    /// The group that holds it.
    pub group: Handle<ResourceGroup>,
    /// What is copied.
    pub server: Handle<FlexibleServer>,
    /// What it is protected from.
    pub keeping: Keeping,
    /// Who hears of it.
    pub monitoring: &'a Monitoring,
}

/// The long-term copy.
pub struct Backup {
    /// The vault.
    pub vault: Handle<BackupVault>,
    /// The server in its care.
    pub instance: Handle<PgBackupInstance>,
}

impl Backup {
    /// Declares the vault, what its identity may do, and the schedule.
    pub fn new(stack: &mut Stack, inputs: &BackupInputs<'_>) -> Self {
        let BackupInputs { naming, group, server, keeping, monitoring } = *inputs;
        let vault =
            BackupVault::new(naming.named("backups"), group, BackupRedundancy::GeoRedundant)
                .soft_delete(BackupSoftDelete::On)
                .soft_delete_retention(Retention::days(30))
                .immutability(BackupImmutability::Unlocked)
                .cross_region_restore(true)
                .alerts(true);
        let vault = stack.add(keeping.protect(vault));
        keeping.lock(stack, "backups", vault, "Holds the only copies beside the server's own.");

        let schedule = BackupSchedule::weekly(Weekday::Sunday, 2, 0, BackupSpan::weeks(12))
            .keep(BackupMark::FirstOfMonth, BackupSpan::months(12))
            .keep(BackupMark::FirstOfYear, BackupSpan::years(7));
        let policy = stack.add(PgBackupPolicy::new(name!("long-term"), vault, schedule));
        let may_copy = RoleAssignment::new(
            Role::PostgreSqlFlexibleServerLongTermRetentionBackup,
            server,
            vault,
        );
        let may_copy = stack.add(may_copy);
        let may_see = stack.add(RoleAssignment::new(Role::Reader, group, vault));
        // The service tries the roles when the server is put into its care.
        let instance = PgBackupInstance::new(naming.named("pg"), vault, server, policy)
            .depends_on(may_copy)
            .depends_on(may_see);
        let instance = stack.add(keeping.protect(instance));

        let records = monitoring.records("backups", vault).tables(WorkspaceTables::Dedicated);
        stack.add(records.all_logs());
        Self { vault, instance }
    }
}
