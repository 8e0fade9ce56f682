//! When an alert policy of Cloud Monitoring speaks.

use std::collections::BTreeMap;

use super::common::SECONDS;
use crate::gcp::{Aligner, Reducer};
use crate::value::Text;
use crate::{Block, Choice};

/// One condition: a metric over or under a value, a metric that is silent, a log, or a query of Prometheus.
#[derive(Clone, Block)]
pub struct AlertCondition {
    /// What people call it, unique in its policy.
    #[prop(rest = "displayName", tf = "display_name")]
    name: Text,
    /// A metric that is over or under a value.
    #[prop(rest = "conditionThreshold", tf = "condition_threshold")]
    threshold: Option<MetricThreshold>,
    /// A metric that is silent.
    #[prop(rest = "conditionAbsent", tf = "condition_absent")]
    absence: Option<MetricAbsence>,
    /// A log.
    #[prop(rest = "conditionMatchedLog", tf = "condition_matched_log")]
    log: Option<LogMatch>,
    /// A query of Prometheus.
    #[prop(
        rest = "conditionPrometheusQueryLanguage",
        tf = "condition_prometheus_query_language",
        no_setter
    )]
    prometheus: Option<PrometheusQuery>,
}

impl AlertCondition {
    /// A metric is over or under a value.
    #[must_use]
    pub fn over(name: impl Into<Text>, threshold: MetricThreshold) -> Self {
        Self { threshold: Some(threshold), ..Self::new(name) }
    }

    /// A metric is silent.
    #[must_use]
    pub fn silent(name: impl Into<Text>, absence: MetricAbsence) -> Self {
        Self { absence: Some(absence), ..Self::new(name) }
    }

    /// A log is written. The policy then says [`rate_limit_seconds`](crate::gcp::AlertPolicy::rate_limit_seconds).
    #[must_use]
    pub fn logged(name: impl Into<Text>, log: LogMatch) -> Self {
        Self { log: Some(log), ..Self::new(name) }
    }

    /// A query of Prometheus has an answer.
    #[must_use]
    pub fn asked(name: impl Into<Text>, query: PrometheusQuery) -> Self {
        Self { prometheus: Some(query), ..Self::new(name) }
    }
}

/// A metric that is over or under a value for a while.
#[derive(Clone, Block)]
pub struct MetricThreshold {
    /// Which metric of which resources, in the language of monitoring filters.
    #[prop(rest = "filter", tf = "filter")]
    filter: Text,
    /// How it is compared with the value.
    #[prop(rest = "comparison", tf = "comparison")]
    comparison: Comparison,
    /// The value.
    #[prop(rest = "thresholdValue", tf = "threshold_value", service = 0.0)]
    value: f64,
    /// For how long, in seconds: whole minutes, or 0 for at once.
    #[prop(rest = "duration", tf = "duration", codec = SECONDS, tf_codec = SECONDS, unit = "seconds")]
    seconds: u32,
    /// How points of time and series are made one.
    #[prop(rest = "aggregations", tf = "aggregations", each = "aggregation")]
    aggregations: Option<Vec<Aggregation>>,
    /// The metric that it is divided by.
    #[prop(rest = "denominatorFilter", tf = "denominator_filter")]
    denominator: Option<Text>,
    /// How points of time and series of that one are made one.
    #[prop(
        rest = "denominatorAggregations",
        tf = "denominator_aggregations",
        each = "denominator_aggregation"
    )]
    denominator_aggregations: Option<Vec<Aggregation>>,
    /// How many series must be so.
    #[prop(rest = "trigger.count", tf = "trigger.count")]
    trigger_count: Option<u32>,
    /// Which part of all series must be so, in per cent.
    #[prop(rest = "trigger.percent", tf = "trigger.percent")]
    trigger_percent: Option<f64>,
    /// What it means that there is nothing to compare.
    #[prop(rest = "evaluationMissingData", tf = "evaluation_missing_data")]
    missing_data: Option<MissingData>,
    /// How far ahead it is foreseen, in seconds: an hour to 2.5 days.
    #[prop(rest = "forecastOptions.forecastHorizon", tf = "forecast_options.forecast_horizon", codec = SECONDS,
        tf_codec = SECONDS, unit = "seconds")]
    forecast_seconds: Option<u32>,
}

/// A metric that is silent for a while.
#[derive(Clone, Block)]
pub struct MetricAbsence {
    /// Which metric of which resources, in the language of monitoring filters.
    #[prop(rest = "filter", tf = "filter")]
    filter: Text,
    /// For how long, in seconds: 2 minutes to 23.5 hours.
    #[prop(rest = "duration", tf = "duration", codec = SECONDS, tf_codec = SECONDS, unit = "seconds")]
    seconds: u32,
    /// How points of time and series are made one.
    #[prop(rest = "aggregations", tf = "aggregations", each = "aggregation")]
    aggregations: Option<Vec<Aggregation>>,
    /// How many series must be so.
    #[prop(rest = "trigger.count", tf = "trigger.count")]
    trigger_count: Option<u32>,
    /// Which part of all series must be so, in per cent.
    #[prop(rest = "trigger.percent", tf = "trigger.percent")]
    trigger_percent: Option<f64>,
}

/// A log that is written.
#[derive(Clone, Block)]
pub struct LogMatch {
    /// Which log, in the language of logging queries.
    #[prop(rest = "filter", tf = "filter")]
    filter: Text,
    /// What of it messages name: `EXTRACT(..)` or `REGEXP_EXTRACT(..)` by label.
    #[prop(rest = "labelExtractors", tf = "label_extractors", each = "label")]
    labels: Option<BTreeMap<String, Text>>,
}

/// A query of Prometheus that has an answer for a while.
#[derive(Clone, Block)]
pub struct PrometheusQuery {
    /// The query.
    #[prop(rest = "query", tf = "query")]
    query: Text,
    /// For how long, in seconds: whole minutes, or 0 for at once.
    #[prop(rest = "duration", tf = "duration", codec = SECONDS, tf_codec = SECONDS, service = 0u32, unit = "seconds")]
    seconds: Option<u32>,
    /// How often it is asked, in seconds: whole half-minutes.
    #[prop(rest = "evaluationInterval", tf = "evaluation_interval", codec = SECONDS, tf_codec = SECONDS, unit = "seconds")]
    interval_seconds: Option<u32>,
    /// Labels that messages have.
    #[prop(rest = "labels", tf = "labels", each = "label")]
    labels: Option<BTreeMap<String, Text>>,
}

/// How points of time and series are made one.
#[derive(Clone, Block)]
pub struct Aggregation {
    /// The span of time that is one point, in seconds: a minute or more.
    #[prop(rest = "alignmentPeriod", tf = "alignment_period", codec = SECONDS, tf_codec = SECONDS, unit = "seconds")]
    seconds: u32,
    /// What one series has in that span.
    #[prop(rest = "perSeriesAligner", tf = "per_series_aligner")]
    aligner: Aligner,
    /// What several series are together.
    #[prop(rest = "crossSeriesReducer", tf = "cross_series_reducer", service = Reducer::None)]
    reducer: Option<Reducer>,
    /// Series of which fields stay apart.
    #[prop(rest = "groupByFields", tf = "group_by_fields")]
    group_by: Option<Vec<Text>>,
}

/// How a metric is compared with a value.
#[derive(Clone, Copy, Choice)]
pub enum Comparison {
    /// It is greater.
    #[choice("COMPARISON_GT")]
    Greater,
    /// It is less.
    #[choice("COMPARISON_LT")]
    Less,
}

/// What it means that there is nothing to compare.
#[derive(Clone, Copy, Choice)]
pub enum MissingData {
    /// All is well.
    #[choice("EVALUATION_MISSING_DATA_INACTIVE")]
    Well,
    /// Nothing is well.
    #[choice("EVALUATION_MISSING_DATA_ACTIVE")]
    NotWell,
    /// What was before goes on.
    #[choice("EVALUATION_MISSING_DATA_NO_OP")]
    AsBefore,
}
