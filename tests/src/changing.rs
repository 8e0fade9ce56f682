//! A stack that changes from step to step: what Terraform must do about each change is said in `tests/terraform/changes.py`.

use xat_infra::azure::prelude::*;
use xat_infra::diagnostic::Diagnostic;
use xat_infra::graph::{self, Graph};

/// Each step of the stack, by name.
///
/// # Errors
/// A step is no graph.
pub fn steps() -> Result<Vec<(String, Graph)>, Vec<Diagnostic>> {
    let steps = [
        ("first", first()),
        ("renamed", renamed()),
        ("forgotten", forgotten()),
        ("changed", changed()),
    ];
    steps.into_iter().map(|(name, stack)| Ok((name.to_owned(), graph::build(stack)?))).collect()
}

fn blank() -> Stack {
    Stack::new("shop")
        .subscription("5a1e0000-0000-4000-8000-000000000001")
        .tenant("5a1e0000-0000-4000-8000-000000000002")
}

/// What never changes, and what the rest refers to.
fn network(stack: &mut Stack) -> (Handle<ResourceGroup>, Handle<VirtualNetwork>) {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let net = VirtualNetwork::new(name!("shop-vnet"), group, cidr!("10.30.0.0/16"));
    (group, stack.add(net))
}

fn address(group: Handle<ResourceGroup>, owner: &'static str) -> PublicIpAddress {
    let address = PublicIpAddress::new(name!("front"), group).create_before_destroy();
    address.tag("owner", owner).ignore(PublicIpAddress::TAGS)
}

/// Everything under its first name.
fn first() -> Stack {
    let mut stack = blank();
    let (group, net) = network(&mut stack);
    let guard = stack.add(NetworkSecurityGroup::new(name!("guard"), group).key("old-guard"));
    stack.component("web", |stack| {
        let subnet = Subnet::new(name!("app"), net, cidr!("10.30.1.0/24"));
        stack.add(subnet.network_security_group(guard).key("front"));
    });
    stack.add(address(group, "a"));
    stack.add(KeyVault::new(name!("shop-kv"), group));
    stack
}

/// The same with two resources under other keys.
fn renamed() -> Stack {
    let mut stack = blank();
    let (group, net) = network(&mut stack);
    let guard = stack.add(NetworkSecurityGroup::new(name!("guard"), group).was("old-guard"));
    stack.component("web", |stack| {
        let subnet = Subnet::new(name!("app"), net, cidr!("10.30.1.0/24"));
        stack.add(subnet.network_security_group(guard).was("front"));
    });
    stack.add(address(group, "a"));
    stack.add(KeyVault::new(name!("shop-kv"), group));
    stack
}

/// The vault and the subnet are no longer the stack's, and stay.
fn forgotten() -> Stack {
    let mut stack = blank();
    let (group, _) = network(&mut stack);
    stack.add(NetworkSecurityGroup::new(name!("guard"), group));
    stack.add(address(group, "a"));
    stack.forget("key_vault.shop-kv");
    stack.forget("web/subnet.app");
    stack
}

/// The address has tags that the stack leaves to others, and is in another zone: it is made anew before the old one goes.
fn changed() -> Stack {
    let mut stack = blank();
    let (group, _) = network(&mut stack);
    stack.add(NetworkSecurityGroup::new(name!("guard"), group));
    stack.add(address(group, "b").zones(["1"]));
    stack
}
