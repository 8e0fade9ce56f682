//! What a PostgreSQL flexible server is made of: versions, sizes, disks, and its blocks.

use std::borrow::Cow;

use crate::azure::UserAssignedIdentity;
use crate::dsl::Ref;
use crate::schema::codecs::ENABLED_DISABLED;
use crate::schema::{Kind, PropertyType, Variables, canons, rust};
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// A major version of PostgreSQL.
///
/// Supported ones are constants. One past its end of life needs a reason:
///
/// ```
/// use xat_infra::azure::PgVersion;
/// let old = PgVersion::end_of_life("13", "the reporting tool is being replaced");
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PgVersion {
    version: Cow<'static, str>,
    reason: Option<String>,
}

impl PgVersion {
    /// PostgreSQL 15, maintained until November 2027.
    pub const V15: PgVersion = PgVersion::supported("15");
    /// PostgreSQL 16, maintained until November 2028.
    pub const V16: PgVersion = PgVersion::supported("16");
    /// PostgreSQL 17, maintained until November 2029.
    pub const V17: PgVersion = PgVersion::supported("17");
    /// PostgreSQL 18, maintained until November 2030.
    pub const V18: PgVersion = PgVersion::supported("18");

    const fn supported(version: &'static str) -> Self {
        Self { version: Cow::Borrowed(version), reason: None }
    }

    /// A version that nobody mends any more, and why it is still wanted.
    pub fn end_of_life(version: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { version: Cow::Owned(version.into()), reason: Some(reason.into()) }
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for PgVersion {
    const KIND: &'static Kind = &Kind::Text(&canons::EXACT);
    fn into_value(self) -> Value {
        Value::literal(self.version)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let version = value.as_str()?;
        match version.split('.').next()?.parse::<u16>().ok()? {
            15..=18 if !version.contains('.') => Some(format!("PgVersion::V{version}")),
            ..15 => Some(format!(
                "PgVersion::end_of_life({}, \"it was found so\")",
                rust::literal(version)
            )),
            _ => None,
        }
    }
}

/// A server's machine: a tier and a size.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PgSku(String);

/// What a server's machine is good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PgTier {
    /// Trials: a little at a time, more in bursts.
    Burstable,
    /// Most databases.
    GeneralPurpose,
    /// Databases that should fit in memory.
    MemoryOptimized,
}

/// The burstable sizes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BurstableSize {
    /// 1 core, 2 GB.
    B1ms,
    /// 2 cores, 4 GB.
    B2s,
    /// 2 cores, 8 GB.
    B2ms,
    /// 4 cores, 16 GB.
    B4ms,
    /// 8 cores, 32 GB.
    B8ms,
}

impl PgSku {
    /// So many cores with 4 GB each: 2, 4, 8, 16, 32, 48, 64 or 96.
    pub fn general_purpose(cores: u16) -> Self {
        Self::named(PgTier::GeneralPurpose, &format!("Standard_D{cores}ds_v5"))
    }

    /// So many cores with 8 GB each: 2, 4, 8, 16, 20, 32, 48, 64 or 96.
    pub fn memory_optimized(cores: u16) -> Self {
        Self::named(PgTier::MemoryOptimized, &format!("Standard_E{cores}ds_v5"))
    }

    /// A small machine for trials.
    pub fn burstable(size: BurstableSize) -> Self {
        let size = match size {
            BurstableSize::B1ms => "Standard_B1ms",
            BurstableSize::B2s => "Standard_B2s",
            BurstableSize::B2ms => "Standard_B2ms",
            BurstableSize::B4ms => "Standard_B4ms",
            BurstableSize::B8ms => "Standard_B8ms",
        };
        Self::named(PgTier::Burstable, size)
    }

    /// Any other size, by the service's own word for it (`Standard_D2s_v3`).
    pub fn named(tier: PgTier, size: &str) -> Self {
        let short = match tier {
            PgTier::Burstable => "B",
            PgTier::GeneralPurpose => "GP",
            PgTier::MemoryOptimized => "MO",
        };
        Self(format!("{short}_{size}"))
    }

    /// Tier and size in one word (`GP_Standard_D2ds_v5`).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a tier and a size in one word are those of a small machine for trials.
    pub(crate) fn is_burstable(text: &str) -> bool {
        text.starts_with("B_")
    }

    /// What is wrong with a size of the series that the constructors offer, and with a word that is no size.
    pub(crate) fn problem(text: &str) -> Option<String> {
        const GENERAL: &[u16] = &[2, 4, 8, 16, 32, 48, 64, 96];
        const MEMORY: &[u16] = &[2, 4, 8, 16, 20, 32, 48, 64, 96];
        let in_series = |prefix: &str, cores: &[u16]| {
            let count = text.strip_prefix(prefix)?.strip_suffix("ds_v5")?;
            // Sizes with other letters behind the number (`D4ads_v5`) are of other series.
            let count = count.parse::<u16>().ok().filter(|count| !cores.contains(count))?;
            Some(format!("no machine of this series has {count} cores"))
        };
        if !["GP_Standard_", "MO_Standard_", "B_Standard_"]
            .iter()
            .any(|start| text.starts_with(start))
        {
            return Some(format!("`{text}` is not a tier and a size"));
        }
        in_series("GP_Standard_D", GENERAL).or_else(|| in_series("MO_Standard_E", MEMORY))
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for PgSku {
    const KIND: &'static Kind = &Kind::Text(&canons::CASE);
    fn into_value(self) -> Value {
        Value::from(self.0)
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let (short, size) = value.as_str()?.split_once('_')?;
        let cores = |prefix| size.strip_prefix(prefix)?.strip_suffix("ds_v5")?.parse::<u16>().ok();
        let tier = match short {
            "GP" => "GeneralPurpose",
            "MO" => "MemoryOptimized",
            "B" => "Burstable",
            _ => return None,
        };
        const BURSTABLE: [&str; 5] = ["B1ms", "B2s", "B2ms", "B4ms", "B8ms"];
        let small = size.strip_prefix("Standard_").filter(|size| BURSTABLE.contains(size));
        Some(match (short, cores("Standard_D"), cores("Standard_E"), small) {
            ("GP", Some(cores), ..) => format!("PgSku::general_purpose({cores})"),
            ("MO", _, Some(cores), _) => format!("PgSku::memory_optimized({cores})"),
            ("B", .., Some(size)) => format!("PgSku::burstable(BurstableSize::{size})"),
            _ => format!("PgSku::named(PgTier::{tier}, {})", rust::literal(size)),
        })
    }
}

/// A disk's performance tier. Below the size's own is not possible.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum StorageTier {
    /// 120 I/O operations a second.
    P4,
    /// 240 I/O operations a second.
    P6,
    /// 500 I/O operations a second.
    P10,
    /// 1,100 I/O operations a second.
    P15,
    /// 2,300 I/O operations a second.
    P20,
    /// 5,000 I/O operations a second.
    P30,
    /// 7,500 I/O operations a second.
    P40,
    /// 7,500 I/O operations a second, with more throughput.
    P50,
    /// 16,000 I/O operations a second.
    P60,
    /// 18,000 I/O operations a second.
    P70,
    /// 20,000 I/O operations a second.
    P80,
}

/// A kind of disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum StorageType {
    /// Premium SSD: its speed follows its size.
    #[choice("Premium_LRS")]
    Premium,
    /// Premium SSD v2: size, operations and throughput are bought apart.
    #[choice("PremiumV2_LRS")]
    PremiumV2,
    /// Ultra disk.
    #[choice("UltraSSD_LRS")]
    Ultra,
}

/// How a server comes to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum CreateMode {
    /// Empty.
    Default,
    /// Empty; the service's other word for it.
    Create,
    /// As an update of the server that is there.
    Update,
    /// From another server's past.
    PointInTimeRestore,
    /// From another region's backups.
    GeoRestore,
    /// As a follower of another server.
    Replica,
    /// From a server that was deleted.
    ReviveDropped,
}

/// A second server that stands by.
#[derive(Clone, Block)]
pub struct HighAvailability {
    /// Where it stands by.
    #[prop(arm = "mode", tf = "mode", danger = Cost)]
    mode: HighAvailabilityMode,
    /// The availability zone that it runs in.
    #[prop(arm = "standbyAvailabilityZone", tf = "standby_availability_zone")]
    standby_zone: Option<Text>,
}

/// Where a second server stands by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum HighAvailabilityMode {
    /// Nowhere: there is none.
    Disabled,
    /// In another availability zone.
    ZoneRedundant,
    /// In the same availability zone.
    SameZone,
}

/// When the service may restart a server to mend it.
#[derive(Clone, Block)]
#[block(private_new, import = super::sayings::say_window)]
pub struct MaintenanceWindow {
    /// Whether the window counts; otherwise the service chooses.
    #[prop(arm = "customWindow", codec = ENABLED_DISABLED, service = false)]
    custom: bool,
    /// The day of the week: 0 is Sunday, 6 Saturday.
    #[prop(arm = "dayOfWeek", tf = "day_of_week", service = 0)]
    day: u8,
    /// The hour at which the window opens, in UTC.
    #[prop(arm = "startHour", tf = "start_hour", service = 0)]
    hour: u8,
    /// The minute at which the window opens.
    #[prop(arm = "startMinute", tf = "start_minute", service = 0)]
    minute: u8,
}

impl MaintenanceWindow {
    /// An hour every week: the day (0 is Sunday), and when it opens, in UTC.
    #[must_use]
    pub fn weekly(day: u8, hour: u8, minute: u8) -> Self {
        Self::new(true, day, hour, minute)
    }

    /// Whenever the service finds fit.
    #[must_use]
    pub fn any_time() -> Self {
        Self::new(false, 0, 0, 0)
    }
}

/// How a server tells who its clients are.
#[derive(Clone, Block)]
pub struct ServerAuthentication {
    /// Whether by a password.
    #[prop(arm = "passwordAuth", tf = "password_auth_enabled", codec = ENABLED_DISABLED, service = true,
        danger = Downtime)]
    password: Option<bool>,
    /// Whether by a token of the directory.
    #[prop(arm = "activeDirectoryAuth", tf = "active_directory_auth_enabled", codec = ENABLED_DISABLED,
        service = false, danger = Downtime)]
    directory: Option<bool>,
    /// The directory's tenant (a GUID).
    #[prop(arm = "tenantId", tf = "tenant_id", canon = canons::CASE, service = Text::from(""))]
    tenant: Option<Text>,
}

/// Whose key a server's disk is encrypted with.
#[derive(Clone, Block)]
#[block(private_new, import = super::sayings::say_encryption)]
pub struct DataEncryption {
    /// Whether the key is the service's own or one of a vault.
    #[prop(arm = "type")]
    kind: EncryptionKeyType,
    /// The key's address in its vault.
    #[prop(arm = "primaryKeyURI", tf = "key_vault_key_id")]
    key: Option<Text>,
    /// The identity that may use the key.
    #[prop(arm = "primaryUserAssignedIdentityId", tf = "primary_user_assigned_identity_id")]
    identity: Option<Ref<UserAssignedIdentity>>,
    /// The address of the key for backups in the paired region.
    #[prop(arm = "geoBackupKeyURI", tf = "geo_backup_key_vault_key_id")]
    geo_backup_key: Option<Text>,
    /// The identity that may use the key for backups in the paired region.
    #[prop(arm = "geoBackupUserAssignedIdentityId", tf = "geo_backup_user_assigned_identity_id")]
    geo_backup_identity: Option<Ref<UserAssignedIdentity>>,
}

impl DataEncryption {
    /// Encryption with a key of one's own, by its address in a vault, through an identity that may use it.
    #[must_use]
    pub fn with_key(key: impl Into<Text>, identity: impl Into<Ref<UserAssignedIdentity>>) -> Self {
        Self::new(EncryptionKeyType::AzureKeyVault).key(key).identity(identity)
    }
}

/// Whose key encrypts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum EncryptionKeyType {
    /// The service's own.
    SystemManaged,
    /// One of a vault.
    AzureKeyVault,
}
