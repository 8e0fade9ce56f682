//! Alert policies of Cloud Monitoring.

use std::collections::BTreeMap;

use super::alert_limits::limits;
use super::common::{SECONDS, labels};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{
    Aggregation, AlertCondition, Aligner, Comparison, LogMatch, MetricAbsence, MetricThreshold,
    NotificationChannel, PROVIDER, Reducer,
};
use crate::schema::Set;
use crate::value::{NodeRef, Text};
use crate::{Block, Choice, Resource, name};

/// Tells people when a metric or a log is not as it should be.
///
/// The service numbers its policies: a stack finds one by its name, which people read, until the state knows its number. From then
/// on another name is a change like any other; in a stack, `.was(..)` says what it was called.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "monitoring.googleapis.com/AlertPolicy@v3",
    id = "//monitoring.googleapis.com/projects/{gcp.project}/alertPolicies/{name}",
    found_by = "name",
    terraform = "google_monitoring_alert_policy",
    tf_import = "{path}",
    scope = Root,
    check = limits,
    check = labels,
    source = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies"
)]
#[output(path: Text, rest = "name", tf = "name",
    doc = "Its name with its number, `projects/P/alertPolicies/N`.")]
pub struct AlertPolicy {
    /// What people call it, unique in its project.
    #[name(
        len = 1..=512, chars = alphanumeric, and = " -_.,:;()[]%<>=+&'", start = Any, end = Any,
        source = "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#AlertPolicy"
    )]
    #[prop(rest = "displayName", tf = "display_name", danger = Cosmetic)]
    name: Name<Self>,
    /// Whether one condition is enough or all must hold.
    #[prop(rest = "combiner", tf = "combiner", default = Combiner::Or, danger = Cosmetic)]
    combiner: Combiner,
    /// When it speaks: up to 6 conditions.
    #[prop(rest = "conditions", tf = "conditions", key = "name", each = "condition", danger = Cosmetic)]
    conditions: Option<Vec<AlertCondition>>,
    /// Whom it tells: up to 16 channels.
    #[prop(rest = "notificationChannels", tf = "notification_channels", via = "path", each = "channel", danger = Cosmetic)]
    channels: Option<Set<Ref<NotificationChannel>>>,
    /// How bad it is.
    #[prop(rest = "severity", tf = "severity", danger = Cosmetic)]
    severity: Option<AlertSeverity>,
    /// What to do, in Markdown.
    #[prop(rest = "documentation.content", tf = "documentation.content", danger = Cosmetic)]
    documentation: Option<Text>,
    /// The form of that text.
    #[prop(rest = "documentation.mimeType", tf = "documentation.mime_type", danger = Cosmetic)]
    documentation_type: Option<Text>,
    /// The subject of its messages, at most 255 letters.
    #[prop(rest = "documentation.subject", tf = "documentation.subject", danger = Cosmetic)]
    subject: Option<Text>,
    /// Where to read on: up to 3 links.
    #[prop(rest = "documentation.links", tf = "documentation.links", each = "link", danger = Cosmetic)]
    links: Option<Vec<AlertLink>>,
    /// After how long without news an incident closes, in seconds: half an hour to 7 days.
    #[prop(rest = "alertStrategy.autoClose", tf = "alert_strategy.auto_close", codec = SECONDS, tf_codec = SECONDS,
        unit = "seconds", danger = Cosmetic)]
    auto_close_seconds: Option<u32>,
    /// For logs: the least time between two messages, in seconds.
    #[prop(rest = "alertStrategy.notificationRateLimit.period", tf = "alert_strategy.notification_rate_limit.period",
        codec = SECONDS, tf_codec = SECONDS, unit = "seconds", danger = Cosmetic)]
    rate_limit_seconds: Option<u32>,
    /// When messages are sent; when an incident opens and when it closes, unless said.
    #[prop(rest = "alertStrategy.notificationPrompts", tf = "alert_strategy.notification_prompts", danger = Cosmetic)]
    prompts: Option<Set<AlertPrompt>>,
    /// Whether it speaks at all.
    #[prop(rest = "enabled", tf = "enabled", service = true, danger = Cosmetic)]
    enabled: Option<bool>,
    /// Labels for people and for messages.
    #[prop(rest = "userLabels", tf = "user_labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// How conditions are taken together.
#[derive(Clone, Copy, Choice)]
pub enum Combiner {
    /// One is enough.
    #[choice("OR")]
    Or,
    /// All must hold, of whatever resources.
    #[choice("AND")]
    And,
    /// All must hold of one resource.
    #[choice("AND_WITH_MATCHING_RESOURCE")]
    AndOfOneResource,
}

/// How bad it is.
#[derive(Clone, Copy, Choice)]
pub enum AlertSeverity {
    /// Somebody must act now.
    #[choice("CRITICAL")]
    Critical,
    /// Somebody must act.
    #[choice("ERROR")]
    Error,
    /// Somebody should look.
    #[choice("WARNING")]
    Warning,
}

/// When messages are sent.
#[derive(Clone, Copy, Choice)]
pub enum AlertPrompt {
    /// When an incident opens.
    #[choice("OPENED")]
    Opened,
    /// When it closes.
    #[choice("CLOSED")]
    Closed,
}

/// A link in messages.
#[derive(Clone, Block)]
pub struct AlertLink {
    /// What people read.
    #[prop(rest = "displayName", tf = "display_name")]
    name: Text,
    /// Where it leads.
    #[prop(rest = "url", tf = "url")]
    url: Text,
}

impl AlertPolicy {
    /// What to do, in Markdown; messages have it in them.
    #[track_caller]
    #[must_use]
    pub fn runbook(mut self, markdown: impl Into<Text>) -> Self {
        self.documentation_type = Some("text/markdown".into());
        self.documentation(markdown)
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let people = stack.add(NotificationChannel::email(name!("On call"), "on-call@example.com"));
    let latency = MetricThreshold::new(
        "metric.type=\"run.googleapis.com/request_latencies\" resource.type=\"cloud_run_revision\"",
        Comparison::Greater,
        2000.0,
        300,
    )
    .aggregation(
        Aggregation::new(60, Aligner::Percentile99)
            .reducer(Reducer::Max)
            .group_by(["resource.label.service_name"]),
    )
    .trigger_count(1);
    let silence = MetricAbsence::new(
        "metric.type=\"run.googleapis.com/request_count\" resource.type=\"cloud_run_revision\"",
        3600,
    )
    .aggregation(Aggregation::new(300, Aligner::Rate))
    .trigger_percent(100.0);
    let log = LogMatch::new("severity>=ERROR resource.type=\"cloud_run_revision\"")
        .label("service", "EXTRACT(resource.labels.service_name)");
    let policy = AlertPolicy::new(name!("Shop: slow, silent or failing"))
        .condition(AlertCondition::over("Slow", latency))
        .condition(AlertCondition::silent("Silent", silence))
        .condition(AlertCondition::logged("Failing", log))
        .channel(people)
        .severity(AlertSeverity::Error)
        .runbook("Look at the newest revision first.")
        .subject("The shop is not well")
        .link(AlertLink::new("Runbook", "https://wiki.example.com/shop"))
        .auto_close_seconds(86_400)
        .rate_limit_seconds(300)
        .prompts([AlertPrompt::Opened, AlertPrompt::Closed])
        .enabled(true)
        .label("owner", "platform");
    stack.add(policy).node()
}
