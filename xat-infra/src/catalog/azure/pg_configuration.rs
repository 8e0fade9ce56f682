//! Parameters of a PostgreSQL flexible server, and its connection pooler, PgBouncer.

use crate::azure::{FlexibleServer, PgSku, PgVersion, Region, ResourceGroup};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// A parameter of a PostgreSQL flexible server, set to another value than its own default.
///
/// Every parameter exists on every server, so that none can be deleted: one that is taken out of a stack keeps its value.
/// Set it to its default first. Many take effect only when the server is restarted.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DBforPostgreSQL/flexibleServers/configurations@2025-08-01",
    terraform = "azurerm_postgresql_flexible_server_configuration",
    label = "postgres parameter",
    scope = Child,
    one_by_one,
    undeletable,
    constant(arm = "properties.source", value = "user-override"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/configurations"
)]
pub struct PgConfiguration {
    /// The parameter (`log_min_duration_statement`).
    #[name(
        len = 1..=256, chars = alphanumeric, and = "-_.", start = Any, end = Any,
        source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/configurations"
    )]
    name: Name<Self>,
    /// The server.
    #[prop(tf = "server_id", parent)]
    server: Ref<FlexibleServer>,
    /// Its value, as PostgreSQL writes it (`on`, `250`).
    #[prop(arm = "properties.value", tf = "value", danger = Downtime)]
    value: Text,
    meta: Meta,
}

/// A parameter of the connection pooler that stands in front of a server, on port 6432. Burstable servers have none.
///
/// Source: <https://learn.microsoft.com/azure/postgresql/connectivity/concepts-pgbouncer>.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PgBouncer {
    /// Whether it runs.
    Enabled(bool),
    /// When a connection to the server is free for another client.
    PoolMode(PoolMode),
    /// How many connections each user keeps to each database: 1 to 4,950; 50, unless said.
    DefaultPoolSize(u16),
    /// How many clients may be connected: 1 to 50,000; 5,000, unless said.
    MaxClientConn(u16),
    /// How many connections are kept open although no one uses them: 0 to 4,950; none, unless said.
    MinPoolSize(u16),
    /// How many prepared statements it keeps for each client: 0 to 5,000; none, unless said.
    MaxPreparedStatements(u16),
    /// For how many seconds a query may wait for a connection: 0 to 86,400; 120, unless said.
    QueryWaitTimeout(u32),
    /// After how many idle seconds a connection is closed: 0 to 86,400; 600, unless said.
    ServerIdleTimeout(u32),
}

/// When a connection to the server is free for another client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PoolMode {
    /// When the client goes.
    Session,
    /// At the end of each transaction.
    Transaction,
    /// After each statement: transactions are impossible.
    Statement,
}

impl PgConfiguration {
    /// Parameters by which a server logs connections, checkpoints, waits for locks, temporary files and changes of tables. Where the logs go
    /// is the business of a diagnostic setting.
    ///
    /// Source: <https://learn.microsoft.com/azure/postgresql/server-parameters/param-reporting-and-logging-what-to-log>.
    #[track_caller]
    #[must_use]
    pub fn logs(server: Handle<FlexibleServer>) -> Vec<Self> {
        let mut parameters = Vec::with_capacity(LOGS.len());
        for (name, value) in LOGS {
            // No closure: the place that counts is the caller's.
            parameters.push(Self::new(Name::new(name), server, value));
        }
        parameters
    }

    /// A parameter of the connection pooler.
    #[track_caller]
    #[must_use]
    pub fn pgbouncer(server: impl Into<Ref<FlexibleServer>>, parameter: PgBouncer) -> Self {
        let (name, value): (&str, Text) = match parameter {
            PgBouncer::Enabled(on) => {
                ("pgbouncer.enabled", if on { "true" } else { "false" }.into())
            }
            PgBouncer::PoolMode(mode) => (
                "pgbouncer.pool_mode",
                match mode {
                    PoolMode::Session => "session",
                    PoolMode::Transaction => "transaction",
                    PoolMode::Statement => "statement",
                }
                .into(),
            ),
            PgBouncer::DefaultPoolSize(n) => ("pgbouncer.default_pool_size", n.into()),
            PgBouncer::MaxClientConn(n) => ("pgbouncer.max_client_conn", n.into()),
            PgBouncer::MinPoolSize(n) => ("pgbouncer.min_pool_size", n.into()),
            PgBouncer::MaxPreparedStatements(n) => ("pgbouncer.max_prepared_statements", n.into()),
            PgBouncer::QueryWaitTimeout(n) => ("pgbouncer.query_wait_timeout", n.into()),
            PgBouncer::ServerIdleTimeout(n) => ("pgbouncer.server_idle_timeout", n.into()),
        };
        Self::new(Name::new(name), server, value)
    }
}

/// What a server logs that somebody has to look into later: who came and went, what waited or spilled to the disk, what changed a
/// table. Of these a server logs few by itself.
const LOGS: [(&str, &str); 6] = [
    ("log_checkpoints", "on"),
    ("log_connections", "on"),
    ("log_disconnections", "on"),
    ("log_lock_waits", "on"),
    ("log_statement", "ddl"),
    ("log_temp_files", "0"),
];

/// What the pooler's numbers may be.
const RANGES: [(&str, i64, i64); 6] = [
    ("pgbouncer.default_pool_size", 1, 4950),
    ("pgbouncer.max_client_conn", 1, 50_000),
    ("pgbouncer.min_pool_size", 0, 4950),
    ("pgbouncer.max_prepared_statements", 0, 5000),
    ("pgbouncer.query_wait_timeout", 0, 86_400),
    ("pgbouncer.server_idle_timeout", 0, 86_400),
];

fn limits(check: &mut CheckContext<'_>) {
    const POOLER: &str =
        "https://learn.microsoft.com/azure/postgresql/server-parameters/concepts-server-parameters";
    let burstable = check.holder("sku").and_then(Value::as_str).is_some_and(PgSku::is_burstable);
    if burstable && check.text("name").is_some_and(|name| name.starts_with("pgbouncer.")) {
        let source = "https://learn.microsoft.com/azure/postgresql/connectivity/concepts-pgbouncer";
        let help = format!("choose another size for the server: {source}");
        check.report("name", "a burstable server has no connection pooler", help);
    }
    let (Some(name), Some(value)) = (check.text("name"), check.text("value")) else { return };
    let Some((_, least, most)) = RANGES.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))
    else {
        return;
    };
    if !value.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number)) {
        let what = format!("`{name}` cannot be `{value}`");
        check.report("value", what, format!("a number from {least} to {most}: {POOLER}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let server = FlexibleServer::public(name!("shop-pg"), group, PgVersion::V17);
    let server = stack.add(server.sku(PgSku::general_purpose(2)));
    stack.add(PgConfiguration::pgbouncer(server, PgBouncer::Enabled(true)));
    stack.add(PgConfiguration::pgbouncer(server, PgBouncer::PoolMode(PoolMode::Transaction)));
    stack.add(PgConfiguration::pgbouncer(server, PgBouncer::DefaultPoolSize(40)));
    let slow = PgConfiguration::new(name!("log_min_duration_statement"), server, 250);
    stack.add(slow).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn numbers_of_the_pooler() {
        let server = || Ref::<FlexibleServer>::existing("/subscriptions/s/servers/a");
        let with = |parameter| refused(PgConfiguration::pgbouncer(server(), parameter));
        assert_eq!(with(PgBouncer::Enabled(true)), [""; 0]);
        assert_eq!(with(PgBouncer::PoolMode(PoolMode::Session)), [""; 0]);
        assert_eq!(with(PgBouncer::DefaultPoolSize(4950)), [""; 0]);
        assert_eq!(with(PgBouncer::DefaultPoolSize(0)), ["value"]);
        assert_eq!(with(PgBouncer::MaxClientConn(50_001)), ["value"]);
        assert_eq!(with(PgBouncer::MinPoolSize(4951)), ["value"]);
        assert_eq!(with(PgBouncer::MaxPreparedStatements(5001)), ["value"]);
        assert_eq!(with(PgBouncer::QueryWaitTimeout(86_401)), ["value"]);
        assert_eq!(with(PgBouncer::ServerIdleTimeout(86_400)), [""; 0]);
        let text = PgConfiguration::new(name!("pgbouncer.max_client_conn"), server(), "many");
        assert_eq!(refused(text), ["value"]);
    }
}
