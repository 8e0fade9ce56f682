//! Who brings releases: workflows of one repository, vouched for by GitHub, without any key. What needs the network is done by
//! jobs in it: one changes the database's tables, one asks a release whether it is well.

use xat_infra::gcp::prelude::*;

use super::app::App;
use super::data::Data;
use super::network::Network;
use crate::internal::workload::DATABASE_URL;

/// What delivery is made from.
pub struct DeliveryInputs<'a> {
    /// What is delivered.
    pub app: &'a App,
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

/// Declares who delivers: an account that pushes images, changes this one service and its two jobs, and may say as whom they run.
pub fn delivery(stack: &mut Stack, inputs: &DeliveryInputs<'_>) -> CloudRunTarget {
    let app = inputs.app;
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
    stack.add(RepositoryIamMember::new(app.images, IamRole::ARTIFACT_WRITER, account));
    stack.add(RunServiceIamMember::new(app.service, IamRole::RUN_DEVELOPER, account));
    stack.add(ServiceAccountIamMember::new(app.account, IamRole::SERVICE_ACCOUNT_USER, account));
    // A build of Cloud Build that runs as this account writes its log itself.
    stack.add(ProjectIamMember::new(IamRole::LOG_WRITER, account));

    reader(stack, inputs, pool);

    let (migrate, migrator) = migrate(stack, inputs);
    let (verify, verifier) = verify(stack, inputs);
    for (job, runs_as) in [(migrate, migrator), (verify, verifier)] {
        stack.add(RunJobIamMember::new(job, IamRole::RUN_DEVELOPER, account));
        let acts_as = IamRole::SERVICE_ACCOUNT_USER;
        stack.add(ServiceAccountIamMember::new(runs_as, acts_as, account));
    }
    CloudRunTarget {
        service: app.service,
        migrate,
        verify,
        server: inputs.data.instance,
        database: inputs.data.database,
        registry: app.images,
        provider,
        account,
    }
}

/// Who reads for previews of pull requests: somebody else, let in from an environment of its own.
fn reader(stack: &mut Stack, inputs: &DeliveryInputs<'_>, pool: Handle<IdentityPool>) {
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
    let path = text!("{}/{}", inputs.app.images.docker_path(), inputs.workload.repository());
    RunImage::tag(path, inputs.image.clone())
}

/// The job that changes the database's tables: its account reads the one secret that says how to reach it.
fn migrate(
    stack: &mut Stack,
    inputs: &DeliveryInputs<'_>,
) -> (Handle<CloudRunJob>, Handle<ServiceAccount>) {
    let (network, data) = (inputs.network, inputs.data);
    let account = ServiceAccount::new(name!("xat-backend-migrate"))
        .display_name("XAT backend: migrations")
        .description("Changes the tables of the database before a release");
    let account = stack.add(account);
    let container = inputs.workload.cloud_run_migration(image(inputs), &data.secrets);
    let job = CloudRunJob::new(name!("xat-backend-migrate"), account)
        .container(container)
        .vpc_access(RunVpcAccess::direct(network.network, network.run))
        // What failed halfway is for people to look at, not to be tried again.
        .retries(0)
        .timeout(1800)
        .images_by_delivery();
    if let Some(url) = data.secrets.get(&DATABASE_URL) {
        stack.add(SecretIamMember::new(*url, IamRole::SECRET_ACCESSOR, account));
    }
    (stack.add(job), account)
}

/// The job that asks a release from inside the network, as an account that may call the service and nothing else.
fn verify(
    stack: &mut Stack,
    inputs: &DeliveryInputs<'_>,
) -> (Handle<CloudRunJob>, Handle<ServiceAccount>) {
    let network = inputs.network;
    let account = ServiceAccount::new(name!("xat-backend-verify"))
        .display_name("XAT backend: verification")
        .description("Asks a release whether it is well");
    let account = stack.add(account);
    stack.add(RunServiceIamMember::new(inputs.app.service, IamRole::RUN_INVOKER, account));
    // The service takes calls from the network only, so that everything has to go that way:
    // https://cloud.google.com/run/docs/securing/ingress#internal-services
    let through = RunVpcAccess::direct(network.network, network.run).egress(RunEgress::All);
    let job = CloudRunJob::new(name!("xat-backend-verify"), account)
        .container(inputs.workload.cloud_run_verification(image(inputs)))
        .vpc_access(through)
        .retries(0)
        .timeout(600)
        .images_by_delivery();
    (stack.add(job), account)
}
