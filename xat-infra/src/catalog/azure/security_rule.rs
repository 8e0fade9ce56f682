//! Rules of network security groups: what passes, from where, to where.

use crate::azure::RuleAction;
use crate::azure::common::said;
use crate::dsl::AnyRef;
use crate::schema::codecs::ID_OBJECTS;
use crate::schema::{Saying, Set, canons};
use crate::value::{Fields, Text, Value};
use crate::{Block, Choice};

/// A rule of a network security group.
///
/// One that allows says from where, to which port; one that denies covers all that it does not narrow:
///
/// ```
/// use xat_infra::azure::prelude::*;
/// let web = SecurityRule::allow("web", Direction::Inbound, 100).from("VirtualNetwork").port("443");
/// let rest = SecurityRule::deny("rest", Direction::Inbound, 4096);
/// ```
#[derive(Clone, Block)]
#[block(private_new, import = say_rule)]
pub struct SecurityRule {
    /// The rule's name, unique in its group.
    #[prop(arm = "name", tf = "name", canon = canons::CASE)]
    name: Text,
    /// Which traffic it judges.
    #[prop(arm = "properties.direction", tf = "direction")]
    direction: Direction,
    /// Its place in the order, unique in its direction: 100 to 4096, the lowest first.
    #[prop(arm = "properties.priority", tf = "priority", danger = Exposure)]
    priority: u16,
    /// Whether what fits passes.
    #[prop(arm = "properties.access", tf = "access", exposes = RuleAction::Allow)]
    access: RuleAction,
    /// The protocol that it judges: TCP in rules that allow and any in rules that deny, unless said.
    #[prop(arm = "properties.protocol", tf = "protocol", default = Protocol::Any, exposes = Protocol::Any)]
    protocol: Protocol,
    /// What the rule is for, in at most 140 characters.
    #[prop(arm = "properties.description", tf = "description", danger = Cosmetic)]
    description: Option<Text>,
    /// Where the traffic comes from: a range, a service tag or `*`.
    #[prop(arm = "properties.sourceAddressPrefix", tf = "source_address_prefix", canon = canons::CIDR,
        danger = Exposure, exposes = Text::from("*"), no_setter)]
    source: Option<Text>,
    /// Where the traffic comes from, when it is several ranges.
    #[prop(arm = "properties.sourceAddressPrefixes", tf = "source_address_prefixes", canon = canons::CIDR,
        danger = Exposure, no_setter)]
    sources: Option<Set<Text>>,
    /// Application security groups that the traffic comes from.
    #[prop(arm = "properties.sourceApplicationSecurityGroups", tf = "source_application_security_group_ids",
        codec = ID_OBJECTS, danger = Exposure, each = "from_group")]
    source_groups: Option<Set<AnyRef>>,
    /// The port that the traffic is sent from: a number, a range or `*`.
    #[prop(arm = "properties.sourcePortRange", tf = "source_port_range", no_setter)]
    source_port: Option<Text>,
    /// The ports that the traffic is sent from, when they are several.
    #[prop(arm = "properties.sourcePortRanges", tf = "source_port_ranges", no_setter)]
    source_ports: Option<Set<Text>>,
    /// Where the traffic goes: a range, a service tag or `*`.
    #[prop(arm = "properties.destinationAddressPrefix", tf = "destination_address_prefix", canon = canons::CIDR,
        danger = Exposure, no_setter)]
    destination: Option<Text>,
    /// Where the traffic goes, when it is several ranges.
    #[prop(arm = "properties.destinationAddressPrefixes", tf = "destination_address_prefixes",
        canon = canons::CIDR, danger = Exposure, no_setter)]
    destinations: Option<Set<Text>>,
    /// Application security groups that the traffic goes to.
    #[prop(arm = "properties.destinationApplicationSecurityGroups",
        tf = "destination_application_security_group_ids", codec = ID_OBJECTS, danger = Exposure, each = "to_group")]
    destination_groups: Option<Set<AnyRef>>,
    /// The port that the traffic goes to: a number, a range or `*`.
    #[prop(arm = "properties.destinationPortRange", tf = "destination_port_range", danger = Exposure,
        exposes = Text::from("*"), no_setter)]
    destination_port: Option<Text>,
    /// The ports that the traffic goes to, when they are several.
    #[prop(arm = "properties.destinationPortRanges", tf = "destination_port_ranges", danger = Exposure, no_setter)]
    destination_ports: Option<Set<Text>>,
}

impl SecurityRule {
    /// The rule's name, where it is known now.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.literal()
    }

    /// A rule that lets TCP traffic through. Say with `from` and `port` (or `ports`) which.
    #[must_use]
    pub fn allow(name: impl Into<Text>, direction: Direction, priority: u16) -> Self {
        Self::of(name, direction, priority, RuleAction::Allow).protocol(Protocol::Tcp)
    }

    /// A rule that turns traffic away: all of it, unless narrowed.
    #[must_use]
    pub fn deny(name: impl Into<Text>, direction: Direction, priority: u16) -> Self {
        let mut rule = Self::of(name, direction, priority, RuleAction::Deny);
        rule.source = Some(ANY.into());
        rule.destination_port = Some(ANY.into());
        rule
    }

    fn of(name: impl Into<Text>, direction: Direction, priority: u16, access: RuleAction) -> Self {
        let mut rule = Self::new(name, direction, priority, access);
        rule.source_port = Some(ANY.into());
        rule.destination = Some(ANY.into());
        rule
    }

    /// Where the traffic comes from: a range, a service tag (`VirtualNetwork`) or `*`. Said twice, it is both.
    #[must_use]
    pub fn from(mut self, prefix: impl Into<Text>) -> Self {
        add(&mut self.source, &mut self.sources, prefix.into());
        self
    }

    /// Where the traffic goes: a range, a service tag or `*` (as when nothing is said). Said twice, it is both.
    #[must_use]
    pub fn to(mut self, prefix: impl Into<Text>) -> Self {
        add(&mut self.destination, &mut self.destinations, prefix.into());
        self
    }

    /// The port that the traffic goes to: a number, a range (`8000-8100`) or `*`. Said twice, it is both.
    #[must_use]
    pub fn port(mut self, port: impl Into<Text>) -> Self {
        add(&mut self.destination_port, &mut self.destination_ports, port.into());
        self
    }

    /// The ports that the traffic goes to, beside those already said.
    #[must_use]
    pub fn ports<P: Into<Text>>(self, ports: impl IntoIterator<Item = P>) -> Self {
        ports.into_iter().fold(self, Self::port)
    }

    /// The port that the traffic is sent from (any, unless said), which senders choose as they like.
    #[must_use]
    pub fn sent_from_port(mut self, port: impl Into<Text>) -> Self {
        add(&mut self.source_port, &mut self.source_ports, port.into());
        self
    }
}

/// Where traffic comes from and goes to is said by calls that fill a field for one value or one for several.
fn say_rule(rule: &mut Saying<'_>) {
    let allow = rule.reads("access", "Allow");
    let constructor = if allow { "SecurityRule::allow" } else { "SecurityRule::deny" };
    if !rule.construct(constructor, &["name", "direction", "priority"]) {
        return;
    }
    rule.settle(&["access"]);
    rule.implies("protocol", if allow { Protocol::Tcp.word() } else { Protocol::Any.word() });
    for (one, many, call, assumed) in [
        ("source", "sources", "from", !allow),
        ("source_port", "source_ports", "sent_from_port", true),
        ("destination", "destinations", "to", true),
        ("destination_port", "destination_ports", "port", !allow),
    ] {
        let several = rule.each(many).unwrap_or_default();
        let calls = |values: &[String]| -> String {
            values.iter().map(|value| format!(".{call}({value})")).collect()
        };
        match (rule.expression(one), several.len()) {
            // Each field alone; a list of one value has no call of its own.
            (Some(value), 0) if assumed && rule.text(one) == Some(ANY) => {
                let _ = value;
                rule.settle(&[one, many]);
            }
            (Some(value), 0) => rule.call(calls(&[value]), &[one, many]),
            (None, 2..) => rule.call(calls(&several), &[one, many]),
            (None, 0) if !assumed => rule.settle(&[one, many]),
            // Said or not, it would be another: the description finds no setter, and the rule is said raw.
            (None, 0) => rule.implies(one, ANY),
            _ => {}
        }
    }
}

/// What stands for every address or port.
const ANY: &str = "*";

/// Azure has one field for a single value and another for several, and takes only one of the two.
fn add(one: &mut Option<Text>, many: &mut Option<Set<Text>>, value: Text) {
    match (one.take(), many.as_mut()) {
        (_, Some(many)) => many.extend([value]),
        (Some(first), None) if first.literal() != Some(ANY) => {
            *many = Some(Set(vec![first, value]));
        }
        _ => *one = Some(value),
    }
}

/// Which traffic a rule judges.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum Direction {
    /// Into the subnet.
    Inbound,
    /// Out of the subnet.
    Outbound,
}

/// A protocol that a rule judges.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Choice)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP.
    Icmp,
    /// The encrypted payload of IPsec.
    Esp,
    /// The authentication header of IPsec.
    Ah,
    /// Every protocol.
    #[choice("*")]
    Any,
}

pub(super) const RULES: &str = "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules";

/// What the service would refuse in a rule that stands after `before`.
pub(super) fn problems_of(rule: &Fields, before: &[&Fields]) -> Vec<String> {
    let text = |rule: &Fields, property| {
        said::<SecurityRule>(rule, property).and_then(Value::as_str).map(str::to_owned)
    };
    let priority = |rule: &Fields| said::<SecurityRule>(rule, "priority").and_then(Value::as_int);
    let name = text(rule, "name").unwrap_or_default();
    let mut found = Vec::new();
    if let Some(priority) = priority(rule).filter(|p| !(100..=4096).contains(p)) {
        found.push(format!("the priority of `{name}`, {priority}, is outside 100 to 4096"));
    }
    let same_place = |other: &&&Fields| {
        priority(other) == priority(rule) && text(other, "direction") == text(rule, "direction")
    };
    if let Some(other) = before.iter().find(same_place).and_then(|other| text(other, "name")) {
        found.push(format!("`{name}` has the direction and the priority of `{other}`"));
    }
    for (what, ways) in [
        ("where the traffic comes from (`.from(..)`)", &["source", "sources", "source_groups"][..]),
        (
            "where the traffic goes (`.to(..)`)",
            &["destination", "destinations", "destination_groups"],
        ),
        (
            "a port that the traffic goes to (`.port(..)`)",
            &["destination_port", "destination_ports"],
        ),
    ] {
        if ways.iter().all(|way| said::<SecurityRule>(rule, way).is_none()) {
            found.push(format!("`{name}` does not say {what}"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::PropertyType;

    fn problems(rules: &[SecurityRule]) -> Vec<String> {
        let blocks: Vec<Value> = rules.iter().cloned().map(PropertyType::into_value).collect();
        let rules: Vec<&Fields> = blocks.iter().filter_map(Value::as_block).collect();
        let each = rules.iter().enumerate().map(|(i, rule)| problems_of(rule, &rules[..i]));
        each.flatten().collect()
    }

    #[test]
    fn what_the_service_refuses_is_reported() {
        let inbound = |name: &'static str, at| SecurityRule::deny(name, Direction::Inbound, at);
        assert_eq!(problems(&[inbound("a", 100), inbound("b", 4096)]), Vec::<String>::new());
        let outbound = SecurityRule::deny("c", Direction::Outbound, 100);
        assert_eq!(problems(&[inbound("a", 100), outbound]), Vec::<String>::new());
        assert_eq!(problems(&[inbound("a", 100), inbound("b", 100)]).len(), 1);
        assert_eq!(problems(&[inbound("a", 99)]).len(), 1);
        assert_eq!(problems(&[SecurityRule::allow("open", Direction::Inbound, 100)]).len(), 2);
    }

    #[test]
    fn one_value_and_several_have_fields_of_their_own() {
        let rule = SecurityRule::deny("a", Direction::Inbound, 100).from("10.0.0.0/8");
        assert_eq!(rule.source.as_ref().and_then(Text::literal), Some("10.0.0.0/8"));
        let rule = rule.from("10.0.0.0/9").from("10.0.0.0/10");
        assert!(rule.source.is_none());
        assert_eq!(rule.sources.map(|many| many.0.len()), Some(3));
    }
}
