//! What Cloud SQL refuses in an instance.

use super::sql_machine::{SqlEdition, SqlTier};
use crate::schema::CheckContext;
use crate::value::Value;

const SETTINGS: &str = "https://cloud.google.com/sql/docs/postgres/instance-settings";
const AVAILABILITY: &str = "https://cloud.google.com/sql/docs/postgres/high-availability";
const BACKUPS: &str = "https://cloud.google.com/sql/docs/postgres/backup-recovery/backups";
const RECOVERY: &str = "https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr";
const ADDRESSES: &str = "https://cloud.google.com/sql/docs/postgres/configure-ip";
const INSIGHTS: &str = "https://cloud.google.com/sql/docs/postgres/using-query-insights";
const REPLICATION: &str = "https://cloud.google.com/sql/docs/postgres/replication";
const MAINTENANCE: &str = "https://cloud.google.com/sql/docs/postgres/maintenance";

/// All limits of an instance.
pub(super) fn limits(check: &mut CheckContext<'_>) {
    machine(check);
    availability(check);
    backups(check);
    addresses(check);
    maintenance(check);
    check.range("disk_gb", 10..=65_536, SETTINGS);
    let plus = is_plus(check);
    // The page of insights compares the editions: 20 plans a minute and 4500 bytes, or 200 and 100 KB.
    let (plans, longest) = if plus { (200, 100_000) } else { (20, 4500) };
    for insights in check.blocks("insights") {
        for (property, range) in [("plans_per_minute", 0..=plans), ("query_length", 256..=longest)]
        {
            if let Some(n) = insights.int(property).filter(|n| !range.contains(n)) {
                let label = property.replace('_', " ");
                let what =
                    format!("{label} of {n} is outside {} to {}", range.start(), range.end());
                check.report("insights", what, INSIGHTS);
            }
        }
    }
    if !plus && check.is("data_cache", true) {
        let what = "only the edition Enterprise Plus has a data cache";
        check.report("data_cache", what, format!("leave it out: {SETTINGS}"));
    }
}

/// What a read replica has of its primary, and cannot say itself.
pub(super) fn replica(check: &mut CheckContext<'_>) {
    if check.get("primary").is_none() {
        return;
    }
    for property in ["backups", "point_in_time_recovery"] {
        if check.is(property, true) {
            let what = "a read replica has no backups of its own";
            check.report(property, what, format!("back up the primary: {REPLICATION}"));
        }
    }
    for property in [
        "backup_start",
        "backup_location",
        "retained_backups",
        "log_retention_days",
        "retain_backups_on_delete",
        "root_password",
        "password_policy",
    ] {
        if check.get(property).is_some() {
            let what = "a read replica has this of its primary";
            check.report(property, what, format!("say it of the primary: {REPLICATION}"));
        }
    }
}

/// Databases and users are the primary's: nothing can be written in a replica.
pub(super) fn not_in_a_replica(check: &mut CheckContext<'_>) {
    if check.holder("primary").is_some() {
        let what = "nothing can be written in a read replica";
        check.report("instance", what, format!("say it of the primary: {REPLICATION}"));
    }
}

fn is_plus(check: &CheckContext<'_>) -> bool {
    check.text("edition") == Some(SqlEdition::EnterprisePlus.word())
}

fn machine(check: &mut CheckContext<'_>) {
    let Some(tier) = check.text("tier").map(str::to_owned) else { return };
    if let Some(problem) = SqlTier::problem(&tier) {
        check.report("tier", problem, format!("machines: {SETTINGS}#machine-type-2ndgen"));
    }
    let of_tier = SqlTier::edition(&tier).map(|edition| edition.word());
    if let (Some(wanted), Some(said)) = (of_tier, check.text("edition"))
        && wanted != said
    {
        let what = format!("`{tier}` is a machine of the edition {wanted}, not {said}");
        check.report("edition", what, format!("say the other edition or machine: {SETTINGS}"));
    }
}

fn availability(check: &mut CheckContext<'_>) {
    let regional = check.text("availability") == Some("REGIONAL");
    let copies = check.get("primary").is_some();
    for property in ["backups", "point_in_time_recovery"] {
        if regional && !copies && check.is(property, false) {
            let what = "an instance with a second machine needs backups and the logs between them";
            check.report(property, what, format!("leave it on: {AVAILABILITY}"));
        }
    }
    let standby = check.text("standby_zone");
    let what = match (standby, check.text("zone")) {
        (Some(_), _) if !regional => "no second machine stands by",
        (Some(standby), Some(zone)) if standby == zone => "both machines are in one zone",
        (Some(_), None) => "a zone for the second machine needs one for the first",
        _ => return,
    };
    check.report("standby_zone", what, format!("the provider's reference: {AVAILABILITY}"));
}

fn backups(check: &mut CheckContext<'_>) {
    let on = check.is("backups", true);
    if !on && check.is("point_in_time_recovery", true) && check.is("backups", false) {
        let what = "without backups there is nothing that logs could be applied to";
        let help =
            format!("also say `.point_in_time_recovery(false)`, or keep backups: {RECOVERY}");
        check.report("point_in_time_recovery", what, help);
    }
    check.range("retained_backups", 1..=365, BACKUPS);
    let most = if is_plus(check) { 35 } else { 7 };
    check.range("log_retention_days", 1..=most, RECOVERY);
    let number = |property| check.get(property).and_then(Value::as_int);
    if let (Some(kept), Some(days)) = (number("retained_backups"), number("log_retention_days"))
        && kept < days
    {
        let what = format!("logs of {days} days need as many backups, and {kept} are kept");
        check.report("retained_backups", what, format!("keep more of them: {RECOVERY}"));
    }
    let bad = check.text("backup_start").filter(|start| !is_time(start)).map(str::to_owned);
    if let Some(start) = bad {
        let what = format!("`{start}` is no time of the day");
        check.report("backup_start", what, format!("write it as 03:00: {BACKUPS}"));
    }
}

/// Whether a text is `HH:MM`.
fn is_time(text: &str) -> bool {
    let part = |text: &str, most: u8| {
        text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number <= most)
    };
    text.split_once(':').is_some_and(|(hour, minute)| part(hour, 23) && part(minute, 59))
}

fn addresses(check: &mut CheckContext<'_>) {
    let private = check.get("private_network").is_some();
    let public = check.is("public_ip", true);
    if !private && !public {
        let what = "nobody reaches an instance that has no address";
        check.report("public_ip", what, format!("make it `SqlInstance::private`: {ADDRESSES}"));
    }
    if !public && check.get("authorized_networks").is_some() {
        let what = "only a public address knows authorized networks";
        check.report("authorized_networks", what, format!("leave them out: {ADDRESSES}"));
    }
    for property in ["allocated_range", "private_path"] {
        let said = check.get(property).is_some_and(|value| !matches!(value, Value::Bool(false)));
        if !private && said {
            let what = "an instance without a private address has no use for it";
            check.report(property, what, format!("leave it out: {ADDRESSES}"));
        }
    }
}

fn maintenance(check: &mut CheckContext<'_>) {
    for window in check.blocks("maintenance_window") {
        for (property, range) in [("day", 1..=7), ("hour", 0..=23)] {
            if let Some(n) = window.int(property).filter(|n| !range.contains(n)) {
                let what =
                    format!("the {property} {n} is outside {} to {}", range.start(), range.end());
                check.report("maintenance_window", what, MAINTENANCE);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::gcp::prelude::*;

    fn on(tier: SqlTier) -> SqlInstance {
        SqlInstance::public(name!("shop"), PostgresVersion::V17, tier)
    }

    fn instance() -> SqlInstance {
        on(SqlTier::custom(2, 7680))
    }

    #[test]
    fn machines() {
        let none = [""; 0];
        for (cores, memory) in [(1, 3840), (2, 3840), (2, 13_312), (96, 638_976), (4, 15_360)] {
            assert_eq!(refused(on(SqlTier::custom(cores, memory))), none, "{cores}-{memory}");
        }
        for (cores, memory) in [(3, 7680), (98, 98_304), (2, 3584), (2, 13_568), (2, 3900)] {
            assert_eq!(refused(on(SqlTier::custom(cores, memory))), ["tier"], "{cores}-{memory}");
        }
        let fast = |cores| on(SqlTier::performance_optimized(cores));
        assert_eq!(refused(fast(4)), ["edition"]);
        assert_eq!(refused(fast(4).edition(SqlEdition::EnterprisePlus)), none);
        assert_eq!(refused(fast(6).edition(SqlEdition::EnterprisePlus)), ["tier"]);
        assert_eq!(refused(on(SqlTier::micro()).edition(SqlEdition::EnterprisePlus)), ["edition"]);
        assert_eq!(refused(on(SqlTier::named("db-c4a-highmem-2"))), none);
        assert_eq!(refused(instance().data_cache(true)), ["data_cache"]);
        assert_eq!(refused(instance().disk_gb(9)), ["disk_gb"]);
    }

    #[test]
    fn connections_follow_the_memory() {
        let of = |tier: SqlTier| tier.connections();
        assert_eq!(of(SqlTier::micro()), Some(25));
        assert_eq!(of(SqlTier::custom(1, 3840)), Some(100));
        assert_eq!(of(SqlTier::custom(2, 7680)), Some(400));
        assert_eq!(of(SqlTier::performance_optimized(16)), Some(1000));
        assert_eq!(of(SqlTier::named("db-c4a-highmem-2")), None);
    }

    #[test]
    fn standbys_and_backups() {
        let none = [""; 0];
        let two = || instance().availability(SqlAvailability::Regional);
        assert_eq!(refused(two()), none);
        assert_eq!(refused(two().point_in_time_recovery(false)), ["point_in_time_recovery"]);
        assert_eq!(refused(two().zone("a").standby_zone("b")), none);
        assert_eq!(refused(two().zone("a").standby_zone("a")), ["standby_zone"]);
        assert_eq!(refused(two().standby_zone("b")), ["standby_zone"]);
        assert_eq!(refused(instance().zone("a").standby_zone("b")), ["standby_zone"]);
        assert_eq!(refused(instance().backups(false)), ["point_in_time_recovery"]);
        assert_eq!(refused(instance().backups(false).point_in_time_recovery(false)), none);
        assert_eq!(refused(instance().retained_backups(366)), ["retained_backups"]);
        assert_eq!(refused(instance().log_retention_days(8)), ["log_retention_days"]);
        let plus = on(SqlTier::performance_optimized(2)).edition(SqlEdition::EnterprisePlus);
        assert_eq!(refused(plus.log_retention_days(35)), none);
        let few = instance().retained_backups(3).log_retention_days(5);
        assert_eq!(refused(few), ["retained_backups"]);
        assert_eq!(refused(instance().backup_start("23:59")), none);
        for bad in ["3:00", "24:00", "03:60", "0300"] {
            assert_eq!(refused(instance().backup_start(bad)), ["backup_start"], "{bad}");
        }
    }

    #[test]
    fn replicas_have_what_their_primaries_have() {
        let primary = || Ref::<SqlInstance>::existing("projects/p/instances/shop");
        let replica = || instance().replica_of(primary());
        assert_eq!(refused(replica()), [""; 0]);
        assert_eq!(refused(replica().availability(SqlAvailability::Regional)), [""; 0]);
        assert_eq!(refused(replica().backups(true)), ["backups"]);
        assert_eq!(refused(replica().retained_backups(3)), ["retained_backups"]);
        let password = Secret::supplied("root");
        assert_eq!(refused(replica().root_password(password)), ["root_password"]);
    }

    #[test]
    fn addresses_windows_and_insights() {
        let none = [""; 0];
        let office = || SqlAuthorizedNetwork::new("203.0.113.0/24");
        assert_eq!(refused(instance().authorized_network(office())), none);
        assert_eq!(refused(instance().public_ip(false)), ["public_ip"]);
        let hidden = instance().public_ip(false).authorized_network(office());
        assert_eq!(refused(hidden), ["public_ip", "authorized_networks"]);
        assert_eq!(refused(instance().private_path(true)), ["private_path"]);
        let window = |day, hour| instance().maintenance_window(SqlMaintenance::new(day, hour));
        assert_eq!(refused(window(7, 23)), none);
        assert_eq!(refused(window(0, 24)), ["maintenance_window"; 2]);
        let noting = |insights| refused(instance().insights(insights));
        assert_eq!(noting(SqlInsights::new().plans_per_minute(20).query_length(4500)), none);
        assert_eq!(noting(SqlInsights::new().plans_per_minute(21)), ["insights"]);
        assert_eq!(noting(SqlInsights::new().query_length(4501)), ["insights"]);
        let plus = |insights| {
            let instance =
                on(SqlTier::performance_optimized(2)).edition(SqlEdition::EnterprisePlus);
            refused(instance.insights(insights))
        };
        assert_eq!(plus(SqlInsights::new().plans_per_minute(200).query_length(100_000)), none);
        assert_eq!(plus(SqlInsights::new().plans_per_minute(201)), ["insights"]);
    }
}
