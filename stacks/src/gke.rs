//! The XAT backend on GKE Autopilot: the same database, secrets and dumps as on Cloud Run, in a project of its own, and a cluster whose pods
//! come from manifests that delivery writes.
//!
//! Nothing of it is called from the internet: machines have addresses in the network only, and the load balancer in front of the pods is in the
//! network. One thing answers beside it, for those with the permission alone: the cluster's control plane, by its name, since releases come from
//! GitHub's own runners. There is one way out, for reports to Rollbar.

use xat_infra::gcp::prelude::*;

use crate::internal::workload::{backend, postgres};
use crate::legacy::app::{images, reader};
use crate::legacy::data::{Data, DataInputs};
use crate::legacy::delivery::{Deliverer, DeliveryInputs, deliverer, migrator};
use crate::legacy::dumps::{DumpInputs, dumps};
use crate::legacy::monitoring::monitoring;
use crate::legacy::network::Network;
use crate::legacy::{
    ENVIRONMENT, IMAGE, KEPT_DAYS, MACHINE, ON_CALL, REGION, REPOSITORY, apis, backups, state,
};

/// The project that everything is in, by its ID and by its number.
const PROJECT: (&str, &str) = ("xat-gke", "730518264907");
/// The name by which the network calls the backend.
const HOST: &str = "backend.xat.example.com";
/// The region's certificate for that name. Who keeps its key puts it there.
const CERTIFICATE: &str = "xat-backend";
/// The ranges that pods and services of the cluster take their addresses from, by name.
const RANGES: (&str, &str) = ("pods", "services");
/// The bucket for dumps.
const DUMPS: &str = "xat-gke-backups";

/// What the backend needs here: a pod is left a minute to finish what it began.
fn workload() -> Workload {
    backend(Workers::exactly(4))
        .machine(MACHINE)
        .instances(2, 10)
        .shutdown_timeout(60)
        .backups(backups(DUMPS))
}

/// The network: with ranges for pods and services, and a subnet for the proxies of load balancers in it. And the way out of it.
fn network(stack: &mut Stack) -> (Network, Handle<Router>) {
    let network = Network::with(stack, |network| {
        Subnetwork::new(name!("xat-gke"), network, cidr!("10.30.0.0/24"))
            .secondary_range(SecondaryRange::new(RANGES.0, cidr!("10.32.0.0/16")))
            .secondary_range(SecondaryRange::new(RANGES.1, cidr!("10.33.0.0/20")))
    });
    let proxies = Subnetwork::new(name!("xat-proxies"), network.network, cidr!("10.34.0.0/23"))
        .purpose(SubnetPurpose::RegionalProxy)
        .role(SubnetRole::Active);
    stack.add(proxies);
    let way_out = network.way_out(stack);
    (network, way_out)
}

/// The cluster, and as whom its pods act.
struct App {
    images: Handle<ArtifactRepository>,
    cluster: Handle<AutopilotCluster>,
    runs_as: Handle<ServiceAccount>,
    migrates_as: Handle<ServiceAccount>,
}

fn app(
    stack: &mut Stack,
    (network, way_out): &(Network, Handle<Router>),
    data: &Data,
    workload: &Workload,
) -> App {
    let images = images(stack);
    let nodes = ServiceAccount::new(name!("xat-gke-nodes"))
        .display_name("XAT: machines of the cluster")
        .description("Pulls images, and writes logs and metrics");
    let nodes = stack.add(nodes);
    stack.add(RepositoryIamMember::new(images, IamRole::ARTIFACT_READER, nodes));
    let writes = stack.add(ProjectIamMember::new(IamRole::GKE_NODE, nodes));

    let cluster = AutopilotCluster::new(name!("xat"), network.network, network.run.name())
        .description("Runs the XAT backend")
        .pod_range(RANGES.0)
        .service_range(RANGES.1)
        .private_nodes(true)
        .private_endpoint(true)
        // Whoever delivers is nowhere in the network, and has the permission to connect.
        .dns_endpoint(true)
        .secret_manager(true)
        .node_account(nodes)
        .release_channel(ReleaseChannel::Regular)
        .maintenance_start("02:00")
        .binary_authorization(BinaryAuthorization::ProjectPolicy)
        .depends_on(writes)
        .depends_on(*way_out)
        .protect();
    let cluster = stack.add(cluster);

    let runs_as = ServiceAccount::new(name!("xat-backend-gke"))
        .display_name("XAT backend")
        .description("Runs the pods and reads their three secrets");
    let runs_as = reader(stack, runs_as, data.secrets.values());
    let migrates_as = migrator(stack, data);
    for (account, key, pods) in [
        (runs_as, "pods.xat-backend-gke", workload.kubernetes_member(cluster)),
        (migrates_as, "pods.xat-backend-migrate", workload.kubernetes_migrator(cluster)),
    ] {
        let acts_as = IamRole::WORKLOAD_IDENTITY_USER;
        stack.add(ServiceAccountIamMember::new(account, acts_as, pods).key(key));
    }
    App { images, cluster, runs_as, migrates_as }
}

/// Who delivers: an account that pushes images, and changes what runs in the cluster.
fn delivery(stack: &mut Stack, app: &App, inputs: &DeliveryInputs<'_>) -> GkeTarget {
    let Deliverer { provider, account } = deliverer(stack, inputs);
    // A cluster has no policy but the project's, which has one cluster.
    stack.add(ProjectIamMember::new(IamRole::GKE_DEVELOPER, account));
    let (project, secrets) = (stack.project_id(), &inputs.data.secrets);
    GkeTarget {
        cluster: app.cluster,
        runs_as: app.runs_as,
        migrates_as: app.migrates_as,
        variables: GkeTarget::variables(inputs.workload, "production", HOST, project, secrets),
        hostname: HOST,
        certificate: CERTIFICATE,
        server: inputs.data.instance,
        database: inputs.data.database,
        registry: app.images,
        provider,
        account,
    }
}

/// The whole deployment.
pub fn stack() -> Stack {
    let mut stack = Stack::new("xat-gke")
        .environment(ENVIRONMENT)
        .project(PROJECT.0)
        .project_number(PROJECT.1)
        .region(REGION)
        .terraform_backend("gcs", state(PROJECT.0, "xat-gke"))
        .tag("environment", ENVIRONMENT)
        .tag("owner", "xat")
        .tag("service", "xat-backend");
    let (workload, database) = (workload(), postgres());
    stack.component("apis", |stack| {
        apis(stack);
        stack.add(ProjectService::new(name!("container.googleapis.com")));
    });
    let inside = stack.component("network", network);
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
    stack.output("endpoint", app.cluster.endpoint());
    stack
}
