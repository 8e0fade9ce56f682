//! Pools of identities from outside Google Cloud.

use super::identity_provider::{display_name, reserved};
use crate::dsl::{Handle, Meta, Name, Stack};
use crate::gcp::{IamMember, PROVIDER};
use crate::schema::CheckContext;
use crate::schema::Verbs;
use crate::value::{NodeRef, Text};
use crate::{Resource, name, text};

/// A workload identity pool: workloads from outside, known by providers, that policies can name. None of them needs the
/// key of a service account.
///
/// Deleted, its name stays taken for 30 days.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "iam.googleapis.com/WorkloadIdentityPool@v1",
    id = "//iam.googleapis.com/projects/{gcp.project}/locations/global/workloadIdentityPools/{name}",
    terraform = "google_iam_workload_identity_pool",
    scope = Root,
    verbs = Verbs { revive: "POST {self}:undelete", ..Verbs::STANDARD },
    check = limits,
    source = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools"
)]
#[output(path: Text, rest = "name", tf = "name",
    made = "projects/{gcp.project_number}/locations/global/workloadIdentityPools/{name}",
    doc = "Its name with the project's number, `projects/N/locations/global/workloadIdentityPools/P`: what members of \
           policies start with.")]
pub struct IdentityPool {
    /// The pool's name, unique in its project.
    #[name(
        len = 4..=32, chars = lower_alphanumeric, and = "-", start = Any, end = Any,
        source = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools/create"
    )]
    #[prop(tf = "workload_identity_pool_id")]
    name: Name<Self>,
    /// What people call it, at most 32 letters.
    #[prop(rest = "displayName", tf = "display_name", danger = Cosmetic)]
    display_name: Option<Text>,
    /// What it is for, at most 256 letters.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Whether nobody may come in by it for now.
    #[prop(rest = "disabled", tf = "disabled", service = false, danger = Downtime)]
    disabled: Option<bool>,
    meta: Meta,
}

impl IamMember {
    /// Jobs of one environment of a repository on GitHub (`owner/name`): of no other workflow, and of no pull request unless it deploys to that
    /// environment, which can ask for an approval first. The provider maps `google.subject` from the token's subject, as
    /// [`IdentityProvider::github`](crate::gcp::IdentityProvider::github) does.
    ///
    /// A repository with immutable subjects, as those made since July 2026 have, is named with its numbers, `owner@1/name@2`:
    /// <https://docs.github.com/actions/reference/security/oidc>. A subject has at most 127 letters.
    pub fn of_environment(pool: Handle<IdentityPool>, repository: &str, environment: &str) -> Self {
        let subject = format!("repo:{repository}:environment:{environment}");
        Self::named(text!("principal://iam.googleapis.com/{}/subject/{}", pool.path(), subject))
    }

    /// Workloads of a repository (`owner/name`), its pull requests included, where a provider of the pool maps `attribute.repository` from the
    /// repository, as [`IdentityProvider::github`](crate::gcp::IdentityProvider::github) does.
    pub fn of_repository(pool: Handle<IdentityPool>, repository: &str) -> Self {
        Self::of_attribute(pool, "repository", repository)
    }

    /// Workloads for which an attribute that a provider of the pool maps has a value.
    pub fn of_attribute(pool: Handle<IdentityPool>, attribute: &str, value: &str) -> Self {
        let (attribute, value) = (attribute.to_owned(), value.to_owned());
        Self::named(text!(
            "principalSet://iam.googleapis.com/{}/attribute.{}/{}",
            pool.path(),
            attribute,
            value
        ))
    }
}

fn limits(check: &mut CheckContext<'_>) {
    reserved(check);
    display_name(check);
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let pool = IdentityPool::new(name!("github"))
        .display_name("GitHub")
        .description("Workflows that deploy the shop")
        .disabled(true);
    stack.add(pool).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(IdentityPool::new(name!("github"))), [""; 0]);
        assert_eq!(refused(IdentityPool::new(name!("gcp-github"))), ["name"]);
        let pool = IdentityPool::new(name!("github")).display_name("x".repeat(33));
        assert_eq!(refused(pool), ["display_name"]);
        let pool = IdentityPool::new(name!("github")).description("x".repeat(257));
        assert_eq!(refused(pool), ["description"]);
    }
}
