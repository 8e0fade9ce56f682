//! What a registry's task is made of: steps, triggers, platforms.

use std::collections::BTreeMap;

use crate::schema::codecs::{BASE64, ENABLED_DISABLED, NOT};
use crate::schema::{Codec, Set};
use crate::value::{Entries, Secret, Text, Value};
use crate::{Block, Choice};

/// Builds an image from a Dockerfile.
#[derive(Clone, Block)]
pub struct DockerStep {
    /// The kind of step.
    #[prop(arm = "type", default = "Docker".into(), no_setter)]
    kind: Text,
    /// The source code: a repository with branch and folder (`https://github.com/o/r.git#main:folder`).
    #[prop(arm = "contextPath", tf = "context_path")]
    context: Text,
    /// The Dockerfile, from there.
    #[prop(arm = "dockerFilePath", tf = "dockerfile_path")]
    dockerfile: Text,
    /// The token that may read the source code.
    #[prop(arm = "contextAccessToken", tf = "context_access_token", write_only)]
    token: Secret,
    /// What the image is called (`shop:{{.Run.ID}}`).
    #[prop(arm = "imageNames", tf = "image_names", each = "image")]
    images: Option<Vec<Text>>,
    /// Build arguments, in plain text.
    #[prop(arm = "arguments", tf = "arguments", codec = NAMED_VALUES, each = "argument")]
    arguments: Option<BTreeMap<String, Text>>,
    /// Whether the image is pushed.
    #[prop(arm = "isPushEnabled", tf = "push_enabled", service = true)]
    push: Option<bool>,
    /// Whether layers of earlier builds are used again.
    #[prop(arm = "noCache", tf = "cache_enabled", codec = NOT, service = true)]
    cache: Option<bool>,
    /// The stage of the Dockerfile that is built.
    #[prop(arm = "target", tf = "target")]
    target: Option<Text>,
}

/// Runs the steps of a file in the source code.
#[derive(Clone, Block)]
pub struct FileStep {
    /// The kind of step.
    #[prop(arm = "type", default = "FileTask".into(), no_setter)]
    kind: Text,
    /// The file with the steps.
    #[prop(arm = "taskFilePath", tf = "task_file_path")]
    file: Text,
    /// A file with values that the steps take up.
    #[prop(arm = "valuesFilePath", tf = "value_file_path")]
    values_file: Option<Text>,
    /// Values that the steps take up, in plain text.
    #[prop(arm = "values", tf = "values", codec = NAMED_VALUES, each = "value")]
    values: Option<BTreeMap<String, Text>>,
    /// The source code.
    #[prop(arm = "contextPath", tf = "context_path")]
    context: Option<Text>,
    /// The token that may read the source code.
    #[prop(arm = "contextAccessToken", tf = "context_access_token", write_only)]
    token: Option<Secret>,
}

/// Runs steps that are written in the stack.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct EncodedStep {
    /// The kind of step.
    #[prop(arm = "type", default = "EncodedTask".into(), no_setter)]
    kind: Text,
    /// The steps.
    #[prop(arm = "encodedTaskContent", tf = "task_content", codec = BASE64)]
    content: Text,
    /// Values that the steps take up, in plain text.
    #[prop(arm = "values", tf = "values", codec = NAMED_VALUES, each = "value")]
    values: Option<BTreeMap<String, Text>>,
    /// The source code, where the steps need any.
    #[prop(arm = "contextPath", tf = "context_path")]
    context: Option<Text>,
    /// The token that may read the source code.
    #[prop(arm = "contextAccessToken", tf = "context_access_token", write_only)]
    token: Option<Secret>,
}

impl EncodedStep {
    /// Steps in the language of tasks: <https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml>.
    #[must_use]
    pub fn yaml(steps: impl Into<String>) -> Self {
        Self::new(steps.into())
    }
}

/// ARM has a list where Terraform and people have names with values.
static NAMED_VALUES: Codec = Codec {
    name: "list of names and values",
    encode: |value| match value {
        Value::Map(entries) => {
            let named = entries.iter().map(|(name, value)| {
                Value::map([
                    ("name", Value::from(name.to_owned())),
                    ("value", value.clone()),
                    ("isSecret", Value::Bool(false)),
                ])
            });
            Value::List(named.collect())
        }
        other => other.clone(),
    },
    decode: |value| {
        let Value::List(items) = value else { return None };
        let mut entries = Entries::new();
        for item in items {
            // What is secret is not returned, and not ours to compare.
            if let (Some(name), Some(value)) = (item.at(&["name"])?.as_str(), item.at(&["value"])) {
                entries.insert(name.to_owned(), value.clone());
            }
        }
        Some(Value::Map(entries))
    },
};

/// Runs a task when a base image changes.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct BaseImageTrigger {
    /// The trigger's name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// Which base images count.
    #[prop(arm = "baseImageTriggerType", tf = "type")]
    kind: BaseImages,
    /// Whether it counts.
    #[prop(arm = "status", tf = "enabled", codec = ENABLED_DISABLED, default = true, service = true)]
    enabled: bool,
}

impl BaseImageTrigger {
    /// The images that the built one runs on.
    #[must_use]
    pub fn runtime(name: impl Into<Text>) -> Self {
        Self::new(name, BaseImages::Runtime)
    }

    /// Those that it is built with, too.
    #[must_use]
    pub fn all(name: impl Into<Text>) -> Self {
        Self::new(name, BaseImages::All)
    }
}

/// Which base images count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum BaseImages {
    /// Those that an image is built with and runs on.
    All,
    /// Those that it runs on.
    Runtime,
}

/// Runs a task when source code changes.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct SourceTrigger {
    /// The trigger's name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// The repository.
    #[prop(arm = "sourceRepository.repositoryUrl", tf = "repository_url")]
    repository: Text,
    /// Who keeps the repository.
    #[prop(arm = "sourceRepository.sourceControlType", tf = "source_type")]
    host: SourceHost,
    /// What counts.
    #[prop(arm = "sourceTriggerEvents", tf = "events", default = Set(vec![SourceEvent::Commit]))]
    events: Set<SourceEvent>,
    /// The branch that counts.
    #[prop(arm = "sourceRepository.branch", tf = "branch")]
    branch: Option<Text>,
    /// The token that may set up the trigger.
    #[prop(
        arm = "sourceRepository.sourceControlAuthProperties.token",
        tf = "authentication.token",
        write_only
    )]
    token: Secret,
    /// The kind of token.
    #[prop(arm = "sourceRepository.sourceControlAuthProperties.tokenType", tf = "authentication.token_type",
        default = "PAT".into(), write_only, no_setter)]
    token_type: Text,
    /// Whether it counts.
    #[prop(arm = "status", tf = "enabled", codec = ENABLED_DISABLED, default = true, service = true)]
    enabled: bool,
}

impl SourceTrigger {
    /// Commits to a repository on GitHub, with a personal access token that may set up webhooks.
    #[must_use]
    pub fn github(name: impl Into<Text>, repository: impl Into<Text>, token: Secret) -> Self {
        Self::new(name, repository, SourceHost::GitHub, token)
    }

    /// Commits to a repository on Azure DevOps, with a personal access token that may set up webhooks.
    #[must_use]
    pub fn azure_devops(name: impl Into<Text>, repository: impl Into<Text>, token: Secret) -> Self {
        Self::new(name, repository, SourceHost::AzureDevOps, token)
    }
}

/// Who keeps source code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SourceHost {
    /// GitHub.
    #[choice("Github")]
    GitHub,
    /// Azure DevOps.
    #[choice("VisualStudioTeamService")]
    AzureDevOps,
}

/// What happens to source code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum SourceEvent {
    /// Commits arrive.
    #[choice("commit")]
    Commit,
    /// A change is proposed.
    #[choice("pullrequest")]
    PullRequest,
}

/// Runs a task by the clock.
#[derive(Clone, Block)]
pub struct TimerTrigger {
    /// The trigger's name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// When, in UTC: minute, hour, day, month, day of the week (`0 3 * * 1`).
    #[prop(arm = "schedule", tf = "schedule")]
    schedule: Text,
    /// Whether it counts.
    #[prop(arm = "status", tf = "enabled", codec = ENABLED_DISABLED, default = true, service = true)]
    enabled: bool,
}

/// The operating system that a task runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum TaskSystem {
    /// Linux.
    Linux,
    /// Windows.
    Windows,
}

/// The processors that a task runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum TaskArchitecture {
    /// Intel's and AMD's, 64 bits.
    #[choice("amd64")]
    Amd64,
    /// Intel's, 32 bits.
    #[choice("x86")]
    X86,
    /// ARM's.
    #[choice("arm")]
    Arm,
}

/// Whether a task signs in to its own registry by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum LoginMode {
    /// It does.
    Default,
    /// It does not: it says how by itself.
    None,
}
