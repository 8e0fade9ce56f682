//! Alerts: what is wrong with the application, its data and Azure itself, told to the people on call.

use xat_infra::azure::prelude::*;

use super::monitoring::Monitoring;
use super::naming::Naming;

/// What is watched.
pub struct AlertInputs<'a> {
    /// How the alerts are called.
    pub naming: Naming,
    /// The group that holds them, and whose resources nobody should delete unseen.
    pub group: Handle<ResourceGroup>,
    /// Who is told, and whose logs are asked.
    pub monitoring: &'a Monitoring,
    /// The application.
    pub web: Handle<WebApp>,
    /// Its machines.
    pub plan: Handle<AppServicePlan>,
    /// The database server.
    pub server: Handle<FlexibleServer>,
    /// How many connections the pooler opens at most.
    pub connections: u16,
    /// The region, as the service health page calls it.
    pub region: &'static str,
    /// Whether a backup vault's jobs are in the logs.
    pub backups: bool,
}

const APP: &str = "Microsoft.Web/sites";
const PLAN: &str = "Microsoft.Web/serverfarms";
const SERVER: &str = "Microsoft.DBforPostgreSQL/flexibleServers";

/// Declares the alerts.
pub fn alerts(stack: &mut Stack, inputs: &AlertInputs<'_>) {
    measurements(stack, inputs);
    logs(stack, inputs);
    activity(stack, inputs);
}

/// What measurements say.
fn measurements(stack: &mut Stack, inputs: &AlertInputs<'_>) {
    use AlertSeverity::{Critical, Error, Warning};
    use MetricAggregation::{Average, Maximum, Total};
    let (web, plan) = (AnyRef::from(inputs.web), AnyRef::from(inputs.plan));
    let server = AnyRef::from(inputs.server);
    let above = MetricCriterion::above;
    // The pooler keeps the application below this; the rest is for people, backups and the service itself.
    let crowded = f64::from(inputs.connections) + 20.0;
    let measured: [(&str, &AnyRef, AlertSeverity, MetricCriterion, &str); 10] = [
        (
            "app-unhealthy",
            &web,
            Critical,
            MetricCriterion::below(APP, "HealthCheckStatus", Average, 100.0),
            "A machine's health check fails: look at its console log, then at the database.",
        ),
        (
            "app-errors",
            &web,
            Error,
            above(APP, "Http5xx", Total, 5.0),
            "Requests fail: Rollbar has the traces.",
        ),
        (
            "app-slow",
            &web,
            Warning,
            above(APP, "HttpResponseTime", Average, 2.0),
            "Answers take more than two seconds: look for slow queries in the database's log.",
        ),
        (
            "machines-busy",
            &plan,
            Warning,
            above(PLAN, "CpuPercentage", Average, 85.0),
            "The machines are busy although they scale: is the most of them too few?",
        ),
        (
            "machines-full",
            &plan,
            Warning,
            above(PLAN, "MemoryPercentage", Average, 85.0),
            "The machines run out of memory: fewer workers, or a larger size.",
        ),
        (
            "database-down",
            &server,
            Critical,
            MetricCriterion::below(SERVER, "is_db_alive", Maximum, 1.0),
            "The database does not answer: see its resource health.",
        ),
        (
            "database-busy",
            &server,
            Warning,
            above(SERVER, "cpu_percent", Average, 85.0),
            "The database is busy: look for slow queries in its log.",
        ),
        (
            "database-memory",
            &server,
            Warning,
            above(SERVER, "memory_percent", Average, 90.0),
            "The database runs out of memory: a larger size.",
        ),
        (
            "database-full",
            &server,
            Error,
            above(SERVER, "storage_percent", Average, 80.0),
            "The disk fills up. It grows by itself, and at 95 per cent the server takes no more writes.",
        ),
        (
            "database-crowded",
            &server,
            Warning,
            above(SERVER, "active_connections", Maximum, crowded),
            "More connections than the pooler opens: who goes past it?",
        ),
    ];
    for (base, target, severity, criterion, meaning) in measured {
        let name = inputs.naming.named(base);
        let alert = MetricAlert::on(name, inputs.group, target.clone(), criterion)
            .description(meaning)
            .severity(severity)
            .window(AlertPeriod::QuarterHour)
            .frequency(AlertPeriod::FiveMinutes)
            .action(AlertAction::new(inputs.monitoring.on_call));
        stack.add(alert);
    }
}

/// What logs say. The tables are there once the first records came in, so the queries are not tried before.
fn logs(stack: &mut Stack, inputs: &AlertInputs<'_>) {
    use LogOperator::{GreaterThan, LessThan};
    let mut asked = vec![
        (
            "app-crashes",
            AlertPeriod::QuarterHour,
            "AppServiceConsoleLogs | where ResultDescription has 'Worker failed to boot' \
             or ResultDescription has 'WORKER TIMEOUT'",
            (GreaterThan, 0.0),
            "Gunicorn's workers do not start, or hang until they are killed.",
        ),
        (
            "dump-failed",
            AlertPeriod::Hour,
            "ContainerAppConsoleLogs | where ContainerName == 'backup' and Log has 'backup-failed'",
            (GreaterThan, 0.0),
            "A dump of the database failed: its reason is in the log, and the runbook beside the dump's programs says what to do.",
        ),
        (
            // A day, and what two runs may differ by.
            "dump-missing",
            AlertPeriod::TwoDays,
            "ContainerAppConsoleLogs | where TimeGenerated > ago(27h) \
             | where ContainerName == 'backup' and Log has 'backup-done'",
            (LessThan, 1.0),
            "No dump of the database was made for more than a day: start the job by hand, then look why.",
        ),
    ];
    if inputs.backups {
        asked.push((
            "backup-failed",
            AlertPeriod::Day,
            "AddonAzureBackupJobs | where JobOperation == 'Backup' and JobStatus == 'Failed'",
            (GreaterThan, 0.0),
            "The long-term copy of this week is missing: start one by hand.",
        ));
    }
    for (base, window, query, (operator, bound), meaning) in asked {
        let frequency = if window == AlertPeriod::TwoDays { AlertPeriod::Hour } else { window };
        let criterion = LogCriterion::rows(query, operator, bound);
        let name = inputs.naming.named(base);
        let alert = LogSearchAlert::new(name, inputs.group, inputs.monitoring.logs, criterion)
            .description(meaning)
            .severity(AlertSeverity::Error)
            .frequency(frequency)
            .window(window)
            .skip_query_validation(true)
            .action_group(inputs.monitoring.on_call);
        stack.add(alert);
    }
}

/// What Azure's own log says: that Azure fails, and who deletes what holds data or its locks.
fn activity(stack: &mut Stack, inputs: &AlertInputs<'_>) {
    let health = ActivityCondition::service_health()
        .event(HealthEvent::Incident)
        .event(HealthEvent::Maintenance)
        .event(HealthEvent::Security)
        .region(inputs.region);
    let subscription = stack.subscription_scope();
    let alert = |base: &str, scope: AnyRef, condition, meaning: &'static str| {
        ActivityLogAlert::on(inputs.naming.named(base), inputs.group, scope, condition)
            .description(meaning)
            .action(AlertAction::new(inputs.monitoring.on_call))
    };
    let meaning = "Azure itself fails or is worked on where the estate runs.";
    stack.add(alert("azure-health", subscription, health, meaning));
    for (base, operation) in [
        ("database-deleted", "Microsoft.DBforPostgreSQL/flexibleServers/delete"),
        ("vault-deleted", "Microsoft.KeyVault/vaults/delete"),
        ("registry-deleted", "Microsoft.ContainerRegistry/registries/delete"),
        ("dumps-deleted", "Microsoft.Storage/storageAccounts/delete"),
        ("backup-stopped", "Microsoft.DataProtection/backupVaults/backupInstances/delete"),
        ("lock-deleted", "Microsoft.Authorization/locks/delete"),
    ] {
        let condition = ActivityCondition::administrative(operation).status("Succeeded");
        let meaning = "Somebody deleted what data depends on: ask who, and why.";
        stack.add(alert(base, inputs.group.into(), condition, meaning));
    }
}
