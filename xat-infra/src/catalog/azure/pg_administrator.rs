//! Administrators of a PostgreSQL flexible server who sign in with an identity of the directory.

use crate::azure::common::inner;
use crate::azure::{FlexibleServer, PgVersion, Region, ResourceGroup, ServerAuthentication};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, name};

/// An administrator of a PostgreSQL flexible server, signed in by the directory (Microsoft Entra) and not by a password.
///
/// It is called by its object ID, which must be known: the service makes the ID part of the administrator's own. A
/// group is best, since its members change without a change of the server. The server must let the directory sign in.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01",
    terraform = "azurerm_postgresql_flexible_server_active_directory_administrator",
    label = "postgres administrator",
    scope = Child,
    one_by_one,
    tf_ancestor(attr = "resource_group_name", arm = "Microsoft.Resources/resourceGroups", output = "name"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/administrators"
)]
pub struct PgAdministrator {
    /// The object ID of the administrator in the directory (a GUID).
    #[name(
        len = 36..=36, chars = alphanumeric, and = "-",
        source = "https://learn.microsoft.com/azure/postgresql/security/security-entra-configure"
    )]
    #[prop(tf = "object_id")]
    object_id: Name<Self>,
    /// The server.
    #[prop(tf = "server_name", tf_ref = "name", parent)]
    server: Ref<FlexibleServer>,
    /// What the administrator is called in the directory, which is the user's name in the database too.
    #[prop(arm = "properties.principalName", tf = "principal_name", replace, danger = Exposure)]
    principal: Text,
    /// What kind of principal that is.
    #[prop(arm = "properties.principalType", tf = "principal_type", replace, danger = Exposure)]
    kind: PgPrincipalType,
    /// The tenant of the directory (a GUID); the stack's, unless said.
    #[prop(arm = "properties.tenantId", tf = "tenant_id", canon = canons::CASE, parameter = "azure.tenant",
        write_only, replace)]
    tenant: Option<Text>,
    meta: Meta,
}

/// What kind of principal an administrator is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PgPrincipalType {
    /// A person.
    User,
    /// A group of the directory.
    Group,
    /// An application or a managed identity.
    ServicePrincipal,
}

fn limits(check: &mut CheckContext<'_>) {
    let directory = check
        .holder("authentication")
        .and_then(|block| inner::<ServerAuthentication>(block, "directory"));
    if let Some(Value::Bool(false)) = directory {
        let what = "the server does not let the directory sign anyone in";
        let source =
            "https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts";
        let help = format!("turn `directory(true)` on in its authentication: {source}");
        check.report("server", what, help);
    }
    let id = check.text("object_id").unwrap_or_default();
    if uuid::Uuid::parse_str(id).is_err() {
        let what = format!("`{id}` is not an object ID");
        let help = "a GUID such as 5a1e0000-0000-4000-8000-000000000003: \
                    https://learn.microsoft.com/azure/postgresql/security/security-entra-configure";
        check.report("object_id", what, help);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let server = FlexibleServer::public(name!("shop-pg"), group, PgVersion::V17)
        .authentication(ServerAuthentication::new().password(false).directory(true));
    let server = stack.add(server);
    let people = PgAdministrator::new(
        name!("5a1e0000-0000-4000-8000-000000000003"),
        server,
        "shop-database-admins",
        PgPrincipalType::Group,
    );
    stack.add(people).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn an_administrator_is_called_by_a_guid() {
        let server = || Ref::<FlexibleServer>::existing("/subscriptions/s/servers/a");
        let who = |id: &'static str| {
            PgAdministrator::new(Name::new(id), server(), "dba", PgPrincipalType::User)
        };
        assert_eq!(refused(who("5a1e0000-0000-4000-8000-000000000003")), [""; 0]);
        assert_eq!(refused(who("dba")), ["object_id"]);
    }
}
