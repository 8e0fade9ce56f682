//! The application: its images, its account, and the service.

use xat_infra::gcp::prelude::*;

use super::data::Data;
use super::network::Network;

/// The service's name.
const NAME: &str = "xat-backend";

/// What the application is made from.
pub struct AppInputs<'a> {
    /// The network that it reaches its database in.
    pub network: &'a Network,
    /// Its database and secrets.
    pub data: &'a Data,
    /// The release.
    pub image: Tag,
    /// Where it is.
    pub region: Location,
    /// The number of its project, which stands in the name under which it is called.
    pub project_number: &'a str,
    /// What it needs; each of its workers keeps one connection open.
    pub workload: &'a Workload,
    /// The group of people who may call it.
    pub callers: &'a str,
}

/// What others need of the application.
pub struct App {
    /// The service.
    pub service: Handle<CloudRunService>,
    /// As whom it runs.
    pub account: Handle<ServiceAccount>,
    /// Where its images are.
    pub images: Handle<ArtifactRepository>,
}

/// Where images are: each under a tag that means one image for good.
pub fn images(stack: &mut Stack) -> Handle<ArtifactRepository> {
    let images = ArtifactRepository::new(name!("xat"), ArtifactFormat::Docker)
        .description("Images of the XAT backend")
        .immutable_tags(true)
        .cleanup_policy(CleanupPolicy::keep_recent("keep-ten", 10))
        .cleanup_policy(
            CleanupPolicy::delete_older("drop-untagged", 28).tags(TaggedVersions::Untagged),
        )
        .protect();
    stack.add(images)
}

/// An account that reads these secrets.
pub fn reader<'s>(
    stack: &mut Stack,
    account: ServiceAccount,
    secrets: impl IntoIterator<Item = &'s Handle<SecretManagerSecret>>,
) -> Handle<ServiceAccount> {
    let account = stack.add(account);
    for secret in secrets {
        stack.add(SecretIamMember::new(*secret, IamRole::SECRET_ACCESSOR, account));
    }
    account
}

impl App {
    /// Declares the application: reachable from the network only, for those who have the role.
    pub fn new(stack: &mut Stack, inputs: &AppInputs<'_>) -> Self {
        let AppInputs { network, data, workload, .. } = *inputs;
        let images = images(stack);
        let account = ServiceAccount::new(name!("xat-backend-cloudrun"))
            .display_name("XAT backend")
            .description("Runs the service and reads its three secrets");
        let account = reader(stack, account, data.secrets.values());

        let image = RunImage::tag(
            text!("{}/{}", images.docker_path(), workload.repository()),
            inputs.image.clone(),
        );
        let host = CloudRunService::host(NAME, inputs.project_number, &inputs.region);
        let project = stack.project_id();
        let container =
            workload.cloud_run_container(image, "production", &[host], project, &data.secrets);
        let (least, most) = workload.instance_range().unwrap_or((1, 1));
        let service = CloudRunService::new(const { Name::literal(NAME) }, account)
            .container(container)
            .vpc_access(RunVpcAccess::direct(network.network, network.run))
            .environment(RunEnvironment::Second)
            .images_by_delivery()
            .instances(least, most)
            .concurrency(workload.worker_number() * 2)
            .timeout(workload.request_seconds().into())
            .connects(data.instance, workload.worker_number());
        let service = stack.add(service);
        stack.add(RunServiceIamMember::new(
            service,
            IamRole::RUN_INVOKER,
            IamMember::group(inputs.callers),
        ));
        Self { service, account, images }
    }
}
