//! Databases of a PostgreSQL flexible server.

use crate::azure::{FlexibleServer, FlexibleServerOutputs, PgVersion, Region, ResourceGroup};
use crate::dsl::{Meta, Name, Output, Ref, Stack};
use crate::schema::{NAME, canons};
use crate::value::{NodeRef, Secret, SecretPart, SecretText, Text};
use crate::{Resource, name, text};

/// A database of a PostgreSQL flexible server.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01",
    terraform = "azurerm_postgresql_flexible_server_database",
    label = "postgres database",
    scope = Child,
    one_by_one,
    holds_data,
    source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/databases"
)]
#[output(fqdn: Text, parent = FlexibleServerOutputs::SPECS[0], doc = "The host name of the database's server.")]
pub struct PgDatabase {
    /// The database's name, unique on its server.
    #[name(
        len = 1..=63, chars = alphanumeric, and = "-_", start = Word, end = Any,
        source = "https://learn.microsoft.com/azure/templates/microsoft.dbforpostgresql/flexibleservers/databases"
    )]
    name: Name<Self>,
    /// The server that holds it.
    #[prop(tf = "server_id", parent)]
    server: Ref<FlexibleServer>,
    /// How its text is encoded; fixed when the database is made.
    // `utf8` comes back as `UTF8`.
    #[prop(arm = "properties.charset", tf = "charset", canon = canons::CASE, default = "UTF8".into(), replace)]
    charset: Text,
    /// How its text is sorted; fixed when the database is made.
    #[prop(arm = "properties.collation", tf = "collation", default = "en_US.utf8".into(), replace)]
    collation: Text,
    meta: Meta,
}

impl PgDatabase {
    /// The port on which a server itself answers.
    pub const PORT: u16 = 5432;
    /// The port on which its connection pooler answers, where that runs
    /// ([`PgBouncer::Enabled`](crate::azure::PgBouncer::Enabled)).
    ///
    /// Source: <https://learn.microsoft.com/azure/postgresql/connectivity/concepts-pgbouncer>.
    pub const POOLER_PORT: u16 = 6432;

    const ADMIN_PASSWORD: &str = "admin_password";
}

impl PgDatabaseOutputs {
    /// The URL by which `user` reaches the database, with the server administrator's password in it.
    ///
    /// It is a secret: it can go into a vault, and nowhere where it would be shown. The connection is encrypted.
    pub fn url(&self, user: &str) -> Secret {
        self.url_at(user, PgDatabase::PORT)
    }

    /// The same through the server's connection pooler.
    pub fn pooled_url(&self, user: &str) -> Secret {
        self.url_at(user, PgDatabase::POOLER_PORT)
    }

    fn url_at(&self, user: &str, port: u16) -> Secret {
        let name: Output = Output::new(self.node, &NAME);
        // The database declares no password: the graph then takes its server's.
        let password =
            SecretPart::DeclaredBy { node: self.node, property: PgDatabase::ADMIN_PASSWORD };
        Secret::from_parts([
            SecretPart::Plain(text!("postgresql://{}:", percent_encoded(user))),
            SecretPart::Encoded(SecretText::from_parts(vec![password])),
            SecretPart::Plain(text!("@{}:{}/{}?sslmode=require", self.fqdn(), port, name)),
        ])
    }
}

/// Text that is safe inside a URL: everything but letters, digits and `-._~` as `%XX`.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let server = FlexibleServer::public(name!("shop-pg"), group, PgVersion::V17)
        .admin_login("shopadmin")
        .admin_password(Secret::generated("shop-pg-admin"));
    let server = stack.add(server);
    let database = PgDatabase::new(name!("orders"), server).charset("UTF8").collation("C.UTF-8");
    stack.add(database).node()
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_user_cannot_break_out_of_the_url() {
        assert_eq!(percent_encoded("shop-admin_1"), "shop-admin_1");
        assert_eq!(percent_encoded("a@b:c/d?é"), "a%40b%3Ac%2Fd%3F%C3%A9");
    }
}
