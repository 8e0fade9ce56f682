//! Secrets of Secret Manager, without their values.

use std::collections::BTreeMap;

use super::common::{SECONDS, exactly_one, labels};
use crate::dsl::{Meta, Name, Stack};
use crate::gcp::{Location, PROVIDER};
use crate::schema::{CheckContext, Fact, Saying};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Resource, name};

/// Roles with which a version can be read.
/// <https://cloud.google.com/secret-manager/docs/access-control>
const READ_SECRETS: &[&str] = &["secretmanager.secretAccessor", "secretmanager.admin", "owner"];

/// A secret of Secret Manager: its name, where it is kept, and who may read it. The value is a
/// [`SecretVersion`](crate::gcp::SecretVersion).
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "secretmanager.googleapis.com/Secret@v1",
    id = "//secretmanager.googleapis.com/projects/{gcp.project}/secrets/{name}",
    terraform = "google_secret_manager_secret",
    scope = Root,
    holds_data,
    fact = Fact::Needs {
        output: "id", roles: READ_SECRETS, give: "SecretIamMember::new({used}, IamRole::SECRET_ACCESSOR, {who})"
    },
    check = limits,
    check = labels,
    import = say,
    source = "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets"
)]
pub struct SecretManagerSecret {
    /// The secret's name, unique in its project.
    #[name(
        len = 1..=255, chars = alphanumeric, and = "-_", start = Any, end = Any,
        source = "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create"
    )]
    #[prop(tf = "secret_id")]
    name: Name<Self>,
    /// Google picks the regions, unless [`replicas`](Self::replicas) says them.
    #[prop(rest = "replication.automatic", tf = "replication.auto", replace)]
    automatic: Option<AutomaticReplication>,
    /// The regions in which it is kept, and in no other.
    #[prop(
        rest = "replication.userManaged.replicas",
        tf = "replication.user_managed.replicas",
        replace,
        key = "location",
        each = "replica"
    )]
    replicas: Option<Vec<SecretReplica>>,
    /// When it goes by itself, in UTC (`2027-01-31T00:00:00Z`).
    #[prop(rest = "expireTime", tf = "expire_time", canon = crate::schema::canons::DATE, danger = DataLoss)]
    expires: Option<Text>,
    /// The same as a time from when it is made or changed, in seconds; the service answers with [`expires`](Self::expires).
    #[prop(rest = "ttl", tf = "ttl", codec = SECONDS, tf_codec = SECONDS, unit = "seconds", write_only,
        danger = DataLoss)]
    expires_in_seconds: Option<u32>,
    /// How long a destroyed version can still be brought back, in seconds: a day to 1,000 days.
    #[prop(rest = "versionDestroyTtl", tf = "version_destroy_ttl", codec = SECONDS, tf_codec = SECONDS,
        unit = "seconds", shrink = DataLoss)]
    version_destroy_seconds: Option<u32>,
    /// When the next version is due, in UTC.
    #[prop(rest = "rotation.nextRotationTime", tf = "rotation.next_rotation_time",
        canon = crate::schema::canons::DATE, danger = Cosmetic)]
    next_rotation: Option<Text>,
    /// How often a new version is due, in seconds: from an hour on.
    #[prop(rest = "rotation.rotationPeriod", tf = "rotation.rotation_period", codec = SECONDS, tf_codec = SECONDS,
        unit = "seconds", danger = Cosmetic)]
    rotation_seconds: Option<u32>,
    /// The topics that are told of changes, by name (`projects/P/topics/T`).
    #[prop(rest = "topics", tf = "topics", key = "name")]
    topics: Option<Vec<SecretTopic>>,
    /// Names for versions: version numbers by name.
    #[prop(rest = "versionAliases", tf = "version_aliases", each = "version_alias", danger = Downtime)]
    version_aliases: Option<BTreeMap<String, Text>>,
    /// What programs note on it.
    #[prop(rest = "annotations", tf = "annotations", each = "annotation", danger = Cosmetic)]
    annotations: Option<BTreeMap<String, Text>>,
    /// Labels for people and for cost reports.
    #[prop(rest = "labels", tf = "labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

/// Replication whose regions Google picks.
#[derive(Clone, Default, Block)]
pub struct AutomaticReplication {
    /// The key that it is encrypted with, by name; Google's own unless said.
    #[prop(rest = "customerManagedEncryption.kmsKeyName", tf = "customer_managed_encryption.kms_key_name",
        canon = super::references::REFERENCE)]
    kms_key: Option<Text>,
}

/// One region in which a secret is kept.
#[derive(Clone, Block)]
pub struct SecretReplica {
    /// The region.
    #[prop(rest = "location", tf = "location", replace)]
    location: Location,
    /// The key that it is encrypted with there, by name; Google's own unless said.
    #[prop(rest = "customerManagedEncryption.kmsKeyName", tf = "customer_managed_encryption.kms_key_name",
        canon = super::references::REFERENCE)]
    kms_key: Option<Text>,
}

/// A topic that is told of a secret's changes.
#[derive(Clone, Block)]
pub struct SecretTopic {
    /// Its name, `projects/P/topics/T`.
    #[prop(rest = "name", tf = "name", canon = super::references::REFERENCE)]
    name: Text,
}

/// Replication that Google picks is said by a block that may be empty.
fn say(secret: &mut Saying<'_>) {
    let automatic = secret.get("automatic").and_then(Value::as_block);
    if automatic.is_some_and(|block| block.iter().next().is_none()) {
        let call = ".automatic(AutomaticReplication::default())";
        secret.call(call.to_owned(), &["automatic"]);
    }
}

fn limits(check: &mut CheckContext<'_>) {
    let source = "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets";
    exactly_one(
        check,
        &["automatic", "replicas"],
        "a secret is kept either where Google picks or in the regions that are said",
        source,
    );
    if check.get("expires").is_some() && check.get("expires_in_seconds").is_some() {
        let help = format!("say one of them: {source}");
        check.report("expires_in_seconds", "it goes at a time or after one, not both", help);
    }
    check.range("version_destroy_seconds", 86_400..=86_400_000, source);
    check.range("rotation_seconds", 3600..=3_153_600_000, source);
    if check.get("rotation_seconds").is_some() && check.get("next_rotation").is_none() {
        let help = format!("also say `.next_rotation(\"..\")`: {source}");
        check.report("rotation_seconds", "the first rotation has no date", help);
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let secret = SecretManagerSecret::new(name!("session-key"))
        .replica(SecretReplica::new(Location::EUROPE_WEST1))
        .replica(SecretReplica::new(Location::EUROPE_WEST4))
        .version_destroy_seconds(604_800)
        .next_rotation("2027-01-31T00:00:00Z")
        .rotation_seconds(7_776_000)
        .topics([SecretTopic::new("projects/shop/topics/rotations")])
        .expires("2030-01-01T00:00:00Z")
        .version_alias("current", "2")
        .annotation("runbook", "rotate")
        .label("owner", "platform");
    stack.add(secret).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let of = |change: &dyn Fn(SecretManagerSecret) -> SecretManagerSecret| {
            let secret = SecretManagerSecret::new(name!("session-key"));
            refused(change(secret.automatic(AutomaticReplication::default())))
        };
        assert_eq!(of(&|secret| secret.expires_in_seconds(86_400)), [""; 0]);
        assert_eq!(
            of(&|secret| secret.expires_in_seconds(86_400).expires("2030-01-01T00:00:00Z")),
            ["expires_in_seconds"]
        );
        assert_eq!(of(&|secret| secret.rotation_seconds(60)), ["rotation_seconds"; 2]);
        let replica = || SecretReplica::new(Location::EUROPE_WEST1);
        assert_eq!(of(&|secret| secret.replica(replica())), ["replicas"]);
    }
}
