//! What log search alerts ask, and who is told of a bad answer.

use std::collections::BTreeMap;

use crate::azure::alert_parts::renamed;
use crate::azure::{ActionGroup, AlertDimension, MetricAggregation};
use crate::dsl::Ref;
use crate::schema::{Codec, Saying, Set};
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// A question to logs, and which answer is bad.
#[derive(Clone, Block)]
#[block(private_new, import = say_criterion)]
pub struct LogCriterion {
    /// The question, in the Kusto query language.
    #[prop(arm = "query", tf = "query")]
    query: Text,
    /// How the rows of the answer become one number.
    #[prop(arm = "timeAggregation", tf = "time_aggregation_method")]
    aggregation: MetricAggregation,
    /// On which side of the bound it is bad.
    #[prop(arm = "operator", tf = "operator")]
    operator: LogOperator,
    /// The bound.
    #[prop(arm = "threshold", tf = "threshold")]
    threshold: f64,
    /// The column whose numbers count; the rows themselves, unless said.
    #[prop(arm = "metricMeasureColumn", tf = "metric_measure_column", label = "column", no_setter)]
    column: Option<Text>,
    /// The column that names the resource, where each is watched by itself.
    #[prop(arm = "resourceIdColumn", tf = "resource_id_column")]
    resource_column: Option<Text>,
    /// Which rows count, by columns of theirs.
    #[prop(arm = "dimensions", tf = "dimension", key = "name", each = "dimension")]
    dimensions: Option<Vec<AlertDimension>>,
    /// How many look backs are looked at: 1 to 6.
    #[prop(
        arm = "failingPeriods.numberOfEvaluationPeriods",
        tf = "failing_periods.number_of_evaluation_periods",
        default = 1
    )]
    periods: u8,
    /// How many of these must be bad.
    #[prop(
        arm = "failingPeriods.minFailingPeriodsToAlert",
        tf = "failing_periods.minimum_failing_periods_to_trigger_alert",
        default = 1
    )]
    failing_periods: u8,
}

impl LogCriterion {
    /// The number of rows is on the bad side of a bound.
    #[must_use]
    pub fn rows(query: impl Into<Text>, operator: LogOperator, bound: f64) -> Self {
        Self::new(query, MetricAggregation::Count, operator, bound)
    }

    /// The numbers of a column, made one, are on the bad side of a bound.
    #[must_use]
    pub fn column(
        query: impl Into<Text>,
        column: impl Into<Text>,
        aggregation: MetricAggregation,
        operator: LogOperator,
        bound: f64,
    ) -> Self {
        Self { column: Some(column.into()), ..Self::new(query, aggregation, operator, bound) }
    }
}

fn say_criterion(criterion: &mut Saying<'_>) {
    if criterion.get("column").is_some() {
        let arguments = ["query", "column", "aggregation", "operator", "threshold"];
        criterion.construct("LogCriterion::column", &arguments);
    } else if criterion.reads("aggregation", "Count") {
        criterion.construct("LogCriterion::rows", &["query", "operator", "threshold"]);
        criterion.settle(&["aggregation"]);
    }
}

/// On which side of a bound an answer is bad.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum LogOperator {
    /// On it.
    Equal,
    /// Above it.
    GreaterThan,
    /// On it or above.
    GreaterThanOrEqual,
    /// Below it.
    LessThan,
    /// On it or below.
    LessThanOrEqual,
}

/// Who is told when a log search alert fires.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct LogAlertActions {
    /// The action groups.
    #[prop(arm = "actionGroups", tf = "action_groups", each = "group")]
    groups: Option<Set<Ref<ActionGroup>>>,
    /// What web hooks are told beside the alert itself.
    #[prop(arm = "customProperties", tf = "custom_properties", each = "custom_property")]
    custom_properties: Option<BTreeMap<String, Text>>,
    /// What e-mails have for a subject.
    #[prop(arm = "actionProperties.emailSubject", tf = "email_subject")]
    email_subject: Option<Text>,
}

/// The key of the subject has a full stop in it.
pub(super) static EMAIL_SUBJECT: Codec = Codec {
    name: "object with Email.Subject",
    encode: |value| within(value, "emailSubject", "Email.Subject"),
    decode: |value| {
        matches!(value, Value::Map(_)).then(|| within(value, "Email.Subject", "emailSubject"))
    },
};

fn within(value: &Value, from: &str, to: &'static str) -> Value {
    let mut out = value.clone();
    if let Value::Map(entries) = &mut out {
        for (_, value) in entries.iter_mut().filter(|(key, _)| *key == "actionProperties") {
            *value = renamed(value, from, to);
        }
    }
    out
}
