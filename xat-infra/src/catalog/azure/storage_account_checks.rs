//! What a storage account cannot be: the provider's limits on its features and their combinations.

use crate::azure::common::{inner, is_time_span, public_ip_problem};
use crate::azure::{AccountImmutability, SasPolicy, StorageNetworkRules};
use crate::schema::CheckContext;
use crate::value::Value;

const NAMESPACE: &str =
    "https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-namespace";
const SFTP: &str =
    "https://learn.microsoft.com/azure/storage/blobs/secure-file-transfer-protocol-support-how-to";
const NFS: &str =
    "https://learn.microsoft.com/azure/storage/blobs/network-file-system-protocol-support-how-to";
const OVERVIEW: &str = "https://learn.microsoft.com/azure/storage/common/storage-account-overview";
const NETWORK: &str = "https://learn.microsoft.com/azure/storage/common/storage-network-security";
const RESTORE: &str =
    "https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview";
const VERSIONS: &str = "https://learn.microsoft.com/azure/storage/blobs/versioning-overview";
const SAS: &str = "https://learn.microsoft.com/azure/storage/common/sas-expiration-policy";

/// Limits of the account itself.
pub(crate) fn account(check: &mut CheckContext<'_>) {
    let kind = check.text("kind").unwrap_or_default().to_owned();
    let sku = check.text("sku").unwrap_or_default().to_owned();
    let premium = sku.starts_with("Premium");
    let problem = match kind.as_str() {
        "BlockBlobStorage" | "FileStorage" if !premium && !sku.starts_with("StandardV2") => {
            Some(format!("an account of the kind `{kind}` is never of the redundancy `{sku}`"))
        }
        "BlockBlobStorage" if sku.contains("V2_") => {
            Some(format!("`{sku}` is for file shares alone"))
        }
        "StorageV2" | "Storage" | "BlobStorage" if sku.contains("V2_") => {
            Some(format!("`{sku}` is for accounts of the kind `FileStorage` alone"))
        }
        "StorageV2" | "Storage" if sku == "Premium_ZRS" => {
            Some(format!("an account of the kind `{kind}` is never of the redundancy `{sku}`"))
        }
        _ => None,
    };
    if let Some(problem) = problem {
        check.report("sku", problem, format!("kinds and redundancies: {OVERVIEW}"));
    }
    let tier = check.text("access_tier").unwrap_or_default();
    if !tier.is_empty() && (tier == "Premium") != premium {
        let what = format!("the tier `{tier}` does not go with the redundancy `{sku}`");
        check.report("access_tier", what, format!("tiers: {OVERVIEW}"));
    }
    let namespace = check.is("hierarchical_namespace", true);
    if check.is("sftp", true) && !namespace {
        check.report("sftp", "SFTP needs the hierarchical namespace", SFTP);
    }
    if check.is("nfs_v3", true) && !namespace {
        check.report("nfs_v3", "NFS 3 needs the hierarchical namespace", NFS);
    }
    if check.is("nfs_v3", true) && check.is("public_network_access", true) && !denies(check) {
        let what = "an account that is mounted by NFS 3 cannot be open to every network";
        check.report("nfs_v3", what, format!("add network rules that deny by default: {NFS}"));
    }
    if namespace && !matches!(kind.as_str(), "StorageV2" | "BlockBlobStorage") {
        let what = format!("an account of the kind `{kind}` has no hierarchical namespace");
        check.report("hierarchical_namespace", what, NAMESPACE);
    }
    let period = check.get("sas_policy").and_then(|policy| inner::<SasPolicy>(policy, "period"));
    if let Some(period) = period.and_then(Value::as_str).filter(|period| !is_time_span(period)) {
        let what = format!("`{period}` is not a time span");
        let help = format!("write days, hours, minutes and seconds as `1.12:05:06`: {SAS}");
        check.report("sas_policy", what, help);
    }
    let days =
        check.get("immutability").and_then(|policy| inner::<AccountImmutability>(policy, "days"));
    if let Some(days) = days.and_then(Value::as_int).filter(|days| !(1..=146_000).contains(days)) {
        let what = format!("{days} is outside 1 to 146000");
        check.report("immutability", what, "https://learn.microsoft.com/azure/storage/blobs/immutable-policy-configure-version-scope");
    }
    addresses(check);
}

/// Whether network rules deny whom they do not name.
fn denies(check: &CheckContext<'_>) -> bool {
    let rules = check.get("network_rules");
    let action = rules.and_then(|rules| inner::<StorageNetworkRules>(rules, "default_action"));
    action.and_then(Value::as_str) == Some("Deny")
}

/// Network rules take public addresses only, and no ranges of one or two.
fn addresses(check: &mut CheckContext<'_>) {
    let rules = check.get("network_rules");
    let ips = rules.and_then(|rules| inner::<StorageNetworkRules>(rules, "ip_rules"));
    let Some(Value::List(ips)) = ips else { return };
    let ips = ips.iter().filter_map(Value::as_str);
    let bad: Vec<String> = ips.filter_map(|ip| public_ip_problem(ip, 30)).collect();
    for problem in bad {
        let help = format!("public addresses, and ranges up to `/30`: {NETWORK}");
        check.report("network_rules", problem, help);
    }
}

/// Limits of the blob service.
pub(crate) fn blobs(check: &mut CheckContext<'_>) {
    for (property, most) in [
        ("blob_soft_delete", 365),
        ("container_soft_delete", 365),
        ("change_feed_retention", 146_000),
    ] {
        check.range(
            property,
            1..=most,
            "https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts/blobservices",
        );
    }
    let namespace = check.is("hierarchical_namespace", true);
    for property in ["blob_versioning", "change_feed"] {
        if namespace && check.is(property, true) {
            let what =
                "an account with the hierarchical namespace keeps no versions and no change feed";
            check.report(property, what, VERSIONS);
        }
    }
    if let Some(Value::List(rules)) = check.get("cors_rules")
        && rules.len() > 5
    {
        let what =
            format!("{} CORS rules are more than the five that a service takes", rules.len());
        check.report("cors_rules", what, "https://learn.microsoft.com/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services");
    }
    let Some(days) = check.get("point_in_time_restore").and_then(Value::as_int) else { return };
    let mut needs = Vec::new();
    if !check.is("blob_versioning", true) {
        needs.push("versioning: `.blob_versioning(true)`");
    }
    if !check.is("change_feed", true) {
        needs.push("the change feed: `.change_feed(true)`");
    }
    match check.get("blob_soft_delete").and_then(Value::as_int) {
        Some(kept) if kept > days => {}
        _ => needs.push("a soft delete of blobs for more days: `.blob_soft_delete(..)`"),
    }
    for need in needs {
        check.report(
            "point_in_time_restore",
            format!("point-in-time restore needs {need}"),
            RESTORE,
        );
    }
    if check.is("permanent_delete", true) {
        let what = "point-in-time restore does not go with deleting for good";
        check.report("point_in_time_restore", what, RESTORE);
    }
    if days < 1 {
        check.report("point_in_time_restore", "a restore reaches back one day at least", RESTORE);
    }
}

#[cfg(test)]
mod tests {
    use crate::azure::common::is_time_span;
    use crate::azure::refusals::{group, refused};
    use crate::azure::*;
    use crate::name;

    fn account(sku: StorageSku) -> StorageAccount {
        StorageAccount::new(name!("shopfiles"), group(), sku)
    }

    fn zrs() -> StorageAccount {
        account(StorageSku::StandardZrs)
    }

    #[test]
    fn kinds_and_redundancies() {
        assert_eq!(refused(zrs()), [""; 0]);
        let fast = account(StorageSku::PremiumLrs).kind(StorageKind::BlockBlobStorage);
        assert_eq!(refused(fast), [""; 0]);
        assert_eq!(refused(zrs().kind(StorageKind::FileStorage)), ["sku"]);
        assert_eq!(refused(account(StorageSku::StandardV2Zrs)), ["sku"]);
        assert_eq!(refused(account(StorageSku::PremiumZrs)), ["sku"]);
        assert_eq!(refused(zrs().access_tier(AccessTier::Premium)), ["access_tier"]);
        assert_eq!(refused(zrs().access_tier(AccessTier::Cold)), [""; 0]);
    }

    #[test]
    fn features_that_need_others() {
        assert_eq!(refused(zrs().sftp(true)), ["sftp"]);
        assert_eq!(refused(zrs().sftp(true).hierarchical_namespace(true)), [""; 0]);
        assert_eq!(refused(zrs().nfs_v3(true)), ["nfs_v3"]);
        let open = zrs().nfs_v3(true).hierarchical_namespace(true).public_network_access(true);
        assert_eq!(refused(open), ["nfs_v3"]);
        let rules = StorageNetworkRules::new();
        let closed = zrs().nfs_v3(true).hierarchical_namespace(true).public_network_access(true);
        assert_eq!(refused(closed.network_rules(rules)), [""; 0]);
        let old = zrs().kind(StorageKind::Storage).hierarchical_namespace(true);
        assert_eq!(refused(old), ["hierarchical_namespace"]);
        let versions = zrs().hierarchical_namespace(true).blob_versioning(true);
        assert_eq!(refused(versions), ["blob_versioning"]);
    }

    #[test]
    fn restore_needs_what_it_restores_from() {
        let restorable = |kept| {
            zrs()
                .blob_versioning(true)
                .change_feed(true)
                .blob_soft_delete(Retention::days(kept))
                .point_in_time_restore(Retention::days(7))
        };
        assert_eq!(refused(restorable(8)), [""; 0]);
        assert_eq!(refused(restorable(7)), ["point_in_time_restore"]);
        let bare = zrs().point_in_time_restore(Retention::days(7));
        assert_eq!(refused(bare), ["point_in_time_restore"; 3]);
        let gone = restorable(8).permanent_delete(true);
        assert_eq!(refused(gone), ["point_in_time_restore"]);
    }

    #[test]
    fn ranges() {
        assert_eq!(refused(zrs().blob_soft_delete(Retention::days(365))), [""; 0]);
        assert_eq!(refused(zrs().blob_soft_delete(Retention::days(366))), ["blob_soft_delete"]);
        assert_eq!(refused(zrs().change_feed_retention(0)), ["change_feed_retention"]);
        let rules = vec![BlobCorsRule::get_from("*"); 6];
        assert_eq!(refused(zrs().cors_rules(rules)), ["cors_rules"]);
        let kept = zrs().immutable_versions(true).immutability(AccountImmutability::unlocked(0));
        assert_eq!(refused(kept), ["immutability"]);
        assert_eq!(refused(zrs().sas_policy(SasPolicy::new("P1D"))), ["sas_policy"]);
        assert!(is_time_span("00:15:00") && is_time_span("1.23:59:59"));
        assert!(!is_time_span("1.24:00:00") && !is_time_span("15"));
    }

    #[test]
    fn addresses_are_public() {
        let with = |ip| zrs().network_rules(StorageNetworkRules::new().ip_rule(ip));
        for fine in ["203.0.113.7", "203.0.113.0/24"] {
            assert_eq!(refused(with(fine)), [""; 0], "{fine}");
        }
        for bad in ["10.0.0.1", "203.0.113.7/32", "203.0.113.0/33", "2001:db8::1", "all"] {
            assert_eq!(refused(with(bad)), ["network_rules"], "{bad}");
        }
    }
}
