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
pub const REGION: Location = Location::US_CENTRAL1;
/// The repository that releases come from.
pub const REPOSITORY: &str = "xat/xat-backend";
/// Who may call the service, beside nobody.
const CALLERS: &str = "xat-team@example.com";
/// Who hears of alerts.
pub const ON_CALL: &str = "xat-on-call@example.com";
/// The release that it starts with.
pub const IMAGE: Tag = tag!("2026.11.2");
/// What an instance has: 2 GiB hold four workers.
pub const MACHINE: Machine = Machine { cores: 2, memory: 2048 };
/// The environment that it is, here and on GitHub.
pub const ENVIRONMENT: &str = "production";
/// For how many days dumps and the server's own backups are kept.
pub const KEPT_DAYS: u16 = 28;

/// Where Terraform's state is, for whoever applies by it: a bucket of the project that is older than the stack, and no part of it.
pub fn state(project: &str, stack: &str) -> [(&'static str, String); 2] {
    [("bucket", format!("{project}-tfstate")), ("prefix", stack.to_owned())]
}

/// The APIs that the backend uses wherever it runs on Google Cloud. What belongs to one waits until it is on.
pub fn apis(stack: &mut Stack) {
    stack.add(ProjectService::new(name!("artifactregistry.googleapis.com")));
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

/// What the backend needs here: four workers on each instance, each with one connection to the database, and Cloud Run ends an
/// instance 10 s after it told it.
fn workload() -> Workload {
    backend(Workers::exactly(4))
        .machine(MACHINE)
        .instances(1, 20)
        .shutdown_timeout(10)
        .backups(backups("xat-backend-backups"))
}

/// Dumps of the database, one each night, in a bucket whose name is nobody else's. No pooler stands before the server, so that its URL is the
/// application's own.
pub fn backups(bucket: &'static str) -> Backups {
    Backups::scheduled("0 4 * * *", Backups::database_url(DATABASE_URL.name()))
        .kept_days(KEPT_DAYS)
        .place(bucket)
        .image_tag("17-1")
}

/// The whole deployment.
pub fn stack() -> Stack {
    let mut stack = Stack::new("xat-legacy")
        .environment(ENVIRONMENT)
        .project(PROJECT.0)
        .project_number(PROJECT.1)
        .region(REGION)
        .terraform_backend("gcs", state(PROJECT.0, "xat-legacy"))
        .tag("environment", ENVIRONMENT)
        .tag("owner", "xat")
        .tag("service", "xat-backend");
    let (workload, database) = (workload(), postgres());
    stack.component("apis", |stack| {
        apis(stack);
        stack.add(ProjectService::new(name!("cloudbuild.googleapis.com")));
    });
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
            callers: CALLERS,
        };
        App::new(stack, &inputs)
    });
    let dumps = stack.component("dumps", |stack| {
        let inputs = DumpInputs {
            network: &network,
            data: &data,
            images: app.images,
            region: REGION,
            workload: &workload,
            backups: &backups("xat-backend-backups"),
        };
        dumps::dumps(stack, &inputs)
    });
    stack.component("delivery", |stack| {
        let inputs = DeliveryInputs {
            images: app.images,
            network: &network,
            data: &data,
            workload: &workload,
            image: IMAGE,
            repository: REPOSITORY,
            environment: ENVIRONMENT,
        };
        let target = delivery::delivery(stack, &app, &inputs);
        let delivery = Delivery::new(&workload, target);
        stack.deliver(match dumps {
            Some(dumps) => delivery.backups(dumps),
            None => delivery,
        });
    });
    stack.component("monitoring", |stack| {
        monitoring::monitoring(stack, Some(&app), &data, dumps.as_ref(), ON_CALL)
    });
    stack.output("url", app.service.uri());
    stack
}
