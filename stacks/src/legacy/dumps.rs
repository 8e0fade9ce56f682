//! Dumps of the database: a job in the network makes one each night, and a bucket of its own keeps them for as long as the workload
//! says. Nobody can delete one before.

use xat_infra::gcp::prelude::*;

use super::data::Data;
use super::network::Network;
use crate::internal::workload::DATABASE_URL;

/// What dumps are made from.
pub struct DumpInputs<'a> {
    /// The network that the job is in.
    pub network: &'a Network,
    /// What is dumped, and the secret that says how to reach it.
    pub data: &'a Data,
    /// Where the job's image is.
    pub images: Handle<ArtifactRepository>,
    /// Where everything is.
    pub region: Location,
    /// What the application needs.
    pub workload: &'a Workload,
    /// How it is backed up.
    pub backups: &'a Backups,
}

/// How long a dump may take, in seconds.
const LONGEST: u32 = 2 * 3600;
/// The seconds of a day.
const DAY: u32 = 86_400;

/// Declares the bucket, the job with an account of its own, and the schedule with another that may start it and nothing else.
pub fn dumps(stack: &mut Stack, inputs: &DumpInputs<'_>) -> Option<CloudRunBackups> {
    let DumpInputs { network, data, images, workload, backups, .. } = *inputs;
    let url = *data.secrets.get(&DATABASE_URL)?;
    let bucket = Bucket::new(Name::new(backups.place_name()))
        .lifecycle_rule(backups.bucket_rule())
        .retention_seconds(u32::from(backups.days()) * DAY)
        .protect();
    let bucket = stack.add(bucket);
    let account = ServiceAccount::new(name!("xat-backend-backup"))
        .display_name("XAT backend: backups")
        .description("Dumps the database into one bucket");
    let account = stack.add(account);
    let may_write = BucketIamMember::new(bucket, IamRole::STORAGE_OBJECT_USER, account);
    let may_write = stack.add(may_write);
    stack.add(SecretIamMember::new(url, IamRole::SECRET_ACCESSOR, account));

    let path = text!("{}/{}", images.docker_path(), workload.backup_repository());
    let image = RunImage::tag(path, Tag::new(backups.tag()));
    let dump = backups.run_container(image, bucket, url).cpu("1").memory("1Gi");
    let job = CloudRunJob::new(name!("xat-backend-backup"), account)
        .container(dump)
        .vpc_access(RunVpcAccess::direct(network.network, network.run))
        // What passes by itself is waited for inside; the rest is for people to look at.
        .retries(1)
        .timeout(LONGEST)
        .depends_on(may_write);
    let job = stack.add(job);

    let starter = ServiceAccount::new(name!("xat-backend-backup-start"))
        .display_name("XAT backend: start of backups")
        .description("Starts the job that dumps the database");
    let starter = stack.add(starter);
    let may_start = stack.add(RunJobIamMember::new(job, IamRole::RUN_INVOKER, starter));
    let target = text!(
        "https://run.googleapis.com/v2/projects/{}/locations/{}/jobs/{}:run",
        stack.project_id(),
        inputs.region.as_str().to_owned(),
        job.name()
    );
    let schedule = SchedulerJob::new(name!("xat-backend-backup"), backups.schedule(), target)
        .time_zone("Etc/UTC")
        .method(CallMethod::Post)
        .oauth_account(starter)
        .retries(3)
        .depends_on(may_start);
    Some(CloudRunBackups { job, schedule: stack.add(schedule), bucket })
}
