//! The application: its images, its account, and the service.

use xat_infra::gcp::prelude::*;

use super::data::Data;
use super::network::Network;

/// What the application is made from.
pub struct AppInputs<'a> {
    /// The network that it reaches its database in.
    pub network: &'a Network,
    /// Its database and secrets.
    pub data: &'a Data,
    /// The release.
    pub image: Tag,
    /// The port that gunicorn binds.
    pub port: u16,
    /// How many workers each instance has; each keeps one connection open.
    pub workers: u16,
    /// How few instances there are, and how many at most.
    pub instances: (u16, u16),
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

impl App {
    /// Declares the application: reachable from the network only, for those who have the role.
    pub fn new(stack: &mut Stack, inputs: &AppInputs<'_>) -> Self {
        let AppInputs { network, data, .. } = *inputs;
        let images = ArtifactRepository::new(name!("xat"), ArtifactFormat::Docker)
            .description("Images of the XAT backend")
            .immutable_tags(true)
            .cleanup_policy(CleanupPolicy::keep_recent("keep-ten", 10))
            .cleanup_policy(
                CleanupPolicy::delete_older("drop-untagged", 28).tags(TaggedVersions::Untagged),
            )
            .protect();
        let images = stack.add(images);
        let account = ServiceAccount::new(name!("xat-backend-cloudrun"))
            .display_name("XAT backend")
            .description("Runs the service and reads its three secrets");
        let account = stack.add(account);
        for secret in [data.signing_key, data.database_url, data.rollbar_token] {
            stack.add(SecretIamMember::new(secret, IamRole::SECRET_ACCESSOR, account));
        }

        let image =
            RunImage::tag(text!("{}/xat-backend", images.docker_path()), inputs.image.clone());
        let container = RunContainer::of(image)
            .port(inputs.port)
            .cpu("2")
            .memory("2Gi")
            .env("ENVIRONMENT", "production")
            .env("WEB_CONCURRENCY", inputs.workers.to_string())
            .secret_env("DJANGO_SECRET_KEY", data.signing_key)
            .secret_env("DATABASE_URL", data.database_url)
            .secret_env("ROLLBAR_TOKEN", data.rollbar_token)
            .startup_probe(RunProbe::http("/health/", inputs.port))
            .liveness_probe(RunProbe::http("/health/live/", inputs.port));
        let (least, most) = inputs.instances;
        let service = CloudRunService::new(name!("xat-backend"), account)
            .container(container)
            .vpc_access(RunVpcAccess::direct(network.network, network.run))
            .environment(RunEnvironment::Second)
            .instances(least, most)
            .concurrency(inputs.workers * 2)
            .timeout(120)
            .connects(data.instance, inputs.workers);
        let service = stack.add(service);
        stack.add(RunServiceIamMember::new(
            service,
            IamRole::RUN_INVOKER,
            IamMember::group(inputs.callers),
        ));
        Self { service, account, images }
    }
}
