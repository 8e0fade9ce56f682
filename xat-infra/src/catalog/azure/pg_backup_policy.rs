//! Policies of a backup vault for PostgreSQL flexible servers: when copies are made, and for how long they are kept.

use crate::azure::backup_schedule::{KEEP, POLICY_RULES, RULES, TF_POLICY_RULES, TIMES};
use crate::azure::{
    BackupMark, BackupRedundancy, BackupSchedule, BackupSpan, BackupVault, Region, ResourceGroup,
    Weekday,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Value};
use crate::{Resource, name};

/// When a backup vault copies PostgreSQL flexible servers, and for how long it keeps the copies: up to ten years, where
/// servers keep their own for 35 days at most. A policy cannot be changed, only replaced.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DataProtection/backupVaults/backupPolicies@2025-07-01",
    terraform = "azurerm_data_protection_backup_policy_postgresql_flexible_server",
    label = "postgres backup policy",
    scope = Child,
    constant(arm = "properties.objectType", value = "BackupPolicy"),
    constant(
        arm = "properties.datasourceTypes",
        value = vec![Value::literal("Microsoft.DBforPostgreSQL/flexibleServers")]
    ),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.dataprotection/backupvaults/backuppolicies"
)]
pub struct PgBackupPolicy {
    /// The policy's name, unique in its vault.
    #[name(
        len = 3..=150, chars = alphanumeric, and = "-", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex"
    )]
    name: Name<Self>,
    /// The vault.
    #[prop(tf = "vault_id", parent)]
    vault: Ref<BackupVault>,
    /// When copies are made, and for how long they are kept.
    #[prop(arm = "properties.policyRules", tf = "", codec = POLICY_RULES, tf_codec = TF_POLICY_RULES, replace,
        danger = DataLoss)]
    schedule: BackupSchedule,
    meta: Meta,
}

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/azure/backup/backup-azure-database-postgresql-flex-overview";
    let Some(schedule) = check.get("schedule") else { return };
    let mut problems = Vec::new();
    let rules = match schedule.at(&[RULES]) {
        Some(Value::List(rules)) => rules.as_slice(),
        _ => &[],
    };
    let spans = rules.iter().filter_map(|rule| rule.at(&[KEEP])).chain(schedule.at(&[KEEP]));
    for span in spans.filter_map(Value::as_str) {
        if !matches!(BackupSpan::about_days(span), Some(1..=3650)) {
            problems.push(format!("copies cannot be kept for `{span}`: one day to ten years"));
        }
    }
    for (at, rule) in rules.iter().enumerate() {
        let name = |rule: &Value| rule.at(&["name"]).and_then(Value::as_str).map(str::to_owned);
        if rules[..at].iter().any(|other| name(other) == name(rule)) {
            problems.push(format!("two rules are called `{}`", name(rule).unwrap_or_default()));
        }
    }
    if let Some(Value::List(times)) = schedule.at(&[TIMES]) {
        for time in times.iter().filter_map(Value::as_str) {
            // `R/2024-01-07T02:30:00+00:00/P1W`: hour and minute stand where they always do.
            let part = |from: usize| time.get(from..from + 2).and_then(|n| n.parse::<u8>().ok());
            if !matches!((part(13), part(16)), (Some(0..=23), Some(0..=59))) {
                problems.push(format!("`{time}` is not at a time of the day"));
            }
        }
        let mut moments: Vec<&str> = times.iter().filter_map(Value::as_str).collect();
        moments.sort_unstable();
        if moments.windows(2).any(|pair| pair[0] == pair[1]) {
            problems.push("a day of the week is said twice with the same time".into());
        }
    }
    for problem in problems {
        check.report("schedule", problem, format!("the provider's reference: {SOURCE}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let vault = BackupVault::new(name!("shop-backups"), group, BackupRedundancy::ZoneRedundant);
    let vault = stack.add(vault);
    let schedule = BackupSchedule::weekly(Weekday::Sunday, 2, 30, BackupSpan::weeks(12))
        .and_on(Weekday::Wednesday, 2, 30)
        .keep(BackupMark::FirstOfYear, BackupSpan::years(7))
        .keep(BackupMark::FirstOfMonth, BackupSpan::months(12));
    stack.add(PgBackupPolicy::new(name!("long-term"), vault, schedule)).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn policies_that_cannot_be() {
        let policy = |schedule| {
            let vault = Ref::<BackupVault>::existing("/subscriptions/s/backupVaults/a");
            refused(PgBackupPolicy::new(name!("long-term"), vault, schedule))
        };
        let weekly = |keep| BackupSchedule::weekly(Weekday::Sunday, 2, 30, keep);
        let twelve = || weekly(BackupSpan::weeks(12));
        assert_eq!(policy(twelve().and_on(Weekday::Monday, 2, 30)), [""; 0]);
        assert_eq!(policy(weekly(BackupSpan::days(0))), ["schedule"]);
        assert_eq!(policy(weekly(BackupSpan::years(11))), ["schedule"]);
        let month =
            |policy: BackupSchedule| policy.keep(BackupMark::FirstOfMonth, BackupSpan::months(12));
        assert_eq!(policy(month(twelve())), [""; 0]);
        assert_eq!(policy(month(month(twelve()))), ["schedule"]);
        assert_eq!(policy(twelve().and_on(Weekday::Sunday, 2, 30)), ["schedule"]);
        assert_eq!(policy(twelve().and_on(Weekday::Monday, 24, 0)), ["schedule"]);
    }
}
