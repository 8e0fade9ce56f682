//! The XAT backend on App Engine, flexible environment: the same database, secrets, dumps and jobs as on Cloud Run, in a project of its own,
//! and versions in place of a service.
//!
//! Nothing of it is called from the internet: App Engine's service takes calls from the project's networks alone, by whatever name, and its
//! machines have addresses in the network only, with one way out for reports to Rollbar.

use xat_infra::gcp::prelude::*;

use crate::internal::workload::{backend, postgres};
use crate::legacy::app::{images, reader};
use crate::legacy::data::{Data, DataInputs};
use crate::legacy::delivery::{Deliverer, DeliveryInputs, deliverer, tasks};
use crate::legacy::dumps::{DumpInputs, dumps};
use crate::legacy::monitoring::monitoring;
use crate::legacy::network::Network;
use crate::legacy::{
    ENVIRONMENT, IMAGE, KEPT_DAYS, MACHINE, ON_CALL, REGION, REPOSITORY, apis, backups, state,
};

/// The project that everything is in, by its ID and by its number. App Engine's application is a project's for good.
const PROJECT: (&str, &str) = ("xat-appengine", "617204883519");
/// Where App Engine is; its word for the region has no number.
const PLACE: &str = "us-central";
/// The name that App Engine gives a project's application there.
const HOST: &str = "xat-appengine.uc.r.appspot.com";
/// The bucket for dumps.
const DUMPS: &str = "xat-appengine-backups";

/// What the backend needs here: App Engine forwards to port 8080, and ends an instance 30 s after it told it.
fn workload() -> Workload {
    backend(Workers::exactly(4))
        .port(8080)
        .machine(MACHINE)
        .instances(2, 10)
        .shutdown_timeout(30)
        .backups(backups(DUMPS))
}

/// The application: its images, its account, and the version that a new estate starts with.
struct App {
    images: Handle<ArtifactRepository>,
    application: Handle<AppEngineApplication>,
    version: Handle<AppEngineVersion>,
    service: Handle<AppEngineService>,
    account: Handle<ServiceAccount>,
}

fn app(
    stack: &mut Stack,
    (network, way_out): &(Network, Handle<Router>),
    data: &Data,
    workload: &Workload,
) -> App {
    let images = images(stack);
    let account = ServiceAccount::new(name!("xat-backend-appengine"))
        .display_name("XAT backend")
        .description("Runs the versions and reads their three secrets");
    let account = reader(stack, account, data.secrets.values());
    // Its machines act as it too: they pull the image, and write what it says and how it does.
    stack.add(RepositoryIamMember::new(images, IamRole::ARTIFACT_READER, account));
    let logs = stack.add(ProjectIamMember::new(IamRole::LOG_WRITER, account));
    let metrics = stack.add(ProjectIamMember::new(IamRole::METRIC_WRITER, account));

    let application = stack.add(AppEngineApplication::new(PLACE));
    let tag = IMAGE.as_str().to_owned();
    let image = text!("{}/{}:{}", images.docker_path(), workload.repository(), tag);
    let version = AppEngineVersion::new(
        name!("v1"),
        application,
        image,
        workload.app_engine_readiness(),
        workload.app_engine_liveness(),
        account,
    )
    .resources(workload.app_engine_resources(20.0))
    .scaling(workload.app_engine_scaling(0.6))
    .network(AppNetwork::new(network.network).subnetwork(network.run.name()))
    .env_variables(workload.app_engine_variables("production", &[HOST.to_owned()], &data.secrets))
    .depends_on(data.instance)
    .depends_on(*way_out)
    .depends_on(logs)
    .depends_on(metrics);
    let version = stack.add(version);
    let service = stack.add(AppEngineService::of(name!("default"), application, version));
    App { images, application, version, service, account }
}

/// Who delivers: an account that pushes images, brings versions, says which has calls, and runs the two jobs.
fn delivery(stack: &mut Stack, app: &App, inputs: &DeliveryInputs<'_>) -> AppEngineTarget {
    let deliverer = deliverer(stack, inputs);
    let (migrate, verify) = tasks(stack, inputs, &deliverer);
    let Deliverer { provider, account } = deliverer;
    // App Engine has no policy but the project's, which has one application.
    stack.add(ProjectIamMember::new(IamRole::APP_ENGINE_DEPLOYER, account));
    stack.add(ProjectIamMember::new(IamRole::APP_ENGINE_SERVICE_ADMIN, account));
    stack.add(ServiceAccountIamMember::new(app.account, IamRole::SERVICE_ACCOUNT_USER, account));
    AppEngineTarget {
        application: app.application,
        version: app.version,
        service: app.service,
        runs_as: app.account,
        migrate: migrate.job,
        verify: verify.job,
        server: inputs.data.instance,
        database: inputs.data.database,
        registry: app.images,
        provider,
        account,
    }
}

/// The whole deployment.
pub fn stack() -> Stack {
    let mut stack = Stack::new("xat-appengine")
        .environment(ENVIRONMENT)
        .project(PROJECT.0)
        .project_number(PROJECT.1)
        .region(REGION)
        .terraform_backend("gcs", state(PROJECT.0, "xat-appengine"))
        .tag("environment", ENVIRONMENT)
        .tag("owner", "xat")
        .tag("service", "xat-backend");
    let (workload, database) = (workload(), postgres());
    stack.component("apis", |stack| {
        apis(stack);
        stack.add(ProjectService::new(name!("appengine.googleapis.com")));
        stack.add(ProjectService::new(name!("appengineflex.googleapis.com")));
        stack.add(ProjectService::new(name!("cloudbuild.googleapis.com")));
    });
    let inside = stack.component("network", |stack| {
        let network = Network::new(stack);
        let way_out = network.way_out(stack);
        (network, way_out)
    });
    let network = &inside.0;
    let data = stack.component("data", |stack| {
        let connection = network.connection;
        let inputs = DataInputs { connection, database: &database, kept_days: KEPT_DAYS };
        Data::new(stack, &inputs)
    });
    let app = stack.component("app", |stack| app(stack, &inside, &data, &workload));
    let dumps = stack.component("dumps", |stack| {
        let inputs = DumpInputs {
            network,
            data: &data,
            images: app.images,
            region: REGION,
            workload: &workload,
            backups: &backups(DUMPS),
        };
        dumps(stack, &inputs)
    });
    stack.component("delivery", |stack| {
        let inputs = DeliveryInputs {
            images: app.images,
            network,
            data: &data,
            workload: &workload,
            image: IMAGE,
            repository: REPOSITORY,
            environment: ENVIRONMENT,
        };
        let target = delivery(stack, &app, &inputs);
        let delivery = Delivery::new(&workload, target);
        stack.deliver(match dumps {
            Some(dumps) => delivery.backups(dumps),
            None => delivery,
        });
    });
    stack.component("monitoring", |stack| {
        monitoring(stack, None, &data, dumps.as_ref(), ON_CALL);
    });
    stack.output("host", app.application.hostname());
    stack
}
