//! Container apps: containers that answer calls, as many replicas as there is work for.

use super::container_workload::names::*;
use super::container_workload::{container_workload, say_workload, workload_limits};
use crate::azure::common::{blocks, said};
use crate::azure::container_scale::RULES;
use crate::azure::{
    AppIngress, AppScaleRule, ContainerEnvironments, ContainerImage, ContainerProbe, ContainerSize,
    CustomScale, HttpProbe, IngressCertificates, IngressCors, IngressRule, IngressTransport,
    KeyVault, ProbeKind, ProbeScheme, Subnet, TrafficWeight, VirtualNetwork, VolumeKind,
    VolumeMount, WorkloadProfile,
};
use crate::schema::Saying;
use crate::value::{Fields, Secret};
use crate::{Block, Choice, cidr, name, tag};

container_workload! {
    /// A container app.
    ///
    /// It takes no plain HTTP, pulls as an identity, and its secrets are references to a vault's. Nobody calls it
    /// unless it has an ingress.
    ///
    /// ```
    /// use xat_infra::azure::prelude::*;
    /// # fn stack(
    /// #     stack: &mut Stack, group: Handle<ResourceGroup>, environment: Handle<ContainerAppEnvironment>,
    /// #     registry: Handle<ContainerRegistry>, identity: Handle<UserAssignedIdentity>,
    /// # ) {
    /// let image = ContainerImage::tag(registry, "shop-web", tag!("2026.11.3"));
    /// let app = ContainerApp::new(name!("shop-web"), group, environment)
    ///     .container(AppContainer::of("web", image, ContainerSize::cores(0.5)))
    ///     .pull_as(registry, identity)
    ///     .ingress(AppIngress::inside(8000))
    ///     .replicas(1, 10);
    /// stack.add(app);
    /// # }
    /// ```
    #[derive(Resource)]
    #[resource(
        arm = "Microsoft.App/containerApps@2026-01-01",
        terraform = "azurerm_container_app",
        import = say,
        check = workload_limits,
        check = limits,
        fact = Fact::Acts { through: &["registries.server"], identity: "registries.identity" },
        fact = Fact::Acts { through: &["secrets.reference"], identity: "secrets.reader" },
        source = "https://learn.microsoft.com/azure/templates/microsoft.app/containerapps"
    )]
    #[output(fqdn: Text, arm = "properties.configuration.ingress.fqdn", tf = "ingress.0.fqdn",
        doc = "The host name at which it is called, if it is.")]
    #[output(latest_revision: Text, arm = "properties.latestRevisionName", tf = "latest_revision_name",
        doc = "The name of its newest revision.")]
    pub struct ContainerApp {
        /// The app's name, unique in its group.
        #[name(
            len = 2..=32, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
            no_double_hyphen,
            source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftapp"
        )]
        name: Name<Self>,
        /// The group that holds it.
        #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
        group: Ref<ResourceGroup>,
        // Terraform takes it from the environment.
        /// The region; the group's, unless said.
        #[prop(arm = "location", inherited, replace)]
        location: Option<Region>,
        /// Whether one revision runs at a time, or several.
        #[prop(arm = "properties.configuration.activeRevisionsMode", tf = "revision_mode", label = "revisions",
            default = RevisionMode::Single, service = RevisionMode::Single, danger = Downtime)]
        revisions: RevisionMode,
        /// How many revisions that do not run are kept.
        #[prop(arm = "properties.configuration.maxInactiveRevisions", tf = "max_inactive_revisions", service = 100)]
        kept_revisions: Option<u16>,
        /// How it is called; without this, nobody calls it.
        #[prop(arm = "properties.configuration.ingress", tf = "ingress", danger = Downtime)]
        ingress: Option<AppIngress>,
        /// Dapr beside it.
        #[prop(arm = "properties.configuration.dapr", tf = "dapr")]
        dapr: Option<AppDapr>,
        /// What the next revision's name ends in; the service makes it up, unless said.
        #[prop(arm = "properties.template.revisionSuffix", tf = "template.revision_suffix", canon = canons::CASE,
            danger = Downtime)]
        revision_suffix: Option<Text>,
        /// For how many seconds a replica may finish its work before it is stopped: up to 600.
        #[prop(arm = "properties.template.terminationGracePeriodSeconds",
            tf = "template.termination_grace_period_seconds", label = "time to finish", unit = "seconds")]
        grace_period: Option<u16>,
        /// The fewest replicas. With none, the first call waits for one to start.
        #[prop(arm = "properties.template.scale.minReplicas", tf = "template.min_replicas", label = "fewest replicas",
            service = 0, danger = Cost, shrink = Downtime)]
        least_replicas: Option<u16>,
        /// The most replicas: up to 1000.
        #[prop(arm = "properties.template.scale.maxReplicas", tf = "template.max_replicas", label = "most replicas",
            service = 10, danger = Cost, shrink = Downtime)]
        most_replicas: Option<u16>,
        /// By what it is scaled; by ten calls at a time, unless said.
        #[prop(arm = "properties.template.scale.rules", tf = "template", tf_codec = RULES, key = "name",
            each = "scale_rule", danger = Cost)]
        scale_rules: Option<Vec<AppScaleRule>>,
        /// For how many seconds there must be nothing to do before the last replica is stopped.
        #[prop(arm = "properties.template.scale.cooldownPeriod", tf = "template.cooldown_period_in_seconds",
            unit = "seconds", service = 300)]
        cooldown: Option<u32>,
        /// How often it is looked whether there is something to do.
        #[prop(arm = "properties.template.scale.pollingInterval", tf = "template.polling_interval_in_seconds",
            unit = "seconds", service = 30)]
        polling: Option<u32>,
    }
}

impl ContainerApp {
    /// Between so many and so many replicas.
    #[track_caller]
    #[must_use]
    pub fn replicas(self, least: u16, most: u16) -> Self {
        self.least_replicas(least).most_replicas(most)
    }
}

/// Whether one revision runs at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum RevisionMode {
    /// One: a new one takes over once it is ready.
    Single,
    /// Several, which share the calls.
    Multiple,
}

/// Dapr beside a container app.
#[derive(Clone, Block)]
pub struct AppDapr {
    /// The app's name for Dapr.
    #[prop(arm = "appId", tf = "app_id", danger = Downtime)]
    app_id: Text,
    /// Whether it runs.
    #[prop(arm = "enabled", default = true, danger = Downtime)]
    enabled: bool,
    /// The port on which the app listens for Dapr.
    #[prop(arm = "appPort", tf = "app_port", danger = Downtime)]
    app_port: Option<u16>,
    /// The protocol that it speaks there.
    #[prop(arm = "appProtocol", tf = "app_protocol", canon = canons::CASE, service = DaprProtocol::Http,
        danger = Downtime)]
    protocol: Option<DaprProtocol>,
}

/// The protocol between Dapr and an app.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum DaprProtocol {
    /// HTTP.
    #[choice("http")]
    Http,
    /// gRPC.
    #[choice("grpc")]
    Grpc,
}

fn say(app: &mut Saying<'_>) {
    say_workload(app);
}

const SCALING: &str = "https://learn.microsoft.com/azure/container-apps/scale-app";
const INGRESS: &str = "https://learn.microsoft.com/azure/container-apps/ingress-overview";

/// What the service refuses in an app.
fn limits(check: &mut CheckContext<'_>) {
    let number = |property| check.get(property).and_then(Value::as_int);
    let mut found: Vec<(&'static str, String, &str)> = Vec::new();
    let (least, most) =
        (number("least_replicas").unwrap_or(0), number("most_replicas").unwrap_or(10));
    if !(1..=1000).contains(&most) {
        found.push(("most_replicas", format!("{most} replicas are outside 1 to 1000"), SCALING));
    } else if least > most {
        let what = format!("{least} replicas at least are more than the {most} at most");
        found.push(("least_replicas", what, SCALING));
    }
    if let Some(grace) = number("grace_period").filter(|grace| !(0..=600).contains(grace)) {
        let what = format!("{grace} seconds are outside 0 to 600");
        found.push((
            "grace_period",
            what,
            "https://learn.microsoft.com/azure/container-apps/application-lifecycle-management",
        ));
    }
    if let Some(ingress) = check.get("ingress").and_then(Value::as_block) {
        found.extend(ingress_problems(ingress).into_iter().map(|what| ("ingress", what, INGRESS)));
    }
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

fn ingress_problems(ingress: &Fields) -> Vec<String> {
    let mut found = Vec::new();
    let transport = said::<AppIngress>(ingress, "transport").and_then(Value::as_str);
    let port = said::<AppIngress>(ingress, "exposed_port").and_then(Value::as_int);
    if port.is_some_and(|port| port != 0) && transport != Some(IngressTransport::Tcp.word()) {
        found.push(
            "a port of its own is for TCP: say `.transport(IngressTransport::Tcp)`".to_owned(),
        );
    }
    let shares = blocks::<AppIngress>(ingress, "traffic");
    let sum: i64 =
        shares.iter().filter_map(|share| said::<TrafficWeight>(share, "weight")?.as_int()).sum();
    if sum != 100 {
        found.push(format!("the revisions' shares are {sum} per cent together, not 100"));
    }
    let rules = blocks::<AppIngress>(ingress, "rules");
    let actions = rules.iter().filter_map(|rule| said::<IngressRule>(rule, "action")?.as_str());
    let mut actions: Vec<&str> = actions.collect();
    actions.dedup();
    if actions.len() > 1 {
        found.push("its rules allow and deny; all of them do the one or the other".to_owned());
    }
    found
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("shop-net"), group, cidr!("10.20.0.0/16")));
    let subnet = Subnet::delegated_to(
        ContainerEnvironments,
        name!("containers"),
        net,
        cidr!("10.20.4.0/23"),
    );
    let subnet = stack.add(subnet);
    let environment = ContainerAppEnvironment::internal(name!("shop-env"), group, subnet)
        .profile(WorkloadProfile::dedicated("batch", "D4", 0, 3));
    let environment = stack.add(environment);
    let registry = stack.add(ContainerRegistry::premium(name!("shopimages"), group));
    let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
    let database =
        stack.add(VaultSecret::new(name!("database-url"), vault, Secret::supplied("database-url")));
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-web-id"), group));
    let image = |name: &'static str| ContainerImage::tag(registry, name, tag!("2026.11.3"));
    let ready = HttpProbe::new("/health/ready", 8000u16)
        .scheme(ProbeScheme::Http)
        .header(crate::azure::ProbeHeader::new("X-Probe", "ready"));
    let web = AppContainer::of("web", image("shop-web"), ContainerSize::cores(0.5))
        .command(["gunicorn"])
        .arguments(["shop.wsgi"])
        .env("PORT", "8000")
        .secret_env("DATABASE_URL", "database-url")
        .probe(
            ContainerProbe::http(ProbeKind::Liveness, "/health/live", 8000).period(20).timeout(2),
        )
        .probe(ContainerProbe::http_as(ProbeKind::Readiness, ready).successes(2).failures(3))
        .probe(ContainerProbe::tcp(ProbeKind::Startup, 8000).initial_delay(5))
        .mount(VolumeMount::new("cache", "/cache").folder("web"));
    let app = ContainerApp::new(name!("shop-web"), group, environment)
        .container(web)
        .container(AppContainer::of("helper", image("shop-helper"), ContainerSize::cores(0.25)))
        .init_container(AppContainer::of("migrate", image("shop-web"), ContainerSize::cores(0.25)))
        .volume(AppVolume::new("cache").kind(VolumeKind::EmptyDir))
        .workload_profile(CONSUMPTION)
        .secret("database-url", database, identity)
        .pull_as(registry, identity)
        .system_identity()
        .revisions(RevisionMode::Multiple)
        .kept_revisions(10)
        .ingress(
            AppIngress::outside(8000)
                .transport(IngressTransport::Http)
                .client_certificates(IngressCertificates::Accept)
                .sticky(true)
                .traffic([
                    TrafficWeight::latest(80),
                    TrafficWeight::revision("shop-web--v2", 20).label("old"),
                ])
                .rule(IngressRule::allow("office", "203.0.113.0/24"))
                .cors(
                    IngressCors::of(["https://shop.example.com"])
                        .methods(["GET", "POST"])
                        .max_age(600),
                ),
        )
        .dapr(AppDapr::new("shop-web").app_port(8000).protocol(DaprProtocol::Http))
        .revision_suffix("v3")
        .grace_period(60)
        .replicas(1, 10)
        .scale_rule(AppScaleRule::http("calls", 50))
        .scale_rule(AppScaleRule::tcp("connections", 20))
        .scale_rule(AppScaleRule::custom(
            "orders",
            CustomScale::new("azure-queue")
                .setting("queueName", "orders")
                .setting("queueLength", "5")
                .identity(identity)
                .secret_setting(crate::azure::ScaleSecret::new("connection", "database-url")),
        ))
        .cooldown(600)
        .polling(15)
        .tag("owner", "platform");
    stack.add(app).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::prelude::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let mut stack = Stack::new("test");
        let group = stack.add(ResourceGroup::new(name!("g"), Region::WestEurope));
        let vault = stack.add(KeyVault::new(name!("shop-kv"), group));
        let secret = stack.add(VaultSecret::new(name!("s"), vault, Secret::supplied("s")));
        let identity = stack.add(UserAssignedIdentity::new(name!("shop-id"), group));
        let environment = stack.add(ContainerAppEnvironment::public(name!("e"), group));
        let image = |tag| ContainerImage::at("registry.example.com", "shop", Tag::new(tag));
        let of = |size| AppContainer::of("main", image("1"), size);
        let one = || of(ContainerSize::cores(0.5));
        let empty = || ContainerApp::new(name!("app"), group, environment);
        let app = |container| refused(empty().container(container));
        let none = Vec::<&str>::new();

        assert_eq!(refused(empty()), ["containers"]);
        for cores in [0.25, 0.75, 4.0] {
            assert_eq!(app(of(ContainerSize::cores(cores))), none, "{cores}");
        }
        for size in [
            ContainerSize::cores(0.1),
            ContainerSize::cores(4.25),
            ContainerSize::of(0.5, "2Gi"),
            ContainerSize::of(0.3, "0.6Gi"),
        ] {
            assert_eq!(app(of(size)), ["containers"]);
        }
        // What counts is what all containers take together, and dedicated machines give out anything.
        let part = |name: &'static str| {
            AppContainer::of(name, image("1"), ContainerSize::of(0.125, "0.25Gi"))
        };
        assert_eq!(refused(empty().container(part("a")).container(part("b"))), none);
        let large = || of(ContainerSize::of(8.0, "20Gi"));
        assert_eq!(refused(empty().container(large()).workload_profile("batch")), none);

        assert_eq!(
            app(AppContainer::of("main", image("latest"), ContainerSize::cores(1.0))),
            ["containers"]
        );
        assert_eq!(app(one().secret_env("A", "s")), ["containers"]);
        assert_eq!(
            refused(empty().container(one().secret_env("A", "s")).secret("s", secret, identity)),
            none
        );
        assert_eq!(
            refused(empty().container(one()).secret("Not_Good", secret, identity)),
            ["secrets"]
        );

        let probe = |kind| ContainerProbe::tcp(kind, 80);
        assert_eq!(app(one().probe(probe(ProbeKind::Readiness).successes(10))), none);
        for bad in [
            probe(ProbeKind::Liveness).successes(2),
            probe(ProbeKind::Readiness).successes(11),
            probe(ProbeKind::Startup).failures(0),
            probe(ProbeKind::Startup).period(241),
            probe(ProbeKind::Startup).timeout(0),
            probe(ProbeKind::Startup).initial_delay(61),
        ] {
            assert_eq!(app(one().probe(bad)), ["containers"]);
        }

        let whole = || empty().container(one());
        assert_eq!(refused(whole().replicas(0, 1000)), none);
        assert_eq!(refused(whole().replicas(0, 1001)), ["most_replicas"]);
        assert_eq!(refused(whole().replicas(0, 0)), ["most_replicas"]);
        assert_eq!(refused(whole().replicas(3, 2)), ["least_replicas"]);
        assert_eq!(refused(whole().least_replicas(11)), ["least_replicas"]);
        assert_eq!(refused(whole().grace_period(601)), ["grace_period"]);

        let called = |ingress| refused(whole().ingress(ingress));
        assert_eq!(called(AppIngress::inside(80)), none);
        assert_eq!(
            called(AppIngress::inside(80).transport(IngressTransport::Tcp).exposed_port(5000)),
            none
        );
        assert_eq!(called(AppIngress::inside(80).exposed_port(5000)), ["ingress"]);
        assert_eq!(
            called(AppIngress::inside(80).traffic([TrafficWeight::latest(90)])),
            ["ingress"]
        );
        let allow = || IngressRule::allow("a", "10.0.0.0/8");
        let deny = || IngressRule::deny("b", "10.0.0.0/8");
        assert_eq!(called(AppIngress::inside(80).rule(allow())), none);
        assert_eq!(called(AppIngress::inside(80).rule(allow()).rule(deny())), ["ingress"]);
    }
}
