//! Backup instances: a PostgreSQL flexible server under the care of a backup vault.

use crate::azure::{
    BackupRedundancy, BackupSchedule, BackupSpan, BackupVault, FlexibleServer, PgBackupPolicy,
    PgVersion, Region, ResourceGroup, Role, RoleAssignment, Weekday,
};
use crate::dsl::{Handle, Meta, Name, Ref, Resource as _, Stack};
use crate::schema::{Codec, Saying};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A PostgreSQL flexible server that a backup vault copies, by a policy.
///
/// The vault's identity needs two roles first: [`Role::PostgreSqlFlexibleServerLongTermRetentionBackup`] over the server and [`Role::Reader`] over
/// its resource group. Nothing in the instance refers to them, so say `.depends_on(..)` for both. The vault must be in
/// the server's region; servers of up to one terabyte are supported.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DataProtection/backupVaults/backupInstances@2025-07-01",
    terraform = "azurerm_data_protection_backup_instance_postgresql_flexible_server",
    label = "postgres backup instance",
    scope = Child,
    holds_data,
    private_new,
    import = say,
    constant(arm = "properties.objectType", value = "BackupInstance"),
    constant(arm = "properties.dataSourceInfo.objectType", value = "Datasource"),
    constant(arm = "properties.dataSourceInfo.datasourceType", value = SERVER),
    constant(arm = "properties.dataSourceInfo.resourceType", value = SERVER),
    constant(arm = "properties.dataSourceSetInfo.objectType", value = "DatasourceSet"),
    constant(arm = "properties.dataSourceSetInfo.datasourceType", value = SERVER),
    constant(arm = "properties.dataSourceSetInfo.resourceType", value = SERVER),
    source = "https://learn.microsoft.com/azure/templates/microsoft.dataprotection/backupvaults/backupinstances"
)]
#[output(protection_state: Text, arm = "properties.currentProtectionState", tf = "protection_state",
    doc = "Whether the server is being copied (`ProtectionConfigured`).")]
pub struct PgBackupInstance {
    /// The instance's name, unique in its vault.
    #[name(
        len = 1..=100, chars = alphanumeric, and = "-_", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/templates/microsoft.dataprotection/backupvaults/backupinstances"
    )]
    name: Name<Self>,
    /// The vault.
    #[prop(tf = "vault_id", parent)]
    vault: Ref<BackupVault>,
    /// The server.
    #[prop(arm = "properties", tf = "server_id", codec = SERVER_ID, replace, danger = DataLoss)]
    server: Ref<FlexibleServer>,
    /// The server's name.
    #[prop(arm = "properties", codec = SERVER_NAME, replace, no_setter)]
    server_name: Option<Text>,
    /// The server's region; the vault's, unless said.
    #[prop(arm = "properties", tf = "location", codec = SERVER_LOCATION, inherited, replace)]
    location: Option<Region>,
    /// When the server is copied, and for how long copies are kept.
    #[prop(arm = "properties.policyInfo.policyId", tf = "backup_policy_id", danger = DataLoss)]
    policy: Ref<PgBackupPolicy>,
    /// What the portal calls it; as the instance itself, unless said.
    #[prop(arm = "properties.friendlyName", danger = Cosmetic)]
    friendly_name: Option<Text>,
    meta: Meta,
}

/// What a server is to Azure Backup.
const SERVER: &str = "Microsoft.DBforPostgreSQL/flexibleServers";

/// ARM wants what it copies said twice, as a source and as a set of one.
fn twice(keys: &[&'static str], value: &Value) -> Value {
    let info = Value::map(keys.iter().map(|key| (*key, value.clone())));
    Value::map([("dataSourceInfo", info.clone()), ("dataSourceSetInfo", info)])
}

static SERVER_ID: Codec = Codec {
    name: "source and set, by ID",
    encode: |value| twice(&["resourceID", "resourceUri"], value),
    decode: |value| value.at(&["dataSourceInfo", "resourceID"]).cloned(),
};

static SERVER_NAME: Codec = Codec {
    name: "source and set, by name",
    encode: |value| twice(&["resourceName"], value),
    decode: |value| value.at(&["dataSourceInfo", "resourceName"]).cloned(),
};

static SERVER_LOCATION: Codec = Codec {
    name: "region of source and set",
    encode: |value| twice(&["resourceLocation"], value),
    decode: |value| value.at(&["dataSourceInfo", "resourceLocation"]).cloned(),
};

impl PgBackupInstance {
    /// Puts a server under the care of a vault.
    #[track_caller]
    #[must_use]
    pub fn new(
        name: Name<Self>,
        vault: impl Into<Ref<BackupVault>>,
        server: Handle<FlexibleServer>,
        policy: impl Into<Ref<PgBackupPolicy>>,
    ) -> Self {
        let mut instance = Self::declare_new(name, vault, server, policy);
        instance.server_name = Some(server.name().into());
        instance
    }
}

/// The constructor takes the server's handle, and its name from there.
fn say(instance: &mut Saying<'_>) {
    let Some(server) = instance.variable("server", "id") else { return };
    let said = ["name", "vault", "policy"].map(|property| instance.expression(property));
    if let [Some(name), Some(vault), Some(policy)] = said {
        let server = &server.name;
        let new = format!("PgBackupInstance::new({name}, {vault}, {server}, {policy})");
        instance.construct_as(new, &["name", "vault", "policy", "server", "server_name"]);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let server = stack.add(FlexibleServer::public(name!("shop-pg"), group, PgVersion::V17));
    let vault = BackupVault::new(name!("shop-backups"), group, BackupRedundancy::ZoneRedundant);
    let vault = stack.add(vault);
    let schedule = BackupSchedule::weekly(Weekday::Sunday, 2, 30, BackupSpan::weeks(12));
    let policy = stack.add(PgBackupPolicy::new(name!("long-term"), vault, schedule));
    let copies = stack.add(RoleAssignment::new(
        Role::PostgreSqlFlexibleServerLongTermRetentionBackup,
        server,
        vault,
    ));
    let reads = stack.add(RoleAssignment::new(Role::Reader, group, vault));
    let instance = PgBackupInstance::new(name!("shop-pg"), vault, server, policy)
        .friendly_name("shop-pg")
        .depends_on(copies)
        .depends_on(reads);
    stack.add(instance).node()
}
