//! Rules of network security groups as resources of their own.

use crate::azure::common::NAMELESS;
use crate::azure::security_rule::{RULES, problems_of};
use crate::azure::{
    Direction, NetworkSecurityGroup, Protocol, Region, ResourceGroup, RulesApart, SecurityRule,
};
use crate::dsl::{AnyRef, Meta, Name, Ref, Stack};
use crate::schema::{CheckContext, Saying};
use crate::value::{NodeRef, Value};
use crate::{Resource, cidr, name};

/// A rule of a security group whose rules are declared apart from it, for groups that several stacks add to.
///
/// A group that has its rules inside takes none from elsewhere:
///
/// ```compile_fail,E0277
/// use xat_infra::azure::prelude::*;
/// let mut stack = Stack::new("demo");
/// let group = stack.add(ResourceGroup::new(name!("demo-rg"), Region::WestEurope));
/// let filter = stack.add(NetworkSecurityGroup::new(name!("demo-nsg"), group));
/// let rest = SecurityRule::deny("rest", Direction::Inbound, 4096);
/// let rule = NetworkSecurityRule::new(filter, rest);
/// ```
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/networkSecurityGroups/securityRules@2025-09-01",
    terraform = "azurerm_network_security_rule",
    scope = Child,
    one_by_one,
    label = "security rule",
    private_new,
    import = say,
    tf_ancestor(attr = "resource_group_name", arm = "Microsoft.Resources/resourceGroups", output = "name"),
    check = limits,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/networksecuritygroups/securityrules"
)]
pub struct NetworkSecurityRule {
    /// The rule's name, unique in its group.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The security group that it belongs to.
    #[prop(tf = "network_security_group_name", tf_ref = "name", parent)]
    group: Ref<NetworkSecurityGroup<RulesApart>>,
    /// The rule itself.
    #[prop(arm = "", tf = "", codec = NAMELESS, danger = Exposure)]
    rule: SecurityRule,
    meta: Meta,
}

impl NetworkSecurityRule {
    /// A rule of a group, under the rule's own name.
    #[track_caller]
    #[must_use]
    pub fn new(
        group: impl Into<Ref<NetworkSecurityGroup<RulesApart>>>,
        rule: SecurityRule,
    ) -> Self {
        let name = Name::new(rule.name().unwrap_or_default());
        Self::declare_new(name, group, rule)
    }
}

fn say(declared: &mut Saying<'_>) {
    declared.construct("NetworkSecurityRule::new", &["group", "rule"]);
    declared.settle(&["name"]);
}

fn limits(check: &mut CheckContext<'_>) {
    let Some(rule) = check.get("rule").and_then(Value::as_block) else { return };
    for problem in problems_of(rule, &[]) {
        check.report("rule", problem, format!("the provider's reference: {RULES}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let filter = stack.add(NetworkSecurityGroup::with_rules_apart(name!("shop-apps-nsg"), group));
    stack.add(NetworkSecurityRule::new(
        filter,
        SecurityRule::deny("rest", Direction::Inbound, 4096),
    ));
    let frontend = AnyRef::existing(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared-rg/providers/\
         Microsoft.Network/applicationSecurityGroups/frontend",
    );
    let web = SecurityRule::allow("web", Direction::Inbound, 100)
        .protocol(Protocol::Tcp)
        .description("The shop's own clients")
        .from_group(frontend)
        .to(cidr!("10.30.1.0/24"))
        .port("443");
    stack.add(NetworkSecurityRule::new(filter, web)).node()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::refusals::refused;

    #[test]
    fn what_the_service_refuses_is_reported() {
        let group = || Ref::existing("/subscriptions/s/nsg");
        let denied = |at| SecurityRule::deny("rest", Direction::Inbound, at);
        assert_eq!(refused(NetworkSecurityRule::new(group(), denied(100))), [""; 0]);
        assert_eq!(refused(NetworkSecurityRule::new(group(), denied(99))), ["rule"]);
    }
}
