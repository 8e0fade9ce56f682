//! Google Cloud, end to end: what Terraform is told of each type and what it is not told, identities from outside, raw bodies.

use serde_json::Value as Json;
use xat_infra::emit::terraform::{self, Options, Syntax};
use xat_infra::gcp::TYPES;
use xat_infra::gcp::prelude::*;
use xat_infra::graph::{self, Graph};
use xat_infra::live::Estate;
use xat_infra::plan::{self, Action};
use xat_infra::state::State;

fn built(build: impl FnOnce(&mut Stack)) -> Graph {
    let mut stack = xat_tests::examples::stack();
    build(&mut stack);
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The module, or the codes and messages of what keeps it from being written.
fn module(graph: &Graph) -> Result<Json, Vec<String>> {
    let options = Options { syntax: Syntax::Json, ..Options::default() };
    match terraform::emit(graph, &options) {
        Ok(files) => Ok(serde_json::from_str(&files[0].text).expect("JSON")),
        Err(problems) => {
            Err(problems.iter().map(|p| format!("{}: {}", p.code, p.message)).collect())
        }
    }
}

/// Every type's example is a module, but for those that Terraform has no resource or no safe place for: those are refused
/// by name.
#[test]
fn terraform_takes_every_type_or_says_which_not() {
    let mut refused = Vec::new();
    for registered in TYPES {
        let graph = built(|stack| {
            (registered.example)(stack);
        });
        let ty = (registered.ty)();
        match module(&graph) {
            Ok(module) => assert!(module["resource"][ty.terraform].is_object(), "{}", ty.slug),
            Err(problems) => refused.extend(problems),
        }
    }
    assert_eq!(
        refused,
        [
            "emit-secret: Terraform has no safe place for the secret at `sensitive_labels.auth_token` of \
             `notification_channel.Shop on Slack`",
            "emit-unsayable: `raw_google.orders` cannot be said in Terraform: it has no resource for this type, and its \
             cloud no raw one",
        ]
    );
}

/// The password of a check is an argument that Terraform does not keep, and the provider has it.
#[test]
fn a_password_of_a_check_stays_out_of_the_state() {
    let graph = built(|stack| {
        let http = HttpCheck::new("/private").user("probe").password(Secret::supplied("probe"));
        stack.add(UptimeCheck::https(name!("Private"), "shop.example.com", "/").http(http));
    });
    let module = module(&graph).expect("a module");
    let check = &module["resource"]["google_monitoring_uptime_check_config"]["Private"];
    let auth = &check["http_check"]["auth_info"];
    assert_eq!(auth["password_wo"], "${var.probe}");
    assert!(auth["password"].is_null());
    let facts = xat_tests::facts::terraform::Facts::shipped();
    let (found, unknown) = facts.check_module(&module, &xat_tests::facts::arm::Facts::shipped());
    assert_eq!((found, unknown), (vec![], vec![]));
}

/// What Terraform has no attribute for and the library knows is written as it is, behind what it is of.
#[test]
fn an_image_path_is_known_before_its_repository() {
    let graph = built(|stack| {
        let images = stack.add(ArtifactRepository::new(name!("shop"), ArtifactFormat::Docker));
        let uri = text!("https://{}/web", images.docker_path());
        stack.add(SchedulerJob::new(name!("look"), "0 3 * * *", uri));
    });
    let module = module(&graph).expect("a module");
    let job = &module["resource"]["google_cloud_scheduler_job"]["look"];
    assert_eq!(
        job["http_target"]["uri"],
        "https://europe-west1-docker.pkg.dev/example-project/shop/web"
    );
    assert_eq!(job["depends_on"][0], "google_artifact_registry_repository.shop");
}

/// A name is what Terraform says the name by, which is not always `name`.
#[test]
fn names_are_said_by_the_argument_that_has_them() {
    let graph = built(|stack| {
        let pool = stack.add(IdentityPool::new(name!("github")));
        stack.add(IdentityProvider::github(name!("shop-workflows"), pool, "example/shop"));
        let account = stack.add(ServiceAccount::new(name!("shop-deploy")));
        stack.output("account", account.name());
    });
    let module = module(&graph).expect("a module");
    let provider = &module["resource"]["google_iam_workload_identity_pool_provider"];
    assert_eq!(
        provider["shop-workflows"]["workload_identity_pool_id"],
        "${google_iam_workload_identity_pool.github.workload_identity_pool_id}"
    );
    assert_eq!(
        module["output"]["account"]["value"],
        "${google_service_account.shop-deploy.account_id}"
    );
}

fn deployer(number: Option<&str>) -> Graph {
    let mut stack = xat_tests::examples::stack();
    if let Some(number) = number {
        stack = stack.project_number(number);
    }
    let pool = stack.add(IdentityPool::new(name!("github")));
    let account = stack.add(ServiceAccount::new(name!("shop-deploy")));
    let workflow = IamMember::of_repository(pool, "example/shop");
    stack.add(ServiceAccountIamMember::new(account, IamRole::WORKLOAD_IDENTITY_USER, workflow));
    graph::build(stack).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// By the project's number a workflow's membership is known before anything exists, and found again as policies have it.
#[test]
fn a_workflow_is_known_by_the_projects_number() {
    let graph = deployer(Some("123456789"));
    let member = graph.nodes.iter().find(|node| node.ty.slug == "service_account_iam_member");
    let member = member.expect("the member");
    let principal = "principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/github/\
                     attribute.repository/example/shop";
    assert!(member.id.ends_with(principal), "{}", member.id);
    let estate = Estate::as_applied(&graph).expect("an estate");
    let plan = plan::plan(&graph, &estate, &State::empty(), &plan::Options::default()).unwrap();
    assert!(plan.steps.iter().all(|step| step.action == Action::Adopt), "{:#?}", plan.steps);
    // Another repository is another member.
    let text = serde_json::to_string(&xat_infra::live::model::applied(&graph)).expect("JSON");
    let other = Estate::from_text("other", text.replace("example/shop", "example/else")).unwrap();
    let plan = plan::plan(&graph, &other, &State::empty(), &plan::Options::default()).unwrap();
    let made: Vec<&str> = plan
        .steps
        .iter()
        .filter(|step| step.action == Action::Create)
        .map(|step| step.address.as_str())
        .collect();
    assert_eq!(made, [member.address.as_str()]);
    // Without the number the stack still builds: the member is made of what the pool says of itself.
    assert!(deployer(None).at(&member.address).is_some());
}

/// A raw body is compared leaf by leaf under its own type and name.
#[test]
fn a_raw_body_plans_like_the_rest() {
    let topic = |seconds: &str| {
        let body = RawBody::new(json!({"messageRetentionDuration": seconds}));
        let name = "//pubsub.googleapis.com/projects/example-project/topics/orders";
        built(|stack| {
            stack.add(RawGoogle::new("pubsub.googleapis.com/Topic", "v1", name, body));
        })
    };
    let (before, after) = (topic("600s"), topic("86400s"));
    let estate = Estate::as_applied(&before).expect("an estate");
    let none = plan::plan(&before, &estate, &State::empty(), &plan::Options::default()).unwrap();
    assert!(none.steps.iter().all(|step| step.action == Action::Adopt));
    let plan = plan::plan(&after, &estate, &State::empty(), &plan::Options::default()).unwrap();
    let paths: Vec<&str> = plan
        .steps
        .iter()
        .flat_map(|step| &step.changes)
        .map(|change| change.path.as_str())
        .collect();
    assert_eq!(paths, ["messageRetentionDuration"]);
    assert_eq!(plan.steps[0].address, "raw_google.orders");
}
