//! What autoscale settings are made of: profiles, schedules, who is told, prediction.

use std::collections::BTreeMap;

use crate::azure::autoscale_rule::MINUTES;
use crate::azure::common::said;
use crate::azure::{ScaleRule, Weekday};
use crate::schema::codecs::INT_AS_TEXT;
use crate::schema::{Saying, Set, canons};
use crate::value::{Fields, Text, Value};
use crate::{Block, Choice};

/// Between which bounds and by which rules something is scaled, and when this holds.
#[derive(Clone, Block)]
pub struct AutoscaleProfile {
    /// The profile's name, unique in its setting.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// The fewest machines.
    #[prop(arm = "capacity.minimum", tf = "capacity.minimum", codec = INT_AS_TEXT, danger = Cost, shrink = Downtime)]
    minimum: u16,
    /// How many machines there are where no metric can be read.
    #[prop(arm = "capacity.default", tf = "capacity.default", codec = INT_AS_TEXT, label = "without metrics",
        danger = Cost)]
    default: u16,
    /// The most machines.
    #[prop(arm = "capacity.maximum", tf = "capacity.maximum", codec = INT_AS_TEXT, danger = Cost, shrink = Downtime)]
    maximum: u16,
    /// The rules, at most ten. Those that add work when any of them fits, those that remove when all do.
    #[prop(arm = "rules", tf = "rule", default = Vec::new(), each = "rule", danger = Cost)]
    rules: Vec<ScaleRule>,
    /// The one time at which it holds.
    #[prop(arm = "fixedDate", tf = "fixed_date", danger = Cost)]
    fixed_date: Option<ScaleWindow>,
    /// The times at which it begins to hold, until another does.
    #[prop(arm = "recurrence", tf = "recurrence", danger = Cost)]
    recurrence: Option<ScaleSchedule>,
}

/// A time at which a profile holds.
#[derive(Clone, Block)]
pub struct ScaleWindow {
    /// Its beginning (`2026-11-27T00:00:00Z`).
    #[prop(arm = "start", tf = "start", canon = canons::DATE)]
    start: Text,
    /// Its end.
    #[prop(arm = "end", tf = "end", canon = canons::DATE)]
    end: Text,
    /// The time zone (`W. Europe Standard Time`).
    #[prop(arm = "timeZone", tf = "timezone", service = Text::from("UTC"))]
    time_zone: Option<Text>,
}

/// Times at which a profile begins to hold.
#[derive(Clone, Block)]
#[block(private_new, import = say_schedule)]
pub struct ScaleSchedule {
    /// How often.
    #[prop(arm = "frequency", default = ScaleFrequency::Week, no_setter)]
    frequency: ScaleFrequency,
    /// The days.
    #[prop(arm = "schedule.days", tf = "days")]
    days: Vec<Weekday>,
    /// The hour.
    #[prop(arm = "schedule.hours", tf = "hours")]
    hours: Vec<u16>,
    /// The minute.
    #[prop(arm = "schedule.minutes", tf = "minutes")]
    minutes: Vec<u16>,
    /// The time zone (`W. Europe Standard Time`).
    #[prop(arm = "schedule.timeZone", tf = "timezone", default = Text::from("UTC"))]
    time_zone: Text,
}

impl ScaleSchedule {
    /// On these days at this hour (0 to 23) and minute, in UTC unless a time zone is said.
    #[must_use]
    pub fn weekly(days: impl IntoIterator<Item = Weekday>, hour: u16, minute: u16) -> Self {
        Self::new(days.into_iter().collect::<Vec<_>>(), vec![hour], vec![minute])
    }
}

fn say_schedule(schedule: &mut Saying<'_>) {
    let one = |property| schedule.each(property).filter(|each| each.len() == 1)?.pop();
    if let (Some(days), Some(hour), Some(minute)) =
        (schedule.expression("days"), one("hours"), one("minutes"))
    {
        let says = ["frequency", "days", "hours", "minutes"];
        schedule.construct_as(format!("ScaleSchedule::weekly({days}, {hour}, {minute})"), &says);
    }
}

/// How often a profile begins to hold: the service takes weeks only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ScaleFrequency {
    /// On days of the week.
    Week,
}

/// Who hears of a change.
#[derive(Clone, Block)]
pub struct AutoscaleNotification {
    /// Of what.
    #[prop(arm = "operation", default = ScaleOperation::Scale, no_setter)]
    operation: ScaleOperation,
    /// Whether the subscription's administrators get a message.
    #[prop(
        arm = "email.sendToSubscriptionAdministrator",
        tf = "email.send_to_subscription_administrator",
        service = false
    )]
    to_administrators: Option<bool>,
    /// Whether its co-administrators get one.
    #[prop(
        arm = "email.sendToSubscriptionCoAdministrators",
        tf = "email.send_to_subscription_co_administrator",
        service = false
    )]
    to_co_administrators: Option<bool>,
    /// Who else gets a message.
    #[prop(arm = "email.customEmails", tf = "email.custom_emails", canon = canons::CASE)]
    emails: Option<Set<Text>>,
    /// Which addresses are called.
    #[prop(arm = "webhooks", tf = "webhook", each = "call")]
    webhooks: Option<Vec<AutoscaleWebhook>>,
}

impl AutoscaleNotification {
    /// A message to these addresses.
    #[must_use]
    pub fn email<T: Into<Text>>(addresses: impl IntoIterator<Item = T>) -> Self {
        Self::new().emails(addresses)
    }

    /// And a call of this address.
    #[must_use]
    pub fn webhook(self, uri: impl Into<Text>) -> Self {
        self.call(AutoscaleWebhook::new(uri))
    }
}

/// What is told: the service knows of scalings only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ScaleOperation {
    /// That something was scaled.
    Scale,
}

/// An address that is called on each change.
#[derive(Clone, Block)]
pub struct AutoscaleWebhook {
    /// The address.
    #[prop(arm = "serviceUri", tf = "service_uri")]
    uri: Text,
    /// What is sent along.
    #[prop(arm = "properties", tf = "properties", each = "property")]
    properties: Option<BTreeMap<String, Text>>,
}

/// Whether the load of the days before says how many machines there should be.
#[derive(Clone, Block)]
pub struct PredictiveScaling {
    /// What is done with the forecast.
    #[prop(arm = "scaleMode", tf = "scale_mode")]
    mode: PredictiveMode,
    /// How long before the load the machines are made: 1 to 60 minutes.
    #[prop(arm = "scaleLookAheadTime", tf = "look_ahead_time", codec = MINUTES, tf_codec = MINUTES,
        label = "look ahead", unit = "minutes")]
    look_ahead_minutes: Option<u16>,
}

impl PredictiveScaling {
    pub(super) fn ahead(fields: &Fields) -> Option<i64> {
        said::<Self>(fields, "look_ahead_minutes")?.as_int()
    }
}

/// What is done with a forecast of the load.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PredictiveMode {
    /// There is none.
    Disabled,
    /// It is shown.
    ForecastOnly,
    /// It adds machines.
    Enabled,
}

/// What the service would refuse in these profiles.
pub(super) fn problems_of(profiles: &[Fields]) -> Vec<String> {
    let mut found = Vec::new();
    if !(1..=20).contains(&profiles.len()) {
        found.push(format!("{} profiles are not 1 to 20", profiles.len()));
    }
    let name = |profile: &Fields| {
        said::<AutoscaleProfile>(profile, "name").and_then(Value::as_str).unwrap_or("?").to_owned()
    };
    for (at, profile) in profiles.iter().enumerate() {
        let named = name(profile);
        if profiles[..at].iter().any(|other| name(other).eq_ignore_ascii_case(&named)) {
            found.push(format!("two profiles have the name `{named}`"));
        }
        profile_problems(profile, &mut |problem| {
            found.push(format!("profile `{named}`: {problem}"))
        });
    }
    found
}

fn profile_problems(profile: &Fields, report: &mut dyn FnMut(String)) {
    let get = |property| said::<AutoscaleProfile>(profile, property);
    let number = |property| get(property).and_then(Value::as_int).unwrap_or_default();
    let (least, usual, most) = (number("minimum"), number("default"), number("maximum"));
    if !(least <= usual && usual <= most) {
        report(format!("{usual} machines are not between {least} and {most}"));
    }
    if get("fixed_date").is_some() && get("recurrence").is_some() {
        report("it has a fixed date and a recurrence, and only one of them can hold".to_owned());
    }
    let mut outside = |what: &str, n: i64, range: std::ops::RangeInclusive<i64>| {
        if !range.contains(&n) {
            report(format!("{what} {n} is outside {} to {}", range.start(), range.end()));
        }
    };
    if let Some(schedule) = get("recurrence").and_then(Value::as_block) {
        let each = |property| match said::<ScaleSchedule>(schedule, property) {
            Some(Value::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        for (property, what, range) in
            [("hours", "the hour", 0..=23), ("minutes", "the minute", 0..=59)]
        {
            each(property)
                .iter()
                .filter_map(Value::as_int)
                .for_each(|n| outside(what, n, range.clone()));
        }
        outside("its number of days,", each("days").len() as i64, 1..=7);
    }
    let Some(Value::List(rules)) = get("rules") else { return };
    outside("its number of rules,", rules.len() as i64, 0..=10);
    for rule in rules.iter().filter_map(Value::as_block) {
        for (property, what, range) in [
            ("grain_minutes", "the grain in minutes,", 1..=720),
            ("window_minutes", "the window in minutes,", 5..=720),
            ("cooldown_minutes", "the cooldown in minutes,", 1..=10_080),
        ] {
            if let Some(n) = said::<ScaleRule>(rule, property).and_then(Value::as_int) {
                outside(what, n, range);
            }
        }
    }
}
