//! What Cloud Run services and jobs have in common: what runs, as whom, with which volumes, in which network.
//!
//! The macro writes these properties and setters into both types; a job has them one level deeper in its body.

/// What the macro's properties are made of.
pub(super) mod names {
    pub(in super::super) use std::collections::BTreeMap;

    pub(in super::super) use super::super::common::{SECONDS, labels};
    pub(in super::super) use super::super::references::REFERENCE;
    pub(in super::super) use super::USES_SECRETS;
    pub(in super::super) use crate::Resource;
    pub(in super::super) use crate::dsl::{Meta, Name, Ref, Stack};
    pub(in super::super) use crate::gcp::{
        Location, PROVIDER, RunBinaryAuthorization, RunContainer, RunEnvironment, RunImage,
        RunVolume, RunVpcAccess, ServiceAccount,
    };
    pub(in super::super) use crate::name;
    pub(in super::super) use crate::schema::{CheckContext, Saying};
    pub(in super::super) use crate::value::{NodeRef, Text};
}

/// Its account reads the secrets that its containers find, before anything starts.
/// <https://cloud.google.com/run/docs/configuring/services/secrets>
pub(super) const USES_SECRETS: Fact = Fact::Acts {
    through: &["containers.variables.secret", "volumes.secret.secret"],
    identity: "account",
};

/// Writes a type with the properties of a Cloud Run workload in front of its own. Paths are REST's, and Terraform's where
/// that has another.
macro_rules! run_workload {
    (
        $(#[$($about:tt)*])*
        pub struct $name:ident at {
            containers: $containers:literal,
            volumes: $volumes:literal,
            account: $account:literal $tf_account:literal,
            environment: $environment:literal $tf_environment:literal,
            network: $network:literal $tf_network:literal,
            key: $key:literal $tf_key:literal,
            accelerator: $accelerator:literal $tf_accelerator:literal,
            revision_labels: $revision_labels:literal,
            revision_annotations: $revision_annotations:literal,
        } { $($own:tt)* }
    ) => {
        $(#[$($about)*])*
        pub struct $name {
            $($own)*
            /// As whom it runs.
            #[prop(rest = $account, tf = $tf_account, label = "service account", via = "email", danger = Downtime)]
            account: Ref<ServiceAccount>,
            /// The region.
            #[prop(tf = "location", parameter = "gcp.region", replace)]
            location: Option<Location>,
            /// Its containers, which start and stop together.
            #[prop(rest = $containers, tf = $containers, default = Vec::new(), no_setter, danger = Downtime)]
            containers: Vec<RunContainer>,
            /// Volumes that its containers can see.
            #[prop(rest = $volumes, tf = $volumes, key = "name", each = "volume", danger = Downtime)]
            volumes: Option<Vec<RunVolume>>,
            /// Which sandbox it runs in: the second is a full Linux, the first starts faster.
            #[prop(rest = $environment, tf = $tf_environment, label = "execution environment", danger = Downtime)]
            environment: Option<RunEnvironment>,
            /// How it reaches a network; without this, only what is on the internet.
            #[prop(rest = $network, tf = $tf_network, label = "VPC access", danger = Downtime)]
            vpc_access: Option<RunVpcAccess>,
            /// The key that the image is encrypted with where it runs, by name; Google's own unless said.
            #[prop(rest = $key, tf = $tf_key, canon = REFERENCE, danger = Downtime)]
            kms_key: Option<Text>,
            /// The kind of GPU that it needs (`nvidia-l4`).
            #[prop(rest = $accelerator, tf = $tf_accelerator, danger = Cost)]
            accelerator: Option<Text>,
            /// Which images may run.
            #[prop(rest = "binaryAuthorization", tf = "binary_authorization", danger = Exposure)]
            binary_authorization: Option<RunBinaryAuthorization>,
            /// How finished the features must be that it uses.
            #[prop(rest = "launchStage", tf = "launch_stage", service = RunLaunchStage::Ga, danger = Cosmetic)]
            launch_stage: Option<RunLaunchStage>,
            /// What programs note on it.
            #[prop(rest = "annotations", tf = "annotations", each = "annotation", danger = Cosmetic)]
            annotations: Option<BTreeMap<String, Text>>,
            /// Labels of what it starts.
            #[prop(rest = $revision_labels, tf = $revision_labels, each = "revision_label", danger = Cosmetic)]
            revision_labels: Option<BTreeMap<String, Text>>,
            /// What programs note on what it starts.
            #[prop(rest = $revision_annotations, tf = $revision_annotations, each = "revision_annotation",
                danger = Cosmetic)]
            revision_annotations: Option<BTreeMap<String, Text>>,
            /// Labels for people and for cost reports.
            #[prop(rest = "labels", tf = "labels", tags, danger = Cosmetic, each = "label")]
            labels: Option<BTreeMap<String, Text>>,
            meta: Meta,
        }

        impl $name {
            /// Leaves the images of its containers to delivery once it exists: what the stack says is what a new one starts
            /// with.
            #[must_use]
            pub fn images_by_delivery(mut self) -> Self {
                self.meta.ignore_in.push((Self::CONTAINERS.index(), "image"));
                self
            }
        }
    };
}
pub(super) use run_workload;

use super::run_container::{bytes, millicores};
use super::run_probe;
use crate::catalog::image::{IMAGE_NAMES, image_problem};
use crate::schema::{CheckContext, DeclaredBlock, Fact, Saying};
use crate::value::Value;
use crate::{Block, Choice};

/// The sandbox of a Cloud Run workload.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunEnvironment {
    /// Starts faster, and knows fewer calls of the system.
    #[choice("EXECUTION_ENVIRONMENT_GEN1")]
    First,
    /// A full Linux, with a faster network.
    #[choice("EXECUTION_ENVIRONMENT_GEN2")]
    Second,
}

/// How finished features must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunLaunchStage {
    /// Generally available.
    #[choice("GA")]
    Ga,
    /// Beta, too.
    #[choice("BETA")]
    Beta,
    /// Alpha, too.
    #[choice("ALPHA")]
    Alpha,
}

/// Which images may run.
#[derive(Clone, Block)]
pub struct RunBinaryAuthorization {
    /// Whether the project's policy decides.
    #[prop(rest = "useDefault", tf = "use_default", service = false)]
    project_policy: Option<bool>,
    /// The policy that decides instead, by name.
    #[prop(rest = "policy", tf = "policy", canon = super::references::REFERENCE)]
    policy: Option<crate::value::Text>,
    /// Why the policy is set aside, where it is.
    #[prop(rest = "breakglassJustification", tf = "breakglass_justification")]
    breakglass: Option<crate::value::Text>,
}

/// How an import says containers: as the types' own setter takes them.
pub(super) fn say_containers(workload: &mut Saying<'_>, idle: bool) {
    let Some(said) = workload.each("containers") else { return };
    let Some(Value::List(containers)) = workload.get("containers") else { return };
    let props = <super::RunContainer as crate::schema::PropertyType>::KIND.block();
    let props = props.map_or(&[][..], |block| block.props);
    let calls = said.iter().zip(containers).map(|(container, value)| {
        let declared = value.as_block().and_then(|fields| fields.named(props, "cpu_idle"));
        let always = if idle && declared.is_none() { ".cpu_idle(false)" } else { "" };
        format!(".container({container}{always})")
    });
    workload.call(calls.collect(), &["containers"]);
}

const CPUS: &str = "https://cloud.google.com/run/docs/configuring/services/cpu";
const MEMORY: &str = "https://cloud.google.com/run/docs/configuring/services/memory-limits";
const PROBES: &str = "https://cloud.google.com/run/docs/configuring/healthchecks";
const VOLUMES: &str = "https://cloud.google.com/run/docs/reference/rest/v2/Container#Volume";
const NETWORKS: &str = "https://cloud.google.com/run/docs/configuring/vpc-direct-vpc";
const CONTAINERS: &str = "https://cloud.google.com/run/docs/configuring/services/containers";

/// What the service refuses in what both have.
pub(super) fn workload_limits(check: &mut CheckContext<'_>) {
    let mut found: Vec<(&'static str, String, &str)> = Vec::new();
    let (containers, volumes) = (check.blocks("containers"), check.blocks("volumes"));
    if containers.is_empty() {
        let what = "there is no container: say `.container(..)`";
        found.push(("containers", what.to_owned(), CONTAINERS));
    }
    if let [only] = containers.as_slice() {
        // What counts is what all containers take together; of several, some may say nothing.
        found.extend(size_problems(only).map(|(what, source)| ("containers", what, source)));
    }
    let volume_names: Vec<&str> = volumes.iter().filter_map(|volume| volume.text("name")).collect();
    for container in &containers {
        let named = container.text("name").map(|name| format!("container `{name}`: "));
        let named = named.unwrap_or_default();
        let mut add = |what: String, source| {
            found.push(("containers", format!("{named}{what}"), source));
        };
        let image = container.get("image").and_then(Value::as_text);
        if let Some(problem) = image.and_then(image_problem) {
            add(problem.to_owned(), IMAGE_NAMES);
        }
        if containers.len() > 1 && container.text("name").is_none() {
            add("of several containers each has a name".to_owned(), CONTAINERS);
        }
        for (property, liveness) in [("startup_probe", false), ("liveness_probe", true)] {
            for probe in container.blocks(property) {
                for problem in run_probe::problems(probe, liveness) {
                    add(format!("{}: {problem}", property.replace('_', " ")), PROBES);
                }
            }
        }
        for mount in container.blocks("mounts") {
            if let Some(volume) = mount.text("volume").filter(|name| !volume_names.contains(name)) {
                add(format!("it mounts the volume `{volume}`, which is not there"), VOLUMES);
            }
        }
    }
    const SOURCES: [&str; 5] = ["cloud_sql_instances", "secret", "empty_dir", "bucket", "nfs"];
    for volume in &volumes {
        if SOURCES.iter().filter(|source| volume.get(source).is_some()).count() != 1 {
            let name = volume.text("name").unwrap_or_default();
            let what =
                format!("the volume `{name}` shows one thing: sockets, a secret, a folder ..");
            found.push(("volumes", what, VOLUMES));
        }
    }
    for access in check.blocks("vpc_access") {
        let interfaces = access.blocks("interfaces");
        let direct = !interfaces.is_empty();
        if direct == access.get("connector").is_some() {
            let what = "the way into a network is a connector or an address of its own";
            found.push(("vpc_access", what.to_owned(), NETWORKS));
        }
        if interfaces.len() > 1 {
            found.push(("vpc_access", "it has at most one address".to_owned(), NETWORKS));
        }
        let nowhere = |one: &DeclaredBlock<'_>| {
            one.get("network").is_none() && one.get("subnetwork").is_none()
        };
        if interfaces.iter().any(nowhere) {
            let what = "an address is in a network or a subnet".to_owned();
            found.push(("vpc_access", what, NETWORKS));
        }
    }
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// Cores, and the memory in MiB that goes with so many.
const SIZES: [(u32, u64, u64); 5] = [
    (1000, 128, 4096),
    (2000, 128, 8192),
    (4000, 2048, 16_384),
    (6000, 4096, 24_576),
    (8000, 4096, 32_768),
];

fn size_problems(
    container: &DeclaredBlock<'_>,
) -> impl Iterator<Item = (String, &'static str)> + use<> {
    let (cpu, memory) = (container.text("cpu"), container.text("memory"));
    let mut found = Vec::new();
    let millis = cpu.map_or(Some(1000), millicores);
    let mib = memory.map_or(Some(512), |memory| bytes(memory).map(|bytes| bytes >> 20));
    if millis.is_none() {
        found.push((format!("`{}` is no number of cores", cpu.unwrap_or_default()), CPUS));
    }
    if mib.is_none() {
        let what = format!("`{}` is no size: write it as 512Mi or 2Gi", memory.unwrap_or_default());
        found.push((what, MEMORY));
    }
    if let (Some(millis), Some(mib)) = (millis, mib) {
        let range = match millis {
            80..500 => Some((128, 512)),
            500..1000 => Some((128, 1024)),
            _ => {
                SIZES.iter().find(|(of, ..)| *of == millis).map(|(_, least, most)| (*least, *most))
            }
        };
        let cores = f64::from(millis) / 1000.0;
        match range {
            None => {
                let what = format!("{cores} cores are not 1, 2, 4, 6 or 8, nor 0.08 to 1");
                found.push((what, CPUS));
            }
            Some((least, most)) if !(least..=most).contains(&mib) => {
                let what =
                    format!("{mib} MiB are outside {least} to {most}, which go with {cores} cores");
                found.push((what, CPUS));
            }
            Some(_) => {}
        }
    }
    found.into_iter()
}
