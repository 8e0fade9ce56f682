//! PostgreSQL flexible servers.

use std::collections::BTreeMap;

use crate::azure::common::{CLOSE_COMMA, NO_SPACES, identity_setters, say_identities};
use crate::azure::flexible_server_checks;
use crate::azure::flexible_server_origin::{
    ElasticCluster, PromoteMode, PromoteOption, ReplicationRole,
};
use crate::azure::flexible_server_parts::{
    CreateMode, DataEncryption, HighAvailability, HighAvailabilityMode, MaintenanceWindow, PgSku,
    PgVersion, ServerAuthentication, StorageTier, StorageType,
};
use crate::azure::{
    IdentityType, PostgresFlexibleServers, PrivateDnsZone, PrivateDnsZoneLink, PrivateLinkTarget,
    Region, ResourceGroup, Retention, ServerOrigin, Subnet, UserAssignedIdentity, VirtualNetwork,
};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS};
use crate::schema::{Codec, Fact, Saying, Set, canons};
use crate::value::{NodeRef, Secret, Text, Value};
use crate::{Resource, cidr, name};

/// A PostgreSQL flexible server.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01",
    terraform = "azurerm_postgresql_flexible_server",
    label = "postgres server",
    holds_data,
    private_new,
    check = flexible_server_checks::limits,
    import = say,
    fact = Fact::Logs,
    fact = Fact::Acts { through: &["encryption.key"], identity: "encryption.identity" },
    fact = Fact::Acts { through: &["encryption.geo_backup_key"], identity: "encryption.geo_backup_identity" },
    source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers"
)]
#[output(fqdn: Text, arm = "properties.fullyQualifiedDomainName", tf = "fqdn",
    doc = "The server's host name.")]
pub struct FlexibleServer {
    /// The server's name, unique in the whole cloud: it becomes a host name.
    #[name(
        len = 3..=63, chars = lower_alphanumeric, and = "-", start = Alphanumeric, end = Alphanumeric, global,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftdbforpostgresql"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The major version of PostgreSQL. It can only rise.
    #[prop(arm = "properties.version", tf = "version", danger = Downtime)]
    version: PgVersion,
    /// The machine's size. Changing it restarts the server.
    #[prop(arm = "sku", tf = "sku_name", codec = SKU, danger = Downtime)]
    sku: Option<PgSku>,
    /// The delegated subnet that the server lives in. It cannot be moved.
    #[prop(
        arm = "properties.network.delegatedSubnetResourceId",
        tf = "delegated_subnet_id",
        no_setter,
        replace
    )]
    subnet: Option<Ref<Subnet<PostgresFlexibleServers>>>,
    /// The private DNS zone in which clients find the server.
    #[prop(arm = "properties.network.privateDnsZoneArmResourceId", tf = "private_dns_zone_id",
        label = "private DNS zone", canon = canons::RESOURCE_ID, no_setter, danger = Downtime)]
    private_dns_zone: Option<Text>,
    /// Whether the server answers on the internet at all.
    #[prop(arm = "properties.network.publicNetworkAccess", tf = "public_network_access_enabled",
        codec = ENABLED_DISABLED, default = false, service = true, exposes = true, danger = Downtime)]
    public_network_access: bool,
    /// The administrator's name; fixed when the server is made.
    #[prop(arm = "properties.administratorLogin", tf = "administrator_login", replace)]
    admin_login: Option<Text>,
    /// The administrator's password.
    #[prop(arm = "properties.administratorLoginPassword", tf = "", tf_codec = PASSWORD_WO, write_only,
        danger = Downtime)]
    admin_password: Option<Secret>,
    /// How the server tells who its clients are.
    #[prop(arm = "properties.authConfig", tf = "authentication", danger = Exposure)]
    authentication: Option<ServerAuthentication>,
    /// The disk's size, in GB. It can only grow.
    #[prop(arm = "properties.storage.storageSizeGB", tf = "storage_mb", tf_codec = GB_AS_MB,
        label = "storage size", danger = Cost, unit = "GB")]
    storage_gb: Option<u32>,
    /// Whether the disk grows by itself when it is nearly full.
    #[prop(arm = "properties.storage.autoGrow", tf = "auto_grow_enabled", codec = ENABLED_DISABLED,
        label = "storage auto-grow", service = false, danger = Cost)]
    storage_autogrow: Option<bool>,
    /// The disk's performance tier; the size's own, unless said.
    #[prop(arm = "properties.storage.tier", tf = "storage_tier", danger = Cost)]
    storage_tier: Option<StorageTier>,
    /// The disk's I/O operations a second, for kinds of disk that sell them apart.
    #[prop(arm = "properties.storage.iops", label = "storage IOPS", danger = Cost)]
    storage_iops: Option<u32>,
    /// The disk's throughput in MB a second, for kinds of disk that sell it apart.
    #[prop(arm = "properties.storage.throughput", danger = Cost)]
    storage_throughput: Option<u32>,
    /// The kind of disk; fixed when the server is made.
    #[prop(arm = "properties.storage.type", replace, danger = Cost)]
    storage_type: Option<StorageType>,
    /// For how long backups are kept: 7 to 35 days. Shortening it drops the older ones.
    #[prop(arm = "properties.backup.backupRetentionDays", tf = "backup_retention_days",
        label = "backup retention", unit = "days", service = Retention::days(7), shrink = DataLoss)]
    backup: Option<Retention>,
    /// Whether backups are also kept in the paired region; fixed when the server is made.
    #[prop(arm = "properties.backup.geoRedundantBackup", tf = "geo_redundant_backup_enabled",
        label = "geo-redundant backup", codec = ENABLED_DISABLED, service = false, replace)]
    geo_redundant_backup: Option<bool>,
    /// Whether a second server stands by.
    #[prop(arm = "properties.highAvailability", tf = "high_availability", danger = Cost)]
    high_availability: Option<HighAvailability>,
    /// When the service may restart the server to mend it; any time, unless said.
    #[prop(arm = "properties.maintenanceWindow", tf = "maintenance_window")]
    maintenance_window: Option<MaintenanceWindow>,
    /// The availability zone that the server runs in. Later it changes by failover only.
    #[prop(arm = "properties.availabilityZone", tf = "zone", danger = Downtime)]
    zone: Option<Text>,
    /// Which identities the server has.
    #[prop(arm = "identity.type", tf = "identity.type", codec = CLOSE_COMMA, canon = NO_SPACES,
        service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identities that the server has beside its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// Whose key the disk is encrypted with; fixed when the server is made.
    #[prop(arm = "properties.dataEncryption", tf = "customer_managed_key", replace)]
    encryption: Option<DataEncryption>,
    /// How the server comes to be. The service forgets it at once.
    #[prop(arm = "properties.createMode", tf = "create_mode", write_only, no_setter)]
    pub(super) create_mode: Option<CreateMode>,
    /// The server that this one is restored from or follows.
    #[prop(
        arm = "properties.sourceServerResourceId",
        tf = "source_server_id",
        write_only,
        replace,
        no_setter
    )]
    pub(super) source_server: Option<Ref<FlexibleServer>>,
    /// The moment in the other server's past that this one is restored to, in UTC.
    #[prop(arm = "properties.pointInTimeUTC", tf = "point_in_time_restore_time_in_utc", canon = canons::DATE,
        write_only, replace, no_setter)]
    pub(super) point_in_time: Option<Text>,
    /// What becomes of a replica that is promoted.
    #[prop(arm = "properties.replica.promoteMode", write_only, no_setter, danger = Downtime)]
    pub(super) promote_mode: Option<PromoteMode>,
    /// Whether a replica catches up before it is promoted.
    #[prop(arm = "properties.replica.promoteOption", write_only, no_setter, danger = DataLoss)]
    pub(super) promote_option: Option<PromoteOption>,
    /// What the server is to others, as Terraform says it.
    #[prop(tf = "replication_role", no_setter)]
    pub(super) replication_role: Option<ReplicationRole>,
    /// The servers among which an elastic cluster spreads its tables; fixed when the server is made.
    #[prop(arm = "properties.cluster", tf = "cluster", replace, danger = DataLoss)]
    cluster: Option<ElasticCluster>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    pub(super) meta: Meta,
}

impl FlexibleServer {
    /// A server inside a network, out of the internet's reach.
    ///
    /// It takes the link rather than the zone: the service refuses a server whose zone is not linked yet, so
    /// the link must be there first. The stack still names one zone only once.
    #[track_caller]
    #[must_use]
    pub fn private(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        version: PgVersion,
        subnet: Handle<Subnet<PostgresFlexibleServers>>,
        zone_link: Handle<PrivateDnsZoneLink>,
    ) -> Self {
        let mut server = Self::of_version(name, group, version);
        server.subnet = Some(subnet.into());
        server.private_dns_zone = Some(zone_link.zone_id().into());
        server
    }

    /// A server on the internet, which answers those whom its firewall rules name.
    #[track_caller]
    #[must_use]
    pub fn public(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        version: PgVersion,
    ) -> Self {
        Self::of_version(name, group, version).public_network_access(true)
    }

    #[track_caller]
    fn of_version(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        version: PgVersion,
    ) -> Self {
        let reason = version.reason().map(str::to_owned);
        let mut server = Self::declare_new(name, group, version);
        if let Some(reason) = reason {
            server.meta.allow("end-of-life-version", reason);
        }
        server
    }
}

identity_setters!(impl FlexibleServer);

/// A server is inside a network or on the internet, and the constructors say which.
fn say(server: &mut Saying<'_>) {
    let inside = server
        .variable("subnet", "id")
        .filter(|subnet| subnet.argument == "PostgresFlexibleServers")
        .zip(server.get("private_dns_zone").and_then(Value::as_text))
        .and_then(|(subnet, zone)| {
            let link = server.variables.child(zone, "private_dns_zone_link")?;
            Some(format!("{}, {}", subnet.name, link.name))
        });
    let base = ["name", "group", "version"].map(|property| server.expression(property));
    if let ([Some(name), Some(group), Some(version)], Some(inside)) = (&base, inside) {
        let expression = format!("FlexibleServer::private({name}, {group}, {version}, {inside})");
        let says = ["name", "group", "version", "subnet", "private_dns_zone"];
        server.construct_as(expression, &says);
    } else if server.is("public_network_access", true) {
        server.construct("FlexibleServer::public", &["name", "group", "version"]);
        server.implies("public_network_access", true);
    }
    say_identities(server, false);
}

/// Tiers: the service's word, and the one that Terraform puts in front of the size.
const TIERS: [(&str, &str); 3] =
    [("GeneralPurpose", "GP"), ("MemoryOptimized", "MO"), ("Burstable", "B")];

/// `GP_Standard_D2ds_v5` as a tier and a size.
static SKU: Codec = Codec {
    name: "tier and size",
    encode: |value| {
        let found = value.as_str().and_then(|text| {
            let (short, size) = text.split_once('_')?;
            let (tier, _) = TIERS.iter().find(|(_, s)| s.eq_ignore_ascii_case(short))?;
            Some(Value::map([
                ("name", Value::from(size.to_owned())),
                ("tier", Value::literal(*tier)),
            ]))
        });
        found.unwrap_or_else(|| value.clone())
    },
    decode: |value| {
        let (size, tier) = (value.at(&["name"])?.as_str()?, value.at(&["tier"])?.as_str()?);
        let (_, short) = TIERS.iter().find(|(t, _)| t.eq_ignore_ascii_case(tier))?;
        Some(Value::from(format!("{short}_{size}")))
    },
};

/// Terraform wants a version beside a write-only password, and none where there is no password.
static PASSWORD_WO: Codec = Codec {
    name: "write-only argument with its version",
    encode: |value| {
        Value::map([
            ("administrator_password_wo", value.clone()),
            ("administrator_password_wo_version", Value::Int(1)),
        ])
    },
    decode: |value| value.at(&["administrator_password_wo"]).cloned(),
};

/// Gigabytes that Terraform counts as megabytes.
static GB_AS_MB: Codec = Codec {
    name: "GB as MB",
    encode: |value| {
        value.as_int().map_or_else(|| value.clone(), |gb| Value::Int(gb.saturating_mul(1024)))
    },
    decode: |value| value.as_int().filter(|mb| mb % 1024 == 0).map(|mb| Value::Int(mb / 1024)),
};

/// Endpoints lead to servers that are not in a network of their own.
impl PrivateLinkTarget for FlexibleServer {
    const GROUP: &'static str = "postgresqlServer";
    const ZONE: &'static str = "privatelink.postgres.database.azure.com";
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.20.0.0/16")));
    let data =
        Subnet::delegated_to(PostgresFlexibleServers, name!("data"), net, cidr!("10.20.2.0/24"));
    let data = stack.add(data);
    let zone = PrivateDnsZone::new(name!("shop.private.postgres.database.azure.com"), group);
    let zone = stack.add(zone);
    let link = stack.add(PrivateDnsZoneLink::new(name!("shop-net"), zone, net));
    let keys = stack.add(UserAssignedIdentity::new(name!("shop-pg-id"), group));
    let source = stack.add(FlexibleServer::public(name!("shop-pg-old"), group, PgVersion::V17));
    let follower = FlexibleServer::public(name!("shop-pg-reports"), group, PgVersion::V17)
        .origin(ServerOrigin::replica_of(source))
        .promoted(PromoteOption::Planned);
    stack.add(follower);
    stack.add(
        FlexibleServer::public(name!("shop-pg-wide"), group, PgVersion::V17)
            .cluster(ElasticCluster::new(2).default_database("orders")),
    );
    let server = FlexibleServer::private(name!("shop-pg"), group, PgVersion::V17, data, link)
        .sku(PgSku::general_purpose(2))
        .admin_login("shopadmin")
        .admin_password(Secret::generated("shop-pg-admin"))
        .authentication(ServerAuthentication::new().password(true).directory(false))
        .storage_gb(128)
        .storage_autogrow(true)
        .storage_tier(StorageTier::P10)
        .backup(Retention::weeks(4))
        .geo_redundant_backup(true)
        .high_availability(
            HighAvailability::new(HighAvailabilityMode::ZoneRedundant).standby_zone("2"),
        )
        .maintenance_window(MaintenanceWindow::weekly(0, 3, 30))
        .zone("1")
        .identity(keys)
        .encryption(DataEncryption::with_key("https://shop-kv.vault.azure.net/keys/pg/1", keys))
        .origin(ServerOrigin::point_in_time(source, "2026-01-31T03:04:05Z"))
        .tag("owner", "platform");
    stack.add(server).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::BurstableSize;

    #[test]
    fn a_size_is_one_word_here_and_two_there() {
        for (sku, size, tier) in [
            (PgSku::general_purpose(2), "Standard_D2ds_v5", "GeneralPurpose"),
            (PgSku::memory_optimized(8), "Standard_E8ds_v5", "MemoryOptimized"),
            (PgSku::burstable(BurstableSize::B1ms), "Standard_B1ms", "Burstable"),
        ] {
            let declared = Value::from(sku.as_str().to_owned());
            let sent = (SKU.encode)(&declared);
            assert_eq!(sent.at(&["name"]).and_then(Value::as_str), Some(size));
            assert_eq!(sent.at(&["tier"]).and_then(Value::as_str), Some(tier));
            assert_eq!((SKU.decode)(&sent).as_ref().and_then(Value::as_str), declared.as_str());
        }
        assert!(PgSku::problem(PgSku::general_purpose(3).as_str()).is_some());
        assert!(PgSku::problem(PgSku::general_purpose(96).as_str()).is_none());
        assert!(PgSku::problem("GP_Standard_D4ads_v5").is_none());
        assert!(PgSku::problem("Standard_D2s_v3").is_some());
    }
}
