//! What metric alerts look for: bounds that are given, bounds that are learned, availability tests.

use crate::azure::alert_parts::renamed;
use crate::azure::{AlertDimension, ApplicationInsights, WebTest};
use crate::dsl::Ref;
use crate::schema::{Codec, canons};
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// What a metric alert looks for.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct MetricCriteria {
    /// Which kind of thing it looks for.
    #[prop(arm = "kind", marker)]
    kind: CriteriaKind,
    /// Bounds of measurements, all of which must be left.
    #[prop(arm = "allOf", tf = "all", key = "name", no_setter)]
    all: Option<Vec<MetricCriterion>>,
    /// The availability test that fails.
    #[prop(arm = "webTestId", tf = "web_test_id", no_setter)]
    web_test: Option<Ref<WebTest>>,
    /// The Application Insights resource that has the test's results.
    #[prop(arm = "componentId", tf = "component_id", no_setter)]
    insights: Option<Ref<ApplicationInsights>>,
    /// From how many places the test fails.
    #[prop(arm = "failedLocationCount", tf = "failed_location_count", no_setter)]
    failed_places: Option<u8>,
}

impl MetricCriteria {
    /// Bounds of one measurement.
    pub(super) fn metrics(criterion: MetricCriterion) -> Self {
        // Bounds that are learned exist only in the kind for several resources.
        let kind = match criterion.kind {
            CriterionKind::Static => CriteriaKind::OfOne,
            CriterionKind::Dynamic => CriteriaKind::OfMany,
        };
        Self::new(kind).and(criterion)
    }

    /// The same for several resources.
    pub(super) fn of_many(self) -> Self {
        Self { kind: CriteriaKind::OfMany, ..self }
    }

    /// An availability test that fails from so many places.
    pub(super) fn availability(
        test: Ref<WebTest>,
        insights: Ref<ApplicationInsights>,
        failed_places: u8,
    ) -> Self {
        Self {
            web_test: Some(test),
            insights: Some(insights),
            failed_places: Some(failed_places),
            ..Self::new(CriteriaKind::Availability)
        }
    }

    /// With bounds of one more measurement.
    pub(super) fn and(mut self, mut criterion: MetricCriterion) -> Self {
        let all = self.all.get_or_insert_default();
        // The names that the portal and Terraform give: whoever made the alert, they are the same.
        if criterion.name.literal() == Some("") {
            criterion.name = format!("Metric{}", all.len() + 1).into();
        }
        all.push(criterion);
        self
    }
}

/// Which kind of thing a metric alert looks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum CriteriaKind {
    /// Measurements of one resource.
    #[choice("Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria")]
    OfOne,
    /// Measurements of several resources, or bounds that are learned.
    #[choice("Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria")]
    OfMany,
    /// An availability test.
    #[choice("Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria")]
    Availability,
}

/// Bounds of a measurement.
#[derive(Clone, Block)]
#[block(private_new, import = crate::azure::metric_alert_import::say_criterion)]
pub struct MetricCriterion {
    /// The bounds' name, unique in the alert.
    #[prop(arm = "name")]
    name: Text,
    /// Whether the bounds are given or learned.
    #[prop(arm = "criterionType", marker)]
    kind: CriterionKind,
    /// What is measured, in the service's own words (`Http5xx`).
    #[prop(arm = "metricName", tf = "metric_name")]
    metric: Text,
    /// Where the measurement comes from: mostly the REST type of what is watched.
    #[prop(arm = "metricNamespace", tf = "metric_namespace", canon = canons::CASE)]
    namespace: Option<Text>,
    /// How measurements over the look back become one number.
    #[prop(arm = "timeAggregation", tf = "aggregation")]
    aggregation: MetricAggregation,
    /// On which side of the bound it is bad.
    #[prop(arm = "operator", tf = "operator")]
    operator: MetricOperator,
    /// The bound, where it is given.
    #[prop(arm = "threshold", tf = "threshold", no_setter)]
    threshold: Option<f64>,
    /// How soon a value is unusual, where the bounds are learned.
    #[prop(arm = "alertSensitivity", tf = "alert_sensitivity", no_setter)]
    sensitivity: Option<AlertSensitivity>,
    /// How many look backs are looked at, where the bounds are learned.
    #[prop(
        arm = "failingPeriods.numberOfEvaluationPeriods",
        tf = "evaluation_total_count",
        no_setter
    )]
    periods: Option<u8>,
    /// How many of these must be out of bounds.
    #[prop(
        arm = "failingPeriods.minFailingPeriodsToAlert",
        tf = "evaluation_failure_count",
        no_setter
    )]
    failing_periods: Option<u8>,
    /// The moment from which on measurements teach the bounds, in UTC.
    #[prop(arm = "ignoreDataBefore", tf = "ignore_data_before", canon = canons::DATE)]
    ignore_before: Option<Text>,
    /// Which of the measurements count, by their dimensions.
    #[prop(arm = "dimensions", tf = "dimension", key = "name", each = "dimension")]
    dimensions: Option<Vec<AlertDimension>>,
    /// Whether the alert may be made before the measurement exists.
    #[prop(arm = "skipMetricValidation", tf = "skip_metric_validation", service = false)]
    skip_validation: Option<bool>,
}

impl MetricCriterion {
    /// More than `bound` is bad.
    #[must_use]
    pub fn above(
        namespace: impl Into<Text>,
        metric: impl Into<Text>,
        aggregation: MetricAggregation,
        bound: f64,
    ) -> Self {
        Self::given(namespace, metric, aggregation, MetricOperator::GreaterThan, bound)
    }

    /// `bound` or more is bad.
    #[must_use]
    pub fn at_least(
        namespace: impl Into<Text>,
        metric: impl Into<Text>,
        aggregation: MetricAggregation,
        bound: f64,
    ) -> Self {
        Self::given(namespace, metric, aggregation, MetricOperator::GreaterThanOrEqual, bound)
    }

    /// Less than `bound` is bad.
    #[must_use]
    pub fn below(
        namespace: impl Into<Text>,
        metric: impl Into<Text>,
        aggregation: MetricAggregation,
        bound: f64,
    ) -> Self {
        Self::given(namespace, metric, aggregation, MetricOperator::LessThan, bound)
    }

    /// `bound` or less is bad.
    #[must_use]
    pub fn at_most(
        namespace: impl Into<Text>,
        metric: impl Into<Text>,
        aggregation: MetricAggregation,
        bound: f64,
    ) -> Self {
        Self::given(namespace, metric, aggregation, MetricOperator::LessThanOrEqual, bound)
    }

    /// Exactly `bound` is bad.
    #[must_use]
    pub fn equal(
        namespace: impl Into<Text>,
        metric: impl Into<Text>,
        aggregation: MetricAggregation,
        bound: f64,
    ) -> Self {
        Self::given(namespace, metric, aggregation, MetricOperator::Equals, bound)
    }

    fn given(
        namespace: impl Into<Text>,
        metric: impl Into<Text>,
        aggregation: MetricAggregation,
        operator: MetricOperator,
        bound: f64,
    ) -> Self {
        let kind = CriterionKind::Static;
        let new = Self::new("", kind, metric, aggregation, operator);
        Self { namespace: Some(namespace.into()), threshold: Some(bound), ..new }
    }

    /// What is unusual, above or below, is bad: the service learns what is usual.
    #[must_use]
    pub fn unusual(
        namespace: impl Into<Text>,
        metric: impl Into<Text>,
        aggregation: MetricAggregation,
        sensitivity: AlertSensitivity,
    ) -> Self {
        let (kind, operator) = (CriterionKind::Dynamic, MetricOperator::GreaterOrLessThan);
        let new = Self::new("", kind, metric, aggregation, operator);
        Self { namespace: Some(namespace.into()), sensitivity: Some(sensitivity), ..new }
            .failing(4, 4)
    }

    /// Where the bounds are learned: only what is unusually much is bad.
    #[must_use]
    pub fn only_above(self) -> Self {
        self.on_one_side(MetricOperator::GreaterThan)
    }

    /// Where the bounds are learned: only what is unusually little is bad.
    #[must_use]
    pub fn only_below(self) -> Self {
        self.on_one_side(MetricOperator::LessThan)
    }

    fn on_one_side(mut self, side: MetricOperator) -> Self {
        if self.kind == CriterionKind::Dynamic {
            self.operator = side;
        }
        self
    }

    /// Calls the bounds so, where an alert that is there already does; `Metric1` and so on, unless said.
    #[must_use]
    pub fn named(mut self, name: impl Into<Text>) -> Self {
        self.name = name.into();
        self
    }

    /// Where the bounds are learned: fires when so many of so many look backs (1 to 6) are unusual; 4 of 4, unless said.
    #[must_use]
    pub fn failing(mut self, at_least: u8, of: u8) -> Self {
        (self.failing_periods, self.periods) = (Some(at_least), Some(of));
        self
    }
}

/// Whether bounds are given or learned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum CriterionKind {
    /// Given.
    #[choice("StaticThresholdCriterion")]
    Static,
    /// Learned from what was usual.
    #[choice("DynamicThresholdCriterion")]
    Dynamic,
}

/// How measurements become one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum MetricAggregation {
    /// Their mean.
    Average,
    /// How many there are.
    Count,
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
    /// Their sum.
    Total,
}

/// On which side of a bound it is bad.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum MetricOperator {
    /// On it.
    Equals,
    /// Above it.
    GreaterThan,
    /// On it or above.
    GreaterThanOrEqual,
    /// Below it.
    LessThan,
    /// On it or below.
    LessThanOrEqual,
    /// On either side, where bounds are learned.
    GreaterOrLessThan,
}

/// How soon a value is unusual.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum AlertSensitivity {
    /// Late: few alerts.
    Low,
    /// In between.
    Medium,
    /// Soon: many alerts.
    High,
}

/// The key by which ARM tells kinds of criteria apart has a full stop in it.
pub(super) static ODATA_TYPE: Codec = Codec {
    name: "object with odata.type",
    encode: |value| renamed(value, "kind", "odata.type"),
    decode: |value| matches!(value, Value::Map(_)).then(|| renamed(value, "odata.type", "kind")),
};

const GIVEN: &str = "criteria";
const LEARNED: &str = "dynamic_criteria";
const AVAILABILITY: &str = "application_insights_web_test_location_availability_criteria";

/// Terraform has a block for each kind of criteria.
pub(super) static BY_KIND: Codec = Codec {
    name: "criteria, dynamic_criteria or application_insights_web_test_location_availability_criteria",
    encode: |value| match value.at(&["all"]) {
        Some(Value::List(all)) => {
            let learned = |one: &&Value| one.at(&["alert_sensitivity"]).is_some();
            let (learned, given): (Vec<&Value>, Vec<&Value>) = all.iter().partition(learned);
            let block = |key: &'static str, blocks: Vec<&Value>| {
                let blocks: Vec<Value> = blocks.into_iter().cloned().collect();
                (!blocks.is_empty()).then_some((key, Value::List(blocks)))
            };
            Value::map([block(GIVEN, given), block(LEARNED, learned)].into_iter().flatten())
        }
        _ => Value::map([(AVAILABILITY, value.clone())]),
    },
    decode: |value| {
        let blocks = |key| match value.at(&[key]) {
            Some(Value::List(blocks)) => blocks.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        let all = [blocks(GIVEN), blocks(LEARNED)].concat();
        if all.is_empty() {
            blocks(AVAILABILITY).into_iter().next()
        } else {
            Some(Value::map([("all", Value::List(all))]))
        }
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terraform_has_a_block_for_each_kind() {
        let given = Value::map([("metric_name", "a"), ("threshold", "1")]);
        let learned = Value::map([("metric_name", "b"), ("alert_sensitivity", "Low")]);
        let all = Value::map([("all", Value::List(vec![given, learned]))]);
        let sent = (BY_KIND.encode)(&all);
        let metric = |of: &Value, key, at| {
            of.at(&[key, at, "metric_name"]).and_then(Value::as_str).map(str::to_owned)
        };
        assert_eq!(metric(&sent, GIVEN, "0").as_deref(), Some("a"));
        assert_eq!(metric(&sent, LEARNED, "0").as_deref(), Some("b"));
        let back = (BY_KIND.decode)(&sent).expect("criteria");
        assert_eq!(metric(&back, "all", "1").as_deref(), Some("b"));
        let test = Value::map([("web_test_id", "x")]);
        let sent = (BY_KIND.encode)(&test);
        assert!(sent.at(&[AVAILABILITY, "web_test_id"]).is_some() && sent.at(&[GIVEN]).is_none());
        assert!((BY_KIND.decode)(&sent).is_some_and(|back| back.at(&["web_test_id"]).is_some()));
    }

    #[test]
    fn arm_tells_kinds_apart_by_a_key_with_a_full_stop() {
        let sent = (ODATA_TYPE.encode)(&Value::map([("kind", "x"), ("allOf", "y")]));
        assert!(matches!(&sent, Value::Map(map) if map.get("odata.type").is_some()));
        let back = (ODATA_TYPE.decode)(&sent).expect("an object");
        assert_eq!(back.at(&["kind"]).and_then(Value::as_str), Some("x"));
    }
}
