//! What Cloud Run services and jobs are made of: containers, their environment, what they get of a machine.

use std::borrow::Cow;

use super::run_image::say_image;
use crate::dsl::Ref;
use crate::gcp::{RunImage, RunMount, RunProbe, SecretManagerSecret};
use crate::schema::codecs::ONE_IN_LIST;
use crate::schema::{Canon, PropertyType as _, Saying, Set, rust};
use crate::value::{Text, Value};
use crate::{Block, Choice};

/// A container: an image, what it gets of a machine, and what it finds there.
///
/// ```
/// use xat_infra::gcp::prelude::*;
/// # fn stack(image: RunImage, secret: Handle<SecretManagerSecret>) {
/// let web = RunContainer::of(image)
///     .port(8000)
///     .cpu("1")
///     .memory("1Gi")
///     .env("ENVIRONMENT", "production")
///     .secret_env("DATABASE_URL", secret)
///     .startup_probe(RunProbe::http("/health/ready", 8000));
/// # }
/// ```
#[derive(Clone, Block)]
#[block(private_new, import = say_container)]
pub struct RunContainer {
    /// The image, with the repository that it is pulled from.
    #[prop(rest = "image", tf = "image", danger = Downtime)]
    image: Text,
    /// The container's name; needed where there are several.
    #[prop(rest = "name", tf = "name", danger = Downtime)]
    name: Option<Text>,
    /// What runs, in place of what the image says.
    #[prop(rest = "command", tf = "command", danger = Downtime)]
    command: Option<Vec<Text>>,
    /// With which arguments.
    #[prop(rest = "args", tf = "args", label = "arguments", danger = Downtime)]
    arguments: Option<Vec<Text>>,
    /// The folder in which it runs.
    #[prop(rest = "workingDir", tf = "working_dir", label = "working directory", danger = Downtime)]
    working_dir: Option<Text>,
    /// What it finds in its environment.
    #[prop(rest = "env", tf = "env", key = "name", label = "variables", no_setter, danger = Downtime)]
    variables: Option<Set<RunVariable>>,
    /// Where it listens for calls. One container of a service does.
    #[prop(rest = "ports", tf = "ports", codec = ONE_IN_LIST, danger = Downtime)]
    listens: Option<RunPort>,
    /// Cores: 1, 2, 4, 6 or 8, or a part of one (`500m`) from 0.08 on.
    #[prop(rest = "resources.limits.cpu", tf = "resources.limits.cpu", tf_map, label = "CPU", canon = CPU, danger = Downtime)]
    cpu: Option<Text>,
    /// Memory (`512Mi`, `2Gi`), up to 32 GiB, which includes the files that it writes.
    #[prop(rest = "resources.limits.memory", tf = "resources.limits.memory", tf_map, canon = MEMORY, danger = Downtime)]
    memory: Option<Text>,
    /// Whether it gets cores only while there are calls, and pays for them only then. So it is for containers of a
    /// service, unless they say otherwise.
    #[prop(rest = "resources.cpuIdle", tf = "resources.cpu_idle", label = "CPU idle", service = false, danger = Cost)]
    cpu_idle: Option<bool>,
    /// Whether it gets more cores while it starts.
    #[prop(rest = "resources.startupCpuBoost", tf = "resources.startup_cpu_boost", label = "startup boost",
        service = false, danger = Cost)]
    startup_boost: Option<bool>,
    /// How the service sees that it has started; by its port, unless said.
    #[prop(rest = "startupProbe", tf = "startup_probe", danger = Downtime)]
    startup_probe: Option<RunProbe>,
    /// How the service sees that it must be started anew.
    #[prop(rest = "livenessProbe", tf = "liveness_probe", danger = Downtime)]
    liveness_probe: Option<RunProbe>,
    /// The volumes that it sees as folders.
    #[prop(rest = "volumeMounts", tf = "volume_mounts", key = "path", each = "mount", danger = Downtime)]
    mounts: Option<Set<RunMount>>,
    /// The containers that must have started before it, by name.
    #[prop(rest = "dependsOn", tf = "depends_on", danger = Downtime)]
    starts_after: Option<Vec<Text>>,
}

impl RunContainer {
    /// A container that runs an image.
    #[must_use]
    pub fn of(image: RunImage) -> Self {
        Self::new(image)
    }

    /// Listens for calls over HTTP at a port.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        self.listens(RunPort::new(port))
    }

    /// A variable of its environment. Secrets go by [`secret_env`](Self::secret_env).
    #[must_use]
    pub fn env(mut self, name: impl Into<Text>, value: impl Into<Text>) -> Self {
        let variable = RunVariable { value: Some(value.into()), ..RunVariable::new(name) };
        self.variables.get_or_insert_default().extend([variable]);
        self
    }

    /// A variable that holds what a secret holds when the container starts. The service's or job's account needs the
    /// role [`SECRET_ACCESSOR`](crate::gcp::IamRole::SECRET_ACCESSOR), and the secret a version.
    #[must_use]
    pub fn secret_env(
        self,
        name: impl Into<Text>,
        secret: impl Into<Ref<SecretManagerSecret>>,
    ) -> Self {
        self.secret_version_env(name, secret, "latest")
    }

    /// A variable that holds one version of a secret, by its number or alias.
    #[must_use]
    pub fn secret_version_env(
        mut self,
        name: impl Into<Text>,
        secret: impl Into<Ref<SecretManagerSecret>>,
        version: impl Into<Text>,
    ) -> Self {
        let variable = RunVariable {
            secret: Some(secret.into()),
            version: Some(version.into()),
            ..RunVariable::new(name)
        };
        self.variables.get_or_insert_default().extend([variable]);
        self
    }

    /// Cores only while there are calls, unless something else was said.
    pub(super) fn idle_between_calls(mut self) -> Self {
        self.cpu_idle.get_or_insert(true);
        self
    }
}

/// Where a container listens for calls.
#[derive(Clone, Block)]
pub struct RunPort {
    /// The port; the container finds it as `PORT` too.
    #[prop(rest = "containerPort", tf = "container_port", service = 8080)]
    port: u16,
    /// The protocol.
    #[prop(rest = "name", tf = "name", service = RunProtocol::Http1)]
    protocol: Option<RunProtocol>,
}

/// The protocol between Cloud Run and a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunProtocol {
    /// HTTP, version 1.
    #[choice("http1")]
    Http1,
    /// HTTP, version 2 from end to end, as gRPC needs it.
    #[choice("h2c")]
    Http2,
}

/// A variable of a container's environment.
#[derive(Clone, Block)]
#[block(private_new)]
pub struct RunVariable {
    /// Its name.
    #[prop(rest = "name", tf = "name")]
    name: Text,
    /// Its value.
    #[prop(rest = "value", tf = "value", no_setter)]
    value: Option<Text>,
    /// The secret that is its value.
    #[prop(
        rest = "valueSource.secretKeyRef.secret",
        tf = "value_source.secret_key_ref.secret",
        no_setter
    )]
    secret: Option<Ref<SecretManagerSecret>>,
    /// Which version of the secret.
    #[prop(
        rest = "valueSource.secretKeyRef.version",
        tf = "value_source.secret_key_ref.version",
        no_setter
    )]
    version: Option<Text>,
}

fn say_container(container: &mut Saying<'_>) {
    if let Some(image) = container.text("image").and_then(say_image) {
        container.construct_as(format!("RunContainer::of({image})"), &["image"]);
    }
    let Some(Value::List(variables)) = container.get("variables") else { return };
    let props = RunVariable::KIND.block().map_or(&[][..], |block| block.props);
    let said = variables.iter().map(|variable| {
        let fields = variable.as_block()?;
        let get = |property| fields.named(props, property);
        let quoted = |property| rust::text(get(property)?.as_text()?, container.variables);
        let name = quoted("name")?;
        match (quoted("value"), get("secret")) {
            (Some(value), None) => Some(format!(".env({name}, {value})")),
            (None, Some(secret)) => {
                let secret = Ref::<SecretManagerSecret>::rust(secret, container.variables)?;
                let version = get("version")?.as_str()?;
                Some(if version == "latest" {
                    format!(".secret_env({name}, {secret})")
                } else {
                    let version = rust::literal(version);
                    format!(".secret_version_env({name}, {secret}, {version})")
                })
            }
            _ => None,
        }
    });
    if let Some(calls) = said.collect::<Option<String>>() {
        container.call(calls, &["variables"]);
    }
}

/// Cores: `1` and `1000m` are one.
static CPU: Canon = Canon {
    name: "cores",
    apply: |text| match millicores(text) {
        Some(millis) => Cow::Owned(format!("{millis}m")),
        None => Cow::Borrowed(text),
    },
};

/// Memory: `1Gi` and `1024Mi` are one.
pub(super) static MEMORY: Canon = Canon {
    name: "bytes",
    apply: |text| match bytes(text) {
        Some(bytes) => Cow::Owned(bytes.to_string()),
        None => Cow::Borrowed(text),
    },
};

/// Thousandths of a core.
pub(super) fn millicores(text: &str) -> Option<u32> {
    if let Some(millis) = text.strip_suffix('m') {
        return millis.parse().ok();
    }
    let cores: f64 = text.parse().ok().filter(|cores: &f64| (0.0..=1024.0).contains(cores))?;
    Some((cores * 1000.0).round() as u32)
}

/// Bytes of a quantity as Kubernetes writes it.
pub(super) fn bytes(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 8] = [
        ("Ki", 1 << 10),
        ("Mi", 1 << 20),
        ("Gi", 1 << 30),
        ("Ti", 1 << 40),
        ("k", 1_000),
        ("M", 1_000_000),
        ("G", 1_000_000_000),
        ("", 1),
    ];
    UNITS.iter().find_map(|(unit, factor)| {
        text.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(*factor)
    })
}

#[cfg(test)]
mod tests {
    use super::{CPU, MEMORY, bytes, millicores};

    #[test]
    fn one_quantity_has_many_spellings() {
        assert!(CPU.same("1", "1000m"));
        assert!(CPU.same("0.5", "500m"));
        assert!(!CPU.same("1", "2"));
        assert!(MEMORY.same("1Gi", "1024Mi"));
        assert!(!MEMORY.same("1Gi", "1G"));
        assert_eq!(millicores("x"), None);
        assert_eq!(bytes("512Mi"), Some(536_870_912));
        assert_eq!(bytes("Mi"), None);
    }
}
