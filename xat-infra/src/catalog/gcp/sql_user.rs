//! Users of a Cloud SQL instance: with a password, or with an identity of Google's.

use super::common::SECONDS;
use crate::dsl::{Handle, Meta, Ref, Stack};
use crate::gcp::{PROVIDER, PostgresVersion, ServiceAccount, SqlInstance, SqlTier};
use crate::schema::{CheckContext, Codec, Saying};
use crate::schema::{Update, Verbs};
use crate::value::{NodeRef, Secret, Text, Value};
use crate::{Block, Choice, Resource, name};

/// Somebody who can sign in to an instance's databases.
///
/// ```
/// use xat_infra::gcp::prelude::*;
/// # fn stack(stack: &mut Stack, instance: Handle<SqlInstance>, account: Handle<ServiceAccount>) {
/// let app = SqlUser::built_in("shop", instance, Secret::generated("shop-db"));
/// let reports = SqlUser::service_account(account, instance);
/// # stack.add(app);
/// # stack.add(reports);
/// # }
/// ```
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "sqladmin.googleapis.com/User@v1",
    id = "//cloudsql.googleapis.com/{parent}/users/{name}",
    derived_name("login"),
    terraform = "google_sql_user",
    tf_import = "{gcp.project}/{parent_name}/{login}",
    label = "SQL user",
    scope = Child,
    unlisted,
    verbs = Verbs {
        create: "POST {collection}",
        updates: &[Update { request: "PUT {collection}?name={name}", whole: true, ..Update::MASK }],
        delete: "DELETE {collection}?name={name}",
        ..Verbs::STANDARD
    },
    private_new,
    check = limits,
    check = super::sql_instance_checks::not_in_a_replica,
    import = say,
    source = "https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/users"
)]
#[output(login: Text, declared = "login", doc = "The name by which the user signs in.")]
pub struct SqlUser {
    /// The name by which the user signs in.
    #[prop(rest = "name", tf = "name", replace, danger = Downtime)]
    login: Text,
    /// The instance.
    #[prop(tf = "instance", tf_ref = "name", parent)]
    instance: Ref<SqlInstance>,
    /// Who vouches for the user.
    #[prop(rest = "type", tf = "type", label = "type", service = SqlUserKind::BuiltIn, no_setter, replace,
        danger = Downtime)]
    kind: Option<SqlUserKind>,
    /// The password.
    #[prop(rest = "password", tf = "", tf_codec = PASSWORD_WO, write_only, no_setter, danger = Downtime)]
    password: Option<Secret>,
    /// What holds for the password.
    #[prop(rest = "passwordPolicy", tf = "password_policy")]
    password_policy: Option<SqlUserPasswordPolicy>,
    meta: Meta,
}

impl SqlUser {
    pub(super) const PASSWORD_PROPERTY: &str = "password";

    /// A user with a password, which PostgreSQL knows itself.
    #[track_caller]
    #[must_use]
    pub fn built_in(
        login: impl Into<Text>,
        instance: impl Into<Ref<SqlInstance>>,
        password: Secret,
    ) -> Self {
        let mut user = Self::declare_new(login, instance);
        user.meta.set_here(Self::PASSWORD.index());
        user.password = Some(password);
        user
    }

    /// A service account, which signs in as itself. The instance must say
    /// [`iam_authentication`](SqlInstance::iam_authentication), and the account needs the role
    /// [`CLOUD_SQL_INSTANCE_USER`](crate::gcp::IamRole::CLOUD_SQL_INSTANCE_USER).
    #[track_caller]
    #[must_use]
    pub fn service_account(
        account: Handle<ServiceAccount>,
        instance: impl Into<Ref<SqlInstance>>,
    ) -> Self {
        Self::of_google(account.database_user(), instance, SqlUserKind::ServiceAccount)
    }

    /// A person or group, by address, or a service account of elsewhere, by its address without
    /// `.gserviceaccount.com`. The instance must say [`iam_authentication`](SqlInstance::iam_authentication).
    #[track_caller]
    #[must_use]
    pub fn of_google(
        login: impl Into<Text>,
        instance: impl Into<Ref<SqlInstance>>,
        kind: SqlUserKind,
    ) -> Self {
        let mut user = Self::declare_new(login, instance);
        user.meta.set_here(Self::KIND.index());
        user.kind = Some(kind);
        user
    }
}

/// Who vouches for a user.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SqlUserKind {
    /// PostgreSQL itself, by a password.
    #[choice("BUILT_IN")]
    BuiltIn,
    /// Google, for a person.
    #[choice("CLOUD_IAM_USER")]
    Person,
    /// Google, for a service account.
    #[choice("CLOUD_IAM_SERVICE_ACCOUNT")]
    ServiceAccount,
    /// Google, for everybody in a group.
    #[choice("CLOUD_IAM_GROUP")]
    Group,
}

/// What holds for a user's password.
#[derive(Clone, Block)]
pub struct SqlUserPasswordPolicy {
    /// After how many wrong ones the user is locked out.
    #[prop(rest = "allowedFailedAttempts", tf = "allowed_failed_attempts")]
    allowed_failures: Option<u16>,
    /// Whether wrong ones are counted.
    #[prop(
        rest = "enableFailedAttemptsCheck",
        tf = "enable_failed_attempts_check",
        service = false
    )]
    count_failures: Option<bool>,
    /// Whether a user who changes it must know it.
    #[prop(
        rest = "enablePasswordVerification",
        tf = "enable_password_verification",
        service = false
    )]
    verify_old: Option<bool>,
    /// When it must be changed, in seconds from the last change.
    #[prop(rest = "passwordExpirationDuration", tf = "password_expiration_duration", codec = SECONDS,
        tf_codec = SECONDS, unit = "seconds")]
    expires_after: Option<u32>,
}

/// Terraform wants a version beside a write-only password.
static PASSWORD_WO: Codec = Codec {
    name: "write-only argument with its version",
    encode: |value| {
        Value::map([("password_wo", value.clone()), ("password_wo_version", Value::Int(1))])
    },
    decode: |value| value.at(&["password_wo"]).cloned(),
};

fn limits(check: &mut CheckContext<'_>) {
    let source = "https://cloud.google.com/sql/docs/postgres/users";
    let built_in = check.text("kind").is_none_or(|kind| kind == SqlUserKind::BuiltIn.word());
    for property in ["password", "password_policy"] {
        if !built_in && check.get(property).is_some() {
            check.report(property, "only a user of PostgreSQL's own has a password", source);
        }
    }
    // PostgreSQL cuts names behind 63 bytes.
    if check.text("login").is_some_and(|login| login.is_empty() || login.len() > 63) {
        check.report("login", "a user's name has 1 to 63 bytes", source);
    }
}

/// How an import says a user: passwords are never returned, so that who has one is supplied with it.
fn say(user: &mut Saying<'_>) {
    let google = user.text("kind").is_some_and(|kind| kind != SqlUserKind::BuiltIn.word());
    if google {
        user.construct("SqlUser::of_google", &["login", "instance", "kind"]);
    } else if user.get("password").is_some() {
        user.construct("SqlUser::built_in", &["login", "instance", "password"]);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let tier = SqlTier::custom(2, 7680);
    let instance = SqlInstance::public(name!("shop"), PostgresVersion::V17, tier);
    let instance = stack.add(instance.iam_authentication());
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    stack.add(SqlUser::service_account(account, instance));
    let user = SqlUser::built_in("shop", instance, Secret::generated("shop-db")).password_policy(
        SqlUserPasswordPolicy::new()
            .count_failures(true)
            .allowed_failures(10)
            .verify_old(true)
            .expires_after(7_776_000),
    );
    stack.add(user).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::gcp::prelude::*;

    #[test]
    fn passwords_are_for_built_in_users() {
        let instance = || Ref::<SqlInstance>::existing("projects/p/instances/shop");
        let password = || Secret::supplied("shop-db");
        assert_eq!(refused(SqlUser::built_in("shop", instance(), password())), [""; 0]);
        let long = "x".repeat(64);
        assert_eq!(refused(SqlUser::built_in(long, instance(), password())), ["login"]);
        let of = |kind| SqlUser::of_google("ann@example.com", instance(), kind);
        assert_eq!(refused(of(SqlUserKind::Person)), [""; 0]);
        let strict = SqlUserPasswordPolicy::new().verify_old(true);
        assert_eq!(refused(of(SqlUserKind::Group).password_policy(strict)), ["password_policy"]);
    }
}
