//! The application: its identity, what that may do, its machines, and its own private door.

use xat_infra::azure::prelude::*;

use super::data::Data;
use super::network::Network;
use super::{Environment, PORT, WORKERS};

/// The application.
pub struct App {
    /// The web app.
    pub web: Handle<WebApp>,
}

impl App {
    /// Declares the application of one environment.
    pub fn new(
        stack: &mut Stack,
        environment: &Environment,
        group: Handle<ResourceGroup>,
        network: &Network,
        data: &Data,
    ) -> Self {
        let identity = stack.add(UserAssignedIdentity::new(name!("xat-backend-identity"), group));
        let may_pull = stack.add(RoleAssignment::new(Role::AcrPull, data.registry, identity));
        let may_read =
            stack.add(RoleAssignment::new(Role::KeyVaultSecretsUser, data.vault, identity));

        let plan = stack.add(
            AppServicePlan::linux(
                environment.named("xat-backend-plan"),
                group,
                environment.plan.clone(),
            )
            .capacity(environment.machines),
        );
        let image = ContainerImage::tag(data.registry, "xat-backend", environment.image.clone());
        let web = stack.add(
            WebApp::container(environment.named("xat-backend-internal"), group, plan, image)
                .identity(identity)
                .pull_as(identity)
                .references_as(identity)
                .integrate(network.apps)
                .health_check_path("/health/")
                .port(PORT)
                .setting("ENVIRONMENT", environment.name)
                .setting("DEBUG", false)
                .setting("GUNICORN_WORKERS", WORKERS)
                .secret_setting("SECRET_KEY", data.secret_key)
                .secret_setting("DATABASE_URL", data.database_url)
                .secret_setting("ROLLBAR_ACCESS_TOKEN", data.rollbar_token)
                // The image is pulled and the secrets are read when the app first starts, so both grants and both
                // private names must be there before it.
                .depends_on(may_pull)
                .depends_on(may_read)
                .depends_on(data.vault_endpoint)
                .depends_on(data.registry_endpoint),
        );
        stack.add(
            PrivateEndpoint::to(name!("xat-app-endpoint"), group, network.endpoints, web)
                .dns_zone(network.app_names),
        );
        Self { web }
    }
}
