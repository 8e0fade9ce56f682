//! A secret goes into a setting as a vault reference: `secret_setting`.
use xat_infra::azure::prelude::*;

fn main() {
    let mut stack = Stack::new("demo");
    let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
    let net = stack.add(VirtualNetwork::new(name!("demo-net"), group, cidr!("10.20.0.0/16")));
    let registry = stack.add(ContainerRegistry::standard(name!("demoimages"), group));
    let plan = stack.add(AppServicePlan::linux(name!("demo-plan"), group, PlanSku::P1v3));
    let image = ContainerImage::tag(registry, "demo", tag!("1.0"));
    let app = WebApp::container(name!("demo-web"), group, plan, image);
    let _ = app.setting("DB_PASSWORD", Secret::generated("db"));
}
