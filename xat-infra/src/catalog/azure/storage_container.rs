//! Containers of a storage account: folders for blobs.

use std::collections::BTreeMap;

use crate::azure::{Region, ResourceGroup, StorageAccount, StorageSku};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// A container of a storage account, closed to everyone who has not signed in.
///
/// A legal hold is set and cleared by hand, not by a stack: Azure Resource Manager only shows it.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01",
    terraform = "azurerm_storage_container",
    scope = Child,
    through = "blobServices/default",
    holds_data,
    part(
        key = "immutability",
        suffix = "immutabilityPolicies/default",
        arm = "Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies"
    ),
    tf_part(
        key = "immutability",
        resource = "azurerm_storage_container_immutability_policy",
        link = "storage_container_resource_manager_id",
        import = "{id}/immutabilityPolicies/default"
    ),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts/blobservices/containers"
)]
pub struct StorageContainer {
    /// The container's name, unique in its account.
    #[name(
        len = 3..=63, chars = lower_alphanumeric, and = "-", no_double_hyphen,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage"
    )]
    name: Name<Self>,
    /// The account that holds it.
    #[prop(tf = "storage_account_id", parent)]
    account: Ref<StorageAccount>,
    /// What people may read who have not signed in. The account must allow it too.
    #[prop(arm = "properties.publicAccess", tf = "container_access_type", default = PublicAccess::None,
        service = PublicAccess::None, danger = Exposure)]
    public_access: PublicAccess,
    /// The encryption scope of blobs that name none; fixed when the container is made.
    #[prop(arm = "properties.defaultEncryptionScope", tf = "default_encryption_scope",
        service = Text::from("$account-encryption-key"), replace)]
    encryption_scope: Option<Text>,
    /// Whether blobs must not name another encryption scope; fixed when the container is made.
    #[prop(arm = "properties.denyEncryptionScopeOverride", tf = "encryption_scope_override_enabled",
        tf_codec = crate::schema::codecs::NOT, service = false, replace)]
    encryption_scope_fixed: Option<bool>,
    /// Whether versions of its blobs can be made unchangeable, one by one; fixed when the container is made.
    #[prop(arm = "properties.immutableStorageWithVersioning.enabled", service = false, replace)]
    immutable_versions: Option<bool>,
    /// Whether root has no rights over what is mounted by NFS 3.
    #[prop(arm = "properties.enableNfsV3RootSquash", label = "NFS root squash", service = false)]
    nfs_root_squash: Option<bool>,
    /// Whether no one has rights of their own over what is mounted by NFS 3.
    #[prop(arm = "properties.enableNfsV3AllSquash", label = "NFS all squash", service = false)]
    nfs_all_squash: Option<bool>,
    /// For how many days, 1 to 146,000, its blobs cannot be changed or deleted once they are made. While the policy is
    /// not locked, it can be shortened and taken back; locking is done by hand.
    #[prop(arm = "immutability:properties.immutabilityPeriodSinceCreationInDays",
        tf = "immutability:immutability_period_in_days", label = "immutability", unit = "days", danger = Downtime)]
    immutability_days: Option<u32>,
    /// Whether more may be appended to append blobs all the same.
    #[prop(
        arm = "immutability:properties.allowProtectedAppendWrites",
        tf = "immutability:protected_append_writes_enabled",
        service = false
    )]
    append_writes: Option<bool>,
    /// Whether more may be appended to block blobs too.
    #[prop(
        arm = "immutability:properties.allowProtectedAppendWritesAll",
        tf = "immutability:protected_append_writes_all_enabled",
        service = false
    )]
    append_writes_all: Option<bool>,
    /// Pairs of words kept beside it.
    #[prop(arm = "properties.metadata", tf = "metadata", danger = Cosmetic, each = "metadatum")]
    metadata: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// What people may read of a container who have not signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PublicAccess {
    /// Nothing.
    #[choice("None", tf = "private")]
    None,
    /// Blobs whose names they know.
    #[choice("Blob", tf = "blob")]
    Blob,
    /// Everything, and the list of it.
    #[choice("Container", tf = "container")]
    Container,
}

fn limits(check: &mut CheckContext<'_>) {
    const POLICY: &str = "https://learn.microsoft.com/azure/storage/blobs/immutable-policy-configure-container-scope";
    let open = check.text("public_access").is_some_and(|what| what != PublicAccess::None.word());
    if open && matches!(check.holder("public_blob_access"), Some(Value::Bool(false))) {
        let what = "the account lets no container be opened";
        let source =
            "https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-configure";
        let help = format!("say `.public_blob_access(true)` on the account: {source}");
        check.report("public_access", what, help);
    }
    if check.is("encryption_scope_fixed", true) && check.get("encryption_scope").is_none() {
        let source = "https://learn.microsoft.com/azure/storage/blobs/encryption-scope-overview";
        let help = format!("say `.encryption_scope(..)` too: {source}");
        check.report("encryption_scope_fixed", "there is no scope that could be fixed", help);
    }
    check.range("immutability_days", 1..=146_000, POLICY);
    for property in ["append_writes", "append_writes_all"] {
        if check.is(property, true) && check.get("immutability_days").is_none() {
            let what = "what may be appended is part of a policy, and there is none";
            check.report(property, what, format!("say `.immutability_days(..)` too: {POLICY}"));
        }
    }
    if check.is("append_writes", true) && check.is("append_writes_all", true) {
        check.report("append_writes", "the two kinds of appending exclude each other", POLICY);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let account = StorageAccount::new(name!("shopfiles"), group, StorageSku::StandardZrs);
    let account = stack.add(account);
    let container = StorageContainer::new(name!("invoices"), account)
        .encryption_scope("invoices")
        .encryption_scope_fixed(true)
        .immutable_versions(false)
        .nfs_root_squash(false)
        .nfs_all_squash(false)
        .immutability_days(30)
        .append_writes(true)
        .append_writes_all(false)
        .metadatum("owner", "accounting");
    stack.add(container).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn limits_of_the_policy() {
        let account = || Ref::<StorageAccount>::existing("/subscriptions/s/x");
        let container = || StorageContainer::new(name!("invoices"), account());
        assert_eq!(refused(container()), [""; 0]);
        assert_eq!(refused(container().immutability_days(146_000).append_writes(true)), [""; 0]);
        let fixed = container().encryption_scope_fixed(true);
        assert_eq!(refused(fixed), ["encryption_scope_fixed"]);
        assert_eq!(refused(container().immutability_days(0)), ["immutability_days"]);
        assert_eq!(refused(container().append_writes_all(true)), ["append_writes_all"]);
        let both = container().immutability_days(1).append_writes(true).append_writes_all(true);
        assert_eq!(refused(both), ["append_writes"]);
    }
}
