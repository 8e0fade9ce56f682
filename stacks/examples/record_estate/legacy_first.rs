//! The stack of the deployment on Google Cloud as it was first applied: the base that everything else needs, and what was taken
//! over from the hand-written files so that it can go.

use xat_infra::gcp::{self, prelude::*};
use xat_stacks::legacy::network::Network;

/// The APIs that were turned on. That of the registry which is shut down is no longer wanted.
const APIS: &[&str] = &[
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "compute.googleapis.com",
    "containerregistry.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "servicenetworking.googleapis.com",
    "sqladmin.googleapis.com",
];

/// The first version.
pub(super) fn stack() -> Stack {
    let mut stack = Stack::new("xat-legacy")
        .environment("production")
        .project("xat-backend")
        .project_number("584172936041")
        .region(Location::US_CENTRAL1)
        .tag("environment", "production")
        .tag("owner", "xat")
        .tag("service", "xat-backend");
    stack.component("apis", |stack| {
        for name in APIS {
            stack.add(ProjectService::new(Name::new((*name).to_owned())));
        }
    });
    let network = stack.component("network", |stack| {
        let network = Network::new(stack);
        // The service reached the database by it before it was in the network itself.
        let range = cidr!("10.30.8.0/28");
        stack.add(VpcConnector::in_range(name!("xat-connector"), network.network, range));
        network
    });
    let _ = network.connection;
    let secrets = stack.component("data", |stack| {
        let values = [
            ("django-secret-key", Secret::generated("django-secret-key")),
            ("rollbar-token", Secret::supplied("rollbar-token")),
        ];
        values.map(|(name, value)| {
            let secret = SecretManagerSecret::new(Name::new(name.to_owned()))
                .automatic(AutomaticReplication::default())
                .protect();
            let secret = stack.add(secret);
            stack.add(SecretVersion::new(secret, value));
            secret
        })
    });
    let images = stack.component("app", |stack| app(stack, &secrets));
    stack.component("delivery", |stack| delivery(stack, images));
    stack.component("monitoring", monitoring);
    stack
}

/// The registry, and whatever the service could do and was open to.
fn app(
    stack: &mut Stack,
    secrets: &[Handle<SecretManagerSecret>],
) -> Handle<gcp::ArtifactRepository> {
    let images = ArtifactRepository::new(name!("xat"), ArtifactFormat::Docker)
        .description("Images of the XAT backend")
        .cleanup_policy(CleanupPolicy::keep_recent("keep-ten", 5))
        .protect();
    let images = stack.add(images);
    let account = ServiceAccount::new(name!("xat-backend-cloudrun"))
        .display_name("XAT Backend Cloud Run Service Account");
    let account = stack.add(account);
    for secret in secrets {
        stack.add(SecretIamMember::new(*secret, IamRole::SECRET_ACCESSOR, account));
    }
    // As the hand-written files had it: more than it needs, and on the whole project.
    stack.add(ProjectIamMember::new(IamRole::CLOUD_SQL_CLIENT, account));
    stack.add(ProjectIamMember::new(IamRole::named("roles/storage.objectAdmin"), account));
    // The scripts gave the database's secret to an account of another name.
    let other = stack.add(ServiceAccount::new(name!("cloudrun-sa")));
    let url = Ref::<SecretManagerSecret>::existing("projects/xat-backend/secrets/database-url");
    stack.add(SecretIamMember::new(url, IamRole::SECRET_ACCESSOR, other));
    let service = Ref::<CloudRunService>::existing(
        "projects/xat-backend/locations/us-central1/services/xat-backend",
    );
    stack.add(RunServiceIamMember::new(service, IamRole::RUN_INVOKER, IamMember::all_users()));
    images
}

/// Who pushes images.
fn delivery(stack: &mut Stack, images: Handle<gcp::ArtifactRepository>) {
    const REPOSITORY: &str = "xat/xat-backend";
    let pool = stack.add(IdentityPool::new(name!("github")).display_name("GitHub"));
    stack.add(IdentityProvider::github(name!("xat-backend"), pool, REPOSITORY));
    let account = ServiceAccount::new(name!("xat-backend-delivery"))
        .display_name("XAT backend: delivery")
        .description("Pushes images");
    let account = stack.add(account);
    let workflows = IamMember::of_repository(pool, REPOSITORY);
    stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflows));
    stack.add(RepositoryIamMember::new(images, IamRole::ARTIFACT_WRITER, account));
}

/// Two alerts, and who hears of them.
fn monitoring(stack: &mut Stack) {
    let people = NotificationChannel::email(name!("XAT on call"), "xat-on-call@example.com");
    let people = stack.add(people);
    let of_service = |metric: &str, more: &str| {
        format!(
            "metric.type=\"run.googleapis.com/{metric}\" resource.type=\"cloud_run_revision\" resource.label.service_name=\"xat-backend\"{more}"
        )
    };
    let failing = of_service("request_count", " metric.label.response_code_class=\"5xx\"");
    let failing = MetricThreshold::new(failing, Comparison::Greater, 0.1, 300)
        .aggregation(Aggregation::new(60, Aligner::Rate).reducer(Reducer::Sum));
    let slow = of_service("request_latencies", "");
    let slow = MetricThreshold::new(slow, Comparison::Greater, 2000.0, 300)
        .aggregation(Aggregation::new(60, Aligner::Percentile95).reducer(Reducer::Max));
    for (name, title, threshold, runbook) in [
        (name!("XAT: failing answers"), "5xx", failing, "Look at the newest revision first."),
        (name!("XAT: slow answers"), "p95 over 2 s", slow, "Look at the database's load first."),
    ] {
        let policy = AlertPolicy::new(name)
            .condition(AlertCondition::over(title, threshold))
            .channel(people)
            .runbook(runbook);
        stack.add(policy);
    }
}
