//! Who brings releases: workflows of one repository, vouched for by GitHub, without any key. What needs the network is done by
//! jobs in it: one changes the database's tables, one asks a release whether it is well.

use xat_infra::gcp::prelude::*;

use super::app::{App, reader};
use super::data::Data;
use super::network::Network;
use crate::internal::workload::DATABASE_URL;

/// What delivery is made from.
pub struct DeliveryInputs<'a> {
    /// Where images are.
    pub images: Handle<ArtifactRepository>,
    /// The network that its jobs are in.
    pub network: &'a Network,
    /// The database, and the secrets.
    pub data: &'a Data,
    /// What the application needs.
    pub workload: &'a Workload,
    /// The release that the jobs start with.
    pub image: Tag,
    /// The repository whose workflows deliver (`owner/name`).
    pub repository: &'a str,
    /// The environment of that repository; it can ask for approval first.
    pub environment: &'a str,
}

/// Who delivers, and what vouches for that.
pub struct Deliverer {
    /// What vouches for workflows of the repository.
    pub provider: Handle<IdentityProvider>,
    /// The account that they act as.
    pub account: Handle<ServiceAccount>,
}

/// A job that delivery runs, and as whom.
#[derive(Clone, Copy)]
pub struct Task {
    /// The job.
    pub job: Handle<CloudRunJob>,
    /// Its account.
    pub runs_as: Handle<ServiceAccount>,
}

/// Declares who delivers to Cloud Run: an account that pushes images, changes this one service and its two jobs, and may say as whom they
/// run.
pub fn delivery(stack: &mut Stack, app: &App, inputs: &DeliveryInputs<'_>) -> CloudRunTarget {
    let deliverer = deliverer(stack, inputs);
    let Deliverer { provider, account } = deliverer;
    stack.add(RunServiceIamMember::new(app.service, IamRole::RUN_DEVELOPER, account));
    stack.add(ServiceAccountIamMember::new(app.account, IamRole::SERVICE_ACCOUNT_USER, account));
    let (migrate, verify) = tasks(stack, inputs, &deliverer);
    stack.add(RunServiceIamMember::new(app.service, IamRole::RUN_INVOKER, verify.runs_as));
    CloudRunTarget {
        service: app.service,
        migrate: migrate.job,
        verify: verify.job,
        server: inputs.data.instance,
        database: inputs.data.database,
        registry: inputs.images,
        provider,
        account,
    }
}

/// Declares who delivers: an account that pushes images and writes its own log, which workflows of one repository act as.
pub fn deliverer(stack: &mut Stack, inputs: &DeliveryInputs<'_>) -> Deliverer {
    let pool = stack.add(IdentityPool::new(name!("github")).display_name("GitHub"));
    let provider = IdentityProvider::github(name!("xat-backend"), pool, inputs.repository);
    let provider = stack.add(provider);
    let account = ServiceAccount::new(name!("xat-backend-delivery"))
        .display_name("XAT backend: delivery")
        .description("Brings releases");
    let account = stack.add(account);
    // Jobs of that one environment, and no other workflow of the repository.
    let workflows = IamMember::of_environment(pool, inputs.repository, inputs.environment);
    stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflows));
    stack.add(RepositoryIamMember::new(inputs.images, IamRole::ARTIFACT_WRITER, account));
    // A build of Cloud Build that runs as this account writes its log itself.
    stack.add(ProjectIamMember::new(IamRole::LOG_WRITER, account));
    previewer(stack, inputs, pool);
    Deliverer { provider, account }
}

/// Declares the two jobs in the network, which whoever delivers may change, run, and say as whom they run.
pub fn tasks(stack: &mut Stack, inputs: &DeliveryInputs<'_>, by: &Deliverer) -> (Task, Task) {
    let (migrate, verify) = (migrate(stack, inputs), verify(stack, inputs));
    for Task { job, runs_as } in [migrate, verify] {
        stack.add(RunJobIamMember::new(job, IamRole::RUN_DEVELOPER, by.account));
        let acts_as = IamRole::SERVICE_ACCOUNT_USER;
        stack.add(ServiceAccountIamMember::new(runs_as, acts_as, by.account));
    }
    (migrate, verify)
}

/// Who reads for previews of pull requests: somebody else, let in from an environment of its own.
fn previewer(stack: &mut Stack, inputs: &DeliveryInputs<'_>, pool: Handle<IdentityPool>) {
    let account = ServiceAccount::new(name!("xat-backend-reader"))
        .display_name("XAT backend: previews")
        .description("Reads the project for previews of pull requests");
    let account = stack.add(account);
    let previews = format!("{}-read", inputs.environment);
    let workflows = IamMember::of_environment(pool, inputs.repository, &previews);
    stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflows));
    for role in [IamRole::VIEWER, IamRole::SECURITY_REVIEWER] {
        stack.add(ProjectIamMember::new(role, account));
    }
}

/// The image that a new estate starts with, of what runs here.
fn image(inputs: &DeliveryInputs<'_>) -> RunImage {
    let path = text!("{}/{}", inputs.images.docker_path(), inputs.workload.repository());
    RunImage::tag(path, inputs.image.clone())
}

/// The account that changes the database's tables: it reads the one secret that says how to reach it.
pub fn migrator(stack: &mut Stack, data: &Data) -> Handle<ServiceAccount> {
    let account = ServiceAccount::new(name!("xat-backend-migrate"))
        .display_name("XAT backend: migrations")
        .description("Changes the tables of the database before a release");
    reader(stack, account, data.secrets.get(&DATABASE_URL))
}

/// The job that changes the database's tables.
fn migrate(stack: &mut Stack, inputs: &DeliveryInputs<'_>) -> Task {
    let (network, data) = (inputs.network, inputs.data);
    let runs_as = migrator(stack, data);
    let container = inputs.workload.cloud_run_migration(image(inputs), &data.secrets);
    let job = CloudRunJob::new(name!("xat-backend-migrate"), runs_as)
        .container(container)
        .vpc_access(RunVpcAccess::direct(network.network, network.run))
        // What failed halfway is for people to look at, not to be tried again.
        .retries(0)
        .timeout(1800)
        .images_by_delivery();
    Task { job: stack.add(job), runs_as }
}

/// The job that asks a release from inside the network, as an account that may do nothing else.
fn verify(stack: &mut Stack, inputs: &DeliveryInputs<'_>) -> Task {
    let network = inputs.network;
    let account = ServiceAccount::new(name!("xat-backend-verify"))
        .display_name("XAT backend: verification")
        .description("Asks a release whether it is well");
    let runs_as = stack.add(account);
    // The service takes calls from the network only, so that everything has to go that way:
    // https://cloud.google.com/run/docs/securing/ingress#internal-services
    let through = RunVpcAccess::direct(network.network, network.run).egress(RunEgress::All);
    let job = CloudRunJob::new(name!("xat-backend-verify"), runs_as)
        .container(inputs.workload.cloud_run_verification(image(inputs)))
        .vpc_access(through)
        .retries(0)
        .timeout(600)
        .images_by_delivery();
    Task { job: stack.add(job), runs_as }
}
