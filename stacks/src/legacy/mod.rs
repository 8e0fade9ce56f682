//! The XAT backend on Google Cloud, as it is kept until everyone works with Azure: one function, its facts said once.
//!
//! Nothing of it can be reached from the internet. The database has an address in the network only, the service answers
//! calls from the network only and asks each caller for a role, and its one account reads the three secrets that it uses
//! and nothing else.

pub mod app;
pub mod data;
pub mod delivery;
pub mod dumps;
pub mod monitoring;
pub mod network;

use xat_infra::gcp::prelude::*;

use app::{App, AppInputs};
use data::{Data, DataInputs};
use delivery::DeliveryInputs;
use dumps::DumpInputs;
use network::Network;

use crate::internal::workload::{DATABASE_URL, backend, postgres};

/// The project that everything is in, by its ID and by its number.
const PROJECT: (&str, &str) = ("xat-backend", "584172936041");
/// Where it is.
const REGION: Location = Location::US_CENTRAL1;
/// The repository that releases come from.
const REPOSITORY: &str = "xat/xat-backend";
/// Who may call the service, beside nobody.
const CALLERS: &str = "xat-team@example.com";
/// Who hears of alerts.
const ON_CALL: &str = "xat-on-call@example.com";
/// The release that it starts with.
const IMAGE: Tag = tag!("2026.11.2");
/// The environment that it is, here and on GitHub.
const ENVIRONMENT: &str = "production";
/// What an instance has.
const MACHINE: Machine = Machine { cores: 2, memory: 2048 };
/// How few instances there are, and how many at most.
const INSTANCES: (u16, u16) = (1, 20);
/// For how many days dumps and the server's own backups are kept.
const KEPT_DAYS: u16 = 28;

/// The bucket that keeps Terraform's state, for whoever applies by it. It is older than the stack, and no part of it.
const TERRAFORM_STATE: &str = "xat-backend-tfstate";

/// The APIs that the stack uses. What belongs to one waits until it is on.
fn apis(stack: &mut Stack) {
    stack.add(ProjectService::new(name!("artifactregistry.googleapis.com")));
    stack.add(ProjectService::new(name!("cloudbuild.googleapis.com")));
    stack.add(ProjectService::new(name!("cloudresourcemanager.googleapis.com")));
    stack.add(ProjectService::new(name!("cloudscheduler.googleapis.com")));
    stack.add(ProjectService::new(name!("compute.googleapis.com")));
    stack.add(ProjectService::new(name!("iam.googleapis.com")));
    stack.add(ProjectService::new(name!("iamcredentials.googleapis.com")));
    stack.add(ProjectService::new(name!("monitoring.googleapis.com")));
    stack.add(ProjectService::new(name!("run.googleapis.com")));
    stack.add(ProjectService::new(name!("secretmanager.googleapis.com")));
    stack.add(ProjectService::new(name!("servicenetworking.googleapis.com")));
    stack.add(ProjectService::new(name!("sqladmin.googleapis.com")));
    stack.add(ProjectService::new(name!("sts.googleapis.com")));
}

/// What the backend needs here: 2 GiB hold four workers, each with one connection to the database, and Cloud Run ends an
/// instance 10 s after it told it.
fn workload() -> Workload {
    backend(Workers::exactly(4))
        .machine(MACHINE)
        .instances(INSTANCES.0, INSTANCES.1)
        .shutdown_timeout(10)
        .backups(backups())
}

/// Dumps of the database, one each night. No pooler stands before the server, so that its URL is the application's own.
fn backups() -> Backups {
    Backups::scheduled("0 4 * * *", Backups::database_url(DATABASE_URL.name()))
        .kept_days(KEPT_DAYS)
        .place("xat-backend-backups")
        .image_tag("17-1")
}

/// The whole deployment.
pub fn stack() -> Stack {
    let mut stack = Stack::new("xat-legacy")
        .environment(ENVIRONMENT)
        .project(PROJECT.0)
        .project_number(PROJECT.1)
        .region(REGION)
        .terraform_backend("gcs", [("bucket", TERRAFORM_STATE), ("prefix", "xat-legacy")])
        .tag("environment", ENVIRONMENT)
        .tag("owner", "xat")
        .tag("service", "xat-backend");
    let (workload, database) = (workload(), postgres());
    stack.component("apis", apis);
    let network = stack.component("network", Network::new);
    let data = stack.component("data", |stack| {
        Data::new(
            stack,
            &DataInputs {
                connection: network.connection,
                database: &database,
                kept_days: KEPT_DAYS,
            },
        )
    });
    let app = stack.component("app", |stack| {
        let inputs = AppInputs {
            network: &network,
            data: &data,
            image: IMAGE,
            region: REGION,
            project_number: PROJECT.1,
            workload: &workload,
            instances: INSTANCES,
            environment: ENVIRONMENT,
            callers: CALLERS,
        };
        App::new(stack, &inputs)
    });
    let dumps = stack.component("dumps", |stack| {
        let inputs = DumpInputs {
            network: &network,
            data: &data,
            app: &app,
            region: REGION,
            workload: &workload,
            backups: &backups(),
        };
        dumps::dumps(stack, &inputs)
    });
    stack.component("delivery", |stack| {
        let inputs = DeliveryInputs {
            app: &app,
            network: &network,
            data: &data,
            workload: &workload,
            image: IMAGE,
            repository: REPOSITORY,
            environment: ENVIRONMENT,
        };
        let target = delivery::delivery(stack, &inputs);
        let delivery = Delivery::new(&workload, target);
        stack.deliver(match dumps {
            Some(dumps) => delivery.backups(dumps),
            None => delivery,
        });
    });
    stack.component("monitoring", |stack| {
        monitoring::monitoring(stack, &app, &data, dumps.as_ref(), ON_CALL)
    });
    stack.output("url", app.service.uri());
    stack
}
