//! What a trigger of Cloud Build is made of: where events come from, and what is built.

use std::collections::BTreeMap;

use super::common::SECONDS;
use crate::dsl::Ref;
use crate::gcp::SecretVersion;
use crate::value::Text;
use crate::{Block, Choice};

/// A repository of GitHub.
#[derive(Clone, Block)]
pub struct GitHubSource {
    /// Whose it is.
    #[prop(rest = "owner", tf = "owner")]
    owner: Text,
    /// What it is called.
    #[prop(rest = "name", tf = "name")]
    name: Text,
    /// Builds what is pushed.
    #[prop(rest = "push", tf = "push")]
    push: Option<Push>,
    /// Builds what somebody wants to be taken up.
    #[prop(rest = "pullRequest", tf = "pull_request")]
    pull_request: Option<PullRequest>,
}

impl GitHubSource {
    /// Builds what is pushed to branches that an expression fits (`^main$`).
    #[must_use]
    pub fn branch(owner: impl Into<Text>, name: impl Into<Text>, branch: impl Into<Text>) -> Self {
        Self { push: Some(Push::new().branch(branch)), ..Self::new(owner, name) }
    }

    /// Builds tags that an expression fits (`^v.*$`).
    #[must_use]
    pub fn tag(owner: impl Into<Text>, name: impl Into<Text>, tag: impl Into<Text>) -> Self {
        Self { push: Some(Push::new().tag(tag)), ..Self::new(owner, name) }
    }
}

/// A repository that Cloud Build has a connection to.
#[derive(Clone, Block)]
pub struct RepositoryEvents {
    /// Its name (`projects/P/locations/L/connections/C/repositories/R`).
    #[prop(rest = "repository", tf = "repository", canon = super::references::REFERENCE)]
    repository: Text,
    /// Builds what is pushed.
    #[prop(rest = "push", tf = "push")]
    push: Option<Push>,
    /// Builds what somebody wants to be taken up.
    #[prop(rest = "pullRequest", tf = "pull_request")]
    pull_request: Option<PullRequest>,
}

/// Which pushes are built.
#[derive(Clone, Block)]
pub struct Push {
    /// Those to branches that an expression fits (`^main$`).
    #[prop(rest = "branch", tf = "branch")]
    branch: Option<Text>,
    /// Those of tags that an expression fits (`^v.*$`).
    #[prop(rest = "tag", tf = "tag")]
    tag: Option<Text>,
    /// Whether it is all others that are built.
    #[prop(rest = "invertRegex", tf = "invert_regex", service = false)]
    invert: Option<bool>,
}

/// Which pull requests are built.
#[derive(Clone, Block)]
pub struct PullRequest {
    /// Those for branches that an expression fits (`^main$`).
    #[prop(rest = "branch", tf = "branch")]
    branch: Text,
    /// Whether a member must first comment `/gcbrun`. Without that, anybody's code runs with what builds may do.
    #[prop(rest = "commentControl", tf = "comment_control", default = CommentControl::External,
        exposes = CommentControl::Never, danger = Exposure)]
    comment_control: CommentControl,
    /// Whether it is all others that are built.
    #[prop(rest = "invertRegex", tf = "invert_regex", service = false)]
    invert: Option<bool>,
}

/// For whose pull requests a member must first comment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum CommentControl {
    /// For nobody's.
    #[choice("COMMENTS_DISABLED")]
    Never,
    /// For everybody's.
    #[choice("COMMENTS_ENABLED")]
    Always,
    /// For those of people who are no members.
    #[choice("COMMENTS_ENABLED_FOR_EXTERNAL_CONTRIBUTORS_ONLY")]
    External,
}

/// What is built.
#[derive(Clone, Block)]
pub struct Build {
    /// The steps, in order.
    #[prop(rest = "steps", tf = "step")]
    steps: Vec<BuildStep>,
    /// The images that are pushed at the end.
    #[prop(rest = "images", tf = "images")]
    images: Option<Vec<Text>>,
    /// The secrets that steps may use.
    #[prop(
        rest = "availableSecrets.secretManager",
        tf = "available_secrets.secret_manager",
        key = "env",
        each = "secret"
    )]
    secrets: Option<Vec<BuildSecret>>,
    /// How long all of it may take, in seconds: up to a day.
    #[prop(rest = "timeout", tf = "timeout", codec = SECONDS, tf_codec = SECONDS, service = 600u32, unit = "seconds")]
    timeout_seconds: Option<u32>,
    /// Where its logs go.
    #[prop(rest = "options.logging", tf = "options.logging")]
    logging: Option<BuildLogging>,
    /// The bucket that takes its logs (`gs://..`).
    #[prop(rest = "logsBucket", tf = "logs_bucket")]
    logs_bucket: Option<Text>,
    /// The machine (`E2_HIGHCPU_8`); a small one, unless said.
    #[prop(rest = "options.machineType", tf = "options.machine_type")]
    machine: Option<Text>,
    /// The pool of one's own that it runs in (`projects/P/locations/L/workerPools/W`).
    #[prop(rest = "options.pool.name", tf = "options.worker_pool", canon = super::references::REFERENCE)]
    worker_pool: Option<Text>,
    /// Values for names that start with `_`.
    #[prop(rest = "substitutions", tf = "substitutions", each = "substitution")]
    substitutions: Option<BTreeMap<String, Text>>,
}

/// One step of a build: a container that runs.
#[derive(Clone, Block)]
pub struct BuildStep {
    /// The container's image.
    #[prop(rest = "name", tf = "name")]
    image: Text,
    /// What other steps call it.
    #[prop(rest = "id", tf = "id")]
    id: Option<Text>,
    /// What runs in it; the image's own entry point, unless said.
    #[prop(rest = "entrypoint", tf = "entrypoint")]
    entrypoint: Option<Text>,
    /// Its arguments.
    #[prop(rest = "args", tf = "args")]
    args: Option<Vec<Text>>,
    /// A script that runs in place of the entry point.
    #[prop(rest = "script", tf = "script")]
    script: Option<Text>,
    /// The folder in which it runs.
    #[prop(rest = "dir", tf = "dir")]
    dir: Option<Text>,
    /// Its variables, `NAME=value`.
    #[prop(rest = "env", tf = "env")]
    env: Option<Vec<Text>>,
    /// The secrets that it sees, by the names that the build gives them.
    #[prop(rest = "secretEnv", tf = "secret_env")]
    secret_env: Option<Vec<Text>>,
    /// The steps that it waits for; all before it, unless said.
    #[prop(rest = "waitFor", tf = "wait_for")]
    wait_for: Option<Vec<Text>>,
    /// How long it may take, in seconds.
    #[prop(rest = "timeout", tf = "timeout", codec = SECONDS, tf_codec = SECONDS, unit = "seconds")]
    timeout_seconds: Option<u32>,
    /// Whether the build goes on when it fails.
    #[prop(rest = "allowFailure", tf = "allow_failure", service = false)]
    allow_failure: Option<bool>,
}

/// A secret that steps may use.
#[derive(Clone, Block)]
pub struct BuildSecret {
    /// What steps call it.
    #[prop(rest = "env", tf = "env")]
    env: Text,
    /// The secret's value.
    #[prop(rest = "versionName", tf = "version_name")]
    version: Ref<SecretVersion>,
}

/// Where the logs of a build go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum BuildLogging {
    /// To Cloud Logging.
    #[choice("CLOUD_LOGGING_ONLY")]
    CloudLogging,
    /// To a bucket.
    #[choice("GCS_ONLY")]
    Bucket,
    /// To both.
    #[choice("LEGACY")]
    Both,
    /// Nowhere.
    #[choice("NONE")]
    Nowhere,
}
