//! Databases of a Cloud SQL instance, and the URLs by which programs reach them.

use crate::dsl::{Handle, Meta, Name, Output, Ref, Stack};
use crate::gcp::{
    PROVIDER, PostgresVersion, SqlInstance, SqlInstanceOutputs, SqlTier, SqlUser, SqlUserOutputs,
};
use crate::schema::{NAME, canons};
use crate::value::{NodeRef, Secret, SecretPart, SecretText, Text};
use crate::{Resource, name, text};

/// A database of a Cloud SQL instance.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "sqladmin.googleapis.com/Database@v1",
    id = "//cloudsql.googleapis.com/{parent}/databases/{name}",
    terraform = "google_sql_database",
    label = "SQL database",
    scope = Child,
    holds_data,
    unlisted,
    check = super::sql_instance_checks::not_in_a_replica,
    source = "https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/databases"
)]
#[output(connection_name: Text, parent = SqlInstanceOutputs::SPECS[0],
    doc = "The name of the database's instance for connectors, the proxy and sockets.")]
#[output(address: Text, parent = SqlInstanceOutputs::SPECS[1], doc = "The first address of the database's instance.")]
pub struct SqlDatabase {
    /// The database's name, unique on its instance.
    #[name(
        len = 1..=63, chars = alphanumeric, and = "-_", start = Word, end = Any,
        source = "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS"
    )]
    name: Name<Self>,
    /// The instance that holds it.
    #[prop(tf = "instance", tf_ref = "name", parent)]
    instance: Ref<SqlInstance>,
    /// How its text is encoded; fixed when the database is made.
    #[prop(rest = "charset", tf = "charset", canon = canons::CASE, default = "UTF8".into(), replace)]
    charset: Text,
    /// How its text is sorted; fixed when the database is made.
    #[prop(rest = "collation", tf = "collation", default = "en_US.UTF8".into(), replace)]
    collation: Text,
    meta: Meta,
}

impl SqlDatabase {
    /// The port on which an instance answers.
    pub const PORT: u16 = 5432;
    /// The folder in which Cloud Run shows the sockets of instances, one for each connection name.
    ///
    /// Source: <https://cloud.google.com/sql/docs/postgres/connect-run>.
    pub const SOCKETS: &str = "/cloudsql";
}

impl SqlDatabaseOutputs {
    /// The URL by which a user with a password reaches the database at its instance's address, encrypted.
    ///
    /// It is a secret: it can go into a [`SecretVersion`](crate::gcp::SecretVersion), and nowhere where it would be shown.
    pub fn url(&self, user: Handle<SqlUser>) -> Secret {
        let name: Output = Output::new(self.node, &NAME);
        let host = text!("@{}:{}/{}?sslmode=require", self.address(), SqlDatabase::PORT, name);
        of_user(&user, user.node(), host)
    }

    /// The same through the socket that Cloud Run shows to containers that have
    /// [`RunMount::cloud_sql`](crate::gcp::RunMount::cloud_sql).
    pub fn socket_url(&self, user: Handle<SqlUser>) -> Secret {
        let name: Output = Output::new(self.node, &NAME);
        let socket = text!("@/{}?host={}/{}", name, SqlDatabase::SOCKETS, self.connection_name());
        of_user(&user, user.node(), socket)
    }
}

/// A URL that starts with a user and her password.
fn of_user(user: &SqlUserOutputs, node: NodeRef, behind: Text) -> Secret {
    let password = SecretPart::DeclaredBy { node, property: SqlUser::PASSWORD_PROPERTY };
    let login = vec![SecretPart::Plain(user.login().into())];
    Secret::from_parts([
        SecretPart::Plain(Text::from("postgresql://")),
        SecretPart::Encoded(SecretText::from_parts(login)),
        SecretPart::Plain(Text::from(":")),
        SecretPart::Encoded(SecretText::from_parts(vec![password])),
        SecretPart::Plain(behind),
    ])
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let tier = SqlTier::custom(2, 7680);
    let instance = stack.add(SqlInstance::public(name!("shop"), PostgresVersion::V17, tier));
    let database = SqlDatabase::new(name!("orders"), instance).charset("UTF8").collation("C.UTF-8");
    stack.add(database).node()
}
