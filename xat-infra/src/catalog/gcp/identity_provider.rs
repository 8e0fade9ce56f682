//! Providers of identities from outside Google Cloud.

use crate::schema::Verbs;
use std::collections::BTreeMap;

use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{IdentityPool, PROVIDER};
use crate::schema::{CheckContext, Set, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Resource, name};

/// The issuer of the tokens of GitHub's workflows.
const GITHUB: &str = "https://token.actions.githubusercontent.com";
/// The page that says what tokens are let in.
const CONDITIONS: &str = "https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions";
/// The page of providers.
const PROVIDERS: &str = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers";

/// Lets workloads into a pool that have a token of OpenID Connect from one issuer.
///
/// All of GitHub's workflows, whosever they are, have tokens of one issuer: for that one, a condition that names the
/// repository must be said.
///
/// ```
/// use xat_infra::gcp::prelude::*;
/// let mut stack = Stack::new("demo").project("demo");
/// let pool = stack.add(IdentityPool::new(name!("github")));
/// let provider = stack.add(IdentityProvider::github(name!("github"), pool, "example/shop"));
/// let account = stack.add(ServiceAccount::new(name!("shop-deploy")));
/// let workflow = IamMember::of_environment(pool, "example/shop", "production");
/// stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflow));
/// stack.output("provider", provider.path());
/// ```
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "iam.googleapis.com/WorkloadIdentityPoolProvider@v1",
    id = "//iam.googleapis.com/{parent}/providers/{name}",
    terraform = "google_iam_workload_identity_pool_provider",
    scope = Child,
    verbs = Verbs { revive: "POST {self}:undelete", ..Verbs::STANDARD },
    check = limits,
    source = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers"
)]
#[output(path: Text, rest = "name", tf = "name",
    doc = "Its name with the project's number: what workflows sign in by.")]
pub struct IdentityProvider {
    /// The provider's name, unique in its pool.
    #[name(
        len = 4..=32, chars = lower_alphanumeric, and = "-", start = Any, end = Any,
        source = "https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers/create"
    )]
    #[prop(tf = "workload_identity_pool_provider_id")]
    name: Name<Self>,
    /// The pool.
    #[prop(tf = "workload_identity_pool_id", tf_ref = "name", parent)]
    pool: Ref<IdentityPool>,
    /// Who issues the tokens: a URL.
    #[prop(rest = "oidc.issuerUri", tf = "oidc.issuer_uri", canon = canons::URL, danger = Exposure)]
    issuer: Text,
    /// What the pool's attributes (`google.subject`, `attribute.repository`) are taken from: expressions in the Common
    /// Expression Language over the token, `assertion`.
    #[prop(rest = "attributeMapping", tf = "attribute_mapping", each = "attribute", danger = Downtime)]
    attributes: Option<BTreeMap<String, Text>>,
    /// Which of the issuer's tokens are let in: an expression that is true for those.
    #[prop(rest = "attributeCondition", tf = "attribute_condition", danger = Exposure)]
    condition: Option<Text>,
    /// For whom tokens must be issued; for this provider by its full name, unless said.
    #[prop(rest = "oidc.allowedAudiences", tf = "oidc.allowed_audiences", each = "audience", danger = Exposure)]
    audiences: Option<Set<Text>>,
    /// The issuer's public keys as JSON, where they are not fetched from it.
    #[prop(rest = "oidc.jwksJson", tf = "oidc.jwks_json", danger = Downtime)]
    keys: Option<Text>,
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

impl IdentityProvider {
    /// Lets the workflows of one repository of GitHub in (`owner/name`), and maps the attributes `repository` and `ref`. A repository that is
    /// named with its numbers (`owner@1/name@2`) is told by its own.
    #[track_caller]
    #[must_use]
    pub fn github(name: Name<Self>, pool: impl Into<Ref<IdentityPool>>, repository: &str) -> Self {
        Self::new(name, pool, GITHUB)
            .attribute("google.subject", "assertion.sub")
            .attribute("attribute.repository", "assertion.repository")
            .attribute("attribute.ref", "assertion.ref")
            .condition(match repository.rsplit_once('@') {
                Some((_, number)) => format!("assertion.repository_id == {number:?}"),
                None => format!("assertion.repository == {repository:?}"),
            })
    }
}

fn limits(check: &mut CheckContext<'_>) {
    reserved(check);
    display_name(check);
    subject(check);
    let issuer = check.text("issuer").unwrap_or_default().trim_end_matches('/').to_owned();
    if !issuer.is_empty() && !issuer.starts_with("https://") {
        let help = format!("say its URL with `https://`: {PROVIDERS}");
        check.report("issuer", "an issuer is known by a URL", help);
    }
    let condition = check.text("condition").map(str::to_owned);
    if condition.as_deref().is_some_and(|condition| condition.chars().count() > 4096) {
        let help = format!("shorten it: {PROVIDERS}");
        check.report("condition", "a condition has at most 4096 letters", help);
    }
    // Text with outputs in it cannot be read here.
    let unread = check.get("condition").is_some() && condition.is_none();
    if issuer.eq_ignore_ascii_case(GITHUB)
        && !unread
        && !condition.as_deref().is_some_and(names_repository)
    {
        check.report(
            "condition",
            "every workflow of GitHub could come in: the condition names no repository",
            format!("say `.condition(\"assertion.repository == 'owner/name'\")`: {CONDITIONS}"),
        );
    }
    if let Some(Value::List(audiences)) = check.get("audiences")
        && audiences.len() > 10
    {
        let help = format!("say fewer: {PROVIDERS}");
        check.report("audiences", "a provider takes at most 10 audiences", help);
    }
}

/// Whether a condition compares the token's repository, by name or by number; its owner alone is not enough.
fn names_repository(condition: &str) -> bool {
    ["assertion.repository", "attribute.repository"].iter().any(|word| {
        condition.match_indices(word).any(|(at, _)| {
            let behind = &condition[at + word.len()..];
            let behind = behind.strip_prefix("_id").unwrap_or(behind);
            !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        })
    })
}

/// Every token is of somebody.
fn subject(check: &mut CheckContext<'_>) {
    let mapped = match check.get("attributes") {
        Some(Value::Map(entries)) => entries.get("google.subject").is_some(),
        _ => false,
    };
    if !mapped {
        let help = format!("say `.attribute(\"google.subject\", \"assertion.sub\")`: {PROVIDERS}");
        check.report("attributes", "nothing says whom a token is of", help);
    }
}

/// Names that start as Google's own do.
pub(super) fn reserved(check: &mut CheckContext<'_>) {
    if check.text("name").is_some_and(|name| name.starts_with("gcp-")) {
        let help = format!("choose another name: {PROVIDERS}");
        check.report("name", "names that start with `gcp-` are Google's own", help);
    }
}

/// How long what people read may be.
pub(super) fn display_name(check: &mut CheckContext<'_>) {
    for (property, most) in [("display_name", 32), ("description", 256)] {
        if check.text(property).is_some_and(|text| text.chars().count() > most) {
            let message = format!("it has at most {most} letters");
            check.report(property, message, format!("shorten it: {PROVIDERS}"));
        }
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let pool = stack.add(IdentityPool::new(name!("github")));
    let provider = IdentityProvider::github(name!("shop-workflows"), pool, "example/shop")
        .audience("https://example.com/shop")
        .keys("{\"keys\":[]}")
        .display_name("The shop's workflows")
        .description("Deploy the shop")
        .disabled(false);
    stack.add(provider).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn pool() -> Ref<IdentityPool> {
        Ref::existing("projects/shop/locations/global/workloadIdentityPools/github")
    }

    fn github(condition: &str) -> IdentityProvider {
        let provider = IdentityProvider::github(name!("github"), pool(), "example/shop");
        provider.condition(condition.to_owned())
    }

    #[test]
    fn github_names_its_repository() {
        assert_eq!(refused(IdentityProvider::github(name!("github"), pool(), "a/b")), [""; 0]);
        assert_eq!(refused(github("attribute.repository in ['a/b', 'a/c']")), [""; 0]);
        assert_eq!(refused(github("assertion.repository_id == '1'")), [""; 0]);
        for bad in
            ["true", "assertion.repository_owner == 'a'", "assertion.ref == 'refs/heads/main'"]
        {
            assert_eq!(refused(github(bad)), ["condition"], "{bad}");
        }
        let open = IdentityProvider::new(name!("github"), pool(), format!("{GITHUB}/"))
            .attribute("google.subject", "assertion.sub");
        assert_eq!(refused(open), ["condition"]);
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let of = |issuer: &'static str| IdentityProvider::new(name!("other"), pool(), issuer);
        let whole = of("https://login.example.com").attribute("google.subject", "assertion.sub");
        assert_eq!(refused(whole), [""; 0]);
        assert_eq!(refused(of("https://login.example.com")), ["attributes"]);
        let plain = of("login.example.com").attribute("google.subject", "assertion.sub");
        assert_eq!(refused(plain), ["issuer"]);
        let many = of("https://login.example.com").attribute("google.subject", "assertion.sub");
        assert_eq!(refused(many.audiences((0..11).map(|n| n.to_string()))), ["audiences"]);
        assert_eq!(refused(github(&"x".repeat(4097))), ["condition", "condition"]);
    }
}
