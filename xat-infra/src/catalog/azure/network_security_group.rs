//! Network security groups: which traffic may pass into and out of subnets.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use crate::azure::sayings::say_inside_or_apart;
use crate::azure::security_rule::{RULES, problems_of};
use crate::azure::{Direction, Protocol, Region, ResourceGroup, SecurityRule};
use crate::dsl::{Meta, Name, OfType, Ref, Stack};
use crate::schema::{CheckContext, Fact, Saying, Set};
use crate::value::{Fields, NodeRef, Text, Value};
use crate::{Resource, cidr, name};

/// A network security group.
///
/// Its list of rules is the whole list: a rule that someone else adds shows as a change. Azure's own rules stay below
/// it (traffic inside the network passes, everything else inbound is turned away). A group whose rules are resources of
/// their own, so that several stacks can each add some, is another type: nothing can be declared twice.
#[derive(Resource)]
#[resource(
    arm = "Microsoft.Network/networkSecurityGroups@2025-09-01",
    terraform = "azurerm_network_security_group",
    private_new,
    import = say,
    check = limits,
    fact = Fact::Logs,
    source = "https://learn.microsoft.com/azure/templates/microsoft.network/networksecuritygroups"
)]
pub struct NetworkSecurityGroup<R: RuleKeeping = RulesInside> {
    /// The group's name, unique in its resource group.
    #[name(
        len = 1..=80, chars = alphanumeric, and = "-_.", end = Word,
        source = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftnetwork"
    )]
    name: Name<Self>,
    /// The group that holds it.
    #[prop(tf = "resource_group_name", tf_ref = "name", parent)]
    group: Ref<ResourceGroup>,
    /// The region; the group's, unless said.
    #[prop(arm = "location", tf = "location", inherited, replace)]
    location: Option<Region>,
    /// The rules; lower priorities are asked first, and the first that fits decides.
    #[prop(arm = "properties.securityRules", tf = "security_rule", key = "name", service = Set::default(),
        tf_object("access", "description", "destination_address_prefix",
            "destination_address_prefixes", "destination_application_security_group_ids", "destination_port_range",
            "destination_port_ranges", "direction", "name", "priority", "protocol", "source_address_prefix",
            "source_address_prefixes", "source_application_security_group_ids", "source_port_range", "source_port_ranges"),
        danger = Exposure, each = "rule", only = "RulesInside")]
    rules: Option<Set<SecurityRule>>,
    /// Whether a change of rules also ends the connections that the new rules would refuse.
    #[prop(arm = "properties.flushConnection", service = false)]
    flush_connections: Option<bool>,
    /// Labels for people and for cost reports.
    #[prop(arm = "tags", tf = "tags", tags, danger = Cosmetic, each = "tag")]
    tags: Option<BTreeMap<String, Text>>,
    keeping: PhantomData<R>,
    meta: Meta,
}

/// Where a group's rules are declared, as a type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say where a security group's rules are",
    label = "neither of the two",
    note = "they are inside the group (`RulesInside`) or resources of their own (`RulesApart`)"
)]
pub trait RuleKeeping: 'static {}

/// The rules are declared with the group.
#[derive(Clone, Copy, Debug)]
pub struct RulesInside;

/// The rules are resources of their own: [`NetworkSecurityRule`](crate::azure::NetworkSecurityRule).
#[derive(Clone, Copy, Debug)]
pub struct RulesApart;

impl RuleKeeping for RulesInside {}
impl RuleKeeping for RulesApart {}

// A subnet takes either.
#[diagnostic::do_not_recommend]
impl OfType<NetworkSecurityGroup> for NetworkSecurityGroup<RulesApart> {}

impl NetworkSecurityGroup<RulesInside> {
    /// A group with no rules but Azure's own; [`rule`](Self::rule) adds some.
    #[track_caller]
    #[must_use]
    pub fn new(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        let mut declared = Self::declare_new(name, group);
        declared.rules = Some(Set::default());
        declared
    }
}

impl NetworkSecurityGroup<RulesApart> {
    /// A group whose rules are resources of their own. Rules that nobody declares are left alone.
    #[track_caller]
    #[must_use]
    pub fn with_rules_apart(name: Name<Self>, group: impl Into<Ref<ResourceGroup>>) -> Self {
        Self::declare_new(name, group)
    }
}

/// Rules that are written as resources of their own are not inside the group.
fn say(group: &mut Saying<'_>) {
    let inside = ("RulesInside", "NetworkSecurityGroup::new");
    let apart = ("RulesApart", "NetworkSecurityGroup::with_rules_apart");
    say_inside_or_apart::<SecurityRule>(group, "rules", "securityRules", inside, apart);
}

fn limits(check: &mut CheckContext<'_>) {
    let Some(Value::List(rules)) = check.get("rules") else { return };
    let rules: Vec<&Fields> = rules.iter().filter_map(Value::as_block).collect();
    let problems: Vec<String> = rules
        .iter()
        .enumerate()
        .flat_map(|(i, rule)| problems_of(rule, rules.get(..i).unwrap_or_default()))
        .collect();
    for problem in problems {
        check.report("rules", problem, format!("the provider's reference: {RULES}"));
    }
}

/// The example in the reference page.
pub(crate) fn example(stack: &mut Stack) -> NodeRef {
    let group = stack.add(ResourceGroup::new(name!("shop-rg"), Region::WestEurope));
    let web = SecurityRule::allow("web", Direction::Inbound, 100)
        .description("The shop's own clients")
        .from(cidr!("10.40.0.0/16"))
        .from(cidr!("10.41.0.0/16"))
        .to(cidr!("10.30.1.0/24"))
        .ports(["80", "443"]);
    let names = SecurityRule::allow("names", Direction::Outbound, 100)
        .protocol(Protocol::Udp)
        .from("VirtualNetwork")
        .to("10.30.0.4")
        .port("53");
    let rest = SecurityRule::deny("rest", Direction::Inbound, 4096);
    let filter = NetworkSecurityGroup::new(name!("shop-apps-nsg"), group)
        .rules([web, names])
        .rule(rest)
        .flush_connections(true)
        .tag("owner", "platform");
    stack.add(filter).node()
}
