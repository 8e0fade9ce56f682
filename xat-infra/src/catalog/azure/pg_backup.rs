//! Backups of a PostgreSQL flexible server that are taken on demand.

use crate::azure::{FlexibleServer, PgSku, PgVersion, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A backup of a PostgreSQL flexible server, taken once, when it is applied (before a risky change, say).
///
/// It is kept as long as the server's own backups are, and no longer. Burstable servers take none on demand.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DBforPostgreSQL/flexibleServers/backups@2025-08-01",
    terraform = "azurerm_postgresql_flexible_server_backup",
    label = "postgres backup",
    scope = Child,
    one_by_one,
    holds_data,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/backups"
)]
#[output(completed: Text, arm = "properties.completedTime", tf = "completed_time",
    doc = "When it was complete, in UTC.")]
pub struct PgBackup {
    /// The backup's name, unique on its server.
    #[name(
        len = 1..=128, chars = alphanumeric, and = "-_.", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/backups"
    )]
    name: Name<Self>,
    /// The server.
    #[prop(tf = "server_id", parent)]
    server: Ref<FlexibleServer>,
    meta: Meta,
}

fn limits(check: &mut CheckContext<'_>) {
    if check.holder("sku").and_then(Value::as_str).is_some_and(PgSku::is_burstable) {
        let source = "https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-perform-on-demand-backup";
        let help = format!("choose another size for the server: {source}");
        check.report("server", "a burstable server takes no backups on demand", help);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let server = FlexibleServer::public(name!("shop-pg"), group, PgVersion::V17);
    let server = stack.add(server.sku(PgSku::general_purpose(2)));
    stack.add(PgBackup::new(name!("before-release-7"), server)).node()
}
