//! Federated credentials: someone outside Azure acts as a managed identity, without a secret.

use crate::azure::{Region, ResourceGroup, UserAssignedIdentity};
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Set};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name, text};

/// A federated credential of a managed identity: whoever shows a token of this issuer about this subject acts as the
/// identity. No secret is kept anywhere.
///
/// An identity has 20 of them at most, and the service writes one at a time: order several of one identity with
/// [`depends_on`](crate::dsl::Resource::depends_on).
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30",
    terraform = "azurerm_federated_identity_credential",
    label = "federated credential",
    scope = Child,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.managedidentity/userassignedidentities/federatedidentitycredentials"
)]
pub struct FederatedIdentityCredential {
    /// The credential's name, unique for its identity.
    #[name(
        len = 3..=120, chars = alphanumeric, and = "-_", start = Alphanumeric, end = Any,
        source = "https://learn.microsoft.com/azure/templates/microsoft.managedidentity/userassignedidentities/federatedidentitycredentials"
    )]
    name: Name<Self>,
    /// The identity as which one acts.
    #[prop(tf = "user_assigned_identity_id", parent)]
    identity: Ref<UserAssignedIdentity>,
    /// Who issues the tokens, exactly as the tokens say it.
    #[prop(arm = "properties.issuer", tf = "issuer", danger = Exposure)]
    issuer: Text,
    /// About whom the tokens are, exactly as they say it.
    #[prop(arm = "properties.subject", tf = "subject", danger = Exposure)]
    subject: Text,
    /// For whom the tokens are. Azure's own audience is the only one that its services take.
    #[prop(arm = "properties.audiences", tf = "audience", default = Set(vec![AUDIENCE.into()]), danger = Exposure)]
    audiences: Set<Text>,
    meta: Meta,
}

const AUDIENCE: &str = "api://AzureADTokenExchange";
const GITHUB: &str = "https://token.actions.githubusercontent.com";

impl FederatedIdentityCredential {
    /// Workflows of GitHub Actions act as the identity.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// let mut stack = Stack::new("demo");
    /// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    /// let deployer = stack.add(UserAssignedIdentity::new(name!("demo-deployer"), group));
    /// let subject = GithubSubject::environment("example/shop", "production");
    /// stack.add(FederatedIdentityCredential::github(name!("production"), deployer, subject));
    /// ```
    #[track_caller]
    #[must_use]
    pub fn github(
        name: Name<Self>,
        identity: impl Into<Ref<UserAssignedIdentity>>,
        subject: GithubSubject,
    ) -> Self {
        Self::new(name, identity, GITHUB, subject.0)
    }

    /// A service account of a Kubernetes cluster acts as the identity; the issuer is the cluster's.
    #[track_caller]
    #[must_use]
    pub fn kubernetes(
        name: Name<Self>,
        identity: impl Into<Ref<UserAssignedIdentity>>,
        issuer: impl Into<Text>,
        namespace: &str,
        account: &str,
    ) -> Self {
        Self::new(name, identity, issuer, format!("system:serviceaccount:{namespace}:{account}"))
    }
}

/// Which workflows of GitHub Actions: those of a repository (`owner/name`), on one occasion. The narrower, the better.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GithubSubject(String);

impl GithubSubject {
    /// Jobs that deploy to an environment, which can ask for approval first.
    ///
    /// Here and below, a repository with immutable subjects, as those made since July 2026 have, is named with its numbers,
    /// `owner@1/name@2`: <https://learn.microsoft.com/entra/workload-id/workload-identities-github-immutable-subjects>.
    pub fn environment(repository: &str, environment: &str) -> Self {
        Self(format!("repo:{repository}:environment:{environment}"))
    }

    /// Runs on a branch.
    pub fn branch(repository: &str, branch: &str) -> Self {
        Self(format!("repo:{repository}:ref:refs/heads/{branch}"))
    }

    /// Runs on a tag.
    pub fn tag(repository: &str, tag: &str) -> Self {
        Self(format!("repo:{repository}:ref:refs/tags/{tag}"))
    }

    /// Runs on any pull request: whoever may open one acts as the identity. Give it nothing but reading.
    pub fn pull_request(repository: &str) -> Self {
        Self(format!("repo:{repository}:pull_request"))
    }
}

fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";
    let help = || format!("the provider's reference: {SOURCE}");
    let issuer = check.get("issuer").and_then(Value::as_str);
    if issuer.is_some_and(|issuer| !issuer.starts_with("https://")) {
        check.report("issuer", "an issuer is an address with `https://`", help());
    }
    for property in ["issuer", "subject"] {
        let text = check.get(property).and_then(Value::as_str).unwrap_or("x");
        if text.is_empty() || text.chars().count() > 600 {
            check.report(property, "it has 1 to 600 characters", help());
        }
    }
    if matches!(check.get("audiences"), Some(Value::List(all)) if all.len() != 1) {
        check.report("audiences", "a credential has one audience", help());
    }
    let subject = check.get("subject").and_then(Value::as_str).unwrap_or_default();
    if subject.contains('*') {
        let what = format!("`{subject}` would match a token that says `*` itself and no other");
        check.report(
            "subject",
            what,
            "subjects are compared letter by letter: make a credential for each",
        );
    }
    if issuer == Some(GITHUB) && !subject.contains('*') {
        let repository = subject.strip_prefix("repo:").and_then(|rest| rest.split(':').next());
        let named = repository.and_then(|repository| repository.split_once('/')).is_some_and(
            |(owner, name)| !owner.is_empty() && !name.is_empty() && !name.contains('/'),
        );
        if !named || subject.ends_with(':') || subject.ends_with('/') {
            let what = format!("GitHub issues no token about `{subject}`");
            let help = "`repo:OWNER/NAME:environment:..`, as `GithubSubject` writes it: \
                        https://docs.github.com/actions/reference/security/oidc";
            check.report("subject", what, help);
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let deployer = stack.add(UserAssignedIdentity::new(name!("shop-deployer-id"), group));
    let pods = FederatedIdentityCredential::kubernetes(
        name!("pods"),
        deployer,
        text!("https://{}.example.com/", group.name()),
        "shop",
        "deployer",
    );
    stack.add(pods);
    let subject = GithubSubject::environment("example/shop", "production");
    let production = FederatedIdentityCredential::github(name!("production"), deployer, subject)
        .audiences([AUDIENCE]);
    stack.add(production).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refusals;

    #[test]
    fn the_services_limits_hold() {
        let id = || Ref::existing("/subscriptions/5a1e");
        let github = |s| FederatedIdentityCredential::github(name!("one"), id(), s);
        for good in [
            GithubSubject::environment("example/shop", "production"),
            GithubSubject::branch("example/shop", "release/1.0"),
            GithubSubject::tag("example/shop", "v1"),
            GithubSubject::pull_request("example/shop"),
        ] {
            assert_eq!(refusals(github(good)), [""; 0]);
        }
        assert_eq!(
            refusals(github(GithubSubject::branch("shop", "main"))),
            ["subject: GitHub issues no token about `repo:shop:ref:refs/heads/main`"]
        );
        assert_eq!(
            refusals(github(GithubSubject::branch("example/shop", "*"))),
            [
                "subject: `repo:example/shop:ref:refs/heads/*` would match a token that says `*` itself and no other"
            ]
        );
        let plain = FederatedIdentityCredential::new(name!("one"), id(), "http://x", "y");
        assert_eq!(
            refusals(plain.audiences(["a", "b"])),
            [
                "issuer: an issuer is an address with `https://`",
                "audiences: a credential has one audience",
            ]
        );
        let pods =
            FederatedIdentityCredential::kubernetes(name!("one"), id(), "https://x", "a", "b");
        assert_eq!(refusals(pods), [""; 0]);
        assert_eq!(
            refusals(FederatedIdentityCredential::new(name!("one"), id(), "https://x", "")),
            ["subject: it has 1 to 600 characters"]
        );
    }
}
