//! Tasks of a container registry: images built where they are kept.

use std::collections::BTreeMap;

use crate::azure::common::{NO_SPACES, identity_setters, inner, say_identities};
use crate::azure::registry_task_parts::{
    BaseImageTrigger, DockerStep, EncodedStep, FileStep, LoginMode, SourceTrigger,
    TaskArchitecture, TaskSystem, TimerTrigger,
};
use crate::azure::{
    ContainerRegistry, IdentityType, Principal, PrincipalId, PrincipalType, Region, ResourceGroup,
    UserAssignedIdentity,
};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS};
use crate::schema::{CheckContext, Saying, Set};
use crate::value::{NodeRef, Secret, Text, Value};
use crate::{Resource, name};

/// A task of a container registry: it builds an image, or runs steps from a file, when code is pushed, when a base image
/// changes, or by the clock.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.ContainerRegistry/registries/tasks@2019-04-01",
    terraform = "azurerm_container_registry_task",
    scope = Child,
    private_new,
    check = limits,
    import = say,
    source = "https://learn.microsoft.com/azure/templates/microsoft.containerregistry/registries/tasks"
)]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of the task's own identity, where it has one.")]
pub struct RegistryTask {
    /// The task's name, unique in its registry.
    #[name(
        len = 5..=50, chars = alphanumeric, and = "-_",
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry"
    )]
    name: Name<Self>,
    /// The registry.
    #[prop(tf = "container_registry_id", parent)]
    registry: Ref<ContainerRegistry>,
    /// The region; the registry's.
    #[prop(arm = "location", inherited, replace)]
    location: Option<Region>,
    /// The operating system that it runs on.
    #[prop(arm = "properties.platform.os", tf = "platform.os", default = TaskSystem::Linux)]
    system: TaskSystem,
    /// The processors that it runs on.
    #[prop(arm = "properties.platform.architecture", tf = "platform.architecture", service = TaskArchitecture::Amd64)]
    architecture: Option<TaskArchitecture>,
    /// Builds an image from a Dockerfile.
    #[prop(arm = "properties.step", tf = "docker_step", no_setter)]
    docker_step: Option<DockerStep>,
    /// Runs the steps of a file in the source code.
    #[prop(arm = "properties.step", tf = "file_step", no_setter)]
    file_step: Option<FileStep>,
    /// Runs steps that are written here.
    #[prop(arm = "properties.step", tf = "encoded_step", no_setter)]
    encoded_step: Option<EncodedStep>,
    /// Runs it when a base image of its own changes.
    #[prop(arm = "properties.trigger.baseImageTrigger", tf = "base_image_trigger")]
    base_image_trigger: Option<BaseImageTrigger>,
    /// Runs it when source code changes.
    #[prop(arm = "properties.trigger.sourceTriggers", tf = "source_trigger", key = "name", service = Set::default(),
        each = "source_trigger")]
    source_triggers: Option<Set<SourceTrigger>>,
    /// Runs it by the clock.
    #[prop(arm = "properties.trigger.timerTriggers", tf = "timer_trigger", key = "name", service = Set::default(),
        each = "timer_trigger")]
    timer_triggers: Option<Set<TimerTrigger>>,
    /// Whether it runs at all.
    #[prop(arm = "properties.status", tf = "enabled", codec = ENABLED_DISABLED, service = true)]
    enabled: Option<bool>,
    /// After how many seconds a run is given up: 300 to 28,800; 3,600, unless said.
    #[prop(
        arm = "properties.timeout",
        tf = "timeout_in_seconds",
        unit = "seconds",
        service = 3600
    )]
    timeout_seconds: Option<u32>,
    /// How many cores it has; 2, unless said.
    #[prop(arm = "properties.agentConfiguration.cpu", tf = "agent_setting.cpu", label = "cores", service = 2,
        danger = Cost)]
    cores: Option<u16>,
    /// Whether it signs in to its own registry by itself.
    #[prop(arm = "properties.credentials.sourceRegistry.loginMode", tf = "registry_credential.source.login_mode",
        danger = Downtime)]
    login_mode: Option<LoginMode>,
    /// Which identities the task has.
    #[prop(arm = "identity.type", tf = "identity.type", canon = NO_SPACES, service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identities that the task has beside its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

identity_setters!(impl RegistryTask);

impl RegistryTask {
    /// A task that builds an image from a Dockerfile.
    #[track_caller]
    #[must_use]
    pub fn docker(
        name: Name<Self>,
        registry: impl Into<Ref<ContainerRegistry>>,
        step: DockerStep,
    ) -> Self {
        let mut task = Self::declare_new(name, registry);
        task.docker_step = Some(step);
        task
    }

    /// A task that runs the steps of a file in the source code.
    #[track_caller]
    #[must_use]
    pub fn file(
        name: Name<Self>,
        registry: impl Into<Ref<ContainerRegistry>>,
        step: FileStep,
    ) -> Self {
        let mut task = Self::declare_new(name, registry);
        task.file_step = Some(step);
        task
    }

    /// A task that runs steps which are written in the stack.
    #[track_caller]
    #[must_use]
    pub fn encoded(
        name: Name<Self>,
        registry: impl Into<Ref<ContainerRegistry>>,
        step: EncodedStep,
    ) -> Self {
        let mut task = Self::declare_new(name, registry);
        task.encoded_step = Some(step);
        task
    }
}

/// The three steps stand at one place, so that each is read as all: the kind says which it is.
fn say(task: &mut Saying<'_>) {
    for (step, kind) in
        [("docker_step", "Docker"), ("file_step", "FileTask"), ("encoded_step", "EncodedTask")]
    {
        // The kind comes first in each of them.
        let found = task.get(step).and_then(Value::as_block).and_then(|block| block.get(0));
        if found.and_then(Value::as_str) != Some(kind) {
            task.settle(&[step]);
        }
    }
    say_identities(task, false);
}

/// The task's own identity, for roles.
impl From<Handle<RegistryTask>> for Principal {
    fn from(task: Handle<RegistryTask>) -> Self {
        Self { id: task.principal_id().into(), kind: PrincipalType::ServicePrincipal }
    }
}

fn limits(check: &mut CheckContext<'_>) {
    const TASKS: &str =
        "https://learn.microsoft.com/azure/container-registry/container-registry-tasks-overview";
    const CLOCK: &str =
        "https://learn.microsoft.com/azure/container-registry/container-registry-tasks-scheduled";
    check.range("timeout_seconds", 300..=28_800, TASKS);
    if let Some(Value::List(triggers)) = check.get("timer_triggers") {
        let bad: Vec<String> = triggers
            .iter()
            .filter_map(|trigger| inner::<TimerTrigger>(trigger, "schedule")?.as_str())
            .filter(|schedule| schedule.split_whitespace().count() != 5)
            .map(|schedule| format!("`{schedule}` is not a schedule of five fields"))
            .collect();
        for problem in bad {
            let help = format!("minute, hour, day, month, day of the week: `0 3 * * 1` ({CLOCK})");
            check.report("timer_triggers", problem, help);
        }
    }
    let windows = check.text("system") == Some(TaskSystem::Windows.word());
    let arm = check.text("architecture").is_some_and(|kind| kind != TaskArchitecture::Amd64.word());
    if windows && arm {
        let what = "tasks run Windows on 64-bit Intel processors alone";
        check.report("architecture", what, TASKS);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let registry = stack.add(ContainerRegistry::standard(name!("shopimages"), group));
    stack.add(RegistryTask::encoded(
        name!("clean"),
        registry,
        EncodedStep::yaml("version: v1.1.0\nsteps:\n  - cmd: acr purge --ago 30d --untagged\n"),
    ));
    let code = "https://github.com/example/shop.git";
    let step =
        DockerStep::new(format!("{code}#main"), "Dockerfile", Secret::supplied("github-token"))
            .image("shop:{{.Run.ID}}")
            .argument("PYTHON", "3.13")
            .push(true)
            .cache(false)
            .target("runtime");
    let build = RegistryTask::docker(name!("build-shop"), registry, step)
        .architecture(TaskArchitecture::Amd64)
        .base_image_trigger(BaseImageTrigger::runtime("base"))
        .source_trigger(
            SourceTrigger::github("main", code, Secret::supplied("github-token")).branch("main"),
        )
        .timer_trigger(TimerTrigger::new("weekly", "0 3 * * 1"))
        .enabled(true)
        .timeout_seconds(1800)
        .cores(2)
        .login_mode(LoginMode::Default)
        .system_identity()
        .tag("owner", "platform");
    stack.add(build).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn tasks_that_cannot_run() {
        let task = || {
            let registry = Ref::<ContainerRegistry>::existing("/subscriptions/s/registries/a");
            RegistryTask::encoded(name!("clean"), registry, EncodedStep::yaml("version: v1.1.0"))
        };
        assert_eq!(refused(task().timeout_seconds(300)), [""; 0]);
        assert_eq!(refused(task().timeout_seconds(299)), ["timeout_seconds"]);
        let at = |schedule| task().timer_trigger(TimerTrigger::new("t", schedule));
        assert_eq!(refused(at("0 3 * * 1")), [""; 0]);
        assert_eq!(refused(at("weekly")), ["timer_triggers"]);
        let windows = || task().system(TaskSystem::Windows);
        assert_eq!(refused(windows()), [""; 0]);
        assert_eq!(refused(windows().architecture(TaskArchitecture::Arm)), ["architecture"]);
    }
}
