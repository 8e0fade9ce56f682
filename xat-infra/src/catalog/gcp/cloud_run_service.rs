//! Cloud Run services: containers that answer calls, as many instances as there is work for.

use super::cloud_run_workload::names::*;
use super::cloud_run_workload::{run_workload, say_containers, workload_limits};
use super::run_connections::{MOST_INSTANCES, RunConnections};
use super::run_container::millicores;
use crate::gcp::{
    GlobalAddress, Network, RunEgress, RunEmptyDir, RunInterface, RunLaunchStage, RunMount,
    RunPort, RunProbe, RunProtocol, RunSecretFile, RunSecretVolume, SecretManagerSecret,
    ServiceConnection, SqlInstance, Subnetwork,
};
use crate::schema::{Fact, Set};
use crate::schema::{Update, Verbs};
use crate::value::Value;
use crate::{Block, Choice, cidr, tag};

run_workload! {
    /// A Cloud Run service.
    ///
    /// Only what is in the project's networks calls it, and needs a role for that, unless the stack says otherwise.
    ///
    /// ```
    /// use xat_infra::gcp::prelude::*;
    /// # fn stack(
    /// #     stack: &mut Stack, account: Handle<ServiceAccount>, instance: Handle<SqlInstance>,
    /// #     network: Handle<Network>, subnet: Handle<Subnetwork>, url: Handle<SecretManagerSecret>,
    /// # ) {
    /// let image = RunImage::tag("europe-west4-docker.pkg.dev/shop/images/web", tag!("2026.11.3"));
    /// let web = RunContainer::of(image)
    ///     .port(8000)
    ///     .memory("1Gi")
    ///     .secret_env("DATABASE_URL", url)
    ///     .mount(RunMount::cloud_sql());
    /// let service = CloudRunService::new(name!("shop-web"), account)
    ///     .container(web)
    ///     .volume(RunVolume::cloud_sql(instance))
    ///     .vpc_access(RunVpcAccess::direct(network, subnet))
    ///     .instances(1, 10);
    /// stack.add(service);
    /// # }
    /// ```
    #[derive(Resource)]
    #[resource(
        provider = PROVIDER,
        rest = "run.googleapis.com/Service@v2",
        id = "//run.googleapis.com/projects/{gcp.project}/locations/{location}/services/{name}",
        terraform = "google_cloud_run_v2_service",
        label = "Cloud Run service",
        scope = Root,
        verbs = Verbs {
            updates: &[Update { whole: true, ..Update::MERGE }],
            ..Verbs::STANDARD
        },
        constant(tf = "deletion_protection", value = false),
        import = say,
        check = workload_limits,
        fact = USES_SECRETS,
        check = limits,
        fact = Fact::Connects {
            to: "connections.database", each: "connections.each", instances: "most_instances",
            unless_said: MOST_INSTANCES
        },
        check = labels,
        source = "https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services"
    )]
    #[output(uri: Text, rest = "uri", tf = "uri", doc = "The URL at which it is called.")]
    #[output(latest_revision: Text, rest = "latestReadyRevision", tf = "latest_ready_revision",
        doc = "The name of the newest revision that answers calls.")]
    pub struct CloudRunService at {
        containers: "template.containers",
        volumes: "template.volumes",
        account: "template.serviceAccount" "template.service_account",
        environment: "template.executionEnvironment" "template.execution_environment",
        network: "template.vpcAccess" "template.vpc_access",
        key: "template.encryptionKey" "template.encryption_key",
        accelerator: "template.nodeSelector.accelerator" "template.node_selector.accelerator",
        revision_labels: "template.labels",
        revision_annotations: "template.annotations",
    } {
        /// The service's name, unique in its project and region.
        #[name(
            len = 1..=49, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
            source = "https://cloud.google.com/run/docs/deploying#service"
        )]
        name: Name<Self>,
        /// What it is for, for people.
        #[prop(rest = "description", tf = "description", danger = Cosmetic)]
        description: Option<Text>,
        /// From where it can be called.
        #[prop(rest = "ingress", tf = "ingress", default = RunIngress::Internal, service = RunIngress::All,
            exposes = RunIngress::All, danger = Downtime)]
        ingress: RunIngress,
        /// Whether callers need no role: then everybody whom the ingress lets through calls it.
        #[prop(rest = "invokerIamDisabled", tf = "invoker_iam_disabled", label = "open to all callers",
            default = false, service = false, exposes = true, danger = Downtime)]
        open_to_all: bool,
        /// Names beside its URL that callers may ask tokens for.
        #[prop(rest = "customAudiences", tf = "custom_audiences", each = "custom_audience", danger = Downtime)]
        custom_audiences: Option<Set<Text>>,
        /// The fewest instances. With none, the first call waits for one to start.
        #[prop(rest = "template.scaling.minInstanceCount", tf = "template.scaling.min_instance_count",
            label = "fewest instances", service = 0, danger = Cost, shrink = Downtime)]
        least_instances: Option<u16>,
        /// The most instances.
        #[prop(rest = "template.scaling.maxInstanceCount", tf = "template.scaling.max_instance_count",
            label = "most instances", danger = Cost, shrink = Downtime)]
        most_instances: Option<u16>,
        /// The fewest instances of all revisions that get calls together.
        #[prop(rest = "scaling.minInstanceCount", tf = "scaling.min_instance_count",
            label = "fewest instances of all revisions", service = 0, danger = Cost, shrink = Downtime)]
        least_of_all: Option<u16>,
        /// Whether the number of instances follows the calls.
        #[prop(rest = "scaling.scalingMode", tf = "scaling.scaling_mode", service = RunScaling::Automatic,
            danger = Downtime)]
        scaling: Option<RunScaling>,
        /// How many instances there are where the number does not follow the calls.
        #[prop(rest = "scaling.manualInstanceCount", tf = "scaling.manual_instance_count", label = "instances",
            danger = Cost, shrink = Downtime)]
        manual_instances: Option<u16>,
        /// The databases that it is connected to, and how many connections each instance opens at most: together not
        /// more than the database takes.
        #[prop(key = "database", no_setter, danger = Cosmetic)]
        connections: Option<Set<RunConnections>>,
        /// How many calls an instance answers at a time: 1 to 1000; 80, and 1 with less than one core, unless said.
        #[prop(rest = "template.maxInstanceRequestConcurrency", tf = "template.max_instance_request_concurrency",
            danger = Downtime)]
        concurrency: Option<u16>,
        /// How long an answer may take, in seconds: up to 3600.
        #[prop(rest = "template.timeout", tf = "template.timeout", codec = SECONDS, tf_codec = SECONDS,
            unit = "seconds", service = 300, danger = Downtime)]
        timeout: Option<u32>,
        /// Whether a client's calls go to the same instance, as far as possible.
        #[prop(rest = "template.sessionAffinity", tf = "template.session_affinity", service = false)]
        session_affinity: Option<bool>,
        /// What the next revision is called; the service makes it up, unless said.
        #[prop(rest = "template.revision", tf = "template.revision", danger = Downtime)]
        revision: Option<Text>,
        /// Which revisions get which part of the calls; the newest gets all, unless said.
        #[prop(rest = "traffic", tf = "traffic", service = vec![RunTraffic::latest(100)], danger = Downtime)]
        traffic: Option<Vec<RunTraffic>>,
    }
}

impl CloudRunService {
    /// A container. Beside the one that listens for calls there may be others, which then all have names.
    #[track_caller]
    #[must_use]
    pub fn container(mut self, container: RunContainer) -> Self {
        self.meta.set_here(Self::CONTAINERS.index());
        self.containers.push(container.idle_between_calls());
        self
    }

    /// Each instance opens so many connections to a database at most: its workers times the connections that each of them
    /// keeps. A rule holds that all instances together open no more than the database takes.
    #[track_caller]
    #[must_use]
    pub fn connects(mut self, database: impl Into<Ref<SqlInstance>>, each: u16) -> Self {
        self.meta.set_here(Self::CONNECTIONS.index());
        self.connections.get_or_insert_default().0.push(RunConnections::new(database, each));
        self
    }

    /// Between so many and so many instances.
    #[track_caller]
    #[must_use]
    pub fn instances(self, least: u16, most: u16) -> Self {
        self.least_instances(least).most_instances(most)
    }
}

/// From where a service can be called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunIngress {
    /// From everywhere.
    #[choice("INGRESS_TRAFFIC_ALL")]
    All,
    /// From the project's networks, and from Google's services that act for the project.
    #[choice("INGRESS_TRAFFIC_INTERNAL_ONLY")]
    Internal,
    /// From there, and through a load balancer.
    #[choice("INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")]
    LoadBalancer,
}

/// Whether the number of instances follows the calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunScaling {
    /// It does.
    #[choice("AUTOMATIC")]
    Automatic,
    /// It is as it was said.
    #[choice("MANUAL")]
    Manual,
}

/// A part of the calls, and the revision that gets it.
#[derive(Clone, Block)]
#[block(private_new, import = say_traffic)]
pub struct RunTraffic {
    /// Whether it is always the newest revision.
    #[prop(rest = "type", tf = "type", label = "type")]
    kind: RunTrafficKind,
    /// How much it gets, in per cent.
    #[prop(rest = "percent", tf = "percent", unit = "per cent", service = 0)]
    percent: u8,
    /// The revision's name.
    #[prop(rest = "revision", tf = "revision", no_setter)]
    revision: Option<Text>,
    /// A word in front of the service's host name by which it is called whatever it gets.
    #[prop(rest = "tag", tf = "tag")]
    tag: Option<Text>,
}

impl RunTraffic {
    /// So many per cent for the newest revision.
    #[must_use]
    pub fn latest(percent: u8) -> Self {
        Self::new(RunTrafficKind::Latest, percent)
    }

    /// So many per cent for the revision of this name.
    #[must_use]
    pub fn revision(name: impl Into<Text>, percent: u8) -> Self {
        Self { revision: Some(name.into()), ..Self::new(RunTrafficKind::Revision, percent) }
    }
}

/// Which revision gets a part of the calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RunTrafficKind {
    /// The newest.
    #[choice("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST")]
    Latest,
    /// One by name.
    #[choice("TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION")]
    Revision,
}

fn say(service: &mut Saying<'_>) {
    say_containers(service, true);
}

fn say_traffic(traffic: &mut Saying<'_>) {
    if traffic.get("revision").is_some() {
        traffic.construct("RunTraffic::revision", &["revision", "percent"]);
    } else {
        traffic.construct("RunTraffic::latest", &["percent"]);
    }
    traffic.settle(&["kind"]);
}

const SCALING: &str = "https://cloud.google.com/run/docs/configuring/max-instances";
const CONCURRENCY: &str = "https://cloud.google.com/run/docs/configuring/concurrency";
const CPUS: &str = "https://cloud.google.com/run/docs/configuring/services/cpu";
const PORTS: &str = "https://cloud.google.com/run/docs/configuring/services/containers";
const TRAFFIC: &str = "https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration";

/// What the service refuses in a service.
fn limits(check: &mut CheckContext<'_>) {
    check.range(
        "timeout",
        1..=3600,
        "https://cloud.google.com/run/docs/configuring/request-timeout",
    );
    check.range("concurrency", 1..=1000, CONCURRENCY);
    let number = |property| check.get(property).and_then(Value::as_int);
    let mut found: Vec<(&'static str, String, &str)> = Vec::new();
    if let (Some(least), Some(most)) = (number("least_instances"), number("most_instances"))
        && least > most
    {
        let what = format!("{least} instances at least are more than the {most} at most");
        found.push(("least_instances", what, SCALING));
    }
    if number("most_instances") == Some(0) {
        found.push(("most_instances", "a service has one instance or more".to_owned(), SCALING));
    }
    let manual = check.text("scaling") == Some(RunScaling::Manual.word());
    if manual != number("manual_instances").is_some() {
        let what = "a number of instances goes with `.scaling(RunScaling::Manual)`".to_owned();
        let source = "https://cloud.google.com/run/docs/configuring/services/manual-scaling";
        found.push(("manual_instances", what, source));
    }
    let containers = check.blocks("containers");
    let listening = containers.iter().filter(|one| one.get("listens").is_some()).count();
    if listening > 1 || (containers.len() > 1 && listening == 0) {
        let what = format!("of {} containers one listens for calls", containers.len());
        found.push(("containers", what, PORTS));
    }
    let idle: Vec<bool> = containers
        .iter()
        .map(|one| matches!(one.get("cpu_idle"), Some(Value::Bool(true))))
        .collect();
    if idle.iter().any(|one| *one) && idle.iter().any(|one| !one) {
        let what = "its containers have cores always, or only while there are calls: all alike";
        found.push(("containers", what.to_owned(), CPUS));
    }
    if let [only] = containers.as_slice()
        && only.text("cpu").and_then(millicores).is_some_and(|millis| millis < 1000)
    {
        if number("concurrency").is_some_and(|calls| calls > 1) {
            let what = "with less than one core it answers one call at a time".to_owned();
            found.push(("concurrency", what, CPUS));
        }
        if !idle[0] {
            let what = "with less than one core it gets cores only while there are calls";
            found.push(("containers", what.to_owned(), CPUS));
        }
        if check.text("environment") == Some(super::RunEnvironment::Second.word()) {
            let what = "with less than one core it runs in the first environment".to_owned();
            found.push(("environment", what, CPUS));
        }
    }
    let traffic = check.blocks("traffic");
    let sum: i64 = traffic.iter().filter_map(|part| part.int("percent")).sum();
    if !traffic.is_empty() && sum != 100 {
        found.push(("traffic", format!("the parts are {sum} per cent together, not 100"), TRAFFIC));
    }
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let account = stack.add(ServiceAccount::new(name!("shop-run")));
    let network = stack.add(Network::new(name!("shop")));
    let subnet = Subnetwork::new(name!("shop-run"), network, cidr!("10.20.0.0/24"));
    let subnet = stack.add(subnet);
    let range = stack.add(GlobalAddress::for_peering(name!("shop-services"), network, 20));
    let connection = stack.add(ServiceConnection::new(network, [Ref::from(range)]));
    let tier = crate::gcp::SqlTier::custom(2, 7680);
    let version = crate::gcp::PostgresVersion::V17;
    let instance = stack.add(SqlInstance::private(name!("shop"), version, tier, connection));
    let secret = |name| {
        SecretManagerSecret::new(name).automatic(crate::gcp::AutomaticReplication::default())
    };
    let url = stack.add(secret(name!("database-url")));
    let key = stack.add(secret(name!("session-key")));
    let repository = "europe-west1-docker.pkg.dev/example-project/images";
    let web = RunContainer::of(RunImage::tag(format!("{repository}/web"), tag!("2026.11.3")))
        .name("web")
        .command(["gunicorn"])
        .arguments(["shop.wsgi"])
        .working_dir("/srv")
        .listens(RunPort::new(8000).protocol(RunProtocol::Http2))
        .cpu("2")
        .memory("2Gi")
        .startup_boost(true)
        .env("ENVIRONMENT", "production")
        .secret_env("DATABASE_URL", url)
        .secret_version_env("SESSION_KEY", key, "3")
        .startup_probe(RunProbe::http("/health/ready", 8000).period(20).timeout(5).failures(5))
        .liveness_probe(RunProbe::http("/health/live", 8000).initial_delay(10))
        .mount(RunMount::cloud_sql())
        .mount(RunMount::new("scratch", "/scratch"))
        .mount(RunMount::new("keys", "/keys"));
    let helper = RunImage::digest(
        format!("{repository}/helper"),
        crate::gcp::Digest::sha256("0".repeat(64)),
    );
    let helper = RunContainer::of(helper).name("helper").cpu("1").starts_after(["web"]);
    let access = RunVpcAccess::of([RunInterface::new()
        .network(network)
        .subnetwork(subnet)
        .tags(["shop-run"])]);
    let service = CloudRunService::new(name!("shop-web"), account)
        .location(Location::EUROPE_WEST1)
        .description("The shop")
        .ingress(RunIngress::LoadBalancer)
        .custom_audience("https://shop.example.com")
        .container(web)
        .container(helper)
        .volume(RunVolume::cloud_sql(instance))
        .volume(RunVolume::new("scratch").empty_dir(RunEmptyDir::new().limit("256Mi")))
        .volume(RunVolume::new("keys").secret(
            RunSecretVolume::new(key).file(RunSecretFile::new("session").version("3")).mode(256),
        ))
        .vpc_access(access.egress(RunEgress::All))
        .environment(crate::gcp::RunEnvironment::Second)
        .kms_key("projects/shop-keys/locations/europe-west1/keyRings/run/cryptoKeys/shop")
        .binary_authorization(RunBinaryAuthorization::new().project_policy(true))
        .launch_stage(RunLaunchStage::Ga)
        .instances(1, 10)
        .least_of_all(1)
        .scaling(RunScaling::Automatic)
        .concurrency(40)
        .timeout(60)
        .session_affinity(true)
        .revision("shop-web-v3")
        .traffic([RunTraffic::latest(80), RunTraffic::revision("shop-web-v2", 20).tag("old")])
        .annotation("runbook", "shop-web")
        .revision_label("part", "web")
        .revision_annotation("build", "4711")
        .label("owner", "platform");
    stack.add(service).node()
}
