//! Cloud SQL instances for PostgreSQL.

use super::verbs::NAMED;
use crate::schema::{Update, Verbs};
use std::collections::BTreeMap;

use super::common::labels;
use super::references::REFERENCE;
use super::sql_instance_checks::{limits, replica};
use super::sql_instance_parts::{
    FLAGS, PRIMARY, RETAINED, SqlActivation, SqlAuthorizedNetwork, SqlAvailability, SqlConnectors,
    SqlDisk, SqlInsights, SqlInstanceKind, SqlMaintenance, SqlPasswordPolicy, SqlPricing,
    SqlQuietPeriod, SqlServerCa, SqlTls, SqlTrack, TF_PROTECTION, TF_RETAINED, say,
};
use super::sql_machine::{PostgresVersion, SqlEdition, SqlTier};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::gcp::{GlobalAddress, Location, Network, PROVIDER, ServiceConnection};
use crate::schema::codecs::{INT_AS_TEXT, ONE_IN_LIST};
use crate::schema::{DeclaredBlock, Fact, Set};
use crate::value::{NodeRef, Secret, Text, Value};
use crate::{Resource, name};

/// A Cloud SQL instance that runs PostgreSQL: encrypted connections only, daily backups with the logs in between, and
/// protected against deletion, unless the stack says otherwise.
///
/// ```
/// use xat_infra::gcp::prelude::*;
/// # fn stack(stack: &mut Stack, connection: Handle<ServiceConnection>) {
/// let instance = SqlInstance::private(name!("shop"), PostgresVersion::V17, SqlTier::custom(2, 7680), connection)
///     .availability(SqlAvailability::Regional)
///     .retained_backups(14)
///     .flag("max_connections", "200")
///     .iam_authentication();
/// stack.add(instance);
/// # }
/// ```
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "sqladmin.googleapis.com/Instance@v1",
    id = "//cloudsql.googleapis.com/projects/{gcp.project}/instances/{name}",
    fact = Fact::Accepts(connections),
    terraform = "google_sql_database_instance",
    label = "SQL instance",
    scope = Root,
    verbs = Verbs {
        updates: &[Update { carries: &["settings.settingsVersion"], ..Update::MERGE }],
        ..NAMED
    },
    holds_data,
    fact = Fact::GuardedBy(&["deletion_protection"]),
    private_new,
    check = limits,
    check = replica,
    check = labels,
    import = say,
    source = "https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances"
)]
#[output(connection_name: Text, rest = "connectionName", tf = "connection_name",
    made = "{gcp.project}:{region}:{name}",
    doc = "Its name for connectors, the proxy and sockets, `project:region:instance`.")]
#[output(address: Text, rest = "ipAddresses.0.ipAddress", tf = "first_ip_address",
    doc = "Its first address: the private one, unless it has a public one too.")]
#[output(service_account: Text, rest = "serviceAccountEmailAddress", tf = "service_account_email_address",
    doc = "The address of the account as which it reads and writes buckets.")]
pub struct SqlInstance {
    /// The instance's name, unique in its project, and for a week after its deletion. With the project's it has at most
    /// 97 characters.
    #[name(
        len = 1..=97, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/sql/docs/postgres/instance-settings#instance-id-2ndgen"
    )]
    name: Name<Self>,
    /// The region.
    #[prop(rest = "region", tf = "region", parameter = "gcp.region", replace)]
    region: Option<Location>,
    /// The major version of PostgreSQL. It can only rise.
    #[prop(rest = "databaseVersion", tf = "database_version", danger = Downtime)]
    version: PostgresVersion,
    /// What it is to others.
    #[prop(rest = "instanceType", service = SqlInstanceKind::Primary, no_setter, danger = Downtime)]
    kind: Option<SqlInstanceKind>,
    /// The instance of which it is a read replica. Without one it is promoted, and no replica any more.
    #[prop(rest = "masterInstanceName", tf = "master_instance_name", codec = PRIMARY, via = "name", label = "replica of",
        no_setter, danger = Downtime)]
    primary: Option<Ref<SqlInstance>>,
    /// The machine. Changing it restarts the instance.
    #[prop(rest = "settings.tier", tf = "settings.tier", danger = Downtime)]
    tier: SqlTier,
    /// The edition, which goes with the machine.
    #[prop(rest = "settings.edition", tf = "settings.edition", default = SqlEdition::Enterprise, danger = Downtime)]
    edition: SqlEdition,
    /// Whether a second machine stands by.
    #[prop(rest = "settings.availabilityType", tf = "settings.availability_type",
        service = SqlAvailability::Zonal, danger = Downtime)]
    availability: Option<SqlAvailability>,
    /// How it is paid.
    #[prop(rest = "settings.pricingPlan", tf = "settings.pricing_plan", service = SqlPricing::PerUse, danger = Cost)]
    pricing: Option<SqlPricing>,
    /// Whether it runs.
    #[prop(rest = "settings.activationPolicy", tf = "settings.activation_policy",
        service = SqlActivation::Always, danger = Downtime)]
    activation: Option<SqlActivation>,
    /// The zone of the region that it runs in.
    #[prop(rest = "settings.locationPreference.zone", tf = "settings.location_preference.zone", danger = Downtime)]
    zone: Option<Text>,
    /// The zone in which a second machine stands by.
    #[prop(rest = "settings.locationPreference.secondaryZone", tf = "settings.location_preference.secondary_zone",
        danger = Downtime)]
    standby_zone: Option<Text>,
    /// The kind of disk; fixed when the instance is made.
    #[prop(rest = "settings.dataDiskType", tf = "settings.disk_type", service = SqlDisk::Ssd, replace)]
    disk: Option<SqlDisk>,
    /// The disk's size in GB, from 10 on. It can only grow, and does so by itself: what is live is not compared.
    #[prop(rest = "settings.dataDiskSizeGb", tf = "settings.disk_size", codec = INT_AS_TEXT, label = "disk size",
        unit = "GB", by_record, danger = Cost)]
    disk_gb: Option<u32>,
    /// Whether the disk grows by itself when it is nearly full.
    #[prop(rest = "settings.storageAutoResize", tf = "settings.disk_autoresize", label = "disk auto-grow",
        default = true, service = true, danger = Downtime)]
    disk_autogrow: bool,
    /// Up to how many GB the disk grows by itself; 0 is no limit.
    #[prop(rest = "settings.storageAutoResizeLimit", tf = "settings.disk_autoresize_limit", codec = INT_AS_TEXT,
        label = "disk auto-grow limit", unit = "GB", service = 0)]
    disk_limit_gb: Option<u32>,
    /// Whether there are daily backups.
    #[prop(rest = "settings.backupConfiguration.enabled", tf = "settings.backup_configuration.enabled",
        default = true, service = false, danger = DataLoss)]
    backups: bool,
    /// Whether every moment between backups can be restored too.
    #[prop(rest = "settings.backupConfiguration.pointInTimeRecoveryEnabled",
        tf = "settings.backup_configuration.point_in_time_recovery_enabled", default = true, service = false,
        danger = DataLoss)]
    point_in_time_recovery: bool,
    /// When a day's backup may start, in UTC (`03:00`): some time in the four hours that follow.
    #[prop(
        rest = "settings.backupConfiguration.startTime",
        tf = "settings.backup_configuration.start_time"
    )]
    backup_start: Option<Text>,
    /// Where backups are kept: a region, or several (`eu`).
    #[prop(
        rest = "settings.backupConfiguration.location",
        tf = "settings.backup_configuration.location"
    )]
    backup_location: Option<Location>,
    /// How many daily backups are kept: 1 to 365. Fewer drop the older ones.
    #[prop(rest = "settings.backupConfiguration.backupRetentionSettings",
        tf = "settings.backup_configuration.backup_retention_settings", codec = RETAINED, tf_codec = TF_RETAINED,
        service = 7, shrink = DataLoss)]
    retained_backups: Option<u16>,
    /// For how many days every moment can be restored: 1 to 7, and up to 35 with Enterprise Plus.
    #[prop(rest = "settings.backupConfiguration.transactionLogRetentionDays",
        tf = "settings.backup_configuration.transaction_log_retention_days", label = "log retention", unit = "days",
        shrink = DataLoss)]
    log_retention_days: Option<u16>,
    /// Whether its backups outlive it.
    #[prop(rest = "settings.retainBackupsOnDelete", tf = "settings.retain_backups_on_delete", service = false,
        danger = DataLoss)]
    retain_backups_on_delete: Option<bool>,
    /// When the service may restart it to mend it; any time, unless said.
    #[prop(rest = "settings.maintenanceWindow", tf = "settings.maintenance_window")]
    maintenance_window: Option<SqlMaintenance>,
    /// The maintenance version that it should have, where the service offers a newer one than it has
    /// (`POSTGRES_17_5.R20250727.00_00`). It can only rise.
    #[prop(rest = "maintenanceVersion", tf = "maintenance_version", danger = Downtime)]
    maintenance_version: Option<Text>,
    /// Days on which the service does not restart it.
    #[prop(rest = "settings.denyMaintenancePeriods", tf = "settings.deny_maintenance_period", codec = ONE_IN_LIST)]
    quiet_period: Option<SqlQuietPeriod>,
    /// PostgreSQL's own settings that are not as Cloud SQL has them. Some restart the instance.
    #[prop(rest = "settings.databaseFlags", tf = "settings.database_flags", codec = FLAGS, tf_codec = FLAGS, tf_blocks,
        each = "flag", danger = Downtime)]
    flags: Option<BTreeMap<String, Text>>,
    /// Whether it has an address on the internet.
    #[prop(rest = "settings.ipConfiguration.ipv4Enabled", tf = "settings.ip_configuration.ipv4_enabled",
        label = "public IP", default = false, service = true, exposes = true, danger = Downtime)]
    public_ip: bool,
    /// The network in which it has a private address, by name; [`private`](Self::private) takes it from the connection.
    /// Once there is one, it cannot be moved.
    #[prop(rest = "settings.ipConfiguration.privateNetwork", tf = "settings.ip_configuration.private_network",
        canon = REFERENCE, replace)]
    private_network: Option<Text>,
    /// The range of the network from which its private address is taken; any that is kept free, unless said.
    #[prop(
        rest = "settings.ipConfiguration.allocatedIpRange",
        tf = "settings.ip_configuration.allocated_ip_range",
        label = "allocated range",
        via = "name",
        replace
    )]
    allocated_range: Option<Ref<GlobalAddress>>,
    /// Whether other Google services, such as BigQuery, reach it by its private address.
    #[prop(
        rest = "settings.ipConfiguration.enablePrivatePathForGoogleCloudServices",
        tf = "settings.ip_configuration.enable_private_path_for_google_cloud_services",
        label = "private path",
        service = false
    )]
    private_path: Option<bool>,
    /// The ranges on the internet that may reach its public address.
    #[prop(rest = "settings.ipConfiguration.authorizedNetworks", tf = "settings.ip_configuration.authorized_networks",
        key = "range", each = "authorized_network", danger = Exposure)]
    authorized_networks: Option<Set<SqlAuthorizedNetwork>>,
    /// Whether connections are encrypted.
    #[prop(rest = "settings.ipConfiguration.sslMode", tf = "settings.ip_configuration.ssl_mode", label = "TLS",
        default = SqlTls::EncryptedOnly, service = SqlTls::Optional, exposes = SqlTls::Optional, danger = Downtime)]
    tls: SqlTls,
    /// Who signs its own certificate.
    #[prop(rest = "settings.ipConfiguration.serverCaMode", tf = "settings.ip_configuration.server_ca_mode",
        label = "server CA", service = SqlServerCa::OfInstance, danger = Downtime)]
    server_ca: Option<SqlServerCa>,
    /// Whether clients must come by a connector or the proxy.
    #[prop(rest = "settings.connectorEnforcement", tf = "settings.connector_enforcement",
        service = SqlConnectors::NotRequired, danger = Downtime)]
    connectors: Option<SqlConnectors>,
    /// What the service notes about queries.
    #[prop(rest = "settings.insightsConfig", tf = "settings.insights_config")]
    insights: Option<SqlInsights>,
    /// What passwords of built-in users must be.
    #[prop(rest = "settings.passwordValidationPolicy", tf = "settings.password_validation_policy")]
    password_policy: Option<SqlPasswordPolicy>,
    /// Whether it keeps data on a fast local disk too; with Enterprise Plus only.
    #[prop(rest = "settings.dataCacheConfig.dataCacheEnabled", tf = "settings.data_cache_config.data_cache_enabled",
        service = false, danger = Downtime)]
    data_cache: Option<bool>,
    /// Whether the service refuses to delete it.
    #[prop(rest = "settings.deletionProtectionEnabled", tf = "", tf_codec = TF_PROTECTION, default = true,
        service = false, danger = DataLoss)]
    deletion_protection: bool,
    /// The key that its disk is encrypted with, by name; Google's own unless said.
    #[prop(rest = "diskEncryptionConfiguration.kmsKeyName", tf = "encryption_key_name", canon = REFERENCE, replace)]
    kms_key: Option<Text>,
    /// The password of the user `postgres`, who then can sign in. Terraform would keep it: there, say
    /// `SqlUser::built_in("postgres", ..)` instead.
    #[prop(rest = "rootPassword", tf = "root_password", write_only, danger = Downtime)]
    root_password: Option<Secret>,
    /// Labels for people and for cost reports.
    #[prop(rest = "settings.userLabels", tf = "settings.user_labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl SqlInstance {
    /// The flag by which users and service accounts sign in as themselves.
    pub const IAM_AUTHENTICATION: &str = "cloudsql.iam_authentication";

    /// An instance inside a network, out of the internet's reach.
    ///
    /// It takes the network's connection to Google's services rather than the network: the service refuses an
    /// instance before there is one.
    #[track_caller]
    #[must_use]
    pub fn private(
        name: Name<Self>,
        version: PostgresVersion,
        tier: SqlTier,
        connection: Handle<ServiceConnection>,
    ) -> Self {
        let mut instance = Self::of_version(name, version, tier);
        instance.private_network = Some(connection.network_id().into());
        instance
    }

    /// An instance on the internet. Only those reach it whom [`authorized_network`](Self::authorized_network) names, and
    /// connectors and the proxy for whom the project's policy has a role.
    #[track_caller]
    #[must_use]
    pub fn public(name: Name<Self>, version: PostgresVersion, tier: SqlTier) -> Self {
        Self::of_version(name, version, tier).public_ip(true)
    }

    /// Lets users and service accounts sign in as themselves, without a password.
    #[track_caller]
    #[must_use]
    pub fn iam_authentication(self) -> Self {
        self.flag(Self::IAM_AUTHENTICATION, "on")
    }

    /// Makes it a read replica: everything in the other instance can be read in it too, moments later, and nothing written. It has
    /// the other's version, databases and users, and no backups of its own; its network and machine it says itself.
    ///
    /// Replicas are for reading: none stands in when the primary fails, unless somebody promotes it.
    /// <https://cloud.google.com/sql/docs/postgres/replication>
    ///
    /// ```
    /// use xat_infra::gcp::prelude::*;
    /// # fn stack(stack: &mut Stack, connection: Handle<ServiceConnection>, shop: Handle<SqlInstance>) {
    /// let tier = SqlTier::custom(2, 7680);
    /// let reports = SqlInstance::private(name!("shop-reports"), PostgresVersion::V17, tier, connection).replica_of(shop);
    /// stack.add(reports);
    /// # }
    /// ```
    #[track_caller]
    #[must_use]
    pub fn replica_of(mut self, primary: impl Into<Ref<SqlInstance>>) -> Self {
        self.meta.set_here(Self::PRIMARY.index());
        self.meta.set_here(Self::KIND.index());
        self.primary = Some(primary.into());
        self.kind = Some(SqlInstanceKind::ReadReplica);
        self.backups(false).point_in_time_recovery(false)
    }

    #[track_caller]
    fn of_version(name: Name<Self>, version: PostgresVersion, tier: SqlTier) -> Self {
        let reason = version.reason().map(str::to_owned);
        let mut instance = Self::declare_new(name, version, tier);
        if let Some(reason) = reason {
            instance.meta.allow("end-of-life-version", reason);
        }
        instance
    }
}

/// How many connections it takes: what its flags say, else by its machine.
fn connections(instance: &DeclaredBlock<'_>) -> Option<i64> {
    let said = instance.get("flags").and_then(|flags| flags.at(&["max_connections"]));
    if let Some(said) = said.and_then(Value::as_str) {
        return said.parse().ok();
    }
    SqlTier::named(instance.text("tier")?).connections().map(i64::from)
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")));
    let range = stack.add(GlobalAddress::for_peering(name!("shop-services"), network, 20));
    let connection = stack.add(ServiceConnection::new(network, [Ref::from(range)]));
    let tier = SqlTier::performance_optimized(4);
    let instance = SqlInstance::private(name!("shop"), PostgresVersion::V17, tier, connection)
        .region(Location::EUROPE_WEST4)
        .edition(SqlEdition::EnterprisePlus)
        .availability(SqlAvailability::Regional)
        .pricing(SqlPricing::PerUse)
        .activation(SqlActivation::Always)
        .zone("europe-west4-a")
        .standby_zone("europe-west4-b")
        .disk(SqlDisk::Ssd)
        .disk_gb(100)
        .disk_limit_gb(500)
        .backup_start("03:00")
        .backup_location(Location::named("eu"))
        .retained_backups(30)
        .log_retention_days(14)
        .retain_backups_on_delete(true)
        .maintenance_window(SqlMaintenance::new(7, 4).track(SqlTrack::Stable))
        .maintenance_version("POSTGRES_17_5.R20250727.00_00")
        .quiet_period(SqlQuietPeriod::new("11-20", "12-31"))
        .flag("max_connections", "400")
        .iam_authentication()
        .public_ip(true)
        .authorized_network(
            SqlAuthorizedNetwork::new("203.0.113.0/24")
                .name("office")
                .expires("2027-01-01T00:00:00Z"),
        )
        .allocated_range(range)
        .private_path(true)
        .tls(SqlTls::ClientCertificate)
        .server_ca(SqlServerCa::Shared)
        .connectors(SqlConnectors::Required)
        .insights(
            SqlInsights::new()
                .plans_per_minute(10)
                .query_length(2048)
                .application_tags(true)
                .client_address(true),
        )
        .password_policy(
            SqlPasswordPolicy::new()
                .least_length(16)
                .complex(true)
                .no_reuse(5)
                .without_user_name(true)
                .change_interval(3600),
        )
        .data_cache(true)
        .kms_key("projects/shop-keys/locations/europe-west4/keyRings/data/cryptoKeys/shop")
        .label("owner", "platform");
    stack.add(instance).node()
}
