//! Repositories of Artifact Registry.

use std::collections::BTreeMap;

use super::common::labels;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{CleanupPolicy, Location, PROVIDER};
use crate::schema::{Canon, CheckContext, canons};
use crate::value::{NodeRef, Text};
use crate::{Block, Choice, Resource, name};

/// A repository of Artifact Registry: container images, or packages of one format.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "artifactregistry.googleapis.com/Repository@v1",
    id = "//artifactregistry.googleapis.com/projects/{gcp.project}/locations/{location}/repositories/{name}",
    terraform = "google_artifact_registry_repository",
    scope = Root,
    holds_data,
    check = limits,
    check = super::artifact_cleanup::limits,
    check = labels,
    source = "https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories"
)]
#[output(docker_path: Text, made = "{location}-docker.pkg.dev/{gcp.project}/{name}",
    doc = "What stands in front of the names of its container images.")]
pub struct ArtifactRepository {
    /// The repository's name, unique in its project and location.
    #[name(
        len = 1..=63, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/artifact-registry/docs/repositories/create-repos"
    )]
    #[prop(tf = "repository_id")]
    name: Name<Self>,
    /// Where it is kept: a region, or `europe`, `us` or `asia`; the stack's region, unless said.
    #[prop(tf = "location", parameter = "gcp.region", replace)]
    location: Option<Location>,
    /// What it holds.
    #[prop(rest = "format", tf = "format", replace)]
    format: ArtifactFormat,
    /// Whether it keeps artifacts of its own, stands for other repositories, or fetches from elsewhere.
    #[prop(rest = "mode", tf = "mode", service = RepositoryMode::Standard, canon = MODE, replace)]
    mode: Option<RepositoryMode>,
    /// What it is for.
    #[prop(rest = "description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// The key that it is encrypted with, by name; Google's own unless said.
    #[prop(rest = "kmsKeyName", tf = "kms_key_name", canon = super::references::REFERENCE, replace)]
    kms_key: Option<Text>,
    /// Whether a tag of an image, once pushed, keeps standing for the same image.
    #[prop(rest = "dockerConfig.immutableTags", tf = "docker_config.immutable_tags", service = false, danger = Downtime)]
    immutable_tags: Option<bool>,
    /// Of Maven packages: whether a snapshot may be pushed over another of the same version.
    #[prop(
        rest = "mavenConfig.allowSnapshotOverwrites",
        tf = "maven_config.allow_snapshot_overwrites",
        service = false,
        replace
    )]
    snapshot_overwrites: Option<bool>,
    /// Of Maven packages: which versions it takes; both kinds, unless said.
    #[prop(rest = "mavenConfig.versionPolicy", tf = "maven_config.version_policy", replace)]
    maven_versions: Option<MavenVersions>,
    /// Whether known weaknesses are looked for, where the project has that turned on.
    #[prop(rest = "vulnerabilityScanningConfig.enablementConfig", tf = "vulnerability_scanning_config.enablement_config",
        service = VulnerabilityScanning::Inherited, danger = Cost)]
    scanning: Option<VulnerabilityScanning>,
    /// What is deleted by itself, and what is kept whatever another policy says.
    #[prop(rest = "cleanupPolicies", tf = "cleanup_policies", codec = super::artifact_cleanup::BY_ID, key = "id",
        each = "cleanup_policy", danger = DataLoss)]
    cleanup_policies: Option<Vec<CleanupPolicy>>,
    /// Whether the policies only write into the log what they would delete.
    #[prop(rest = "cleanupPolicyDryRun", tf = "cleanup_policy_dry_run", service = false, danger = DataLoss)]
    cleanup_dry_run: Option<bool>,
    /// Of a virtual repository: those that it stands for.
    #[prop(rest = "virtualRepositoryConfig.upstreamPolicies", tf = "virtual_repository_config.upstream_policies",
        key = "id", each = "upstream", danger = Downtime)]
    upstreams: Option<Vec<UpstreamPolicy>>,
    /// Of a remote repository: what it fetches from, for people.
    #[prop(
        rest = "remoteRepositoryConfig.description",
        tf = "remote_repository_config.description",
        replace
    )]
    remote_description: Option<Text>,
    /// Of a remote repository: what it fetches from, a repository of Artifact Registry or a URL.
    #[prop(
        rest = "remoteRepositoryConfig.commonRepository.uri",
        tf = "remote_repository_config.common_repository.uri",
        replace
    )]
    remote_uri: Option<Text>,
    /// Of a remote repository of images: the public registry that it fetches from.
    #[prop(
        rest = "remoteRepositoryConfig.dockerRepository.publicRepository",
        tf = "remote_repository_config.docker_repository.public_repository",
        replace
    )]
    remote_registry: Option<PublicRegistry>,
    /// Labels for people and for cost reports.
    #[prop(rest = "labels", tf = "labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// What a repository holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ArtifactFormat {
    /// Container images.
    #[choice("DOCKER")]
    Docker,
    /// Packages of Maven.
    #[choice("MAVEN")]
    Maven,
    /// Packages of npm.
    #[choice("NPM")]
    Npm,
    /// Packages of Python.
    #[choice("PYTHON")]
    Python,
    /// Modules of Go.
    #[choice("GO")]
    Go,
    /// Packages of Debian and its like.
    #[choice("APT")]
    Apt,
    /// Packages of Red Hat and its like.
    #[choice("YUM")]
    Yum,
    /// Templates of Kubeflow pipelines.
    #[choice("KFP")]
    Kubeflow,
    /// Files of any kind.
    #[choice("GENERIC")]
    Generic,
}

/// Where a repository's artifacts come from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RepositoryMode {
    /// They are pushed to it.
    #[choice("STANDARD_REPOSITORY")]
    Standard,
    /// From other repositories, for which it stands.
    #[choice("VIRTUAL_REPOSITORY")]
    Virtual,
    /// From elsewhere; it keeps a copy of what was asked for.
    #[choice("REMOTE_REPOSITORY")]
    Remote,
}

/// Versions of Maven packages.
#[derive(Clone, Copy, Choice)]
pub enum MavenVersions {
    /// Finished ones.
    #[choice("RELEASE")]
    Release,
    /// Those on the way to one.
    #[choice("SNAPSHOT")]
    Snapshot,
}

/// Whether known weaknesses are looked for.
#[derive(Clone, Copy, Choice)]
pub enum VulnerabilityScanning {
    /// As the project says.
    #[choice("INHERITED")]
    Inherited,
    /// No.
    #[choice("DISABLED")]
    Disabled,
}

/// A public registry of container images.
#[derive(Clone, Copy, Choice)]
pub enum PublicRegistry {
    /// Docker Hub.
    #[choice("DOCKER_HUB")]
    DockerHub,
}

/// One repository that a virtual one stands for.
#[derive(Clone, Block)]
pub struct UpstreamPolicy {
    /// What the policy is called.
    #[prop(rest = "id", tf = "id")]
    id: Text,
    /// The repository.
    #[prop(rest = "repository", tf = "repository")]
    repository: Ref<ArtifactRepository>,
    /// Which is asked first: the one with the highest number.
    #[prop(rest = "priority", tf = "priority")]
    priority: i32,
}

fn limits(check: &mut CheckContext<'_>) {
    let source = "https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories";
    let mode = check.text("mode").unwrap_or(RepositoryMode::Standard.word()).to_owned();
    let format = check.text("format").unwrap_or_default().to_owned();
    let bound = [
        ("immutable_tags", &format, ArtifactFormat::Docker.word()),
        ("snapshot_overwrites", &format, ArtifactFormat::Maven.word()),
        ("maven_versions", &format, ArtifactFormat::Maven.word()),
        ("upstreams", &mode, RepositoryMode::Virtual.word()),
        ("remote_uri", &mode, RepositoryMode::Remote.word()),
        ("remote_registry", &mode, RepositoryMode::Remote.word()),
    ];
    for (property, is, wanted) in bound {
        if check.get(property).is_some() && is != wanted {
            let what = format!("only a repository that is {wanted} has this, and this is {is}");
            check.report(property, what, format!("leave it out: {source}"));
        }
    }
    let says = |property| check.get(property).is_some();
    if mode == RepositoryMode::Virtual.word() && !says("upstreams") {
        let help = format!("also say `.upstream(UpstreamPolicy::new(..))`: {source}");
        check.report("mode", "it stands for no other repository", help);
    } else if mode == RepositoryMode::Remote.word() && says("remote_uri") == says("remote_registry")
    {
        let help = format!("say one of `.remote_uri(..)` and `.remote_registry(..)`: {source}");
        check.report("mode", "it fetches from one place, and which is not said", help);
    }
}

/// No mode is the standard one: that is what the service makes of it.
static MODE: Canon = Canon {
    name: "repository mode",
    apply: |mode| match (canons::CASE.apply)(mode) {
        unspecified if unspecified == "mode_unspecified" => "standard_repository".into(),
        mode => mode,
    },
};

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let repository = ArtifactRepository::new(name!("shop"), ArtifactFormat::Docker)
        .location(Location::EUROPE_WEST1)
        .mode(RepositoryMode::Standard)
        .description("Images of the shop")
        .kms_key("projects/shop/locations/europe-west1/keyRings/shop/cryptoKeys/images")
        .immutable_tags(true)
        .scanning(VulnerabilityScanning::Inherited)
        .cleanup_policy(CleanupPolicy::keep_recent("keep-ten", 10).packages(["web"]))
        .cleanup_policy(
            CleanupPolicy::delete_older("drop-untagged", 30).tags(super::TaggedVersions::Untagged),
        )
        .cleanup_dry_run(false)
        .label("owner", "platform");
    stack.add(repository).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let of = |format| ArtifactRepository::new(name!("shop"), format);
        assert_eq!(refused(of(ArtifactFormat::Docker).immutable_tags(true)), [""; 0]);
        assert_eq!(refused(of(ArtifactFormat::Npm).immutable_tags(true)), ["immutable_tags"]);
        assert_eq!(
            refused(of(ArtifactFormat::Go).maven_versions(MavenVersions::Release)),
            ["maven_versions"]
        );
        let remote = || of(ArtifactFormat::Docker).mode(RepositoryMode::Remote);
        assert_eq!(refused(remote()), ["mode"]);
        assert_eq!(refused(remote().remote_registry(PublicRegistry::DockerHub)), [""; 0]);
        let both = remote().remote_registry(PublicRegistry::DockerHub).remote_uri("https://r");
        assert_eq!(refused(both), ["mode"]);
        let of = of(ArtifactFormat::Docker).mode(RepositoryMode::Virtual);
        assert_eq!(refused(of), ["mode"]);
    }
}
