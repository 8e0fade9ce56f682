//! Container Apps environments: where container apps and jobs run, with one network and one log.

use std::collections::BTreeMap;

use crate::azure::common::{NO_SPACES, identity_setters, said, say_identities};
use crate::azure::{
    ContainerEnvironments, IdentityType, LogAnalyticsWorkspace, PrincipalId, Region, ResourceGroup,
    Subnet, UserAssignedIdentity, VirtualNetwork,
};
use crate::dsl::{Handle, Meta, Name, Ref, Stack};
use crate::schema::codecs::{ENABLED_DISABLED, ID_KEYS};
use crate::schema::{CheckContext, Saying, Set, canons};
use crate::value::{Fields, NodeRef, Secret, Text, Value};
use crate::{Block, Choice, Resource, cidr, name};

/// A Container Apps environment.
///
/// Its applications see each other, over encrypted connections that both ends prove. Who else sees them is said by the
/// constructor: those in a network only (`internal`), or the internet (`public`, `in_subnet`).
#[derive(Resource)]
#[resource(
    arm = "Microsoft.App/managedEnvironments@2026-01-01",
    terraform = "azurerm_container_app_environment",
    private_new,
    import = say,
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.app/managedenvironments"
)]
#[output(default_domain: Text, arm = "properties.defaultDomain", tf = "default_domain",
    doc = "The domain under which its applications have their host names.")]
#[output(static_address: Text, arm = "properties.staticIp", tf = "static_ip_address",
    doc = "The address at which its applications are reached.")]
#[output(domain_verification: Text, arm = "properties.customDomainConfiguration.customDomainVerificationId",
    tf = "custom_domain_verification_id", doc = "The text by which the owner of a domain proves it.")]
#[output(principal_id: PrincipalId, arm = "identity.principalId", tf = "identity.0.principal_id",
    doc = "The object ID of its own identity, if it has one.")]
pub struct ContainerAppEnvironment {
    /// The environment's name, unique in its group.
    #[name(
        len = 1..=60, chars = alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftapp"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The subnet that its machines stand in, handed to Container Apps: `/27` or larger.
    #[prop(
        arm = "properties.vnetConfiguration.infrastructureSubnetId",
        tf = "infrastructure_subnet_id",
        replace,
        no_setter
    )]
    subnet: Option<Ref<Subnet<ContainerEnvironments>>>,
    /// Whether its address is one of the network rather than of the internet.
    #[prop(
        arm = "properties.vnetConfiguration.internal",
        tf = "internal_load_balancer_enabled",
        service = false,
        replace,
        no_setter
    )]
    internal: Option<bool>,
    /// Whether it answers on the internet at all.
    #[prop(arm = "properties.publicNetworkAccess", tf = "public_network_access", codec = ENABLED_DISABLED,
        tf_codec = ENABLED_DISABLED, exposes = true, danger = Downtime)]
    public_network_access: Option<bool>,
    /// Whether its machines are spread over availability zones; it takes a subnet.
    #[prop(arm = "properties.zoneRedundant", tf = "zone_redundancy_enabled", service = false, replace, danger = Cost)]
    zone_redundant: Option<bool>,
    /// What its applications can run on.
    #[prop(arm = "properties.workloadProfiles", tf = "workload_profile", key = "name", each = "profile",
        default = [WorkloadProfile::consumption()].into(), danger = Downtime)]
    profiles: Set<WorkloadProfile>,
    /// The group in which the service keeps what it makes for the environment; it makes up a name, unless said.
    #[prop(arm = "properties.infrastructureResourceGroup", tf = "infrastructure_resource_group_name",
        canon = canons::CASE, replace)]
    infrastructure_group: Option<Text>,
    /// Whether its applications prove themselves to each other, over encrypted connections.
    #[prop(
        arm = "properties.peerAuthentication.mtls.enabled",
        tf = "mutual_tls_enabled",
        label = "mutual TLS",
        default = true,
        service = false,
        exposes = false
    )]
    mutual_tls: bool,
    /// Where logs go.
    #[prop(
        arm = "properties.appLogsConfiguration.destination",
        tf = "logs_destination",
        no_setter
    )]
    logs_destination: Option<LogsDestination>,
    /// The Log Analytics workspace that they go to, which Terraform asks for.
    #[prop(tf = "log_analytics_workspace_id", no_setter)]
    log_workspace: Option<Ref<LogAnalyticsWorkspace>>,
    /// That workspace's own ID, which the service asks for.
    #[prop(
        arm = "properties.appLogsConfiguration.logAnalyticsConfiguration.customerId",
        no_setter
    )]
    log_customer: Option<Text>,
    /// The key by which logs are written there.
    #[prop(
        arm = "properties.appLogsConfiguration.logAnalyticsConfiguration.sharedKey",
        write_only,
        no_setter
    )]
    log_key: Option<Secret>,
    /// Where Dapr sends its traces: the connection string of an Application Insights resource.
    #[prop(
        arm = "properties.daprAIConnectionString",
        tf = "dapr_application_insights_connection_string",
        write_only,
        replace
    )]
    dapr_insights: Option<Secret>,
    /// Which identities the environment has.
    #[prop(arm = "identity.type", tf = "identity.type", canon = NO_SPACES, service = IdentityType::None, no_setter)]
    identity_type: Option<IdentityType>,
    /// The identities that it has beside its own.
    #[prop(arm = "identity.userAssignedIdentities", tf = "identity.identity_ids", codec = ID_KEYS, no_setter)]
    identities: Option<Set<Ref<UserAssignedIdentity>>>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    meta: Meta,
}

identity_setters!(impl ContainerAppEnvironment);

impl ContainerAppEnvironment {
    /// An environment that only its network reaches.
    #[track_caller]
    #[must_use]
    pub fn internal(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        subnet: Handle<Subnet<ContainerEnvironments>>,
    ) -> Self {
        Self {
            internal: Some(true),
            public_network_access: Some(false),
            ..Self::in_subnet(name, group, subnet)
        }
    }

    /// An environment that the internet reaches, and that reaches a network.
    #[track_caller]
    #[must_use]
    pub fn in_subnet(
        name: Name<Self>,
        group: impl Into<Ref<ResourceGroup>>,
        subnet: Handle<Subnet<ContainerEnvironments>>,
    ) -> Self {
        Self { subnet: Some(subnet.into()), internal: Some(false), ..Self::public(name, group) }
    }

    /// An environment that the internet reaches, in a network of the service's own.
    #[track_caller]
    #[must_use]
    pub fn public(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        Self { public_network_access: Some(true), ..Self::declare_new(name, group) }
    }

    /// Sends logs to Azure Monitor, whose diagnostic settings say where they are kept.
    #[track_caller]
    #[must_use]
    pub fn logs_to_monitor(mut self) -> Self {
        self.meta.set_here(Self::LOGS_DESTINATION.index());
        self.logs_destination = Some(LogsDestination::AzureMonitor);
        self
    }

    /// Sends logs to a Log Analytics workspace, by its key.
    #[track_caller]
    #[must_use]
    pub fn logs_to(mut self, workspace: Handle<LogAnalyticsWorkspace>, key: Secret) -> Self {
        for property in
            [Self::LOGS_DESTINATION, Self::LOG_WORKSPACE, Self::LOG_CUSTOMER, Self::LOG_KEY]
        {
            self.meta.set_here(property.index());
        }
        self.logs_destination = Some(LogsDestination::LogAnalytics);
        self.log_workspace = Some(workspace.into());
        self.log_customer = Some(workspace.workspace_id().into());
        self.log_key = Some(key);
        self
    }
}

/// Where logs go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum LogsDestination {
    /// To a Log Analytics workspace.
    #[choice("log-analytics")]
    LogAnalytics,
    /// To Azure Monitor, whose diagnostic settings send them on.
    #[choice("azure-monitor")]
    AzureMonitor,
}

/// What applications can run on: the machines that all share, or some of the environment's own.
#[derive(Clone, Block)]
#[block(private_new, import = say_profile)]
pub struct WorkloadProfile {
    /// The profile's name, by which applications choose it.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// The size of its machines (`D4`), or `Consumption`.
    #[prop(arm = "workloadProfileType", tf = "workload_profile_type", canon = canons::CASE, danger = Downtime)]
    size: Text,
    /// The fewest machines.
    #[prop(arm = "minimumCount", tf = "minimum_count", danger = Cost, no_setter)]
    least: Option<u16>,
    /// The most machines.
    #[prop(arm = "maximumCount", tf = "maximum_count", danger = Cost, no_setter)]
    most: Option<u16>,
}

/// The profile that every environment has.
pub(super) const CONSUMPTION: &str = "Consumption";

impl WorkloadProfile {
    /// Machines that all environments share, paid by use.
    #[must_use]
    pub fn consumption() -> Self {
        Self::new(CONSUMPTION, CONSUMPTION)
    }

    /// Machines of the environment's own, of one size (`D4`, `E8`): between so many and so many.
    #[must_use]
    pub fn dedicated(name: impl Into<Text>, size: impl Into<Text>, least: u16, most: u16) -> Self {
        Self { least: Some(least), most: Some(most), ..Self::new(name, size) }
    }
}

fn say_profile(profile: &mut Saying<'_>) {
    if profile.reads("size", CONSUMPTION) && profile.reads("name", CONSUMPTION) {
        let says = ["name", "size", "least", "most"];
        profile.construct_as("WorkloadProfile::consumption()".to_owned(), &says);
    } else {
        profile.construct("WorkloadProfile::dedicated", &["name", "size", "least", "most"]);
    }
}

/// How an import says an environment: by who reaches it.
fn say(environment: &mut Saying<'_>) {
    let variable = environment.variable("subnet", "id");
    let subnet = variable.filter(|subnet| subnet.argument == "ContainerEnvironments");
    let internal = environment.is("internal", true);
    let (Some(name), Some(group)) =
        (environment.expression("name"), environment.expression("group"))
    else {
        return;
    };
    match (subnet, environment.get("subnet")) {
        (Some(subnet), _) => {
            let constructor = if internal { "internal" } else { "in_subnet" };
            let head =
                format!("ContainerAppEnvironment::{constructor}({name}, {group}, {})", subnet.name);
            environment.construct_as(head, &["name", "group", "subnet", "internal"]);
            environment.implies("public_network_access", !internal);
        }
        (None, None) if !internal => {
            let head = format!("ContainerAppEnvironment::public({name}, {group})");
            environment.construct_as(head, &["name", "group", "internal"]);
            environment.implies("public_network_access", true);
        }
        _ => {}
    }
    say_identities(environment, true);
    if environment.reads("logs_destination", LogsDestination::AzureMonitor.word()) {
        environment.call(".logs_to_monitor()".to_owned(), &["logs_destination"]);
    }
}

const NETWORK: &str = "https://learn.microsoft.com/azure/container-apps/custom-virtual-networks";
const PROFILES: &str =
    "https://learn.microsoft.com/azure/container-apps/workload-profiles-overview";

/// What the service refuses in an environment.
fn limits(check: &mut CheckContext<'_>) {
    let is = |property| matches!(check.get(property), Some(Value::Bool(true)));
    let mut found: Vec<(&'static str, String, &str)> = Vec::new();
    if is("zone_redundant") && check.get("subnet").is_none() {
        let what = "zones take a subnet: use `internal` or `in_subnet`";
        found.push(("zone_redundant", what.to_owned(), NETWORK));
    }
    if is("internal") && is("public_network_access") {
        let what = "an internal environment has no address on the internet";
        found.push(("public_network_access", what.to_owned(), NETWORK));
    }
    if let Some(Value::List(profiles)) = check.get("profiles") {
        let profiles = profiles.iter().filter_map(Value::as_block);
        found.extend(profiles.filter_map(profile_problem).map(|what| ("profiles", what, PROFILES)));
    }
    for (property, problem, source) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

fn profile_problem(profile: &Fields) -> Option<String> {
    let number = |property| said::<WorkloadProfile>(profile, property).and_then(Value::as_int);
    let name = said::<WorkloadProfile>(profile, "name")?.as_str()?;
    let (least, most) = (number("least")?, number("most")?);
    (least > most || most == 0)
        .then(|| format!("profile `{name}`: {least} to {most} machines are none"))
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
    let identity = stack.add(UserAssignedIdentity::new(name!("shop-env-id"), group));
    let environment = ContainerAppEnvironment::internal(name!("shop-env"), group, subnet)
        .zone_redundant(true)
        .profile(WorkloadProfile::dedicated("batch", "D4", 0, 3))
        .infrastructure_group("shop-env-machines")
        .logs_to_monitor()
        .identity(identity)
        .tag("owner", "platform");
    stack.add(environment).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::prelude::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let mut stack = Stack::new("test");
        let group = stack.add(ResourceGroup::new(name!("g"), Region::WestEurope));
        let net = stack.add(VirtualNetwork::new(name!("net"), group, cidr!("10.0.0.0/16")));
        let subnet = stack.add(Subnet::delegated_to(
            ContainerEnvironments,
            name!("s"),
            net,
            cidr!("10.0.0.0/23"),
        ));
        let none = Vec::<&str>::new();
        let public = || ContainerAppEnvironment::public(name!("e"), group);
        let internal = || ContainerAppEnvironment::internal(name!("e"), group, subnet);
        let inside = ContainerAppEnvironment::in_subnet(name!("e"), group, subnet);
        assert_eq!(refused(inside.zone_redundant(true)), none);
        assert_eq!(refused(public().zone_redundant(true)), ["zone_redundant"]);
        assert_eq!(refused(internal()), none);
        assert_eq!(refused(internal().public_network_access(true)), ["public_network_access"]);
        let profile =
            |least, most| public().profile(WorkloadProfile::dedicated("b", "D4", least, most));
        assert_eq!(refused(profile(0, 1)), none);
        assert_eq!(refused(profile(2, 1)), ["profiles"]);
        assert_eq!(refused(profile(0, 0)), ["profiles"]);
    }
}
