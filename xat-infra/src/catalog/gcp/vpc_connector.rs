//! Serverless VPC connectors: machines through which services without a network of their own reach one.

use crate::dsl::{Cidr, Meta, Name, Ref, Stack};
use crate::gcp::{Location, Network, PROVIDER, Subnetwork};
use crate::schema::CheckContext;
use crate::value::{NodeRef, Text, Value};
use crate::{Choice, Resource, cidr, name};

/// A serverless VPC connector. Cloud Run reaches a network without one, by
/// [`RunVpcAccess::direct`](crate::gcp::RunVpcAccess::direct).
#[derive(Resource)]
#[resource(
    provider = PROVIDER,
    rest = "vpcaccess.googleapis.com/Connector@v1",
    id = "//vpcaccess.googleapis.com/projects/{gcp.project}/locations/{region}/connectors/{name}",
    terraform = "google_vpc_access_connector",
    label = "VPC connector",
    scope = Root,
    check = limits,
    source = "https://cloud.google.com/vpc/docs/reference/vpcaccess/rest/v1/projects.locations.connectors"
)]
#[output(state: Text, rest = "state", tf = "state", doc = "Whether it works.")]
pub struct VpcConnector {
    /// The connector's name, unique in its project and region: less than 21 characters, where a hyphen counts twice.
    #[name(
        len = 1..=20, chars = lower_alphanumeric, and = "-", start = Letter, end = Alphanumeric,
        source = "https://cloud.google.com/vpc/docs/configure-serverless-vpc-access#create-connector"
    )]
    name: Name<Self>,
    /// The region.
    #[prop(tf = "region", parameter = "gcp.region", replace)]
    region: Option<Location>,
    /// The network, where the connector has a range of its own.
    #[prop(rest = "network", tf = "network", via = "name", replace, danger = Downtime)]
    network: Option<Ref<Network>>,
    /// The range of its own, a /28 that nothing else in the network uses.
    #[prop(rest = "ipCidrRange", tf = "ip_cidr_range", label = "range", replace, danger = Downtime)]
    range: Option<Cidr>,
    /// The subnet that it is in, a /28 that nothing else uses.
    #[prop(rest = "subnet.name", tf = "subnet.name", via = "name", replace, danger = Downtime)]
    subnet: Option<Ref<Subnetwork>>,
    /// The project of the subnet, where that is another.
    #[prop(rest = "subnet.projectId", tf = "subnet.project_id", replace, danger = Downtime)]
    subnet_project: Option<Text>,
    /// The machines that it is made of.
    #[prop(rest = "machineType", tf = "machine_type", service = ConnectorMachine::E2Micro, danger = Cost)]
    machine: Option<ConnectorMachine>,
    /// The fewest machines: 2 to 9.
    #[prop(rest = "minInstances", tf = "min_instances", label = "fewest machines", danger = Cost)]
    least_instances: Option<u8>,
    /// The most machines: 3 to 10. It does not shrink by itself.
    #[prop(rest = "maxInstances", tf = "max_instances", label = "most machines", danger = Cost)]
    most_instances: Option<u8>,
    /// The least throughput in Mbit/s, in hundreds: 200 to 900. Google prefers numbers of machines.
    #[prop(rest = "minThroughput", tf = "min_throughput", unit = "Mbit/s", replace, danger = Cost)]
    least_throughput: Option<u16>,
    /// The most throughput in Mbit/s, in hundreds: 300 to 1000. Google prefers numbers of machines.
    #[prop(rest = "maxThroughput", tf = "max_throughput", unit = "Mbit/s", replace, danger = Cost)]
    most_throughput: Option<u16>,
    meta: Meta,
}

impl VpcConnector {
    /// A connector with a range of its own (a /28) in a network.
    #[track_caller]
    #[must_use]
    pub fn in_range(name: Name<Self>, network: impl Into<Ref<Network>>, range: Cidr) -> Self {
        Self::new(name).network(network).range(range)
    }

    /// A connector in a subnet (a /28).
    #[track_caller]
    #[must_use]
    pub fn in_subnet(name: Name<Self>, subnet: impl Into<Ref<Subnetwork>>) -> Self {
        Self::new(name).subnet(subnet)
    }

    /// Between so many and so many machines.
    #[track_caller]
    #[must_use]
    pub fn instances(self, least: u8, most: u8) -> Self {
        self.least_instances(least).most_instances(most)
    }
}

/// The machines that a connector is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum ConnectorMachine {
    /// The smallest.
    #[choice("f1-micro")]
    F1Micro,
    /// Small ones.
    #[choice("e2-micro")]
    E2Micro,
    /// Large ones.
    #[choice("e2-standard-4")]
    E2Standard4,
}

fn limits(check: &mut CheckContext<'_>) {
    let source = "https://cloud.google.com/vpc/docs/configure-serverless-vpc-access";
    check.range("least_instances", 2..=9, source);
    check.range("most_instances", 3..=10, source);
    check.range("least_throughput", 200..=900, source);
    check.range("most_throughput", 300..=1000, source);
    let said = |property| check.get(property).is_some();
    let mut found: Vec<(&'static str, String)> = Vec::new();
    if check.text("name").is_some_and(|name| name.len() + name.matches('-').count() > 20) {
        let what = "its name has 21 characters or more, where a hyphen counts twice";
        found.push(("name", what.to_owned()));
    }
    let of_own = said("network") && said("range");
    if of_own == said("subnet") || said("network") != said("range") {
        let what = "a connector is in a subnet, or has a network and a range of its own";
        found.push((if said("subnet") { "subnet" } else { "range" }, what.to_owned()));
    }
    let range = check.text("range").and_then(|range| range.parse::<Cidr>().ok());
    if let Some(range) = range.filter(|range| range.prefix() != 28) {
        found.push(("range", format!("{range} is no /28")));
    }
    let number = |property| check.get(property).and_then(Value::as_int);
    for (least, most) in
        [("least_instances", "most_instances"), ("least_throughput", "most_throughput")]
    {
        if let (Some(few), Some(many)) = (number(least), number(most))
            && few >= many
        {
            found.push((least, format!("{few} at least are not fewer than {many} at most")));
        }
    }
    for (property, problem) in found {
        check.report(property, problem, format!("the provider's reference: {source}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let network = stack.add(Network::new(name!("shop")));
    let subnet = Subnetwork::new(name!("connectors"), network, cidr!("10.8.1.0/28"));
    let subnet = stack.add(subnet);
    stack.add(VpcConnector::in_subnet(name!("shop-jobs"), subnet).instances(2, 3));
    let connector = VpcConnector::in_range(name!("shop-run"), network, cidr!("10.8.0.0/28"))
        .region(Location::EUROPE_WEST4)
        .machine(ConnectorMachine::E2Standard4)
        .instances(2, 4);
    stack.add(connector).node()
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::refused;
    use crate::gcp::prelude::*;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let network = || Ref::<Network>::existing("projects/p/global/networks/n");
        let subnet = || Ref::<Subnetwork>::existing("projects/p/regions/r/subnetworks/s");
        let in_range = |range| VpcConnector::in_range(name!("run"), network(), range);
        let one = || in_range(cidr!("10.8.0.0/28"));
        assert_eq!(refused(one().instances(2, 10)), [""; 0]);
        assert_eq!(refused(VpcConnector::in_subnet(name!("run"), subnet())), [""; 0]);
        assert_eq!(refused(in_range(cidr!("10.8.0.0/27"))), ["range"]);
        assert_eq!(refused(VpcConnector::new(name!("run"))), ["range"]);
        assert_eq!(refused(VpcConnector::new(name!("run")).network(network())), ["range"]);
        assert_eq!(refused(one().subnet(subnet())), ["subnet"]);
        assert_eq!(refused(one().instances(1, 3)), ["least_instances"]);
        assert_eq!(refused(one().instances(2, 11)), ["most_instances"]);
        assert_eq!(refused(one().instances(5, 5)), ["least_instances"]);
        assert_eq!(refused(one().least_throughput(100)), ["least_throughput"]);
        let long = VpcConnector::in_subnet(name!("a-b-c-d-e-f-g-h-i"), subnet());
        assert_eq!(refused(long), ["name"]);
    }
}
