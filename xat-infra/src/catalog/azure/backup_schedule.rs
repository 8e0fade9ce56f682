//! When copies are made, for how long they are kept, and how a backup policy spells it.

use crate::azure::Weekday;
use crate::schema::{Codec, Kind, PropertyType};
use crate::value::{Entries, Value};

/// A span of time for which copies are kept, as ISO 8601 has it (`P7Y`).
///
/// ```
/// use xat_infra::azure::BackupSpan;
/// assert_eq!(BackupSpan::years(7).as_str(), "P7Y");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BackupSpan(String);

impl BackupSpan {
    /// So many days.
    pub fn days(days: u16) -> Self {
        Self(format!("P{days}D"))
    }

    /// So many weeks.
    pub fn weeks(weeks: u16) -> Self {
        Self(format!("P{weeks}W"))
    }

    /// So many months.
    pub fn months(months: u16) -> Self {
        Self(format!("P{months}M"))
    }

    /// So many years.
    pub fn years(years: u16) -> Self {
        Self(format!("P{years}Y"))
    }

    /// The span as ISO 8601 has it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// About how many days a span has; nothing for text that is none.
    pub(crate) fn about_days(text: &str) -> Option<u32> {
        let (number, unit) =
            text.strip_prefix('P')?.split_at_checked(text.len().checked_sub(2)?)?;
        let factor = match unit {
            "D" => 1,
            "W" => 7,
            "M" => 30,
            "Y" => 365,
            _ => return None,
        };
        number.parse::<u32>().ok()?.checked_mul(factor)
    }
}

/// Which copies a rule keeps for longer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BackupMark {
    /// The first of each week.
    FirstOfWeek,
    /// The first of each month.
    FirstOfMonth,
    /// The first of each year.
    FirstOfYear,
}

impl BackupMark {
    /// The service's word, and what its rule is called.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            BackupMark::FirstOfWeek => ("FirstOfWeek", "Weekly"),
            BackupMark::FirstOfMonth => ("FirstOfMonth", "Monthly"),
            BackupMark::FirstOfYear => ("FirstOfYear", "Yearly"),
        }
    }
}

/// When copies are made, and for how long they are kept.
#[derive(Clone)]
pub struct BackupSchedule {
    times: Vec<String>,
    keep: BackupSpan,
    rules: Vec<(BackupMark, BackupSpan)>,
}

impl BackupSchedule {
    /// A copy every week, on a day at a time in UTC, each kept for a span.
    #[must_use]
    pub fn weekly(day: Weekday, hour: u8, minute: u8, keep: BackupSpan) -> Self {
        Self { times: Vec::new(), keep, rules: Vec::new() }.and_on(day, hour, minute)
    }

    /// Another copy every week, on another day.
    #[must_use]
    pub fn and_on(mut self, day: Weekday, hour: u8, minute: u8) -> Self {
        // Any date on that day of the week will do, as long as it is always the same: 7 January 2024 was a Sunday.
        let date = 7 + day as u8;
        self.times.push(format!("R/2024-01-{date:02}T{hour:02}:{minute:02}:00+00:00/P1W"));
        self
    }

    /// Keeps some copies for longer. Where two rules fit a copy, the one that was said first counts.
    #[must_use]
    pub fn keep(mut self, mark: BackupMark, span: BackupSpan) -> Self {
        self.rules.push((mark, span));
        self
    }
}

pub(crate) const TIMES: &str = "times";
pub(crate) const KEEP: &str = "keep";
pub(crate) const RULES: &str = "rules";

#[diagnostic::do_not_recommend]
impl PropertyType for BackupSchedule {
    const KIND: &'static Kind = &Kind::Map(&Kind::Json);
    fn into_value(self) -> Value {
        let rules = self.rules.into_iter().map(|(mark, span)| {
            let (mark, name) = mark.words();
            Value::map([
                ("name", Value::literal(name)),
                ("first", Value::literal(mark)),
                (KEEP, Value::from(span.0)),
            ])
        });
        Value::map([
            (TIMES, Value::List(self.times.into_iter().map(Value::from).collect())),
            (KEEP, Value::from(self.keep.0)),
            (RULES, Value::List(rules.collect())),
        ])
    }
}

fn items<'v>(value: &'v Value, path: &[&str]) -> &'v [Value] {
    match value.at(path) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

fn copy(value: &Value, path: &[&str]) -> Value {
    value.at(path).cloned().unwrap_or_default()
}

/// ARM has one list with a rule that makes copies and rules that keep them, tied together by tags.
pub(crate) static POLICY_RULES: Codec =
    Codec { name: "policy rules", encode: to_rules, decode: from_rules };

fn to_rules(schedule: &Value) -> Value {
    let store = |kind: &'static str| {
        Value::map([
            ("dataStoreType", Value::literal("VaultStore")),
            ("objectType", Value::literal(kind)),
        ])
    };
    let tag = |name: &Value, default: bool, priority: i64, criteria: Option<Value>| {
        let mut tag = Value::map([
            ("isDefault", Value::Bool(default)),
            ("taggingPriority", Value::Int(priority)),
            ("tagInfo", Value::map([("tagName", name.clone())])),
        ]);
        if let Some(criteria) = criteria {
            tag.put(&["criteria"], Value::List(vec![criteria]));
        }
        tag
    };
    let keep = |name: &Value, default: bool, span: Value| {
        let delete = Value::map([
            ("duration", span),
            ("objectType", Value::literal("AbsoluteDeleteOption")),
        ]);
        let life = Value::map([
            ("deleteAfter", delete),
            ("sourceDataStore", store("DataStoreInfoBase")),
            ("targetDataStoreCopySettings", Value::List(Vec::new())),
        ]);
        Value::map([
            ("name", name.clone()),
            ("objectType", Value::literal("AzureRetentionRule")),
            ("isDefault", Value::Bool(default)),
            ("lifecycles", Value::List(vec![life])),
        ])
    };
    let default = Value::literal("Default");
    let mut tags = vec![tag(&default, true, 99, None)];
    let mut kept = vec![keep(&default, true, copy(schedule, &[KEEP]))];
    for (priority, rule) in (1i64..).zip(items(schedule, &[RULES])) {
        let criteria = Value::map([
            ("objectType", Value::literal("ScheduleBasedBackupCriteria")),
            ("absoluteCriteria", Value::List(vec![copy(rule, &["first"])])),
        ]);
        let name = copy(rule, &["name"]);
        tags.push(tag(&name, false, priority, Some(criteria)));
        kept.push(keep(&name, false, copy(rule, &[KEEP])));
    }
    let intervals = Value::map([("repeatingTimeIntervals", copy(schedule, &[TIMES]))]);
    let trigger = Value::map([
        ("objectType", Value::literal("ScheduleBasedTriggerContext")),
        ("schedule", intervals),
        ("taggingCriteria", Value::List(tags)),
    ]);
    let parameters = Value::map([
        ("backupType", Value::literal("Full")),
        ("objectType", Value::literal("AzureBackupParams")),
    ]);
    let make = Value::map([
        ("name", Value::literal("BackupIntervals")),
        ("objectType", Value::literal("AzureBackupRule")),
        ("backupParameters", parameters),
        ("dataStore", store("DataStoreInfoBase")),
        ("trigger", trigger),
    ]);
    let mut rules = vec![make];
    rules.extend(kept);
    Value::List(rules)
}

fn from_rules(rules: &Value) -> Option<Value> {
    let Value::List(rules) = rules else { return None };
    let of_kind = |kind: &'static str| {
        rules.iter().filter(move |rule| {
            rule.at(&["objectType"]).and_then(Value::as_str).is_some_and(|is| is == kind)
        })
    };
    let make = of_kind("AzureBackupRule").next()?;
    let span = |rule: &Value| copy(rule, &["lifecycles", "0", "deleteAfter", "duration"]);
    let name_of =
        |rule: &Value, path: &[&str]| rule.at(path).and_then(Value::as_str).map(str::to_owned);
    let mut tags: Vec<&Value> = items(make, &["trigger", "taggingCriteria"]).iter().collect();
    tags.sort_by_key(|tag| tag.at(&["taggingPriority"]).and_then(Value::as_int));
    let mut schedule = Entries::new();
    schedule.insert(TIMES, copy(make, &["trigger", "schedule", "repeatingTimeIntervals"]));
    let mut kept = Vec::new();
    for tag in tags {
        let name = name_of(tag, &["tagInfo", "tagName"])?;
        let Some(rule) = of_kind("AzureRetentionRule").find(|rule| {
            name_of(rule, &["name"]).is_some_and(|known| known.eq_ignore_ascii_case(&name))
        }) else {
            continue;
        };
        if matches!(tag.at(&["isDefault"]), Some(Value::Bool(true))) {
            schedule.insert(KEEP, span(rule));
        } else {
            kept.push(Value::map([
                ("name", Value::from(name)),
                ("first", copy(tag, &["criteria", "0", "absoluteCriteria", "0"])),
                (KEEP, span(rule)),
            ]));
        }
    }
    schedule.insert(RULES, Value::List(kept));
    Some(Value::Map(schedule))
}

/// Terraform has an argument for the times, one block for the default and one for each other rule.
pub(crate) static TF_POLICY_RULES: Codec =
    Codec { name: "policy rules in Terraform's words", encode: to_blocks, decode: from_blocks };

fn to_blocks(schedule: &Value) -> Value {
    let life = |span: Value| {
        Value::map([("data_store_type", Value::literal("VaultStore")), ("duration", span)])
    };
    let mut block = Value::map([("backup_repeating_time_intervals", copy(schedule, &[TIMES]))]);
    block.put(&["default_retention_rule", "life_cycle"], life(copy(schedule, &[KEEP])));
    let rules = (1i64..).zip(items(schedule, &[RULES])).map(|(priority, rule)| {
        let mut out =
            Value::map([("name", copy(rule, &["name"])), ("priority", Value::Int(priority))]);
        out.put(&["criteria", "absolute_criteria"], copy(rule, &["first"]));
        out.put(&["life_cycle"], life(copy(rule, &[KEEP])));
        out
    });
    let rules: Vec<Value> = rules.collect();
    if !rules.is_empty() {
        block.put(&["retention_rule"], Value::List(rules));
    }
    block
}

fn from_blocks(block: &Value) -> Option<Value> {
    let times = block.at(&["backup_repeating_time_intervals"])?.clone();
    let rules = items(block, &["retention_rule"]).iter().map(|rule| {
        Value::map([
            ("name", copy(rule, &["name"])),
            ("first", copy(rule, &["criteria", "absolute_criteria"])),
            (KEEP, copy(rule, &["life_cycle", "duration"])),
        ])
    });
    let keep = copy(block, &["default_retention_rule", "life_cycle", "duration"]);
    Some(Value::map([(TIMES, times), (KEEP, keep), (RULES, Value::List(rules.collect()))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule() -> Value {
        BackupSchedule::weekly(Weekday::Saturday, 2, 30, BackupSpan::weeks(8))
            .and_on(Weekday::Sunday, 2, 30)
            .keep(BackupMark::FirstOfYear, BackupSpan::years(7))
            .keep(BackupMark::FirstOfMonth, BackupSpan::months(12))
            .into_value()
    }

    #[test]
    fn a_schedule_reads_back() {
        for codec in [&POLICY_RULES, &TF_POLICY_RULES] {
            let back = (codec.decode)(&(codec.encode)(&schedule())).unwrap();
            for (path, expected) in [
                (&["times", "0"][..], "R/2024-01-13T02:30:00+00:00/P1W"),
                (&["times", "1"], "R/2024-01-07T02:30:00+00:00/P1W"),
                (&["keep"], "P8W"),
                (&["rules", "0", "name"], "Yearly"),
                (&["rules", "0", "keep"], "P7Y"),
                (&["rules", "1", "first"], "FirstOfMonth"),
            ] {
                let found = back.at(path).and_then(Value::as_str);
                assert_eq!(found, Some(expected), "{} {path:?}", codec.name);
            }
        }
    }

    #[test]
    fn spans_are_about_so_many_days() {
        assert_eq!(BackupSpan::about_days("P10Y"), Some(3650));
        assert_eq!(BackupSpan::about_days("P8W"), Some(56));
        assert_eq!(BackupSpan::about_days("P"), None);
        assert_eq!(BackupSpan::about_days("10 years"), None);
    }
}
