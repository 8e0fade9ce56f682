//! What a storage account is made of: redundancy, kinds, tiers, network rules, file sign-in, immutability.

use crate::azure::common::{ALLOWED_IPS, ALLOWED_SUBNETS};
use crate::dsl::AnyRef;
use crate::schema::{Codec, Set, canons};
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// How many copies of an account's data are kept, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum StorageSku {
    /// Three copies in one data centre.
    #[choice("Standard_LRS")]
    StandardLrs,
    /// One copy in each of three zones.
    #[choice("Standard_ZRS")]
    StandardZrs,
    /// Three copies in one data centre, three in the paired region.
    #[choice("Standard_GRS")]
    StandardGrs,
    /// The same, and those of the paired region can be read.
    #[choice("Standard_RAGRS")]
    StandardRagrs,
    /// One copy in each of three zones, three in the paired region.
    #[choice("Standard_GZRS")]
    StandardGzrs,
    /// The same, and those of the paired region can be read.
    #[choice("Standard_RAGZRS")]
    StandardRagzrs,
    /// Fast disks: three copies in one data centre.
    #[choice("Premium_LRS")]
    PremiumLrs,
    /// Fast disks: one copy in each of three zones.
    #[choice("Premium_ZRS")]
    PremiumZrs,
    /// File shares bought by size and speed: three copies in one data centre.
    #[choice("StandardV2_LRS")]
    StandardV2Lrs,
    /// File shares bought by size and speed: three copies in one data centre, three in the paired region.
    #[choice("StandardV2_GRS")]
    StandardV2Grs,
    /// File shares bought by size and speed: one copy in each of three zones.
    #[choice("StandardV2_ZRS")]
    StandardV2Zrs,
    /// File shares bought by size and speed: one copy in each of three zones, three in the paired region.
    #[choice("StandardV2_GZRS")]
    StandardV2Gzrs,
    /// Fast file shares bought by size and speed: three copies in one data centre.
    #[choice("PremiumV2_LRS")]
    PremiumV2Lrs,
    /// Fast file shares bought by size and speed: one copy in each of three zones.
    #[choice("PremiumV2_ZRS")]
    PremiumV2Zrs,
}

/// `StandardV2_ZRS` is a tier, a replication and a billing model in Terraform.
pub(crate) static TF_SKU: Codec = Codec {
    name: "tier, replication and billing model",
    encode: |value| {
        let Some((tier, replication)) = value.as_str().and_then(|sku| sku.split_once('_')) else {
            return value.clone();
        };
        let plain = tier.strip_suffix("V2");
        let mut arguments = vec![
            ("account_tier", Value::from(plain.unwrap_or(tier).to_owned())),
            ("account_replication_type", Value::from(replication.to_owned())),
        ];
        if plain.is_some() {
            arguments.push(("provisioned_billing_model_version", Value::literal("V2")));
        }
        Value::map(arguments)
    },
    decode: |block| {
        let word = |key: &str| block.at(&[key]).and_then(Value::as_str);
        let v2 = word("provisioned_billing_model_version").unwrap_or_default();
        let (tier, replication) = (word("account_tier")?, word("account_replication_type")?);
        Some(Value::from(format!("{tier}{v2}_{replication}")))
    },
};

/// What a storage account is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum StorageKind {
    /// Blobs, files, queues and tables.
    StorageV2,
    /// The same, as it was before tiers; for accounts that exist.
    Storage,
    /// Blobs with tiers and nothing else; for accounts that exist.
    BlobStorage,
    /// Blobs on fast disks.
    BlockBlobStorage,
    /// File shares bought by size.
    FileStorage,
}

/// How often blobs are expected to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum AccessTier {
    /// Often.
    Hot,
    /// Now and then; kept for 30 days at least.
    Cool,
    /// Rarely; kept for 90 days at least.
    Cold,
    /// From fast disks.
    Premium,
}

/// A version of TLS.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum StorageTls {
    /// 1.0, which is not safe.
    #[choice("TLS1_0")]
    V1_0,
    /// 1.1, which is not safe.
    #[choice("TLS1_1")]
    V1_1,
    /// 1.2.
    #[choice("TLS1_2")]
    V1_2,
    /// 1.3.
    #[choice("TLS1_3")]
    V1_3,
}

/// From where blobs may be copied into an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum CopyScope {
    /// From accounts of the same tenant.
    #[choice("AAD")]
    Tenant,
    /// From accounts with a private endpoint in the same network.
    PrivateLink,
    /// From anywhere.
    All,
}

/// Where an account's host names lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DnsEndpointType {
    /// In the one zone for all of Azure.
    Standard,
    /// In one of many zones.
    AzureDnsZone,
}

/// Whether the key that encrypts is the service's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum EncryptionKeySource {
    /// The service's own.
    #[choice("Microsoft.Storage")]
    Service,
    /// One of a vault.
    #[choice("Microsoft.Keyvault")]
    Vault,
}

/// Whose key encrypts one of the services.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum KeyScope {
    /// The service's own, always.
    Service,
    /// The account's, which may be one of a vault.
    Account,
}

/// Who may reach an account's public side.
#[derive(Clone, Block)]
pub struct StorageNetworkRules {
    /// What happens to everyone whom no rule names.
    #[prop(arm = "defaultAction", tf = "default_action", default = crate::azure::RuleAction::Deny,
        service = crate::azure::RuleAction::Allow, exposes = crate::azure::RuleAction::Allow)]
    default_action: crate::azure::RuleAction,
    /// Who may pass whatever the rules say.
    #[prop(arm = "bypass", tf = "bypass", codec = COMMA_LIST, default = Set(vec![StorageBypass::AzureServices]),
        service = Set(vec![StorageBypass::AzureServices]))]
    bypass: Set<StorageBypass>,
    /// Public addresses or ranges that may pass. Ranges of one or two addresses are written as addresses.
    #[prop(arm = "ipRules", tf = "ip_rules", codec = ALLOWED_IPS, canon = canons::CIDR, service = Set::default(),
        label = "IP rules", danger = Exposure, each = "ip_rule")]
    ip_rules: Option<Set<Text>>,
    /// Subnets that may pass, by their service endpoint.
    #[prop(arm = "virtualNetworkRules", tf = "virtual_network_subnet_ids", codec = ALLOWED_SUBNETS,
        service = Set::default(), danger = Exposure, each = "subnet")]
    subnets: Option<Set<AnyRef>>,
    /// Resources of other services that may pass with their own identity.
    #[prop(arm = "resourceAccessRules", tf = "private_link_access", key = "resource", service = Set::default(),
        danger = Exposure, each = "resource")]
    resources: Option<Set<ResourceAccess>>,
}

/// A resource of another service that may pass an account's network rules.
#[derive(Clone, Block)]
pub struct ResourceAccess {
    /// The resource's ID; its last name may be `*`.
    #[prop(arm = "resourceId", tf = "endpoint_resource_id", canon = canons::RESOURCE_ID)]
    resource: Text,
    /// Its tenant (a GUID).
    #[prop(arm = "tenantId", tf = "endpoint_tenant_id", canon = canons::CASE)]
    tenant: Option<Text>,
}

/// Who may pass an account's network rules whatever they say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum StorageBypass {
    /// Microsoft's own trusted services.
    AzureServices,
    /// Whoever reads the logs.
    Logging,
    /// Whoever reads the metrics.
    Metrics,
    /// No one; it stands alone.
    None,
}

/// Words that ARM writes into one text: `Logging, Metrics`.
pub(crate) static COMMA_LIST: Codec = Codec {
    name: "text with commas",
    encode: |value| match value {
        Value::List(words) => {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            Value::from(words.join(", "))
        }
        other => other.clone(),
    },
    decode: |value| {
        let words = value.as_str()?.split(',').map(|word| Value::from(word.trim().to_owned()));
        Some(Value::List(words.collect()))
    },
};

/// How traffic from the internet comes to an account.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct Routing {
    /// Whose network it takes for the most part.
    #[prop(arm = "routingChoice", tf = "choice", service = RoutingChoice::Microsoft)]
    choice: RoutingChoice,
    /// Whether there are host names that lead over Microsoft's network.
    #[prop(arm = "publishMicrosoftEndpoints", tf = "publish_microsoft_endpoints", service = false)]
    publish_microsoft: Option<bool>,
    /// Whether there are host names that lead over the internet.
    #[prop(arm = "publishInternetEndpoints", tf = "publish_internet_endpoints", service = false)]
    publish_internet: Option<bool>,
}

impl Routing {
    /// It enters Microsoft's network near the client.
    #[must_use]
    pub fn microsoft() -> Self {
        Self::new(RoutingChoice::Microsoft)
    }

    /// It stays on the internet until it is near the account.
    #[must_use]
    pub fn internet() -> Self {
        Self::new(RoutingChoice::Internet)
    }
}

/// Whose network traffic takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RoutingChoice {
    /// Microsoft's.
    #[choice("MicrosoftRouting")]
    Microsoft,
    /// The internet.
    #[choice("InternetRouting")]
    Internet,
}

/// A host name of one's own for an account's blobs.
#[derive(Clone, Block)]
pub struct CustomDomain {
    /// The host name.
    #[prop(arm = "name", tf = "name", canon = canons::URL)]
    name: Text,
    /// Whether it was proven by a helper name, which spares a gap; it counts while it is set up.
    #[prop(arm = "useSubDomainName", tf = "use_subdomain", write_only)]
    use_subdomain: Option<bool>,
}

/// For how long shared access signatures may be valid.
#[derive(Clone, Block)]
pub struct SasPolicy {
    /// The longest validity, as days, hours, minutes and seconds (`1.12:05:06`).
    #[prop(arm = "sasExpirationPeriod", tf = "expiration_period")]
    period: Text,
    /// What happens to those that are valid for longer.
    #[prop(arm = "expirationAction", tf = "expiration_action", default = SasAction::Log)]
    action: SasAction,
}

/// What happens to shared access signatures that are valid for too long.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SasAction {
    /// Their use is logged.
    Log,
    /// They are turned away.
    Block,
}

/// For how long the blobs of an account cannot be changed or deleted.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct AccountImmutability {
    /// Whether the policy holds, and whether it can be taken back.
    #[prop(arm = "state", tf = "state")]
    state: ImmutabilityState,
    /// The days, 1 to 146,000, that start when a blob is made.
    #[prop(
        arm = "immutabilityPeriodSinceCreationInDays",
        tf = "period_since_creation_in_days",
        unit = "days"
    )]
    days: u32,
    /// Whether more may be appended to append blobs all the same.
    #[prop(
        arm = "allowProtectedAppendWrites",
        tf = "allow_protected_append_writes",
        default = false,
        service = false
    )]
    append_writes: bool,
}

impl AccountImmutability {
    /// A policy that can be shortened and taken back.
    #[must_use]
    pub fn unlocked(days: u32) -> Self {
        Self::new(ImmutabilityState::Unlocked, days)
    }

    /// A policy that can only be lengthened, by anyone, ever. The service takes it only where it was unlocked before.
    #[must_use]
    pub fn locked(days: u32) -> Self {
        Self::new(ImmutabilityState::Locked, days)
    }

    /// A policy that does not hold yet.
    #[must_use]
    pub fn disabled(days: u32) -> Self {
        Self::new(ImmutabilityState::Disabled, days)
    }
}

/// Whether an immutability policy holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ImmutabilityState {
    /// It does not.
    Disabled,
    /// It does, and can be taken back.
    Unlocked,
    /// It does, for good.
    Locked,
}
