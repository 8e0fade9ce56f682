//! What policies are made of: roles, and members.

use std::borrow::Cow;

use super::ServiceAccount;
use crate::dsl::{Handle, Ref};
use crate::schema::{Kind, PropertyType, Saying, Variables, canons, rust};
use crate::value::{Text, Value};

/// A role: a set of permissions under a name. <https://cloud.google.com/iam/docs/roles-permissions>.
#[derive(Clone)]
pub struct IamRole(Cow<'static, str>);

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $word:literal),* $(,)?) => {
        impl IamRole {
            $($(#[$doc])* pub const $name: IamRole = IamRole(Cow::Borrowed($word));)*

            const KNOWN: &'static [(&'static str, &'static str)] =
                &[$((stringify!($name), $word)),*];
        }
    };
}

roles! {
    /// Brings new versions of services to App Engine, which get no calls by that.
    APP_ENGINE_DEPLOYER = "roles/appengine.deployer",
    /// Says which versions of App Engine's services get calls.
    APP_ENGINE_SERVICE_ADMIN = "roles/appengine.serviceAdmin",
    /// Pulls from a repository.
    ARTIFACT_READER = "roles/artifactregistry.reader",
    /// Pushes to a repository.
    ARTIFACT_WRITER = "roles/artifactregistry.writer",
    /// Connects to databases, as the proxy and connectors do.
    CLOUD_SQL_CLIENT = "roles/cloudsql.client",
    /// Signs in to databases with the member's own identity.
    CLOUD_SQL_INSTANCE_USER = "roles/cloudsql.instanceUser",
    /// Starts builds of Cloud Build.
    CLOUD_BUILD_EDITOR = "roles/cloudbuild.builds.editor",
    /// Changes what runs in clusters of the project, without their roles.
    GKE_DEVELOPER = "roles/container.developer",
    /// Lets machines of a cluster write logs and metrics.
    GKE_NODE = "roles/container.defaultNodeServiceAccount",
    /// Writes logs.
    LOG_WRITER = "roles/logging.logWriter",
    /// Writes metrics.
    METRIC_WRITER = "roles/monitoring.metricWriter",
    /// Deploys services, without giving them to the public.
    RUN_DEVELOPER = "roles/run.developer",
    /// Calls a service, or runs a job.
    RUN_INVOKER = "roles/run.invoker",
    /// Reads policies: who may do what.
    SECURITY_REVIEWER = "roles/iam.securityReviewer",
    /// Reads the values of secrets.
    SECRET_ACCESSOR = "roles/secretmanager.secretAccessor",
    /// Lets a workload run as the account.
    SERVICE_ACCOUNT_USER = "roles/iam.serviceAccountUser",
    /// Reads, writes, deletes and lists objects, and says who may.
    STORAGE_OBJECT_ADMIN = "roles/storage.objectAdmin",
    /// Writes objects that are not there yet.
    STORAGE_OBJECT_CREATOR = "roles/storage.objectCreator",
    /// Reads, writes and deletes objects.
    STORAGE_OBJECT_USER = "roles/storage.objectUser",
    /// Reads objects.
    STORAGE_OBJECT_VIEWER = "roles/storage.objectViewer",
    /// Reads all resources of a project, and no value of a secret.
    VIEWER = "roles/viewer",
    /// Acts as the account from outside, by workload identity federation.
    WORKLOAD_IDENTITY_USER = "roles/iam.workloadIdentityUser",
}

impl IamRole {
    /// A role by its name: `roles/service.role`, or `projects/P/roles/R` of a project's own making.
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into().into())
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for IamRole {
    const KIND: &'static Kind = &Kind::Text(&canons::EXACT);
    fn into_value(self) -> Value {
        Value::Text(Text::Literal(self.0))
    }
    fn rust(value: &Value, _: &dyn Variables) -> Option<String> {
        let name = value.as_str()?;
        Some(match Self::KNOWN.iter().find(|(_, known)| *known == name) {
            Some((constant, _)) => format!("IamRole::{constant}"),
            None => format!("IamRole::named({})", rust::literal(name)),
        })
    }
}

/// Who a policy speaks of. <https://cloud.google.com/iam/docs/principal-identifiers>.
#[derive(Clone)]
pub struct IamMember(Text);

impl IamMember {
    /// A person, by address.
    pub fn user(address: &str) -> Self {
        Self(format!("user:{address}").into())
    }

    /// A group, by address.
    pub fn group(address: &str) -> Self {
        Self(format!("group:{address}").into())
    }

    /// Everyone on the internet.
    pub fn all_users() -> Self {
        Self(Text::from("allUsers"))
    }

    /// A member as policies write it (`principalSet://..`, `domain:example.com`).
    pub fn named(member: impl Into<Text>) -> Self {
        Self(member.into())
    }
}

impl From<Handle<ServiceAccount>> for IamMember {
    fn from(account: Handle<ServiceAccount>) -> Self {
        Self(account.member().into())
    }
}

impl From<Ref<ServiceAccount>> for IamMember {
    fn from(account: Ref<ServiceAccount>) -> Self {
        match account.by(|outputs| outputs.member().reference()).text() {
            Text::Literal(address) => Self(format!("serviceAccount:{address}").into()),
            output => Self(output.clone()),
        }
    }
}

#[diagnostic::do_not_recommend]
impl PropertyType for IamMember {
    const KIND: &'static Kind = &Kind::Text(&canons::CASE);
    fn into_value(self) -> Value {
        Value::Text(self.0)
    }
    fn rust(value: &Value, variables: &dyn Variables) -> Option<String> {
        Some(format!("IamMember::named({})", rust::text(value.as_text()?, variables)?))
    }
}

/// A condition is said whole, by one call.
pub(crate) fn condition(member: &mut Saying<'_>) {
    let said = |property| member.expression(property);
    if let (Some(title), Some(condition)) = (said("condition_title"), said("condition_expression"))
    {
        let says = ["condition_title", "condition_expression"];
        member.call(format!(".condition({title}, {condition})"), &says);
    }
}

/// The members of a policy, each by role, member and the title of its condition, as a body of its own.
pub(crate) fn members(policy: &Value) -> Vec<(String, Value)> {
    let Some(Value::List(bindings)) = policy.at(&["bindings"]) else { return Vec::new() };
    let mut out = Vec::new();
    for binding in bindings {
        let role = binding.at(&["role"]).and_then(Value::as_str).unwrap_or_default();
        let condition = binding.at(&["condition"]);
        let title = condition.and_then(|c| c.at(&["title"])).and_then(Value::as_str);
        let Some(Value::List(members)) = binding.at(&["members"]) else { continue };
        for member in members.iter().filter_map(Value::as_str) {
            let name = [Some(role), Some(member), title];
            let name: Vec<&str> = name.into_iter().flatten().collect();
            let mut body = Value::map([("role", role.to_owned()), ("member", member.to_owned())]);
            if let Some(condition) = condition {
                body.put(&["condition"], condition.clone());
            }
            out.push((name.join("/"), body));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::members;
    use crate::value::from_json;

    #[test]
    fn a_policy_is_its_members() {
        let policy = from_json(&serde_json::json!({"etag": "x", "version": 1, "bindings": [
            {"role": "roles/a", "members": ["user:x@example.com", "allUsers"]},
            {"role": "roles/a", "members": ["user:x@example.com"],
                "condition": {"title": "t", "expression": "true"}},
            {"role": "roles/b"},
        ]}));
        let names: Vec<String> = members(&policy).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            ["roles/a/user:x@example.com", "roles/a/allUsers", "roles/a/user:x@example.com/t"]
        );
        assert!(members(&from_json(&serde_json::json!({"etag": "x"}))).is_empty());
    }
}
