//! The network: one range cut into subnets, each with rules about who may talk to whom, and one way out.
//!
//! | subnet | what is in it | who may call it | whom it may call |
//! |---|---|---|---|
//! | `apps` | what applications send | nobody | the database's pooler, private endpoints, names, HTTPS on the internet |
//! | `data` | the database | applications (the pooler), jobs and people (the server itself) | its standby, storage, the directory |
//! | `endpoints` | private endpoints | applications, jobs and people, by HTTPS | nobody |
//! | `jobs` | what runs by the clock | nobody | the database itself, private endpoints, names, what Container Apps needs |
//! | `names` | the resolver | the network and people, for names | Azure |
//! | `GatewaySubnet` | the VPN gateway | people who dial in | the network |

use std::net::IpAddr;

use xat_infra::azure::prelude::*;

use super::monitoring::Monitoring;
use super::naming::Naming;

/// What the network is made from.
pub struct NetworkInputs {
    /// How its resources are called.
    pub naming: Naming,
    /// The group that holds it.
    pub group: Handle<ResourceGroup>,
    /// Its whole range, a /16 or larger. The subnets are cut from its start and its end.
    pub range: Cidr,
    /// The addresses that people have who dial in.
    pub clients: Cidr,
}

/// What the other components need of the network.
pub struct Network {
    /// The network itself.
    pub network: Handle<VirtualNetwork>,
    /// Where applications' outgoing traffic enters the network.
    pub apps: Handle<Subnet<WebServerFarms>>,
    /// Where databases live.
    pub data: Handle<Subnet<PostgresFlexibleServers>>,
    /// Where private endpoints live.
    pub endpoints: Handle<Subnet>,
    /// Where jobs run.
    pub jobs: Handle<Subnet<ContainerEnvironments>>,
    /// Where the resolver answers.
    pub names: Handle<Subnet<DnsResolvers>>,
    /// Where VPN gateways live.
    pub gateways: Handle<Subnet<Gateways>>,
    /// The address that the whole network asks for names.
    pub name_server: IpAddr,
    /// The security groups, for whoever keeps their logs.
    pub guards: [(&'static str, Handle<NetworkSecurityGroup>); 5],
    /// The way to the internet.
    pub way_out: Handle<NatGateway>,
    /// The address that the internet sees.
    pub seen_as: Handle<PublicIpAddress>,
}

/// The ranges of the subnets.
struct Ranges {
    apps: Cidr,
    data: Cidr,
    endpoints: Cidr,
    names: Cidr,
    jobs: Cidr,
    gateways: Cidr,
}

impl Ranges {
    fn of(range: Cidr) -> Self {
        // A range that is too small to be cut overlaps itself, which a rule reports.
        let cut = |prefix, index| range.subnet(prefix, index).unwrap_or(range);
        Self {
            apps: cut(24, 1),
            data: cut(24, 2),
            endpoints: cut(24, 3),
            names: cut(28, 4 * 16),
            jobs: cut(26, 5 * 4),
            gateways: cut(27, 255 * 8),
        }
    }
}

impl Network {
    /// Declares the network.
    pub fn new(stack: &mut Stack, inputs: &NetworkInputs) -> Self {
        let NetworkInputs { naming, group, range, clients } = *inputs;
        let ranges = Ranges::of(range);
        // Azure keeps the first four addresses of every subnet.
        let name_server = ranges.names.address(4).unwrap_or(IpAddr::from([0, 0, 0, 0]));
        let network = stack.add(
            VirtualNetwork::new(naming.named("vnet"), group, range)
                .dns_server(name_server.to_string()),
        );
        let guard = |stack: &mut Stack, base: &str, rules: Vec<SecurityRule>| {
            let guard = NetworkSecurityGroup::new(naming.named(base), group);
            stack.add(rules.into_iter().fold(guard, NetworkSecurityGroup::rule))
        };
        let guard_apps = guard(stack, "apps-nsg", apps_rules(&ranges));
        let guard_data = guard(stack, "data-nsg", data_rules(&ranges, clients));
        let guard_endpoints = guard(stack, "endpoints-nsg", endpoints_rules(&ranges, clients));
        let guard_jobs = guard(stack, "jobs-nsg", jobs_rules(&ranges));
        let guard_names = guard(stack, "names-nsg", names_rules(range, clients));

        // Applications call Rollbar and Azure's telemetry. The tier StandardV2 spans zones, but takes no subnet that is
        // handed to App Service.
        let seen_as = stack.add(PublicIpAddress::new(naming.named("out-ip"), group));
        let way_out = stack.add(NatGateway::new(naming.named("nat"), group, seen_as));
        let apps = stack.add(
            Subnet::delegated_to(WebServerFarms, name!("apps"), network, ranges.apps)
                .network_security_group(guard_apps)
                .nat_gateway(way_out),
        );
        let data = stack.add(
            Subnet::delegated_to(PostgresFlexibleServers, name!("data"), network, ranges.data)
                .network_security_group(guard_data),
        );
        // Without these policies the security group would pass private endpoints by.
        let endpoints = stack.add(
            Subnet::new(name!("endpoints"), network, ranges.endpoints)
                .network_security_group(guard_endpoints)
                .private_endpoint_policies(PrivateEndpointPolicies::NetworkSecurityGroupEnabled),
        );
        let jobs = stack.add(
            Subnet::delegated_to(ContainerEnvironments, name!("jobs"), network, ranges.jobs)
                .network_security_group(guard_jobs)
                .nat_gateway(way_out),
        );
        let names = stack.add(
            Subnet::delegated_to(DnsResolvers, name!("names"), network, ranges.names)
                .network_security_group(guard_names),
        );
        let gateways = stack.add(Subnet::gateways(network, ranges.gateways));
        let guards = [
            ("apps", guard_apps),
            ("data", guard_data),
            ("endpoints", guard_endpoints),
            ("jobs", guard_jobs),
            ("names", guard_names),
        ];
        Self {
            network,
            apps,
            data,
            endpoints,
            jobs,
            names,
            gateways,
            name_server,
            guards,
            way_out,
            seen_as,
        }
    }

    /// Keeps the records of the network, its security groups and its way out.
    pub fn recorded(&self, stack: &mut Stack, monitoring: &Monitoring) {
        stack.add(monitoring.records("network", self.network).all_logs().all_metrics());
        for (key, guard) in self.guards {
            stack.add(monitoring.records(&format!("{key}-nsg"), guard).all_logs());
        }
        stack.add(monitoring.records("out-ip", self.seen_as).all_logs().all_metrics());
        // Gateways of the tier Standard have measurements and no logs.
        stack.add(monitoring.records("nat", self.way_out).all_metrics());
    }
}

/// The port of everything that speaks HTTPS.
const HTTPS: &str = "443";
/// The port of everything that knows names.
const DNS: &str = "53";

fn no_more(direction: Direction) -> SecurityRule {
    SecurityRule::deny("all-else", direction, 4096)
}

fn apps_rules(ranges: &Ranges) -> Vec<SecurityRule> {
    let out =
        |name, priority| SecurityRule::allow(name, Direction::Outbound, priority).from(ranges.apps);
    vec![
        out("pooler", 100).to(ranges.data).port(PgDatabase::POOLER_PORT),
        out("private-endpoints", 110).to(ranges.endpoints).port(HTTPS),
        out("names", 120).to(ranges.names).port(DNS).protocol(Protocol::Any),
        out("https-on-the-internet", 130).to("Internet").port(HTTPS),
        no_more(Direction::Outbound),
    ]
}

fn data_rules(ranges: &Ranges, clients: Cidr) -> Vec<SecurityRule> {
    let inward =
        |name, priority| SecurityRule::allow(name, Direction::Inbound, priority).to(ranges.data);
    let out =
        |name, priority| SecurityRule::allow(name, Direction::Outbound, priority).from(ranges.data);
    let ports = [PgDatabase::PORT, PgDatabase::POOLER_PORT];
    vec![
        inward("pooler-from-apps", 100).from(ranges.apps).port(PgDatabase::POOLER_PORT),
        inward("postgres-from-clients", 110).from(clients).port(PgDatabase::PORT),
        inward("postgres-from-jobs", 115).from(ranges.jobs).port(PgDatabase::PORT),
        // The standby follows the server inside the subnet, and both keep their logs in Azure's own storage:
        // https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private
        inward("standby", 120).from(ranges.data).ports(ports),
        no_more(Direction::Inbound),
        out("storage", 100).to("Storage").port(HTTPS),
        out("directory", 110).to("AzureActiveDirectory").port(HTTPS),
        SecurityRule::deny("internet", Direction::Outbound, 4096).to("Internet"),
    ]
}

fn endpoints_rules(ranges: &Ranges, clients: Cidr) -> Vec<SecurityRule> {
    vec![
        SecurityRule::allow("https", Direction::Inbound, 100)
            .from(ranges.apps)
            .from(ranges.jobs)
            .from(clients)
            .to(ranges.endpoints)
            .port(HTTPS),
        no_more(Direction::Inbound),
    ]
}

/// What Container Apps asks of a subnet, and what a job calls there:
/// <https://learn.microsoft.com/azure/container-apps/firewall-integration>.
fn jobs_rules(ranges: &Ranges) -> Vec<SecurityRule> {
    let inward =
        |name, priority| SecurityRule::allow(name, Direction::Inbound, priority).to(ranges.jobs);
    let out =
        |name, priority| SecurityRule::allow(name, Direction::Outbound, priority).from(ranges.jobs);
    vec![
        inward("from-own-machines", 100).from(ranges.jobs).port("*").protocol(Protocol::Any),
        inward("health-of-machines", 110).from("AzureLoadBalancer").port("30000-32767"),
        SecurityRule::deny("all-else-inward", Direction::Inbound, 4096),
        out("to-own-machines", 100).to(ranges.jobs).port("*").protocol(Protocol::Any),
        out("database", 110).to(ranges.data).port(PgDatabase::PORT),
        out("private-endpoints", 120).to(ranges.endpoints).port(HTTPS),
        out("names", 130).to(ranges.names).port(DNS).protocol(Protocol::Any),
        out("directory", 140).to("AzureActiveDirectory").port(HTTPS),
        out("monitor", 150).to("AzureMonitor").port(HTTPS),
        out("system-images", 160).to("MicrosoftContainerRegistry").port(HTTPS),
        out("system-images-front", 170).to("AzureFrontDoor.FirstParty").port(HTTPS),
        no_more(Direction::Outbound),
    ]
}

fn names_rules(network: Cidr, clients: Cidr) -> Vec<SecurityRule> {
    vec![
        SecurityRule::allow("names", Direction::Inbound, 100)
            .from(network)
            .from(clients)
            .port(DNS)
            .protocol(Protocol::Any),
        no_more(Direction::Inbound),
    ]
}
