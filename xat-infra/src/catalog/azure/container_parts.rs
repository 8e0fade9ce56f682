//! What container apps and jobs are made of: containers, their environment, secrets, registries, volumes.

use crate::azure::container_probe::PROBES;
use crate::azure::web_app_image::say_image;
use crate::azure::{
    ContainerImage, ContainerProbe, ContainerRegistry, RegistryTier, UserAssignedIdentity,
    VaultSecret,
};
use crate::dsl::Handle;
use crate::schema::{Saying, Set, canons};
use crate::value::Text;
use crate::{Block, Choice};

/// A container of an app or job: an image, what it gets of a machine, and what it finds there.
///
/// ```
/// use xat_infra::azure::prelude::*;
/// # fn stack(image: ContainerImage) {
/// let web = AppContainer::of("web", image, ContainerSize::cores(0.5))
///     .env("PORT", "8000")
///     .secret_env("DATABASE_URL", "database-url")
///     .probe(ContainerProbe::http(ProbeKind::Readiness, "/health/ready", 8000));
/// # }
/// ```
#[derive(Clone, Block)]
#[block(private_new, import = say_container)]
pub struct AppContainer {
    /// The container's name, unique in its app or job.
    #[prop(arm = "name", tf = "name", canon = canons::CASE, danger = Downtime)]
    name: Text,
    /// The image, with the registry that it is pulled from.
    #[prop(arm = "image", tf = "image", danger = Downtime)]
    image: Text,
    /// Cores.
    #[prop(arm = "resources.cpu", tf = "cpu", label = "cores", danger = Downtime)]
    cores: f64,
    /// Memory (`1Gi`).
    #[prop(arm = "resources.memory", tf = "memory", danger = Downtime)]
    memory: Text,
    /// What runs, in place of what the image says.
    #[prop(arm = "command", tf = "command", danger = Downtime)]
    command: Option<Vec<Text>>,
    /// With which arguments.
    #[prop(arm = "args", tf = "args", label = "arguments", danger = Downtime)]
    arguments: Option<Vec<Text>>,
    /// What it finds in its environment.
    #[prop(arm = "env", tf = "env", key = "name", label = "variables", no_setter, danger = Downtime)]
    variables: Option<Set<EnvironmentVariable>>,
    /// How the service sees whether it is well.
    #[prop(arm = "probes", tf = "", tf_codec = PROBES, key = "kind", each = "probe", danger = Downtime)]
    probes: Option<Set<ContainerProbe>>,
    /// The volumes that it sees as folders.
    #[prop(arm = "volumeMounts", tf = "volume_mounts", key = "path", each = "mount", danger = Downtime)]
    mounts: Option<Set<VolumeMount>>,
}

impl AppContainer {
    /// A container that runs an image.
    #[must_use]
    pub fn of(name: impl Into<Text>, image: ContainerImage, size: ContainerSize) -> Self {
        Self::new(name, image, size.cores, size.memory)
    }

    /// A variable of its environment. Secrets go by [`AppContainer::secret_env`].
    #[must_use]
    pub fn env(mut self, name: impl Into<Text>, value: impl Into<Text>) -> Self {
        let variable =
            EnvironmentVariable { value: Some(value.into()), ..EnvironmentVariable::new(name) };
        self.variables.get_or_insert_default().extend([variable]);
        self
    }

    /// A variable that holds a secret of the app or job, by the secret's name there.
    #[must_use]
    pub fn secret_env(mut self, name: impl Into<Text>, secret: impl Into<Text>) -> Self {
        let variable =
            EnvironmentVariable { secret: Some(secret.into()), ..EnvironmentVariable::new(name) };
        self.variables.get_or_insert_default().extend([variable]);
        self
    }
}

fn say_container(container: &mut Saying<'_>) {
    let image = container.text("image").map(|image| format!("DOCKER|{image}"));
    let image = image.and_then(|image| say_image(&image, container.variables));
    if let (Some(name), Some(image), Some(cores), Some(memory)) = (
        container.expression("name"),
        image,
        container.expression("cores"),
        container.expression("memory"),
    ) {
        let head =
            format!("AppContainer::of({name}, {image}, ContainerSize::of({cores}, {memory}))");
        container.construct_as(head, &["name", "image", "cores", "memory"]);
    }
    if let Some(crate::value::Value::List(variables)) = container.get("variables") {
        let said = variables.iter().map(|variable| {
            let fields = variable.as_block()?;
            let props = <EnvironmentVariable as crate::schema::PropertyType>::KIND.block()?.props;
            let text = |property| fields.named(props, property)?.as_text();
            let quoted = |property| crate::schema::rust::text(text(property)?, container.variables);
            match (quoted("value"), quoted("secret")) {
                (Some(value), None) => Some(format!(".env({}, {value})", quoted("name")?)),
                (None, Some(secret)) => Some(format!(".secret_env({}, {secret})", quoted("name")?)),
                _ => None,
            }
        });
        if let Some(calls) = said.collect::<Option<String>>() {
            container.call(calls, &["variables"]);
        }
    }
}

/// What a container gets of a machine.
#[derive(Clone)]
pub struct ContainerSize {
    cores: f64,
    memory: Text,
}

impl ContainerSize {
    /// So many cores, and two GiB of memory for each: what machines that all share (`Consumption`) give out, in steps of
    /// a quarter up to four cores for all containers together.
    #[must_use]
    pub fn cores(cores: f64) -> Self {
        Self::of(cores, format!("{}Gi", cores * 2.0))
    }

    /// So many cores and so much memory (`3Gi`), for a profile with machines of the environment's own.
    #[must_use]
    pub fn of(cores: f64, memory: impl Into<Text>) -> Self {
        Self { cores, memory: memory.into() }
    }
}

/// A variable of a container's environment.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct EnvironmentVariable {
    /// Its name.
    #[prop(arm = "name", tf = "name")]
    name: Text,
    /// Its value.
    #[prop(arm = "value", tf = "value", no_setter)]
    value: Option<Text>,
    /// The secret of the app or job that is its value.
    #[prop(arm = "secretRef", tf = "secret_name", canon = canons::CASE, no_setter)]
    secret: Option<Text>,
}

/// A secret of an app or job: a reference to one of a vault, and who reads it.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct AppSecret {
    /// Its name, in lower case, by which containers refer to it.
    #[prop(arm = "name", tf = "name", canon = canons::CASE, danger = Downtime)]
    name: Text,
    /// The vault's secret, without a version: the newest is used within half an hour.
    #[prop(arm = "keyVaultUrl", tf = "key_vault_secret_id", canon = canons::URL, danger = Downtime)]
    reference: Text,
    /// The identity that reads it: its ID, or `System` for the app's or job's own.
    #[prop(arm = "identity", tf = "identity", canon = canons::RESOURCE_ID, danger = Downtime)]
    reader: Text,
}

impl AppSecret {
    pub(super) fn of(
        name: impl Into<Text>,
        secret: Handle<VaultSecret>,
        reader: Handle<UserAssignedIdentity>,
    ) -> Self {
        Self::new(name, secret.versionless_uri(), reader.id())
    }
}

/// A registry that an app or job pulls from, and as whom.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct AppRegistry {
    /// The registry's host name.
    #[prop(arm = "server", tf = "server", canon = canons::URL, danger = Downtime)]
    server: Text,
    /// The identity that pulls: its ID, or `system` for the app's or job's own.
    #[prop(arm = "identity", tf = "identity", canon = canons::RESOURCE_ID, danger = Downtime)]
    identity: Text,
}

impl AppRegistry {
    pub(super) fn of<T: RegistryTier>(
        registry: Handle<ContainerRegistry<T>>,
        identity: Handle<UserAssignedIdentity>,
    ) -> Self {
        Self::new(registry.login_server(), identity.id())
    }
}

/// A volume that containers can see as a folder.
#[derive(Clone, Block)]
pub struct AppVolume {
    /// The volume's name.
    #[prop(arm = "name", tf = "name", canon = canons::CASE, danger = Downtime)]
    name: Text,
    /// What it is.
    #[prop(arm = "storageType", tf = "storage_type", service = VolumeKind::EmptyDir, danger = Downtime)]
    kind: Option<VolumeKind>,
    /// The environment's storage that it shows.
    #[prop(arm = "storageName", tf = "storage_name", canon = canons::CASE, danger = Downtime)]
    storage: Option<Text>,
    /// How it is mounted, in the words of `mount`.
    #[prop(arm = "mountOptions", tf = "mount_options", danger = Downtime)]
    options: Option<Text>,
}

/// What a volume is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum VolumeKind {
    /// An empty folder, which lives as long as the replica.
    EmptyDir,
    /// A file share over SMB.
    AzureFile,
    /// A file share over NFS.
    NfsAzureFile,
    /// The secrets of the app or job, a file each.
    Secret,
}

/// A volume as a container sees it.
#[derive(Clone, Block)]
pub struct VolumeMount {
    /// The volume's name.
    #[prop(arm = "volumeName", tf = "name", canon = canons::CASE, danger = Downtime)]
    volume: Text,
    /// Where the container sees it.
    #[prop(arm = "mountPath", tf = "path", danger = Downtime)]
    path: Text,
    /// The folder of the volume that it sees.
    #[prop(arm = "subPath", tf = "sub_path", danger = Downtime)]
    folder: Option<Text>,
}
