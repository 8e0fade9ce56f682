//! Buckets of Cloud Storage.

use std::collections::BTreeMap;

use super::bucket_limits::limits;
use super::common::labels;
use crate::dsl::{Meta, Name, Ref, Stack};
use crate::gcp::{
    BucketCors, LifecycleRule, Location, PROVIDER, PublicAccessPrevention, RecoveryPoint,
    StorageClass,
};
use crate::schema::codecs::INT_AS_TEXT;
use crate::schema::{Fact, Set};
use crate::value::{NodeRef, Text};
use crate::{Resource, name};

/// A bucket of Cloud Storage. Who may do what is said for the whole bucket and not for single objects, and it cannot be
/// opened to the public, unless the stack says otherwise.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "storage.googleapis.com/Bucket@v1",
    id = "//storage.googleapis.com/{name}",
    terraform = "google_storage_bucket",
    scope = Root,
    holds_data,
    fact = Fact::GuardedBy(&["retention_seconds"]),
    check = limits,
    check = labels,
    source = "https://cloud.google.com/storage/docs/json_api/v1/buckets"
)]
#[output(url: Text, tf = "url", made = "gs://{name}", doc = "Its URL, `gs://..`.")]
pub struct Bucket {
    /// The bucket's name, unique in the whole cloud.
    #[name(
        len = 3..=63, chars = lower_alphanumeric, and = "-_.", global,
        source = "https://cloud.google.com/storage/docs/buckets#naming"
    )]
    name: Name<Self>,
    /// Where its objects are kept: a region, two of them, or `EU`, `US`, `ASIA`; the stack's region, unless said.
    #[prop(rest = "location", tf = "location", parameter = "gcp.region", replace)]
    location: Option<Location>,
    /// The two regions of a bucket that is kept in two.
    #[prop(rest = "customPlacementConfig.dataLocations", tf = "custom_placement_config.data_locations",
        canon = crate::schema::canons::CASE, replace)]
    data_locations: Option<Set<Text>>,
    /// The price class of objects that do not name their own.
    #[prop(rest = "storageClass", tf = "storage_class", service = StorageClass::Standard, danger = Cost)]
    storage_class: Option<StorageClass>,
    /// Whether access is said for the bucket alone, and not for single objects too.
    #[prop(rest = "iamConfiguration.uniformBucketLevelAccess.enabled", tf = "uniform_bucket_level_access",
        default = true, service = false, exposes = false, danger = Downtime)]
    uniform_access: bool,
    /// Whether it can be opened to everyone.
    #[prop(rest = "iamConfiguration.publicAccessPrevention", tf = "public_access_prevention",
        default = PublicAccessPrevention::Enforced, service = PublicAccessPrevention::Inherited,
        exposes = PublicAccessPrevention::Inherited, danger = Downtime)]
    public_access_prevention: PublicAccessPrevention,
    /// Whether objects that are written over or deleted stay as older versions.
    #[prop(rest = "versioning.enabled", tf = "versioning.enabled", service = false, danger = DataLoss)]
    versioning: Option<bool>,
    /// How long deleted objects can be brought back, in seconds: 7 to 90 days, or 0 for not at all.
    #[prop(rest = "softDeletePolicy.retentionDurationSeconds", tf = "soft_delete_policy.retention_duration_seconds",
        codec = INT_AS_TEXT, service = 604_800u32, unit = "seconds", danger = Cost, shrink = DataLoss)]
    soft_delete_seconds: Option<u32>,
    /// How long objects can be neither deleted nor written over, in seconds.
    #[prop(rest = "retentionPolicy.retentionPeriod", tf = "retention_policy.retention_period", codec = INT_AS_TEXT,
        unit = "seconds", danger = Cost, shrink = DataLoss)]
    retention_seconds: Option<u32>,
    /// Whether that is locked: from then on it can grow and never shrink, and the lock never comes off.
    #[prop(rest = "retentionPolicy.isLocked", tf = "retention_policy.is_locked", service = false, danger = Cost)]
    retention_locked: Option<bool>,
    /// Whether new objects are held until an event that is noted on them.
    #[prop(rest = "defaultEventBasedHold", tf = "default_event_based_hold", service = false)]
    event_based_hold: Option<bool>,
    /// What becomes of objects with time.
    #[prop(rest = "lifecycle.rule", tf = "lifecycle_rule", each = "lifecycle_rule", danger = DataLoss)]
    lifecycle_rules: Option<Vec<LifecycleRule>>,
    /// Whether objects move between price classes by how they are used.
    #[prop(rest = "autoclass.enabled", tf = "autoclass.enabled", service = false, danger = Cost)]
    autoclass: Option<bool>,
    /// The price class at which that ends: `NEARLINE` or `ARCHIVE`.
    #[prop(rest = "autoclass.terminalStorageClass", tf = "autoclass.terminal_storage_class", danger = Cost)]
    autoclass_terminal: Option<StorageClass>,
    /// The key that new objects are encrypted with, by name; Google's own unless said.
    #[prop(rest = "encryption.defaultKmsKeyName", tf = "encryption.default_kms_key_name",
        canon = super::references::REFERENCE)]
    kms_key: Option<Text>,
    /// Whether folders are kept as such.
    #[prop(
        rest = "hierarchicalNamespace.enabled",
        tf = "hierarchical_namespace.enabled",
        service = false,
        replace
    )]
    hierarchical_namespace: Option<bool>,
    /// How soon objects are in both regions of a bucket that is kept in two.
    #[prop(rest = "rpo", tf = "rpo", service = RecoveryPoint::Default, danger = Cost)]
    recovery_point: Option<RecoveryPoint>,
    /// Whether whoever reads it pays for that.
    #[prop(rest = "billing.requesterPays", tf = "requester_pays", service = false, danger = Downtime)]
    requester_pays: Option<bool>,
    /// From which other sites' pages browsers may read it.
    #[prop(rest = "cors", tf = "cors", each = "cors_rule", danger = Exposure)]
    cors: Option<Vec<BucketCors>>,
    /// Of a web site: the object that answers for a folder (`index.html`).
    #[prop(rest = "website.mainPageSuffix", tf = "website.main_page_suffix", danger = Downtime)]
    website_main_page: Option<Text>,
    /// Of a web site: the object that answers where there is none.
    #[prop(rest = "website.notFoundPage", tf = "website.not_found_page", danger = Downtime)]
    website_not_found_page: Option<Text>,
    /// The bucket that takes the records of who read and wrote.
    #[prop(rest = "logging.logBucket", tf = "logging.log_bucket")]
    log_bucket: Option<Ref<Bucket>>,
    /// What the names of those records start with; the bucket's own name, unless said.
    #[prop(rest = "logging.logObjectPrefix", tf = "logging.log_object_prefix")]
    log_prefix: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(rest = "labels", tf = "labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl Bucket {
    /// Objects go so many days after they were written.
    #[track_caller]
    #[must_use]
    pub fn delete_after_days(self, days: u32) -> Self {
        self.lifecycle_rule(LifecycleRule::delete().age_days(days))
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let logs = stack.add(Bucket::new(name!("shop-access-logs")));
    let bucket = Bucket::new(name!("shop-exports"))
        .location(Location::named("EUROPE-WEST1"))
        .storage_class(StorageClass::Nearline)
        .versioning(true)
        .soft_delete_seconds(1_209_600)
        .retention_seconds(2_419_200)
        .retention_locked(true)
        .event_based_hold(true)
        .lifecycle_rule(
            LifecycleRule::delete().age_days(28).prefixes(["weekly/"]).suffixes([".gz"]),
        )
        .lifecycle_rule(
            LifecycleRule::move_to(StorageClass::Coldline)
                .live(false)
                .noncurrent_days(7)
                .newer_versions(2)
                .storage_classes([StorageClass::Standard, StorageClass::Nearline])
                .created_before("2027-01-31"),
        )
        .kms_key("projects/shop/locations/europe-west1/keyRings/shop/cryptoKeys/exports")
        .hierarchical_namespace(true)
        .requester_pays(true)
        .cors_rule(
            BucketCors::of(["https://shop.example.com"], ["GET"])
                .response_headers(["Content-Type"])
                .max_age_seconds(3600),
        )
        .website_main_page("index.html")
        .website_not_found_page("404.html")
        .log_bucket(logs)
        .log_prefix("exports")
        .label("owner", "platform");
    stack.add(bucket).node()
}
