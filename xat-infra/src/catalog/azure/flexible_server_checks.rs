//! What a PostgreSQL flexible server cannot be: the provider's limits on sizes, disks, zones, sign-in and restores.

use crate::azure::common::inner;
use crate::azure::{
    CreateMode, DataEncryption, HighAvailability, MaintenanceWindow, PgSku, ServerAuthentication,
    StorageTier, StorageType,
};
use crate::schema::CheckContext;
use crate::value::Value;

const COMPUTE: &str =
    "https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute";
const STORAGE: &str =
    "https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd";
const LIMITS: &str =
    "https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits";
const BACKUP: &str =
    "https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore";
const AVAILABILITY: &str =
    "https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability";
const REPLICAS: &str =
    "https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas";
const SIGN_IN: &str =
    "https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts";
const KEYS: &str = "https://learn.microsoft.com/azure/postgresql/security/security-data-encryption";
const WINDOW: &str =
    "https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-maintenance";

/// All limits of a server.
pub(crate) fn limits(check: &mut CheckContext<'_>) {
    check.range("backup", 7..=35, BACKUP);
    if let Some(problem) = check.text("sku").and_then(PgSku::problem) {
        check.report("sku", problem, format!("sizes: {COMPUTE}"));
    }
    disk(check);
    availability(check);
    sign_in(check);
    encryption(check);
    origin(check);
    window(check);
}

/// Sizes of premium disks in GB, with the tier that each has of its own.
const SIZES: [(i64, StorageTier); 12] = [
    (32, StorageTier::P4),
    (64, StorageTier::P6),
    (128, StorageTier::P10),
    (256, StorageTier::P15),
    (512, StorageTier::P20),
    (1024, StorageTier::P30),
    (2048, StorageTier::P40),
    (4095, StorageTier::P50),
    (4096, StorageTier::P50),
    (8192, StorageTier::P60),
    (16384, StorageTier::P70),
    (32767, StorageTier::P80),
];

/// The tiers, slowest first.
const TIERS: [StorageTier; 11] = [
    StorageTier::P4,
    StorageTier::P6,
    StorageTier::P10,
    StorageTier::P15,
    StorageTier::P20,
    StorageTier::P30,
    StorageTier::P40,
    StorageTier::P50,
    StorageTier::P60,
    StorageTier::P70,
    StorageTier::P80,
];

fn disk(check: &mut CheckContext<'_>) {
    let kind = check.text("storage_type").unwrap_or(StorageType::Premium.word());
    let size = check.get("storage_gb").and_then(Value::as_int);
    if kind != StorageType::Premium.word() {
        check.range("storage_gb", 32..=65_536, LIMITS);
        for property in ["storage_iops", "storage_throughput"] {
            if check.get(property).is_none() {
                let what = "a disk of this kind has no speed of its own";
                check.report("storage_type", what, format!("say `.{property}(..)` too: {LIMITS}"));
            }
        }
        for property in ["storage_tier", "storage_autogrow"] {
            if check.get(property).is_some_and(|value| !matches!(value, Value::Bool(false))) {
                let what = "only disks of the kind `Premium_LRS` have this";
                check.report(property, what, format!("leave it out: {LIMITS}"));
            }
        }
        return;
    }
    for property in ["storage_iops", "storage_throughput"] {
        if check.get(property).is_some() {
            let what = "the speed of a disk of the kind `Premium_LRS` follows from its tier";
            check.report(property, what, format!("say `.storage_tier(..)` instead: {STORAGE}"));
        }
    }
    let Some(size) = size else { return };
    let Some((_, own)) = SIZES.iter().find(|(gb, _)| *gb == size) else {
        let sizes: Vec<String> = SIZES.iter().map(|(gb, _)| gb.to_string()).collect();
        let help = format!("sizes: {} ({STORAGE})", sizes.join(", "));
        check.report("storage_gb", format!("no disk has {size} GB"), help);
        return;
    };
    let place = |word: &str| TIERS.iter().position(|tier| tier.word() == word);
    let Some(tier) = check.text("storage_tier") else { return };
    // Disks up to 4 TiB are never faster than the largest of them; larger ones never slower.
    let fastest = if size <= 4096 { StorageTier::P50 } else { StorageTier::P80 };
    if place(tier) < place(own.word()) || place(tier) > place(fastest.word()) {
        let what = format!(
            "a disk of {size} GB is of the tiers {} to {}, not {tier}",
            own.word(),
            fastest.word()
        );
        check.report("storage_tier", what, format!("tiers: {STORAGE}"));
    }
}

fn availability(check: &mut CheckContext<'_>) {
    let block = check.get("high_availability");
    let says = |property| {
        block
            .and_then(|block| inner::<HighAvailability>(block, property))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let zone = check.text("zone").map(str::to_owned);
    let (mode, standby) = (says("mode"), says("standby_zone"));
    let burstable = check.text("sku").is_some_and(PgSku::is_burstable);
    if let Some(mode) = mode.as_deref().filter(|mode| *mode != "Disabled") {
        if burstable {
            let what = "a burstable server has no standby";
            check.report("high_availability", what, format!("choose another size: {AVAILABILITY}"));
        }
        let same = zone.is_some() && zone == standby;
        let problem = match mode {
            "ZoneRedundant" if same => Some("the standby is in the server's own zone"),
            "SameZone" if standby.is_some() && zone.is_some() && !same => {
                Some("the standby is in another zone than the server")
            }
            _ => None,
        };
        if let Some(problem) = problem {
            let help = format!("`{mode}` says otherwise: {AVAILABILITY}");
            check.report("high_availability", problem, help);
        }
    }
    for (property, zone) in [("zone", zone), ("high_availability", standby)] {
        if let Some(zone) = zone.filter(|zone| !["1", "2", "3"].contains(&zone.as_str())) {
            let what = format!("there is no availability zone `{zone}`");
            check.report(property, what, format!("`1`, `2` or `3`: {AVAILABILITY}"));
        }
    }
}

fn sign_in(check: &mut CheckContext<'_>) {
    let block = check.get("authentication");
    let says = |property, wanted: bool| {
        let said = block.and_then(|block| inner::<ServerAuthentication>(block, property));
        matches!(said, Some(Value::Bool(said)) if *said == wanted)
    };
    let (no_password, directory) = (says("password", false), says("directory", true));
    if no_password && !directory {
        let what = "no one could sign in: neither by password nor by the directory";
        check.report("authentication", what, format!("turn one of them on: {SIGN_IN}"));
    }
    for property in ["admin_login", "admin_password"] {
        if no_password && check.get(property).is_some() {
            let what = "the server takes no passwords, so it has no administrator with one";
            let help = format!("leave it out, and declare a `PgAdministrator`: {SIGN_IN}");
            check.report(property, what, help);
        }
    }
    let login = check.text("admin_login").map(str::to_ascii_lowercase);
    const TAKEN: [&str; 7] =
        ["azure_superuser", "azure_pg_admin", "admin", "administrator", "root", "guest", "public"];
    if let Some(login) = login
        && (TAKEN.contains(&login.as_str()) || login.starts_with("pg_"))
    {
        let what = format!("`{login}` is a name that the service keeps for itself");
        let source = "https://learn.microsoft.com/azure/postgresql/configure-maintain/quickstart-create-server";
        check.report("admin_login", what, source);
    }
}

fn encryption(check: &mut CheckContext<'_>) {
    let Some(block) = check.get("encryption") else { return };
    let text =
        |property| inner::<DataEncryption>(block, property).and_then(Value::as_text).cloned();
    let given: Vec<String> = match check.get("identities") {
        Some(Value::List(ids)) => ids.iter().filter_map(Value::as_text).map(spelt).collect(),
        _ => Vec::new(),
    };
    let stranger = ["identity", "geo_backup_identity"]
        .into_iter()
        .filter_map(text)
        .any(|identity| !given.contains(&spelt(&identity)));
    let halves = (text("geo_backup_key").is_some(), text("geo_backup_identity").is_some());
    if stranger {
        let what = "the identity that uses the key is not one of the server's";
        check.report("encryption", what, format!("give it by `.identity(..)` too: {KEYS}"));
    }
    if halves.0 != halves.1 {
        let what = "a key for geo-redundant backups needs an identity, and an identity a key";
        check.report("encryption", what, KEYS);
    }
    if halves.0 && !check.is("geo_redundant_backup", true) {
        let what = "a key for geo-redundant backups, and no such backups";
        check.report("encryption", what, format!("say `.geo_redundant_backup(true)`: {KEYS}"));
    }
}

/// A text as one word, whether it is literal or an output of another resource.
fn spelt(text: &crate::value::Text) -> String {
    text.parts()
        .map(|piece| match piece {
            crate::value::Piece::Literal(text) => text.to_ascii_lowercase(),
            crate::value::Piece::Output(output) => {
                format!("{}.{}", output.node.index, output.output.name)
            }
        })
        .collect()
}

fn origin(check: &mut CheckContext<'_>) {
    let replica = check.text("create_mode") == Some(CreateMode::Replica.word());
    if replica && check.text("sku").is_some_and(PgSku::is_burstable) {
        check.report("sku", "a burstable server cannot follow another", REPLICAS);
    }
    let moment = check.text("point_in_time").map(str::to_owned);
    if let Some(moment) = moment
        && crate::azure::vault_secret::seconds(&moment).is_none()
    {
        let what = format!("`{moment}` is not a moment in UTC");
        check.report("point_in_time", what, format!("write it as 2027-01-31T00:00:00Z: {BACKUP}"));
    }
}

fn window(check: &mut CheckContext<'_>) {
    for (property, most) in [("day", 6), ("hour", 23), ("minute", 59)] {
        let said = check
            .get("maintenance_window")
            .and_then(|block| inner::<MaintenanceWindow>(block, property))
            .and_then(Value::as_int);
        if let Some(said) = said.filter(|said| !(0..=most).contains(said)) {
            let what = format!("the {property} {said} is outside 0 to {most}");
            check.report("maintenance_window", what, WINDOW);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::{group, refused};
    use crate::azure::*;
    use crate::dsl::Ref;
    use crate::name;
    use crate::value::Secret;

    fn server() -> FlexibleServer {
        FlexibleServer::public(name!("shop-pg"), group(), PgVersion::V17)
    }

    fn small() -> FlexibleServer {
        server().sku(PgSku::burstable(BurstableSize::B1ms))
    }

    fn standby(mode: HighAvailabilityMode, zone: &'static str) -> HighAvailability {
        HighAvailability::new(mode).standby_zone(zone)
    }

    #[test]
    fn disks() {
        assert_eq!(refused(server().storage_gb(128).storage_tier(StorageTier::P50)), [""; 0]);
        assert_eq!(refused(server().storage_gb(100)), ["storage_gb"]);
        let slow = server().storage_gb(128).storage_tier(StorageTier::P6);
        assert_eq!(refused(slow), ["storage_tier"]);
        let fast = server().storage_gb(128).storage_tier(StorageTier::P60);
        assert_eq!(refused(fast), ["storage_tier"]);
        assert_eq!(refused(server().storage_iops(3000)), ["storage_iops"]);
        let bare = server().storage_type(StorageType::PremiumV2);
        assert_eq!(refused(bare), ["storage_type"; 2]);
        let v2 = || {
            server()
                .storage_type(StorageType::PremiumV2)
                .storage_gb(100)
                .storage_iops(3000)
                .storage_throughput(125)
        };
        assert_eq!(refused(v2()), [""; 0]);
        assert_eq!(refused(v2().storage_gb(65_537)), ["storage_gb"]);
        assert_eq!(refused(v2().storage_autogrow(true)), ["storage_autogrow"]);
    }

    #[test]
    fn standbys() {
        use HighAvailabilityMode::{Disabled, SameZone, ZoneRedundant};
        let with = |mode, zone| server().zone("1").high_availability(standby(mode, zone));
        assert_eq!(refused(with(ZoneRedundant, "2")), [""; 0]);
        assert_eq!(refused(with(ZoneRedundant, "1")), ["high_availability"]);
        assert_eq!(refused(with(SameZone, "2")), ["high_availability"]);
        assert_eq!(refused(with(ZoneRedundant, "4")), ["high_availability"]);
        assert_eq!(refused(server().zone("a")), ["zone"]);
        let cheap = |mode| small().high_availability(HighAvailability::new(mode));
        assert_eq!(refused(cheap(Disabled)), [""; 0]);
        assert_eq!(refused(cheap(SameZone)), ["high_availability"]);
    }

    #[test]
    fn someone_can_sign_in() {
        let by = |password, directory| {
            server()
                .authentication(ServerAuthentication::new().password(password).directory(directory))
        };
        assert_eq!(refused(by(false, true)), [""; 0]);
        assert_eq!(refused(by(false, false)), ["authentication"]);
        let odd = by(false, true).admin_password(Secret::generated("pg"));
        assert_eq!(refused(odd), ["admin_password"]);
        assert_eq!(refused(server().admin_login("root")), ["admin_login"]);
        assert_eq!(refused(server().admin_login("shopadmin")), [""; 0]);
    }

    #[test]
    fn keys_have_users() {
        let identity = || Ref::<UserAssignedIdentity>::existing("/subscriptions/s/ids/a");
        let key = || DataEncryption::with_key("https://v.vault.azure.net/keys/k", identity());
        assert_eq!(refused(server().identity(identity()).encryption(key())), [""; 0]);
        assert_eq!(refused(server().encryption(key())), ["encryption"]);
        let half = key().geo_backup_key("https://w.vault.azure.net/keys/k");
        let half = server().geo_redundant_backup(true).identity(identity()).encryption(half);
        assert_eq!(refused(half), ["encryption"]);
        let idle = key()
            .geo_backup_key("https://w.vault.azure.net/keys/k")
            .geo_backup_identity(identity());
        let idle = server().identity(identity()).encryption(idle);
        assert_eq!(refused(idle), ["encryption"]);
    }

    #[test]
    fn origins_and_windows() {
        let source = || Ref::<FlexibleServer>::existing("/subscriptions/s/servers/a");
        let at = |moment| server().origin(ServerOrigin::point_in_time(source(), moment));
        assert_eq!(refused(at("2026-01-31T03:04:05Z")), [""; 0]);
        assert_eq!(refused(at("yesterday")), ["point_in_time"]);
        let follower = || ServerOrigin::replica_of(source());
        assert_eq!(refused(server().origin(follower())), [""; 0]);
        assert_eq!(refused(small().origin(follower())), ["sku"]);
        let open = |day, hour| server().maintenance_window(MaintenanceWindow::weekly(day, hour, 0));
        assert_eq!(refused(open(6, 23)), [""; 0]);
        assert_eq!(refused(open(7, 24)), ["maintenance_window"; 2]);
        assert_eq!(refused(server().backup(Retention::days(36))), ["backup"]);
    }
}
