//! What a budget says: how much, over which time, of what, and who is told.

use crate::azure::ActionGroup;
use crate::dsl::Ref;
use crate::schema::{CheckContext, Codec, Saying, Set, canons};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice};

/// How much something may cost, and who is told when it does.
#[derive(Clone, Block)]
pub struct BudgetTerms {
    /// The amount, in the currency of the bill.
    #[prop(arm = "amount", tf = "amount")]
    amount: f64,
    /// The first of a month from which on costs count, in UTC (`2027-01-01T00:00:00Z`).
    #[prop(arm = "timePeriod.startDate", tf = "time_period.start_date", canon = canons::DATE, replace)]
    from: Text,
    /// The moment at which the budget ends, in UTC; ten years later, unless said.
    #[prop(arm = "timePeriod.endDate", tf = "time_period.end_date", canon = canons::DATE)]
    until: Option<Text>,
    /// Over which time the amount is meant. The count then starts anew.
    #[prop(arm = "timeGrain", tf = "time_grain", default = TimeGrain::Monthly, replace)]
    time_grain: TimeGrain,
    /// What is watched; there is nothing but costs.
    #[prop(arm = "category", default = "Cost".into(), no_setter)]
    category: Text,
    /// Which costs count; all, unless said.
    #[prop(arm = "filter", tf = "filter", codec = ALL_OF)]
    filter: Option<CostFilter>,
    /// Who is told when: 1 to 5.
    #[prop(arm = "notifications", tf = "notification", codec = BY_NAME, key = "name", each = "notify")]
    notifications: Option<Set<BudgetNotification>>,
}

/// Over which time a budget's amount is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum TimeGrain {
    /// A month.
    Monthly,
    /// Three months.
    Quarterly,
    /// A year.
    Annually,
    /// A month of the bill.
    BillingMonth,
    /// Three months of the bill.
    BillingQuarter,
    /// A year of the bill.
    BillingAnnual,
}

/// Which costs count: all that is said must hold.
#[derive(Clone, Block)]
#[block(import = say_filter)]
pub struct CostFilter {
    /// By properties of costs.
    #[prop(arm = "dimensions", tf = "dimension", key = "name", no_setter)]
    dimensions: Option<Vec<CostProperty>>,
    /// By tags of resources.
    #[prop(arm = "tags", tf = "tag", key = "name", no_setter)]
    tags: Option<Vec<CostProperty>>,
}

impl CostFilter {
    /// Costs that have one of these values in a property (`ResourceType`, `ResourceGroupName`, `ResourceLocation`).
    #[must_use]
    pub fn dimension<T: Into<Text>>(
        mut self,
        name: impl Into<Text>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.dimensions.get_or_insert_default().push(CostProperty::of(name, values));
        self
    }

    /// Costs of resources that have one of these values in a tag.
    #[must_use]
    pub fn tag<T: Into<Text>>(
        mut self,
        name: impl Into<Text>,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        self.tags.get_or_insert_default().push(CostProperty::of(name, values));
        self
    }
}

fn say_filter(filter: &mut Saying<'_>) {
    let mut calls = String::new();
    for (property, call) in [("dimensions", "dimension"), ("tags", "tag")] {
        for one in filter.blocks(property) {
            // An empty list would be one of nobody knows what.
            let each = one.each("values").filter(|values| !values.is_empty());
            let (Some(name), Some(each)) = (one.expression("name"), each) else { return };
            let plain = each.iter().all(|value| value.starts_with('"'));
            let exact = one.expression("values").filter(|_| !plain);
            let values = exact.unwrap_or_else(|| format!("[{}]", each.join(", ")));
            calls += &format!(".{call}({name}, {values})");
        }
    }
    filter.construct_as("CostFilter::new()".into(), &[]);
    filter.call(calls, &["dimensions", "tags"]);
}

/// A property of costs, or a tag of resources, and the values that count.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct CostProperty {
    /// Its name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// How values are compared; there is no other way.
    #[prop(arm = "operator", tf = "operator", default = "In".into(), no_setter)]
    operator: Text,
    /// The values.
    #[prop(arm = "values", tf = "values", canon = canons::CASE)]
    values: Set<Text>,
}

impl CostProperty {
    fn of<T: Into<Text>>(name: impl Into<Text>, values: impl IntoIterator<Item = T>) -> Self {
        let values: Set<Text> = values.into_iter().map(Into::into).collect();
        Self::new(name, values)
    }
}

/// Who is told when costs reach a share of a budget.
#[derive(Clone, Block)]
#[block(private_new, import = say_notification)]
pub struct BudgetNotification {
    /// The notification's name, unique in the budget.
    #[prop(arm = "name")]
    name: Text,
    /// The share, in per cent: 0.01 to 1000.
    #[prop(arm = "threshold", tf = "threshold", unit = "per cent")]
    threshold: f64,
    /// Whether costs count that are there, or that will be there by the end of the time.
    #[prop(arm = "thresholdType", tf = "threshold_type")]
    of: CostKind,
    /// Whether costs tell when they reach the share or when they pass it.
    #[prop(arm = "operator", tf = "operator", default = ThresholdOperator::GreaterThanOrEqualTo)]
    operator: ThresholdOperator,
    /// Whether anyone is told.
    #[prop(arm = "enabled", tf = "enabled", default = true)]
    enabled: bool,
    /// Who gets an e-mail.
    #[prop(arm = "contactEmails", tf = "contact_emails", default = Set::default(), canon = canons::CASE, each = "email")]
    emails: Set<Text>,
    /// Holders of which roles get an e-mail (`Owner`).
    #[prop(arm = "contactRoles", tf = "contact_roles", canon = canons::CASE, each = "role")]
    roles: Option<Set<Text>>,
    /// Which action groups are told.
    #[prop(arm = "contactGroups", tf = "contact_groups", each = "group")]
    groups: Option<Set<Ref<ActionGroup>>>,
}

impl BudgetNotification {
    /// Tells when costs have reached so many per cent of the amount.
    #[must_use]
    pub fn actual(per_cent: f64) -> Self {
        Self::new(format!("actual-{per_cent}"), per_cent, CostKind::Actual)
    }

    /// Tells when costs are going to reach so many per cent of the amount by the end of the time.
    #[must_use]
    pub fn forecast(per_cent: f64) -> Self {
        Self::new(format!("forecast-{per_cent}"), per_cent, CostKind::Forecasted)
    }

    /// Calls the notification so, where a budget that is there already does.
    #[must_use]
    pub fn named(mut self, name: impl Into<Text>) -> Self {
        self.name = name.into();
        self
    }
}

/// The kind of costs is the constructor's; a name that it gives is not said.
fn say_notification(notification: &mut Saying<'_>) {
    let (constructor, word) = if notification.reads("of", CostKind::Forecasted.word()) {
        ("BudgetNotification::forecast", "forecast")
    } else {
        ("BudgetNotification::actual", "actual")
    };
    let share = number(notification.get("threshold"));
    if notification.construct(constructor, &["threshold"]) {
        let usual = share.map(|share| format!("{word}-{share}"));
        if let Some(name) = notification.text("name").filter(|name| usual.as_deref() != Some(name))
        {
            notification.call(format!(".named({name:?})"), &[]);
        }
        notification.settle(&["name", "of"]);
    }
}

fn number(value: Option<&Value>) -> Option<f64> {
    match value {
        Some(Value::Float(n)) => Some(*n),
        Some(Value::Int(n)) => Some(*n as f64),
        _ => None,
    }
}

/// Which costs a notification is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum CostKind {
    /// Those that are there.
    Actual,
    /// Those that will be there by the end of the time.
    Forecasted,
}

/// When costs tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ThresholdOperator {
    /// When they are exactly the share.
    EqualTo,
    /// When they pass it.
    GreaterThan,
    /// When they reach it.
    GreaterThanOrEqualTo,
}

/// Notifications that ARM keeps as an object, by their names.
static BY_NAME: Codec = Codec {
    name: "object by name",
    encode: |value| match value {
        Value::List(items) => {
            let named = items.iter().filter_map(|item| {
                let Value::Map(fields) = item else { return None };
                let name = fields.get("name")?.as_str()?.to_owned();
                let rest = fields.iter().filter(|(key, _)| *key != "name");
                Some((name, Value::Map(rest.map(|(k, v)| (k.to_owned(), v.clone())).collect())))
            });
            Value::Map(named.collect::<Entries>())
        }
        other => other.clone(),
    },
    decode: |value| match value {
        Value::Map(entries) => {
            let unnamed = entries.iter().map(|(name, item)| {
                let mut item = item.clone();
                item.put(&["name"], Value::from(name.to_owned()));
                item
            });
            Some(Value::List(unnamed.collect()))
        }
        _ => None,
    },
};

/// Conditions that ARM wraps each by itself: one stands alone, several stand in `and`.
static ALL_OF: Codec = Codec {
    name: "object or list in and",
    encode: |value| {
        let wrapped = |kind: &'static str| {
            let items = match value.at(&[kind]) {
                Some(Value::List(items)) => items.clone(),
                _ => Vec::new(),
            };
            items.into_iter().map(move |item| Value::map([(kind, item)]))
        };
        let mut all: Vec<Value> = wrapped("dimensions").chain(wrapped("tags")).collect();
        if all.len() == 1 { all.remove(0) } else { Value::map([("and", Value::List(all))]) }
    },
    decode: |value| {
        let all = match value.at(&["and"]) {
            Some(Value::List(all)) => all.clone(),
            _ => vec![value.clone()],
        };
        let of = |kind: &'static str| {
            let items: Vec<Value> = all.iter().filter_map(|one| one.at(&[kind]).cloned()).collect();
            (!items.is_empty()).then_some((kind, Value::List(items)))
        };
        matches!(value, Value::Map(_))
            .then(|| Value::map([of("dimensions"), of("tags")].into_iter().flatten()))
    },
};

pub(super) fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update";
    let help = || format!("the provider's reference: {SOURCE}");
    for terms in check.blocks("terms") {
        if number(terms.get("amount")).is_some_and(|amount| amount <= 0.0) {
            check.report("terms", "a budget's amount is more than nothing", help());
        }
        let (from, until) = (terms.text("from"), terms.text("until"));
        if let Some(from) =
            from.filter(|from| from.get(7..10) != Some("-01") || *from < "2017-06-01")
        {
            let what = format!("`{from}` is not the first of a month since June 2017");
            check.report("terms", what, help());
        }
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            check.report(
                "terms",
                format!("the budget ends at `{until}`, before it starts"),
                help(),
            );
        }
        let told = terms.blocks("notifications");
        if told.is_empty() || told.len() > 5 {
            let what = format!("a budget has 1 to 5 notifications, not {}", told.len());
            check.report("terms", what, help());
        }
        for one in told {
            let name = one.text("name").unwrap_or_default();
            let listed =
                |property| matches!(one.get(property), Some(Value::List(all)) if !all.is_empty());
            if !listed("emails") && !listed("groups") {
                let what = format!("`{name}` tells neither an address nor an action group");
                check.report("terms", what, help());
            }
            if number(one.get("threshold")).is_some_and(|share| !(0.01..=1000.0).contains(&share)) {
                check.report(
                    "terms",
                    format!("the share of `{name}` is outside 0.01 to 1000 per cent"),
                    help(),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Budget;
    use crate::azure::refusals::{group, refusals, said};
    use crate::name;

    #[test]
    fn the_services_limits_hold() {
        let new = |terms| Budget::new(name!("shop"), group(), terms);
        let mail = |per_cent| BudgetNotification::actual(per_cent).email("a@example.com");
        let good = BudgetTerms::new(0.5, "2027-01-01T00:00:00Z").notify(mail(1000.0));
        assert_eq!(refusals(new(good)), [""; 0]);
        let bad = BudgetTerms::new(0.0, "2027-01-02T00:00:00Z")
            .until("2026-01-01T00:00:00Z")
            .notify(BudgetNotification::forecast(1001.0));
        assert_eq!(
            refusals(new(bad)),
            [
                "terms: a budget's amount is more than nothing",
                "terms: `2027-01-02T00:00:00Z` is not the first of a month since June 2017",
                "terms: the budget ends at `2026-01-01T00:00:00Z`, before it starts",
                "terms: `forecast-1001` tells neither an address nor an action group",
                "terms: the share of `forecast-1001` is outside 0.01 to 1000 per cent",
            ]
        );
        let quiet = BudgetTerms::new(1.0, "2027-01-01T00:00:00Z");
        assert_eq!(refusals(new(quiet)), ["terms: a budget has 1 to 5 notifications, not 0"]);
    }

    #[test]
    fn one_condition_stands_alone_and_several_in_and() {
        let one = |name: &'static str| Value::map([("name", name)]);
        let tree = |dimensions: Vec<Value>| {
            let tags = Value::List(vec![one("team")]);
            Value::map([("dimensions", Value::List(dimensions)), ("tags", tags)])
        };
        let alone = (ALL_OF.encode)(&tree(Vec::new()));
        assert!(alone.at(&["tags", "name"]).is_some());
        let several = (ALL_OF.encode)(&tree(vec![one("ResourceType")]));
        assert!(several.at(&["and", "1", "tags", "name"]).is_some());
        for sent in [alone, several] {
            let back = (ALL_OF.decode)(&sent).expect("a filter");
            assert_eq!(back.at(&["tags", "0", "name"]).and_then(Value::as_str), Some("team"));
        }
    }

    #[test]
    fn names_that_the_constructor_gives_are_not_said() {
        let usual = BudgetNotification::forecast(100.0).email("a@example.com");
        let said_usual = "BudgetNotification::forecast(100.0).email(\"a@example.com\")";
        assert_eq!(said(usual).as_deref(), Some(said_usual));
        let named = said(BudgetNotification::actual(90.0).named("over"));
        assert_eq!(named.as_deref(), Some("BudgetNotification::actual(90.0).named(\"over\")"));
        let filter = CostFilter::new().dimension("ResourceType", ["a"]).tag("team", ["x", "y"]);
        assert_eq!(
            said(filter).as_deref(),
            Some(
                "CostFilter::new().dimension(\"ResourceType\", [\"a\"]).tag(\"team\", [\"x\", \"y\"])"
            )
        );
    }
}
