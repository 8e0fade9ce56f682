//! Rules of autoscale settings: what is measured, and what is done when it passes a threshold.

use crate::dsl::AnyRef;
use crate::schema::Codec;
use crate::schema::codecs::INT_AS_TEXT;
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// A rule: what is measured, and what is done when it passes a threshold.
#[derive(Clone, Block)]
pub struct ScaleRule {
    /// The metric (`CpuPercentage`).
    #[prop(arm = "metricTrigger.metricName", tf = "metric_trigger.metric_name", danger = Cost)]
    metric: Text,
    /// Whose metric it is.
    #[prop(arm = "metricTrigger.metricResourceUri", tf = "metric_trigger.metric_resource_id", danger = Cost)]
    resource: AnyRef,
    /// How the metric stands to the threshold.
    #[prop(arm = "metricTrigger.operator", tf = "metric_trigger.operator", danger = Cost)]
    operator: ScaleOperator,
    /// The threshold, in the metric's own unit.
    #[prop(arm = "metricTrigger.threshold", tf = "metric_trigger.threshold", danger = Cost)]
    threshold: f64,
    /// The metric's namespace, where it has more than one.
    #[prop(arm = "metricTrigger.metricNamespace", tf = "metric_trigger.metric_namespace", service = Text::from(""))]
    metric_namespace: Option<Text>,
    /// How often it is measured.
    #[prop(arm = "metricTrigger.timeGrain", tf = "metric_trigger.time_grain", codec = MINUTES, tf_codec = MINUTES,
        label = "grain", unit = "minutes", default = 1)]
    grain_minutes: u16,
    /// How the machines' measurements become one.
    #[prop(arm = "metricTrigger.statistic", tf = "metric_trigger.statistic", default = ScaleStatistic::Average)]
    statistic: ScaleStatistic,
    /// How far back it is looked: 5 minutes to 12 hours.
    #[prop(arm = "metricTrigger.timeWindow", tf = "metric_trigger.time_window", codec = MINUTES,
        tf_codec = MINUTES, label = "window", unit = "minutes", default = 10)]
    window_minutes: u16,
    /// How the measurements of that time become one.
    #[prop(arm = "metricTrigger.timeAggregation", tf = "metric_trigger.time_aggregation",
        default = TimeAggregation::Average)]
    aggregation: TimeAggregation,
    /// Whether the metric is divided by the number of machines.
    #[prop(
        arm = "metricTrigger.dividePerInstance",
        tf = "metric_trigger.divide_by_instance_count",
        service = false
    )]
    per_instance: Option<bool>,
    /// For which values of the metric's dimensions it holds.
    #[prop(arm = "metricTrigger.dimensions", tf = "metric_trigger.dimensions", each = "dimension")]
    dimensions: Option<Vec<ScaleDimension>>,
    /// Whether machines are added or removed.
    #[prop(arm = "scaleAction.direction", tf = "scale_action.direction", default = ScaleDirection::Increase,
        danger = Cost)]
    direction: ScaleDirection,
    /// What the step counts.
    #[prop(arm = "scaleAction.type", tf = "scale_action.type", label = "kind of step",
        default = ScaleKind::ChangeCount, danger = Cost)]
    kind: ScaleKind,
    /// How large the step is.
    #[prop(arm = "scaleAction.value", tf = "scale_action.value", codec = INT_AS_TEXT, default = 1, danger = Cost)]
    value: u16,
    /// How long nothing else is done after it: 1 minute to a week.
    #[prop(arm = "scaleAction.cooldown", tf = "scale_action.cooldown", codec = MINUTES, tf_codec = MINUTES,
        label = "cooldown", unit = "minutes", default = 5)]
    cooldown_minutes: u16,
}

impl ScaleRule {
    /// Does something when the average of a metric is above a threshold.
    #[must_use]
    pub fn above(
        metric: impl Into<Text>,
        resource: impl Into<AnyRef>,
        threshold: f64,
        step: ScaleStep,
    ) -> Self {
        Self::new(metric, resource, ScaleOperator::GreaterThan, threshold).step(step)
    }

    /// Does something when the average of a metric is below a threshold.
    #[must_use]
    pub fn below(
        metric: impl Into<Text>,
        resource: impl Into<AnyRef>,
        threshold: f64,
        step: ScaleStep,
    ) -> Self {
        Self::new(metric, resource, ScaleOperator::LessThan, threshold).step(step)
    }

    /// What is done.
    #[must_use]
    pub fn step(self, step: ScaleStep) -> Self {
        Self { direction: step.direction, kind: step.kind, value: step.value, ..self }
    }
}

/// A step of a scaling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScaleStep {
    direction: ScaleDirection,
    kind: ScaleKind,
    value: u16,
}

impl ScaleStep {
    /// So many machines more.
    pub const fn add(machines: u16) -> Self {
        Self { direction: ScaleDirection::Increase, kind: ScaleKind::ChangeCount, value: machines }
    }

    /// So many machines fewer.
    pub const fn remove(machines: u16) -> Self {
        Self { direction: ScaleDirection::Decrease, kind: ScaleKind::ChangeCount, value: machines }
    }

    /// More machines, by per cent.
    pub const fn add_percent(percent: u16) -> Self {
        let direction = ScaleDirection::Increase;
        Self { direction, kind: ScaleKind::PercentChangeCount, value: percent }
    }

    /// Fewer machines, by per cent.
    pub const fn remove_percent(percent: u16) -> Self {
        let direction = ScaleDirection::Decrease;
        Self { direction, kind: ScaleKind::PercentChangeCount, value: percent }
    }

    /// Just so many machines.
    pub const fn to(machines: u16) -> Self {
        Self { direction: ScaleDirection::None, kind: ScaleKind::ExactCount, value: machines }
    }
}

/// How a metric stands to its threshold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ScaleOperator {
    /// It is it.
    Equals,
    /// It is another.
    NotEquals,
    /// It is more.
    GreaterThan,
    /// It is not less.
    GreaterThanOrEqual,
    /// It is less.
    LessThan,
    /// It is not more.
    LessThanOrEqual,
}

/// How the measurements of several machines become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ScaleStatistic {
    /// Their average.
    Average,
    /// The smallest.
    Min,
    /// The greatest.
    Max,
    /// Their sum.
    Sum,
    /// How many there are.
    Count,
}

/// How the measurements of some time become one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum TimeAggregation {
    /// Their average.
    Average,
    /// The smallest.
    Minimum,
    /// The greatest.
    Maximum,
    /// Their sum.
    Total,
    /// How many there are.
    Count,
    /// The last.
    Last,
}

/// Whether machines are added or removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ScaleDirection {
    /// As the number says.
    None,
    /// Added.
    Increase,
    /// Removed.
    Decrease,
}

/// What a step of a scaling counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ScaleKind {
    /// Machines more or fewer.
    ChangeCount,
    /// Per cent more or fewer.
    PercentChangeCount,
    /// Machines in all.
    ExactCount,
    /// As the service allows next.
    ServiceAllowedNextValue,
}

/// The values of a metric's dimension for which a rule holds.
#[derive(Clone, Block)]
pub struct ScaleDimension {
    /// The dimension.
    #[prop(arm = "DimensionName", tf = "name")]
    name: Text,
    /// Whether it is one of the values or none of them.
    #[prop(arm = "Operator", tf = "operator", default = ScaleDimensionOperator::Equals)]
    operator: ScaleDimensionOperator,
    /// The values.
    #[prop(arm = "Values", tf = "values", default = Vec::new(), each = "value")]
    values: Vec<Text>,
}

/// Whether a dimension has one of some values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ScaleDimensionOperator {
    /// It has.
    Equals,
    /// It has not.
    NotEquals,
}

/// Minutes, which the service writes as a duration (`PT1H30M`).
pub(super) static MINUTES: Codec = Codec {
    name: "duration",
    encode: |value| value.as_int().map_or(Value::Null, |n| Value::from(format!("PT{n}M"))),
    decode: |value| value.as_str().and_then(minutes).map(Value::Int),
};

/// `P1DT1H30M` in minutes; `None` for seconds and for what is no duration.
fn minutes(text: &str) -> Option<i64> {
    let rest = text.strip_prefix('P')?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    let (days, date) = leading(date, 'D')?;
    let (hours, time) = leading(time, 'H')?;
    let (minutes, time) = leading(time, 'M')?;
    let (seconds, time) = leading(time, 'S')?;
    let whole = date.is_empty() && time.is_empty() && seconds.unwrap_or(0) == 0;
    let said = days.or(hours).or(minutes).or(seconds).is_some();
    let total = days.unwrap_or(0) * 1440 + hours.unwrap_or(0) * 60 + minutes.unwrap_or(0);
    (whole && said).then_some(total)
}

/// The number in front of a unit, if it stands there, and what follows.
fn leading(text: &str, unit: char) -> Option<(Option<i64>, &str)> {
    match text.split_once(unit) {
        Some((number, rest)) => Some((Some(number.parse::<u16>().ok()?.into()), rest)),
        None => Some((None, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_minutes() {
        for (text, n) in [("PT5M", 5), ("PT1H", 60), ("PT1H30M", 90), ("P1D", 1440), ("PT0S", 0)] {
            assert_eq!(minutes(text), Some(n), "{text}");
        }
        for text in ["", "P", "PT", "5M", "PT5", "PT30S", "PTxM", "P1M"] {
            assert_eq!(minutes(text), None, "{text}");
        }
        let back = (MINUTES.decode)(&(MINUTES.encode)(&Value::Int(90)));
        assert_eq!(back.as_ref().and_then(Value::as_int), Some(90));
    }
}
