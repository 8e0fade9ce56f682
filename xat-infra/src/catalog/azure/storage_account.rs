//! Storage accounts: blobs, files, queues and tables under one name.

use std::collections::BTreeMap;

use crate::azure::common::{
    CLOSE_COMMA, EDGE_ZONE, ENABLED_DAYS, NO_SPACES, identity_setters, say_identities,
};
use crate::azure::storage_account_checks as checks;
use crate::azure::storage_account_parts::{
    AccessTier, AccountImmutability, CopyScope, CustomDomain, DnsEndpointType, EncryptionKeySource,
    KeyScope, Routing, SasPolicy, StorageBypass, StorageKind, StorageNetworkRules, StorageSku,
    StorageTls, TF_SKU,
};
use crate::azure::{
    BlobCorsRule, CustomerKey, FilesAuthentication, IdentityType, PrincipalId, PrivateLinkTarget,
    Region, ResourceGroup, Retention, UserAssignedIdentity,
};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS};
use crate::schema::{Fact, Saying, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A storage account.
///
/// Secure from the start: HTTPS alone, TLS 1.2, no public network access, no blob without sign-in, no shared keys and
/// no local users, so that who reads and writes is decided by role assignments.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Storage/storageAccounts@2025-06-01",
    terraform = "azurerm_storage_account",
    holds_data,
    part(
        key = "blob",
        suffix = "blobServices/default",
        arm = "Microsoft.Storage/storageAccounts/blobServices"
    ),
    check = checks::account,
    check = checks::blobs,
    import = say,
    fact = Fact::Acts { through: &["key_uri"], identity: "key_identity" },
    source = "https://learn.microsoft.com/azure/templates/microsoft.storage/storageaccounts"
)]
#[output(blob_endpoint: Text, arm = "properties.primaryEndpoints.blob", tf = "primary_blob_endpoint",
    doc = "The address of its blobs, with a trailing slash.")]
#[output(file_endpoint: Text, arm = "properties.primaryEndpoints.file", tf = "primary_file_endpoint",
    doc = "The address of its file shares, with a trailing slash.")]
#[output(queue_endpoint: Text, arm = "properties.primaryEndpoints.queue", tf = "primary_queue_endpoint",
    doc = "The address of its queues, with a trailing slash.")]
#[output(table_endpoint: Text, arm = "properties.primaryEndpoints.table", tf = "primary_table_endpoint",
    doc = "The address of its tables, with a trailing slash.")]
#[output(dfs_endpoint: Text, arm = "properties.primaryEndpoints.dfs", tf = "primary_dfs_endpoint",
    doc = "The address of its hierarchical namespace, with a trailing slash.")]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the account's own identity, where it has one.")]
pub struct StorageAccount {
    /// The account's name, unique in the whole cloud: it becomes a host name.
    #[name(
        len = 3..=24, chars = lower_alphanumeric, global,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// How many copies are kept, and where. Between standard and premium, and between the two versions of
    /// provisioning, there is no way but another account.
    #[prop(arm = "sku.name", tf = "", tf_codec = TF_SKU, label = "redundancy", danger = Cost)]
    sku: StorageSku,
    /// What the account is for. An older kind can become `StorageV2`; no other change is possible.
    #[prop(arm = "kind", tf = "account_kind", default = StorageKind::StorageV2, danger = Cost)]
    kind: StorageKind,
    /// The tier of blobs that do not name their own.
    #[prop(arm = "properties.accessTier", tf = "access_tier", service = AccessTier::Hot, danger = Cost)]
    access_tier: Option<AccessTier>,
    /// Whether plain HTTP is turned away.
    #[prop(arm = "properties.supportsHttpsTrafficOnly", tf = "https_traffic_only_enabled", label = "HTTPS only",
        default = true, service = true, exposes = false, danger = Downtime)]
    https_only: bool,
    /// The oldest version of TLS that is answered.
    #[prop(arm = "properties.minimumTlsVersion", tf = "min_tls_version", label = "minimum TLS version",
        default = StorageTls::V1_2, service = StorageTls::V1_0, exposes = StorageTls::V1_0, danger = Downtime)]
    min_tls_version: StorageTls,
    /// Whether the account answers on the internet at all.
    #[prop(arm = "properties.publicNetworkAccess", tf = "public_network_access_enabled", codec = ENABLED_DISABLED,
        default = false, service = true, exposes = true, danger = Downtime)]
    public_network_access: bool,
    /// Whether containers may be opened to people who have not signed in.
    #[prop(arm = "properties.allowBlobPublicAccess", tf = "allow_nested_items_to_be_public",
        default = false, service = false, exposes = true, danger = Downtime)]
    public_blob_access: bool,
    /// Whether requests may be signed with one of the account's two keys, which give away everything.
    #[prop(arm = "properties.allowSharedKeyAccess", tf = "shared_access_key_enabled",
        default = false, service = true, exposes = true, danger = Downtime)]
    shared_key_access: bool,
    /// Whether the account may have users of its own, with passwords or SSH keys. They exist for SFTP.
    #[prop(arm = "properties.isLocalUserEnabled", tf = "local_user_enabled",
        default = false, service = false, exposes = true, danger = Downtime)]
    local_users: bool,
    /// Whether blobs may be copied to accounts of other tenants.
    #[prop(arm = "properties.allowCrossTenantReplication", tf = "cross_tenant_replication_enabled",
        default = false, service = false, exposes = true, danger = Downtime)]
    cross_tenant_replication: bool,
    /// From where blobs may be copied into it; from anywhere, unless said.
    #[prop(arm = "properties.allowedCopyScope", tf = "allowed_copy_scope", danger = Downtime)]
    allowed_copy_scope: Option<CopyScope>,
    /// Whether the portal signs in with the user's own identity rather than with a key.
    #[prop(
        arm = "properties.defaultToOAuthAuthentication",
        tf = "default_to_oauth_authentication",
        label = "sign-in by identity",
        service = false
    )]
    default_to_identity: Option<bool>,
    /// Who may reach the account's public side.
    #[prop(arm = "properties.networkAcls", tf = "network_rules", danger = Downtime)]
    network_rules: Option<StorageNetworkRules>,
    /// How traffic from the internet comes in.
    #[prop(arm = "properties.routingPreference", tf = "routing", danger = Downtime)]
    routing: Option<Routing>,
    /// A host name of one's own for its blobs.
    #[prop(arm = "properties.customDomain", tf = "custom_domain", danger = Downtime)]
    custom_domain: Option<CustomDomain>,
    /// Whether its host names are in a DNS zone of the region, which lets a subscription have more accounts.
    #[prop(arm = "properties.dnsEndpointType", tf = "dns_endpoint_type", label = "DNS endpoint type",
        service = DnsEndpointType::Standard, replace)]
    dns_endpoint_type: Option<DnsEndpointType>,
    /// Whether blobs lie in real folders with permissions of their own; fixed when the account is made.
    #[prop(arm = "properties.isHnsEnabled", tf = "is_hns_enabled", service = false, replace)]
    hierarchical_namespace: Option<bool>,
    /// Whether files come and go by SFTP too. It needs the hierarchical namespace and costs by the hour.
    #[prop(arm = "properties.isSftpEnabled", tf = "sftp_enabled", label = "SFTP", service = false, exposes = true,
        danger = Cost)]
    sftp: Option<bool>,
    /// Whether blobs are mounted by NFS 3; fixed when the account is made.
    #[prop(
        arm = "properties.isNfsV3Enabled",
        tf = "nfsv3_enabled",
        label = "NFS 3",
        service = false,
        exposes = true,
        replace
    )]
    nfs_v3: Option<bool>,
    /// Whether file shares may be as large as 100 TiB. It cannot be turned off again.
    #[prop(arm = "properties.largeFileSharesState", tf = "large_file_share_enabled", codec = ENABLED_DISABLED,
        service = false)]
    large_file_shares: Option<bool>,
    /// How file shares tell who their users are.
    #[prop(arm = "properties.azureFilesIdentityBasedAuthentication", tf = "azure_files_authentication",
        danger = Exposure)]
    files_authentication: Option<FilesAuthentication>,
    /// For how long shared access signatures may be valid.
    #[prop(arm = "properties.sasPolicy", tf = "sas_policy", label = "SAS policy")]
    sas_policy: Option<SasPolicy>,
    /// After how many days the account's keys count as stale.
    #[prop(arm = "properties.keyPolicy.keyExpirationPeriodInDays", unit = "days")]
    key_expiration: Option<u32>,
    /// Whether data is encrypted a second time, by the machines below; fixed when the account is made.
    #[prop(
        arm = "properties.encryption.requireInfrastructureEncryption",
        tf = "infrastructure_encryption_enabled",
        service = false,
        replace
    )]
    infrastructure_encryption: Option<bool>,
    /// Whether the key that encrypts is the service's own or one of a vault.
    #[prop(arm = "properties.encryption.keySource", label = "encryption key source",
        service = EncryptionKeySource::Service, no_setter)]
    key_source: Option<EncryptionKeySource>,
    /// The name of the key in its vault.
    #[prop(
        arm = "properties.encryption.keyvaultproperties.keyname",
        label = "encryption key",
        no_setter
    )]
    key_name: Option<Text>,
    /// The version of the key; the newest, unless said.
    #[prop(
        arm = "properties.encryption.keyvaultproperties.keyversion",
        label = "encryption key version",
        no_setter
    )]
    key_version: Option<Text>,
    /// The vault's address.
    #[prop(arm = "properties.encryption.keyvaultproperties.keyvaulturi", label = "encryption key vault",
        canon = canons::URL, no_setter)]
    key_vault_uri: Option<Text>,
    /// The key's address: Terraform takes it in one word.
    #[prop(tf = "customer_managed_key.key_vault_key_id", no_setter)]
    key_uri: Option<Text>,
    /// The identity that may use the key.
    #[prop(
        arm = "properties.encryption.identity.userAssignedIdentity",
        tf = "customer_managed_key.user_assigned_identity_id",
        no_setter
    )]
    key_identity: Option<Ref<UserAssignedIdentity>>,
    /// Whether blobs are encrypted; they always are.
    #[prop(arm = "properties.encryption.services.blob.enabled", service = true, no_setter)]
    blob_encryption: Option<bool>,
    /// Whose key encrypts blobs; always the account's.
    #[prop(arm = "properties.encryption.services.blob.keyType", service = KeyScope::Account, no_setter)]
    blob_key_scope: Option<KeyScope>,
    /// Whether files are encrypted; they always are.
    #[prop(arm = "properties.encryption.services.file.enabled", service = true, no_setter)]
    file_encryption: Option<bool>,
    /// Whose key encrypts files; always the account's.
    #[prop(arm = "properties.encryption.services.file.keyType", service = KeyScope::Account, no_setter)]
    file_key_scope: Option<KeyScope>,
    /// Whether the account's key encrypts queues too; fixed when the account is made.
    #[prop(arm = "properties.encryption.services.queue.keyType", tf = "queue_encryption_key_type",
        service = KeyScope::Service, replace)]
    queue_key_scope: Option<KeyScope>,
    /// Whether the account's key encrypts tables too; fixed when the account is made.
    #[prop(arm = "properties.encryption.services.table.keyType", tf = "table_encryption_key_type",
        service = KeyScope::Service, replace)]
    table_key_scope: Option<KeyScope>,
    /// Whether versions of blobs can be made unchangeable; fixed when the account is made.
    #[prop(arm = "properties.immutableStorageWithVersioning.enabled", service = false, replace)]
    immutable_versions: Option<bool>,
    /// For how long blobs cannot be changed or deleted, where nothing nearer says otherwise.
    #[prop(arm = "properties.immutableStorageWithVersioning.immutabilityPolicy", tf = "immutability_policy",
        danger = Downtime)]
    immutability: Option<AccountImmutability>,
    /// Which identities the account has.
    #[prop(arm = "identity.type", tf = "identity.type", codec = CLOSE_COMMA, canon = NO_SPACES,
        service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identities that the account has beside its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// The edge zone that holds the account, where it is not in the region itself.
    #[prop(arm = "extendedLocation", tf = "edge_zone", codec = EDGE_ZONE, canon = canons::CASE, replace)]
    edge_zone: Option<Text>,
    /// Whether every change of a blob leaves the old version behind.
    #[prop(arm = "blob:properties.isVersioningEnabled", tf = "blob_properties.versioning_enabled", service = false,
        danger = Cost)]
    blob_versioning: Option<bool>,
    /// For how many days, 1 to 365, a deleted blob can be brought back.
    #[prop(arm = "blob:properties.deleteRetentionPolicy", tf = "blob_properties.delete_retention_policy.days",
        codec = ENABLED_DAYS, label = "soft delete of blobs", unit = "days", shrink = DataLoss)]
    blob_soft_delete: Option<Retention>,
    /// Whether a deleted blob's versions and snapshots may be deleted for good before their days are over.
    #[prop(arm = "blob:properties.deleteRetentionPolicy.allowPermanentDelete",
        tf = "blob_properties.delete_retention_policy.permanent_delete_enabled", service = false, danger = DataLoss)]
    permanent_delete: Option<bool>,
    /// For how many days, 1 to 365, a deleted container can be brought back.
    #[prop(arm = "blob:properties.containerDeleteRetentionPolicy",
        tf = "blob_properties.container_delete_retention_policy.days", codec = ENABLED_DAYS,
        label = "soft delete of containers", unit = "days", shrink = DataLoss)]
    container_soft_delete: Option<Retention>,
    /// For how many days containers can be set back to an earlier moment. It needs versioning, the change feed, and a
    /// longer soft delete of blobs.
    #[prop(arm = "blob:properties.restorePolicy", tf = "blob_properties.restore_policy.days", codec = ENABLED_DAYS,
        label = "point-in-time restore", unit = "days", shrink = DataLoss)]
    point_in_time_restore: Option<Retention>,
    /// Whether all changes of blobs are written down, in order.
    #[prop(arm = "blob:properties.changeFeed.enabled", tf = "blob_properties.change_feed_enabled", service = false,
        danger = Cost)]
    change_feed: Option<bool>,
    /// For how many days, 1 to 146,000, the change feed is kept; for ever, unless said.
    #[prop(arm = "blob:properties.changeFeed.retentionInDays", tf = "blob_properties.change_feed_retention_in_days",
        unit = "days", shrink = DataLoss)]
    change_feed_retention: Option<u32>,
    /// Whether the last access of each blob is remembered, for rules that go by it.
    #[prop(arm = "blob:properties.lastAccessTimeTrackingPolicy.enable",
        tf = "blob_properties.last_access_time_enabled", service = false, danger = Cost)]
    last_access_tracking: Option<bool>,
    /// Which web pages of other hosts may call the blob service; five rules at most.
    #[prop(arm = "blob:properties.cors.corsRules", tf = "blob_properties.cors_rule", label = "CORS rules",
        service = Vec::new(), danger = Exposure, each = "cors_rule")]
    cors_rules: Option<Vec<BlobCorsRule>>,
    /// The version of the blob service that answers requests which name none (`2020-06-12`).
    #[prop(
        arm = "blob:properties.defaultServiceVersion",
        tf = "blob_properties.default_service_version"
    )]
    default_service_version: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

identity_setters!(impl StorageAccount);

impl StorageAccount {
    /// Encrypts with a key of a vault, through an identity that may use it (the role `Key Vault Crypto Service
    /// Encryption User`). The vault needs purge protection: without the key, the data is gone.
    #[track_caller]
    #[must_use]
    pub fn customer_key(
        mut self,
        key: impl Into<CustomerKey>,
        identity: impl Into<Ref<UserAssignedIdentity>>,
    ) -> Self {
        let (key, identity) = (key.into(), identity.into());
        for property in [Self::KEY_SOURCE, Self::KEY_NAME, Self::KEY_VAULT_URI, Self::KEY_IDENTITY]
        {
            self.meta.set_here(property.index());
        }
        self.key_source = Some(EncryptionKeySource::Vault);
        self.key_name = Some(key.name);
        self.key_version = key.version;
        self.key_vault_uri = Some(key.vault_uri);
        self.key_uri = Some(key.uri);
        self.key_identity = Some(identity.clone());
        self.identity(identity)
    }
}

/// An account's key is one of a vault, where it has an identity to use it.
fn say(account: &mut Saying<'_>) {
    account.construct("StorageAccount::new", &["name", "group", "sku"]);
    let pieces = ["key_vault_uri", "key_name", "key_identity"];
    let said = pieces.map(|property| account.expression(property));
    // The call gives the account the identity too, which a live one need not have.
    let identity = account.get("key_identity").and_then(Value::as_text);
    let given = match account.get("identities") {
        Some(Value::List(items)) => items.iter().any(|item| item.as_text() == identity),
        _ => false,
    };
    if let ([Some(vault), Some(key), Some(identity)], None, true) =
        (&said, account.get("key_version"), given && identity.is_some())
    {
        let call = format!(".customer_key(CustomerKey::existing({vault}, {key}), {identity})");
        account.call(call, &[&pieces[..], &["key_source"]].concat());
    }
    say_identities(account, false);
}

/// Endpoints lead to its blobs; the other services are reached through connections that name them (`file`, `queue`,
/// `table`, `dfs`, `web`).
impl PrivateLinkTarget for StorageAccount {
    const GROUP: &'static str = "blob";
    const ZONE: &'static str = "privatelink.blob.core.windows.net";
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let keys = stack.add(UserAssignedIdentity::new(name!("shop-files-id"), group));
    let archive = StorageAccount::new(name!("shoparchive"), group, StorageSku::StandardGrs)
        .hierarchical_namespace(true)
        .sftp(true)
        .local_users(true)
        .files_authentication(FilesAuthentication::entra_kerberos());
    stack.add(archive);
    let account = StorageAccount::new(name!("shopfiles"), group, StorageSku::StandardZrs)
        .access_tier(AccessTier::Hot)
        .public_network_access(true)
        .allowed_copy_scope(CopyScope::Tenant)
        .default_to_identity(true)
        .network_rules(
            StorageNetworkRules::new()
                .ip_rule("203.0.113.0/24")
                .bypass([StorageBypass::AzureServices]),
        )
        .routing(Routing::microsoft())
        .dns_endpoint_type(DnsEndpointType::Standard)
        .large_file_shares(true)
        .sas_policy(SasPolicy::new("1.00:00:00"))
        .key_expiration(90)
        .infrastructure_encryption(true)
        .customer_key(CustomerKey::existing("https://shop-kv.vault.azure.net/", "files"), keys)
        .queue_key_scope(KeyScope::Account)
        .table_key_scope(KeyScope::Account)
        .immutable_versions(true)
        .immutability(AccountImmutability::unlocked(30))
        .blob_versioning(true)
        .blob_soft_delete(Retention::days(30))
        .permanent_delete(false)
        .container_soft_delete(Retention::days(30))
        .change_feed(true)
        .change_feed_retention(60)
        .last_access_tracking(true)
        .cors_rule(BlobCorsRule::get_from("https://shop.example").max_age_seconds(3600))
        .default_service_version("2020-06-12")
        .tag("owner", "platform");
    stack.add(account).node()
}
