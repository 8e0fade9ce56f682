//! A copy of the database each week that outlives the instance, kept for as long as backups are.

use xat_infra::gcp::prelude::*;

/// The bucket of the exports: its name stands in what the schedule sends, too.
const BUCKET: &str = "xat-backend-exports";

/// What exports are made from.
pub struct ExportInputs {
    /// The database's server.
    pub instance: Handle<SqlInstance>,
    /// The database's name.
    pub database: &'static str,
    /// For how many days an export is kept.
    pub kept_days: u16,
}

/// Declares the weekly export: a schedule asks the database's server, which writes into a bucket of its own.
pub fn exports(stack: &mut Stack, inputs: &ExportInputs) {
    // A schedule cannot say another name each week: each export is a version of one object, and old ones go in time.
    let outdated = LifecycleRule::delete().live(false).noncurrent_days(u32::from(inputs.kept_days));
    let bucket = Bucket::new(const { Name::literal(BUCKET) })
        .versioning(true)
        .lifecycle_rule(outdated)
        .protect();
    let bucket = stack.add(bucket);
    stack.add(BucketIamMember::new(
        bucket,
        IamRole::STORAGE_OBJECT_USER,
        IamMember::named(text!("serviceAccount:{}", inputs.instance.service_account())),
    ));
    let account = ServiceAccount::new(name!("xat-backend-export"))
        .display_name("XAT backend: exports")
        .description("Asks for the weekly export of the database, and reads nothing");
    let account = stack.add(account);
    // The least of the roles with the permission to export:
    // https://cloud.google.com/sql/docs/postgres/project-access-control
    stack.add(ProjectIamMember::new(IamRole::named("roles/cloudsql.viewer"), account));
    let (instance, project) = (inputs.instance.name(), stack.project_id());
    let target = text!(
        "https://sqladmin.googleapis.com/v1/projects/{}/instances/{}/export",
        project,
        instance
    );
    let request = format!(
        "{{\"exportContext\":{{\"fileType\":\"SQL\",\"databases\":[\"{}\"],\"uri\":\"gs://{BUCKET}/weekly.sql.gz\"}}}}",
        inputs.database
    );
    let schedule = SchedulerJob::new(name!("xat-weekly-export"), "0 4 * * 0", target)
        .time_zone("Etc/UTC")
        .method(CallMethod::Post)
        .header("Content-Type", "application/json")
        .body(request)
        .oauth_account(account)
        .retries(3);
    stack.add(schedule);
}
