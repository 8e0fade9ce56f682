//! What a repository of Artifact Registry deletes by itself.

use super::common::SECONDS;
use crate::schema::{CheckContext, Codec};
use crate::value::{Entries, Text, Value};
use crate::{Block, Choice};

/// What is deleted by itself, or kept. It speaks of versions that meet all that it says, or of the newest few.
#[derive(Clone, Block)]
pub struct CleanupPolicy {
    /// What the policy is called.
    #[prop(rest = "id", tf = "id")]
    id: Text,
    /// What becomes of the versions that it speaks of.
    #[prop(rest = "action", tf = "action")]
    action: CleanupAction,
    /// Versions with tags, without, or both.
    #[prop(rest = "condition.tagState", tf = "condition.tag_state")]
    tags: Option<TaggedVersions>,
    /// Versions one of whose tags starts with one of these.
    #[prop(rest = "condition.tagPrefixes", tf = "condition.tag_prefixes")]
    tag_prefixes: Option<Vec<Text>>,
    /// Versions whose name starts with one of these.
    #[prop(rest = "condition.versionNamePrefixes", tf = "condition.version_name_prefixes")]
    version_prefixes: Option<Vec<Text>>,
    /// Versions of packages whose name starts with one of these.
    #[prop(rest = "condition.packageNamePrefixes", tf = "condition.package_name_prefixes")]
    package_prefixes: Option<Vec<Text>>,
    /// Versions that are older than so many seconds.
    #[prop(rest = "condition.olderThan", tf = "condition.older_than", codec = SECONDS, tf_codec = SECONDS,
        unit = "seconds")]
    older_than_seconds: Option<u32>,
    /// Versions that are younger than so many seconds.
    #[prop(rest = "condition.newerThan", tf = "condition.newer_than", codec = SECONDS, tf_codec = SECONDS,
        unit = "seconds")]
    newer_than_seconds: Option<u32>,
    /// The newest so many versions of each package.
    #[prop(rest = "mostRecentVersions.keepCount", tf = "most_recent_versions.keep_count")]
    keep_count: Option<u32>,
    /// Those of packages whose name starts with one of these; of all, unless said.
    #[prop(
        rest = "mostRecentVersions.packageNamePrefixes",
        tf = "most_recent_versions.package_name_prefixes"
    )]
    packages: Option<Vec<Text>>,
}

impl CleanupPolicy {
    /// Keeps the newest `count` versions of each package, whatever other policies say.
    #[must_use]
    pub fn keep_recent(id: impl Into<Text>, count: u32) -> Self {
        Self::new(id, CleanupAction::Keep).keep_count(count)
    }

    /// Deletes versions that are older than `days`.
    #[must_use]
    pub fn delete_older(id: impl Into<Text>, days: u32) -> Self {
        Self::new(id, CleanupAction::Delete).older_than_seconds(days.saturating_mul(86_400))
    }
}

/// What becomes of versions.
#[derive(Clone, Copy, Choice)]
pub enum CleanupAction {
    /// They are deleted.
    #[choice("DELETE")]
    Delete,
    /// They are kept, also where another policy would delete them.
    #[choice("KEEP")]
    Keep,
}

/// Versions, by whether they have tags.
#[derive(Clone, Copy, Choice)]
pub enum TaggedVersions {
    /// Those with tags.
    #[choice("TAGGED")]
    Tagged,
    /// Those without.
    #[choice("UNTAGGED")]
    Untagged,
    /// Both.
    #[choice("ANY")]
    Any,
}

/// REST has the policies under their names.
pub(super) static BY_ID: Codec = Codec {
    name: "object by id",
    encode: |value| match value {
        Value::List(items) => {
            let named = items.iter().filter_map(|item| {
                let id = item.at(&["id"])?.as_str()?.to_owned();
                Some((id, item.clone()))
            });
            Value::Map(named.collect::<Entries>())
        }
        other => other.clone(),
    },
    decode: |value| match value {
        Value::Map(entries) => {
            let named = entries.iter().map(|(id, value)| {
                let mut named = value.clone();
                named.put(&["id"], Value::from(id.to_owned()));
                named
            });
            Some(Value::List(named.collect()))
        }
        _ => None,
    },
};

/// What a policy must say: <https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy>.
pub(super) fn limits(check: &mut CheckContext<'_>) {
    const SOURCE: &str =
        "https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy";
    const CONDITIONS: [&str; 6] = [
        "tags",
        "tag_prefixes",
        "version_prefixes",
        "package_prefixes",
        "older_than_seconds",
        "newer_than_seconds",
    ];
    let policies = check.blocks("cleanup_policies");
    let mut found = Vec::new();
    for policy in &policies {
        let id = policy.text("id").unwrap_or_default();
        let condition = CONDITIONS.iter().any(|property| policy.get(property).is_some());
        let newest = policy.get("keep_count").is_some();
        if condition == newest {
            let help = "say either a number of versions or conditions";
            found.push((format!("which versions `{id}` speaks of is not clear"), help));
        }
        if newest && policy.text("action") != Some(CleanupAction::Keep.word()) {
            let help = "the newest versions can be kept: `CleanupPolicy::keep_recent(..)`";
            found.push((format!("`{id}` would delete the newest versions"), help));
        }
        if policy.get("tag_prefixes").is_some()
            && policy.text("tags") != Some(TaggedVersions::Tagged.word())
        {
            let help = "also say `.tags(TaggedVersions::Tagged)`";
            found.push((format!("`{id}` names tags, and not that it is about tagged ones"), help));
        }
    }
    if policies.len() > 10 {
        found.push(("a repository has at most 10 policies".to_owned(), "say fewer"));
    }
    for (message, help) in found {
        check.report("cleanup_policies", message, format!("{help}: {SOURCE}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refusals;
    use crate::gcp::{ArtifactFormat, ArtifactRepository};
    use crate::name;

    #[test]
    fn a_policy_says_clearly_what_it_is_about() {
        let of = |policy| {
            let repository = ArtifactRepository::new(name!("shop"), ArtifactFormat::Docker);
            refusals(repository.cleanup_policy(policy)).len()
        };
        assert_eq!(of(CleanupPolicy::keep_recent("a", 3)), 0);
        assert_eq!(of(CleanupPolicy::delete_older("a", 3)), 0);
        assert_eq!(of(CleanupPolicy::new("a", CleanupAction::Delete)), 1);
        assert_eq!(of(CleanupPolicy::delete_older("a", 3).keep_count(1)), 2);
        assert_eq!(of(CleanupPolicy::new("a", CleanupAction::Delete).keep_count(1)), 1);
        let tagged = CleanupPolicy::new("a", CleanupAction::Delete).tag_prefixes(["v"]);
        assert_eq!(of(tagged.clone()), 1);
        assert_eq!(of(tagged.tags(TaggedVersions::Tagged)), 0);
    }

    #[test]
    fn policies_stand_under_their_names() {
        let policy = Value::map([("id", Value::literal("a")), ("action", Value::literal("KEEP"))]);
        let sent = (BY_ID.encode)(&Value::List(vec![policy.clone()]));
        assert_eq!(sent.at(&["a", "action"]).and_then(Value::as_str), Some("KEEP"));
        let Some(Value::List(back)) = (BY_ID.decode)(&sent) else { panic!("a list") };
        assert_eq!(back[0].at(&["id"]).and_then(Value::as_str), Some("a"));
        assert!((BY_ID.decode)(&Value::literal("a")).is_none());
    }
}
