//! Backups of a workload on Google Cloud: a Cloud Run job that a schedule starts, and a bucket for the dumps that deletes them when
//! their time is over.

use crate::delivery::{BackupHost, BackupTarget, BackupTold, BackupWords, Backups};
use crate::dsl::Handle;
use crate::gcp::{
    Bucket, CloudRunJob, LifecycleRule, RunContainer, RunImage, SchedulerJob, SecretManagerSecret,
};
use crate::schema::DeclaredBlock;
use crate::text;
use crate::value::Value;

/// Cloud Run and Cloud Storage. A lifecycle rule acts within a day or so:
/// <https://cloud.google.com/storage/docs/lifecycle>.
static CLOUD_RUN: BackupHost = BackupHost { told, starts, keeps, words };

/// What makes backups on Google Cloud, and what keeps them.
#[derive(Clone, Copy)]
pub struct CloudRunBackups {
    /// The job.
    pub job: Handle<CloudRunJob>,
    /// What starts it.
    pub schedule: Handle<SchedulerJob>,
    /// The bucket for the dumps, with the rule that deletes them.
    pub bucket: Handle<Bucket>,
}

impl From<CloudRunBackups> for BackupTarget {
    fn from(target: CloudRunBackups) -> Self {
        Self {
            host: &CLOUD_RUN,
            job: target.job.node(),
            clock: target.schedule.node(),
            place: target.bucket.node(),
            rule: target.bucket.node(),
        }
    }
}

impl Backups {
    /// The container of a Cloud Run job that makes them: its environment has the address of the bucket and the URL of the database, and
    /// the bucket is opened as the job's account.
    #[must_use]
    pub fn run_container(
        &self,
        image: RunImage,
        bucket: Handle<Bucket>,
        url: Handle<SecretManagerSecret>,
    ) -> RunContainer {
        RunContainer::of(image)
            .env(Self::STORE, text!("gs://{}", bucket.name()))
            .secret_env(Self::DATABASE_URL, url)
    }

    /// The rule that deletes them when their time is over.
    #[must_use]
    pub fn bucket_rule(&self) -> LifecycleRule {
        LifecycleRule::delete().age_days(self.days().into())
    }
}

fn told(job: DeclaredBlock<'_>) -> BackupTold<'_> {
    let containers = job.blocks("containers");
    let Some(container) = containers.first() else {
        return BackupTold::default();
    };
    let variables = container.blocks("variables").into_iter().filter_map(|variable| {
        let value = variable.get("secret").or_else(|| variable.get("value"))?;
        Some((variable.text("name")?, value))
    });
    BackupTold { image: container.get("image"), variables: variables.collect() }
}

fn starts(schedule: DeclaredBlock<'_>) -> Option<&str> {
    let utc = schedule
        .text("time_zone")
        .is_some_and(|zone| ["Etc/UTC", "UTC"].into_iter().any(|own| own == zone));
    let paused = matches!(schedule.get("paused"), Some(Value::Bool(true)));
    schedule.text("schedule").filter(|_| utc && !paused)
}

fn keeps(bucket: DeclaredBlock<'_>, _: &str) -> Option<i64> {
    // Whatever narrows a rule makes it one about something else.
    const NARROWER: [&str; 10] = [
        "created_before",
        "newer_versions",
        "noncurrent_days",
        "noncurrent_before",
        "custom_days",
        "custom_before",
        "storage_classes",
        "prefixes",
        "suffixes",
        "storage_class",
    ];
    let about_all = |rule: &DeclaredBlock<'_>| {
        let old = matches!(rule.get("live"), Some(Value::Bool(false)));
        !old && NARROWER.iter().all(|property| rule.get(property).is_none())
    };
    let deletes = |rule: &DeclaredBlock<'_>| rule.text("action") == Some("Delete");
    let rules = bucket.blocks("lifecycle_rules").into_iter();
    rules
        .filter(|rule| deletes(rule) && about_all(rule))
        .filter_map(|rule| rule.int("age_days"))
        .min()
}

fn words(job: &str, bucket: &str) -> BackupWords {
    // `//run.googleapis.com/projects/ID/locations/NAME/jobs/NAME`, `//storage.googleapis.com/NAME`
    let part = |at: usize| job.split('/').nth(at).unwrap_or_default();
    let last = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
    let job = format!("{} --project {} --region {}", last(job), part(4), part(6));
    let (name, place) = job.split_once(' ').unwrap_or_default();
    BackupWords {
        address: format!("gs://{}", last(bucket)),
        start: format!("gcloud run jobs execute {job}"),
        runs: format!("gcloud run jobs executions list --job {name} {place}"),
        token: "gcloud auth print-access-token".to_owned(),
        rule: "the lifecycle rule of the bucket",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsl::Resource;
    use crate::name;

    fn kept(rule: LifecycleRule) -> Option<i64> {
        let (fields, _) = Bucket::new(name!("dumps")).lifecycle_rule(rule).declare();
        keeps(DeclaredBlock::of(&fields, Bucket::resource_type().props), "dumps")
    }

    fn started(schedule: SchedulerJob) -> Option<String> {
        let (fields, _) = schedule.declare();
        let declared = DeclaredBlock::of(&fields, SchedulerJob::resource_type().props);
        starts(declared).map(str::to_owned)
    }

    /// Only a rule about all live objects keeps them for a time, and only a schedule in UTC that is followed starts anything.
    #[test]
    fn what_deletes_and_what_starts_is_found() {
        let rule = || LifecycleRule::delete().age_days(28);
        assert_eq!(kept(rule()), Some(28));
        assert_eq!(kept(rule().live(true)), Some(28));
        assert_eq!(kept(rule().live(false)), None);
        assert_eq!(kept(rule().prefixes(["old/"])), None);
        assert_eq!(kept(LifecycleRule::delete().noncurrent_days(28)), None);
        assert_eq!(kept(LifecycleRule::abort_uploads().age_days(28)), None);
        let schedule = |zone: &'static str| {
            SchedulerJob::new(name!("s"), "30 1 * * *", "https://x.example/").time_zone(zone)
        };
        assert_eq!(started(schedule("Etc/UTC")).as_deref(), Some("30 1 * * *"));
        assert_eq!(started(schedule("Europe/Berlin")), None);
        assert_eq!(started(schedule("Etc/UTC").paused(true)), None);
    }
}
