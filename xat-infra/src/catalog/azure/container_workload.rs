//! What container apps and jobs have in common: where they run, what, as whom, with which secrets.
//!
//! The macros write these properties and setters into both types.

/// What the macros' properties are made of.
pub(super) mod names {
    pub(in super::super) use std::collections::BTreeMap;

    pub(in super::super) use crate::Resource;
    pub(in super::super) use crate::azure::common::{NO_SPACES, identity_setters};
    pub(in super::super) use crate::azure::container_app_environment::CONSUMPTION;
    pub(in super::super) use crate::azure::{
        AppContainer, AppRegistry, AppSecret, AppVolume, ContainerAppEnvironment,
        ContainerRegistry, IdentityType, PrincipalId, Region, RegistryTier, ResourceGroup,
        UserAssignedIdentity, VaultSecret,
    };
    pub(in super::super) use crate::dsl::{Handle, Meta, Name, Ref, Stack};
    pub(in super::super) use crate::schema::codecs::ID_KEYS;
    pub(in super::super) use crate::schema::{CheckContext, Fact, Set, canons};
    pub(in super::super) use crate::value::{NodeRef, Text, Value};
}

/// Writes a type with the properties of a container workload behind its own.
macro_rules! container_workload {
    ($(#[$($about:tt)*])* pub struct $name:ident { $($own:tt)* }) => {
        $(#[$($about)*])*
        #[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
            doc = "The object ID of its own identity, if it has one.")]
        pub struct $name {
            $($own)*
            /// The environment that it runs in.
            #[prop(arm = "properties.environmentId", tf = "container_app_environment_id", replace)]
            environment: Ref<ContainerAppEnvironment>,
            /// The environment's profile that it runs on: the machines that all share, unless said.
            #[prop(arm = "properties.workloadProfileName", tf = "workload_profile_name", canon = canons::CASE,
                service = Text::from(CONSUMPTION), danger = Downtime)]
            workload_profile: Option<Text>,
            /// Its containers, which start and stop together.
            #[prop(arm = "properties.template.containers", tf = "template.container", key = "name",
                default = Vec::new(), each = "container", danger = Downtime)]
            containers: Vec<AppContainer>,
            /// Containers that run to their end, one after the other, before the others start.
            #[prop(arm = "properties.template.initContainers", tf = "template.init_container", key = "name",
                label = "first containers", each = "init_container", danger = Downtime)]
            init_containers: Option<Vec<AppContainer>>,
            /// Volumes that its containers can see.
            #[prop(arm = "properties.template.volumes", tf = "template.volume", key = "name", each = "volume",
                danger = Downtime)]
            volumes: Option<Set<AppVolume>>,
            /// Its secrets, each a reference to one of a vault.
            #[prop(arm = "properties.configuration.secrets", tf = "secret", key = "name", no_setter,
                danger = Downtime)]
            secrets: Option<Set<AppSecret>>,
            /// The registries that it pulls from, as identities.
            #[prop(arm = "properties.configuration.registries", tf = "registry", key = "server", no_setter,
                danger = Downtime)]
            registries: Option<Set<AppRegistry>>,
            /// Which identities it has.
            #[prop(arm = "identity.type", tf = "identity.type", codec = crate::azure::common::CLOSE_COMMA, canon = NO_SPACES, service = IdentityType::None, no_setter,
                danger = Downtime)]
            identity_type: Option<IdentityType>,
            /// The identities that it has beside its own.
            #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter,
                danger = Downtime)]
            identities: Option<Set<Ref<UserAssignedIdentity>>>,
            /// Labels for people and for cost reports.
            #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
            tags: Option<BTreeMap<String, Text>>,
            meta: Meta,
        }

        identity_setters!(impl $name);

        impl $name {
            /// A secret under a name of its own (lower case), read from a vault as this identity, which needs a role
            /// over the vault. Containers take it by `secret_env`.
            #[track_caller]
            #[must_use]
            pub fn secret(
                mut self,
                name: impl Into<Text>,
                secret: Handle<VaultSecret>,
                reader: Handle<UserAssignedIdentity>,
            ) -> Self {
                self.meta.set_here(Self::SECRETS.index());
                self.secrets.get_or_insert_default().extend([AppSecret::of(name, secret, reader)]);
                self.identity(reader)
            }

            /// Pulls from this registry as this identity, which needs a role over the registry.
            #[track_caller]
            #[must_use]
            pub fn pull_as<T: RegistryTier>(
                mut self,
                registry: Handle<ContainerRegistry<T>>,
                identity: Handle<UserAssignedIdentity>,
            ) -> Self {
                self.meta.set_here(Self::REGISTRIES.index());
                self.registries.get_or_insert_default().extend([AppRegistry::of(registry, identity)]);
                self.identity(identity)
            }
        }
    };
}
pub(super) use container_workload;

use crate::azure::common::{blocks, said, say_identities};
use crate::azure::container_app_environment::CONSUMPTION;

use crate::azure::{AppContainer, AppRegistry, AppSecret, ContainerProbe, EnvironmentVariable};
use crate::catalog::image::{IMAGE_NAMES, image_problem};
use crate::schema::{CheckContext, PropertyType, Saying};
use crate::value::{Fields, Value};

/// How an import says what both have: as whom they run and pull.
pub(super) fn say_workload(workload: &mut Saying<'_>) {
    say_identities(workload, true);
    let variables = workload.variables;
    let handle = |value: Option<&Value>, output: &str| {
        let text = value?.as_text()?;
        let variable = match text.output() {
            Some(of) if of.output.name == output => variables.variable(of.node),
            _ => variables.with_output(output, text.literal()?),
        };
        variable.map(|variable| variable.name.to_owned())
    };
    let said_all = |property: &str, call: &dyn Fn(&Fields) -> Option<String>| {
        let Some(Value::List(items)) = workload.get(property) else { return None };
        items.iter().map(|item| call(item.as_block()?)).collect::<Option<String>>()
    };
    let secrets = said_all("secrets", &|secret| {
        let name = said::<AppSecret>(secret, "name")?.as_str()?;
        let of = handle(said::<AppSecret>(secret, "reference"), "versionless_uri")?;
        let reader = handle(said::<AppSecret>(secret, "reader"), "id")?;
        Some(format!(".secret({name:?}, {of}, {reader})"))
    });
    let registries = said_all("registries", &|registry| {
        let server = handle(said::<AppRegistry>(registry, "server"), "login_server")?;
        let identity = handle(said::<AppRegistry>(registry, "identity"), "id")?;
        Some(format!(".pull_as({server}, {identity})"))
    });
    for (property, calls) in [("secrets", secrets), ("registries", registries)] {
        if let Some(calls) = calls.filter(|calls| !calls.is_empty()) {
            workload.call(calls, &[property]);
        }
    }
}

const SIZES: &str = "https://learn.microsoft.com/azure/container-apps/containers#allocations";
const PROBE_LIMITS: &str = "https://learn.microsoft.com/azure/container-apps/health-probes";
const SECRETS: &str = "https://learn.microsoft.com/azure/container-apps/manage-secrets";

/// What the service refuses in what both have.
pub(super) fn workload_limits(check: &mut CheckContext<'_>) {
    let list = |property: &str| -> Vec<Fields> {
        match check.get(property) {
            Some(Value::List(items)) => {
                items.iter().filter_map(|item| item.as_block().cloned()).collect()
            }
            _ => Vec::new(),
        }
    };
    let (containers, first) = (list("containers"), list("init_containers"));
    let secrets: Vec<String> = list("secrets")
        .iter()
        .filter_map(|secret| Some(said::<AppSecret>(secret, "name")?.as_str()?.to_owned()))
        .collect();
    let mut found: Vec<(&'static str, String, &str)> = Vec::new();
    if containers.is_empty() {
        found.push(("containers", "there is no container: say `.container(..)`".to_owned(), SIZES));
    }
    let shared = check
        .get("workload_profile")
        .and_then(Value::as_str)
        .is_none_or(|profile| profile.eq_ignore_ascii_case(CONSUMPTION));
    if let Some(problem) =
        (shared && !containers.is_empty()).then(|| size_problem(&containers)).flatten()
    {
        found.push(("containers", problem, SIZES));
    }
    for (property, all) in [("containers", &containers), ("init_containers", &first)] {
        for container in all {
            let name = word::<AppContainer>(container, "name").unwrap_or_default();
            let image = said::<AppContainer>(container, "image").and_then(Value::as_text);
            if let Some(problem) = image.and_then(image_problem) {
                found.push((property, format!("container `{name}`: {problem}"), IMAGE_NAMES));
            }
            for variable in blocks::<AppContainer>(container, "variables") {
                if let Some(secret) = word::<EnvironmentVariable>(variable, "secret")
                    && !secrets.iter().any(|name| name.eq_ignore_ascii_case(&secret))
                {
                    let problem = format!(
                        "container `{name}` asks for the secret `{secret}`, which is not there"
                    );
                    found.push((property, problem, SECRETS));
                }
            }
            for probe in blocks::<AppContainer>(container, "probes") {
                found.extend(probe_problems(probe).into_iter().map(|problem| {
                    (property, format!("container `{name}`: {problem}"), PROBE_LIMITS)
                }));
            }
        }
    }
    let good = |name: &str| {
        let inside = name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b));
        let ends = |c: char| c.is_ascii_alphanumeric();
        inside && name.starts_with(ends) && name.ends_with(ends)
    };
    for name in secrets.iter().filter(|name| !good(name)) {
        let problem =
            format!("a secret's name is of lower-case letters, digits, `-` and `.`: not `{name}`");
        found.push(("secrets", problem, SECRETS));
    }
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// What machines that all share do not give out: anything but quarters of a core up to four, with two GiB to a core.
fn size_problem(containers: &[Fields]) -> Option<String> {
    let mut cores = 0.0;
    let mut memory = 0.0;
    for container in containers {
        cores += match said::<AppContainer>(container, "cores")? {
            Value::Float(cores) => *cores,
            Value::Int(cores) => *cores as f64,
            _ => return None,
        };
        memory += said::<AppContainer>(container, "memory")?
            .as_str()?
            .strip_suffix("Gi")?
            .parse::<f64>()
            .ok()?;
    }
    let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
    let steps = cores * 4.0;
    let fits = (1.0..=16.0).contains(&steps.round())
        && near(steps, steps.round())
        && near(memory, cores * 2.0);
    (!fits).then(|| {
        format!(
            "{cores} cores and {memory} GiB in all are not given out by `{CONSUMPTION}`: it takes quarters of a core up \
             to four, with two GiB to a core"
        )
    })
}

fn probe_problems(probe: &Fields) -> Vec<String> {
    let kind = word::<ContainerProbe>(probe, "kind").unwrap_or_default();
    let most = if kind == "readiness" { 10 } else { 1 };
    let limits = [
        ("initial_delay", "the delay", 0..=60),
        ("period", "the period", 1..=240),
        ("timeout", "the time for an answer", 1..=240),
        ("failures", "the number of failures", 1..=10),
        ("successes", "the number of good answers", 1..=most),
    ];
    let outside = limits.into_iter().filter_map(|(property, what, range)| {
        let n = said::<ContainerProbe>(probe, property)?.as_int()?;
        let (from, to) = (range.start(), range.end());
        (!range.contains(&n))
            .then(|| format!("{what} of the {kind} probe, {n}, is outside {from} to {to}"))
    });
    outside.collect()
}

/// A name or word, in lower case: the service does not tell cases apart.
fn word<T: PropertyType>(fields: &Fields, property: &str) -> Option<String> {
    Some(said::<T>(fields, property)?.as_str()?.to_ascii_lowercase())
}
