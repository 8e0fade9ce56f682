//! Cloud Run jobs: containers that run to their end, when somebody or a schedule starts them.

use super::cloud_run_workload::names::*;
use super::cloud_run_workload::{run_workload, say_containers, workload_limits};
use crate::gcp::{
    Network, PostgresVersion, RunLaunchStage, RunMount, SecretManagerSecret, SqlInstance, SqlTier,
    VpcConnector,
};
use crate::schema::{Update, Verbs};
use crate::value::Value;
use crate::{cidr, tag};

run_workload! {
    /// A Cloud Run job: one task or several, each of which runs its containers to their end.
    ///
    /// ```
    /// use xat_infra::gcp::prelude::*;
    /// # fn stack(stack: &mut Stack, account: Handle<ServiceAccount>) {
    /// let image = RunImage::tag("europe-west4-docker.pkg.dev/shop/images/web", tag!("2026.11.3"));
    /// let migrate = RunContainer::of(image).command(["python", "manage.py", "migrate"]);
    /// stack.add(CloudRunJob::new(name!("shop-migrate"), account).container(migrate).retries(0));
    /// # }
    /// ```
    #[derive(Resource)]
    #[resource(
        provider = PROVIDER,
        rest = "run.googleapis.com/Job@v2",
        id = "//run.googleapis.com/projects/{gcp.project}/locations/{location}/jobs/{name}",
        terraform = "google_cloud_run_v2_job",
        label = "Cloud Run job",
        scope = Root,
        verbs = Verbs {
            updates: &[Update { whole: true, ..Update::MERGE }],
            ..Verbs::STANDARD
        },
        constant(tf = "deletion_protection", value = false),
        import = say,
        check = workload_limits,
        fact = USES_SECRETS,
        check = limits,
        check = labels,
        source = "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs"
    )]
    pub struct CloudRunJob at {
        containers: "template.template.containers",
        volumes: "template.template.volumes",
        account: "template.template.serviceAccount" "template.template.service_account",
        environment: "template.template.executionEnvironment" "template.template.execution_environment",
        network: "template.template.vpcAccess" "template.template.vpc_access",
        key: "template.template.encryptionKey" "template.template.encryption_key",
        accelerator: "template.template.nodeSelector.accelerator" "template.template.node_selector.accelerator",
        revision_labels: "template.labels",
        revision_annotations: "template.annotations",
    } {
        /// The job's name, unique in its project and region.
        #[name(
            len = 1..=49, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
            source = "https://cloud.google.com/run/docs/create-jobs#create-new"
        )]
        name: Name<Self>,
        /// How many tasks one run has: 1 to 10,000. Each finds its number as `CLOUD_RUN_TASK_INDEX`.
        #[prop(rest = "template.taskCount", tf = "template.task_count", service = 1, danger = Cost)]
        tasks: Option<u16>,
        /// How many tasks run at a time; as many as can, unless said.
        #[prop(rest = "template.parallelism", tf = "template.parallelism", service = 0, danger = Cost)]
        parallelism: Option<u16>,
        /// How often a task that failed is started again: 0 to 10.
        #[prop(rest = "template.template.maxRetries", tf = "template.template.max_retries", service = 3)]
        retries: Option<u8>,
        /// How long a task may run, in seconds: up to 604,800, which are seven days.
        #[prop(rest = "template.template.timeout", tf = "template.template.timeout", codec = SECONDS,
            tf_codec = SECONDS, unit = "seconds", service = 600, danger = Downtime)]
        timeout: Option<u32>,
    }
}

impl CloudRunJob {
    /// A container.
    #[track_caller]
    #[must_use]
    pub fn container(mut self, container: RunContainer) -> Self {
        self.meta.set_here(Self::CONTAINERS.index());
        self.containers.push(container);
        self
    }
}

fn say(job: &mut Saying<'_>) {
    say_containers(job, false);
}

const TASKS: &str = "https://cloud.google.com/run/docs/create-jobs#task-timeout";

/// What the service refuses in a job.
fn limits(check: &mut CheckContext<'_>) {
    check.range("tasks", 1..=10_000, "https://cloud.google.com/run/quotas#cloud_run_limits");
    check.range("retries", 0..=10, "https://cloud.google.com/run/docs/configuring/max-retries");
    check.range("timeout", 1..=604_800, TASKS);
    let number = |property| check.get(property).and_then(Value::as_int);
    let (tasks, parallelism) = (number("tasks").unwrap_or(1), number("parallelism").unwrap_or(0));
    let mut found: Vec<(&'static str, String)> = Vec::new();
    if parallelism > tasks {
        found.push(("parallelism", format!("{parallelism} at a time are more than {tasks} tasks")));
    }
    for container in check.blocks("containers") {
        for property in ["listens", "cpu_idle", "startup_boost", "liveness_probe"] {
            if container.get(property).is_some() {
                let label = property.replace('_', " ");
                found
                    .push(("containers", format!("`{label}` is for services: nobody calls a job")));
            }
        }
        let cpu = container.text("cpu").and_then(super::run_container::millicores);
        if cpu.is_some_and(|millis| millis < 1000) {
            found.push(("containers", "a job's container has one core or more".to_owned()));
        }
    }
    for (property, problem) in found {
        check.report(property, problem, format!("the provider's reference: {TASKS}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-jobs")));
    let network = stack.add(Network::new(name!("shop")));
    let connector = VpcConnector::in_range(name!("shop-run"), network, cidr!("10.8.0.0/28"));
    let connector = stack.add(connector.instances(2, 3));
    let tier = SqlTier::custom(2, 7680);
    let instance = stack.add(SqlInstance::public(name!("shop"), PostgresVersion::V17, tier));
    let url = SecretManagerSecret::new(name!("database-url"))
        .automatic(crate::gcp::AutomaticReplication::default());
    let url = stack.add(url);
    let image =
        RunImage::tag("europe-west1-docker.pkg.dev/example-project/images/web", tag!("2026.11.3"));
    let migrate = RunContainer::of(image)
        .command(["python", "manage.py"])
        .arguments(["migrate"])
        .cpu("1")
        .memory("512Mi")
        .secret_env("DATABASE_URL", url)
        .mount(RunMount::cloud_sql());
    let job = CloudRunJob::new(name!("shop-migrate"), account)
        .location(Location::EUROPE_WEST1)
        .container(migrate)
        .volume(RunVolume::cloud_sql(instance))
        .environment(RunEnvironment::Second)
        .vpc_access(RunVpcAccess::through(connector))
        .binary_authorization(RunBinaryAuthorization::new().project_policy(true))
        .launch_stage(RunLaunchStage::Ga)
        .tasks(2)
        .parallelism(1)
        .retries(1)
        .timeout(900)
        .annotation("runbook", "shop-migrate")
        .label("owner", "platform");
    stack.add(job).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::gcp::prelude::*;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let account = || Ref::<ServiceAccount>::existing("projects/p/serviceAccounts/a@p");
        let container = || RunContainer::of(RunImage::tag("gcr.example.com/web", tag!("1")));
        let of = |container| CloudRunJob::new(name!("migrate"), account()).container(container);
        let job = || of(container());
        assert_eq!(refused(job().tasks(10).parallelism(10).retries(10).timeout(604_800)), [""; 0]);
        assert_eq!(refused(job().tasks(10_001)), ["tasks"]);
        assert_eq!(refused(job().parallelism(2)), ["parallelism"]);
        assert_eq!(refused(job().retries(11)), ["retries"]);
        assert_eq!(refused(job().timeout(604_801)), ["timeout"]);
        assert_eq!(refused(of(container().port(80).cpu_idle(true))), ["containers"; 2]);
        assert_eq!(refused(of(container().cpu("0.5"))), ["containers"]);
        assert_eq!(refused(CloudRunJob::new(name!("migrate"), account())), ["containers"]);
    }
}
