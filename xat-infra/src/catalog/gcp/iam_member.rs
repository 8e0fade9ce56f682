//! Members of policies: who may do what, on a project or on one resource.
//!
//! REST keeps a policy as a whole, and Terraform each member as a resource. Here each member is a resource too, one element of
//! the policy's body: others that the policy has are left alone.

use super::iam_terms::{IamMember, IamRole, condition, members};
use super::{
    ArtifactFormat, ArtifactRepository, Bucket, CloudRunJob, CloudRunService, GoogleScope as _,
    IdentityPool, PROVIDER, RunContainer, RunImage, SecretManagerSecret, ServiceAccount,
};
use crate::dsl::{Meta, Ref, Stack};
use crate::schema::Fact;
use crate::value::{NodeRef, Text};
use crate::{Resource, name};

/// A type of member, with what holds the policy.
macro_rules! iam_member {
    ($(#[$doc:meta])* $name:ident $(with $flag:ident)?, $(in $project:ident,)? $(of $holder:ident ($key:literal): $of:ty, $tf_holder:literal,)? $wire:literal, $id:literal, $terraform:literal ($import:literal), $scope:ident, $source:literal) => {
        $(#[$doc])*
        ///
        /// Of the other members of the policy it says nothing.
        #[derive(Resource)]
        #[resource(
            provider = PROVIDER,
            rest = $wire,
            id = $id,
            derived_name($($key,)? "role", "member", "condition_title"),
            element_of(suffix = "iamPolicy", rest = "iam.googleapis.com/Policy", split = members),
            tf_import = $import,
            terraform = $terraform,
            scope = $scope,
            $($flag,)?
            fact = Fact::Grants { role: "role", to: "member" },
            import = condition,
            source = $source
        )]
        pub struct $name {
            $(
                /// The project whose policy it is.
                #[prop(tf = "project", parameter = "gcp.project", replace, no_setter)]
                $project: Option<Text>,
            )?
            $(
                /// What it is about.
                #[prop(tf = $tf_holder, parent)]
                $holder: Ref<$of>,
            )?
            /// What the member may do.
            #[prop(rest = "role", tf = "role", replace, danger = Downtime)]
            role: IamRole,
            /// Who it is.
            #[prop(rest = "member", tf = "member", replace, danger = Downtime, exposes = IamMember::all_users())]
            member: IamMember,
            /// What the condition is called, where the role holds under one only.
            #[prop(rest = "condition.title", tf = "condition.title", replace, no_setter)]
            condition_title: Option<Text>,
            /// When the role holds, in the Common Expression Language.
            #[prop(rest = "condition.expression", tf = "condition.expression", replace, no_setter)]
            condition_expression: Option<Text>,
            /// What the condition is for.
            #[prop(rest = "condition.description", tf = "condition.description", replace)]
            condition_description: Option<Text>,
            meta: Meta,
        }

        impl $name {
            /// The role holds only while an expression is true.
            #[track_caller]
            #[must_use]
            pub fn condition(mut self, title: impl Into<Text>, expression: impl Into<Text>) -> Self {
                self.condition_title = Some(title.into());
                self.condition_expression = Some(expression.into());
                self
            }
        }
    };
}

iam_member! {
    /// A member of a secret's policy.
    SecretIamMember with completes, of secret ("secret"): SecretManagerSecret, "secret_id",
    "secretmanager.googleapis.com/SecretMember@v1",
    "//secretmanager.googleapis.com/{parent}/iamPolicy/{name}",
    "google_secret_manager_secret_iam_member" ("{parent} {role} {member} {condition_title?}"), Child,
    "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/setIamPolicy"
}

iam_member! {
    /// A member of the project's policy. Roles on single resources give less away: prefer those.
    ProjectIamMember, in project,
    "cloudresourcemanager.googleapis.com/ProjectMember@v1",
    "//cloudresourcemanager.googleapis.com/projects/{gcp.project}/iamPolicy/{name}",
    "google_project_iam_member" ("{gcp.project} {role} {member} {condition_title?}"), Root,
    "https://cloud.google.com/resource-manager/reference/rest/v1/projects/setIamPolicy"
}

iam_member! {
    /// A member of a repository's policy: who may pull from it, and who push.
    RepositoryIamMember, of repository ("repository"): ArtifactRepository, "repository",
    "artifactregistry.googleapis.com/RepositoryMember@v1",
    "//artifactregistry.googleapis.com/{parent}/iamPolicy/{name}",
    "google_artifact_registry_repository_iam_member" ("{parent} {role} {member} {condition_title?}"), Child,
    "https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories/setIamPolicy"
}

iam_member! {
    /// A member of a Cloud Run service's policy: who may call it.
    RunServiceIamMember, of service ("service"): CloudRunService, "name",
    "run.googleapis.com/ServiceMember@v2",
    "//run.googleapis.com/{parent}/iamPolicy/{name}",
    "google_cloud_run_v2_service_iam_member" ("{parent} {role} {member} {condition_title?}"), Child,
    "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/setIamPolicy"
}

iam_member! {
    /// A member of a Cloud Run job's policy: who may start it.
    RunJobIamMember, of job ("job"): CloudRunJob, "name",
    "run.googleapis.com/JobMember@v2",
    "//run.googleapis.com/{parent}/iamPolicy/{name}",
    "google_cloud_run_v2_job_iam_member" ("{parent} {role} {member}"), Child,
    "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs/setIamPolicy"
}

iam_member! {
    /// A member of a bucket's policy.
    BucketIamMember with completes, of bucket ("bucket"): Bucket, "bucket",
    "storage.googleapis.com/BucketMember@v1",
    "//storage.googleapis.com/{parent}/iamPolicy/{name}",
    "google_storage_bucket_iam_member" ("{parent} {role} {member} {condition_title?}"), Child,
    "https://cloud.google.com/storage/docs/json_api/v1/buckets/setIamPolicy"
}

iam_member! {
    /// A member of a service account's policy: who may act as it, or let workloads run as it.
    ServiceAccountIamMember, of account ("account"): ServiceAccount, "service_account_id",
    "iam.googleapis.com/ServiceAccountMember@v1",
    "//iam.googleapis.com/{parent}/iamPolicy/{name}",
    "google_service_account_iam_member" ("{parent} {role} {member} {condition_title?}"), Child,
    "https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/setIamPolicy"
}

/// The example in the reference page.
pub(crate) fn repository_member(stack: &mut Stack) -> NodeRef {
    let repository =
        stack.add(ArtifactRepository::new(name!("shop-images"), ArtifactFormat::Docker));
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let member = RepositoryIamMember::new(repository, IamRole::ARTIFACT_READER, account)
        .condition("until-2027", "request.time < timestamp(\"2027-01-01T00:00:00Z\")");
    stack.add(member).node()
}

/// The example in the reference page.
pub(crate) fn service_member(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-scheduler")));
    let runner = stack.add(ServiceAccount::new(name!("shop-run")));
    let image = RunImage::tag("europe-west1-docker.pkg.dev/shop/images/web", crate::tag!("1.4.2"));
    let service = stack
        .add(CloudRunService::new(name!("shop-web"), runner).container(RunContainer::of(image)));
    let member = RunServiceIamMember::new(service, IamRole::RUN_INVOKER, account)
        .condition("until-2027", "request.time < timestamp(\"2027-01-01T00:00:00Z\")");
    stack.add(member).node()
}

/// The example in the reference page.
pub(crate) fn bucket_member(stack: &mut Stack) -> NodeRef {
    let bucket = stack.add(Bucket::new(name!("shop-exports")));
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let weekly = crate::text!(
        "resource.name.startsWith(\"projects/_/buckets/{}/objects/weekly/\")",
        bucket.id()
    );
    let member = BucketIamMember::new(bucket, IamRole::STORAGE_OBJECT_CREATOR, account)
        .condition("weekly", weekly);
    stack.add(member).node()
}

/// The example in the reference page.
pub(crate) fn account_member(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-deploy")));
    let pool = stack.add(IdentityPool::new(name!("github")));
    let member = ServiceAccountIamMember::new(
        account,
        IamRole::WORKLOAD_IDENTITY_USER,
        IamMember::of_repository(pool, "example/shop"),
    )
    .condition("until-2027", "request.time < timestamp(\"2027-01-01T00:00:00Z\")");
    stack.add(member).node()
}

/// The example in the reference page.
pub(crate) fn secret_member(stack: &mut Stack) -> NodeRef {
    let secret = stack.add(
        SecretManagerSecret::new(name!("session-key"))
            .automatic(crate::gcp::AutomaticReplication::default()),
    );
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let member = SecretIamMember::new(secret, IamRole::SECRET_ACCESSOR, account)
        .condition("until-2027", "request.time < timestamp(\"2027-01-01T00:00:00Z\")")
        .condition_description("While the shop moves");
    stack.add(member).node()
}

/// The example in the reference page.
pub(crate) fn job_member(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-jobs")));
    let image = "europe-west4-docker.pkg.dev/shop/images/web";
    let container = RunContainer::of(RunImage::tag(image, crate::tag!("2026.11.3")));
    let job = CloudRunJob::new(name!("shop-migrate"), account).container(container);
    let job = stack.add(job);
    let caller = stack.add(ServiceAccount::new(name!("shop-delivery")));
    stack.add(RunJobIamMember::new(job, IamRole::RUN_INVOKER, caller)).node()
}

/// The example in the reference page.
pub(crate) fn project_member(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let only = crate::text!("resource.name == \"projects/{}/instances/shop\"", stack.project_id());
    let member = ProjectIamMember::new(IamRole::CLOUD_SQL_CLIENT, account)
        .condition("one-instance", only)
        .condition_description("The other instances are not its business");
    stack.add(member).node()
}
