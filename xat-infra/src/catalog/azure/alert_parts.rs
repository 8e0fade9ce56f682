//! What alerts of every kind share: how bad it is, how often it is looked, who is told.

use std::collections::BTreeMap;

use crate::azure::ActionGroup;
use crate::dsl::Ref;
use crate::schema::{CheckContext, Kind, PropertyType, Saying, Variables};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice};

/// How bad it is that an alert fires.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AlertSeverity {
    /// 0: something is down.
    Critical,
    /// 1: something fails.
    Error,
    /// 2: something will fail.
    Warning,
    /// 3: worth knowing.
    Informational,
    /// 4: worth keeping.
    Verbose,
}

#[diagnostic::do_not_recommend]
impl PropertyType for AlertSeverity {
    const KIND: &'static Kind = &Kind::Int;
    fn into_value(self) -> Value {
        Value::Int(match self {
            Self::Critical => 0,
            Self::Error => 1,
            Self::Warning => 2,
            Self::Informational => 3,
            Self::Verbose => 4,
        })
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let words = ["Critical", "Error", "Warning", "Informational", "Verbose"];
        let word = words.get(usize::try_from(value.as_int()?).ok()?)?;
        Some(format!("AlertSeverity::{word}"))
    }
}

/// A length of time at which alerts look, or back over which they look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum AlertPeriod {
    /// One minute.
    #[choice("PT1M")]
    Minute,
    /// Five minutes.
    #[choice("PT5M")]
    FiveMinutes,
    /// Ten minutes.
    #[choice("PT10M")]
    TenMinutes,
    /// A quarter of an hour.
    #[choice("PT15M")]
    QuarterHour,
    /// Half an hour.
    #[choice("PT30M")]
    HalfHour,
    /// Three quarters of an hour.
    #[choice("PT45M")]
    ThreeQuarters,
    /// One hour.
    #[choice("PT1H")]
    Hour,
    /// Two hours.
    #[choice("PT2H")]
    TwoHours,
    /// Three hours.
    #[choice("PT3H")]
    ThreeHours,
    /// Four hours.
    #[choice("PT4H")]
    FourHours,
    /// Five hours.
    #[choice("PT5H")]
    FiveHours,
    /// Six hours.
    #[choice("PT6H")]
    SixHours,
    /// Twelve hours.
    #[choice("PT12H")]
    TwelveHours,
    /// One day.
    #[choice("P1D")]
    Day,
    /// Two days.
    #[choice("P2D")]
    TwoDays,
}

/// The minutes of a length of time as the service writes it (`PT5M`, `PT1H`, `P1D`).
pub(super) fn minutes(period: &str) -> Option<i64> {
    let (digits, each) = match period.strip_prefix("PT") {
        Some(time) => {
            (time.strip_suffix('M').map(|n| (n, 1)), time.strip_suffix('H').map(|n| (n, 60)))
        }
        None => {
            (None, period.strip_prefix('P').and_then(|n| n.strip_suffix('D')).map(|n| (n, 1440)))
        }
    };
    let (count, minutes) = digits.or(each)?;
    Some(count.parse::<i64>().ok()? * minutes)
}

/// Reports a period that the kind of alert does not have, and a look back over less than the time between looks.
pub(super) fn check_periods(
    check: &mut CheckContext<'_>,
    [frequency, window]: [&'static str; 2],
    [frequencies, windows]: [&[&str]; 2],
    source: &str,
) {
    let said = |property| check.get(property).and_then(Value::as_str);
    let (often, over) = (said(frequency), said(window));
    for (property, period, known) in [(frequency, often, frequencies), (window, over, windows)] {
        if let Some(period) = period.filter(|period| !known.contains(period)) {
            let what = format!("`{period}` is none of {}", known.join(", "));
            check.report(property, what, format!("the provider's reference: {source}"));
        }
    }
    if let (Some(often), Some(over)) = (often.and_then(minutes), over.and_then(minutes))
        && over < often
    {
        let what = format!("looking back over {over} minutes every {often} minutes leaves gaps");
        check.report(window, what, format!("look back over as long or longer: {source}"));
    }
}

/// Reports look backs of which more must be bad than are looked at, or of which there are more than six.
pub(super) fn check_failing(
    check: &mut CheckContext<'_>,
    property: &'static str,
    of: Option<i64>,
    least: Option<i64>,
    source: &str,
) {
    if let (Some(of), Some(least)) = (of, least)
        && !((1..=6).contains(&of) && (1..=of).contains(&least))
    {
        let what = "the periods that must fail are 1 to 6, and no more than are looked at";
        check.report(property, what, format!("the provider's reference: {source}"));
    }
}

/// Reports more action groups than an alert can have.
pub(super) fn check_actions(check: &mut CheckContext<'_>, property: &'static str) {
    let groups = check.get(property).and_then(count);
    check_action_groups(check, property, groups);
}

/// The same of a number of groups, which stand somewhere in a property.
pub(super) fn check_action_groups(
    check: &mut CheckContext<'_>,
    property: &'static str,
    groups: Option<usize>,
) {
    if let Some(groups) = groups.filter(|groups| *groups > 5) {
        check.report(
            property,
            format!("an alert takes 5 action groups, not {groups}"),
            "put receivers together into one group: \
             https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups",
        );
    }
}

/// The length of a list.
pub(super) fn count(value: &Value) -> Option<usize> {
    if let Value::List(items) = value { Some(items.len()) } else { None }
}

/// An action group that an alert tells.
#[derive(Clone, Block)]
pub struct AlertAction {
    /// The action group.
    #[prop(arm = "actionGroupId", tf = "action_group_id")]
    group: Ref<ActionGroup>,
    /// What its web hooks are told beside the alert itself.
    #[prop(arm = "webHookProperties", tf = "webhook_properties", each = "property")]
    properties: Option<BTreeMap<String, Text>>,
}

#[diagnostic::do_not_recommend]
impl<T: Into<Ref<ActionGroup>>> From<T> for AlertAction {
    fn from(group: T) -> Self {
        Self::new(group)
    }
}

/// A property of measurements by which they are told apart, and which of its values count.
#[derive(Clone, Block)]
#[block(private_new, import = say_dimension)]
pub struct AlertDimension {
    /// The dimension's name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// Whether the values are those that count or those that do not.
    #[prop(arm = "operator", tf = "operator")]
    operator: DimensionOperator,
    /// The values; `*` is every value, each watched by itself.
    #[prop(arm = "values", tf = "values")]
    values: Vec<Text>,
}

impl AlertDimension {
    /// Only these values count; `*` is every value, each watched by itself.
    #[must_use]
    pub fn only<T: Into<Text>>(name: impl Into<Text>, values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<Text> = values.into_iter().map(Into::into).collect();
        Self::new(name, DimensionOperator::Include, values)
    }

    /// All values count but these.
    #[must_use]
    pub fn without<T: Into<Text>>(
        name: impl Into<Text>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values: Vec<Text> = values.into_iter().map(Into::into).collect();
        Self::new(name, DimensionOperator::Exclude, values)
    }
}

fn say_dimension(dimension: &mut Saying<'_>) {
    let constructor = match dimension.text("operator").map(str::to_ascii_lowercase).as_deref() {
        Some("include") => "AlertDimension::only",
        Some("exclude") => "AlertDimension::without",
        _ => return,
    };
    // An empty list would be one of nobody knows what.
    if dimension.each("values").is_some_and(|values| !values.is_empty()) {
        dimension.construct(constructor, &["name", "values"]);
        dimension.settle(&["operator"]);
    }
}

/// Whether values of a dimension count or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DimensionOperator {
    /// They count.
    Include,
    /// They do not.
    Exclude,
}

/// An object with one key renamed.
pub(super) fn renamed(value: &Value, from: &str, to: &'static str) -> Value {
    match value {
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, value)| {
                    let key = if key == from { to.to_owned() } else { key.to_owned() };
                    (key, value.clone())
                })
                .collect::<Entries>(),
        ),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn periods_have_a_length() {
        for (period, length) in [("PT1M", 1), ("PT45M", 45), ("PT6H", 360), ("P2D", 2880)] {
            assert_eq!(minutes(period), Some(length), "{period}");
        }
        assert_eq!(minutes("weekly"), None);
    }
}
