//! What a bucket is made of: rules for its objects, and the words for its settings.

use crate::schema::Codec;
use crate::value::Text;
use crate::{Block, Choice};

/// What becomes of objects that meet all that the rule says.
#[derive(Clone, Block)]
pub struct LifecycleRule {
    /// What becomes of them.
    #[prop(rest = "action.type", tf = "action.type")]
    action: LifecycleAction,
    /// The price class that they move to.
    #[prop(rest = "action.storageClass", tf = "action.storage_class")]
    storage_class: Option<StorageClass>,
    /// Those that were written so many days ago, 1 or more.
    #[prop(rest = "condition.age", tf = "condition.age", unit = "days")]
    age_days: Option<u32>,
    /// Those that were written before a day (`2027-01-31`), in UTC.
    #[prop(rest = "condition.createdBefore", tf = "condition.created_before")]
    created_before: Option<Text>,
    /// Those that are the newest version, or those that are not.
    #[prop(rest = "condition.isLive", tf = "condition.with_state", tf_codec = STATE)]
    live: Option<bool>,
    /// Those with so many newer versions, 1 or more.
    #[prop(rest = "condition.numNewerVersions", tf = "condition.num_newer_versions")]
    newer_versions: Option<u32>,
    /// Those that were written over or deleted so many days ago, 1 or more.
    #[prop(
        rest = "condition.daysSinceNoncurrentTime",
        tf = "condition.days_since_noncurrent_time",
        unit = "days"
    )]
    noncurrent_days: Option<u32>,
    /// Those that were written over or deleted before a day (`2027-01-31`), in UTC.
    #[prop(rest = "condition.noncurrentTimeBefore", tf = "condition.noncurrent_time_before")]
    noncurrent_before: Option<Text>,
    /// Those whose own date is so many days ago, 1 or more.
    #[prop(
        rest = "condition.daysSinceCustomTime",
        tf = "condition.days_since_custom_time",
        unit = "days"
    )]
    custom_days: Option<u32>,
    /// Those whose own date is before a day (`2027-01-31`), in UTC.
    #[prop(rest = "condition.customTimeBefore", tf = "condition.custom_time_before")]
    custom_before: Option<Text>,
    /// Those of these price classes.
    #[prop(rest = "condition.matchesStorageClass", tf = "condition.matches_storage_class")]
    storage_classes: Option<Vec<StorageClass>>,
    /// Those whose name starts with one of these.
    #[prop(rest = "condition.matchesPrefix", tf = "condition.matches_prefix")]
    prefixes: Option<Vec<Text>>,
    /// Those whose name ends with one of these.
    #[prop(rest = "condition.matchesSuffix", tf = "condition.matches_suffix")]
    suffixes: Option<Vec<Text>>,
}

impl LifecycleRule {
    /// They are deleted.
    #[must_use]
    pub fn delete() -> Self {
        Self::new(LifecycleAction::Delete)
    }

    /// They move to another price class.
    #[must_use]
    pub fn move_to(class: StorageClass) -> Self {
        Self { storage_class: Some(class), ..Self::new(LifecycleAction::SetStorageClass) }
    }

    /// Uploads in several parts that were never finished are given up.
    #[must_use]
    pub fn abort_uploads() -> Self {
        Self::new(LifecycleAction::AbortIncompleteMultipartUpload)
    }
}

/// What becomes of objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum LifecycleAction {
    /// They are deleted.
    Delete,
    /// They move to another price class.
    SetStorageClass,
    /// Unfinished uploads in several parts are given up.
    AbortIncompleteMultipartUpload,
}

/// The price class of objects: the less they are read, the cheaper they are to keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum StorageClass {
    /// Read often.
    #[choice("STANDARD")]
    Standard,
    /// Read once a month; kept for at least 30 days.
    #[choice("NEARLINE")]
    Nearline,
    /// Read once a quarter; kept for at least 90 days.
    #[choice("COLDLINE")]
    Coldline,
    /// Read once a year; kept for at least a year.
    #[choice("ARCHIVE")]
    Archive,
    /// What buckets of several regions once said for `Standard`.
    #[choice("MULTI_REGIONAL")]
    MultiRegional,
    /// What buckets of one region once said for `Standard`.
    #[choice("REGIONAL")]
    Regional,
    /// An old class that new buckets do not have.
    #[choice("DURABLE_REDUCED_AVAILABILITY")]
    DurableReducedAvailability,
}

/// Whether a bucket can be opened to everyone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum PublicAccessPrevention {
    /// It cannot.
    #[choice("enforced")]
    Enforced,
    /// It can, unless a policy of the organisation keeps it from that.
    #[choice("inherited")]
    Inherited,
}

/// How soon objects are in both regions.
#[derive(Clone, Copy, Choice)]
pub enum RecoveryPoint {
    /// Nearly all within an hour.
    #[choice("DEFAULT")]
    Default,
    /// All within a quarter of an hour, at a higher price.
    #[choice("ASYNC_TURBO")]
    Turbo,
}

/// From which other sites' pages browsers may read a bucket.
#[derive(Clone, Block)]
pub struct BucketCors {
    /// The sites, with their scheme (`https://shop.example.com`); `*` is any.
    #[prop(rest = "origin", tf = "origin")]
    origins: Vec<Text>,
    /// The methods; `*` is any.
    #[prop(rest = "method", tf = "method")]
    methods: Vec<Text>,
    /// The headers of answers that pages may see.
    #[prop(rest = "responseHeader", tf = "response_header")]
    response_headers: Option<Vec<Text>>,
    /// How long browsers may remember that, in seconds.
    #[prop(rest = "maxAgeSeconds", tf = "max_age_seconds", unit = "seconds")]
    max_age_seconds: Option<u32>,
}

impl BucketCors {
    /// Lets pages of these sites use these methods.
    #[must_use]
    pub fn of<S: Into<Text>, M: Into<Text>>(
        sites: impl IntoIterator<Item = S>,
        methods: impl IntoIterator<Item = M>,
    ) -> Self {
        let sites: Vec<Text> = sites.into_iter().map(Into::into).collect();
        Self::new(sites, methods.into_iter().map(Into::into).collect::<Vec<Text>>())
    }
}

/// Terraform has words for what REST says with true and false.
static STATE: Codec = Codec {
    name: "LIVE/ARCHIVED",
    encode: |value| crate::schema::codecs::words(value, "LIVE", "ARCHIVED"),
    decode: |value| crate::schema::codecs::from_words(value, "LIVE", "ARCHIVED"),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    #[test]
    fn terraform_has_words_for_the_state() {
        assert_eq!((STATE.encode)(&Value::Bool(false)).as_str(), Some("ARCHIVED"));
        let back = (STATE.decode)(&Value::literal("LIVE"));
        assert!(matches!(back, Some(Value::Bool(true))));
        assert!((STATE.decode)(&Value::literal("ANY")).is_none());
    }
}
