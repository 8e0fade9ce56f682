//! What Cloud Monitoring refuses of an alert policy.

use crate::schema::{CheckContext, DeclaredBlock};
use crate::value::Value;

/// The page of policies.
const POLICIES: &str =
    "https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies";
/// The page of their limits.
const LIMITS: &str = "https://cloud.google.com/monitoring/quotas#alerting_limits";
/// The kinds of condition.
const KINDS: [&str; 4] = ["threshold", "absence", "log", "prometheus"];

/// What one policy says against itself.
pub(super) fn limits(check: &mut CheckContext<'_>) {
    check.range("auto_close_seconds", 1800..=604_800, POLICIES);
    let conditions = check.blocks("conditions");
    let mut found: Vec<(String, String)> = Vec::new();
    if !(1..=6).contains(&conditions.len()) {
        let help = format!("say at least one and at most six `.condition(..)`: {LIMITS}");
        found
            .push((format!("a policy has 1 to 6 conditions, and this {}", conditions.len()), help));
    }
    for condition in &conditions {
        let name = condition.text("name").unwrap_or_default();
        for (message, help) in KINDS.iter().flat_map(|kind| refused(condition, kind)) {
            found.push((format!("`{name}`: {message}"), format!("{help}: {POLICIES}")));
        }
    }
    let logs = conditions.iter().filter(|condition| condition.get("log").is_some()).count();
    let (count, limited) = (conditions.len(), check.get("rate_limit_seconds").is_some());
    for (message, help) in found {
        check.report("conditions", message, help);
    }
    if logs > 0 && !limited {
        let help = format!("say `.rate_limit_seconds(300)`: {POLICIES}");
        check.report("conditions", "a policy over logs limits how often it speaks", help);
    } else if logs == 0 && limited && count > 0 {
        let help = format!("leave it out: {POLICIES}");
        check.report("rate_limit_seconds", "only policies over logs have this limit", help);
    }
    if let Some(Value::List(channels)) = check.get("channels")
        && channels.len() > 16
    {
        check.report(
            "channels",
            "a policy tells at most 16 channels",
            format!("say fewer: {LIMITS}"),
        );
    }
    if check.blocks("links").len() > 3 {
        check.report("links", "messages have at most 3 links", format!("say fewer: {POLICIES}"));
    }
    if check.text("documentation").is_some_and(|text| text.len() > 8192) {
        let help = format!("shorten it, or link to it: {POLICIES}");
        check.report("documentation", "it has at most 8192 bytes", help);
    }
    if check.text("subject").is_some_and(|text| text.chars().count() > 255) {
        check.report("subject", "it has at most 255 letters", format!("shorten it: {POLICIES}"));
    }
}

/// What is wrong with a condition of one kind.
fn refused(condition: &DeclaredBlock<'_>, kind: &str) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    let Some(inner) = condition.blocks(kind).into_iter().next() else { return found };
    if let Some(seconds) = inner.int("seconds") {
        match kind {
            "absence" if !(120..=84_600).contains(&seconds) => {
                found.push((
                    format!("{seconds} seconds of silence cannot be noticed"),
                    "say 120 to 84600",
                ));
            }
            "absence" | "threshold" | "prometheus" if seconds % 60 != 0 => {
                found
                    .push((format!("{seconds} seconds are no whole minutes"), "say whole minutes"));
            }
            _ => {}
        }
    }
    // https://cloud.google.com/monitoring/alerts/metric-forecast
    let ahead = inner.int("forecast_seconds");
    if ahead.is_some_and(|ahead| !(3600..=216_000).contains(&ahead)) {
        found.push(("so far ahead nothing is foreseen".to_owned(), "say an hour to 2.5 days"));
    }
    if inner.get("trigger_count").is_some() && inner.get("trigger_percent").is_some() {
        found.push(("a number and a part of the series are said".to_owned(), "say one of them"));
    }
    for property in ["aggregations", "denominator_aggregations"] {
        let all = inner.blocks(property);
        let period = |one: &DeclaredBlock<'_>| one.int("seconds");
        if all.iter().filter_map(period).any(|seconds| seconds < 60) {
            found.push(("a point is a minute or more".to_owned(), "say 60 seconds or more"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::gcp::{
        Aggregation, AlertCondition, AlertLink, AlertPolicy, Aligner, Comparison, LogMatch,
        MetricAbsence, MetricThreshold,
    };
    use crate::name;

    fn policy() -> AlertPolicy {
        AlertPolicy::new(name!("Shop"))
    }

    fn over(seconds: u32) -> MetricThreshold {
        MetricThreshold::new("metric.type=\"x\"", Comparison::Greater, 1.0, seconds)
    }

    #[test]
    fn conditions_are_what_the_service_takes() {
        let of = |condition| refused(policy().condition(condition));
        let none = [""; 0];
        assert_eq!(of(AlertCondition::over("a", over(60))), none);
        assert_eq!(of(AlertCondition::over("a", over(90))), ["conditions"]);
        let both = over(0).trigger_count(1).trigger_percent(1.0);
        assert_eq!(of(AlertCondition::over("a", both)), ["conditions"]);
        let soon = over(0).forecast_seconds(60);
        assert_eq!(of(AlertCondition::over("a", soon)), ["conditions"]);
        let short = over(0).aggregation(Aggregation::new(30, Aligner::Mean));
        assert_eq!(of(AlertCondition::over("a", short)), ["conditions"]);
        assert_eq!(of(AlertCondition::silent("a", MetricAbsence::new("x", 120))), none);
        assert_eq!(of(AlertCondition::silent("a", MetricAbsence::new("x", 60))), ["conditions"]);
    }

    #[test]
    fn policies_are_what_the_service_takes() {
        let one = || policy().condition(AlertCondition::over("a", over(60)));
        assert_eq!(refused(policy()), ["conditions"]);
        let seven = (0..7).map(|n| AlertCondition::over(n.to_string(), over(60)));
        assert_eq!(refused(policy().conditions(seven)), ["conditions"]);
        let log = policy().condition(AlertCondition::logged("a", LogMatch::new("x")));
        assert_eq!(refused(log), ["conditions"]);
        let log = policy().condition(AlertCondition::logged("a", LogMatch::new("x")));
        assert_eq!(refused(log.rate_limit_seconds(300)), [""; 0]);
        assert_eq!(refused(one().rate_limit_seconds(300)), ["rate_limit_seconds"]);
        assert_eq!(refused(one().auto_close_seconds(60)), ["auto_close_seconds"]);
        assert_eq!(refused(one().subject("x".repeat(256))), ["subject"]);
        assert_eq!(refused(one().runbook("x".repeat(8193))), ["documentation"]);
        let links = (0..4).map(|n| AlertLink::new(n.to_string(), "https://x"));
        assert_eq!(refused(one().links(links)), ["links"]);
        let existing =
            |n: i32| crate::dsl::Ref::existing(format!("projects/p/notificationChannels/{n}"));
        assert_eq!(refused(one().channels((0..17).map(existing))), ["channels"]);
    }
}
