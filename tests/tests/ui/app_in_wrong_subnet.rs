//! An application joins a subnet that is handed to App Service, not one of the database's.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16")));
    let registry = stack.add(ContainerRegistry::standard(name!("demoimages"), group));
    let plan = stack.add(AppServicePlan::linux(name!("demo-plan"), group, PlanSku::P1v3));
    let image = ContainerImage::tag(registry, "demo", tag!("1.0"));
    let app = WebApp::container(name!("demo-web"), group, plan, image);
    let data = Subnet::delegated_to(PostgresFlexibleServers, name!("data"), net, cidr!("10.20.2.0/24"));
    let data = stack.add(data);
    let _ = app.integrate(data);
}
