//! What watches: failing and slow answers, a database that runs full, dumps that fail, told to people.

use xat_infra::gcp::prelude::*;

use super::app::App;
use super::data::Data;

/// An alert: its name, what is too much, what that is called, and what to look at first.
type Alert = (Name<AlertPolicy>, &'static str, MetricThreshold, &'static str);

/// Declares the alerts, and who hears of them. What runs elsewhere than on Cloud Run is watched by its own service.
pub fn monitoring(
    stack: &mut Stack,
    app: Option<&App>,
    data: &Data,
    dumps: Option<&CloudRunBackups>,
    on_call: &'static str,
) {
    let people = stack.add(NotificationChannel::email(name!("XAT on call"), on_call));
    let mut alerts: Vec<Alert> = app.into_iter().flat_map(of_service).collect();
    alerts.extend(of_database(stack, data));
    alerts.extend(dumps.map(of_dumps));
    for (name, title, threshold, runbook) in alerts {
        let policy = AlertPolicy::new(name)
            .condition(AlertCondition::over(title, threshold))
            .channel(people)
            .runbook(runbook);
        stack.add(policy);
    }
}

/// A service of Cloud Run that fails or is slow.
fn of_service(app: &App) -> [Alert; 2] {
    let of_service = |metric: &'static str, more: &'static str| {
        text!(
            "metric.type=\"run.googleapis.com/{}\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"{}\"{}",
            metric,
            app.service.name(),
            more
        )
    };
    let failing = MetricThreshold::new(
        of_service("request_count", " metric.label.response_code_class=\"5xx\""),
        Comparison::Greater,
        0.1,
        300,
    )
    .aggregation(Aggregation::new(60, Aligner::Rate).reducer(Reducer::Sum));
    let slow =
        MetricThreshold::new(of_service("request_latencies", ""), Comparison::Greater, 2000.0, 300)
            .aggregation(Aggregation::new(60, Aligner::Percentile95).reducer(Reducer::Max));
    [
        (name!("XAT: failing answers"), "5xx", failing, "Look at the newest revision first."),
        (name!("XAT: slow answers"), "p95 over 2 s", slow, "Look at the database's load first."),
    ]
}

/// A database that runs full.
fn of_database(stack: &Stack, data: &Data) -> [Alert; 2] {
    let of_database = |metric: &'static str| {
        text!(
            "metric.type=\"cloudsql.googleapis.com/database/{}\" resource.type=\"cloudsql_database\" resource.label.database_id=\"{}:{}\"",
            metric,
            stack.project_id(),
            data.instance.name()
        )
    };
    let full =
        MetricThreshold::new(of_database("disk/utilization"), Comparison::Greater, 0.85, 600)
            .aggregation(Aggregation::new(300, Aligner::Mean));
    let busy = MetricThreshold::new(
        of_database("postgresql/num_backends"),
        Comparison::Greater,
        f64::from(data.connections) * 0.8,
        300,
    )
    .aggregation(Aggregation::new(60, Aligner::Max).reducer(Reducer::Sum));
    [
        (name!("XAT: database full"), "disk over 85 %", full, "Raise the disk's limit."),
        (
            name!("XAT: connections"),
            "over 80 % of what it takes",
            busy,
            "Look for instances that do not stop.",
        ),
    ]
}

/// Dumps that fail.
fn of_dumps(dumps: &CloudRunBackups) -> Alert {
    let failed = text!(
        "metric.type=\"run.googleapis.com/job/completed_execution_count\" resource.type=\"cloud_run_job\" resource.label.job_name=\"{}\" metric.label.result=\"failed\"",
        dumps.job.name()
    );
    let failed = MetricThreshold::new(failed, Comparison::Greater, 0.0, 0)
        .aggregation(Aggregation::new(300, Aligner::Delta).reducer(Reducer::Sum));
    let runbook = "Its reason is in the job's log; backup/RUNBOOK.md says what to do.";
    (name!("XAT: dump failed"), "a run of the job failed", failed, runbook)
}
