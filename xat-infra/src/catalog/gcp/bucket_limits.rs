//! What Cloud Storage refuses of a bucket.

use super::bucket_parts::LifecycleAction;
use crate::schema::CheckContext;

/// The page of buckets.
const BUCKETS: &str = "https://cloud.google.com/storage/docs/json_api/v1/buckets";
/// The page of their names.
const NAMES: &str = "https://cloud.google.com/storage/docs/buckets#naming";
/// The page of rules for objects.
const RULES: &str = "https://cloud.google.com/storage/docs/lifecycle";
/// The page of retention.
const RETENTION: &str = "https://cloud.google.com/storage/docs/bucket-lock";

/// What one bucket says against itself.
pub(super) fn limits(check: &mut CheckContext<'_>) {
    name(check);
    rules(check);
    let text = |check: &CheckContext<'_>, property| check.get(property).is_some();
    // A hundred years, as Cloud Storage counts them.
    check.range("retention_seconds", 1..=3_155_760_000, RETENTION);
    if check.is("retention_locked", true) && !text(check, "retention_seconds") {
        let help = format!("also say `.retention_seconds(..)`: {RETENTION}");
        check.report("retention_locked", "there is no retention to lock", help);
    }
    let soft = check.get("soft_delete_seconds").and_then(crate::value::Value::as_int);
    if soft.is_some_and(|seconds| seconds != 0 && !(604_800..=7_776_000).contains(&seconds)) {
        check.report(
            "soft_delete_seconds",
            "deleted objects are kept for 7 to 90 days, or not at all",
            "say 604800 to 7776000 seconds, or 0: https://cloud.google.com/storage/docs/soft-delete",
        );
    }
    if text(check, "autoclass_terminal") {
        let class = check.text("autoclass_terminal").unwrap_or_default();
        if !["NEARLINE", "ARCHIVE"].contains(&class) || !check.is("autoclass", true) {
            check.report(
                "autoclass_terminal",
                "objects that move by how they are used end in `NEARLINE` or `ARCHIVE`",
                "also say `.autoclass(true)`: https://cloud.google.com/storage/docs/autoclass",
            );
        }
    }
    if check.is("hierarchical_namespace", true) && check.is("uniform_access", false) {
        check.report(
            "hierarchical_namespace",
            "folders need access that is said for the whole bucket",
            "leave `.uniform_access(false)` out: https://cloud.google.com/storage/docs/hns-overview",
        );
    }
    if text(check, "log_prefix") && !text(check, "log_bucket") {
        let help = format!("also say `.log_bucket(..)`: {BUCKETS}");
        check.report("log_prefix", "no bucket takes the records", help);
    }
    let regions = check.get("data_locations");
    if let Some(crate::value::Value::List(regions)) = regions
        && regions.len() != 2
    {
        let help = format!("name two regions of one continent: {BUCKETS}");
        check.report("data_locations", "such a bucket is kept in two regions", help);
    }
}

/// What a name must not be, beside its letters.
fn name(check: &mut CheckContext<'_>) {
    let Some(name) = check.text("name").map(str::to_owned) else { return };
    let parts: Vec<&str> = name.split('.').collect();
    let number = |part: &&str| part.parse::<u8>().is_ok();
    let why = if name.starts_with("goog") || name.contains("google") {
        "names with `goog` in front or `google` in them are Google's own"
    } else if parts.len() == 4 && parts.iter().all(number) {
        "it would be an address"
    } else if parts
        .iter()
        .any(|part| part.is_empty() || part.starts_with('-') || part.ends_with('-'))
    {
        "a full stop stands between words, and a hyphen not beside it"
    } else {
        return;
    };
    let message = format!("`{name}` cannot name a bucket: {why}");
    check.report("name", message, format!("choose another name: {NAMES}"));
}

/// Rules that say nothing, or what Terraform would leave out.
fn rules(check: &mut CheckContext<'_>) {
    const COUNTS: [&str; 4] = ["age_days", "newer_versions", "noncurrent_days", "custom_days"];
    const OTHERS: [&str; 7] = [
        "created_before",
        "live",
        "noncurrent_before",
        "custom_before",
        "storage_classes",
        "prefixes",
        "suffixes",
    ];
    let mut found: Vec<(String, &str)> = Vec::new();
    let rules = check.blocks("lifecycle_rules");
    for (at, rule) in (1..).zip(&rules) {
        if !COUNTS.iter().chain(&OTHERS).any(|property| rule.get(property).is_some()) {
            found.push((format!("rule {at} says of no object that it is meant"), "say an age"));
        }
        if COUNTS.iter().any(|property| rule.int(property) == Some(0)) {
            let help = "say 1 or more: Terraform takes 0 for nothing said";
            found.push((format!("rule {at} counts to 0"), help));
        }
        let action = rule.text("action").unwrap_or_default();
        if action == LifecycleAction::AbortIncompleteMultipartUpload.word()
            && COUNTS[1..].iter().chain(&OTHERS[..5]).any(|property| rule.get(property).is_some())
        {
            let help = "unfinished uploads are known by age and name alone";
            found.push((format!("rule {at} asks what unfinished uploads do not have"), help));
        }
        if check.is("autoclass", true) && action == LifecycleAction::SetStorageClass.word() {
            let help = "leave the rule to autoclass";
            found.push((format!("rule {at} and autoclass both move objects"), help));
        }
    }
    if rules.len() > 100 {
        found.push(("a bucket has at most 100 rules".to_owned(), "say fewer"));
    }
    for (message, help) in found {
        check.report("lifecycle_rules", message, format!("{help}: {RULES}"));
    }
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::dsl::{Name, Ref};
    use crate::gcp::{Bucket, LifecycleRule, StorageClass};
    use crate::name;

    fn bucket() -> Bucket {
        Bucket::new(name!("shop-exports"))
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(bucket().delete_after_days(28)), [""; 0]);
        assert_eq!(refused(bucket().retention_locked(true)), ["retention_locked"]);
        assert_eq!(refused(bucket().retention_seconds(9).retention_locked(true)), [""; 0]);
        assert_eq!(refused(bucket().retention_seconds(0)), ["retention_seconds"]);
        assert_eq!(refused(bucket().soft_delete_seconds(0)), [""; 0]);
        assert_eq!(refused(bucket().soft_delete_seconds(60)), ["soft_delete_seconds"]);
        assert_eq!(refused(bucket().log_prefix("x")), ["log_prefix"]);
        assert_eq!(refused(bucket().log_prefix("x").log_bucket(Ref::existing("logs"))), [""; 0]);
        let terminal = bucket().autoclass_terminal(StorageClass::Archive);
        assert_eq!(refused(terminal), ["autoclass_terminal"]);
        let folders = bucket().hierarchical_namespace(true).uniform_access(false);
        assert_eq!(refused(folders), ["hierarchical_namespace"]);
        assert_eq!(refused(bucket().data_locations(["US-EAST1"])), ["data_locations"]);
    }

    #[test]
    fn rules_mean_something() {
        let of = |rule| refused(bucket().lifecycle_rule(rule));
        assert_eq!(of(LifecycleRule::abort_uploads().age_days(1)), [""; 0]);
        assert_eq!(of(LifecycleRule::delete()), ["lifecycle_rules"]);
        assert_eq!(of(LifecycleRule::delete().age_days(0)), ["lifecycle_rules"]);
        assert_eq!(of(LifecycleRule::abort_uploads().live(true)), ["lifecycle_rules"]);
        let moved = LifecycleRule::move_to(StorageClass::Archive).age_days(9);
        assert_eq!(of(moved.clone()), [""; 0]);
        assert_eq!(refused(bucket().autoclass(true).lifecycle_rule(moved)), ["lifecycle_rules"]);
    }

    #[test]
    fn names_that_are_others_are_reported() {
        let of = |name: &str| refused(Bucket::new(Name::new(name)));
        assert_eq!(of("shop.example.com"), [""; 0]);
        for bad in ["googly", "my-google-bucket", "192.168.5.4", "a..b", "a-.b"] {
            assert_eq!(of(bad), ["name"], "{bad}");
        }
    }
}
