//! Autopilot clusters of Google Kubernetes Engine.

use crate::schema::{Update, Verbs};
use std::collections::BTreeMap;

use super::common::labels;
use crate::dsl::{Cidr, Handle, Meta, Name, Ref, Stack};
use crate::gcp::{IamMember, Location, Network, PROVIDER, ServiceAccount};
use crate::schema::{CheckContext, Codec, canons};
use crate::value::{NodeRef, Text, Value};
use crate::{Block, Choice, Resource, cidr, name, text};

/// The page of clusters.
const CLUSTERS: &str =
    "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters";

/// A cluster of Kubernetes whose machines Google runs. They have no addresses on the internet, workloads act as identities
/// of their own, and Terraform does not delete it, unless the stack says otherwise.
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "container.googleapis.com/Cluster@v1",
    id = "//container.googleapis.com/projects/{gcp.project}/locations/{location}/clusters/{name}",
    terraform = "google_container_cluster",
    scope = Root,
    verbs = Verbs {
        create: "POST {collection}",
        says: &[("cluster.name", "{name}")],
        within: "cluster",
        // Everything else is changed by requests of its own, in words of their own.
        updates: &[Update {
            of: &["resourceLabels"],
            request: "POST {self}:setResourceLabels",
            carries: &["labelFingerprint"],
            ..Update::MASK
        }],
        ..Verbs::STANDARD
    },
    holds_data,
    check = limits,
    check = labels,
    constant(rest = "autopilot.enabled", tf = "enable_autopilot", value = true),
    constant(rest = "ipAllocationPolicy.useIpAliases", value = true),
    source = "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters"
)]
#[output(endpoint: Text, rest = "endpoint", tf = "endpoint", doc = "The address of its control plane.")]
#[output(workload_pool: Text, rest = "workloadIdentityConfig.workloadPool", made = "{gcp.project}.svc.id.goog",
    doc = "The pool of its workloads' identities.")]
pub struct AutopilotCluster {
    /// The cluster's name, unique in its project and region.
    #[name(
        len = 1..=40, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters#Cluster"
    )]
    name: Name<Self>,
    /// The region; the stack's, unless said.
    #[prop(tf = "location", parameter = "gcp.region", replace)]
    location: Option<Location>,
    /// The network.
    #[prop(rest = "network", tf = "network", via = "name", replace)]
    network: Ref<Network>,
    /// The subnet of its machines, by name.
    #[prop(rest = "subnetwork", tf = "subnetwork", canon = canons::LAST_SEGMENT, replace)]
    subnetwork: Text,
    /// The second range of the subnet that pods take their addresses from, by name.
    #[prop(
        rest = "ipAllocationPolicy.clusterSecondaryRangeName",
        tf = "ip_allocation_policy.cluster_secondary_range_name",
        replace
    )]
    pod_range: Option<Text>,
    /// The one that services take their addresses from, by name.
    #[prop(
        rest = "ipAllocationPolicy.servicesSecondaryRangeName",
        tf = "ip_allocation_policy.services_secondary_range_name",
        replace
    )]
    service_range: Option<Text>,
    /// Whether its machines have no addresses on the internet.
    #[prop(rest = "privateClusterConfig.enablePrivateNodes", tf = "private_cluster_config.enable_private_nodes",
        default = true, service = false, exposes = false, danger = Downtime)]
    private_nodes: bool,
    /// Whether the control plane answers inside the network only.
    #[prop(rest = "privateClusterConfig.enablePrivateEndpoint", tf = "private_cluster_config.enable_private_endpoint",
        default = true, service = false, exposes = false, danger = Downtime)]
    private_endpoint: bool,
    /// The range of the control plane's addresses, a `/28`; Google picks one unless it is said.
    #[prop(
        rest = "privateClusterConfig.masterIpv4CidrBlock",
        tf = "private_cluster_config.master_ipv4_cidr_block",
        replace
    )]
    control_plane_range: Option<Cidr>,
    /// Whether the control plane also answers under a name of Google's, from everywhere: whoever calls it there needs the permission
    /// to connect (`container.clusters.connect`), and no address of the network.
    #[prop(
        rest = "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic",
        tf = "control_plane_endpoints_config.dns_endpoint_config.allow_external_traffic",
        label = "endpoint by name",
        service = false,
        exposes = true,
        danger = Downtime
    )]
    dns_endpoint: Option<bool>,
    /// From where the control plane may be reached.
    #[prop(rest = "masterAuthorizedNetworksConfig", tf = "master_authorized_networks_config.cidr_blocks",
        codec = AUTHORIZED, key = "range", each = "authorized", danger = Exposure)]
    authorized_networks: Option<Vec<AuthorizedNetwork>>,
    /// How soon new versions of Kubernetes come.
    #[prop(rest = "releaseChannel.channel", tf = "release_channel.channel", default = ReleaseChannel::Regular,
        danger = Downtime)]
    release_channel: ReleaseChannel,
    /// Whom its machines act as. They need no more than to write logs and metrics and to pull images.
    #[prop(
        rest = "autoscaling.autoprovisioningNodePoolDefaults.serviceAccount",
        tf = "cluster_autoscaling.auto_provisioning_defaults.service_account",
        via = "email",
        danger = Downtime
    )]
    node_account: Option<Ref<ServiceAccount>>,
    /// Whether pods may mount secrets of Secret Manager as files, each as the account that it runs as.
    #[prop(rest = "secretManagerConfig.enabled", tf = "secret_manager_config.enabled", label = "Secret Manager add-on",
        service = false, danger = Downtime)]
    secret_manager: Option<bool>,
    /// When it may be worked on each day, in UTC (`03:00`), for four hours.
    #[prop(rest = "maintenancePolicy.window.dailyMaintenanceWindow.startTime",
        tf = "maintenance_policy.daily_maintenance_window.start_time", danger = Cosmetic)]
    maintenance_start: Option<Text>,
    /// Whether images must be agreed to before they run.
    #[prop(rest = "binaryAuthorization.evaluationMode", tf = "binary_authorization.evaluation_mode", danger = Exposure)]
    binary_authorization: Option<BinaryAuthorization>,
    /// The key that its secrets are encrypted with, by name; Google's own unless said.
    #[prop(rest = "databaseEncryption", tf = "database_encryption")]
    secret_encryption: Option<SecretEncryption>,
    /// Whether Terraform refuses to delete it. Google itself has no such switch for clusters.
    #[prop(tf = "deletion_protection", default = true)]
    deletion_protection: bool,
    /// What it is for.
    #[prop(rest = "description", tf = "description", replace, danger = Cosmetic)]
    description: Option<Text>,
    /// Labels for people and for cost reports.
    #[prop(rest = "resourceLabels", tf = "resource_labels", tags, danger = Cosmetic, each = "label")]
    labels: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

impl IamMember {
    /// An account of Kubernetes, by its namespace and name: pods that run as it act as whatever account it is given
    /// [`WORKLOAD_IDENTITY_USER`](crate::gcp::IamRole::WORKLOAD_IDENTITY_USER) over.
    /// <https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#kubernetes-sa-to-iam>
    pub fn of_kubernetes(
        cluster: Handle<AutopilotCluster>,
        namespace: &str,
        account: &str,
    ) -> Self {
        let account = format!("[{namespace}/{account}]");
        Self::named(text!("serviceAccount:{}{}", cluster.workload_pool(), account))
    }
}

/// From where a control plane may be reached.
#[derive(Clone, Block)]
pub struct AuthorizedNetwork {
    /// The range.
    #[prop(rest = "cidrBlock", tf = "cidr_block")]
    range: Cidr,
    /// What people call it.
    #[prop(rest = "displayName", tf = "display_name", danger = Cosmetic)]
    name: Option<Text>,
}

/// REST turns the limit on and says it; for people, saying it is enough.
static AUTHORIZED: Codec = Codec {
    name: "object with enabled and cidrBlocks",
    encode: |value| Value::map([("enabled", Value::Bool(true)), ("cidrBlocks", value.clone())]),
    decode: |value| {
        let Value::Map(limit) = value else { return None };
        // Turned off, it may still say what it once was.
        match (limit.get("enabled"), limit.get("cidrBlocks")) {
            (Some(Value::Bool(true)), Some(ranges)) => Some(ranges.clone()),
            (None | Some(Value::Bool(_)), _) => Some(Value::List(Vec::new())),
            _ => None,
        }
    },
};

/// How the secrets of a cluster are encrypted.
#[derive(Clone, Block)]
pub struct SecretEncryption {
    /// The key, by name.
    #[prop(rest = "keyName", tf = "key_name", canon = super::references::REFERENCE)]
    kms_key: Text,
    /// Whether it is used.
    #[prop(rest = "state", tf = "state", default = EncryptionState::Encrypted)]
    state: EncryptionState,
}

/// Whether the secrets of a cluster are encrypted with a key of one's own.
#[derive(Clone, Copy, Choice)]
pub enum EncryptionState {
    /// They are.
    #[choice("ENCRYPTED")]
    Encrypted,
    /// They are not.
    #[choice("DECRYPTED")]
    Decrypted,
}

/// How soon new versions of Kubernetes come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ReleaseChannel {
    /// As soon as they are there.
    #[choice("RAPID")]
    Rapid,
    /// Some months later.
    #[choice("REGULAR")]
    Regular,
    /// When they have proven themselves.
    #[choice("STABLE")]
    Stable,
    /// As late as can be, with support for two years.
    #[choice("EXTENDED")]
    Extended,
}

/// Whether images must be agreed to.
#[derive(Clone, Copy, Choice)]
pub enum BinaryAuthorization {
    /// No.
    #[choice("DISABLED")]
    Disabled,
    /// As the project's policy says.
    #[choice("PROJECT_SINGLETON_POLICY_ENFORCE")]
    ProjectPolicy,
}

fn limits(check: &mut CheckContext<'_>) {
    let location = check.text("location").unwrap_or_default();
    // A zone is a region with a letter behind it.
    let last = location.rsplit('-').next().unwrap_or_default();
    if last.len() == 1 && last.bytes().all(|b| b.is_ascii_lowercase()) {
        let message = format!("`{location}` is a zone, and these clusters are in whole regions");
        check.report("location", message, format!("name the region: {CLUSTERS}"));
    }
    if check.get("pod_range").is_some() != check.get("service_range").is_some() {
        let at = if check.get("pod_range").is_some() { "pod_range" } else { "service_range" };
        let help = format!("say both `.pod_range(..)` and `.service_range(..)`: {CLUSTERS}");
        check.report(at, "pods and services each have a range, or neither", help);
    }
    if check.is("private_endpoint", true) && check.is("private_nodes", false) {
        let help = format!("also say `.private_endpoint(false)`: {CLUSTERS}");
        check.report(
            "private_nodes",
            "machines on the internet reach no private control plane",
            help,
        );
    }
    if check.text("control_plane_range").is_some_and(|range| !range.ends_with("/28")) {
        let help = format!("say a range of 16 addresses: {CLUSTERS}");
        check.report("control_plane_range", "a control plane has a `/28`", help);
    }
    if check.text("maintenance_start").is_some_and(|start| !time(start)) {
        let help = format!("say hours and minutes in UTC, `03:00`: {CLUSTERS}");
        check.report("maintenance_start", "this is no time of a day", help);
    }
    if check.blocks("authorized_networks").len() > 100 {
        let help = format!("say fewer, wider ones: {CLUSTERS}");
        check.report("authorized_networks", "a cluster has at most 100 of them", help);
    }
}

/// `HH:MM`.
fn time(text: &str) -> bool {
    let part =
        |text: &str, most: u8| text.len() == 2 && text.parse::<u8>().is_ok_and(|n| n <= most);
    text.split_once(':').is_some_and(|(hours, minutes)| part(hours, 23) && part(minutes, 59))
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")));
    let account = stack.add(ServiceAccount::new(name!("shop-nodes")));
    let cluster = AutopilotCluster::new(name!("shop"), network, "shop-nodes")
        .location(Location::EUROPE_WEST1)
        .pod_range("pods")
        .service_range("services")
        .private_nodes(true)
        .private_endpoint(true)
        .control_plane_range(cidr!("10.60.0.0/28"))
        .authorized(AuthorizedNetwork::new(cidr!("10.0.0.0/8")).name("inside"))
        .dns_endpoint(true)
        .release_channel(ReleaseChannel::Stable)
        .node_account(account)
        .secret_manager(true)
        .maintenance_start("03:00")
        .binary_authorization(BinaryAuthorization::ProjectPolicy)
        .secret_encryption(SecretEncryption::new(
            "projects/shop/locations/europe-west1/keyRings/shop/cryptoKeys/secrets",
        ))
        .description("The shop")
        .label("owner", "platform");
    stack.add(cluster).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    fn cluster() -> AutopilotCluster {
        let network = Ref::existing("projects/p/global/networks/n");
        AutopilotCluster::new(name!("shop"), network, "nodes")
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        assert_eq!(refused(cluster()), [""; 0]);
        assert_eq!(refused(cluster().location(Location::EUROPE_WEST1)), [""; 0]);
        assert_eq!(refused(cluster().location(Location::named("europe-west1-b"))), ["location"]);
        assert_eq!(refused(cluster().pod_range("pods")), ["pod_range"]);
        assert_eq!(refused(cluster().private_nodes(false)), ["private_nodes"]);
        let open = cluster().private_nodes(false).private_endpoint(false);
        assert_eq!(refused(open), [""; 0]);
        let wide = cluster().control_plane_range(cidr!("10.0.0.0/24"));
        assert_eq!(refused(wide), ["control_plane_range"]);
        for bad in ["3:00", "24:00", "03:60", "0300"] {
            assert_eq!(refused(cluster().maintenance_start(bad)), ["maintenance_start"], "{bad}");
        }
    }
}
