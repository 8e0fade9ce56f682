//! Monitoring: where logs and measurements go, and whom alerts tell.
//!
//! There is no availability test: those call from the internet, and nothing here answers there. The application's own health
//! check, which the service asks on every machine, takes its place (see `alerts`).

use xat_infra::azure::prelude::*;

use super::governance::Keeping;
use super::naming::Naming;

/// What monitoring is made from.
pub struct MonitoringInputs {
    /// How its resources are called.
    pub naming: Naming,
    /// The group that holds it.
    pub group: Handle<ResourceGroup>,
    /// Whether the logs are protected.
    pub keeping: Keeping,
    /// For how long logs are kept: 30 days or more.
    pub retention: Retention,
    /// Where alerts are mailed to.
    pub on_call: &'static str,
}

/// What the other components need of monitoring.
pub struct Monitoring {
    /// Where all logs go.
    pub logs: Handle<LogAnalyticsWorkspace>,
    /// What the application sends its traces to.
    pub insights: Handle<ApplicationInsights>,
    /// Who is told.
    pub on_call: Handle<ActionGroup>,
}

impl Monitoring {
    /// Declares the workspace, Application Insights on top of it, and the people on call.
    pub fn new(stack: &mut Stack, inputs: &MonitoringInputs) -> Self {
        let MonitoringInputs { naming, group, keeping, retention, on_call } = *inputs;
        // Logs come in and are read by Azure's public endpoints, with a role. To close these takes a private link
        // scope, which would cut off every other workspace that the network's machines write to.
        let logs = LogAnalyticsWorkspace::new(naming.named("logs"), group).retention(retention);
        let logs = stack.add(keeping.protect(logs));
        let insights = ApplicationInsights::new(naming.named("insights"), group, logs)
            .application_type(ApplicationType::Web)
            .retention(retention);
        let insights = stack.add(insights);
        // What text messages and mails begin with, in 12 characters.
        let short = format!("{}-on-call", naming.prefix);
        let people = ActionGroup::new(naming.named("on-call"), group, short);
        let on_call = stack.add(people.email("on call", on_call));
        let monitoring = Self { logs, insights, on_call };
        // Who asked what of the logs. Application Insights keeps nothing outside the workspace.
        stack.add(monitoring.records("logs", logs).audit_logs().all_metrics());
        monitoring
    }

    /// A diagnostic setting that sends a resource's records to the workspace. Say which: `.all_logs()`,
    /// `.log(LogSelection::category(..))`, `.all_metrics()`. `key` tells it apart from others in the component.
    #[track_caller]
    pub fn records(&self, key: &str, target: impl Into<AnyRef>) -> DiagnosticSetting {
        DiagnosticSetting::to_workspace(name!("to-logs"), target, self.logs).key(key)
    }
}
