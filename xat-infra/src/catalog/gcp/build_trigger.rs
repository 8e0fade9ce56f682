//! Triggers of Cloud Build.

use crate::schema::Verbs;
use std::collections::BTreeMap;

use super::build_limits::limits;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{
    Build, BuildLogging, BuildSecret, BuildStep, GitHubSource, Location, PROVIDER, PullRequest,
    RepositoryEvents, SecretManagerSecret, SecretVersion, ServiceAccount,
};
use crate::schema::Set;
use crate::value::{NodeRef, Secret, Text};
use crate::{Choice, Resource, name};

/// Builds when something is pushed to a repository.
///
/// The service makes up its IDs: a stack finds a trigger by its name, until the state knows its ID. From then on another name
/// is a change like any other; in a stack, `.was(..)` says what it was called.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "cloudbuild.googleapis.com/BuildTrigger@v1",
    id = "//cloudbuild.googleapis.com/projects/{gcp.project}/locations/{location}/triggers/{name}",
    found_by = "name",
    terraform = "google_cloudbuild_trigger",
    tf_import = "projects/{gcp.project}/locations/{location}/triggers/{trigger_id}",
    scope = Root,
    verbs = Verbs { create: "POST {collection}", ..Verbs::STANDARD },
    check = limits,
    source = "https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.triggers"
)]
#[output(trigger_id: Text, rest = "id", tf = "trigger_id", doc = "The number that tells it from a later one of the same name.")]
pub struct BuildTrigger {
    /// The trigger's name, unique in its project and location.
    #[name(
        len = 1..=64, chars = alphanumeric, and = "-",
        source = "https://cloud.google.com/build/docs/api/reference/rest/v1/projects.locations.triggers#BuildTrigger"
    )]
    #[prop(rest = "name", tf = "name", danger = Cosmetic)]
    name: Name<Self>,
    /// The region in which it builds, or `global`; the stack's region, unless said.
    #[prop(tf = "location", parameter = "gcp.region", replace)]
    location: Option<Location>,
    /// Whom builds run as. Its logs need a place of their own: see [`BuildLogging`].
    #[prop(rest = "serviceAccount", tf = "service_account", danger = Downtime)]
    service_account: Ref<ServiceAccount>,
    /// A repository of GitHub, by the app of Cloud Build.
    #[prop(rest = "github", tf = "github", danger = Downtime)]
    github: Option<GitHubSource>,
    /// A repository that Cloud Build has a connection to.
    #[prop(rest = "repositoryEventConfig", tf = "repository_event_config", danger = Downtime)]
    repository: Option<RepositoryEvents>,
    /// The file in the repository that says what is built (`cloudbuild.yaml`).
    #[prop(rest = "filename", tf = "filename", danger = Downtime)]
    file: Option<Text>,
    /// What is built, where no file says it.
    #[prop(rest = "build", tf = "build", danger = Downtime)]
    build: Option<Build>,
    /// Values for names that start with `_`.
    #[prop(rest = "substitutions", tf = "substitutions", each = "substitution", danger = Downtime)]
    substitutions: Option<BTreeMap<String, Text>>,
    /// Files whose change builds (`src/**`); any, unless said.
    #[prop(rest = "includedFiles", tf = "included_files", danger = Downtime)]
    included_files: Option<Vec<Text>>,
    /// Files whose change alone does not (`docs/**`).
    #[prop(rest = "ignoredFiles", tf = "ignored_files", danger = Downtime)]
    ignored_files: Option<Vec<Text>>,
    /// What must be true of the event, in the Common Expression Language.
    #[prop(rest = "filter", tf = "filter", danger = Downtime)]
    filter: Option<Text>,
    /// Whether somebody must agree before it builds.
    #[prop(rest = "approvalConfig.approvalRequired", tf = "approval_config.approval_required", service = false,
        danger = Downtime)]
    approval: Option<bool>,
    /// Whether GitHub is shown the logs.
    #[prop(rest = "includeBuildLogs", tf = "include_build_logs", danger = Exposure)]
    logs_on_github: Option<LogsOnGitHub>,
    /// What it is for.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Words to find it by.
    #[prop(rest = "tags", tf = "tags", each = "tag", danger = Cosmetic)]
    tags: Option<Set<Text>>,
    /// Whether it rests for now.
    #[prop(rest = "disabled", tf = "disabled", service = false, danger = Downtime)]
    disabled: Option<bool>,
    meta: Meta,
}

/// Whether GitHub is shown the logs of builds.
#[derive(Clone, Copy, Choice)]
pub enum LogsOnGitHub {
    /// With the status of the commit.
    #[choice("INCLUDE_BUILD_LOGS_WITH_STATUS")]
    WithStatus,
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-build")));
    let secret = stack.add(
        SecretManagerSecret::new(name!("npm-token"))
            .automatic(crate::gcp::AutomaticReplication::default()),
    );
    let token = stack.add(SecretVersion::new(secret, Secret::supplied("npm-token")));
    let image = "europe-west1-docker.pkg.dev/$PROJECT_ID/shop/web:$COMMIT_SHA";
    let build = Build::new([
        BuildStep::new("gcr.io/cloud-builders/docker")
            .id("build")
            .args(["build", "--tag", image, "."])
            .dir("web")
            .env(["DOCKER_BUILDKIT=1"])
            .secret_env(["NPM_TOKEN"])
            .timeout_seconds(600),
        BuildStep::new("gcr.io/cloud-builders/docker")
            .id("push")
            .entrypoint("bash")
            .args(["-c", "docker push $_IMAGE"])
            .wait_for(["build"]),
    ])
    .images([image])
    .secret(BuildSecret::new("NPM_TOKEN", token))
    .timeout_seconds(1200)
    .logging(BuildLogging::CloudLogging)
    .machine("E2_HIGHCPU_8")
    .substitution("_IMAGE", image);
    let trigger = BuildTrigger::new(name!("shop-main"), account)
        .location(Location::EUROPE_WEST1)
        .github(GitHubSource::new("example", "shop").pull_request(PullRequest::new("^main$")))
        .build(build)
        .substitution("_TARGET", "production")
        .included_files(["web/**"])
        .ignored_files(["**/*.md"])
        .filter("!_TARGET.matches(\"test\")")
        .approval(true)
        .logs_on_github(LogsOnGitHub::WithStatus)
        .description("Builds the shop")
        .tag("shop")
        .disabled(false);
    stack.add(trigger).node()
}
