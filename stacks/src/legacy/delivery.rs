//! Who brings releases: workflows of one repository, vouched for by GitHub, without any key.

use xat_infra::gcp::prelude::*;

use super::app::App;

/// What delivery is made from.
pub struct DeliveryInputs<'a> {
    /// What is delivered.
    pub app: &'a App,
    /// The repository whose workflows deliver (`owner/name`).
    pub repository: &'a str,
}

/// Declares who delivers: an account that pushes images, changes this one service, and may say as whom it runs.
pub fn delivery(stack: &mut Stack, inputs: &DeliveryInputs<'_>) {
    let app = inputs.app;
    let pool = stack.add(IdentityPool::new(name!("github")).display_name("GitHub"));
    stack.add(IdentityProvider::github(name!("xat-backend"), pool, inputs.repository));
    let account = ServiceAccount::new(name!("xat-backend-delivery"))
        .display_name("XAT backend: delivery")
        .description("Brings releases");
    let account = stack.add(account);
    let workflows = IamMember::of_repository(pool, inputs.repository);
    stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflows));
    stack.add(RepositoryIamMember::new(app.images, IamRole::ARTIFACT_WRITER, account));
    stack.add(RunServiceIamMember::new(app.service, IamRole::RUN_DEVELOPER, account));
    stack.add(ServiceAccountIamMember::new(app.account, IamRole::SERVICE_ACCOUNT_USER, account));
}
